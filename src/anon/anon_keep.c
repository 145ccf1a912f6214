/* Copies of the data, and passes (PROTOCOL section 3, Backups). */
#include "anon/anon_keep.h"

#include "anon/known.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/wallet.h"
#include "base/vec.h"

#include "base/banned.h"

bool anon_start(struct app *app, struct err *err)
{
    return mark_check(app->db, app->paths, err);
}

bool anon_doctor(struct app *app, struct findings *findings, struct err *err)
{
    struct err why = {0};
    struct known *known;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    if (!known)
        return true;
    bool ok = mark_check(app->db, app->paths, &why);
    if (!ok && why.code != E_REFUSED)
        return fail(err, why.code, "%s", why.text);
    struct finding *f = VEC_PUSH(app->arena, findings);
    const char *text =
        arena_text(app->arena, span_of(ok ? tr("doctor.mark", "Passes: this data is where it was, as it was.")
                                          : why.text));
    if (!f || !text)
        return fail_memory(err);
    *f = (struct finding){"passes", ok, text};
    return true;
}

struct dropping {
    struct app *app;
    bool anew;
};

static bool drop_work(struct db *db, void *arg, struct err *err)
{
    const struct dropping *d = arg;
    return wallet_drop_all(db, err) && outbox_drop_tried(db, err) &&
           (!d->anew || mark_anew(db, d->app->paths, err));
}

bool anon_copied(struct app *app, struct db *copy, struct err *err)
{
    struct dropping d = {app, false};
    return db_write(copy, drop_work, &d, err);
}

bool anon_restored(struct app *app, struct db *copy, struct err *err)
{
    struct dropping d = {app, true};
    return db_write(copy, drop_work, &d, err);
}
