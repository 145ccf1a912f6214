/* io/db.h on both databases: the same texts, the same rows, the same kinds of failure; and what PostgreSQL
 * adds, connections that end and a server that falls. */
#include "test/test.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/migrate.h"
#include "io/sched.h"
#include "test/io/pg.h"
#include "test/io/place.h"

/* Run `check` on an empty database of either kind. */
static void both(void (*check)(struct db *db, const char *path))
{
    struct err err = {0};
    struct place place;
    struct db *db = NULL;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    assert_ok(db_open(&db, path, &err), &err);
    check(db, path);
    db_close(db);
    place_clear(&place);
    path = pg_url();
    if (!path)
        skip();
    db = NULL;
    assert_ok(db_open(&db, path, &err), &err);
    pg_empty(db);
    check(db, path);
    db_close(db);
}

static int64_t number(struct db *db, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number_(db, &n, -1, &err, sql, NULL, 0), &err);
    return n;
}

static void make_t(struct db *db)
{
    struct err err = {0};
    assert_ok(db_run_script(db, "create table t(a integer primary key, b text unique, c blob, d real)", &err),
              &err);
}

static void values(struct db *db, const char *path)
{
    (void)path;
    struct err err = {0};
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    make_t(db);
    assert_ok(db_run(db, &err, "insert into t(a, b, c, d) values ($1, $2, $3, $4)", V_INT(INT64_MAX),
                     V_STR("naïve 说一说 $1 'q' \\"), V_BLOB(((struct span){bytes, sizeof bytes})),
                     V_REAL(-0.1)),
              &err);
    assert_ok(db_run(db, &err, "insert into t(a, b, c, d) values ($1, $2, $3, $4)", V_INT(INT64_MIN),
                     V_TEXT(((struct span){NULL, 0})), V_BLOB(((struct span){NULL, 0})), V_NULL),
              &err);
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(db, &q, &err, "select a, b, c, d, a > 0, null from t order by a desc"), &err);
    assert_true(db_next(q, &err));
    assert_true(db_int(q, 0) == INT64_MAX);
    assert_span(db_text(q, 1), "naïve 说一说 $1 'q' \\");
    assert_true(span_eq(db_text(q, 2), (struct span){bytes, sizeof bytes}));
    double d = db_real(q, 3);
    assert_memory_equal(&d, &(double){-0.1}, sizeof d);
    assert_int_equal(db_int(q, 4), 1);
    assert_true(db_is_null(q, 5));
    assert_true(db_next(q, &err));
    assert_true(db_int(q, 0) == INT64_MIN);
    assert_non_null(db_text(q, 1).p);
    assert_non_null(db_text(q, 2).p);
    assert_int_equal(db_text(q, 1).n + db_text(q, 2).n, 0);
    assert_true(db_is_null(q, 3));
    assert_null(db_text(q, 3).p);
    assert_int_equal(db_int(q, 4), 0);
    assert_false(db_next(q, &err));
    assert_false(db_next(q, &err));
    assert_int_equal(err.code, E_NONE);
}

void test_db_pg__values_come_back_as_they_went(void **state)
{
    (void)state;
    both(values);
}

static void names(struct db *db, const char *path)
{
    (void)path;
    struct err err = {0};
    make_t(db);
    assert_false(db_run(db, &err, "insert into t(a) values ($2)", V_INT(1)));
    assert_int_equal(err.code, E_SYSTEM);
    err_clear(&err);
    assert_false(db_run(db, &err, "insert into t(a) values ($1)", V_INT(1), V_INT(2)));
    assert_int_equal(err.code, E_SYSTEM);
    err_clear(&err);
    assert_int_equal(number(db, "select count(*) from t"), 0);
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(db, &q, &err, "select $2, $1, $1", V_STR("one"), V_INT(-7)), &err);
    assert_true(db_next(q, &err));
    assert_int_equal(db_int(q, 0), -7);
    assert_span(db_text(q, 2), "one");
}

void test_db_pg__each_value_has_its_name(void **state)
{
    (void)state;
    both(names);
}

static bool put(struct db *db, struct val a, struct val b, struct val c, struct err *err)
{
    return db_run(db, err, "insert into t(a, b, c) values ($1, $2, $3) on conflict do nothing", a, b, c);
}

static void kinds(struct db *db, const char *path)
{
    (void)path;
    struct err err = {0};
    struct val blob = V_BLOB(SPAN("\1\2"));
    make_t(db);
    assert_ok(put(db, V_INT(1), V_NULL, V_NULL, &err), &err);
    assert_ok(put(db, V_INT(2), V_STR("x"), V_NULL, &err), &err);
    assert_ok(put(db, V_INT(3), V_NULL, blob, &err), &err);
    assert_ok(put(db, V_INT(4), V_STR("y"), blob, &err), &err);
    assert_int_equal(db_changed(db), 1);
    assert_ok(put(db, V_INT(5), V_STR("y"), V_NULL, &err), &err);
    assert_int_equal(db_changed(db), 0);
    assert_int_equal(number(db, "select count(*) from t where b is not null"), 2);
    assert_int_equal(number(db, "select sum(a) from t where c is not null"), 7);
    assert_ok(db_run_script(db, "create table u(id integer primary key, b text default 'a real blob')", &err),
              &err);
    for (int64_t i = 1; i <= 2; i++) {
        int64_t id = 0;
        assert_ok(db_number(db, &id, 0, &err, "insert into u(b) values ($1) returning id", V_STR("z")), &err);
        assert_int_equal(id, i);
    }
    assert_ok(db_run(db, &err, "insert into u default values"), &err);
    assert_int_equal(number(db, "select count(*) from u where b = 'a real blob'"), 1);
}

void test_db_pg__a_value_may_be_null_one_time_and_not_the_next(void **state)
{
    (void)state;
    both(kinds);
}

static void query_inside_itself(struct db *db, int depth)
{
    struct err err = {0};
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(db, &q, &err, "select a from t order by a"), &err);
    int64_t expected = 1;
    while (db_next(q, &err)) {
        assert_int_equal(db_int(q, 0), expected++);
        if (depth > 0)
            query_inside_itself(db, depth - 1);
    }
    assert_int_equal(err.code, E_NONE);
    assert_int_equal(expected, 4);
}

#define ONE(n) "select " #n
#define EIGHT(n) ONE(n##0), ONE(n##1), ONE(n##2), ONE(n##3), ONE(n##4), ONE(n##5), ONE(n##6), ONE(n##7)

static void many_statements(struct db *db, const char *path)
{
    (void)path;
    static const char *const texts[] = {EIGHT(1), EIGHT(2), EIGHT(3), EIGHT(4), EIGHT(5),
                                        EIGHT(6), EIGHT(7), EIGHT(8), EIGHT(9)};
    struct err err = {0};
    make_t(db);
    assert_ok(db_run(db, &err, "insert into t(a) values (1), (2), (3)"), &err);
    query_inside_itself(db, 2);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            assert_int_equal(number(db, texts[i]), strtol(texts[i] + 7, NULL, 10));
}

void test_db_pg__queries_nest_and_more_than_are_kept_work_in_turn(void **state)
{
    (void)state;
    both(many_statements);
}

struct nest {
    bool outer_fails, inner_fails, inner_breaks;
};

static bool inner_work(struct db *db, void *arg, struct err *err)
{
    const struct nest *n = arg;
    return db_run(db, err, "insert into t(a) values (2)") &&
           (!n->inner_breaks || db_run(db, err, "insert into t(a) values (2)")) &&
           (!n->inner_fails || fail(err, E_REFUSED, "inner"));
}

static bool outer_work(struct db *db, void *arg, struct err *err)
{
    const struct nest *n = arg;
    struct err inner = {0};
    if (!db_run(db, err, "insert into t(a) values (1)"))
        return false;
    assert_true(db_is_writing(db));
    assert_int_equal(db_write(db, inner_work, arg, &inner), !n->inner_fails && !n->inner_breaks);
    assert_true(!inner.code || inner.code == E_REFUSED);
    return db_run(db, err, "insert into t(a) values (3)") &&
           (!n->outer_fails || fail(err, E_REFUSED, "outer"));
}

static void nests(struct db *db, const char *path)
{
    (void)path;
    struct err err = {0};
    make_t(db);
    for (int i = 0; i < 8; i++) {
        struct nest n = {i & 1, i & 2, i & 4};
        err_clear(&err);
        assert_int_equal(db_write(db, outer_work, &n, &err), !n.outer_fails);
        assert_int_equal(number(db, "select coalesce(sum(a), 0) from t"), i & 1 ? 0 : i ? 4 : 6);
        assert_false(db_is_writing(db));
        assert_ok(db_run(db, &err, "delete from t") || n.outer_fails, &err);
    }
}

void test_db_pg__work_is_kept_whole_or_not_at_all_and_nests(void **state)
{
    (void)state;
    both(nests);
}

static bool heedless(struct db *db, void *arg, struct err *err)
{
    struct err dropped = {0};
    (void)arg;
    (void)err;
    bool first = db_run(db, &dropped, "insert into t(a) values (1)");
    bool second = db_run(db, &dropped, "insert into t(a) values (1)"); /* refused */
    return first && !second;
}

void test_db_pg__work_that_goes_on_after_a_failure_is_not_said_to_be_kept(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    if (!pg_url())
        skip();
    assert_ok(db_open(&db, pg_url(), &err), &err);
    pg_empty(db);
    make_t(db);
    assert_false(db_write(db, heedless, NULL, &err));
    assert_int_equal(err.code, E_SYSTEM);
    assert_int_equal(number(db, "select count(*) from t"), 0);
    db_close(db);
}

static void rooms(struct db *db, const char *path)
{
    (void)path;
    static const struct migration rows[] = {
        {1, 1, "create table x(key blob primary key, at integer not null) without rowid"}, {0}};
    struct migration_set sets[] = {{"room", rows}};
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    const char *value = NULL;
    bool ours = false;
    int64_t n = 0;
    for (int round = 0; round < 2; round++)
        assert_ok(migrate(db, sets, 1, 1, NULL, &err), &err);
    assert_ok(migrate_count(db, &n, &err), &err);
    assert_int_equal(n, 4);
    assert_ok(setting_put(db, "theme", "dark", &err), &err);
    assert_ok(setting_put(db, "theme", "light", &err), &err);
    assert_ok(setting_get(db, arena, "theme", NULL, &value, &err), &err);
    assert_string_equal(value, "light");
    assert_ok(sched_take(db, "job", "hour", 1790000000, &ours, &err), &err);
    assert_true(ours);
    assert_ok(sched_take(db, "job", "hour", 1790000000, &ours, &err), &err);
    assert_false(ours);
    assert_ok(sched_done(db, "job", "hour", 1790000000, &err), &err);
    assert_ok(held_receive(db, "s", SPAN("\0k"), 1790000000, &err), &err);
    assert_ok(held_receive(db, "s", SPAN("\0k"), 1790000000, &err), &err);
    struct held_sums sums;
    assert_ok(held_sums(db, &sums, &err), &err);
    assert_ok(held_tick(db, 1790000000, 5, &err), &err);
    assert_int_equal(number(db, "select n from received"), 1);
    assert_false(migrate(db, NULL, 0, 1, NULL, &err));
    assert_int_equal(err.code, E_NEWER);
}

void test_db_pg__migrations_settings_and_leases_are_the_same_texts(void **state)
{
    (void)state;
    both(rooms);
}

/* The exit status is 1 when the lease of this hour was ours. */
static void take(const char *path, int64_t hour)
{
    struct err err = {0};
    struct db *db = NULL;
    bool ours = false;
    _exit(!db_open(&db, path, &err) || !sched_take(db, "job", "hour", hour * 3600, &ours, &err) ? 100 : ours);
}

static void leases(struct db *db, const char *path)
{
    struct err err = {0};
    assert_ok(migrate(db, NULL, 0, 1, NULL, &err), &err);
    for (int64_t hour = 1; hour <= 10; hour++) {
        pid_t pids[4];
        int sum = 0;
        for (int i = 0; i < 4; i++) {
            pids[i] = fork();
            if (pids[i] == 0)
                take(path, hour);
        }
        for (int i = 0; i < 4; i++)
            sum += place_wait(pids[i]);
        assert_int_equal(sum, 1);
        assert_ok(sched_done(db, "job", "hour", hour * 3600, &err), &err);
    }
}

void test_db_pg__a_lease_goes_to_one_process(void **state)
{
    (void)state;
    both(leases);
}

static void reading(struct db *db, const char *path)
{
    struct err err = {0};
    struct db *reader = NULL;
    make_t(db);
    assert_ok(db_run(db, &err, "insert into t(a) values (1)"), &err);
    assert_ok(db_open_read(&reader, path, &err), &err);
    assert_int_equal(number(reader, "select count(*) from t"), 1);
    assert_false(db_run(reader, &err, "insert into t(a) values (2)"));
    assert_int_equal(err.code, E_SYSTEM);
    assert_non_null(strstr(err.text, "read but not written"));
    assert_null(strstr(err.text, "secret"));
    db_close(reader);
}

void test_db_pg__one_opened_for_reading_writes_nothing(void **state)
{
    (void)state;
    both(reading);
}

void test_db_pg__a_row_another_holds_is_busy(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *a = NULL, *b = NULL;
    if (!pg_url())
        skip();
    assert_ok(db_open(&a, pg_url(), &err) && db_open(&b, pg_url(), &err), &err);
    pg_empty(a);
    make_t(a);
    assert_ok(db_run(b, &err, "set lock_timeout = '30ms'"), &err);
    assert_ok(db_run(a, &err, "begin") && db_run(a, &err, "insert into t(a) values (1)"), &err);
    assert_false(db_run(b, &err, "insert into t(a) values (1) on conflict do nothing"));
    assert_int_equal(err.code, E_BUSY);
    err_clear(&err);
    assert_ok(db_run(a, &err, "commit"), &err);
    assert_ok(db_run(b, &err, "insert into t(a) values (1) on conflict do nothing"), &err);
    assert_int_equal(db_changed(b), 0);
    assert_false(db_backup(a, "/nonexistent/x", &err));
    assert_int_equal(err.code, E_REFUSED);
    db_close(a);
    db_close(b);
}

void test_db_pg__one_that_is_not_there_is_said_without_the_password(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    assert_false(db_open(&db, "postgresql://me:hush-hush@127.0.0.1:1/x", &err));
    assert_null(db);
    assert_int_equal(err.code, E_SYSTEM);
    assert_non_null(strstr(err.text, "cannot be reached"));
    assert_null(strstr(err.text, "hush-hush"));
    assert_null(strchr(err.text, '\n'));
}

/* Write rows for ever, saying each on `say` once it is kept. */
static void write_on(const char *path, int say)
{
    struct err err = {0};
    struct db *db = NULL;
    int64_t n = 0;
    if (!db_open(&db, path, &err) || !db_number(db, &n, 0, &err, "select coalesce(max(a), 0) from t"))
        _exit(1);
    for (;;) {
        n++;
        /* One that was killed before may have it on its way: that is not ours to acknowledge. */
        if (!db_run(db, &err, "insert into t(a) values ($1) on conflict do nothing", V_INT(n)) ||
            (db_changed(db) == 1 && write(say, &n, sizeof n) != sizeof n))
            _exit(1);
    }
}

/* The last row that a writing child said was kept. `fall`: what ends it; NULL for a kill. */
static int64_t end_while_writing(const char *path, unsigned wait_us, void (*fall)(void))
{
    int ends[2];
    int64_t last = 0, n;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        write_on(path, ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &last, sizeof last), sizeof last); /* it is at work */
    usleep(wait_us);
    if (fall)
        fall();
    else
        kill(pid, SIGKILL);
    while (read(ends[0], &n, sizeof n) == sizeof n)
        last = n;
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return last;
}

static void kills(struct db *db, const char *path)
{
    make_t(db);
    for (unsigned round = 0; round < 20; round++) {
        int64_t last = end_while_writing(path, 300 + round * 611, NULL);
        /* The last statement of the killed may be kept as well: nobody was told. */
        assert_true(number(db, "select max(a) from t") >= last);
        assert_int_equal(number(db, "select max(a) - count(*) from t"), 0);
    }
}

void test_db_pg__what_was_acknowledged_outlives_a_kill(void **state)
{
    (void)state;
    both(kills);
}

void test_db_pg__a_server_that_falls_keeps_what_was_acknowledged_and_is_found_again(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    if (!pg_url())
        skip();
    assert_ok(db_open(&db, pg_url(), &err), &err);
    pg_empty(db);
    make_t(db);
    for (unsigned round = 0; round < 2; round++) {
        int64_t last = end_while_writing(pg_url(), 2000 + round * 5000, pg_kill);
        if (round == 1) { /* while it is away */
            assert_false(db_run(db, &err, "delete from t"));
            assert_int_equal(err.code, E_SYSTEM);
            assert_non_null(strstr(err.text, "was lost"));
            err_clear(&err);
        }
        pg_serve();
        /* The same handle: its reading, and its work from the beginning, are tried on a new connection. */
        assert_true(number(db, "select max(a) from t") >= last);
        assert_ok(db_write(db, inner_work, &(struct nest){0}, &err) || err.code == E_REFUSED, &err);
        err_clear(&err);
        assert_int_equal(number(db, "select max(a) - count(*) from t"), 0);
    }
    db_close(db);
}

static void torture(struct db *db, const char *path)
{
    make_t(db);
    struct err err = {0};
    assert_ok(db_run(db, &err, "insert into t(a, c) values (1, $1)", V_BLOB(SPAN("bytes"))), &err);
    for (size_t nth = 1; nth < 12; nth++) {
        struct err mine = {0};
        struct db *other = NULL;
        int64_t n = 0;
        mem_fail_at(nth, true);
        bool done = db_open(&other, path, &mine) &&
                    db_number(other, &n, 0, &mine, "select a from t where c = $1", V_BLOB(SPAN("bytes")));
        AUTO_STMT struct stmt *q = NULL;
        done = done && db_query(other, &q, &mine, "select c from t") && db_next(q, &mine);
        mem_fail_at(0, false);
        assert_int_equal(done, mine.code == E_NONE);
        assert_true(done || mine.code == E_MEMORY);
        db_close_stmt(q);
        q = NULL;
        db_close(other);
    }
}

void test_db_pg__without_memory_there_is_one_sentence_and_no_leak(void **state)
{
    (void)state;
    both(torture);
}

/* A plan is kept with its statement; one made while the table was empty must do when it has grown. */
void test_db_pg__a_key_is_found_by_its_index_in_a_table_that_was_empty(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    struct stmt *q = NULL;
    bool by_index = false;
    if (!pg_url())
        skip();
    assert_ok(db_open(&db, pg_url(), &err), &err);
    pg_empty(db);
    make_t(db);
    assert_ok(db_run(db, &err, "vacuum t"), &err); /* from now on it is known to be empty */
    assert_ok(db_query(db, &q, &err, "explain select b from t where a = 7"), &err);
    while (db_next(q, &err))
        by_index |= span_find(db_text(q, 0), SPAN("Index Scan")) >= 0;
    assert_ok(err.code == E_NONE, &err);
    assert_true(by_index);
    db_close_stmt(q);
    db_close(db);
}

/* ---- statements that are put off ---- */

static bool put_later(struct db *db, int64_t a, struct err *err)
{
    return db_run_later(db, err, "insert into t(a) values ($1)", V_INT(a));
}

static bool three_later(struct db *db, void *arg, struct err *err)
{
    const int64_t *n = arg;
    int64_t there = 0;
    for (int64_t i = 0; i < *n; i++)
        if (!put_later(db, i, err))
            return false;
    if (!db_number(db, &there, 0, err, "select count(*) from t"))
        return false;
    assert_int_equal(there, *n);
    return put_later(db, *n, err);
}

/* The second of two alike fails: at the next statement. */
static bool twice_later(struct db *db, void *arg, struct err *err)
{
    int64_t n;
    (void)arg;
    return put_later(db, 500, err) && put_later(db, 500, err) &&
           db_number(db, &n, 0, err, "select count(*) from t");
}

/* It fails when the work is over. */
static bool ends_badly(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return put_later(db, 600, err) && put_later(db, 600, err);
}

/* What is put off when the work gives up goes with it. */
static bool gives_up(struct db *db, void *arg, struct err *err)
{
    bool *settled = arg;
    if (!put_later(db, 700, err) || !put_later(db, 700, err))
        return false;
    *settled = db_settle(db, err);
    err_clear(err);
    (void)!put_later(db, 701, err);
    return false;
}

static bool around(struct db *db, void *arg, struct err *err)
{
    struct err inner = {0};
    bool settled = true;
    (void)arg;
    if (!put_later(db, 800, err))
        return false;
    assert_false(db_write(db, ends_badly, NULL, &inner));
    assert_int_equal(inner.code, E_REFUSED);
    err_clear(&inner);
    assert_false(db_write(db, gives_up, &settled, &inner));
    return put_later(db, 801, err);
}

static void later(struct db *db, const char *path)
{
    struct err err = {0};
    int64_t n = 100;
    bool settled = true, puts_off = db_is_pg(db);
    (void)path;
    make_t(db);
    assert_ok(db_write(db, three_later, &n, &err), &err);
    assert_int_equal(number(db, "select count(*) from t"), 101);
    assert_false(db_write(db, twice_later, NULL, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_false(db_write(db, ends_badly, NULL, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_false(db_write(db, gives_up, &settled, &err));
    assert_true(!puts_off || !settled); /* SQLite says it at once */
    err_clear(&err);
    assert_int_equal(number(db, "select count(*) from t"), 101);
    assert_ok(db_write(db, around, NULL, &err), &err);
    assert_int_equal(number(db, "select sum(a) from t where a > 100"), 800 + 801);
    assert_ok(put_later(db, 900, &err), &err); /* outside work it is as any other */
    assert_int_equal(number(db, "select count(*) from t where a = 900"), 1);
}

void test_db_pg__what_is_put_off_is_done_in_its_place_or_undoes_its_work(void **state)
{
    (void)state;
    both(later);
}

static bool falls_between(struct db *db, void *arg, struct err *err)
{
    int64_t n;
    (void)arg;
    if (!put_later(db, 1, err))
        return false;
    pg_kill();
    return put_later(db, 2, err) && db_number(db, &n, 0, err, "select count(*) from t");
}

void test_db_pg__what_is_put_off_when_the_server_falls_is_not_said_to_be_kept(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    if (!pg_url())
        skip();
    assert_ok(db_open(&db, pg_url(), &err), &err);
    pg_empty(db);
    make_t(db);
    assert_false(db_write(db, falls_between, NULL, &err));
    assert_non_null(strstr(err.text, "was lost"));
    pg_serve();
    assert_int_equal(number(db, "select count(*) from t"), 0);
    db_close(db);
}
