/* rest/quiet.c: which days can be a quiet week of one's own, and how it ends. */
#include "test/test.h"

#include "io/clock.h"
#include "rest/quiet.h"
#include "test/rest/ground.h"
#include "ui/form.h"

#include "base/banned.h"

static day_t today(void)
{
    return moment_day(clock_local(NOW));
}

static enum err_code plan(struct ground *g, day_t from, day_t to)
{
    struct err err = {0};
    struct quiet q = {.from = -1, .to = -1};
    if (quiet_plan(&g->app, from, to, &q, &err)) {
        assert_true(q.id > 0 && q.from == from && q.to == to && !q.ended);
        return E_NONE;
    }
    assert_true(q.from == -1); /* left as it was */
    assert_non_null(strstr(err.text, to < from      ? "last day is before the first"
                                     : to < today() ? "over already"
                                                    : "ninety"));
    return err.code;
}

void test_quiet__days_that_cannot_be_are_refused_and_nothing_is_kept(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    day_t t = today();
    assert_int_equal(plan(&g, t + 7, t + 6), E_USAGE);
    assert_int_equal(plan(&g, t - 7, t - 1), E_USAGE);
    assert_int_equal(plan(&g, t, t + 90), E_USAGE);
    assert_int_equal(HOW_MANY(&g, "select count(*) from quiet"), 0);
    assert_int_equal(plan(&g, t, t), E_NONE);
    assert_int_equal(plan(&g, t - 3, t), E_NONE); /* begun some days ago and said today */
    assert_int_equal(plan(&g, t + 1, t + 90), E_NONE);
    assert_int_equal(HOW_MANY(&g, "select count(*) from quiet"), 3);
    ground_clear(&g);
}

void test_quiet__ending_ends_what_is_on_and_leaves_what_is_to_come(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct quiets q = {0};
    size_t ended = 9;
    day_t until;
    ground_make(&g);
    assert_ok(quiet_end(&g.app, moment_day(clock_local(g.app.now)), &ended, &err), &err);
    assert_int_equal(ended, 0);
    plan(&g, today(), today() + 6);
    plan(&g, today() + 20, today() + 26);
    assert_ok(sched_hushed(g.db, NOW, &until, &err), &err);
    assert_int_equal(until, today() + 6);
    assert_ok(quiet_end(&g.app, moment_day(clock_local(g.app.now)), &ended, &err) &&
                  sched_hushed(g.db, NOW, &until, &err) && sched_quiets(g.db, g.arena, today(), &q, &err),
              &err);
    assert_int_equal(ended, 1);
    assert_int_equal(until, 0);
    assert_true(q.n == 1 && q.at[0].from == today() + 20);
    ground_clear(&g);
}

void test_quiet__it_is_named_by_its_days(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct quiet q = {.from = day_of((struct ymd){2026, 2, 9}), .to = day_of((struct ymd){2026, 2, 15})};
    assert_string_equal(quiet_text(&g.app, &q), "Quiet week, 9 to 15 February.");
    ground_clear(&g);
}

/* Send `body` to a page of ours with the field that proves it is from us. */
static int send(struct ground *g, const char *path, const char *body,
                void (*serve)(struct app *, const struct request *, struct reply *))
{
    static const uint8_t key[32] = {1};
    struct buf AUTO_BUF form, all;
    struct reply reply = {.status = 200};
    buf_init(&form, 4096);
    buf_init(&all, 4096);
    buf_init(&reply.body, 1 << 20);
    g->app.form_key = key;
    g->app.rooms = (const struct room *const[]){NULL};
    form_open(&(struct html){&form}, &g->app, path);
    const char *proof = strstr(buf_text(&form), "value=\"");
    assert_non_null(proof);
    buf_printf(&all, "form_proof=%.64s&%s", proof + 7, body);
    serve(&g->app,
          &(struct request){
              .arena = g->arena, .method = SPAN("POST"), .path = span_of(path), .body = buf_span(&all)},
          &reply);
    buf_clear(&reply.body);
    g->app.rooms = NULL;
    return reply.status;
}

void test_quiet__the_page_plans_and_takes_back(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    assert_int_equal(send(&g, "/rest/quiet", "from=2026-12-21&to=2026-12-27", page_quiet_plan), 303);
    assert_int_equal(HOW_MANY(&g, "select count(*) from quiet where ended = 0"), 1);
    assert_int_equal(send(&g, "/rest/quiet", "from=2026-12-21&to=soon", page_quiet_plan), 400);
    assert_int_equal(send(&g, "/rest/quiet", "from=2026-12-28&to=2026-12-27", page_quiet_plan), 400);
    assert_int_equal(send(&g, "/rest/quiet/end", "id=77", page_quiet_end), 303); /* none of that number */
    assert_int_equal(HOW_MANY(&g, "select count(*) from quiet where ended = 0"), 1);
    assert_int_equal(send(&g, "/rest/quiet/end", "id=1", page_quiet_end), 303);
    assert_int_equal(HOW_MANY(&g, "select count(*) from quiet where ended = 0"), 0);
    ground_clear(&g);
}
