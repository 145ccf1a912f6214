/* Passes, challenges, requests and batches as bytes. Formats read like their grammar (codec/wire.h). */
#include "anon/token.h"

#include <assert.h>
#include <string.h>

#include "base/words.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "codec/wire.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

static_assert(TOKEN_INPUT == 2 + 3 * 32 && TOKEN_SIZE == TOKEN_INPUT + TOKEN_SIG, "a pass");
static_assert(TOKEN_TEXT == TOKEN_SIZE / 3 * 4, "as text");
static_assert(TOKEN_REQUEST == 2 + 1 + TOKEN_SIG, "request and answer in a batch are of one size");
static_assert(BATCH_SIZE == 4 + PASSES * TOKEN_REQUEST, "a week");

void challenge_write(const struct challenge *c, struct buf *out)
{
    size_t n = 2 + 2 + c->issuer.n + 1 + c->context_n + 2 + c->origins.n;
    if (c->issuer.n > CHALLENGE_MOST || c->origins.n > CHALLENGE_MOST || n > CHALLENGE_MOST ||
        (c->context_n != 0 && c->context_n != 32)) {
        out->failed = out->over = true;
        return;
    }
    wire_put_u16(out, c->type);
    wire_put_block(out, 2, c->issuer);
    wire_put_block(out, 1, span_bytes(c->context, c->context_n));
    wire_put_block(out, 2, c->origins);
}

bool challenge_read(struct span bytes, struct challenge *out, struct err *err)
{
    struct challenge c = {0};
    struct span in = bytes, context;
    if (bytes.n > CHALLENGE_MOST || !wire_u16(&in, &c.type) || c.type != TOKEN_TYPE ||
        !wire_block(&in, 2, &c.issuer) || c.issuer.n == 0 || !wire_block(&in, 1, &context) ||
        (context.n != 0 && context.n != 32) || !wire_block(&in, 2, &c.origins) || !scan_end(&in))
        return fail(err, E_FORMAT,
                    tr("err.anon.challenge", "What the lab asks a pass for is not of the form passes have."));
    if (context.n > 0)
        memcpy(c.context, context.p, context.n);
    c.context_n = context.n;
    *out = c;
    return true;
}

void challenge_digest(struct span bytes, uint8_t out[static 32])
{
    hash_sha256(bytes, out);
}

bool challenge_has_origin(const struct challenge *c, struct span host)
{
    struct span rest = c->origins, one;
    for (bool more = host.n > 0; more;) {
        more = span_cut(&rest, ',', &one);
        if (span_eq_nocase(one, host))
            return true;
    }
    return false;
}

void survey_context(struct span entry, uint8_t out[static 32])
{
    hash_tagged(SPAN("respite/survey/v1\n"), entry, out);
}

void token_input(const struct token *token, uint8_t out[static TOKEN_INPUT])
{
    out[0] = TOKEN_TYPE >> 8;
    out[1] = TOKEN_TYPE & 0xff;
    memcpy(out + 2, token->nonce, 32);
    memcpy(out + 34, token->digest, 32);
    memcpy(out + 66, token->key_id, 32);
}

void token_write(const struct token *token, uint8_t out[static TOKEN_SIZE])
{
    token_input(token, out);
    memcpy(out + TOKEN_INPUT, token->sig, TOKEN_SIG);
}

bool token_read(struct span bytes, struct token *out, struct err *err)
{
    uint16_t type;
    if (bytes.n != TOKEN_SIZE || !wire_u16(&bytes, &type) || type != TOKEN_TYPE ||
        !wire_copy(&bytes, out->nonce, 32) || !wire_copy(&bytes, out->digest, 32) ||
        !wire_copy(&bytes, out->key_id, 32) || !wire_copy(&bytes, out->sig, TOKEN_SIG))
        return fail(err, E_FORMAT, tr("err.anon.token", "The pass does not have the form of one."));
    return true;
}

void token_hash(const struct token *token, uint8_t out[static 32])
{
    uint8_t bytes[TOKEN_SIZE];
    token_write(token, bytes);
    hash_sha256(span_bytes(bytes, sizeof bytes), out);
    secret_wipe(bytes, sizeof bytes);
}

void token_request_write(uint8_t key_byte, const uint8_t blinded[static TOKEN_SIG],
                         uint8_t out[static TOKEN_REQUEST])
{
    out[0] = TOKEN_TYPE >> 8;
    out[1] = TOKEN_TYPE & 0xff;
    out[2] = key_byte;
    memcpy(out + 3, blinded, TOKEN_SIG);
}

/* One request at the front of *in. */
static bool request_next(struct span *in, struct token_request *out)
{
    struct span rest = *in;
    struct token_request r;
    uint16_t type;
    if (!wire_u16(&rest, &type) || type != TOKEN_TYPE || !wire_u8(&rest, &r.key_byte) ||
        !wire_take(&rest, TOKEN_SIG, &r.blinded))
        return false;
    *in = rest;
    *out = r;
    return true;
}

static bool fail_request(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.anon.token_request", "The request for passes does not have its form."));
}

bool token_request_read(struct span bytes, uint8_t *key_byte, struct span *blinded, struct err *err)
{
    struct token_request r;
    if (!request_next(&bytes, &r) || !scan_end(&bytes))
        return fail_request(err);
    *key_byte = r.key_byte;
    *blinded = r.blinded;
    return true;
}

/* The length in front of `n` items, in its shortest form. */
static void batch_begin(size_t n, struct buf *out)
{
    assert(n >= 1 && n <= PASSES);
    wire_put_varint(out, n * TOKEN_REQUEST);
}

/* Take that length off the front; true when it has its shortest form and just `n` items follow. */
static bool batch_open(struct span *bytes, size_t n)
{
    assert(n >= 1 && n <= PASSES);
    uint64_t total;
    struct span in = *bytes;
    if (!wire_varint(&in, &total) || total != n * TOKEN_REQUEST || in.n != total ||
        bytes->n - in.n != (total < 1 << 14 ? 2 : 4))
        return false;
    *bytes = in;
    return true;
}

void batch_request_write(const struct token_request *item, size_t n, struct buf *out)
{
    batch_begin(n, out);
    for (size_t i = 0; i < n; i++) {
        uint8_t bytes[TOKEN_REQUEST];
        assert(item[i].blinded.n == TOKEN_SIG);
        token_request_write(item[i].key_byte, (const uint8_t *)item[i].blinded.p, bytes);
        buf_add(out, span_bytes(bytes, sizeof bytes));
    }
}

bool batch_request_read(struct span bytes, size_t n, struct token_request *item, struct err *err)
{
    struct token_request read[PASSES];
    bool good = batch_open(&bytes, n);
    for (size_t i = 0; good && i < n; i++)
        good = request_next(&bytes, &read[i]);
    if (!good || !scan_end(&bytes))
        return fail_request(err);
    memcpy(item, read, n * sizeof *item);
    return true;
}

void batch_response_write(const uint8_t *sig, size_t n, struct buf *out)
{
    batch_begin(n, out);
    for (size_t i = 0; i < n; i++) {
        wire_put_u8(out, 1); /* there is an answer */
        wire_put_u16(out, TOKEN_TYPE);
        buf_add(out, span_bytes(sig + i * TOKEN_SIG, TOKEN_SIG));
    }
}

bool batch_response_read(struct span bytes, size_t n, struct span *sig, struct err *err)
{
    struct span read[PASSES];
    bool good = batch_open(&bytes, n);
    for (size_t i = 0; good && i < n; i++) {
        uint8_t there;
        uint16_t type;
        good = wire_u8(&bytes, &there) && there == 1 && wire_u16(&bytes, &type) && type == TOKEN_TYPE &&
               wire_take(&bytes, TOKEN_SIG, &read[i]);
    }
    if (!good || !scan_end(&bytes))
        return fail(
            err, E_FORMAT,
            tr("err.anon.token_response", "The lab did not sign all the passes that were asked for."));
    memcpy(sig, read, n * sizeof *sig);
    return true;
}

/* A row of the directory, or NULL. */
static json_t *directory_row(const struct directory_key *key)
{
    AUTO_BUF struct buf text;
    buf_init(&text, b64_size(B64_URL, SPKI_SIZE));
    b64_add(&text, span_bytes(key->spki, SPKI_SIZE), B64_URL);
    AUTO_JSON json_t *row = json_object();
    if (text.failed || json_object_set_new(row, "token-type", json_integer(TOKEN_TYPE)) != 0 ||
        json_object_set_new(row, "token-key", json_stringn(text.p, text.n)) != 0 ||
        (key->not_before != 0 && json_object_set_new(row, "not-before", json_integer(key->not_before)) != 0))
        return NULL;
    return json_incref(row);
}

bool directory_write(const struct directory_key *keys, size_t n, struct buf *out, struct err *err)
{
    assert(n >= 1 && n <= DIRECTORY_MOST);
    AUTO_JSON json_t *o = json_object();
    json_t *rows = json_array();
    bool made = json_object_set_new(o, "issuer-request-uri", json_string("/token-request")) == 0;
    for (size_t i = 0; i < n; i++)
        made = made && json_array_append_new(rows, directory_row(&keys[i])) == 0;
    if (json_object_set_new(o, "token-keys", rows) != 0 || !made)
        return fail_memory(err);
    return json_write(o, out, err);
}

/* `row` into *out. *ours is false when it is a key of another type, which is none of our business. */
static bool directory_key_read(const json_t *row, struct directory_key *out, bool *ours, struct err *err)
{
    int64_t type;
    struct span text;
    struct directory_key key = {.not_before = 0};
    if (!json_get_int(row, "token-type", 0, UINT16_MAX, &type, err))
        return false;
    *ours = type == TOKEN_TYPE;
    if (!*ours)
        return true;
    if (!json_get_text(row, "token-key", b64_size(B64_URL, SPKI_SIZE), &text, err) ||
        (json_object_get(row, "not-before") &&
         !json_get_int(row, "not-before", 0, INT64_MAX, &key.not_before, err)))
        return false;
    if (!b64_exact(text, B64_URL, key.spki, SPKI_SIZE))
        return fail(err, E_FORMAT,
                    tr("err.anon.directory_key", "A key in the lab's list has not the form of one."));
    *out = key;
    return true;
}

bool directory_read(struct span text, struct directory_key *keys, size_t most, size_t *n, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    const json_t *rows, *row;
    struct span uri;
    size_t i, got = 0;
    if (!json_read(text, DIRECTORY_BYTES, tr("anon.directory", "The lab's list of keys"), &o, err) ||
        !json_get_text(o, "issuer-request-uri", CHALLENGE_MOST, &uri, err) ||
        !json_get_array(o, "token-keys", DIRECTORY_MOST, &rows, err))
        return false;
    json_array_foreach(rows, i, row)
    {
        struct directory_key key;
        bool ours;
        if (!directory_key_read(row, &key, &ours, err))
            return false;
        if (ours && got == most)
            return fail(err, E_LIMIT, tr("err.anon.directory_long", "The lab's list has more than %zu keys."),
                        most);
        if (ours)
            keys[got++] = key;
    }
    *n = got;
    return true;
}
