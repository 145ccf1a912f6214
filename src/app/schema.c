/* The migrations of all rooms as io/migrate.h wants them, and what can be asked about them without changing
 * anything. */
#include "app/schema.h"

#include "app/keep.h"
#include "codec/json.h"

#include "base/banned.h"

enum { ROOMS_MOST = 32 };

static size_t sets_of(const struct app *app, struct migration_set sets[static ROOMS_MOST])
{
    size_t n = 0;
    for (const struct room *const *room = app->rooms; *room && n < ROOMS_MOST; room++)
        if ((*room)->migrations)
            sets[n++] = (struct migration_set){(*room)->name, (*room)->migrations};
    return n;
}

bool schema_migrate(struct app *app, struct db *db, const char *backup, struct err *err)
{
    struct migration_set sets[ROOMS_MOST];
    size_t n = sets_of(app, sets);
    return migrate(db, sets, n, (unsigned)app->role, backup, err);
}

bool schema_not_newer(struct app *app, struct db *db, struct err *err)
{
    struct migration_set sets[ROOMS_MOST];
    size_t n = sets_of(app, sets);
    return migrate_not_newer(db, sets, n, err);
}

bool schema_is_ours(struct db *db, const char *shown, struct err *err)
{
    int64_t tables = 0;
    if (!db_number(
            db, &tables, 0, err,
            "select count(*) from sqlite_schema where type = 'table' and name in ('migration', 'setting')"))
        return false;
    return tables == 2 ||
           fail(err, E_FORMAT,
                tr("err.schema.other", "“%s” is a database, but not one of Respite. Nothing was changed."),
                shown);
}

static const char *roles_text(unsigned roles)
{
    return (roles & NODE) && (roles & LAB) ? "node, lab" : roles & NODE ? "node" : "lab";
}

static bool set_print(const struct migration_set *set, struct buf *text, json_t *list)
{
    for (const struct migration *m = set->rows; m && m->number; m++) {
        buf_printf(text, "-- %s %d (%s)\n%s\n\n", set->room, m->number, roles_text(m->roles), m->sql);
        if (json_array_append_new(list, json_pack("{s:s,s:i,s:s,s:s}", "room", set->room, "number", m->number,
                                                  "roles", roles_text(m->roles), "sql", m->sql)) != 0)
            return false;
    }
    return true;
}

int schema_print(struct app *app)
{
    struct migration_set sets[ROOMS_MOST];
    size_t n = sets_of(app, sets);
    AUTO_BUF struct buf text;
    json_t *list = json_array();
    buf_init(&text, 1 << 20);
    bool ok = list && set_print(migrate_own(), &text, list);
    for (size_t i = 0; ok && i < n; i++)
        ok = set_print(&sets[i], &text, list);
    if (!ok) {
        json_decref(list);
        return keep_said(app, NULL, &text);
    }
    return keep_said(app, json_pack("{s:o}", "schema", list), &text);
}
