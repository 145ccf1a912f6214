/* Joining a lab, and leaving it. */
#include "anon/join.h"

#include <stdio.h>

#include "anon/follow.h"
#include "anon/follow_again.h"
#include "anon/follow_lists.h"
#include "anon/head_words.h"
#include "anon/join_read.h"
#include "anon/outbox_db.h"
#include "anon/send_named.h"
#include "anon/send_public.h"
#include "anon/wallet.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "ui/room.h"

#include "base/banned.h"

enum { CODE = 16, SECRETS = 4 * 32 };

/* The invitation ---------------------------------------------------------------------------------------- */
struct invitation {
    const char *base, *code;
    uint8_t pin[32];
};

static bool no_invitation(struct err *err)
{
    return fail(err, E_USAGE,
                tr("err.join.url",
                   "This is no invitation. One looks like https://lab.example/join#… and stands in quotation "
                   "marks, since # begins a comment in most shells."));
}

static bool read_url(const char *url, struct arena *arena, struct invitation *out, struct err *err)
{
    struct span rest = span_of(url), base, code;
    uint8_t bytes[CODE];
    if (!span_cut(&rest, '#', &base) || !span_ends(base, SPAN("/join")) || !span_cut(&rest, '.', &code) ||
        !b64_exact(code, B64_URL_BARE, bytes, CODE) || !b64_exact(rest, B64_URL_BARE, out->pin, 32))
        return no_invitation(err);
    base.n -= sizeof "/join" - 1;
    if (!span_starts(base, SPAN("https://")) && !span_starts(base, SPAN("http://")))
        return no_invitation(err);
    out->base = arena_text(arena, base);
    out->code = arena_text(arena, code);
    return (out->base && out->code) || fail_memory(err);
}

/* What the lab says of itself --------------------------------------------------------------------------- */
static bool mismatch(struct err *err)
{
    return fail(
        err, E_REFUSED,
        tr("join.mismatch",
           "The key does not match what other members see. I have stopped. Please talk to someone you "
           "trust before trying again."));
}

/* GET /v1/lab of one operator: its log and its key. */
static bool ask_lab(struct db *db, struct arena *arena, const char *via, const char *base,
                    struct known *known, const char **origin, const char **vkey, struct err *err)
{
    AUTO_BUF struct buf body;
    buf_init(&body, JOIN_ANSWER_MOST);
    return public_get(db, via, base, "/v1/lab", NULL, JOIN_ANSWER_MOST, &body, NULL, err) &&
           join_lab_read(buf_span(&body), arena, known, origin, vkey, err);
}

bool join_ask(struct db *db, struct arena *arena, const char *base, struct known *known, struct err *err)
{
    struct known other = {0};
    if (!ask_lab(db, arena, known->via, base, known, &known->issuer_log, &known->issuer_vkey, err))
        return false;
    known->board_log = known->issuer_log;
    known->board_vkey = known->issuer_vkey;
    if (!known->split)
        return true;
    return (strcmp(base, known->issuer[0]) == 0 || ask_lab(db, arena, known->via, known->issuer[0], &other,
                                                           &known->issuer_log, &known->issuer_vkey, err)) &&
           ask_lab(db, arena, known->via, known->board[0], &other, &known->board_log, &known->board_vkey,
                   err);
}

/* Whether the keys are those that the invitation pins. */
static bool ask_both(struct db *db, struct arena *arena, const struct invitation *in, struct known *known,
                     struct err *err)
{
    uint8_t pin[32];
    if (!join_ask(db, arena, in->base, known, err))
        return false;
    lab_pin(known->issuer_vkey, known->board_vkey, pin);
    return secret_eq(pin, in->pin, 32) || mismatch(err);
}

/* Addresses of the record, in place of those the server named. */
static void take_list(const struct entry_texts *from, struct arena *arena, const char **to)
{
    size_t n = 0;
    for (; n < from->n && n < KNOWN_LIST; n++)
        to[n] = arena_text(arena, from->at[n]);
    to[n] = NULL;
}

bool join_record(const struct history *h, struct arena *arena, struct known *known, struct err *err)
{
    const struct entry_genesis *g = &h->genesis;
    if (!h->has_genesis || g->log.n < 1 || !span_is(g->log.at[0], known->issuer_vkey) ||
        (known->split && (g->log.n < 2 || !span_is(g->log.at[1], known->board_vkey))))
        return mismatch(err);
    known->name = arena_text(arena, g->lab);
    known->by = arena_text(arena, g->by);
    known->zone = arena_text(arena, g->zone);
    known->promise_vkey = arena_text(arena, g->promise);
    known->origin_info = arena_text(arena, g->origin_info);
    known->trial = g->trial;
    take_list(&g->issuer, arena, known->issuer);
    take_list(&g->board, arena, known->board);
    struct span host = g->board.n ? g->board.at[0] : SPAN("");
    ptrdiff_t slashes = span_find(host, SPAN("://"));
    known->board_origin = arena_text(arena, slashes < 0 ? host : span_from(host, (size_t)slashes + 3));
    return (known->name && known->by && known->zone && known->promise_vkey && known->origin_info &&
            known->board_origin && known->issuer[0] && known->board[0]) ||
           fail_memory(err);
}

/* A lab that lost its list of members knows nobody any more. */
static bool is_forgotten(struct db *db, const struct known *known, bool *forgotten, struct err *err)
{
    struct httpc_answer answer = {0};
    if (!named_send(db, known, "GET", "/v1/member", NULL, NULL, (struct span){0}, &answer, err))
        return false;
    *forgotten = answer.status == 401;
    buf_clear(&answer.body);
    return true;
}

/* Not in a lab; or in the one that the invitation is of, and unknown there. */
static bool may_join(struct db *db, struct arena *arena, const struct invitation *in, struct join_plan *out,
                     struct err *err)
{
    struct known *known;
    uint8_t pin[32];
    if (!known_load(db, arena, &known, err))
        return false;
    if (!known)
        return join_forget(db, err);
    lab_pin(known->issuer_vkey, known->board_vkey, pin);
    if (secret_eq(pin, in->pin, 32) && !is_forgotten(db, known, &out->again, err))
        return false;
    const char *via = out->known.via;
    if (out->again)
        out->known = *known;
    if (via)
        out->known.via = via;
    return out->again ||
           fail(err, E_REFUSED,
                tr("err.join.already", "You are a member of “%.100s” on this computer already. `respite join "
                                       "--leave` leaves it."),
                known->name);
}

/* What the record says, once it is here. */
static bool look_at_record(struct db *db, struct arena *arena, int64_t now, struct join_plan *out,
                           struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    struct known *known = &out->known;
    int64_t date;
    if (!follow_logs(db, known, now, &date, err) || !follow_load(db, known, &issuer, &board, err))
        return false;
    bool done = join_record(issuer, arena, known, err) &&
                lab_words(known->issuer_vkey, known->board_vkey, arena, &out->words, err);
    const struct history *both[] = {issuer, board};
    for (size_t i = 0; done && i < 2; i++)
        if (both[i] && both[i]->breaks.n)
            done = follow_broken_say(&both[i]->breaks.at[both[i]->breaks.n - 1], 0, arena, &out->broken, err);
    out->members = history_members(issuer, epoch_of(now));
    out->floor = history_floor(issuer, epoch_of(now));
    if (done && issuer->findings.n > 0)
        done = fail(err, E_REFUSED,
                    tr("err.join.finding",
                       "The lab's record breaks a rule of its own (entry %llu), so I have stopped: %.300s"),
                    (unsigned long long)issuer->findings.at[0].index, issuer->findings.at[0].text);
    history_free(issuer);
    history_free(board);
    return done;
}

bool join_look(struct db *db, struct arena *arena, const char *url, const char *via, int64_t now,
               struct join_plan *out, struct err *err)
{
    struct invitation in;
    struct err none = {0};
    *out = (struct join_plan){.known.via = via};
    if ((via && !httpc_via_ok(via, err)) || !read_url(url, arena, &in, err) ||
        !may_join(db, arena, &in, out, err) || !ask_both(db, arena, &in, &out->known, err))
        return false;
    out->code = in.code;
    if (look_at_record(db, arena, now, out, err))
        return true;
    (void)!join_forget(db, &none);
    return false;
}

/* The copy of a record that nobody joined (of one's own lab it stays); secrets of an earlier try with an
 * invitation stay, since the same code takes the same body again. */
bool join_forget(struct db *db, struct err *err)
{
    int64_t member;
    if (!db_number(db, &member, 0, err, "select count(*) from known where name = 'member'"))
        return false;
    return member ||
           (db_run(db, err, "delete from log_head") && db_run(db, err, "delete from log_entry") &&
            db_run(db, err, "delete from log_evidence") && db_run(db, err, "delete from log_list") &&
            db_run(db, err, "delete from log_line") && db_run(db, err, "delete from crowd") &&
            db_run(db, err, "delete from log_broken") && db_run(db, err, "delete from log_lost") &&
            db_run(db, err, "delete from outside_note") && db_run(db, err, "delete from confirmed") &&
            /* of a counsellor who was no member (anon/guest.h) */
            db_run(db, err, "delete from withdrawal") && db_run(db, err, "delete from pass") &&
            db_run(db, err, "delete from kept_batch") && db_run(db, err, "delete from item") &&
            db_run(db, err, "delete from token_seen") && db_run(db, err, "delete from receipt"));
}

/* Becoming one ------------------------------------------------------------------------------------------ */
/* Secrets, kept before they are used: the same code takes the same body again after a crash. */
static bool draw_secrets(struct db *db, struct join_plan *plan, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    uint8_t all[SECRETS];
    struct known *k = &plan->known;
    rand_bytes(all, sizeof all);
    if (plan->again) { /* another bearer, and otherwise the same member */
        memcpy(all + 32, k->tag, 32);
        memcpy(all + 64, k->witness, 32);
        memcpy(all + 96, k->threads, 32);
    }
    if (!db_run(db, err, "insert into known(name, value) values ($1, $2) on conflict(name) do nothing",
                V_STR(plan->code), V_BLOB(span_bytes(all, sizeof all))) ||
        !db_query(db, &q, err, "select value from known where name = $1", V_STR(plan->code)))
        return false;
    if (!db_next(q, &mine) || db_text(q, 0).n != sizeof all)
        return fail(err, mine.code ? mine.code : E_FORMAT, "%s", mine.text);
    memcpy(all, db_text(q, 0).p, sizeof all);
    memcpy(k->secret, all, 32);
    memcpy(k->tag, all + 32, 32);
    memcpy(k->witness, all + 64, 32);
    memcpy(k->threads, all + 96, 32);
    secret_wipe(all, sizeof all);
    return true;
}

static bool write_join(const struct join_plan *plan, const char *name, struct buf *out, struct err *err)
{
    const struct known *k = &plan->known;
    uint8_t hash[32];
    char cosigner[300];
    struct sign_key sign_with;
    struct note_sig_key key = {.kind = NOTE_SIG_COSIGNS};
    AUTO_BUF struct buf vkey;
    AUTO_JSON json_t *o = json_object();
    buf_init(&vkey, 1024);
    wallet_witness_name(k->issuer_log, k->witness, cosigner, sizeof cosigner);
    sign_key_init(&sign_with, k->witness);
    sign_public(&sign_with, key.pk);
    secret_wipe(&sign_with, sizeof sign_with);
    key.name = span_of(cosigner);
    sign_key_id(key.name, NOTE_SIG_COSIGNS, key.pk, key.id);
    note_sig_key_write(&vkey, &key);
    hash_sha256(span_bytes(k->secret, 32), hash);
    bool done = o && json_object_set_new(o, "v", json_integer(1)) == 0 &&
                json_object_set_new(o, "code", json_string(plan->code)) == 0 &&
                json_object_set_new(o, "name", json_string(name ? name : "")) == 0 &&
                json_object_set_new(o, "witness", json_string(buf_text(&vkey))) == 0 &&
                canon_put_b64(o, "tag", k->tag, 32) && canon_put_b64(o, "secret_sha256", hash, 32);
    return (done || fail_memory(err)) && canon_write(o, out, err);
}

static bool join_refused(const struct httpc_answer *answer, struct err *err)
{
    switch (answer->status) {
    case 403:
        return fail(
            err, E_REFUSED,
            tr("err.join.code",
               "The lab does not know this invitation, or its seven days are over. Ask for a new one."));
    case 409:
        return fail(
            err, E_REFUSED,
            tr("err.join.used",
               "This invitation was used before, on another computer. If that was not you, tell those who "
               "run the lab; they can make another."));
    case 400:
        return fail(err, E_REFUSED,
                    tr("err.join.refused",
                       "The lab did not understand what this Respite sent. One of the two may be "
                       "out of date."));
    default:
        return fail(err, E_SYSTEM,
                    tr("err.join.status",
                       "The lab could not take you in at the moment (%d). Try the same line "
                       "again later."),
                    answer->status);
    }
}

static bool send_join(struct db *db, struct arena *arena, struct join_plan *plan, const char *name,
                      struct err *err)
{
    struct httpc_answer answer = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, 8192);
    if (!write_join(plan, name, &body, err) ||
        !public_post(db, plan->known.via, plan->known.issuer[0], "/v1/join", "application/json",
                     buf_span(&body), &answer, err))
        return false;
    bool done = answer.status == 200 || answer.status == 201
                    ? join_answer_read(buf_span(&answer.body), arena, &plan->known, err)
                    : join_refused(&answer, err);
    buf_clear(&answer.body);
    return done;
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct join_plan *plan = arg;
    return db_run(db, err, "delete from known where name = $1", V_STR(plan->code)) &&
           known_save(db, &plan->known, err);
}

/* Passes, the crowd key, the lists, as any fetch does. The log first: what is behind the end that it has now
 * was written by who knows of this member. */
static bool first_fetch(struct db *db, const struct known *known, int64_t now, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    int64_t date;
    if (!follow_logs(db, known, now, &date, err) || !follow_load(db, known, &issuer, &board, err))
        return false;
    bool done = wallet_collect(db, known, issuer, now, err) && wallet_crowd(db, known, issuer, now, err) &&
                follow_lists(db, known, issuer, now, err) &&
                wallet_cosign(db, known, issuer, board, now, err);
    history_free(issuer);
    history_free(board);
    return done;
}

/* The name that the lab keeps, which the invitation came with: this page of the node shows it. Without it
 * one is a member all the same. */
static bool own_name(struct db *db, struct arena *arena, struct known *known, struct err *err)
{
    struct httpc_answer answer = {0};
    struct err ignored = {0};
    if (!named_send(db, known, "GET", "/v1/member", NULL, NULL, (struct span){0}, &answer, &ignored))
        return ignored.code != E_MEMORY || fail_memory(err);
    if (answer.status == 200)
        (void)!join_member_read(buf_span(&answer.body), arena, &known->own_name, &ignored);
    buf_clear(&answer.body);
    return true;
}

bool join_do(struct db *db, struct arena *arena, struct join_plan *plan, const char *name, int64_t now,
             struct err *err)
{
    struct err why = {0};
    plan->known.joined_at = now;
    plan->known.own_name = name ? name : "";
    return draw_secrets(db, plan, err) && send_join(db, arena, plan, name, err) &&
           own_name(db, arena, &plan->known, err) && db_write(db, keep_work, plan, err) &&
           (first_fetch(db, &plan->known, now, &why) ||
            fail(
                err, why.code,
                tr("err.join.after",
                   "You are a member now. What is fetched then did not come whole, and is asked for again at "
                   "the next drawn moment: %.400s"),
                why.text));
}

static bool forget_work(struct db *db, void *arg, struct err *err)
{
    struct app *app = arg;
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->left && !(*room)->left(app, db, err))
            return false;
    return known_forget(db, err);
}

bool join_try(struct db *db, const struct known *known, const char *via, struct err *err)
{
    AUTO_BUF struct buf body;
    buf_init(&body, JOIN_ANSWER_MOST);
    return public_get(db, via, known->issuer[0], "/v1/lab", NULL, JOIN_ANSWER_MOST, &body, NULL, err);
}

bool join_leave(struct app *app, const struct known *known, struct err *err)
{
    struct httpc_answer answer = {0};
    if (!named_send(app->db, known, "DELETE", "/v1/member", NULL, NULL, (struct span){0}, &answer, err))
        return false;
    int status = answer.status;
    buf_clear(&answer.body);
    if (status != 204 && status != 401)
        return fail(
            err, E_SYSTEM,
            tr("err.join.leave",
               "The lab did not take the word that you leave (%d). Nothing was changed; try again later."),
            status);
    return db_write(app->db, forget_work, app, err);
}
