/* anon/known.h: what is kept comes back, and goes when the lab is left. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/known.h"
#include "io/migrate.h"
#include "ui/room.h"

static struct db *fresh(void)
{
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set set = {"anon", anon_migrations};
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, &set, 1, NODE, NULL, &err), &err);
    return db;
}

static bool forget_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return known_forget(db, err);
}

void test_known__what_is_kept_comes_back_and_is_forgotten(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *db = fresh();
    struct known *back, k = {.name = "Lab",
                             .by = "",
                             .zone = "UTC",
                             .member = "abc",
                             .own_name = "Wei",
                             .trial = true,
                             .issuer = {"http://127.0.0.1:1", "https://x.example"},
                             .board = {"http://127.0.0.1:1"},
                             .issuer_log = "a/respite",
                             .issuer_vkey = "v",
                             .board_log = "a/respite",
                             .board_vkey = "v",
                             .promise_vkey = "p",
                             .origin_info = "a",
                             .board_origin = "127.0.0.1:1",
                             .via = "socks5h://127.0.0.1:9050",
                             .joined_at = 1795580529,
                             .secret = {1, 2},
                             .threads = {0, 9}};
    assert_ok(known_load(db, arena, &back, &err), &err);
    assert_null(back);
    assert_ok(known_save(db, &k, &err), &err);
    assert_ok(known_load(db, arena, &back, &err), &err);
    assert_string_equal(back->own_name, "Wei");
    assert_string_equal(back->by, "");
    assert_string_equal(back->issuer[1], "https://x.example");
    assert_null(back->issuer[2]);
    assert_null(back->board[1]);
    assert_string_equal(back->via, k.via);
    assert_true(back->trial && !back->split);
    assert_int_equal(back->joined_at, k.joined_at);
    assert_memory_equal(back->secret, k.secret, 32);
    assert_memory_equal(back->threads, k.threads, 32);
    assert_ok(db_run(db, &err, "delete from known where name = 'tag'"), &err);
    assert_false(known_load(db, arena, &back, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    assert_ok(db_write(db, forget_work, NULL, &err), &err);
    assert_ok(known_load(db, arena, &back, &err), &err);
    assert_null(back);
    db_close(db);
}
