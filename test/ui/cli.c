/* The command line as people type it. */
#include "test/test.h"

#include "base/mem.h"
#include "codec/utf8.h"
#include "ui/lang.h"
#include "ui/room.h"

#include "base/banned.h"

static const struct cli_option options[] = {{"weeks", "N", {"\004", "How many weeks."}},
                                            {"mine", "EMAIL", {"\004", "Whose commits."}},
                                            {"all", NULL, {"\004", "All."}},
                                            {0}};

struct line {
    struct arena *arena;
    struct cli cli;
    struct err err;
    bool ok;
};

#define GIVEN(...) given((const char *const[]){__VA_ARGS__, NULL})
static struct line given(const char *const *words)
{
    struct line l = {.arena = arena_new()};
    int n = 0;
    while (words[n])
        n++;
    l.ok = cli_parse(l.arena, options, n, (char **)(void *)words, &l.cli, &l.err);
    return l;
}

void test_cli__options_stand_anywhere_in_both_spellings(void **state)
{
    (void)state;
    struct line l = GIVEN("--weeks", "8", "one", "--mine=a=b", "-", "--all", "two", "--", "--weeks");
    long weeks = 0;
    assert_ok(l.ok, &l.err);
    assert_int_equal(l.cli.words_n, 4);
    assert_string_equal(l.cli.words[0], "one");
    assert_string_equal(l.cli.words[1], "-");
    assert_string_equal(l.cli.words[3], "--weeks");
    assert_null(l.cli.words[4]);
    assert_true(cli_number(&l.cli, "weeks", 12, 1, 520, &weeks, &l.err));
    assert_int_equal(weeks, 8);
    assert_string_equal(cli_value(&l.cli, "mine"), "a=b");
    assert_true(cli_has(&l.cli, "all"));
    assert_false(cli_has(&l.cli, "json"));
    arena_free(l.arena);
}

void test_cli__the_last_of_two_values_counts_and_h_is_help(void **state)
{
    (void)state;
    struct line l = GIVEN("--mine", "a", "--mine", "b", "-h", "--json");
    assert_ok(l.ok, &l.err);
    assert_string_equal(cli_value(&l.cli, "mine"), "b");
    assert_true(cli_has(&l.cli, "help") && cli_has(&l.cli, "json"));
    arena_free(l.arena);
}

static void refused(struct line l, const char *holding)
{
    assert_false(l.ok);
    assert_int_equal(l.err.code, E_USAGE);
    assert_non_null(strstr(l.err.text, holding));
    arena_free(l.arena);
}

void test_cli__what_is_wrong_is_named(void **state)
{
    (void)state;
    refused(GIVEN("--weks", "8"), "“--weeks”");
    refused(GIVEN("--jsno"), "“--json”");
    refused(GIVEN("--elephant"), "“--elephant”");
    refused(GIVEN("--weeks"), "--weeks N");
    refused(GIVEN("--all=yes"), "--all");
    refused(GIVEN("-x"), "-x");
}

void test_cli__numbers_are_whole_and_in_their_range(void **state)
{
    (void)state;
    static const char *const bad[] = {"0",  "521", "8x", "", " 8", "+8", "1e2", "99999999999999999999",
                                      "-1", "abc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct line l = GIVEN("--weeks", bad[i]);
        long weeks = 77;
        assert_ok(l.ok, &l.err);
        assert_false(cli_number(&l.cli, "weeks", 12, 1, 520, &weeks, &l.err));
        assert_int_equal(l.err.code, E_USAGE);
        assert_int_equal(weeks, 77);
        assert_non_null(strstr(l.err.text, "--weeks"));
        arena_free(l.arena);
    }
    struct line l = GIVEN("x");
    long weeks = 0;
    assert_true(cli_number(&l.cli, "weeks", 12, 1, 520, &weeks, &l.err));
    assert_int_equal(weeks, 12);
    arena_free(l.arena);
}

void test_cli__nearest_is_at_most_two_steps_away(void **state)
{
    (void)state;
    static const char *const names[] = {"week", "hours", "export", "rest", NULL};
    assert_string_equal(cli_nearest("wek", names), "week");
    assert_string_equal(cli_nearest("weke", names), "week");     /* a swapped pair is one step */
    assert_string_equal(cli_nearest("epxrot", names), "export"); /* two swaps */
    assert_string_equal(cli_nearest("hour", names), "hours");
    assert_null(cli_nearest("elephant", names));
    assert_null(cli_nearest("", names));
    assert_null(cli_nearest("we", (const char *const[]){"ab", NULL})); /* two steps are all of it */
    assert_null(
        cli_nearest("a-word-longer-than-every-name-there-is-or-will-be-in-this-program-0123456789", names));
}

void test_cli__the_second_words_of_a_first_one_are_found(void **state)
{
    (void)state;
    static const char *const names[] = {"week", "rest quiet", "restore", "rest end", "lab", NULL};
    struct arena *AUTO_ARENA arena = arena_new();
    assert_string_equal(cli_continued(arena, "rest", names), "rest quiet, rest end");
    assert_null(cli_continued(arena, "res", names));
    assert_null(cli_continued(arena, "week", names));
    assert_null(cli_continued(arena, "", names));
}

void test_cli__asks_nothing_without_a_terminal(void **state)
{
    (void)state;
    struct line yes = GIVEN("--yes"), no = GIVEN("--no-input"), both = GIVEN("--no-input", "--yes");
    assert_true(cli_agrees(&yes.cli, "Really?"));
    assert_false(cli_agrees(&no.cli, "Really?"));
    assert_true(cli_agrees(&both.cli, "Really?")); /* agreed beforehand: there is nothing to ask */
    arena_free(yes.arena), arena_free(no.arena), arena_free(both.arena);
}

void test_cli__help_begins_with_an_example_and_fits_a_screen(void **state)
{
    (void)state;
    struct command c = {.name = "hours",
                        .example = {"\004", "respite hours ~/src --weeks 8"},
                        .args = "[FOLDER…]",
                        .help = {"\004", "Signs of work from your own commits, week by week, with the range "
                                         "in which the hours likely were."},
                        .options = options};
    for (int zh = 0; zh < 2; zh++) {
        AUTO_BUF struct buf b;
        buf_init(&b, 10000);
        words_set(zh ? LANG_ZH : LANG_EN);
        cli_help(&b, &c);
        words_set(LANG_EN);
        const char *example = strstr(buf_text(&b), "respite hours ~/src"),
                   *usage = strstr(buf_text(&b), "respite hours [FOLDER…]");
        assert_true(example && usage && example < usage);
        size_t lines = 0;
        struct span rest = buf_span(&b), line;
        for (; rest.n; lines++) {
            span_cut(&rest, '\n', &line);
            assert_true(utf8_width(line) < 80);
        }
        assert_true(lines < 24);
        assert_non_null(strstr(buf_text(&b), "--no-input"));
        assert_non_null(strstr(buf_text(&b), "--mine EMAIL"));
    }
}

void test_cli__no_memory_is_a_sentence(void **state)
{
    (void)state;
    const char *const words[] = {"--weeks", "8", "--weks", NULL};
    bool ended = false;
    for (size_t n = 1; n < 30 && !ended; n++) {
        struct arena *arena = arena_new();
        struct cli cli;
        struct err err = {0};
        mem_fail_at(n, true);
        assert_false(cli_parse(arena, options, 3, (char **)(void *)words, &cli, &err));
        mem_fail_at(0, false);
        assert_true(err.text[0] != '\0');
        ended = err.code == E_USAGE;
        arena_free(arena);
    }
    assert_true(ended);
}
