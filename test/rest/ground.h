#ifndef TEST_REST_GROUND_H
#define TEST_REST_GROUND_H
/* A home of a test's own with a database in memory, and git as it is installed here, told nothing by this
 * machine. All static: tools/gentests.awk wants a test in each .c here. NOW is a Wednesday noon, so that no
 * zone of the machine moves it out of its week. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/file.h"
#include "io/migrate.h"
#include "io/proc.h"
#include "rest/look.h"
#include "rest/rest_db.h"

enum { NOW = 1795003200 }; /* 2026-11-18 12:00 UTC */

struct ground {
    char top[64];
    struct arena *arena;
    struct db *db;
    struct paths paths;
    struct app app;
};

static inline const char *ground_name(struct ground *g, const char *name)
{
    return file_join(g->arena, g->top, name);
}

static inline void ground_make(struct ground *g)
{
    struct err err = {0};
    const struct migration_set set = {"rest", rest_migrations};
    char *real;
    *g = (struct ground){.arena = arena_new(), .top = "/tmp/respite-rest-XXXXXX"};
    assert_non_null(mkdtemp(g->top));
    assert_ok(file_real(g->arena, g->top, &real, &err), &err);
    snprintf(g->top, sizeof g->top, "%s", real);
    g->paths = (struct paths){.data = ground_name(g, "data"), .home = ground_name(g, "home")};
    g->paths.db = file_join(g->arena, g->paths.data, "respite.db");
    assert_ok(file_make_dir(g->paths.data, true, &err) && file_make_dir(g->paths.home, true, &err), &err);
    assert_ok(db_open(&g->db, ":memory:", &err) && migrate(g->db, &set, 1, NODE, NULL, &err), &err);
    g->app = (struct app){
        .role = NODE, .arena = g->arena, .db = g->db, .paths = &g->paths, .now = NOW, .theme = "auto"};
    setenv("HOME", g->paths.home, 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", file_join(g->arena, g->paths.home, ".gitconfig"), 1);
}

static inline void ground_clear(struct ground *g)
{
    struct err err = {0};
    db_close(g->db);
    assert_ok(file_remove(g->top, &err), &err);
    arena_free(g->arena);
}

/* Run lines of shell in the ground's folder. Two words of ours: `mk FOLDER` makes a repository with Wei's
 * address, `ci FOLDER DATE [ARGUMENT…]` an empty commit at DATE ("1794900000 +0100"), `by MAIL` before it
 * makes it another's. */
static inline void sh(struct ground *g, const char *lines)
{
    struct buf AUTO_BUF script;
    buf_init(&script, 1 << 16);
    buf_printf(
        &script,
        "set -e; cd '%s'; unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE\n"
        "mk() { git init -q -b main \"$@\"; for last; do :; done\n"
        "git -C \"$last\" config user.email wei@example.org; git -C \"$last\" config user.name Wei; }\n"
        "ci() { d=$1 t=$2; shift 2; GIT_AUTHOR_DATE=\"$t\" GIT_COMMITTER_DATE=\"$t\" "
        "git -C \"$d\" commit -q --allow-empty -m x \"$@\"; }\n"
        "by() { m=$1; shift; GIT_AUTHOR_EMAIL=$m GIT_COMMITTER_EMAIL=$m \"$@\"; }\n%s",
        g->top, lines);
    assert_int_equal(system(buf_text(&script)), 0);
}

/* What is in a table, as a number. */
#define HOW_MANY(g, sql) \
    __extension__({ \
        struct err how_err = {0}; \
        int64_t how_n = -1; \
        assert_ok(db_number((g)->db, &how_n, -1, &how_err, sql), &how_err); \
        how_n; \
    })
#endif
