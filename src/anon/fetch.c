/* Fetching, by the clock alone. */
#include "anon/fetch.h"

#include "anon/batches.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/follow_lists.h"
#include "anon/head_words.h"
#include "anon/hours_fetch.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/outside.h"
#include "anon/receipts.h"
#include "anon/schedule.h"
#include "anon/spend.h"
#include "anon/wallet.h"

#include "base/banned.h"

/* Whatever fails, the rest is fetched all the same: what leaves here does not hang on one answer. The first
 * failure is the one that is said. */
static void tried(bool done, struct err *step, struct err *first)
{
    if (!done && !first->code)
        *first = *step;
    err_clear(step);
}

/* The words of the week are slow to work out: now, so that no page waits for them. */
static bool words_kept(struct db *db, const struct history *issuer, const struct history *board, int64_t now,
                       struct err *err)
{
    AUTO_BUF struct buf words;
    uint8_t head[32];
    buf_init(&words, 400);
    return !history_head(issuer, board, epoch_of(now), NULL, head) || head_words(db, head, &words, err);
}

/* With the record here: what depends on it. `date`: the lab's clock, 0 when it said none. Passes go when
 * their window is over by both clocks: one that is days ahead would take this week's away, and no more are
 * given. */
static bool fetch_rest(struct app *app, const struct known *known, const struct history *issuer,
                       const struct history *board, int64_t date, struct err *err)
{
    int items;
    struct db *db = app->db;
    struct err step = {0}, first = {0};
    tried(wallet_drop_over(db, issuer, date && date < app->now ? date : app->now, &step), &step, &first);
    tried(wallet_collect(db, known, issuer, app->now, &step), &step, &first);
    tried(wallet_crowd(db, known, issuer, app->now, &step), &step, &first);
    tried(follow_lists(db, known, issuer, app->now, &step), &step, &first);
    tried(wallet_cosign(db, known, issuer, board, app->now, &step), &step, &first);
    tried(outside_fetch(db, known, issuer, board, app->now, &step), &step, &first);
    tried(batches_fetch(db, known, issuer, board, app->now, &items, &step), &step, &first);
    tried(receipts_look(db, known, board ? board : issuer, &step), &step, &first);
    tried(hours_fetch(db, known, issuer, board, app->now, &step), &step, &first);
    tried(words_kept(db, issuer, board, app->now, &step), &step, &first);
    return !first.code || fail(err, first.code, "%s", first.text);
}

bool fetch_all(struct app *app, const struct known *known, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    int64_t date = 0;
    bool done =
        follow_logs(app->db, known, app->now, &date, err) && fetched_note(app->db, app->now, date, err) &&
        follow_load(app->db, known, &issuer, &board, err) && fetch_rest(app, known, issuer, board, date, err);
    history_free(issuer);
    history_free(board);
    return done;
}

/* The lab this node is in, and since when the machine is up; *known is NULL without one. */
static bool look(struct app *app, struct known **known, int64_t *awake_since, struct err *err)
{
    if (!known_load(app->db, app->arena, known, err))
        return false;
    return !*known ||
           (mark_check(app->db, app->paths, err) && moments_look(app->db, app->now, awake_since, err));
}

static bool is_due(struct app *app, const struct known *known, int64_t awake_since, bool *due,
                   struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    *due = known->trial;
    if (known->trial)
        return true;
    if (!follow_load(app->db, known, &issuer, &board, err))
        return false;
    const struct entry_rules *rules = history_rules(issuer, epoch_of(app->now));
    bool done = !rules || schedule_fetches(app->db, known->zone, rules, app->now, awake_since, due, err);
    history_free(issuer);
    history_free(board);
    return done;
}

bool job_fetch(struct app *app, struct err *err)
{
    struct known *known;
    int64_t awake_since;
    bool due;
    if (!look(app, &known, &awake_since, err) || !known)
        return err->code == E_NONE;
    if (!is_due(app, known, awake_since, &due, err) || !due)
        return err->code == E_NONE;
    /* Done before it is tried: a moment is used once, whatever comes of it. */
    return mark_step(app->db, app->paths, err) && schedule_fetched(app->db, app->now, err) &&
           fetch_all(app, known, err);
}

bool job_acts(struct app *app, struct err *err)
{
    struct known *known;
    int64_t awake_since, waiting;
    int sent;
    if (!look(app, &known, &awake_since, err) || !known)
        return err->code == E_NONE;
    if (!outbox_waiting(app->db, &waiting, err) || !waiting)
        return err->code == E_NONE;
    return mark_step(app->db, app->paths, err) &&
           spend_due(app->db, known, app->now, awake_since, -1, &sent, err);
}
