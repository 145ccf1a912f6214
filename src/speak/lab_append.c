/* What `lab moderator`, `lab voucher`, `lab listener` and `lab line` end with. */
#include "speak/lab_append.h"

#include "base/words.h"

#include "base/banned.h"

struct appending {
    const struct lab *lab;
    struct span entry;
};

static bool append_work(struct db *db, void *arg, struct err *err)
{
    const struct appending *w = arg;
    uint64_t at;
    return tlog_append(db, &w->lab->log, &w->entry, 1, &at, err);
}

bool lab_append(struct app *app, struct span entry, struct err *err)
{
    uint64_t size;
    struct appending w = {app->lab, entry};
    if (!tlog_size(app->db, &size, err))
        return false;
    if (size == 0)
        return fail(err, E_REFUSED,
                    tr("err.lab.no_record", "The lab has no record yet: it begins when `respite lab serve` "
                                            "starts for the first time. Start it, then try again."));
    return db_write(app->db, append_work, &w, err) && tlog_head_keep(app->db, app->lab->head_file, err);
}
