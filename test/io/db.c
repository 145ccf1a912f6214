/* io/db.h over SQLite: binding, statements in use, transactions, sentences for what goes wrong, and rows that
 * outlive a kill. */
#include "test/test.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/db.h"
#include "test/io/place.h"

static struct db *fresh(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    assert_ok(db_open(&db, path, &err), &err);
    assert_ok(db_run(db, &err, "create table t(a integer primary key, b text)"), &err);
    return db;
}

static int64_t count_rows(struct db *db)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number(db, &n, -1, &err, "select count(*) from t"), &err);
    return n;
}

void test_db__numbers_name_values_whatever_their_order(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(db, &q, &err, "select $2, $1, $1, $3, $4, $5", V_STR("one"), V_INT(-7), V_REAL(1.5),
                       V_NULL, V_BLOB(((struct span){"a\0b", 3}))),
              &err);
    assert_true(db_next(q, &err));
    assert_int_equal(db_int(q, 0), -7);
    assert_span(db_text(q, 1), "one");
    assert_span(db_text(q, 2), "one");
    assert_true(db_real(q, 3) > 1.49 && db_real(q, 3) < 1.51);
    assert_true(db_is_null(q, 4));
    assert_null(db_text(q, 4).p);
    assert_true(span_eq(db_text(q, 5), (struct span){"a\0b", 3}));
    assert_false(db_next(q, &err));
    assert_false(db_next(q, &err)); /* the end stays the end */
    assert_int_equal(err.code, E_NONE);
    db_close_stmt(q);
    q = NULL;
    db_close(db);
}

void test_db__too_few_or_too_many_values_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    assert_false(db_run(db, &err, "insert into t(a) values ($2)", V_INT(1)));
    assert_int_equal(err.code, E_SYSTEM);
    err_clear(&err);
    assert_false(db_run(db, &err, "insert into t(a) values ($1)", V_INT(1), V_INT(2)));
    assert_int_equal(err.code, E_SYSTEM);
    assert_int_equal(count_rows(db), 0);
    db_close(db);
}

void test_db__an_empty_text_is_not_null(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    assert_ok(db_run(db, &err, "insert into t(b) values ($1)", V_TEXT(((struct span){NULL, 0}))), &err);
    int64_t n = 0;
    assert_ok(db_number(db, &n, 0, &err, "select count(*) from t where b = ''"), &err);
    assert_int_equal(n, 1);
    db_close(db);
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

void test_db__a_query_may_run_inside_itself(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    assert_ok(db_run(db, &err, "insert into t(a) values (1), (2), (3)"), &err);
    query_inside_itself(db, 3);
    db_close(db);
}

#define ONE(n) "select " #n
#define EIGHT(n) ONE(n##0), ONE(n##1), ONE(n##2), ONE(n##3), ONE(n##4), ONE(n##5), ONE(n##6), ONE(n##7)

void test_db__more_statements_than_are_kept_work_in_turn(void **state)
{
    (void)state;
    static const char *const texts[] = {EIGHT(1), EIGHT(2), EIGHT(3), EIGHT(4), EIGHT(5), EIGHT(6), EIGHT(7)};
    struct err err = {0};
    struct db *db = fresh(":memory:");
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            int64_t n = 0;
            assert_ok(db_number_(db, &n, 0, &err, texts[i], NULL, 0), &err);
            assert_int_equal(n, strtol(texts[i] + 7, NULL, 10));
        }
    db_close(db);
}

void test_db__more_open_queries_than_are_kept_work_at_once(void **state)
{
    (void)state;
    static const char *const texts[] = {EIGHT(1), EIGHT(2), EIGHT(3), EIGHT(4), EIGHT(5)};
    enum { N = sizeof texts / sizeof texts[0] };
    struct stmt *open[N] = {0};
    struct err err = {0};
    struct db *db = fresh(":memory:");
    for (size_t i = 0; i < N; i++)
        assert_ok(db_query_(db, &open[i], &err, texts[i], NULL, 0), &err);
    for (size_t i = 0; i < N; i++) {
        assert_true(db_next(open[i], &err));
        assert_int_equal(db_int(open[i], 0), strtol(texts[i] + 7, NULL, 10));
        db_close_stmt(open[i]);
    }
    db_close(db);
}

struct nest {
    bool outer_fails, inner_fails;
};

static bool inner_work(struct db *db, void *arg, struct err *err)
{
    const struct nest *n = arg;
    return db_run(db, err, "insert into t(a) values (2)") &&
           (!n->inner_fails || fail(err, E_REFUSED, "inner"));
}

static bool outer_work(struct db *db, void *arg, struct err *err)
{
    const struct nest *n = arg;
    struct err inner = {0};
    if (!db_run(db, err, "insert into t(a) values (1)"))
        return false;
    bool kept = db_write(db, inner_work, arg, &inner);
    assert_int_equal(kept, !n->inner_fails);
    return !n->outer_fails || fail(err, E_REFUSED, "outer");
}

void test_db__work_is_kept_whole_or_not_at_all_and_nests(void **state)
{
    (void)state;
    static const int rows[2][2] = {{2, 1}, {0, 0}}; /* [outer fails][inner fails] */
    for (int outer = 0; outer < 2; outer++)
        for (int inner = 0; inner < 2; inner++) {
            struct err err = {0};
            struct db *db = fresh(":memory:");
            struct nest n = {outer, inner};
            assert_int_equal(db_write(db, outer_work, &n, &err), !outer);
            assert_int_equal(count_rows(db), rows[outer][inner]);
            assert_ok(db_run(db, &err, "insert into t(a) values (9)") || outer,
                      &err); /* no transaction is left open */
            db_close(db);
        }
}

void test_db__the_file_and_its_companions_are_ours_alone(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct place place;
    place_make(&place);
    struct db *db = fresh(place_name(&place, "x.db"));
    for (size_t i = 0; i < 3; i++) {
        char name[400];
        struct stat st;
        snprintf(name, sizeof name, "%s%s", place_name(&place, "x.db"), ends[i]);
        assert_int_equal(stat(name, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    db_close(db);
    place_clear(&place);
}

void test_db__a_file_that_is_no_database_is_left_alone(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    char text[5000];
    memset(text, 'x', sizeof text);
    const char *path = place_name(&place, "x.db");
    place_put(path, text, sizeof text);
    struct db *db = NULL;
    assert_false(db_open(&db, path, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_non_null(strstr(err.text, "not a database of Respite"));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, sizeof text);
    place_clear(&place);
}

void test_db__a_folder_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    assert_false(db_open(&db, "/nonexistent/x.db", &err));
    assert_int_equal(err.code, E_SYSTEM);
    err_clear(&err);
    assert_false(db_open_read(&db, "/nonexistent/x.db", &err));
    assert_int_equal(err.code, E_MISSING);
}

void test_db__one_that_another_holds_is_busy_but_can_be_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    struct db *a = fresh(path), *b = NULL, *reader = NULL;
    assert_ok(db_open(&b, path, &err), &err);
    assert_ok(db_open_read(&reader, path, &err), &err);
    assert_ok(db_run(b, &err, "pragma busy_timeout = 30"), &err);
    assert_ok(db_run(a, &err, "insert into t(a) values (1)"), &err);
    assert_ok(db_run(a, &err, "begin immediate"), &err);
    assert_false(db_run(b, &err, "insert into t(a) values (2)"));
    assert_int_equal(err.code, E_BUSY);
    err_clear(&err);
    assert_int_equal(count_rows(reader), 1);
    assert_false(db_run(reader, &err, "insert into t(a) values (3)"));
    assert_int_equal(err.code, E_SYSTEM);
    assert_non_null(strstr(err.text, "read but not written"));
    err_clear(&err);
    assert_ok(db_run(a, &err, "rollback"), &err);
    assert_ok(db_run(b, &err, "insert into t(a) values (2)"), &err);
    db_close(reader);
    db_close(b);
    db_close(a);
    place_clear(&place);
}

void test_db__a_row_against_the_rules_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    assert_ok(db_run(db, &err, "insert into t(a) values (1)"), &err);
    assert_int_equal(db_changed(db), 1);
    assert_false(db_run(db, &err, "insert into t(a) values (1)"));
    assert_int_equal(err.code, E_REFUSED);
    db_close(db);
}

void test_db__a_failing_row_ends_a_query_with_its_sentence(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    assert_ok(db_run(db, &err, "insert into t(a) values (1)"), &err);
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(db, &q, &err, "select abs(-9223372036854775807 - a) from t"), &err);
    assert_false(db_next(q, &err));
    assert_int_not_equal(err.code, E_NONE);
    db_close_stmt(q);
    q = NULL;
    db_close(db);
}

static bool put_line(const char *path, const char *line)
{
    int fd = open(path, O_WRONLY);
    bool done = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);
    close(fd);
    return done;
}

/* A file system of 256 kB in a name space of this child's own. */
static bool small_disk(const char *where)
{
    char uids[60], gids[60];
    bool root = geteuid() == 0;
    snprintf(uids, sizeof uids, "%u %u 1", geteuid(), geteuid());
    snprintf(gids, sizeof gids, "%u %u 1", getegid(), getegid());
    if (unshare(root ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    if (!root && !(put_line("/proc/self/setgroups", "deny") && put_line("/proc/self/uid_map", uids) &&
                   put_line("/proc/self/gid_map", gids)))
        return false;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", where, "tmpfs", 0, "size=256k,mode=0700") == 0;
}

static int fill_the_disk(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    char text[4000];
    memset(text, 'x', sizeof text);
    if (!db_open(&db, path, &err) || !db_run(db, &err, "create table t(a integer primary key, b text)"))
        return 10;
    int64_t kept = 0, found = 0;
    while (kept < 1000 &&
           db_run(db, &err, "insert into t(b) values ($1)", V_TEXT(((struct span){text, sizeof text}))))
        kept++;
    if (err.code != E_FULL || kept == 0 || kept == 1000)
        return 11;
    err_clear(&err);
    if (!db_number(db, &found, 0, &err, "select count(*) from t") || found != kept)
        return 12;
    db_close(db);
    if (!db_open(&db, path, &err) || !db_check(db, &err) ||
        !db_number(db, &found, 0, &err, "select count(*) from t") || found != kept)
        return 13;
    db_close(db);
    return 0;
}

static int read_only_disk(const char *where, const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    if (mount(NULL, where, NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
        return 77;
    if (db_open(&db, path, &err) && db_run(db, &err, "insert into t(b) values ('x')"))
        return 20;
    return err.code == E_SYSTEM ? 0 : 21;
}

void test_db__a_full_or_read_only_disk_is_said_and_loses_nothing(void **state)
{
    (void)state;
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    pid_t pid = fork();
    if (pid == 0) {
        if (!small_disk(place.dir))
            _exit(77);
        int status = fill_the_disk(path);
        _exit(status ? status : read_only_disk(place.dir, path));
    }
    int status = place_wait(pid);
    place_clear(&place);
    if (status == 77)
        skip(); /* this machine lends no name spaces */
    assert_int_equal(status, 0);
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
        if (!db_run(db, &err, "insert into t(a) values ($1)", V_INT(n)) ||
            write(say, &n, sizeof n) != sizeof n)
            _exit(1);
    }
}

static int64_t kill_while_writing(const char *path, unsigned wait_us)
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
    kill(pid, SIGKILL);
    while (read(ends[0], &n, sizeof n) == sizeof n)
        last = n;
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return last;
}

void test_db__what_was_acknowledged_outlives_a_kill(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    db_close(fresh(path));
    for (unsigned round = 0; round < 20; round++) {
        int64_t acknowledged = kill_while_writing(path, 500 + round * 777);
        struct db *db = NULL;
        int64_t highest = 0;
        assert_ok(db_open(&db, path, &err), &err);
        assert_ok(db_check(db, &err), &err);
        assert_ok(db_number(db, &highest, 0, &err, "select max(a) from t"), &err);
        assert_true(highest >= acknowledged);
        assert_int_equal(count_rows(db), highest); /* none between is missing */
        db_close(db);
    }
    place_clear(&place);
}

void test_db__a_backup_is_the_whole_and_overwrites_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    struct db *db = fresh(place_name(&place, "x.db")), *copy = NULL;
    const char *path = place_name(&place, "copy.db");
    assert_ok(db_run(db, &err, "insert into t(a) values (1), (2)"), &err);
    assert_ok(db_backup(db, path, &err), &err);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(db_open(&copy, path, &err), &err);
    assert_ok(db_check(copy, &err), &err);
    assert_int_equal(count_rows(copy), 2);
    assert_false(db_backup(db, path, &err));
    assert_int_equal(err.code, E_REFUSED);
    db_close(copy);
    db_close(db);
    place_clear(&place);
}

void test_db__damage_is_found(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    struct db *db = fresh(path);
    for (int i = 0; i < 500; i++)
        assert_ok(db_run(db, &err, "insert into t(b) values ('some words that fill pages')"), &err);
    db_close(db);
    int fd = open(path, O_WRONLY);
    char noise[3000];
    memset(noise, 0xa5, sizeof noise);
    assert_int_equal(pwrite(fd, noise, sizeof noise, 8192), sizeof noise);
    close(fd);
    assert_ok(db_open(&db, path, &err), &err);
    assert_false(db_check(db, &err));
    assert_int_equal(err.code, E_FORMAT);
    db_close(db);
    place_clear(&place);
}

void test_db__settings_are_kept_by_name(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *db = fresh(":memory:");
    const char *value = NULL;
    assert_ok(db_run_script(db, "create table setting(name text primary key, value text not null)", &err),
              &err);
    assert_ok(setting_get(db, arena, "theme", "auto", &value, &err), &err);
    assert_string_equal(value, "auto");
    assert_ok(setting_put(db, "theme", "dark", &err), &err);
    assert_ok(setting_put(db, "theme", "light", &err), &err);
    assert_ok(setting_get(db, arena, "theme", NULL, &value, &err), &err);
    assert_string_equal(value, "light");
    db_close(db);
}

void test_db__without_memory_there_is_one_sentence_and_no_leak(void **state)
{
    (void)state;
    for (size_t nth = 1; nth < 30; nth++) {
        struct err err = {0};
        struct db *db = NULL;
        mem_fail_at(nth, true);
        bool opened = db_open(&db, ":memory:", &err);
        mem_fail_at(0, false);
        assert_int_equal(opened, err.code == E_NONE);
        assert_true(opened || err.code == E_MEMORY);
        db_close(db);
    }
}
