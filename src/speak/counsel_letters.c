/* What stands in the way of a letter with a counsellor. Who is written to is in the conversation; whether the
 * time is one's own is what the board said to the act that took it. */
#include "speak/counsel_letters.h"

#include "anon/spend.h"
#include "crypt/secret.h"
#include "speak/own_key.h"

#include "base/banned.h"

/* Whoever asks: the time is theirs, or over. */
static bool time_hinders(struct app *app, const struct conversation *c, const char **why, struct err *err)
{
    int64_t state, back;
    if (!db_number(app->db, &back, 0, err, "select back from counsel_mine where conversation = $1",
                   V_INT(c->id)) ||
        !db_number(app->db, &state, ACT_KEPT, err,
                   "select o.state from counsel_mine m join outbox o on o.id = m.outbox where m.conversation "
                   "= $1",
                   V_INT(c->id)))
        return false;
    if (back)
        *why = tr("counsel.letter.back", "You have given this time back, so no more letters go between you. "
                                         "Taking another time begins a new conversation.");
    else if (state != ACT_KEPT)
        *why = tr("counsel.letter.early", "Letters can be written once the time is yours. The board has not "
                                          "taken it yet.");
    return true;
}

static bool own_pk(struct app *app, uint8_t out[static 32], struct err *err)
{
    struct own_key own;
    bool there;
    if (!own_key_load(app->db, app->arena, "counsellor", &own, &there, err))
        return false;
    secret_wipe(&own.key, sizeof own.key);
    memset(out, 0, 32);
    if (there)
        memcpy(out, own.pk, 32);
    return true;
}

bool counsel_letter_hindered(struct app *app, const struct history *log, const struct conversation *c,
                             const char **why, struct err *err)
{
    uint8_t pk[32];
    bool asks = c->side == MAILBOX_ASKER;
    *why = NULL;
    if (!mailbox_with_counsellor(c->role))
        return true;
    memcpy(pk, c->other, sizeof pk);
    if (!asks && !own_pk(app, pk, err))
        return false;
    if (!history_in_force(log, ENTRY_COUNSELLOR, pk, app->now)) {
        *why = asks ? tr("counsel.letter.ended",
                         "This counsellor does not stand in the lab's record any more, so nothing can be "
                         "written to them. What was written stays here its 14 days.")
                    : tr("counsel.letter.ended.own",
                         "Your key is not in force in this lab's record: nothing can be written from here. "
                         "What was written stays here its 14 days.");
        return true;
    }
    return !asks || time_hinders(app, c, why, err);
}
