/* Each reader with each of its requests for memory failing in turn, once and for good: no crash, no leak
 * (AddressSanitizer looks), one sentence, and the right answer as soon as nothing fails. */
#include "test/test.h"

#include "codec/b64.h"
#include "codec/csv.h"
#include "codec/form.h"
#include "codec/gitlog.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "codec/utf8.h"
#include "codec/wire.h"
#include "test/codec/read.h"

#include "base/banned.h"

/* `work` says true when it did all its work, else err holds why. */
static void torture(bool (*work)(struct err *err))
{
    size_t requests = 0;
    for (int for_good = 0; for_good < 2; for_good++)
        for (size_t nth = 1;; nth++) {
            struct err err = {0};
            mem_fail_at(nth, for_good);
            bool done = work(&err);
            size_t asked = mem_asked();
            mem_fail_at(0, false);
            if (asked < nth) { /* nothing failed */
                assert_ok(done, &err);
                requests = asked;
                break;
            }
            if (done) { /* jansson does without some */
                assert_int_equal(err.code, E_NONE);
                continue;
            }
            assert_int_equal(err.code, E_MEMORY);
            assert_string_equal(err.text, "The machine has no memory left for this.");
        }
    assert_true(requests > 0);
}

static struct span data;

static bool git_work(struct err *err)
{
    struct gitlog log;
    struct git_commit c;
    size_t n = 0;
    bool ok = true;
    gitlog_init(&log, 4096);
    for (size_t at = 0; ok && at < data.n; at += 100) {
        ok = gitlog_feed(&log, span_first(span_from(data, at), 100), err);
        while (ok && gitlog_next(&log, &c, err))
            n++;
    }
    ok = ok && gitlog_end(&log, err);
    gitlog_clear(&log);
    assert_true(!ok || n == 13);
    return ok;
}

void test_torture__gitlog(void **state)
{
    (void)state;
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    data = read_data("git/log_strange.bin", &file);
    torture(git_work);
}

static bool form_work(struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    static char many[60000];
    memset(many, 'a', sizeof many);
    memcpy(many, "a=%41&b=", 8);
    struct span in = {many, sizeof many};
    struct form_field f;
    size_t n = 0;
    while (form_next(&in, arena, 100000, &f, err))
        n++;
    assert_true(err->code != E_NONE || n == 2);
    return err->code == E_NONE;
}

void test_torture__form(void **state)
{
    (void)state;
    torture(form_work);
}

static bool csv_work(struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    static char many[60000];
    memset(many, 'a', sizeof many);
    static const char front[] = "1,2,3,4,5,6,7,8,9,10\n\"a\"\"b\",\"c\"\n\"\"\"";
    memcpy(many, front, sizeof front - 1);
    many[sizeof many - 1] = '"';
    struct csv csv;
    struct csv_record r = {0};
    csv_init(&csv, (struct span){many, sizeof many});
    size_t n = 0;
    while (csv_next(&csv, arena, &r, err))
        n++;
    assert_true(err->code != E_NONE || n == 3);
    return err->code == E_NONE;
}

void test_torture__csv(void **state)
{
    (void)state;
    torture(csv_work);
}

static bool json_work(struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    struct span text = SPAN(
        "{\"a\":[1,2,3,4,5,6,7,8,9,10],\"b\":{\"c\":\"你\",\"d\":null,\"e\":1.25},\"f\":1,\"g\":1,\"h\":1,"
        "\"i\":1,\"j\":1,\"k\":1,\"l\":0.1234567891,\"m\":1234567890123456789,\"n\":\"more than sixteen "
        "bytes, and "
        "then more than thirty-two\"}\n");
    bool done = json_read(text, 4096, "It", &o, err) && json_write(o, &out, err);
    assert_true(!done || span_eq(buf_span(&out), text));
    return done;
}

void test_torture__json(void **state)
{
    (void)state;
    torture(json_work);
}

static bool shown_work(struct err *err)
{
    AUTO_JSON json_t *o = json_shown(SPAN("a\xFF name of more than nothing"));
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    return json_write(o, &out, err);
}

void test_torture__json_shown(void **state)
{
    (void)state;
    torture(shown_work);
}

static bool clean_work(struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 100000);
    static char many[3000];
    memset(many, '\n', sizeof many);
    utf8_clean(&out, (struct span){many, sizeof many});
    return buf_ok(&out, err);
}

void test_torture__utf8_clean(void **state)
{
    (void)state;
    torture(clean_work);
}

static bool b64_work(struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    b64_add(&out, SPAN("foobar"), B64);
    b64_add(&out, SPAN("foobar"), B64_URL_BARE);
    assert_true(out.failed || span_is(buf_span(&out), "Zm9vYmFyZm9vYmFy"));
    return buf_ok(&out, err);
}

void test_torture__b64(void **state)
{
    (void)state;
    torture(b64_work);
}

static bool wire_work(struct err *err)
{
    static char many[3000];
    AUTO_BUF struct buf out;
    buf_init(&out, 100000);
    wire_put_u16(&out, 2);
    wire_put_block(&out, 2, (struct span){many, sizeof many});
    wire_put_block(&out, WIRE_VARINT, (struct span){many, sizeof many});
    assert_true(out.failed || out.n == 2 + 2 + 3000 + 2 + 3000);
    return buf_ok(&out, err);
}

void test_torture__wire(void **state)
{
    (void)state;
    torture(wire_work);
}

/* A note with both kinds of line, written, read again, and asked for what each key signed. */
static bool note_work(struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const struct note_sig_key log = {SPAN("log"), {1, 2, 3, 4}, NOTE_SIG_PLAIN, {0}},
                              cosigner = {SPAN("w"), {5, 6, 7, 8}, NOTE_SIG_COSIGNS, {0}};
    const struct checkpoint head = {SPAN("lab.example/log"), 5, {0}, {NULL, 0}};
    const uint8_t sig[64] = {0};
    AUTO_BUF struct buf text, bytes, scratch;
    buf_init(&text, 4096);
    buf_init(&bytes, 100000);
    buf_init(&scratch, 4096);
    checkpoint_write(&text, &head);
    if (!buf_ok(&text, err))
        return false;
    note_sig_write(&bytes, buf_span(&text));
    note_sig_line_write(&bytes, &log, sig, 0);
    for (int i = 0; i < 100; i++) {
        struct note_sig_key other = cosigner;
        other.id[0] = (uint8_t)(100 + i);
        note_sig_line_write(&bytes, i ? &other : &cosigner, sig, 9);
    }
    struct note_sig note;
    struct note_sig_claim claim;
    bool done = buf_ok(&bytes, err) && note_sig_read(buf_span(&bytes), arena, &note, err) &&
                note_sig_claim(&note, &log, &scratch, &claim, err) &&
                note_sig_claim(&note, &cosigner, &scratch, &claim, err);
    assert_true(!done || (note.lines == 101 && claim.time == 9));
    return done;
}

void test_torture__note_sig(void **state)
{
    (void)state;
    torture(note_work);
}
