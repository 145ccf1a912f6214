/* app/week.c: rows of rooms become one finite page. */
#include "test/test.h"

#include "io/clock.h"
#include "io/sched.h"
#include "test/app/hall.h"

#include "base/banned.h"

static bool one_line(struct app *app, struct week *week, struct err *err)
{
    return week_line(app, week, "Lasting", "A <line> & more.", "/rest") || fail_memory(err);
}

static bool two_lines(struct app *app, struct week *week, struct err *err)
{
    return (week_line(app, week, NULL, "First.", NULL) && week_line(app, week, NULL, "Second.", NULL)) ||
           fail_memory(err);
}

static bool empty(struct app *app, struct week *week, struct err *err)
{
    (void)app, (void)week, (void)err;
    return true;
}

static bool failing(struct app *app, struct week *week, struct err *err)
{
    (void)app, (void)week;
    return fail(err, E_SYSTEM, "The feed could not be read.");
}

static const struct week_row late_rows[] = {
    {.order = 30, .heading = N_("test.c", "Coming"), .fill = one_line, .always = true},
    {.order = 15, .heading = N_("test.x", "Nothing"), .fill = empty},
    {0},
};
static const struct week_row early_rows[] = {
    {.order = 20, .heading = N_("test.b", "Broken"), .fill = failing},
    {.order = 10, .heading = N_("test.a", "Moved"), .fill = two_lines},
    {0},
};
static const struct room late = {.name = "late", .week = late_rows},
                         early = {.name = "early", .week = early_rows}, bare = {.name = "bare"};
static const struct room *const three[] = {&late, &bare, &early, &home_room, NULL};

static struct week_parts gather(struct hall *h)
{
    struct week_parts parts = {0};
    struct err err = {0};
    assert_ok(week_gather(&h->app, 20000, &parts, &err), &err);
    return parts;
}

void test_week__rows_stand_in_their_order_and_empty_ones_not_at_all(void **state)
{
    (void)state;
    struct hall h;
    hall_make(&h, three);
    struct week_parts parts = gather(&h);
    assert_int_equal(parts.n, 3);
    assert_string_equal(parts.at[0].heading, "Moved");
    assert_int_equal(parts.at[0].n, 2);
    assert_string_equal(parts.at[0].at[1].text, "Second.");
    assert_string_equal(parts.at[1].heading, "Broken");
    assert_string_equal(parts.at[2].heading, "Coming");
    hall_clear(&h);
}

void test_week__a_row_that_fails_says_so_and_hides_no_other(void **state)
{
    (void)state;
    struct hall h;
    hall_make(&h, three);
    struct week_parts parts = gather(&h);
    assert_int_equal(parts.at[1].n, 1);
    assert_string_equal(parts.at[1].at[0].text, "The feed could not be read.");
    assert_null(parts.at[1].at[0].path);
    assert_int_equal(parts.at[2].n, 1);
    hall_clear(&h);
}

void test_week__without_rooms_there_is_an_empty_week(void **state)
{
    (void)state;
    struct hall h;
    hall_make(&h, (const struct room *const[]){&bare, NULL});
    assert_int_equal(gather(&h).n, 0);
    hall_clear(&h);
}

void test_week__the_page_escapes_its_lines_and_ends(void **state)
{
    (void)state;
    struct hall h;
    struct reply reply;
    hall_make(&h, three);
    hall_db(&h, ":memory:");
    hall_ask(&h, "/", NULL, &reply);
    struct span page = buf_span(&reply.body);
    assert_int_equal(reply.status, 200);
    ptrdiff_t moved = span_find(page, SPAN("<h2>Moved</h2>")),
              broken = span_find(page, SPAN("The feed could not be read.")),
              coming = span_find(
                  page, SPAN("<b>Lasting</b> A &lt;line&gt; &amp; more. <a class=\"more\" href=\"/rest\">")),
              end = span_find(page, SPAN("That is all for this week. The rest will keep."));
    assert_true(moved > 0 && broken > moved && coming > broken && end > coming);
    assert_true(span_find(page, SPAN("Nothing</h2>")) < 0);
    buf_clear(&reply.body);
    hall_clear(&h);
}

void test_week__in_a_quiet_week_the_page_rests_and_opens_on_purpose(void **state)
{
    (void)state;
    struct hall h;
    struct reply reply;
    struct err err = {0};
    int64_t id;
    hall_make(&h, three);
    hall_db(&h, ":memory:");
    day_t today = moment_day(clock_local(NOW));
    assert_ok(sched_hush(h.app.db, today, today + 3, &id, &err), &err);
    hall_ask(&h, "/", NULL, &reply);
    assert_true(span_find(buf_span(&reply.body), SPAN("Quiet until 21 November")) > 0);
    assert_true(span_find(buf_span(&reply.body), SPAN("Moved")) < 0);
    assert_true(span_find(buf_span(&reply.body), SPAN("<h2>Coming</h2>")) > 0); /* what somebody waits for */
    assert_true(span_find(buf_span(&reply.body), SPAN("href=\"/?open=1\"")) > 0);
    assert_true(span_find(buf_span(&reply.body), SPAN("href=\"/help\"")) > 0);
    buf_clear(&reply.body);
    struct pair open = {SPAN("open"), SPAN("1")};
    buf_init(&reply.body, 1 << 20);
    page_week(
        &h.app,
        &(struct request){.arena = h.arena, .method = SPAN("GET"), .path = SPAN("/"), .query = {&open, 1, 1}},
        &reply);
    assert_true(span_find(buf_span(&reply.body), SPAN("<h2>Moved</h2>")) > 0);
    buf_clear(&reply.body);
    hall_clear(&h);
}

static const char *welcome(struct app *app)
{
    (void)app;
    return "/rest/setup";
}

void test_week__a_room_that_wants_to_be_set_up_comes_first(void **state)
{
    (void)state;
    struct hall h;
    struct reply reply;
    const struct room fresh = {.name = "fresh", .welcome = welcome};
    hall_make(&h, (const struct room *const[]){&home_room, &fresh, NULL});
    hall_db(&h, ":memory:");
    hall_ask(&h, "/", NULL, &reply);
    assert_int_equal(reply.status, 303);
    assert_span(hall_location(&reply), "/rest/setup");
    buf_clear(&reply.body);
    hall_clear(&h);
}

/* Removing a room leaves the rest working (LAYOUT, Done means). */
void test_week__it_is_drawn_without_any_one_of_the_rooms(void **state)
{
    (void)state;
    for (size_t out = 0; rooms[out]; out++) {
        const struct room *left[16] = {0};
        struct hall h;
        struct reply reply;
        size_t n = 0;
        if (rooms[out] == &home_room)
            continue;
        for (size_t i = 0; rooms[i]; i++)
            if (i != out)
                left[n++] = rooms[i];
        hall_make(&h, left);
        hall_db(&h, ":memory:");
        struct err err = {0};
        assert_ok(setting_put(h.app.db, "rest.started", "1", &err), &err);
        hall_ask(&h, "/", NULL, &reply);
        assert_int_equal(reply.status, 200);
        assert_true(span_ends(buf_span(&reply.body), SPAN("</html>\n")));
        buf_clear(&reply.body);
        hall_clear(&h);
    }
}
