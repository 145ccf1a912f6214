/* speak/help_own.c: own numbers, as they were typed but for what cannot be seen; a few. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "speak/help_own.h"
#include "speak/speak_room.h"
#include "ui/room.h"

#include "base/banned.h"

static struct db *made(void)
{
    struct err err = {0};
    struct db *db;
    const struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    assert_ok(db_open(&db, ":memory:", &err) && migrate(db, sets, 2, NODE, NULL, &err), &err);
    return db;
}

void test_help_own__kept_listed_and_removed(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct help_owns owns;
    struct db *db = made();
    assert_ok(help_own_put(db, SPAN("  Lin\xC2\xAD "), SPAN(" ext.  4411 "), &err) &&
                  help_own_put(db, (struct span){0}, SPAN("+1 555 0100"), &err) &&
                  help_own_list(db, arena, &owns, &err),
              &err);
    assert_int_equal(owns.n, 2);
    assert_span(owns.at[0].name, "Lin");
    assert_span(owns.at[0].number, "ext.  4411");
    assert_span(owns.at[1].name, "");
    assert_ok(help_own_drop(db, owns.at[0].id, &err) && help_own_drop(db, 99, &err) &&
                  help_own_list(db, arena, &owns, &err),
              &err);
    assert_int_equal(owns.n, 1);
    assert_span(owns.at[0].number, "+1 555 0100");
    db_close(db);
}

void test_help_own__what_is_none_is_refused(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help_owns owns;
    struct err good = {0};
    struct db *db = made();
    char *long_text = arena_get(arena, 200);
    memset(long_text, '1', 199);
    long_text[199] = 0;
    const struct span bad[][2] = {{SPAN("Lin"), SPAN("")},
                                  {SPAN("Lin"), {0}},
                                  {SPAN("Lin"), SPAN("   ")},
                                  {SPAN("Lin"), span_of(long_text)},
                                  {span_of(long_text), SPAN("1")},
                                  {SPAN("a\xE2\x80\xAE"
                                        "b"),
                                   SPAN("1")},
                                  {SPAN("Lin"), SPAN("\xFF\xFE")}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        assert_false(help_own_put(db, bad[i][0], bad[i][1], &err));
        assert_true(err.code == E_USAGE || err.code == E_FORMAT);
        assert_true(err.text[0]);
    }
    for (int i = 0; i < HELP_OWN_MOST; i++)
        assert_ok(help_own_put(db, SPAN("x"), SPAN("1"), &good), &good);
    assert_false(help_own_put(db, SPAN("x"), SPAN("1"), &good));
    assert_int_equal(good.code, E_USAGE);
    good = (struct err){0};
    assert_ok(help_own_list(db, arena, &owns, &good), &good);
    assert_int_equal(owns.n, HELP_OWN_MOST);
    db_close(db);
}
