/* A counsellor's letters. Everything that leaves goes because the counsellor asked; nothing runs by itself.
 */
#include "speak/counsel_mail.h"

#include "anon/follow.h"
#include "anon/guest.h"
#include "anon/item.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "base/words.h"
#include "crypt/box.h"
#include "crypt/secret.h"
#include "speak/counsel_letters.h"
#include "speak/letters.h"

#include "base/banned.h"

enum { DAY = 86400 };

/* What is here ----------------------------------------------------------------------------------------- */
/* Conversations with whoever took a time of this counsellor; others (a listener's, a circle's) are not
 * theirs. */
static void own_only(struct conversations *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (mailbox_with_counsellor(all->at[i].role) && all->at[i].side == MAILBOX_HELPER)
            all->at[kept++] = all->at[i];
    if (kept < all->n)
        secret_wipe(&all->at[kept], (all->n - kept) * sizeof all->at[0]);
    all->n = kept;
}

static bool load_rows(struct app *app, struct counsel_mail *m, struct err *err)
{
    int64_t ended, lab_now;
    conversations_wipe(&m->all);
    m->all = (struct conversations){0};
    if (!mailbox_tidy(app->db, app->now, &ended, err) ||
        !conversations_list(app->db, app->arena, -1, &m->all, err) ||
        !mailbox_clock(app->db, app->now, &lab_now, err))
        return false;
    own_only(&m->all);
    m->today = (day_t)(lab_now / DAY);
    return true;
}

bool counsel_mail_load(struct app *app, struct counsel_mail *out, struct err *err)
{
    bool there;
    *out = (struct counsel_mail){0};
    if (!counsel_self_load(app, &out->self, err) ||
        !own_key_load(app->db, app->arena, "counsellor", &out->own, &there, err))
        return false;
    return ((there && out->self.there) || counsel_no_key(err)) && load_rows(app, out, err);
}

void counsel_mail_clear(struct counsel_mail *m)
{
    secret_wipe(&m->own.key, sizeof m->own.key);
    conversations_wipe(&m->all);
    history_free(m->issuer);
    history_free(m->board);
}

const struct conversation *counsel_mail_one(const struct counsel_mail *m, int64_t id)
{
    for (size_t i = 0; i < m->all.n; i++)
        if (m->all.at[i].id == id)
            return &m->all.at[i];
    return NULL;
}

bool counsel_mail_finding(struct app *app, const char **out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = NULL;
    if (!db_query(app->db, &q, err, "select text from finding order by id limit 1"))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *out = arena_text(app->arena, db_text(q, 0));
    return *out || fail_memory(err);
}

/* Asking ------------------------------------------------------------------------------------------------ */
/* A member of this very lab asks as one; else as who stands in its record. */
static bool ask_known(struct app *app, struct counsel_mail *m, struct err *err)
{
    int items;
    if (!known_load(app->db, app->arena, &m->known, err))
        return false;
    bool member = m->known && span_is(span_of(m->known->board_origin), m->self.origin);
    if (member)
        return turn_look(app, m->known, &items, err);
    return guest_known(app->db, app->arena, m->self.board, &m->own.key, app->now, &m->known, err) &&
           guest_fetch(app, m->known, err);
}

static bool ask_all(struct app *app, struct counsel_mail *m, struct err *err)
{
    struct mailbox_news news;
    return mark_step(app->db, app->paths, err) && counsel_fetch(app, err) && ask_known(app, m, err) &&
           follow_load(app->db, m->known, &m->issuer, &m->board, err) &&
           mailbox_look(app->db, m->known, m->issuer, m->board, app->now, &news, err) &&
           load_rows(app, m, err);
}

bool counsel_mail_ask(struct app *app, struct counsel_mail *m, struct err *err)
{
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool done = ask_all(app, m, err);
    turn_end();
    return done;
}

/* Writing ----------------------------------------------------------------------------------------------- */
static bool may_write(struct app *app, const struct counsel_mail *m, const struct conversation *c,
                      struct err *err)
{
    const char *why;
    if (!counsel_letter_hindered(app, m->board ? m->board : m->issuer, c, &why, err))
        return false;
    if (!why &&
        !spend_hindered(app->db, m->known, m->issuer, m->board, app->now, true, app->arena, &why, err))
        return false;
    return !why || fail(err, E_REFUSED, "%s", why);
}

bool counsel_mail_write(struct app *app, struct counsel_mail *m, const struct conversation *c,
                        struct span text, int64_t *outbox, struct err *err)
{
    int sent;
    return may_write(app, m, c, err) &&
           mailbox_send(app->db, m->known, c->id, text, NULL, true, app->now, outbox, err) &&
           turn_spend(app, m->known, *outbox, &sent, err);
}

bool counsel_mail_resend(struct app *app, struct counsel_mail *m, const struct conversation *c, int *n,
                         struct err *err)
{
    struct letters_kept kept = {0};
    *n = 0;
    if (!may_write(app, m, c, err) || !letters_list(app->db, app->arena, c->id, m->today, &kept, err))
        return false;
    for (size_t i = 0; i < kept.n; i++) {
        const char *said;
        bool again;
        int64_t outbox;
        int sent;
        if (!letter_state(app, &kept.at[i], &said, &again, err))
            return false;
        if (!again)
            continue;
        if (!letter_resend(app, m->known, c->id, &kept.at[i], &outbox, err) ||
            !turn_spend(app, m->known, outbox, &sent, err))
            return false;
        ++*n;
    }
    return true;
}

/* Beginning and ending ----------------------------------------------------------------------------------- */
bool counsel_mail_begin(struct db *db, const struct counsel_box *box, int64_t now, struct err *err)
{
    int64_t until;
    bool fresh;
    struct conversation c = {
        .side = MAILBOX_HELPER, .name = "", .named = box->named, .began = (day_t)(now / DAY)};
    if (!db_number(db, &until, 0, err, "select until from counsel_own where slot = $1",
                   V_BLOB(span_bytes(box->slot, 16))))
        return false;
    if (until == 0)
        return true;
    c.keep = (day_t)(until / DAY);
    memcpy(c.k, box->k, 32);
    memcpy(c.their_pk, box->pk, 32);
    memcpy(c.box_pk, box->box_pk, 32);
    box_pair(c.own_pk, c.own_secret);
    bool done = mailbox_counsel(db, &c, &fresh, err);
    secret_wipe(&c, sizeof c);
    return done;
}

/* Times of ours that lie ahead and were taken, as of the last look. */
bool counsel_mail_held(struct db *db, struct arena *arena, int64_t now, struct counsel_held *out,
                       struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select c.id from counsel_came x join conversation c on c.k = x.k join counsel_own o on "
                  "o.slot = x.slot where o.until > $1 and c.over = 0",
                  V_INT(now)))
        return false;
    while (db_next(q, &inner)) {
        int64_t *id = VEC_PUSH(arena, out);
        if (!id)
            return fail_memory(err);
        *id = db_int(q, 0);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool counsel_mail_given_back(struct db *db, const struct counsel_held *held, struct err *err)
{
    for (size_t i = 0; i < held->n; i++) {
        int64_t there;
        if (!db_number(db, &there, 0, err,
                       "select count(*) from counsel_came x join conversation c on c.k = x.k where c.id = $1",
                       V_INT(held->at[i])) ||
            (!there && !mailbox_counsel_end(db, held->at[i], true, err)))
            return false;
    }
    return true;
}
