/* anon/confirmed.c: a click and a witness's word are about one head. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/confirmed.h"
#include "anon/spend_rule.h"
#include "io/migrate.h"
#include "ui/room.h"

#include "base/banned.h"

static struct db *fresh(void)
{
    struct err err = {0};
    struct db *db = NULL;
    const struct migration_set set = {"anon", anon_migrations};
    assert_true(db_open(&db, ":memory:", &err));
    assert_true(migrate(db, &set, 1, NODE, NULL, &err));
    return db;
}

void test_confirmed__the_click_is_for_one_head(void **state)
{
    (void)state;
    struct db *db = fresh();
    struct err err = {0};
    uint8_t head[32] = {1}, other[32] = {2};
    bool yes;
    assert_ok(spend_confirmed(db, head, &yes, &err), &err);
    assert_false(yes);
    assert_ok(spend_confirm(db, head, &err) && spend_confirmed(db, head, &yes, &err), &err);
    assert_true(yes);
    assert_ok(spend_confirmed(db, other, &yes, &err), &err);
    assert_false(yes);
    assert_ok(spend_confirm(db, other, &err) && spend_confirmed(db, head, &yes, &err), &err);
    assert_true(yes); /* the one before stays confirmed */
    db_close(db);
}

void test_confirmed__a_witness_that_was_removed_counts_no_more(void **state)
{
    (void)state;
    struct db *db = fresh();
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct confirmed c;
    const char *by;
    uint8_t head[32] = {1};
    assert_ok(
        confirmed_add(db, head, "a.example/witness", &err) &&
            confirmed_add(db, head, CONFIRMED_COLLEAGUE, &err) &&
            db_run(db, &err, "insert into outside(name, vkey, url) values ('a.example/witness', 'k', 'u')"),
        &err);
    assert_ok(confirmed_load(db, arena, head, &c, &err) && confirmed_say(&c, arena, &by, &err), &err);
    assert_int_equal(c.witnesses, 1);
    assert_true(c.enough && c.colleague);
    assert_string_equal(by, "Confirmed by: a colleague; a.example/witness");
    assert_ok(db_run(db, &err, "delete from outside") && confirmed_load(db, arena, head, &c, &err), &err);
    assert_int_equal(c.witnesses, 0);
    db_close(db);
}
