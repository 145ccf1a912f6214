/* io/migrate.h: each migration once, all or none, a copy before a change, and a newer database left alone. */
#include "test/test.h"

#include "io/migrate.h"
#include "test/io/place.h"

static const struct migration two[] = {{1, 1 | 2, "create table a(x integer)"},
                                       {2, 1, "create table b(x integer)"},
                                       {3, 2, "create table c(x integer)"},
                                       {0}};
static const struct migration one[] = {{1, 1 | 2, "create table a(x integer)"}, {0}};
static const struct migration broken[] = {
    {1, 1, "create table a(x integer)"}, {2, 1, "create table b(x integer); nonsense"}, {0}};

static bool has(struct db *db, const char *table)
{
    struct err err = {0};
    int64_t n = 0;
    assert_ok(db_number(db, &n, 0, &err, "select count(*) from sqlite_schema where name = $1", V_STR(table)),
              &err);
    return n == 1;
}

void test_migrate__each_runs_once_and_the_role_picks(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set sets[] = {{"room", two}};
    int64_t n = 0;
    assert_ok(db_open(&db, ":memory:", &err), &err);
    for (int round = 0; round < 2; round++) {
        assert_ok(migrate(db, sets, 1, 1, NULL, &err), &err);
        assert_ok(migrate_count(db, &n, &err), &err);
        assert_int_equal(n, 5); /* io's own three, 1, 2 */
        assert_true(has(db, "setting") && has(db, "held") && has(db, "a") && has(db, "b"));
        assert_false(has(db, "c"));
    }
    assert_ok(migrate(db, sets, 1, 2, NULL, &err), &err); /* listed though of another role: not newer */
    assert_true(has(db, "c"));
    db_close(db);
}

void test_migrate__a_failing_one_changes_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set sets[] = {{"room", broken}};
    int64_t n = -1;
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_false(migrate(db, sets, 1, 1, NULL, &err));
    assert_int_not_equal(err.code, E_NONE);
    err_clear(&err);
    assert_ok(migrate_count(db, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_false(has(db, "a") || has(db, "setting"));
    db_close(db);
}

void test_migrate__a_newer_database_is_left_as_it_is(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set newer[] = {{"room", two}}, older[] = {{"room", one}},
                         more[] = {{"room", one}, {"new", one}};
    int64_t before, after;
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, newer, 1, 1, NULL, &err), &err);
    assert_ok(db_number(db, &before, 0, &err, "select count(*) from sqlite_schema"), &err);
    assert_false(migrate(db, older, 1, 1, NULL, &err));
    assert_int_equal(err.code, E_NEWER);
    err_clear(&err);
    assert_false(migrate(db, more, 2, 1, NULL, &err));
    assert_int_equal(err.code, E_NEWER);
    err_clear(&err);
    assert_ok(db_number(db, &after, 0, &err, "select count(*) from sqlite_schema"), &err);
    assert_int_equal(before, after);
    db_close(db);
}

void test_migrate__an_existing_database_is_copied_before_it_changes(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = NULL, *copy = NULL;
    struct place place;
    struct migration_set old[] = {{"room", one}}, new[] = {{"room", two}};
    place_make(&place);
    const char *backup = place_name(&place, "before.db");
    assert_ok(db_open(&db, place_name(&place, "x.db"), &err), &err);
    assert_ok(migrate(db, old, 1, 1, backup, &err), &err);
    assert_false(file_exists(backup)); /* nothing was there to copy */
    assert_ok(migrate(db, old, 1, 1, backup, &err), &err);
    assert_false(file_exists(backup)); /* nothing to change */
    place_put(backup, "an older copy", 13);
    assert_ok(migrate(db, new, 1, 1, backup, &err), &err);
    assert_ok(db_open(&copy, backup, &err), &err);
    assert_true(has(copy, "a"));
    assert_false(has(copy, "b"));
    assert_true(has(db, "b"));
    db_close(copy);
    db_close(db);
    place_clear(&place);
}
