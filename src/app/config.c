/* The folders to look into, kept in the database; the page that adds one. */
#include <stdlib.h>

#include "app/home.h"
#include "base/vec.h"
#include "ui/form.h"
#include "ui/reply.h"

#include "base/banned.h"

static bool holds(const struct trees *t, const char *path)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->at[i], path) == 0)
            return true;
    return false;
}

bool folders_load(struct app *app, const char *const **out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    struct trees t = {0};
    if (!db_query(app->db, &q, err, "select path from folder order by path"))
        return false;
    while (db_next(q, err)) {
        const char **at = VEC_PUSH(app->arena, &t);
        if (!at || !(*at = arena_text(app->arena, db_text(q, 0))))
            return fail_memory(err);
    }
    for (const char *const *here = app->here; here && *here; here++) {
        if (holds(&t, *here))
            continue;
        const char **at = VEC_PUSH(app->arena, &t);
        if (!at)
            return fail_memory(err);
        *at = *here;
    }
    const char **end = VEC_PUSH(app->arena, &t); /* the NULL at the end */
    if (!end)
        return fail_memory(err);
    *out = t.at;
    return err->code == E_NONE;
}

bool folder_add(struct app *app, const char *path, struct err *err)
{
    struct err missing = {0};
    char *real; /* one that is not there is looked at by the next serving process */
    bool there = file_real(app->arena, path, &real, &missing);
    if (strcmp(there ? real : path, "/") == 0)
        return fail(err, E_USAGE, "%s",
                    tr("err.folder.root", "All of this computer is too much to look through. Name the folder "
                                          "that holds your repositories."));
    return db_run(app->db, err, "insert into folder(path) values ($1) on conflict do nothing",
                  V_BLOB(span_of(path)));
}

/* "~/src" as a person types it, made whole; the folder itself is looked at by the next serving process, whose
 * sandbox holds it. */
static const char *typed_path(struct app *app, struct span typed)
{
    typed = span_trim(typed);
    if (typed.n == 0 || memchr(typed.p, '\0', typed.n))
        return NULL;
    if (typed.p[0] == '~' && (typed.n == 1 || typed.p[1] == '/')) {
        const char *rest = arena_text(app->arena, span_from(typed, typed.n > 1 ? 2 : 1));
        if (!rest)
            return NULL;
        return rest[0] ? file_join(app->arena, app->paths->home, rest) : app->paths->home;
    }
    return typed.p[0] == '/' ? arena_text(app->arena, typed) : NULL;
}

/* Into the person's own data, also while example data is shown. */
static bool folder_keep(struct app *app, const char *path, struct err *err)
{
    struct app own = *app;
    struct db *real = NULL;
    if (!app->example)
        return folder_add(app, path, err);
    if (!db_open(&real, app->paths->db, err))
        return false;
    own.db = real;
    bool done = folder_add(&own, path, err);
    db_close(real);
    return done;
}

void page_folder_add(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    const char *path;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    path = typed_path(app, form_value(&form, "path"));
    if (!path) {
        if (!arena_ok(app->arena))
            fail_memory(&err);
        fail(&err, E_USAGE,
             tr("err.folder.path", "Write the folder from the root or from home: /data/src or ~/src."));
        reply_error(app, request, reply, 400, &err);
        return;
    }
    if (!folder_keep(app, path, &err)) {
        reply_error(app, request, reply, err.code == E_USAGE ? 400 : 500, &err);
        return;
    }
    if (app->again && !app->again(app)) {
        fail(&err, E_SYSTEM,
             tr("err.folder.again", "The folder is noted. Start Respite again to look into it."));
        reply_error(app, request, reply, 500, &err);
        return;
    }
    reply_to(reply, request, "/rest/setup");
}
