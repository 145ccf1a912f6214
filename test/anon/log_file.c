/* The file of a log: what was written comes back line by line, and any other line ends the reading. */
#include "test/test.h"

#include "anon/entry.h"
#include "anon/log_file.h"
#include "base/mem.h"
#include "test/io/place.h"

#include "base/banned.h"

static void write_some(struct buf *out)
{
    buf_init(out, 1 << 20);
    log_file_begin(out, SPAN("lab.example/respite"));
    log_file_entry(out, 0, SPAN("{\"t\":\"genesis\"}"));
    log_file_entry(out, 1, SPAN("x"));
    log_file_batch(out, SPAN("board"), 7, SPAN("{}"));
    log_file_end(out, SPAN("note\n"));
}

static void expect(struct log_file *file)
{
    struct err err = {0};
    struct log_line line;
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.kind, LOG_ENTRY);
    assert_int_equal(line.index, 0);
    assert_span(line.bytes, "{\"t\":\"genesis\"}");
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.index, 1);
    assert_span(line.bytes, "x");
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.kind, LOG_BATCH);
    assert_span(line.series, "board");
    assert_int_equal(line.n, 7);
    assert_span(line.bytes, "{}");
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.kind, LOG_CHECKPOINT);
    assert_span(line.bytes, "note\n");
    assert_false(log_file_next(file, &line, &err));
    assert_int_equal(err.code, E_NONE);
}

void test_log_file__comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct err err = {0};
    struct log_file *file = NULL;
    struct span origin;
    struct place place;
    AUTO_BUF struct buf text;
    write_some(&text);
    assert_ok(log_file_over(buf_span(&text), &file, &origin, &err), &err);
    assert_span(origin, "lab.example/respite");
    expect(file);
    log_file_close(file);
    place_make(&place);
    const char *path = place_name(&place, "log.txt");
    assert_false(log_file_open(path, &file, &origin, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    place_put(path, text.p, text.n);
    assert_ok(log_file_open(path, &file, &origin, &err), &err);
    assert_span(origin, "lab.example/respite");
    expect(file);
    log_file_close(file);
    log_file_close(NULL);
    place_clear(&place);
}

/* How many lines come before it ends, and how it ends. */
static int lines_of(struct span text, enum err_code *code)
{
    struct err err = {0};
    struct log_file *file = NULL;
    struct log_line line;
    struct span origin;
    int n = 0;
    if (!log_file_over(text, &file, &origin, &err)) {
        *code = err.code;
        return -1;
    }
    while (log_file_next(file, &line, &err))
        n++;
    log_file_close(file);
    *code = err.code;
    return n;
}

void test_log_file__another_line_ends_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int lines;
    } bad[] = {
        {"", -1},
        {"respite log 2 a\n", -1},
        {"respite log 1 \n", -1},
        {"respite log 1 a", -1},
        {"respite log 1 a\n", 0},
        {"respite log 1 a\n0 QQ==\n", 1},
        {"respite log 1 a\n1 QQ==\ncheckpoint QQ==\n", 0},
        {"respite log 1 a\n0 QQ==\n0 QQ==\ncheckpoint QQ==\n", 1},
        {"respite log 1 a\n0 \ncheckpoint QQ==\n", 0},
        {"respite log 1 a\n0 QQ=\ncheckpoint QQ==\n", 0},
        {"respite log 1 a\n0  QQ==\ncheckpoint QQ==\n", 0},
        {"respite log 1 a\n0 QQ==\ncheckpoint QQ==\n\n", 2},
        {"respite log 1 a\n0 QQ==\ncheckpoint QQ==\n1 QQ==\n", 2},
        {"respite log 1 a\n0 QQ==\ncheckpoint QQ==", 1},
        {"respite log 1 a\nbatch  1 QQ==\n", 0},
        {"respite log 1 a\nbatch board -1 QQ==\n", 0},
        {"respite log 1 a\nbatch long-name 1 QQ==\n", 0},
        {"respite log 1 a\n\ncheckpoint QQ==\n", 0},
        {"respite log 1 a\ncheckpoint QQ==\nrespite log 1 b\n", 2},
        {"respite log 1 a\n0 QQ==\nrespite log 1 b\ncheckpoint QQ==\n", 1},
        {"respite log 1 a\n0 QQ==\ncheckpoint QQ==\nrespite log 1 b\n1 QQ==\ncheckpoint QQ==\n", 3},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum err_code code;
        int n = lines_of(span_of(bad[i].text), &code);
        if (n != bad[i].lines || code != E_FORMAT) {
            print_error("%s: %d, %d\n", bad[i].text, n, code);
            assert_true(false);
        }
    }
    enum err_code code;
    assert_int_equal(lines_of(SPAN("respite log 1 a\ncheckpoint QQ==\n"), &code), 1);
    assert_int_equal(code, E_NONE);
}

void test_log_file__two_logs_in_one_file(void **state)
{
    (void)state;
    struct err err = {0};
    struct log_file *file = NULL;
    struct log_line line;
    struct span origin;
    AUTO_BUF struct buf text;
    write_some(&text);
    log_file_begin(&text, SPAN("board.example/respite-board"));
    log_file_entry(&text, 0, SPAN("b"));
    log_file_end(&text, SPAN("other\n"));
    assert_ok(log_file_over(buf_span(&text), &file, &origin, &err), &err);
    for (int i = 0; i < 4; i++)
        assert_ok(log_file_next(file, &line, &err), &err);
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.kind, LOG_NEXT);
    assert_span(line.bytes, "board.example/respite-board");
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.index, 0);
    assert_span(line.bytes, "b");
    assert_ok(log_file_next(file, &line, &err), &err);
    assert_int_equal(line.kind, LOG_CHECKPOINT);
    assert_false(log_file_next(file, &line, &err));
    assert_int_equal(err.code, E_NONE);
    log_file_close(file);
}

void test_log_file__lines_have_a_most(void **state)
{
    (void)state;
    enum err_code code;
    AUTO_BUF struct buf text;
    size_t most = 8 << 20;
    char *bytes = mem_get(most + 1);
    buf_init(&text, 64 << 20);
    log_file_begin(&text, SPAN("a"));
    log_file_entry(&text, 0, (struct span){bytes, ENTRY_MOST});
    log_file_batch(&text, SPAN("board"), 1, (struct span){bytes, most});
    log_file_end(&text, SPAN("x"));
    assert_int_equal(lines_of(buf_span(&text), &code), 3);
    assert_int_equal(code, E_NONE);
    buf_reset(&text);
    log_file_begin(&text, SPAN("a"));
    log_file_entry(&text, 0, (struct span){bytes, ENTRY_MOST + 1});
    log_file_end(&text, SPAN("x"));
    assert_int_equal(lines_of(buf_span(&text), &code), 0);
    assert_int_equal(code, E_FORMAT);
    buf_reset(&text);
    log_file_begin(&text, SPAN("a"));
    log_file_batch(&text, SPAN("board"), 1, (struct span){bytes, most + 1});
    assert_int_equal(lines_of(buf_span(&text), &code), 0);
    assert_int_equal(code, E_FORMAT);
    buf_reset(&text); /* and one without an end */
    log_file_begin(&text, SPAN("a"));
    for (int i = 0; i < 3; i++)
        buf_add(&text, (struct span){bytes, most});
    assert_int_equal(lines_of(buf_span(&text), &code), 0);
    assert_int_equal(code, E_FORMAT);
    mem_free(bytes);
}
