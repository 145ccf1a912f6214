/* A command on the machine of the lab: its key file and its database, opened for it. */
#include <stdlib.h>
#include <time.h>

#include "app/lab.h"
#include "app/lab_keep.h"
#include "app/schema.h"

#include "base/banned.h"

bool lab_migrate(struct app *app, struct db *db, struct err *err)
{
    struct app whole = *app; /* all the lab's tables, whatever half of it this process serves */
    const char *backup = file_join(app->arena, app->paths->data, "lab/lab.db.before-upgrade");
    whole.role = app->lab->role;
    if (!backup)
        return fail_memory(err);
    return schema_migrate(&whole, db, cli_value(app->cli, "db") ? NULL : backup, err);
}

static bool fits(const struct command *command, const struct lab *lab, struct err *err)
{
    return (command->roles & (unsigned)lab->role) ||
           fail(err, E_REFUSED,
                tr("err.lab.command",
                   "`respite %s` is for the other operator: this lab is the %s of the two."),
                command->name, lab->role == ISSUER ? tr("lab.issuer", "issuer") : tr("lab.board", "board"));
}

bool lab_open(struct app *app, const struct command *command, struct err *err)
{
    if (!lab_load(app->arena, app->paths, cli_value(app->cli, "db"), &app->lab, err))
        return false;
    app->role = app->lab->role;
    setenv("TZ", app->lab->zone, 1);
    tzset();
    return fits(command, app->lab, err) && lab_keep_use(app, err) &&
           db_open(&app->db, app->lab->db_url, err) && lab_migrate(app, app->db, err) &&
           lab_settle(app->lab, app->db, err) && lab_now(app->db, &app->now, err);
}

void lab_close(struct app *app)
{
    db_close(app->db);
    lab_free(app->lab);
    app->db = NULL;
    app->lab = NULL;
}
