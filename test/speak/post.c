/* speak/post.c: what a thread may hold, at its limits. */
#include "test/test.h"

#include "base/buf.h"
#include "codec/json.h"
#include "speak/post.h"

/* `text` and `title` as JSON strings with their quotation marks. */
static enum err_code tried(const char *title, const char *text, const char *room, const char *more)
{
    AUTO_BUF struct buf b;
    AUTO_JSON json_t *act = NULL;
    struct err err = {0};
    struct post post;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "{\"title\":%s,\"text\":%s,\"room\":%s%s}", title, text, room, more);
    assert_ok(json_read(buf_span(&b), 1 << 20, "act", &act, &err), &err);
    bool good = post_check(act, &post, &err);
    assert_true(good == (err.code == E_NONE));
    return err.code;
}

static const char *of(const char *piece, size_t n)
{
    static char text[3][200000];
    static unsigned next;
    char *out = text[next++ % 3];
    size_t size = strlen(piece), at = 0;
    out[at++] = '"';
    for (size_t i = 0; i < n; i++, at += size)
        memcpy(out + at, piece, size);
    memcpy(out + at, "\"", 2);
    return out;
}

void test_post__a_thread_at_its_limits(void **state)
{
    (void)state;
    assert_int_equal(tried("\"\"", "\"a\"", "\"\"", ""), E_NONE);
    assert_int_equal(tried(of("x", 120), of("y", 16000), of("z", 40), ""), E_NONE);
    assert_int_equal(tried(of("说", 120), "\"a\"", "\"\"", ""), E_NONE);
    assert_int_equal(tried(of("x", 121), "\"a\"", "\"\"", ""), E_LIMIT);
    assert_int_equal(tried("\"\"", of("y", 16001), "\"\"", ""), E_LIMIT);
    assert_int_equal(tried("\"\"", "\"a\"", of("z", 41), ""), E_LIMIT);
    assert_int_equal(tried("\"\"", of("说", 5333), "\"\"", ""), E_NONE);
    assert_int_equal(tried("\"\"", of("说", 5334), "\"\"", ""), E_LIMIT);
    assert_int_equal(tried("\"\"", of("\\\"", 8000), "\"\"", ""), E_NONE); /* escapes are counted */
    assert_int_equal(tried("\"\"", of("\\\"", 8001), "\"\"", ""), E_LIMIT);
}

void test_post__nothing_else_stands_in_a_thread(void **state)
{
    (void)state;
    assert_int_equal(tried("\"\"", "\"\"", "\"\"", ""), E_FORMAT);
    assert_int_equal(tried("\"\"", "\" \\n \"", "\"\"", ""), E_FORMAT);
    assert_int_equal(tried("\"\"", "\"a\"", "\"\"", ",\"image\":\"x\""), E_FORMAT);
    assert_int_equal(tried("1", "\"a\"", "\"\"", ""), E_FORMAT);
    assert_int_equal(tried("\"\"", "[]", "\"\"", ""), E_FORMAT);
    assert_int_equal(tried("\"a\\nb\"", "\"a\"", "\"\"", ""), E_FORMAT);
    assert_int_equal(tried("\"\"", "\"a\\nb\"", "\"\"", ""), E_NONE);
    assert_int_equal(tried("\"\"", "\"a\u200bb\"", "\"\"", ""), E_FORMAT);
}

void test_post__what_is_written_is_taken(void **state)
{
    (void)state;
    struct err err = {0};
    struct post post, in = {SPAN("Deadline"), SPAN("Two lines\nof it"), SPAN("")};
    AUTO_JSON json_t *act = post_act(&in);
    assert_ok(post_check(act, &post, &err), &err);
    assert_span(post.title, "Deadline");
    assert_span(post.text, "Two lines\nof it");
    assert_span(post.room, "");
}
