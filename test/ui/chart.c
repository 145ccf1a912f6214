/* The picture and the table below it hold the same numbers. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "ui/chart.h"

#include "base/banned.h"

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}

/* The number of attribute `name` in the element that begins at `at`. */
static double attribute(const char *at, const char *name)
{
    char wanted[40];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *found = strstr(at, wanted);
    assert_true(found && found < strchr(at, '>'));
    return strtod(found + strlen(wanted), NULL);
}

/* The text of the `n`th <td> (from 0) behind `at`, in `out`. */
static const char *cell(const char *at, size_t n, char out[static 100])
{
    for (size_t i = 0; i <= n; i++) {
        at = strstr(at + (i > 0), "<td");
        assert_non_null(at);
    }
    at = strchr(at, '>') + 1;
    snprintf(out, 100, "%.*s", (int)(strchr(at, '<') - at), at);
    return out;
}

static struct punch sample(void)
{
    struct punch p = {.weeks = 12, .sentence = "There were signs of work on 9 of 12 Sundays & more."};
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++) {
            p.own[day][hour] = day < 5 && hour >= 9 && hour < 18;
            p.at[day][hour] = (uint16_t)((day * 7 + hour * 5) % 13);
        }
    return p;
}

void test_chart__punch_card_and_its_table_hold_the_same_numbers(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct punch p = sample();
    AUTO_BUF struct buf b;
    buf_init(&b, 1 << 20);
    struct html h = {&b};
    chart_punch(&h, arena, &p);
    const char *picture = buf_text(&b), *end = strstr(picture, "</svg>"), *table = strstr(picture, "<table");
    assert_true(end && table);
    char text[100], dot[60];
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++) {
            assert_int_equal(strtol(cell(table, (size_t)(hour * 7 + day), text), NULL, 10), p.at[day][hour]);
            snprintf(dot, sizeof dot, "cx=\"%.1f\" cy=\"%.1f\"", 58 + hour * 24 + 12.0, 30 + day * 30 + 15.0);
            const char *drawn = strstr(picture, dot);
            assert_int_equal(drawn != NULL, p.at[day][hour] > 0); /* blank paper is rest */
            if (!drawn)
                continue;
            while (*drawn != '<')
                drawn--;
            bool filled = strncmp(drawn, "<circle class=\"dot\"", 19) == 0;
            assert_int_equal(filled, p.own[day][hour]);
            double edge = attribute(drawn, "r") + (filled ? 0 : 1),
                   whole = 10.8 * sqrt(p.at[day][hour] / 12.0);
            assert_true(fabs(edge - fmax(2.6, whole)) < 0.3);
        }
    assert_int_equal(count(picture, "class=\"own\""), 1); /* Monday to Friday, nine to six: one block */
    assert_int_equal(count(picture, "style="), 0);
    assert_int_equal(count(picture, "9 of 12 Sundays &amp; more."),
                     2); /* the sentence, and the picture's name */
    arena_free(arena);
}

void test_chart__own_hours_of_single_days_are_blocks_of_their_own(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct punch p = {.weeks = 1, .sentence = ""};
    for (int hour = 0; hour < 24; hour++) {
        p.own[0][hour] = p.own[1][hour] = hour < 6 || hour > 20; /* two runs a day, past midnight */
        p.own[3][hour] = true;
        p.own[6][hour] = hour == 23;
    }
    AUTO_BUF struct buf b;
    buf_init(&b, 1 << 20);
    struct html h = {&b};
    chart_punch(&h, arena, &p);
    assert_int_equal(count(buf_text(&b), "class=\"own\""), 4);
    arena_free(arena);
}

static const struct range_bar bars[] = {
    {"7 Sep", false, false, 0, 0, -1},     {"14 Sep", true, true, 19, 43, -1},
    {"21 Sep", true, false, 0, 0, -1},     {"28 Sep", true, true, 0, 7, 3},
    {"5 Oct", true, true, 30.6, 58.4, 44}, {"12 Oct", true, true, 25, 51, -1},
};
static const struct ranges weeks = {.at = bars, .n = 6, .sentence = "Likely hours.", .unit = "hours, likely"};

void test_chart__ranges_and_their_table_hold_the_same_numbers(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    AUTO_BUF struct buf b;
    buf_init(&b, 1 << 20);
    struct html h = {&b};
    chart_ranges(&h, arena, &weeks);
    const char *picture = buf_text(&b), *table = strstr(picture, "<table"), *bar = picture;
    double base = attribute(strstr(picture, "class=\"base\"") - 6, "y1"),
           unit = 190 / 60.0; /* the axis ends at 60, 190 high */
    char text[100], want[100];
    for (size_t i = 0; i < weeks.n; i++) {
        cell(table, i * 2, text);
        if (!bars[i].known || !bars[i].any) {
            assert_string_equal(text, bars[i].known ? "no signs" : "not known");
            continue;
        }
        snprintf(want, sizeof want, "%.0f to %.0f", bars[i].low, bars[i].high);
        assert_string_equal(text, want);
        snprintf(want, sizeof want, "%.0f", bars[i].own);
        assert_string_equal(cell(table, i * 2 + 1, text), bars[i].own >= 0 ? want : "");
        bar = strstr(bar + 1, "<rect class=\"interval\"");
        assert_non_null(bar);
        double y = attribute(bar, "y"), height = attribute(bar, "height");
        assert_true(fabs((base - y) / unit - bars[i].high) < 0.1);
        assert_true(fabs((base - y - height) / unit - bars[i].low) < 0.1);
    }
    const char *svg_end = strstr(picture, "</svg>");
    AUTO_BUF struct buf drawing;
    buf_init(&drawing, 1 << 20);
    buf_add(&drawing, (struct span){picture, (size_t)(svg_end - picture)});
    assert_int_equal(count(buf_text(&drawing), "class=\"interval\""), 4);
    assert_int_equal(count(buf_text(&drawing), "class=\"estimate\""), 2);
    assert_int_equal(count(buf_text(&drawing), "no signs"), 1);
    assert_int_equal(count(buf_text(&drawing), "not known"), 1);
    arena_free(arena);
}

void test_chart__one_week_none_and_huge_values_are_drawn_inside_the_picture(void **state)
{
    (void)state;
    static const struct range_bar one[] = {{"x", true, true, 0, 0.4, -1}},
                                  huge[] = {{"x", true, true, 1e7, 1e9, 2e9}};
    const struct ranges tries[] = {{.at = one, .n = 1, .sentence = "s", .unit = "u"},
                                   {.sentence = "s", .unit = "u"},
                                   {.at = huge, .n = 1, .sentence = "s", .unit = "u"}};
    for (size_t i = 0; i < 3; i++) {
        struct arena *arena = arena_new();
        AUTO_BUF struct buf b;
        buf_init(&b, 1 << 20);
        struct html h = {&b};
        chart_ranges(&h, arena, &tries[i]);
        assert_false(b.failed);
        for (const char *at = buf_text(&b); (at = strstr(at, "<rect class=\"interval\" x=\"2")); at++)
            assert_true(attribute(at, "y") >= 0 && attribute(at, "y") + attribute(at, "height") <= 258);
        assert_true(count(buf_text(&b), "<line") <= 8);
        assert_int_equal(count(buf_text(&b), "nan") + count(buf_text(&b), "inf"), 0);
        arena_free(arena);
    }
}

/* Draw with the nth request for memory failing: the page's buffer says so in the end, and nothing crashes or
 * leaks. */
static bool drawn(size_t nth)
{
    struct arena *arena = arena_new();
    struct punch p = sample();
    AUTO_BUF struct buf b;
    buf_init(&b, 1 << 20);
    struct html h = {&b};
    mem_fail_at(nth, true);
    chart_punch(&h, arena, &p);
    chart_ranges(&h, arena, &weeks);
    mem_fail_at(0, false);
    arena_free(arena);
    return !b.failed;
}

void test_chart__no_memory_is_told_at_the_end(void **state)
{
    (void)state;
    size_t n = 1;
    while (n < 5000 && !drawn(n))
        n++;
    assert_true(n > 3 && n < 5000);
}

static const struct interval_row rows[] = {
    {"1 to 2", "model-a", 1100, 1120, 1140, 1},
    {"1 to 2", "a name <b> that is far too long to stand here", 1090, 1110, 1130, 1},
    {"3", "model-c", 900, 950, 1000, 2}};

void test_chart__intervals_stand_where_their_numbers_are(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct table_column columns[] = {{"model", false}, {"rating", true}};
    static const char *const cells[] = {"model-a", "1,120", "b", "1,110", "c", "950"};
    AUTO_BUF struct buf b;
    buf_init(&b, 1 << 20);
    struct html h = {&b};
    const struct intervals c = {.at = rows,
                                .n = 3,
                                .sentence = "A bar & a dot.",
                                .unit = "rating",
                                .bracket = "cannot be told apart"};
    chart_intervals(&h, arena, &c,
                    &(struct table){.columns = columns, .columns_n = 2, .cells = cells, .rows_n = 3});
    const char *picture = buf_text(&b), *at = picture;
    assert_int_equal(count(picture, "class=\"interval\""), 3);
    assert_int_equal(count(picture, "class=\"estimate\""), 3);
    assert_int_equal(count(picture, "class=\"bracket\""), 1); /* the two of one group, not the third */
    assert_int_equal(count(picture, "<b>"), 0);
    assert_non_null(strstr(picture, "…"));
    double scale = 0;
    for (size_t i = 0; i < 3; i++) { /* widths are as the numbers, and the dot lies within */
        const char *bar = strstr(at, "<rect class=\"interval\""),
                   *dot = strstr(bar, "<circle class=\"estimate\"");
        double wide = attribute(bar, "width"), x = attribute(bar, "x"), cx = attribute(dot, "cx");
        scale = i ? scale : wide / (rows[i].high - rows[i].low);
        assert_true(fabs(wide - scale * (rows[i].high - rows[i].low)) < 0.2);
        assert_true(fabs(cx - x - scale * (rows[i].at - rows[i].low)) < 0.2);
        assert_true(x >= 232 && x + wide <= 486.1);
        at = dot;
    }
    assert_non_null(strstr(picture, "<details>"));
    arena_free(arena);
}

void test_chart__intervals_of_any_numbers_stay_inside_the_picture(void **state)
{
    (void)state;
    static const struct interval_row tries[][2] = {
        {{NULL, "x", 0, 0, 0, 0}, {NULL, "y", 0, 0, 0, 0}},
        {{NULL, "x", -1e9, 0, 1e9, 0}, {NULL, "y", 1, 1, 1, 0}},
        {{NULL, "x", 5e-7, 6e-7, 7e-7, 0}, {NULL, "y", 0, 0, 0, 0}}};
    for (size_t i = 0; i < 3; i++)
        for (int change = 0; change < 2; change++) {
            struct arena *arena = arena_new();
            AUTO_BUF struct buf b;
            buf_init(&b, 1 << 20);
            struct html h = {&b};
            chart_intervals_file(
                &h, arena,
                &(struct intervals){.at = tries[i], .n = 2, .sentence = "s", .unit = "u", .change = change});
            const char *bar = buf_text(&b);
            while ((bar = strstr(bar + 1, "<rect class=\"interval\"")))
                assert_true(attribute(bar, "x") >= 231.9 &&
                            attribute(bar, "x") + attribute(bar, "width") <= 488.1);
            assert_null(strstr(buf_text(&b), "nan"));
            assert_null(strstr(buf_text(&b), "inf\""));
            arena_free(arena);
        }
}

void test_chart__lines_break_where_nothing_is_known(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const day_t days[] = {20000, 20010, 20011, 20040};
    static const struct line_point a[] = {{true, 1, 2, 3},
                                          {true, 1, 2, 3},
                                          {false, 0, 0, 0},
                                          {true, 2, 3, 4}},
                                   b[] = {
                                       {false, 0, 0, 0}, {true, 0, 1, 2}, {true, 0, 1, 2}, {true, 0, 1, 2}};
    static const struct line_row both[] = {{"a", a}, {"b", b}};
    static const struct table_column columns[] = {{"day", false}};
    static const char *const cells[] = {"1", "2", "3", "4"};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    struct html h = {&out};
    const struct lines_chart c = {
        .day = days, .days = 4, .row = both, .rows = 2, .sentence = "Two lines.", .unit = "rating"};
    chart_lines(&h, arena, &c,
                &(struct table){.columns = columns, .columns_n = 1, .cells = cells, .rows_n = 4});
    const char *picture = buf_text(&out);
    assert_int_equal(count(picture, "class=\"band\""), 2);  /* a's first two days, b's last three */
    assert_int_equal(count(picture, "class=\"reach\""), 1); /* a's last day, alone */
    assert_int_equal(count(picture, "<path class=\"line l1\""), 2);
    assert_int_equal(count(picture, "<path class=\"line l2\""), 1);
    assert_int_equal(count(picture, "class=\"label\""), 2);
    arena_free(arena);
}
