/* The job that publishes: each series as far as it is due, then the sums of epochs that are over, then the
 * head outside the database, then order in the tables. The histories are let go before anything is written.
 */
#include "anon/batch.h"

#include "anon/lab.h"
#include "anon/tidy.h"

#include "base/banned.h"

static bool facts_now(struct app *app, struct batch_facts *out, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool done = batch_facts_of(issuer, board ? board : issuer, app->now, app->arena, out, err);
    lab_facts_done(app->lab);
    return done;
}

bool batch_beat(struct app *app, struct err *err)
{
    static const char *const all[] = {"board", "letters"};
    struct batch_facts facts;
    int64_t acts, sum = 0;
    if (!facts_now(app, &facts, err)) {
        if (err->code != E_MISSING)
            return false;
        err_clear(err); /* a log that has not begun */
        return true;
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        bool more = false;
        do {
            if (!batch_publish(app, &app->lab->log, &facts, all[i], &acts, &more, err))
                return false;
            sum += acts;
        } while (more);
    }
    if ((sum > 0 && !facts_now(app, &facts, err)) || !batch_sum(app, &app->lab->log, &facts, err))
        return false;
    if (sum > 0 && !tlog_head_keep(app->db, app->lab->head_file, err))
        return false;
    return tidy_when_due(app, sum > 0, err);
}
