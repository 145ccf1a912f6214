/* Challenges, passes, requests, batches and directories: what is read is written again as the same bytes (the
 * directory: is read again the same), spans lie inside. */
#include "fuzz/fuzz.h"

#include "anon/token.h"

#include "base/banned.h"

static void try_challenge(struct span bytes)
{
    struct challenge c;
    struct err err = {0};
    if (!challenge_read(bytes, &c, &err)) {
        must(said(&err));
        return;
    }
    AUTO_BUF struct buf again;
    buf_init(&again, CHALLENGE_MOST);
    challenge_write(&c, &again);
    must(span_eq(buf_span(&again), bytes) && inside(c.issuer, bytes) && inside(c.origins, bytes));
    struct span rest = c.origins, one;
    span_cut(&rest, ',', &one);
    must(challenge_has_origin(&c, one) == (one.n > 0) && !challenge_has_origin(&c, SPAN("a,b")));
}

static void try_token(struct span bytes)
{
    struct token token;
    uint8_t again[TOKEN_SIZE], key;
    struct span blinded;
    if (token_read(bytes, &token, NULL)) {
        token_write(&token, again);
        must(span_eq(span_bytes(again, TOKEN_SIZE), bytes));
    }
    if (token_request_read(bytes, &key, &blinded, NULL)) {
        must(inside(blinded, bytes) && blinded.n == TOKEN_SIG);
        token_request_write(key, (const uint8_t *)blinded.p, again);
        must(span_eq(span_bytes(again, TOKEN_REQUEST), bytes));
    }
}

static void try_batches(struct span bytes, size_t n)
{
    struct token_request item[PASSES];
    struct span sig[PASSES];
    AUTO_BUF struct buf again;
    buf_init(&again, BATCH_SIZE);
    if (batch_request_read(bytes, n, item, NULL)) {
        batch_request_write(item, n, &again);
        must(span_eq(buf_span(&again), bytes) && inside(item[n - 1].blinded, bytes));
    }
    buf_reset(&again);
    if (batch_response_read(bytes, n, sig, NULL)) {
        static uint8_t all[PASSES * TOKEN_SIG];
        for (size_t i = 0; i < n; i++)
            memcpy(all + i * TOKEN_SIG, sig[i].p, TOKEN_SIG);
        batch_response_write(all, n, &again);
        must(span_eq(buf_span(&again), bytes) && inside(sig[n - 1], bytes));
    }
}

static void try_directory(struct span text)
{
    static struct directory_key keys[DIRECTORY_MOST], again[DIRECTORY_MOST];
    size_t n = 0, m = 0;
    struct err err = {0};
    if (!directory_read(text, keys, DIRECTORY_MOST, &n, &err)) {
        must(said(&err) && n == 0);
        return;
    }
    must(n <= DIRECTORY_MOST);
    if (n == 0)
        return;
    AUTO_BUF struct buf out;
    buf_init(&out, DIRECTORY_BYTES);
    must(directory_write(keys, n, &out, &err) &&
         directory_read(buf_span(&out), again, DIRECTORY_MOST, &m, &err) && m == n);
    for (size_t i = 0; i < n; i++)
        must(memcmp(keys[i].spki, again[i].spki, SPKI_SIZE) == 0 &&
             keys[i].not_before == again[i].not_before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    try_challenge(bytes);
    try_token(bytes);
    for (size_t n = 1; n <= PASSES; n++)
        try_batches(bytes, n);
    try_directory(bytes);
    return 0;
}
