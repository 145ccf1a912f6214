/* speak/hints.c: words that few others would write, and none of those that everybody does. */
#include "test/test.h"

#include "speak/hints.h"

#include "base/banned.h"
#include "base/vec.h"

struct desk {
    struct arena *arena;
    struct own_texts texts;
    struct hints found;
};

static void desk_make(struct desk *d, const char *const *texts)
{
    *d = (struct desk){.arena = arena_new()};
    for (; *texts; texts++) {
        struct span *text = VEC_PUSH(d->arena, &d->texts);
        assert_non_null(text);
        *text = span_of(*texts);
    }
}

static void compare(struct desk *d, const char *draft)
{
    struct err err = {0};
    d->found = (struct hints){0};
    assert_ok(hints_shared(d->arena, span_of(draft), &d->texts, HINT_COMMITS, &d->found, &err), &err);
}

static void has_words(const struct desk *d, size_t at, const char *words, int64_t in)
{
    assert_true(at < d->found.n);
    assert_string_equal(d->found.at[at].words, words);
    assert_int_equal(d->found.at[at].in, in);
    assert_int_equal(d->found.at[at].of, d->texts.n);
}

void test_hints__own_commit_words_warned(void **state)
{
    (void)state;
    static const char *const texts[] = {"Fix the sink-token ablation",
                                        "Run the sink-token ablation again\n\nIt was wrong.", "Update readme",
                                        "Mach das Kvantum schneller", NULL};
    struct desk d;
    desk_make(&d, texts);
    compare(&d, "I am so tired of the Sink-Token ablation, and of kvantum.");
    assert_int_equal(d.found.n, 2);
    has_words(&d, 0, "the Sink-Token ablation", 2);
    has_words(&d, 1, "kvantum", 1);
    arena_free(d.arena);
}

void test_hints__common_words_say_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"Fix the tests and update the readme",
                                        "I think of stopping this work, it was wrong.", "2026", NULL};
    struct desk d;
    desk_make(&d, texts);
    compare(&d, "I think of stopping. It was wrong to work this much in 2026; fix the tests.");
    assert_int_equal(d.found.n, 0);
    compare(&d, "");
    assert_int_equal(d.found.n, 0);
    arena_free(d.arena);
}

void test_hints__chinese_runs_of_four(void **state)
{
    (void)state;
    static const char *const texts[] = {"修复注意力汇聚实验", "更新说明", NULL};
    struct desk d;
    desk_make(&d, texts);
    compare(&d, "最近一直在做注意力汇聚实验，很累。");
    assert_int_equal(d.found.n, 1);
    has_words(&d, 0, "注意力汇聚实验", 1);
    compare(&d, "更新了，说明白了"); /* three in a row are everybody's */
    assert_int_equal(d.found.n, 0);
    arena_free(d.arena);
}

void test_hints__odd_bytes_and_many(void **state)
{
    (void)state;
    static char long_text[60000];
    static const char *texts[] = {long_text, "\xff\xfe zebrafish \xe4\xb8", NULL};
    struct desk d;
    size_t n = 0;
    for (int i = 0; n + 16 < sizeof long_text; i++)
        n += (size_t)snprintf(long_text + n, sizeof long_text - n, "qz%dx blarg ", i);
    desk_make(&d, texts);
    compare(&d, long_text);
    assert_int_equal(d.found.n, 1); /* one run */
    AUTO_BUF struct buf apart;
    buf_init(&apart, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_printf(&apart, "qz%dx. the the ", i);
    buf_add_text(&apart, "\xff zebrafish");
    compare(&d, buf_text(&apart));
    assert_int_equal(d.found.n, HINTS_MOST);
    assert_true(d.found.more);
    arena_free(d.arena);
}
