/* app/example.c: looking around with example data changes nothing of one's own. */
#include "test/test.h"

#include "test/app/hall.h"

#include "base/banned.h"

#define ADD(sql) \
    do { \
        struct stmt *AUTO_STMT q = NULL; \
        assert_ok(db_query(db, &q, &err, sql), &err); \
        while (db_next(q, &err)) { \
            buf_add(&out, db_text(q, 0)); \
            buf_add_byte(&out, '\n'); \
        } \
        assert_ok(err.code == E_NONE, &err); \
    } while (0)

/* What is the person's own, as text: all tables; of the settings all but the one that says which data is
 * shown. */
static const char *own(struct hall *h, const char *path)
{
    struct buf AUTO_BUF out;
    struct err err = {0};
    struct db *db = NULL;
    buf_init(&out, 1 << 20);
    assert_ok(db_open_read(&db, path, &err), &err);
    ADD("select mail from identity order by id");
    ADD("select id || ' ' || hex(path) || ' ' || ifnull(chosen, '-') || ifnull(since, '-') || tips from repo "
        "order by id");
    ADD("select hex(oid) || ' ' || at || ' ' || zone || ' ' || class || ' ' || who from sign order by repo, "
        "oid");
    ADD("select at from presence order by at");
    ADD("select week || ' ' || n from others order by repo, week");
    ADD("select hex(path) || size from reflog order by path");
    ADD("select hex(path) from folder order by path");
    ADD("select from_day || ' ' || to_day || ' ' || ended from quiet order by id");
    ADD("select source || state from held order by id");
    ADD("select name || '=' || value from setting where name <> 'example' order by name");
    db_close(db);
    return arena_text(h->arena, buf_span(&out));
}

static void furnish(struct hall *h)
{
    struct err err = {0};
    hall_make(h, rooms);
    hall_db(h, h->paths.db);
    assert_ok(
        db_run(h->app.db, &err, "insert into identity(mail) values ('wei@example.org')") &&
            db_run(h->app.db, &err,
                   "insert into repo(common_dir, path, name, chosen) values (x'2f', x'2f', 'thesis', 1)") &&
            db_run(h->app.db, &err,
                   "insert into sign(repo, oid, at, zone, zone_ok, class, who) values (1, x'aa', 1794900000, "
                   "60, 1, 6, 1)") &&
            db_run(h->app.db, &err, "insert into quiet(from_day, to_day) values (20500, 20506)") &&
            folder_add(&h->app, "/home/wei/src", &err) && setting_put(h->app.db, "lang", "zh", &err) &&
            setting_put(h->app.db, "rest.mine_said", "1", &err),
        &err);
}

static int post(struct hall *h, const char *path)
{
    struct reply reply;
    hall_ask(h, path, "", &reply);
    buf_clear(&reply.body);
    return reply.status;
}

static const char *setting(struct hall *h, struct db *db, const char *name)
{
    struct err err = {0};
    const char *value;
    assert_ok(setting_get(db, h->arena, name, "", &value, &err), &err);
    return value;
}

void test_example__starting_and_clearing_leave_ones_own_data_as_it_was(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    furnish(&h);
    const char *before = own(&h, h.paths.db);
    assert_true(strlen(before) > 100);
    assert_int_equal(post(&h, "/example/start"), 303);
    assert_string_equal(own(&h, h.paths.db), before);
    assert_string_equal(setting(&h, h.app.db, "example"), "on");
    struct db *real = h.app.db;
    h.app.db = NULL;
    h.app.example = true; /* as the node opens it now */
    assert_ok(db_open(&h.app.db, example_path(&h.app), &err), &err);
    assert_string_equal(setting(&h, h.app.db, "lang"), "zh");
    assert_int_equal(post(&h, "/example/start"), 303); /* once more changes nothing */
    assert_int_equal(post(&h, "/example/clear"), 303);
    db_close(h.app.db);
    h.app.db = real;
    assert_string_equal(own(&h, h.paths.db), before);
    assert_string_equal(setting(&h, h.app.db, "example"), "");
    struct file_entries files = {0};
    assert_ok(file_list(h.arena, h.paths.data, &files, &err), &err);
    for (size_t i = 0; i < files.n; i++)
        assert_false(span_starts(span_of(files.at[i].name), SPAN("example")));
    hall_clear(&h);
}

void test_example__the_look_that_was_chosen_meanwhile_is_kept(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    furnish(&h);
    assert_int_equal(post(&h, "/example/start"), 303);
    struct db *real = h.app.db;
    h.app.db = NULL;
    h.app.example = true;
    assert_ok(db_open(&h.app.db, example_path(&h.app), &err) &&
                  setting_put(h.app.db, "theme", "dark", &err) &&
                  setting_put(h.app.db, "rest.hours", "1 0100 0200", &err),
              &err);
    assert_int_equal(post(&h, "/example/clear"), 303);
    db_close(h.app.db);
    h.app.db = real;
    assert_string_equal(setting(&h, h.app.db, "theme"), "dark");
    assert_string_equal(setting(&h, h.app.db, "rest.hours"), ""); /* the example's wish is not the person's */
    hall_clear(&h);
}

void test_example__every_page_of_it_says_so(void **state)
{
    (void)state;
    static const char *const pages[] = {"/", "/rest", "/rest/hours", "/help", "/settings", "/export"};
    struct hall h;
    struct err err = {0};
    hall_make(&h, rooms);
    hall_db(&h, ":memory:");
    assert_ok(example_start(&h.app, h.app.db, &err), &err);
    h.app.example = true;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct reply reply;
        hall_ask(&h, pages[i], NULL, &reply);
        assert_int_equal(reply.status, 200);
        assert_true(span_find(buf_span(&reply.body), SPAN("Example data. Nothing here is about you.")) > 0);
        assert_true(span_find(buf_span(&reply.body), SPAN("action=\"/example/clear\"")) > 0);
        buf_clear(&reply.body);
    }
    hall_clear(&h);
}

void test_example__it_is_the_same_each_time(void **state)
{
    (void)state;
    const char *all[2];
    struct hall h[2];
    for (int i = 0; i < 2; i++) {
        furnish(&h[i]);
        assert_int_equal(post(&h[i], "/example/start"), 303);
        all[i] = own(&h[i], example_path(&h[i].app));
    }
    assert_string_equal(all[0], all[1]);
    assert_true(strlen(all[0]) > 20000);
    hall_clear(&h[0]);
    hall_clear(&h[1]);
}

void test_example__a_form_of_somebody_else_starts_nothing(void **state)
{
    (void)state;
    struct hall h;
    struct reply reply = {.status = 200};
    furnish(&h);
    buf_init(&reply.body, 1 << 20);
    page_example_start(&h.app,
                       &(struct request){.arena = h.arena,
                                         .method = SPAN("POST"),
                                         .path = SPAN("/example/start"),
                                         .body = SPAN("form_proof=1")},
                       &reply);
    assert_int_equal(reply.status, 403);
    assert_string_equal(setting(&h, h.app.db, "example"), "");
    assert_false(file_exists(example_path(&h.app)));
    buf_clear(&reply.body);
    hall_clear(&h);
}
