/* Long files line by line, plain and packed; what breaks off is said with its line. */
#include "test/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "io/lines.h"

#include "base/banned.h"

static char path[64];

static void put_file(struct span bytes)
{
    snprintf(path, sizeof path, "/tmp/respite-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    close(fd);
}

static void gzip(struct span text, struct buf *out)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t most = deflateBound(&z, text.n);
    char *to = buf_space(out, most);
    assert_non_null(to);
    z.next_in = (Bytef *)(uintptr_t)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_grew(out, most - z.avail_out);
    deflateEnd(&z);
}

static void zstd(struct span text, struct buf *out)
{
    size_t most = ZSTD_compressBound(text.n);
    char *to = buf_space(out, most);
    assert_non_null(to);
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    size_t n = ZSTD_compress2(z, to, most, text.p, text.n);
    ZSTD_freeCCtx(z);
    assert_false(ZSTD_isError(n));
    buf_grew(out, n);
}

enum { LINES = 60000 };

static void many_lines(struct buf *out)
{
    buf_init(out, 16 << 20);
    for (int i = 0; i < LINES; i++)
        buf_printf(out, "line %d %s%s", i, i % 100 ? "" : "long long long long long long long long long long",
                   i % 3 ? "\n" : "\r\n");
}

static void check_all(size_t from)
{
    struct err err = {0};
    AUTO_LINES struct lines *lines = NULL;
    struct span line;
    assert_ok(lines_open(&lines, path, 200, &err), &err);
    size_t i = from;
    char want[32];
    for (; lines_next(lines, &line, &err); i++) {
        snprintf(want, sizeof want, "line %zu ", i % LINES);
        assert_true(span_starts(line, span_of(want)));
        assert_true(line.n == 0 || line.p[line.n - 1] != '\r');
        assert_int_equal(lines_number(lines), i + 1);
    }
    assert_int_equal(err.code, E_NONE);
    assert_true(i > 0 && i % LINES == 0);
    unlink(path);
}

void test_lines__plain_gzip_and_zstd_are_the_same(void **state)
{
    (void)state;
    AUTO_BUF struct buf text, packed;
    many_lines(&text);
    put_file(buf_span(&text));
    check_all(0);
    buf_init(&packed, 64 << 20);
    gzip(buf_span(&text), &packed);
    gzip(buf_span(&text), &packed); /* two members */
    put_file(buf_span(&packed));
    check_all(0);
    buf_reset(&packed);
    zstd(buf_span(&text), &packed);
    zstd(buf_span(&text), &packed);
    put_file(buf_span(&packed));
    check_all(0);
}

static size_t count(enum err_code want, const char *word)
{
    struct err err = {0};
    AUTO_LINES struct lines *lines = NULL;
    struct span line;
    size_t n = 0;
    assert_ok(lines_open(&lines, path, 200, &err), &err);
    while (lines_next(lines, &line, &err))
        n++;
    assert_int_equal(err.code, want);
    assert_true(!word || strstr(err.text, word));
    unlink(path);
    return n;
}

void test_lines__what_breaks_off_is_said(void **state)
{
    (void)state;
    AUTO_BUF struct buf text, packed;
    many_lines(&text);
    buf_init(&packed, 64 << 20);
    for (int kind = 0; kind < 2; kind++) {
        buf_reset(&packed);
        if (kind)
            zstd(buf_span(&text), &packed);
        else
            gzip(buf_span(&text), &packed);
        put_file(span_first(buf_span(&packed), packed.n - 7));
        count(E_FORMAT, "break off");
        packed.p[packed.n / 2] ^= 0x55;
        put_file(buf_span(&packed));
        count(E_FORMAT, "break off");
        put_file(span_first(buf_span(&packed), 5));
        count(E_FORMAT, "break off");
    }
}

void test_lines__limits_and_ends(void **state)
{
    (void)state;
    struct err err = {0};
    struct lines *lines = NULL;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    put_file(SPAN(""));
    assert_int_equal(count(E_NONE, NULL), 0);
    put_file(SPAN("\n\na"));
    assert_int_equal(count(E_NONE, NULL), 3);
    put_file(SPAN("a\n"));
    assert_int_equal(count(E_NONE, NULL), 1);
    buf_add(&text, SPAN("short\n"));
    for (int i = 0; i < 201; i++)
        buf_add_byte(&text, 'x');
    put_file(buf_span(&text));
    assert_int_equal(count(E_LIMIT, "line 2"), 1);
    put_file(span_first(buf_span(&text), text.n - 1));
    assert_int_equal(count(E_NONE, NULL), 2);
    assert_false(lines_open(&lines, "/nowhere/at/all", 10, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(lines_open(&lines, "/", 10, &err));
    assert_int_equal(err.code, E_FORMAT);
}
