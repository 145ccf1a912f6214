/* Example data: a database of its own beside the real one, so that looking around changes nothing and leaves
 * nothing behind. */
#include "app/home.h"
#include "app/schema.h"
#include "ui/form.h"
#include "ui/reply.h"

#include "base/banned.h"

static const char *const carried[] = {"lang", "theme", "keys", "help.country"};

const char *example_path(struct app *app)
{
    return file_join(app->arena, app->paths->data, "example.db");
}

static bool remove_files(struct app *app, struct err *err)
{
    static const char *const names[] = {"example.db", "example.db-wal", "example.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = file_join(app->arena, app->paths->data, names[i]);
        if (!path)
            return fail_memory(err);
        if (!file_remove(path, err))
            return false;
    }
    return true;
}

/* Language and look go along both ways: they are the person's, not the example's. */
static bool carry(struct app *app, struct db *from, struct db *to, struct err *err)
{
    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
        const char *value;
        if (!setting_get(from, app->arena, carried[i], NULL, &value, err) ||
            (value && !setting_put(to, carried[i], value, err)))
            return false;
    }
    return true;
}

static bool fill(struct db *db, void *arg, struct err *err)
{
    struct app *app = arg;
    (void)db;
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->example && !(*room)->example(app, err))
            return false;
    return true;
}

bool example_start(struct app *app, struct db *into, struct err *err)
{
    struct app filling = *app;
    filling.db = into;
    return schema_migrate(app, into, NULL, err) && db_write(into, fill, &filling, err) &&
           carry(app, app->db, into, err);
}

void page_example_start(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    struct db *db = NULL;
    const char *path = example_path(app);
    bool ok = form_read(app, request, &form, &err);
    if (ok && !app->example)
        ok = (path || fail_memory(&err)) && remove_files(app, &err) && db_open(&db, path, &err) &&
             example_start(app, db, &err) && setting_put(app->db, "example", "on", &err);
    db_close(db);
    if (!ok) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    reply_to(reply, request, "/rest/hours");
}

void page_example_clear(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    struct db *real = NULL;
    bool ok = form_read(app, request, &form, &err);
    if (ok && app->example)
        ok = db_open(&real, app->paths->db, &err) && carry(app, app->db, real, &err) &&
             setting_put(real, "example", "", &err) && remove_files(app, &err);
    db_close(real);
    if (!ok) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    reply_to(reply, request, "/");
}
