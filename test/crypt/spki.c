/* The 342 bytes: those of the vectors are ours again, and nothing near them is taken. */
#include "test/test.h"

#include "crypt/hash.h"
#include "crypt/spki.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

void test_spki__vectors_round_trip(void **state)
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
            uint8_t room[400], n[SPKI_MODULUS], again[SPKI_SIZE], id[32], token[400];
            struct span spki = vector_hex(one, "pkS", room, sizeof room);
            assert_int_equal(spki.n, SPKI_SIZE);
            assert_true(spki_read(spki, n));
            spki_write(n, again);
            assert_memory_equal(again, spki.p, SPKI_SIZE);
            spki_key_id(again, id);
            vector_hex(one, "token", token, sizeof token);
            assert_memory_equal(id, token + 66, 32);
            vector_hex(one, "token_request", token, sizeof token);
            assert_int_equal(token[2], id[31]);
            seen++;
        }
    }
    assert_int_equal(seen, 10);
}

/* Every bit outside the modulus, both its ends, and the lengths that OpenSSL would write. */
void test_spki__mutations_refused(void **state)
{
    (void)state;
    uint8_t n[SPKI_MODULUS], spki[SPKI_SIZE + 4], out[SPKI_MODULUS];
    memset(n, 0x5a, sizeof n);
    n[0] = 0x80;
    n[255] = 1;
    spki_write(n, spki);
    struct span whole = bytes_span(spki, SPKI_SIZE);
    assert_true(spki_read(whole, out));
    assert_memory_equal(out, n, sizeof n);
    for (size_t bit = 0; bit < SPKI_SIZE * 8; bit++) {
        size_t byte = bit / 8;
        bool in_modulus = byte >= 81 && byte < 81 + 256, top = byte == 81 && bit % 8 == 7,
             odd = byte == 81 + 255 && bit % 8 == 0;
        spki[byte] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(spki_read(whole, out), in_modulus && !top && !odd);
        spki[byte] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < sizeof spki; size++)
        assert_int_equal(spki_read(bytes_span(spki, size), out), size == SPKI_SIZE);
    spki[SPKI_SIZE - 5 + 1] = 1; /* e = 3 in one byte, by its length */
    assert_false(spki_read(whole, out));
}
