/* `respite verify`. One look after the other, in the order in which one rests on the other: the record fits
 * together, its rules were kept, the keys used here stand in it, the lists are true, the sums hold, promises
 * to this node were kept, what is shown is what is recorded. */
#include "anon/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/batches.h"
#include "anon/confirmed.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/follow_again.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/outside.h"
#include "anon/receipts.h"
#include "anon/spend_rule.h"
#include "anon/token.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

enum { LISTS_BACK = 2 }; /* epochs whose list is looked at: the newest */

struct verifying {
    struct app *app;
    const struct known *known;
    struct verify_report *out;
    struct history *issuer, *board;
};

static bool add(struct verifying *v, bool remark, const char *text, struct err *err)
{
    struct verify_line *line = VEC_PUSH(v->app->arena, &v->out->lines);
    char *copy = arena_text(v->app->arena, span_of(text));
    if (!line || !copy)
        return fail_memory(err);
    *line = (struct verify_line){copy, remark};
    v->out->findings += !remark;
    return true;
}

static bool found(struct verifying *v, const char *text, struct err *err)
{
    return !text || add(v, false, text, err);
}

/* The record ------------------------------------------------------------------------------------------ */
static bool look_history(struct verifying *v, const struct history *h, struct err *err)
{
    for (size_t i = 0; i < h->findings.n; i++) {
        AUTO_BUF struct buf text;
        char n[24];
        buf_init(&text, 4096);
        snprintf(n, sizeof n, "%" PRIu64, h->findings.at[i].index);
        words_say(&text, tr("verify.entry", "Entry {n} of the lab's record: {text}"), {"n", n},
                  {"text", h->findings.at[i].text});
        if (!buf_ok(&text, err) || !found(v, buf_text(&text), err))
            return false;
    }
    return true;
}

/* What did not fit when it was fetched or sent, and is kept for that. */
static bool look_kept(struct verifying *v, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    const char *stopped;
    if (!follow_stopped(v->app->db, v->app->arena, &stopped, err) || !found(v, stopped, err))
        return false;
    if (!db_query(v->app->db, &q, err, "select text from finding order by id"))
        return false;
    while (db_next(q, &inner)) {
        char *text = arena_text(v->app->arena, db_text(q, 0));
        if (!text)
            return fail_memory(err);
        if (!found(v, text, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* The lab's own word that entries are lost: what the person agreed to is a remark, and anything else stops.
 */
static bool look_breaks(struct verifying *v, int log, const struct history *h, struct err *err)
{
    for (size_t i = 0; h && i < h->breaks.n; i++) {
        bool agreed;
        const char *said;
        if (!follow_agreed(v->app->db, log, h->breaks.at[i].index, &agreed, err) ||
            !follow_broken_say(&h->breaks.at[i], 0, v->app->arena, &said, err) ||
            (agreed && !add(v, true, said, err)))
            return false;
    }
    return true;
}

/* Stops that are over, since the person looked again and it fitted: the evidence is kept. */
static bool look_over(struct verifying *v, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(
            v->app->db, &q, err,
            "select distinct why from log_evidence where over > 0 and kind <> $1 and why not in (select "
            "why from log_evidence where over = 0) order by id",
            V_INT(STOP_BREAK)))
        return false;
    while (db_next(q, &inner)) {
        AUTO_BUF struct buf text;
        buf_init(&text, 4096);
        words_say(&text,
                  tr("verify.over",
                     "You looked again, and following went on. What was found before is kept: {text}"),
                  {"text", arena_text(v->app->arena, db_text(q, 0))});
        if (!buf_ok(&text, err) || !add(v, true, buf_text(&text), err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Keys and lists -------------------------------------------------------------------------------------- */
static bool key_good(const struct verifying *v, struct span key_id)
{
    const struct history_key *key = key_id.n == 32 ? history_key(v->issuer, (const uint8_t *)key_id.p) : NULL;
    return key && key->good;
}

/* Every key that passes were fetched for stands in the log, in time and alone. */
static bool look_keys(struct verifying *v, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    bool good = true;
    if (!db_query(v->app->db, &q, err, "select key_id from withdrawal where wrong <> 'lost'"))
        return false;
    while (db_next(q, &inner))
        good = good && key_good(v, db_text(q, 0));
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    return good ||
           found(v,
                 tr("verify.key", "This computer has passes of a key that does not stand in the lab's "
                                  "record, or not as it should."),
                 err);
}

static bool look_lists(struct verifying *v, struct err *err)
{
    day_t before = 0;
    int looked = 0;
    for (size_t i = v->issuer->opens.n; i-- > 0 && looked < LISTS_BACK;) {
        day_t epoch = v->issuer->opens.at[i].list.epoch;
        int64_t n, at;
        bool mine, lie;
        const char *why;
        if (epoch == before)
            continue;
        before = epoch;
        looked++;
        if (!follow_holders(v->app->db, v->known, epoch, &n, &mine, &at, err))
            return false;
        if (n >= 0 &&
            (!spend_list_lies(v->app->db, v->known, v->issuer, epoch, v->app->arena, &lie, &why, err) ||
             (lie && !found(v, why, err))))
            return false;
    }
    return true;
}

static bool look_sums(struct verifying *v, struct err *err)
{
    if (!v->board)
        return true;
    for (size_t i = 0; i < v->board->closes.n; i++)
        if (!history_sums_hold(v->issuer, &v->board->closes.at[i].close))
            return found(v,
                         tr("verify.sums",
                            "More passes were spent in a week than the issuer has given out: the "
                            "board put acts in of its own."),
                         err);
    for (size_t i = 0; i < v->issuer->closes.n; i++)
        if (!history_counsellors_hold(v->board, &v->issuer->closes.at[i].close))
            return found(v,
                         tr("verify.counsellors",
                            "The issuer gave passes to more counsellors than the board's record has."),
                         err);
    return true;
}

/* What this node sent --------------------------------------------------------------------------------- */
/* Those that went with what the lab has lost. */
static bool lost_receipts(struct verifying *v, const struct receipts *all, struct err *err)
{
    unsigned long n = 0;
    char digits[24];
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    for (size_t i = 0; i < all->n; i++)
        n += all->at[i].state == RECEIPT_LOST;
    if (!n)
        return true;
    snprintf(digits, sizeof digits, "%lu", n);
    words_say(
        &text,
        trn("verify.lost",
            "{n} post of yours was lost with the entries that the lab has lost. Its receipt is kept here.",
            "{n} posts of yours were lost with the entries that the lab has lost. Their receipts are kept "
            "here.",
            n),
        {"n", digits});
    return buf_ok(&text, err) && add(v, true, buf_text(&text), err);
}

static bool look_receipts(struct verifying *v, struct err *err)
{
    struct receipts all = {0};
    const struct history *log = v->board ? v->board : v->issuer;
    if (!receipts_look(v->app->db, v->known, log, err) ||
        !receipts_list(v->app->db, v->app->arena, &all, err))
        return false;
    if (!lost_receipts(v, &all, err))
        return false;
    const struct receipt *broken = receipts_broken(&all, v->out->fetched_at);
    AUTO_BUF struct buf text;
    char day[16];
    buf_init(&text, 4096);
    if (!broken)
        return true;
    words_say(
        &text,
        tr("verify.receipt",
           "The board promised to put a post of yours into its record by the end of {day}, and it is not "
           "there. Its signed promise is kept here."),
        {"day", day_text(broken->day, day)});
    return buf_ok(&text, err) && found(v, buf_text(&text), err);
}

/* Whether what it takes back was shown as an item: else (a counsellor's time) it is none itself. */
static bool about_item(struct verifying *v, const struct outbox_act *act, int64_t *n, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    uint8_t target[16];
    if (!canon_read(act->act, ITEM_LARGE, &o, err) || !canon_hex(o, "target", target, 16, err))
        return false;
    struct val id = V_BLOB(span_bytes(target, 16));
    return db_number(
        v->app->db, n, 0, err,
        "select (select count(*) from item where id = $1) + (select count(*) from gone where id = "
        "$1)",
        id);
}

/* A post of this node's that has its leaf is also shown, or its going is explained. */
static bool look_own(struct verifying *v, const struct outbox_act *act, struct err *err)
{
    int64_t in_batch, shown;
    struct span id = {(const char *)act->item, 16}, leaf = {(const char *)act->leaf, 32};
    const struct act *kind = act_find(v->app->rooms, act->kind);
    if (!kind || kind->leaf_only || strcmp(kind->series, "board") != 0)
        return true;
    if (kind->takes_back && !about_item(v, act, &shown, err))
        return false;
    if (kind->takes_back && !shown)
        return true;
    if (!db_number(
            v->app->db, &in_batch, 0, err,
            "select count(*) from receipt join kept_batch on receipt.idx >= kept_batch.first and "
            "receipt.idx < kept_batch.first + kept_batch.count where receipt.leaf = $1 and receipt.state "
            "= 1",
            V_BLOB(leaf)) ||
        !db_number(v->app->db, &shown, 0, err,
                   "select (select count(*) from item where id = $1) + (select count(*) from gone where id = "
                   "$1)",
                   V_BLOB(id)))
        return false;
    return !in_batch || shown ||
           found(v,
                 tr("verify.not_shown",
                    "A post of yours stands in the lab's record, and the lab does not show "
                    "it. The log does not explain it."),
                 err);
}

static bool look_outbox(struct verifying *v, struct err *err)
{
    struct outbox all = {0};
    if (!outbox_list(v->app->db, v->app->arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct outbox_act *act = &all.at[i];
        if (act->state == ACT_KEPT && !look_own(v, act, err))
            return false;
        if ((act->state == ACT_GIVEN_UP || act->state == ACT_REFUSED) &&
            !add(v, true, tr("verify.not_taken", "The board did not take a post. It is kept here."), err))
            return false;
    }
    return true;
}

static bool look_batches(struct verifying *v, struct err *err)
{
    const char *why;
    int batches;
    return batches_check(v->app->db, v->known, v->issuer, v->board, v->app->arena, &why, &batches, err) &&
           found(v, why, err);
}

/* What the rooms make of what the board published. */
static bool look_rooms(struct verifying *v, struct err *err)
{
    struct findings all = {0};
    for (const struct room *const *r = v->app->rooms; *r; r++)
        if ((*r)->verify && !(*r)->verify(v->app, &all, err))
            return false;
    for (size_t i = 0; i < all.n; i++)
        if (!all.at[i].ok && !found(v, all.at[i].text, err))
            return false;
    return true;
}

/* Remarks --------------------------------------------------------------------------------------------- */
/* What a witness outside the lab answered that it should not have. */
static bool witness_remarks(struct verifying *v, struct err *err)
{
    struct outsides all;
    if (!outside_list(v->app->db, v->app->arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, 4096);
        if (!*all.at[i].said)
            continue;
        words_say(&text, tr("verify.witness", "The witness {name}: {text}"), {"name", all.at[i].name},
                  {"text", all.at[i].said});
        if (!buf_ok(&text, err) || !add(v, true, buf_text(&text), err))
            return false;
    }
    return true;
}

static bool remarks(struct verifying *v, struct err *err)
{
    uint8_t head[32];
    struct confirmed c = {0};
    day_t epoch = epoch_of(v->app->now);
    if (history_head(v->issuer, v->board, epoch, NULL, head) &&
        !confirmed_load(v->app->db, v->app->arena, head, &c, err))
        return false;
    v->out->witnesses = (int)c.witnesses;
    return (!v->known->trial ||
            add(v, true, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."), err)) &&
           (c.enough ||
            add(v, true, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."),
                err)) &&
           witness_remarks(v, err);
}

static bool look_all(struct verifying *v, struct err *err)
{
    return look_kept(v, err) && look_history(v, v->issuer, err) &&
           (!v->board || look_history(v, v->board, err)) && look_keys(v, err) && look_lists(v, err) &&
           look_breaks(v, FOLLOW_ISSUER, v->issuer, err) && look_breaks(v, FOLLOW_BOARD, v->board, err) &&
           look_over(v, err) && look_sums(v, err) && look_receipts(v, err) && look_batches(v, err) &&
           look_outbox(v, err) && look_rooms(v, err) && remarks(v, err);
}

/* A kept record that does not hash to its own head: what is here was changed, or is damaged. */
static bool not_loaded(struct verifying *v, const struct err *why, struct err *err)
{
    if (why->code != E_REFUSED && why->code != E_FORMAT)
        return fail(err, why->code, "%s", why->text);
    return look_kept(v, err) && found(v, why->text, err);
}

bool verify(struct app *app, const struct known *known, struct verify_report *out, struct err *err)
{
    struct verifying v = {.app = app, .known = known, .out = out};
    struct err why = {0};
    int64_t ahead;
    *out = (struct verify_report){0};
    if (!fetched_last(app->db, &out->fetched_at, &ahead, err))
        return false;
    if (!follow_load(app->db, known, &v.issuer, &v.board, &why))
        return not_loaded(&v, &why, err);
    out->entries = v.issuer->tree.size + (v.board ? v.board->tree.size : 0);
    bool ok = look_all(&v, err);
    history_free(v.issuer);
    history_free(v.board);
    return ok;
}
