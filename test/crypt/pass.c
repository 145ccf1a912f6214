/* Passes as the published vectors have them, out of the pieces of codec/ and crypt/: challenge, request,
 * answer and token byte for byte. */
#include "test/test.h"

#include "codec/scan.h"
#include "codec/wire.h"
#include "crypt/hash.h"
#include "crypt/spki.h"
#include "test/crypt/keys.h"

#include "base/banned.h"

enum { INPUT = 98, TOKEN = 354 };

/* u16 type | nonce | SHA-256(challenge) | token_key_id */
static void add_input(struct buf *out, uint16_t type, struct span nonce, struct span challenge,
                      struct span key_id)
{
    uint8_t digest[32];
    hash_sha256(challenge, digest);
    wire_put_u16(out, type);
    buf_add(out, nonce);
    buf_add(out, bytes_span(digest, 32));
    buf_add(out, key_id);
    assert_false(out->failed);
}

void test_pass__inputs_of_rfc_9577(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("privacypass_token_input_rfc9577.json");
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        uint8_t room[6][200];
        AUTO_BUF struct buf challenge, input;
        buf_init(&challenge, 1000);
        buf_init(&input, 1000);
        struct span type = vector_hex(one, "token_type", room[0], 200);
        uint16_t number = 0;
        assert_true(wire_u16(&type, &number) && scan_end(&type));
        wire_put_u16(&challenge, number);
        wire_put_block(&challenge, 2, vector_hex(one, "issuer_name", room[1], 200));
        wire_put_block(&challenge, 1, vector_hex(one, "redemption_context", room[2], 200));
        wire_put_block(&challenge, 2, vector_hex(one, "origin_info", room[3], 200));
        add_input(&input, number, vector_hex(one, "nonce", room[1], 200), buf_span(&challenge),
                  vector_hex(one, "token_key_id", room[2], 200));
        assert_int_equal(input.n, INPUT);
        assert_true(span_eq(buf_span(&input), vector_hex(one, "token_authenticator_input", room[4], 200)));
    }
    assert_int_equal(i, 5);
}

/* The challenge is one, and closes where it says. */
static void assert_challenge(struct span challenge)
{
    uint16_t type;
    struct span issuer, context, origin;
    assert_true(wire_u16(&challenge, &type) && type == 2 && wire_block(&challenge, 2, &issuer) &&
                wire_block(&challenge, 1, &context) && wire_block(&challenge, 2, &origin) &&
                scan_end(&challenge));
    assert_true(issuer.n > 0 && (context.n == 0 || context.n == 32));
}

/* One pass of a vector from its challenge to its token. `request` and `answer` get what goes over the wire
 * after the type. */
static void make_pass(const json_t *one, struct buf *request, struct buf *answer)
{
    uint8_t room[4][400], n[SPKI_MODULUS], id[32], blind_sig[256], sig[256];
    struct err err = {0};
    struct brsa_public *key = NULL;
    struct brsa_signer *signer = NULL;
    struct brsa_item item;
    struct span spki = vector_hex(one, "pkS", room[0], 400),
                challenge = vector_hex(one, "token_challenge", room[1], 400);
    assert_challenge(challenge);
    assert_true(spki_read(spki, n));
    spki_key_id(room[0], id);
    assert_ok(brsa_public_new(bytes_span(n, 256), BRSA_SALT, &key, &err), &err);

    AUTO_BUF struct buf token;
    buf_init(&token, 400);
    add_input(&token, 2, vector_hex(one, "nonce", room[2], 400), challenge, bytes_span(id, 32));
    assert_int_equal(vector_hex(one, "salt", item.salt, BRSA_SALT).n, BRSA_SALT);
    assert_int_equal(vector_hex(one, "blind", item.r, BRSA_MOST).n, 256);
    item.msg = buf_span(&token);
    assert_ok(brsa_blind(key, &item, 1, &err), &err);
    wire_put_u16(request, 2);
    wire_put_u8(request, id[31]);
    buf_add(request, bytes_span(item.blinded, 256));

    struct brsa_secret *secret = pass_secret(one);
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    assert_ok(brsa_sign(signer, bytes_span(item.blinded, 256), blind_sig, &err), &err);
    buf_add(answer, bytes_span(blind_sig, 256));
    assert_ok(brsa_finalize(key, item.msg, item.inv, bytes_span(blind_sig, 256), sig, &err), &err);
    buf_add(&token, bytes_span(sig, 256));
    assert_int_equal(token.n, TOKEN);
    assert_true(span_eq(buf_span(&token), vector_hex(one, "token", room[3], 400)));
    brsa_signer_free(signer);
    brsa_secret_free(secret);
    brsa_public_free(key);
}

void test_pass__vectors_of_rfc_9578(void **state)
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
            uint8_t room[400];
            AUTO_BUF struct buf request, answer;
            buf_init(&request, 400);
            buf_init(&answer, 400);
            make_pass(one, &request, &answer);
            assert_int_equal(request.n, 259);
            assert_true(span_eq(buf_span(&request), vector_hex(one, "token_request", room, 400)));
            assert_true(span_eq(buf_span(&answer), vector_hex(one, "token_response", room, 400)));
            seen++;
        }
    }
    assert_int_equal(seen, 10);
}

static bool all_type_2(const json_t *issuance)
{
    size_t i;
    json_t *one;
    json_array_foreach(
        issuance, i, one) if (!span_is(vector_text(one, json_object_get(one, "type") ? "type" : "token_type"),
                                       "0002")) return false;
    return true;
}

/* Batches of our type alone, made again. */
void test_pass__batches_of_draft_06(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("privacypass_batched_draft06_go.json");
    size_t i, seen = 0;
    json_t *batch;
    json_array_foreach(all, i, batch)
    {
        const json_t *issuance = json_object_get(batch, "issuance");
        if (!all_type_2(issuance))
            continue;
        uint8_t room[2000];
        AUTO_BUF struct buf requests, answers, request, response;
        buf_init(&requests, 2000);
        buf_init(&answers, 2000);
        buf_init(&request, 2000);
        buf_init(&response, 2000);
        size_t k;
        json_t *one;
        json_array_foreach(issuance, k, one)
        {
            wire_put_u8(&answers, 1);
            wire_put_u16(&answers, 2);
            make_pass(one, &requests, &answers);
        }
        wire_put_block(&request, WIRE_VARINT, buf_span(&requests));
        wire_put_block(&response, WIRE_VARINT, buf_span(&answers));
        assert_true(span_eq(buf_span(&request), vector_hex(batch, "token_request", room, 2000)));
        assert_true(span_eq(buf_span(&response), vector_hex(batch, "token_response", room, 2000)));
        seen++;
    }
    assert_int_equal(seen, 2);
}

/* A week's 64 passes are 16,580 bytes both ways. */
void test_pass__a_week_has_one_size(void **state)
{
    (void)state;
    static char passes[64 * 259];
    AUTO_BUF struct buf out;
    buf_init(&out, 20000);
    wire_put_block(&out, WIRE_VARINT, (struct span){passes, sizeof passes});
    assert_int_equal(out.n, 16580);
    assert_memory_equal(out.p, "\x80\x00\x40\xc0", 4);
    assert_int_equal(sizeof passes, 64 * (1 + 2 + 256));
}
