/* Letters, loaded and written. */
#include "speak/letters.h"

#include "anon/follow.h"
#include "anon/outbox_db.h"
#include "anon/spend.h"
#include "crypt/secret.h"
#include "io/clock.h"
#include "speak/board_keep.h"
#include "speak/counsel_letters.h"
#include "speak/own_key.h"

#include "base/banned.h"

const struct history *letters_log(const struct letters *l)
{
    return l->before.board ? l->before.board : l->before.issuer;
}

static const struct history_person *own_entry(const struct history *log, const uint8_t pk[static 32],
                                              int64_t now)
{
    for (size_t i = log->people.n; i-- > 0;) {
        const struct history_person *p = &log->people.at[i];
        if (p->kind == ENTRY_LISTENER && p->good && p->until > now && memcmp(p->person.pk, pk, 32) == 0)
            return p;
    }
    return NULL;
}

static bool load_own(struct app *app, struct letters *l, struct err *err)
{
    struct own_key own;
    if (!own_key_load(app->db, app->arena, "voucher", &own, &l->has_voucher_key, err))
        return false;
    secret_wipe(&own.key, sizeof own.key);
    if (!own_key_load(app->db, app->arena, "listener", &own, &l->has_key, err))
        return false;
    secret_wipe(&own.key, sizeof own.key);
    if (l->has_key) {
        l->entry = own_entry(letters_log(l), own.pk, app->now);
        l->key_words = key_in_words(app->arena, own.pk);
        l->key_line = arena_text(app->arena, own.line);
    }
    return listening_load(app->db, app->arena, &l->listening, err) &&
           (arena_ok(app->arena) || fail_memory(err));
}

/* Those of circles stand on the pages of their circles; of a time that was given back there is nothing. */
static void without_circles(struct conversations *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (!mailbox_in_circle(all->at[i].role) && !(all->at[i].silent && all->at[i].over))
            all->at[kept++] = all->at[i];
    if (kept < all->n)
        secret_wipe(&all->at[kept], (all->n - kept) * sizeof all->at[0]);
    all->n = kept;
}

bool letters_load(struct app *app, const struct known *known, bool at_once, struct letters *out,
                  struct err *err)
{
    int64_t lab_now;
    *out = (struct letters){.known = known};
    if (!board_keep(app->db, err) || !before_load(app, known, at_once, &out->before, err) ||
        !mailbox_look(app->db, known, out->before.issuer, out->before.board, app->now, &out->news, err) ||
        !helpers_list(app, letters_log(out), &out->helpers, err) ||
        !conversations_list(app->db, app->arena, -1, &out->all, err) ||
        !conversations_busy(app->db, "listener", &out->busy, err) || !load_own(app, out, err) ||
        !mailbox_clock(app->db, app->now, &lab_now, err))
        return false;
    without_circles(&out->all);
    out->today = (day_t)(lab_now / 86400);
    return true;
}

void letters_clear(struct letters *l)
{
    conversations_wipe(&l->all);
    before_clear(&l->before);
}

const char *letters_hindered(const struct letters *l, bool at_once)
{
    const struct before *b = &l->before;
    return b->hindered && (!b->waits || at_once || l->known->trial) ? b->hindered : NULL;
}

const struct conversation *letters_one(const struct letters *l, int64_t id)
{
    for (size_t i = 0; i < l->all.n; i++)
        if (l->all.at[i].id == id)
            return &l->all.at[i];
    return NULL;
}

const struct helper *letters_helper(const struct letters *l, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < l->helpers.n; i++)
        if (memcmp(l->helpers.at[i].pk, pk, 32) == 0)
            return &l->helpers.at[i];
    return NULL;
}

/* Writing --------------------------------------------------------------------------------------------------
 */
bool letters_first(struct app *app, const struct letters *l, const struct helper *to, struct span text,
                   bool at_once, int64_t *conversation, int64_t *outbox, struct err *err)
{
    struct mailbox_to box = {.role = "listener", .name = to->name, .pk = to->pk, .box_pk = to->box_pk};
    if (to->paused)
        return fail(err, E_REFUSED,
                    tr("err.letters.paused",
                       "%s takes no letters at the moment. A pause needs no reason, and "
                       "says nothing about you."),
                    to->name);
    if (to->own)
        return fail(err, E_REFUSED, tr("err.letters.own", "That is your own card."));
    return mailbox_begin(app->db, l->known, &box, text, at_once, app->now, conversation, outbox, err);
}

bool letters_pass_on(struct app *app, const struct letters *l, int64_t conversation, const struct helper *to,
                     struct span text, bool at_once, int64_t *outbox, struct err *err)
{
    const struct conversation *c = letters_one(l, conversation);
    if (!c)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    if (c->side != MAILBOX_HELPER)
        return fail(err, E_REFUSED,
                    tr("err.letters.not_yours", "Whoever asks can write to another listener "
                                                "at any time; nothing has to be passed on."));
    if (!to->vouched)
        return fail(err, E_REFUSED,
                    tr("err.letters.pass_unvouched", "Nobody has vouched for that card. A "
                                                     "conversation is passed on to somebody "
                                                     "who is vouched for."));
    return mailbox_send(app->db, l->known, conversation, text, to->pk, at_once, app->now, outbox, err);
}

const struct letter_kept *letters_asked(const struct letters_kept *kept)
{
    for (size_t i = kept->n; i-- > 0;)
        if (kept->at[i].asks && !kept->at[i].own)
            return kept->at[i].told ? NULL : &kept->at[i];
    return NULL;
}

bool letters_agree(struct app *app, const struct letters *l, int64_t conversation,
                   const struct letter_kept *asked, struct span text, bool at_once, int64_t *begun,
                   int64_t *outbox, struct err *err)
{
    const struct helper *to = letters_helper(l, asked->ask);
    if (!to || !to->vouched)
        return fail(err, E_MISSING,
                    tr("err.letters.pass_none", "Whoever this would be passed on to has no card here that "
                                                "somebody vouched for. Nothing was sent."));
    return letters_first(app, l, to, text, at_once, begun, outbox, err) &&
           mailbox_told(app->db, conversation, asked->n, err);
}

/* What is said ----------------------------------------------------------------------------------------------
 */
const char *letter_gap(const struct letter_kept *l)
{
    if (!l->gap)
        return NULL;
    return l->late ? tr("letters.gap", "Some letters ran out while you were away.")
                   : tr("letters.gap.near", "A letter before this one is on its way.");
}

const char *letters_days(const struct conversation *c)
{
    if (mailbox_with_counsellor(c->role))
        return tr("counsel.letters.days",
                  "Letters are removed from both computers 14 days after the last one, "
                  "and not before 14 days after the time.");
    return tr("letters.days", "Letters are removed from both computers 14 days after the last one.");
}

bool letter_state(struct app *app, const struct letter_kept *l, const char **out, bool *again,
                  struct err *err)
{
    struct outbox one = {0};
    *out = NULL;
    *again = false;
    if (!l->own || l->day)
        return true;
    if (!outbox_list(app->db, app->arena, l->outbox, &one, err))
        return false;
    if (one.n != 1 || one.at->state == ACT_KEPT) {
        *out = tr("letters.left", "It has left, and is among the letters with the next batch.");
        return true;
    }
    *again = one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP;
    *out = *again ? tr("letters.failed", "The board did not take this letter. It is kept here.")
           : one.at->state == ACT_TRIED
               ? tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                                  "another day, at most three times in all.")
               : tr("mine.waits", "It waits on this computer, and leaves at a moment that was drawn.");
    return true;
}

bool letter_resend(struct app *app, const struct known *known, int64_t conversation,
                   const struct letter_kept *l, int64_t *outbox, struct err *err)
{
    return spend_again(app->db, known, l->outbox, app->now, outbox, err) &&
           outbox_told(app->db, *outbox, err) && mailbox_resent(app->db, conversation, l->n, *outbox, err);
}

bool letters_answer(struct app *app, const struct letters *l, const struct conversation *c, struct span text,
                    bool at_once, int64_t *outbox, struct err *err)
{
    const char *why;
    return counsel_letter_hindered(app, letters_log(l), c, &why, err) &&
           (!why || fail(err, E_REFUSED, "%s", why)) &&
           mailbox_send(app->db, l->known, c->id, text, NULL, at_once, app->now, outbox, err);
}

bool letters_resend(struct app *app, const struct letters *l, int64_t conversation, int *n, int64_t *outbox,
                    struct err *err)
{
    struct letters_kept kept = {0};
    *n = 0;
    if (!letters_list(app->db, app->arena, conversation, l->today, &kept, err))
        return false;
    for (size_t i = 0; i < kept.n; i++) {
        const char *said;
        bool again;
        if (!letter_state(app, &kept.at[i], &said, &again, err))
            return false;
        if (!again)
            continue;
        if (!letter_resend(app, l->known, conversation, &kept.at[i], outbox, err))
            return false;
        ++*n;
    }
    return true;
}

bool job_letters(struct app *app, struct err *err)
{
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    struct mailbox_news news;
    int64_t outbox;
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    bool ok = board_keep(app->db, err) && follow_load(app->db, known, &issuer, &board, err) &&
              mailbox_look(app->db, known, issuer, board, app->now, &news, err) &&
              listen_renew(app->db, known, app->now, &outbox, err);
    history_free(issuer);
    history_free(board);
    return ok;
}
