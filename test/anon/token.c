/* Passes as the published vectors have them: challenge, request, answer and token byte for byte; batches and
 * the directory at their limits. */
#include "test/test.h"

#include "anon/token.h"
#include "base/mem.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "test/crypt/keys.h"

#include "base/banned.h"

/* The challenge of `one`, which is read and written as it came. */
static void challenge_of(struct span bytes, struct challenge *out)
{
    struct err err = {0};
    AUTO_BUF struct buf again;
    buf_init(&again, CHALLENGE_MOST);
    assert_ok(challenge_read(bytes, out, &err), &err);
    challenge_write(out, &again);
    assert_true(span_eq(buf_span(&again), bytes));
}

void test_token__inputs_of_rfc_9577(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("privacypass_token_input_rfc9577.json");
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        uint8_t room[4][200], input[TOKEN_INPUT];
        struct challenge c = {.type = TOKEN_TYPE}, read;
        struct token token = {0};
        AUTO_BUF struct buf bytes;
        buf_init(&bytes, CHALLENGE_MOST);
        c.issuer = vector_hex(one, "issuer_name", room[0], 200);
        c.context_n = vector_hex(one, "redemption_context", c.context, 32).n;
        c.origins = vector_hex(one, "origin_info", room[1], 200);
        challenge_write(&c, &bytes);
        challenge_of(buf_span(&bytes), &read);
        assert_true(span_eq(read.issuer, c.issuer) && span_eq(read.origins, c.origins));
        vector_hex(one, "nonce", token.nonce, 32);
        vector_hex(one, "token_key_id", token.key_id, 32);
        challenge_digest(buf_span(&bytes), token.digest);
        token_input(&token, input);
        assert_true(span_eq(bytes_span(input, TOKEN_INPUT),
                            vector_hex(one, "token_authenticator_input", room[2], 200)));
    }
    assert_int_equal(i, 5);
}

void test_token__challenges_of_another_form_are_refused(void **state)
{
    (void)state;
    static char long_one[CHALLENGE_MOST + 1];
    memcpy(long_one, "\0\2\0\1i\0\3\xf9", 8); /* well formed, and one byte too many */
    const struct span bad[] = {
        SPAN(""),
        SPAN("\0\2\0\1i\0\0"),     /* ends early */
        SPAN("\0\2\0\1i\0\0\0\0"), /* goes on */
        SPAN("\0\1\0\1i\0\0\0"),   /* type 1 */
        SPAN("\0\2\0\0\0\0\0"),    /* no issuer */
        SPAN("\0\2\0\1i\1c\0\0"),  /* context of one byte */
        SPAN("\0\2\0\1i\0\0\2o"),  /* origins cut */
        {long_one, sizeof long_one},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct challenge c = {.type = 7};
        struct err err = {0};
        assert_false(challenge_read(bad[i], &c, &err));
        assert_int_equal(err.code, E_FORMAT);
        assert_int_equal(c.type, 7);
    }
    struct challenge c = {.type = TOKEN_TYPE, .issuer = {long_one, CHALLENGE_MOST - 7}};
    AUTO_BUF struct buf out;
    buf_init(&out, 2 * CHALLENGE_MOST);
    challenge_write(&c, &out);
    assert_int_equal(out.n, CHALLENGE_MOST);
    c.issuer.n++;
    challenge_write(&c, &out);
    assert_true(out.over && out.n == CHALLENGE_MOST);
}

/* anon/foreign_origin_refused rests on this. */
void test_token__an_origin_is_found_whole_in_any_case(void **state)
{
    (void)state;
    struct challenge c = {.origins = SPAN("board.example:8443,union.example,abc.onion")};
    assert_true(challenge_has_origin(&c, SPAN("Union.EXAMPLE")));
    assert_true(challenge_has_origin(&c, SPAN("board.example:8443")));
    assert_true(challenge_has_origin(&c, SPAN("abc.onion")));
    assert_false(challenge_has_origin(&c, SPAN("board.example")));
    assert_false(challenge_has_origin(&c, SPAN("union.example,abc.onion")));
    assert_false(challenge_has_origin(&c, SPAN("n.example")));
    assert_false(challenge_has_origin(&c, SPAN("")));
    c.origins = SPAN("");
    assert_false(challenge_has_origin(&c, SPAN("board.example")));
    assert_false(challenge_has_origin(&c, SPAN("")));
}

void test_token__context_of_a_survey_is_tagged(void **state)
{
    (void)state;
    uint8_t context[32], plain[32];
    survey_context(SPAN("{\"t\":\"survey\"}"), context);
    hash_sha256(SPAN("respite/survey/v1\n{\"t\":\"survey\"}"), plain);
    assert_memory_equal(context, plain, 32);
}

/* One pass of a vector from its challenge to its token. `blinded` and `answer` take TOKEN_SIG bytes. */
static void make_pass(const json_t *one, uint8_t *key_byte, uint8_t *blinded, uint8_t *answer)
{
    uint8_t room[3][400], n[SPKI_MODULUS], input[TOKEN_INPUT], bytes[TOKEN_SIZE], hash[32], whole[32];
    struct err err = {0};
    struct brsa_public *key = NULL;
    struct brsa_signer *signer = NULL;
    struct brsa_item item;
    struct challenge c;
    struct token token, read;
    struct span challenge = vector_hex(one, "token_challenge", room[1], 400);
    challenge_of(challenge, &c);
    assert_true(spki_read(vector_hex(one, "pkS", room[0], 400), n));
    assert_ok(brsa_public_new(bytes_span(n, 256), BRSA_SALT, &key, &err), &err);
    spki_key_id(room[0], token.key_id);
    challenge_digest(challenge, token.digest);
    vector_hex(one, "nonce", token.nonce, 32);
    token_input(&token, input);
    assert_int_equal(vector_hex(one, "salt", item.salt, BRSA_SALT).n, BRSA_SALT);
    assert_int_equal(vector_hex(one, "blind", item.r, BRSA_MOST).n, 256);
    item.msg = bytes_span(input, TOKEN_INPUT);
    assert_ok(brsa_blind(key, &item, 1, &err), &err);
    *key_byte = token.key_id[31];
    memcpy(blinded, item.blinded, TOKEN_SIG);

    struct brsa_secret *secret = pass_secret(one);
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    assert_ok(brsa_sign(signer, bytes_span(blinded, 256), answer, &err), &err);
    assert_ok(brsa_finalize(key, item.msg, item.inv, bytes_span(answer, 256), token.sig, &err), &err);
    token_write(&token, bytes);
    assert_true(span_eq(bytes_span(bytes, TOKEN_SIZE), vector_hex(one, "token", room[2], 400)));
    assert_ok(token_read(bytes_span(bytes, TOKEN_SIZE), &read, &err), &err);
    assert_memory_equal(&read, &token, sizeof token);
    token_hash(&token, hash);
    hash_sha256(bytes_span(bytes, TOKEN_SIZE), whole);
    assert_memory_equal(hash, whole, 32);
    brsa_signer_free(signer);
    brsa_secret_free(secret);
    brsa_public_free(key);
}

void test_token__vectors_of_rfc_9578(void **state)
{
    (void)state;
    size_t seen = 0;
    for (int file = 0; file < 2; file++) {
        AUTO_JSON json_t *all =
            vectors_load(file ? "privacypass_type2_rfc9578_rust.json" : "privacypass_type2_rfc9578_go.json");
        size_t i;
        json_t *one;
        json_array_foreach(all, i, one)
        {
            uint8_t key, read, blinded[TOKEN_SIG], answer[TOKEN_SIG], request[TOKEN_REQUEST], room[400];
            struct span part;
            struct err err = {0};
            make_pass(one, &key, blinded, answer);
            token_request_write(key, blinded, request);
            assert_true(
                span_eq(bytes_span(request, TOKEN_REQUEST), vector_hex(one, "token_request", room, 400)));
            assert_true(span_eq(bytes_span(answer, TOKEN_SIG), vector_hex(one, "token_response", room, 400)));
            assert_ok(token_request_read(bytes_span(request, TOKEN_REQUEST), &read, &part, &err), &err);
            assert_true(read == key && span_eq(part, bytes_span(blinded, TOKEN_SIG)));
            seen++;
        }
    }
    assert_int_equal(seen, 10);
}

void test_token__other_sizes_and_types_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_SIZE + 1] = {0, TOKEN_TYPE}, key;
    struct token token;
    struct span part;
    struct err err = {0};
    assert_ok(token_read(bytes_span(bytes, TOKEN_SIZE), &token, &err), &err);
    assert_false(token_read(bytes_span(bytes, TOKEN_SIZE + 1), &token, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_false(token_read(bytes_span(bytes, TOKEN_SIZE - 1), &token, NULL));
    assert_true(token_request_read(bytes_span(bytes, TOKEN_REQUEST), &key, &part, NULL));
    assert_false(token_request_read(bytes_span(bytes, TOKEN_REQUEST + 1), &key, &part, NULL));
    assert_false(token_request_read(bytes_span(bytes, TOKEN_REQUEST - 1), &key, &part, NULL));
    bytes[1] = 1;
    assert_false(token_read(bytes_span(bytes, TOKEN_SIZE), &token, NULL));
    assert_false(token_request_read(bytes_span(bytes, TOKEN_REQUEST), &key, &part, NULL));
}

static bool all_type_2(const json_t *issuance)
{
    size_t i;
    json_t *one;
    json_array_foreach(issuance, i, one)
    {
        if (!span_is(vector_text(one, json_object_get(one, "type") ? "type" : "token_type"), "0002"))
            return false;
    }
    return true;
}

/* One batch of our type alone, made again. */
static void make_batch(const json_t *batch, const json_t *issuance)
{
    size_t k, n = json_array_size(issuance);
    uint8_t blinded[4][TOKEN_SIG], answers[4 * TOKEN_SIG], room[2000];
    struct token_request items[4], read[4];
    struct span sigs[4];
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 2000);
    json_t *one;
    assert_true(n >= 1 && n <= 4);
    json_array_foreach(issuance, k, one)
    {
        make_pass(one, &items[k].key_byte, blinded[k], answers + k * TOKEN_SIG);
        items[k].blinded = bytes_span(blinded[k], TOKEN_SIG);
    }
    batch_request_write(items, n, &out);
    assert_true(span_eq(buf_span(&out), vector_hex(batch, "token_request", room, sizeof room)));
    assert_ok(batch_request_read(buf_span(&out), n, read, &err), &err);
    for (k = 0; k < n; k++)
        assert_true(read[k].key_byte == items[k].key_byte && span_eq(read[k].blinded, items[k].blinded));
    buf_reset(&out);
    batch_response_write(answers, n, &out);
    assert_true(span_eq(buf_span(&out), vector_hex(batch, "token_response", room, sizeof room)));
    assert_ok(batch_response_read(buf_span(&out), n, sigs, &err), &err);
    for (k = 0; k < n; k++)
        assert_true(span_eq(sigs[k], bytes_span(answers + k * TOKEN_SIG, TOKEN_SIG)));
}

/* Those that hold passes of another type are refused, both halves (that they are framed well is
 * test/codec/wire.c). */
static void refuse_batch(const json_t *batch, size_t n)
{
    uint8_t room[2000];
    struct token_request items[4];
    struct span sigs[4];
    assert_false(batch_request_read(vector_hex(batch, "token_request", room, sizeof room), n, items, NULL));
    assert_false(batch_response_read(vector_hex(batch, "token_response", room, sizeof room), n, sigs, NULL));
}

void test_token__batches_of_draft_06(void **state)
{
    (void)state;
    size_t made = 0, refused = 0;
    for (int file = 0; file < 2; file++) {
        AUTO_JSON json_t *all = vectors_load(file ? "privacypass_batched_draft06_rust.json"
                                                  : "privacypass_batched_draft06_go.json");
        size_t i;
        json_t *batch;
        json_array_foreach(all, i, batch)
        {
            const json_t *issuance = json_object_get(batch, "issuance");
            if (all_type_2(issuance)) {
                make_batch(batch, issuance);
                made++;
            } else {
                refuse_batch(batch, json_array_size(issuance));
                refused++;
            }
        }
    }
    assert_int_equal(made, 2);
    assert_int_equal(refused, 5);
}

/* A week's 64 passes are 16,580 bytes both ways, and nothing but those is taken. */
void test_token__a_week_has_one_size(void **state)
{
    (void)state;
    static uint8_t sig[PASSES * TOKEN_SIG];
    struct token_request items[PASSES], read[PASSES];
    struct span sigs[PASSES];
    struct err err = {0};
    AUTO_BUF struct buf request, response;
    buf_init(&request, BATCH_SIZE + 1);
    buf_init(&response, BATCH_SIZE + 1);
    for (size_t i = 0; i < PASSES; i++) {
        memset(sig + i * TOKEN_SIG, (int)i, TOKEN_SIG);
        items[i] = (struct token_request){7, bytes_span(sig + i * TOKEN_SIG, TOKEN_SIG)};
    }
    batch_request_write(items, PASSES, &request);
    batch_response_write(sig, PASSES, &response);
    assert_int_equal(request.n, BATCH_SIZE);
    assert_int_equal(response.n, BATCH_SIZE);
    assert_memory_equal(request.p, "\x80\x00\x40\xc0", 4);
    assert_memory_equal(response.p, "\x80\x00\x40\xc0", 4);
    assert_ok(batch_request_read(buf_span(&request), PASSES, read, &err), &err);
    assert_ok(batch_response_read(buf_span(&response), PASSES, sigs, &err), &err);
    for (size_t i = 0; i < PASSES; i++)
        assert_true(span_eq(read[i].blinded, items[i].blinded) && span_eq(sigs[i], items[i].blinded));
    assert_false(batch_request_read(buf_span(&request), PASSES - 1, read, NULL));
    assert_false(batch_request_read(span_first(buf_span(&request), BATCH_SIZE - 1), PASSES, read, NULL));
    response.p[4 + 63 * TOKEN_REQUEST] = 0; /* the issuer did not sign the last */
    assert_false(batch_response_read(buf_span(&response), PASSES, sigs, &err));
    assert_int_equal(err.code, E_FORMAT);
    buf_add_byte(&request, 0);
    assert_false(batch_request_read(buf_span(&request), PASSES, read, NULL));
}

void test_token__the_length_of_a_batch_has_one_form(void **state)
{
    (void)state;
    static uint8_t bytes[4 + TOKEN_REQUEST] = {0x80, 0, 1, 3, 0, 2}; /* 259 in four bytes */
    struct token_request item;
    assert_false(batch_request_read(bytes_span(bytes, sizeof bytes), 1, &item, NULL));
    bytes[2] = 0x41; /* and in two, from there on */
    bytes[3] = 3;
    assert_true(batch_request_read(bytes_span(bytes + 2, sizeof bytes - 2), 1, &item, NULL));
}

static struct directory_key key_of(uint8_t byte, int64_t from)
{
    struct directory_key key = {.not_before = from};
    memset(key.spki, byte, sizeof key.spki);
    return key;
}

void test_token__the_directory_is_read_as_written(void **state)
{
    (void)state;
    struct directory_key keys[2] = {key_of(1, 1795392000), key_of(0, 0)}, read[2];
    struct err err = {0};
    size_t n = 0;
    AUTO_BUF struct buf out;
    buf_init(&out, DIRECTORY_BYTES);
    assert_ok(directory_write(keys, 2, &out, &err), &err);
    assert_true(span_starts(buf_span(&out), SPAN("{\"issuer-request-uri\":\"/token-request\",\"token-keys\":"
                                                 "[{\"token-type\":2,\"token-key\":\"AQEBAQEB")));
    assert_true(span_find(buf_span(&out), SPAN("\",\"not-before\":1795392000},{\"token-type\":2,")) > 0);
    assert_ok(directory_read(buf_span(&out), read, 2, &n, &err), &err);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_memory_equal(read[i].spki, keys[i].spki, SPKI_SIZE);
        assert_int_equal(read[i].not_before, keys[i].not_before);
    }
    assert_false(directory_read(buf_span(&out), read, 1, &n, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_int_equal(n, 2);
}

void test_token__a_directory_with_other_types_is_read(void **state)
{
    (void)state;
    struct directory_key read[2];
    struct err err = {0};
    size_t n = 7;
    struct span other = SPAN("{\"issuer-request-uri\":\"https://a.example/x\",\"token-keys\":"
                             "[{\"token-type\":1,\"token-key\":\"AAAA\"}],\"more\":null}");
    assert_ok(directory_read(other, read, 2, &n, &err), &err);
    assert_int_equal(n, 0);
    const struct span bad[] = {
        SPAN("{}"),
        SPAN("[]"),
        SPAN("{\"issuer-request-uri\":\"/t\",\"token-keys\":[7]}"),
        SPAN("{\"issuer-request-uri\":\"/t\",\"token-keys\":[{\"token-type\":2,\"token-key\":\"AAAA\"}]}"),
        SPAN("{\"issuer-request-uri\":\"/t\",\"token-keys\":[{\"token-type\":2}]}"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        assert_false(directory_read(bad[i], read, 2, &n, &err));
        assert_int_equal(err.code, E_FORMAT);
    }
}

void test_token__a_directory_without_memory_says_so(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct directory_key key = key_of(1, 5), read;
        struct err err = {0};
        size_t n = 0;
        AUTO_BUF struct buf out;
        buf_init(&out, DIRECTORY_BYTES);
        mem_fail_at(nth, true);
        bool done =
            directory_write(&key, 1, &out, &err) && directory_read(buf_span(&out), &read, 1, &n, &err);
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        if (asked < nth) {
            assert_ok(done && n == 1, &err);
            break;
        }
        assert_false(done);
        assert_int_equal(err.code, E_MEMORY);
    }
}
