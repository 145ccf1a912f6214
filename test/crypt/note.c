/* Signed notes from text to signature (codec/note_sig.c and crypt/sign.c together): the published ones hold,
 * what we sign is byte for byte the same, and one bit changed anywhere is refused. */
#include "test/test.h"

#include "codec/note_sig.h"
#include "crypt/sign.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

/* True when the bytes are a note whose line by `key` holds. */
static bool holds(struct span bytes, const struct note_sig_key *key)
{
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    struct err err = {0};
    struct note_sig note;
    struct note_sig_claim claim;
    return note_sig_read(bytes, arena, &note, &err) && note_sig_claim(&note, key, &scratch, &claim, &err) &&
           sign_good(key->pk, claim.message, claim.sig);
}

static struct note_sig_key key_of(struct span vkey)
{
    struct note_sig_key key;
    struct err err = {0};
    uint8_t id[4];
    assert_ok(note_sig_key_read(vkey, &key, &err), &err);
    sign_key_id(key.name, (uint8_t)key.kind, key.pk, id);
    assert_memory_equal(id, key.id, 4);
    return key;
}

void test_note__published_notes_hold(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("signed_note.json");
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        struct span note = vector_text(one, "note");
        struct note_sig_key key = key_of(vector_text(one, "vkey"));
        assert_true(holds(note, &key));
        if (i == 2) {
            struct note_sig_key witness = key_of(vector_text(one, "witness_vkey"));
            assert_true(holds(note, &witness));
        }
    }
    assert_int_equal(i, 3);
}

/* Every bit of the third note: in the text both keys refuse, in a line the one it is by. */
void test_note__one_bit_changed_is_refused(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("signed_note.json");
    const json_t *one = json_array_get(all, 2);
    struct note_sig_key key = key_of(vector_text(one, "vkey")),
                        witness = key_of(vector_text(one, "witness_vkey"));
    static char bytes[1000];
    struct span note = vector_text(one, "note");
    assert_true(note.n < sizeof bytes);
    memcpy(bytes, note.p, note.n);
    struct span changed = {bytes, note.n};
    size_t text = (size_t)span_find(note, SPAN("\n\n")) + 1,
           second = text + 1 + (size_t)span_find(span_from(note, text + 1), SPAN("\n")) + 1;
    for (size_t bit = 0; bit < note.n * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (bit / 8 < second)
            assert_false(holds(changed, &key));
        if (bit / 8 < text || bit / 8 >= second)
            assert_false(holds(changed, &witness));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(holds(changed, &key) && holds(changed, &witness));
}

void test_note__what_we_sign_is_what_is_published(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("signed_note.json");
    const json_t *one = json_array_get(all, 2);
    struct checkpoint head = {SPAN("lab.example/respite-log"), 70000, {0}, {NULL, 0}};
    AUTO_JSON json_t *tiles = vectors_load("merkle_tiles.json");
    vector_hex(json_object_get(tiles, "entry_roots"), "70000", head.root, 32);
    AUTO_BUF struct buf text, note, signed_bytes;
    buf_init(&text, 1000);
    buf_init(&note, 1000);
    buf_init(&signed_bytes, 1000);
    checkpoint_write(&text, &head);
    note_sig_write(&note, buf_span(&text));

    const char *const seeds[] = {"log_seed_hex", "witness_seed_hex"}, *const names[] = {
                                                                          "lab.example/respite-log",
                                                                          "witness.example/w1"};
    for (int i = 0; i < 2; i++) {
        uint8_t seed[32], sig[64];
        struct sign_key secret;
        struct note_sig_key key = {.name = span_of(names[i]), .kind = i ? NOTE_SIG_COSIGNS : NOTE_SIG_PLAIN};
        uint64_t time = i ? vector_int(one, "timestamp") : 0;
        vector_hex(one, seeds[i], seed, 32);
        sign_key_init(&secret, seed);
        sign_public(&secret, key.pk);
        sign_key_id(key.name, (uint8_t)key.kind, key.pk, key.id);
        if (i)
            note_sig_cosigned(&signed_bytes, time, buf_span(&text));
        sign(&secret, i ? buf_span(&signed_bytes) : buf_span(&text), sig);
        note_sig_line_write(&note, &key, sig, time);
    }
    assert_true(span_eq(buf_span(&note), vector_text(one, "note")));
}
