/* Errands: run once, the newest of a kind counts, and what came is there for the page. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/errand.h"
#include "ui/room.h"

#include "base/banned.h"

static struct db *fresh(void)
{
    static const struct migration_set set = {"anon", anon_migrations};
    struct err err = {0};
    struct db *db = NULL;
    assert_true(db_open(&db, ":memory:", &err));
    assert_true(migrate(db, &set, 1, NODE, NULL, &err));
    return db;
}

void test_errand__is_taken_once_and_its_answer_is_there(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct errand e;
    struct db *db = fresh();
    int64_t id;
    bool there;
    assert_true(errand_last(db, arena, "lab look", &e, &err));
    assert_int_equal(e.id, 0);
    assert_true(errand_put(db, "lab look", "https://lab.example/join#x", &id, &err));
    assert_true(errand_take(db, arena, &e, &there, &err));
    assert_true(there);
    assert_int_equal(e.id, id);
    assert_int_equal(e.lang, LANG_EN);
    assert_string_equal(e.argument, "https://lab.example/join#x");
    assert_true(errand_take(db, arena, &e, &there, &err));
    assert_false(there);
    assert_true(errand_wait(db, arena, "lab look", 0, &e, &err));
    assert_int_equal(e.state, ERRAND_RUNS);
    assert_true(errand_end(db, id, true, "{}", &err));
    assert_true(errand_wait(db, arena, "lab look", 1, &e, &err));
    assert_int_equal(e.state, ERRAND_DONE);
    assert_string_equal(e.text, "{}");
    db_close(db);
}

void test_errand__a_new_one_of_a_kind_takes_the_place_of_the_old(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct errand e;
    struct db *db = fresh();
    int64_t first, other, second;
    bool there;
    assert_true(errand_put(db, "lab look", "a", &first, &err));
    assert_true(errand_put(db, "lab join", "b", &other, &err));
    assert_true(errand_put(db, "lab look", "c", &second, &err));
    assert_true(errand_take(db, arena, &e, &there, &err));
    assert_string_equal(e.argument, "b");
    assert_true(errand_take(db, arena, &e, &there, &err));
    assert_string_equal(e.argument, "c");
    assert_true(errand_end(db, first, true, "of the old one", &err)); /* it has nowhere to go */
    assert_true(errand_last(db, arena, "lab look", &e, &err));
    assert_int_equal(e.state, ERRAND_RUNS);
    assert_true(errand_drop(db, "lab look", &err));
    assert_true(errand_last(db, arena, "lab look", &e, &err));
    assert_int_equal(e.id, 0);
    db_close(db);
}
