/* Pinned drafts. */
#include "papers/near_pins.h"

#include "base/vec.h"
#include "base/words.h"
#include "io/file.h"

#include "base/banned.h"

bool near_pins(struct app *app, struct near_pin out[static NEAR_PINS], size_t *n, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *n = 0;
    if (!db_query(app->db, &q, err, "select id, path from near_pin order by id limit $1", V_INT(NEAR_PINS)))
        return false;
    while (db_next(q, err)) {
        const char *path = arena_text(app->arena, db_text(q, 1));
        if (!path)
            return fail_memory(err);
        out[(*n)++] = (struct near_pin){db_int(q, 0), path};
    }
    return err->code == E_NONE;
}

static bool keep_path(struct app *app, const char *real, struct err *err)
{
    int64_t n;
    if (!db_number(app->db, &n, 0, err, "select count(*) from near_pin where path <> $1", V_STR(real)))
        return false;
    if (n >= NEAR_PINS)
        return fail(err, E_LIMIT,
                    tr("err.papers.pins", "%d drafts are pinned, which is the most. Unpin one first."),
                    (int)NEAR_PINS);
    return db_run(app->db, err, "insert into near_pin(path) values($1) on conflict do nothing", V_STR(real));
}

bool near_pin(struct app *app, const char *path, struct err *err)
{
    char *real;
    if (strcmp(path, "-") == 0)
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.pin_stdin", "Standard input has no path that could be kept."));
    return file_real(app->arena, path, &real, err) && keep_path(app, real, err);
}

bool near_pin_page(struct app *app, const char *path, int64_t *id, struct err *err)
{
    if (path[0] == '~' && path[1] == '/')
        path = file_join(app->arena, app->paths->home, path + 2);
    if (!path)
        return fail_memory(err);
    if (path[0] != '/' || !path[1])
        return fail(err, E_USAGE, "%s",
                    tr("err.near.path", "Give the whole path of the draft, beginning with / or with ~/."));
    return keep_path(app, path, err) &&
           db_number(app->db, id, 0, err, "select id from near_pin where path = $1", V_STR(path));
}

bool near_unpin(struct app *app, const char *path, struct err *err)
{
    char *real;
    struct err none = {0};
    const char *at = file_real(app->arena, path, &real, &none) ? real : path;
    if (!db_run(app->db, err, "delete from near_pin where path = $1", V_STR(at)))
        return false;
    return db_changed(app->db) > 0 ||
           fail(err, E_MISSING, tr("err.papers.not_pinned", "%s is not pinned."), path);
}

bool near_unpin_id(struct db *db, int64_t id, struct err *err)
{
    return db_run(db, err, "delete from near_pin where id = $1", V_INT(id));
}

bool near_sorted(struct db *db, int64_t pin, int64_t paper, unsigned *marks, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select marks from near_sort where pin = $1 and paper = $2", V_INT(pin),
                   V_INT(paper)))
        return false;
    *marks = (unsigned)n & (NEAR_TASK | NEAR_METHOD | NEAR_CLAIM);
    return true;
}

bool near_sort(struct db *db, int64_t pin, int64_t paper, unsigned marks, struct err *err)
{
    return db_run(db, err,
                  "insert into near_sort(pin, paper, marks) select id, $2, $3 from near_pin where id = $1 "
                  "on conflict(pin, paper) do update set marks = excluded.marks",
                  V_INT(pin), V_INT(paper), V_INT(marks));
}

/* Whether `folder` is the home, holds it, or is `/`: more than a draft is a reason for. */
static bool is_wide(const struct app *app, const char *folder)
{
    struct span a = span_of(folder), home = span_of(app->paths->home);
    return a.n <= 1 || (span_starts(home, a) && (home.n == a.n || home.p[a.n] == '/'));
}

/* Editors put a new file in the old one's place, so the folder is what has to be readable; where that is the
 * home itself, the file. */
bool near_reads(struct app *app, struct trees *out, struct err *err)
{
    struct near_pin pin[NEAR_PINS];
    size_t n;
    if (!near_pins(app, pin, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char **at = VEC_PUSH(app->arena, out), *slash = strrchr(pin[i].path, '/');
        char *folder =
            arena_text(app->arena, span_bytes(pin[i].path, slash ? (size_t)(slash - pin[i].path) : 0));
        if (!at || !folder)
            return fail_memory(err);
        *at = is_wide(app, folder) ? pin[i].path : folder;
    }
    return true;
}
