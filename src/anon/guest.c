/* A lab, for who is in its record and not among its members. Nothing here has a bearer or a key of the crowd;
 * what is kept goes into the tables of a node, and is read by the same code. */
#include "anon/guest.h"

#include "anon/batches.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/guest_ask.h"
#include "anon/join.h"
#include "anon/receipts.h"
#include "anon/spend.h"
#include "anon/wallet.h"
#include "base/words.h"

#include "base/banned.h"

#define BOARD_PATH "/v1/counsellors"
#define PASSES_PATH "/v1/counsellors/passes"

/* What the record says, once it is here. */
static bool from_here(struct db *db, struct arena *arena, struct known *known, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    bool done = follow_load(db, known, &issuer, &board, err) && join_record(issuer, arena, known, err);
    history_free(issuer);
    history_free(board);
    return done;
}

bool guest_known(struct db *db, struct arena *arena, const char *board, const struct sign_key *key,
                 int64_t now, struct known **out, struct err *err)
{
    struct known *known = ARENA_NEW(arena, struct known), *member;
    int64_t date = 0;
    const char *via;
    if (!known)
        return fail_memory(err);
    if (!known_load(db, arena, &member, err) || !setting_get(db, arena, "via", "", &via, err))
        return false;
    if (member)
        return fail(err, E_REFUSED,
                    tr("err.guest.member",
                       "This computer is a member of “%.100s”. Being a counsellor of another lab needs data "
                       "of its own: respite --data FOLDER counsel."),
                    member->name);
    known->via = *via ? via : NULL;
    known->guest = key;
    known->own_name = known->member = "";
    if (!join_ask(db, arena, board, known, err) || !follow_logs(db, known, now, &date, err) ||
        !fetched_note(db, now, date, err) || !from_here(db, arena, known, err))
        return false;
    *out = known;
    return true;
}

bool guest_send(struct db *db, const struct known *known, const struct guest_wish *wish,
                struct httpc_answer *answer, struct err *err)
{
    bool passes = wish->what == GUEST_WANTS_PASSES;
    struct guest_ask ask = {.what = passes ? GUEST_PASSES : GUEST_LETTERS,
                            .at = wish->now,
                            .n = wish->n,
                            .request = wish->request};
    AUTO_BUF struct buf body;
    buf_init(&body, GUEST_BODY);
    return guest_ask_write(&ask, span_of(known->board_origin), known->guest, &body, err) &&
           public_post_for(db, known->via, passes ? known->issuer[0] : known->board[0],
                           passes ? PASSES_PATH : BOARD_PATH, "application/json", buf_span(&body), wish->most,
                           answer, err);
}

/* The first that failed is said; the rest is asked for all the same. */
static void tried(bool done, struct err *step, struct err *first)
{
    if (!done && !first->code)
        *first = *step;
    err_clear(step);
}

bool guest_fetch(struct app *app, const struct known *known, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    struct err step = {0}, first = {0};
    int items, sent;
    if (!follow_load(app->db, known, &issuer, &board, err))
        return false;
    tried(wallet_drop_over(app->db, issuer, app->now, &step), &step, &first);
    tried(batches_fetch(app->db, known, issuer, board, app->now, &items, &step), &step, &first);
    /* Without passes letters can be read all the same; who writes is told. */
    tried(wallet_collect(app->db, known, issuer, app->now, &step) || step.code == E_REFUSED, &step, &first);
    tried(receipts_look(app->db, known, board ? board : issuer, &step), &step, &first);
    tried(spend_due(app->db, known, app->now, 0, -1, &sent, &step), &step, &first);
    history_free(issuer);
    history_free(board);
    return !first.code || fail(err, first.code, "%s", first.text);
}
