/* Signed notes as text: the published ones, what is refused, and that writing gives the same bytes. Whether
 * signatures hold, test/crypt/note.c tries. */
#include "test/test.h"

#include "codec/note_sig.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

#define TEXT "lab.example/log\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
#define LINE "\xe2\x80\x94 lab.example/log AQIDBAUG\n"

static bool reads(struct span bytes)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct note_sig note = {0};
    bool good = note_sig_read(bytes, arena, &note, &err);
    assert_int_equal(good, err.code == E_NONE);
    assert_int_equal(good, note.lines > 0);
    return good;
}

static bool reads_key(const char *text)
{
    struct err err = {0};
    struct note_sig_key key;
    bool good = note_sig_key_read(span_of(text), &key, &err);
    assert_int_equal(good, err.code == E_NONE);
    return good;
}

void test_note_sig__published_notes_are_read_and_written_again(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("signed_note.json");
    assert_int_equal(json_array_size(all), 3);
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        struct arena *AUTO_ARENA arena = arena_new();
        struct err err = {0};
        struct note_sig note;
        struct note_sig_key key, witness;
        struct note_sig_claim claim;
        AUTO_BUF struct buf out;
        buf_init(&out, 4096);
        assert_ok(note_sig_read(vector_text(one, "note"), arena, &note, &err), &err);
        assert_ok(note_sig_key_read(vector_text(one, "vkey"), &key, &err), &err);
        assert_int_equal(note.lines, i == 2 ? 2 : 1);
        note_sig_key_write(&out, &key);
        assert_true(span_eq(buf_span(&out), vector_text(one, "vkey")));
        buf_reset(&out);

        assert_ok(note_sig_claim(&note, &key, &out, &claim, &err), &err);
        assert_true(out.n == 0 && span_eq(claim.message, note.text) && claim.time == 0);
        note_sig_write(&out, note.text);
        note_sig_line_write(&out, &key, claim.sig, 0);
        if (i == 2) {
            AUTO_BUF struct buf scratch;
            buf_init(&scratch, 4096);
            assert_ok(note_sig_key_read(vector_text(one, "witness_vkey"), &witness, &err), &err);
            assert_int_equal(witness.kind, NOTE_SIG_COSIGNS);
            assert_ok(note_sig_claim(&note, &witness, &scratch, &claim, &err), &err);
            assert_int_equal(claim.time, 1700000000);
            assert_true(span_starts(claim.message, SPAN("cosignature/v1\ntime 1700000000\nlab.example/")));
            note_sig_line_write(&out, &witness, claim.sig, claim.time);
        }
        assert_true(span_eq(buf_span(&out), vector_text(one, "note")));
    }
}

void test_note_sig__the_text_ends_at_the_last_blank_line(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct note_sig note;
    assert_ok(note_sig_read(SPAN("one\n\n\ntwo \xe4\xbd\xa0\n\n" LINE), arena, &note, &err), &err);
    assert_span(note.text, "one\n\n\ntwo \xe4\xbd\xa0\n");
    assert_int_equal(note.lines, 1);
    assert_span(note.line[0].name, "lab.example/log");
    assert_memory_equal(note.line[0].id, "\1\2\3\4", 4);
    assert_span(note.line[0].sig, "\5\6");
    assert_true(reads(SPAN("\n\n" LINE))); /* an empty line is a text */
    assert_true(reads(SPAN("a\n\n\xe2\x80\x94 \xe5\x90\x8d\xe5\xad\x97 AQIDBAUG\n")));
}

void test_note_sig__what_is_no_note_is_refused(void **state)
{
    (void)state;
    const struct span bad[] = {
        SPAN(""),
        SPAN("\n"),
        SPAN("\n" LINE),
        SPAN("a\n" LINE),                                      /* no blank line */
        SPAN("a\n\n"),                                         /* no signature */
        SPAN("a\n\n\n"),                                       /* none either */
        SPAN("a\n\n" LINE "\n"),                               /* something after */
        SPAN("a\n\n" LINE "x\n"),                              /* a line of something else */
        SPAN("a\n\n\xe2\x80\x94 lab.example/log AQIDBAUG"),    /* cut */
        SPAN("a\n\n- lab.example/log AQIDBAUG\n"),             /* another dash */
        SPAN("a\n\n\xe2\x80\x94 lab.example/log  AQIDBAUG\n"), /* two blanks */
        SPAN("a\n\n\xe2\x80\x94  AQIDBAUG\n"),                 /* no name */
        SPAN("a\n\n\xe2\x80\x94 a+b AQIDBAUG\n"),              /* "+" in the name */
        SPAN("a\n\n\xe2\x80\x94 a\xc2\xa0"
             "b AQIDBAUG\n"), /* a blank of Unicode in the name */
        SPAN("a\n\n\xe2\x80\x94 a\xe2\x80\xa8"
             "b AQIDBAUG\n"), /* a line end of Unicode */
        SPAN("a\n\n\xe2\x80\x94 a\tb AQIDBAUG\n"),
        SPAN("a\n\n\xe2\x80\x94 a\xff"
             "b AQIDBAUG\n"),                                 /* no UTF-8 */
        SPAN("a\n\n\xe2\x80\x94 lab.example/log AQIDBA==\n"), /* a key id alone */
        SPAN("a\n\n\xe2\x80\x94 lab.example/log AQID\n"),
        SPAN("a\n\n\xe2\x80\x94 lab.example/log \n"),
        SPAN("a\n\n\xe2\x80\x94 lab.example/log AQIDBAV=\n"), /* loose base64 */
        SPAN("a\n\n\xe2\x80\x94 lab.example/log AQIDBAUG \n"),
        SPAN("a\r\n\r\n\xe2\x80\x94 lab.example/log AQIDBAUG\r\n"),
        SPAN("a\tb\n\n" LINE), /* control characters in the text */
        SPAN("a\0b\n\n" LINE),
        SPAN("a\xff\n\n" LINE),
    };
    assert_true(reads(SPAN("a\n\n" LINE)));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (reads(bad[i])) {
            print_error("case %zu was read\n", i);
            assert_true(false);
        }
}

static void many_lines(struct buf *out, size_t lines)
{
    buf_reset(out);
    buf_add(out, SPAN("a\n\n"));
    for (size_t i = 0; i < lines; i++)
        buf_add(out, SPAN(LINE));
}

void test_note_sig__limits_hold(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, NOTE_SIG_MOST + 100);
    many_lines(&out, NOTE_SIG_LINES);
    assert_true(reads(buf_span(&out)));
    many_lines(&out, NOTE_SIG_LINES + 1);
    assert_false(reads(buf_span(&out)));

    size_t rest = sizeof "\n\n" LINE - 1;
    for (size_t n = NOTE_SIG_MOST - rest; n <= NOTE_SIG_MOST - rest + 1; n++) {
        buf_reset(&out);
        memset(buf_space(&out, n), 'a', n);
        buf_grew(&out, n);
        buf_add(&out, SPAN("\n\n" LINE));
        assert_int_equal(reads(buf_span(&out)), out.n == NOTE_SIG_MOST);
    }
    for (size_t n = NOTE_SIG_NAME; n <= NOTE_SIG_NAME + 1; n++) {
        buf_reset(&out);
        buf_add(&out, SPAN("a\n\n\xe2\x80\x94 "));
        memset(buf_space(&out, n), 'n', n);
        buf_grew(&out, n);
        buf_add(&out, SPAN(" AQIDBAUG\n"));
        assert_int_equal(reads(buf_span(&out)), n == NOTE_SIG_NAME);
    }
}

void test_note_sig__keys_have_one_form(void **state)
{
    (void)state;
#define PK "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    struct err err = {0};
    struct note_sig_key key;
    assert_ok(note_sig_key_read(SPAN("lab.example/log+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"),
                                &key, &err),
              &err);
    assert_span(key.name, "lab.example/log");
    assert_memory_equal(key.id, "\xc9\x70\xd2\x24", 4);
    assert_int_equal(key.kind, NOTE_SIG_PLAIN);
    assert_int_equal(key.pk[0], 0x03);
    assert_int_equal(key.pk[31], 0xb8);
    static const char *const bad[] = {
        "",
        "a",
        "+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a+c970d22+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a+c970d2244+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a+C970D224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a+c970d224 AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a b+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "a+c970d224+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", /* kind 2 */
        "a+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG=",
        "a+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AA==",
        ("a+c970d224+" PK), /* no kind */
        "a+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n",
    };
    assert_true(reads_key("a+c970d224+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(reads_key(bad[i]));
}

/* A note of `text` with the lines of `keys` (a row without a name ends them), read again. */
static void make_note(const struct note_sig_key *keys, struct buf *out, struct arena *arena,
                      struct note_sig *note)
{
    struct err err = {0};
    uint8_t sig[64] = {1, 2, 3};
    note_sig_write(out, SPAN(TEXT));
    for (; keys->name.n > 0; keys++)
        note_sig_line_write(out, keys, sig, 7);
    assert_ok(note_sig_read(buf_span(out), arena, note, &err), &err);
}

void test_note_sig__a_claim_is_one_line_of_its_kind(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    const struct note_sig_key log = {SPAN("log"), {1, 2, 3, 4}, NOTE_SIG_PLAIN, {0}},
                              cosigner = {SPAN("w"), {5, 6, 7, 8}, NOTE_SIG_COSIGNS, {0}};
    struct note_sig_key none = {.name = {NULL, 0}}, other = log, other_name = log, cosigning_log = log,
                        plain_cosigner = cosigner;
    other.id[3] = 5;
    other_name.name = SPAN("lo");
    cosigning_log.kind = NOTE_SIG_COSIGNS;
    plain_cosigner.kind = NOTE_SIG_PLAIN;
    AUTO_BUF struct buf bytes, scratch, twice;
    buf_init(&bytes, 4096);
    buf_init(&scratch, 4096);
    buf_init(&twice, 4096);
    struct note_sig note;
    struct note_sig_claim claim;
    struct err err = {0};
    make_note((struct note_sig_key[]){log, cosigner, none}, &bytes, arena, &note);
    assert_ok(note_sig_claim(&note, &log, &scratch, &claim, &err), &err);
    assert_span(claim.message, TEXT);
    assert_memory_equal(claim.sig, "\1\2\3\0", 4);
    buf_add(&scratch, SPAN("what stood there"));
    assert_ok(note_sig_claim(&note, &cosigner, &scratch, &claim, &err), &err);
    assert_span(claim.message, "cosignature/v1\ntime 7\n" TEXT);
    assert_int_equal(claim.time, 7);

    assert_false(note_sig_claim(&note, &other, &scratch, &claim, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(note_sig_claim(&note, &other_name, &scratch, &claim, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(note_sig_claim(&note, &cosigning_log, &scratch, &claim, &err)); /* 64 bytes, not 72 */
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    assert_false(note_sig_claim(&note, &plain_cosigner, &scratch, &claim, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    make_note((struct note_sig_key[]){log, cosigner, log, none}, &twice, arena, &note);
    assert_false(note_sig_claim(&note, &log, &scratch, &claim, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    assert_ok(note_sig_claim(&note, &cosigner, &scratch, &claim, &err), &err);
}

static bool reads_checkpoint(struct span text)
{
    struct err err = {0};
    struct checkpoint c;
    bool good = checkpoint_read(text, &c, &err);
    assert_int_equal(good, err.code == E_NONE);
    return good;
}

void test_note_sig__checkpoints_have_three_lines(void **state)
{
    (void)state;
#define ROOT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    struct err err = {0};
    struct checkpoint c;
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    assert_ok(checkpoint_read(SPAN(TEXT), &c, &err), &err);
    assert_span(c.origin, "lab.example/log");
    assert_int_equal(c.size, 5);
    assert_int_equal(c.root[31], 31);
    assert_int_equal(c.more.n, 0);
    checkpoint_write(&out, &c);
    assert_string_equal(buf_text(&out), TEXT);
    assert_ok(checkpoint_read(SPAN(TEXT "more\n"), &c, &err), &err);
    assert_span(c.more, "more\n");
    assert_true(reads_checkpoint(SPAN("a\n0\n" ROOT "\n")));
    assert_true(reads_checkpoint(SPAN("a\n9223372036854775807\n" ROOT "\n")));
    const struct span bad[] = {
        SPAN("a\n9223372036854775808\n" ROOT "\n"),
        SPAN("a\n05\n" ROOT "\n"),
        SPAN("a\n00\n" ROOT "\n"),
        SPAN("a\n-5\n" ROOT "\n"),
        SPAN("a\n+5\n" ROOT "\n"),
        SPAN("a\n\n" ROOT "\n"),
        SPAN("a\n5 \n" ROOT "\n"),
        SPAN("\n5\n" ROOT "\n"),
        SPAN("a\n5\n" ROOT),
        SPAN("a\n5\n"),
        SPAN("a\n5"),
        SPAN("a\n5\nAAEC\n"),
        SPAN("a\n5\n" ROOT "=\n"),
        SPAN("a\r\n5\n" ROOT "\n"),
        SPAN(""),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(reads_checkpoint(bad[i]));
}
