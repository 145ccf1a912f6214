/* The board's half of moderation. Who may decide is looked up in the record; the transaction holds the log
 * and looks that it has not grown since, so that a key that was ended in between decides nothing. */
#include "speak/moderate_lab.h"

#include "anon/item.h"
#include "anon/kinds.h"
#include "anon/lab.h"
#include "anon/moderation.h"
#include "anon/tidy.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "speak/moderate_act.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { DAY = 86400, TRIES = 5, ROWS = 600, HELD_SHOWN = 10, DESK_STEP = 4096 };

bool moderate_is_words(const struct placed *placed)
{
    return strcmp(placed->kind, "thread") == 0 || strcmp(placed->kind, "reply") == 0 ||
           strcmp(placed->kind, "appeal") == 0 || strcmp(placed->kind, "circle") == 0 ||
           strcmp(placed->kind, "circle_ask") == 0;
}

/* Replies ---------------------------------------------------------------------------------------------- */
bool moderate_reply(struct db *db, const uint8_t id[static 16], const uint8_t thread[static 16],
                    const uint8_t pk[static 32], struct problem *p, struct err *err)
{
    int64_t n, own, before;
    struct val in = V_BLOB(span_bytes(thread, 16)), name = V_BLOB(span_bytes(pk, 32));
    if (!db_number(db, &n, 0, err, "select count(*) from moderated where thread = $1 and muted = 1", in))
        return false;
    if (n == 0)
        return true;
    if (!db_number(db, &own, 0, err,
                   "select count(*) from moderated where thread = $1 and muted = 1 and pk = $2", in, name))
        return false;
    if (own > 0)
        return problem(p, PROBLEM_MUTED, NULL);
    return db_number(db, &before, 0, err, "select count(*) from placed where thread = $1 and pk = $2", in,
                     name) &&
           (before > 0 || held_back_put(db, id, err));
}

/* A decision ------------------------------------------------------------------------------------------- */
struct standing {
    bool there, hidden, muted, dropped;
    int64_t index;
    uint8_t sig[64];
};

struct decision {
    const struct lab *lab;
    const struct moderation *m;
    uint64_t size; /* of the log that was looked at */
    int64_t now, index;
    bool again, grown;
    struct problem *p;
};

static bool standing_load(struct db *db, const uint8_t target[static 16], struct standing *out,
                          struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct standing){.index = -1};
    if (!db_query(db, &q, err, "select idx, sig, hidden, muted, dropped from moderated where target = $1",
                  V_BLOB(span_bytes(target, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    out->there = true;
    out->index = db_int(q, 0);
    if (db_text(q, 1).n == sizeof out->sig)
        memcpy(out->sig, db_text(q, 1).p, sizeof out->sig);
    out->hidden = db_int(q, 2) != 0;
    out->muted = db_int(q, 3) != 0;
    out->dropped = db_int(q, 4) != 0;
    return true;
}

static void apply(struct standing *s, enum moderation_do act)
{
    s->hidden = act == MODERATION_HIDE || (act != MODERATION_SHOW && s->hidden);
    s->muted = act == MODERATION_MUTE || (act != MODERATION_SHOW && s->muted);
    s->dropped |= act == MODERATION_DROP;
}

/* What the decision makes of what stands; false when it changes nothing that can be changed. */
static bool decide(struct standing *s, enum moderation_do act, const struct placed *target, bool held)
{
    bool stood = held || s->hidden || s->muted;
    if (s->dropped || target->gone)
        return false;
    apply(s, act);
    return act == MODERATION_SHOW ? stood : act != MODERATION_MUTE || target->has_thread;
}

static bool append(struct db *db, struct decision *d, struct err *err)
{
    struct entry e = {.kind = ENTRY_MODERATION, .at = d->now, .moderation = *d->m};
    AUTO_BUF struct buf bytes;
    uint64_t at;
    buf_init(&bytes, ENTRY_MOST);
    if (!entry_write(&e, &bytes, err) ||
        !tlog_append(db, &d->lab->log, (const struct span[]){buf_span(&bytes)}, 1, &at, err))
        return false;
    d->index = (int64_t)at;
    return true;
}

/* One that is there and of a later entry stays. */
static bool standing_save(struct db *db, const struct moderation *m, int64_t index,
                          const struct placed *target, const struct standing *s, struct err *err)
{
    return db_run(
        db, err,
        "insert into moderated(target, idx, sig, thread, pk, hidden, muted, dropped) values ($1, $2, "
        "$3, $4, $5, $6, $7, $8) on conflict(target) do update set idx = $2, sig = $3, hidden = $6, "
        "muted = $7, dropped = $8 where moderated.idx < $2",
        V_BLOB(span_bytes(m->target, 16)), V_INT(index), V_BLOB(span_bytes(m->sig, 64)),
        target->has_thread ? V_BLOB(span_bytes(target->thread, 16)) : V_NULL,
        V_BLOB(span_bytes(target->pk, 32)), V_INT(s->hidden), V_INT(s->muted), V_INT(s->dropped));
}

/* What members wrote about a post is dealt with; what nobody dealt with goes after its days. Flags that wait
 * for their batch stay: nobody has seen them. */
static bool flags_done(struct db *db, const struct decision *d, struct err *err)
{
    return db_run(db, err,
                  "delete from flag where (target = $1 or day < $2) and not exists (select 1 from waiting w "
                  "where w.id = flag.id)",
                  V_BLOB(span_bytes(d->m->target, 16)), V_INT(d->now / DAY - FLAG_DAYS));
}

static bool decision_work(struct db *db, void *arg, struct err *err)
{
    struct decision *d = arg;
    struct standing s;
    struct placed target;
    uint64_t size;
    bool there, held;
    *d->p = (struct problem){0};
    d->again = d->grown = false;
    if (!tlog_hold(db, &size, err))
        return false;
    d->grown = size != d->size;
    if (d->grown)
        return true;
    if (!standing_load(db, d->m->target, &s, err) || !placed_find(db, d->m->target, &target, &there, err))
        return false;
    if (s.there && secret_eq(s.sig, d->m->sig, sizeof s.sig)) {
        d->again = true;
        d->index = s.index;
        return true;
    }
    if (!there || !moderate_is_words(&target))
        return problem(d->p, PROBLEM_BAD_FIELD, "target");
    if (d->m->prev != s.index)
        return problem(d->p, PROBLEM_OTHER_HISTORY, NULL);
    if (!held_back_release(db, d->m->target, &held, err))
        return false;
    if (!decide(&s, d->m->act, &target, held))
        return problem(d->p, PROBLEM_BAD_FIELD, "do");
    return append(db, d, err) && standing_save(db, d->m, d->index, &target, &s, err) &&
           (d->m->act != MODERATION_DROP || placed_take_out(db, d->m->target, d->index, err)) &&
           flags_done(db, d, err);
}

/* After `lab recover` ---------------------------------------------------------------------------------- */
/* What stands after the first `n` decisions about the target of the last of them. */
static void stands_after(const struct history *own, size_t n, struct standing *s)
{
    const uint8_t *target = own->moderations.at[n - 1].moderation.target;
    *s = (struct standing){.there = true};
    for (size_t i = 0; i < n; i++) {
        const struct history_moderation *m = &own->moderations.at[i];
        if (m->good && memcmp(m->moderation.target, target, sizeof m->moderation.target) == 0)
            apply(s, m->moderation.act);
    }
}

bool moderate_recovered(struct db *db, const struct history *own, struct err *err)
{
    for (size_t i = 0; i < own->moderations.n; i++) {
        const struct history_moderation *m = &own->moderations.at[i];
        struct placed target;
        struct standing s;
        bool there;
        if (!m->good)
            continue;
        stands_after(own, i + 1, &s);
        if (!placed_find(db, m->moderation.target, &target, &there, err) ||
            !standing_save(db, &m->moderation, (int64_t)m->index, &target, &s, err) ||
            (m->moderation.act == MODERATION_DROP &&
             !placed_take_out(db, m->moderation.target, (int64_t)m->index, err)))
            return false;
    }
    return true;
}

static bool write_through(struct app *app, db_work *work, void *arg, struct err *err)
{
    return app->lab->writer ? writer_do(app->lab->writer, work, arg, err) : db_write(app->db, work, arg, err);
}

/* Whether the key is a moderator's now; *size: of the log that says so. */
static bool in_force(struct app *app, const uint8_t pk[static 32], uint64_t *size, struct problem *p,
                     struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *own = board ? board : issuer;
    bool yes = history_in_force(own, ENTRY_MODERATOR, pk, app->now) != NULL;
    *size = own->tree.size;
    lab_facts_done(app->lab);
    return yes || problem(p, PROBLEM_NOT_MODERATOR, NULL);
}

/* Words that were dropped go from the database's own files too, not with the next batch alone. */
static bool decided(struct app *app, struct decision *d, struct err *err)
{
    for (int i = 0; i < TRIES; i++) {
        if (!in_force(app, d->m->pk, &d->size, d->p, err) || !write_through(app, decision_work, d, err))
            return false;
        if (!d->grown)
            return d->m->act != MODERATION_DROP || tidy_when_due(app, true, err);
    }
    return problem(d->p, PROBLEM_BUSY, NULL);
}

/* What members wrote ------------------------------------------------------------------------------------ */
struct desk {
    json_t *o, *flags, *held, *last; /* last: of flags, the one that rows are added to */
    char target[33];
};

static bool desk_count(struct desk *d, const char *hex, const char *reason, struct span note)
{
    if (strcmp(hex, d->target) != 0) {
        json_t *one = json_pack("{s:s,s:[],s:i,s:i,s:i,s:i}", "target", hex, "notes", "harm", 0, "name", 0,
                                "spam", 0, "other", 0);
        if (!one || json_array_append_new(d->flags, one) != 0)
            return false;
        d->last = one;
        memcpy(d->target, hex, sizeof d->target);
    }
    json_int_t n = json_integer_value(json_object_get(d->last, reason));
    return json_object_set_new(d->last, reason, json_integer(n + 1)) == 0 &&
           (note.n == 0 ||
            json_array_append_new(json_object_get(d->last, "notes"), json_stringn(note.p, note.n)) == 0);
}

/* Those that are published: of others even a moderator does not learn before. */
static bool desk_flags(struct db *db, struct desk *d, int64_t now, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    enum flag_reason reason;
    if (!db_query(db, &q, err,
                  "select target, reason, note from flag f where day >= $1 and not exists (select 1 from "
                  "waiting w where w.id = f.id) order by target, id limit $2",
                  V_INT(now / DAY - FLAG_DAYS), V_INT(ROWS)))
        return false;
    while (db_next(q, &inner)) {
        char hex[33];
        if (db_text(q, 0).n != 16 || !flag_named(db_text(q, 1), &reason))
            continue;
        item_hex((const uint8_t *)db_text(q, 0).p, hex);
        if (!desk_count(d, hex, flag_name(reason), db_text(q, 2)))
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Posts that were held back at a slot at least once: before that they wait as all posts do. */
static bool desk_held(struct db *db, struct desk *d, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(
            db, &q, err,
            "select w.item from held_back h, waiting w where h.id = w.id and h.released = 0 and h.slots < "
            "$1 and w.gone_by is null order by w.id limit $2",
            V_INT(HELD_SLOTS), V_INT(HELD_SHOWN)))
        return false;
    while (db_next(q, &inner)) {
        AUTO_JSON json_t *item = NULL;
        if (!canon_read(db_text(q, 0), ITEM_LARGE, &item, err))
            return false;
        if (json_array_append(d->held, item) != 0)
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* The answer is padded, so that its size does not tell the network how much was written. */
static bool desk_write(struct app *app, struct buf *out, struct err *err)
{
    struct desk d = {.o = json_pack("{s:[],s:[],s:i}", "flags", "held", "v", 1)};
    AUTO_JSON json_t *o = d.o;
    if (!o)
        return fail_memory(err);
    d.flags = json_object_get(o, "flags");
    d.held = json_object_get(o, "held");
    if (!desk_flags(app->db, &d, app->now, err) || !desk_held(app->db, &d, err) || !canon_write(o, out, err))
        return false;
    while (out->n % DESK_STEP)
        buf_add_byte(out, ' ');
    return buf_ok(out, err);
}

/* The route -------------------------------------------------------------------------------------------- */
static bool read_body(const struct request *request, json_t **out, struct problem *p, struct err *err)
{
    struct err why = {0};
    if (request->body.n > MODERATION_BODY)
        return problem(p, PROBLEM_TOO_LARGE, NULL);
    if (json_read(request->body, MODERATION_BODY, "body", out, &why) && json_is_object(*out) &&
        canon_check(*out, &why))
        return true;
    return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_JSON, NULL);
}

static bool bad_field(const struct err *why, const char *field, struct problem *p, struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, field);
}

static bool serve_decision(struct app *app, const json_t *o, struct reply *reply, struct problem *p,
                           struct err *err)
{
    struct moderation m;
    struct span lab;
    struct err why = {0};
    bool good;
    if (!moderation_read(o, &m, &lab, &why))
        return bad_field(&why, NULL, p, err);
    if (!span_is(lab, app->lab->board_origin))
        return problem(p, PROBLEM_BAD_FIELD, "lab");
    if (!moderation_good(&m, lab, &good, err))
        return false;
    if (!good)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    struct decision d = {.lab = app->lab, .m = &m, .now = app->now, .p = p};
    if (!decided(app, &d, err))
        return false;
    reply->status = d.again ? 200 : 201;
    reply->type = "application/json";
    buf_printf(&reply->body, "{\"index\":%lld}", (long long)d.index);
    return true;
}

static bool serve_desk(struct app *app, const json_t *o, struct reply *reply, struct problem *p,
                       struct err *err)
{
    struct moderation_ask ask;
    struct err why = {0};
    uint64_t size;
    bool good;
    if (!moderation_ask_read(o, span_of(app->lab->board_origin), &ask, &good, &why))
        return bad_field(&why, NULL, p, err);
    if (!good)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    if (ask.at < app->now - MODERATION_CLOCKS || ask.at > app->now + MODERATION_CLOCKS)
        return problem(p, PROBLEM_BAD_FIELD, "at");
    if (!in_force(app, ask.pk, &size, p, err) || !desk_write(app, &reply->body, err))
        return false;
    reply->type = "application/json";
    return true;
}

void api_moderation(struct app *app, const struct request *request, struct reply *reply)
{
    static const struct route self = {.path = "/v1/moderation", .who = PUBLIC};
    AUTO_JSON json_t *o = NULL;
    struct problem p = {0};
    struct err err = {0};
    if (read_body(request, &o, &p, &err)) {
        const char *act = json_string_value(json_object_get(o, "do"));
        bool reads = act && strcmp(act, "read") == 0;
        if (reads ? serve_desk(app, o, reply, &p, &err) : serve_decision(app, o, reply, &p, &err)) {
            reply_header(reply, request->arena, "Cache-Control", "no-store");
            return;
        }
    }
    if (p.type == PROBLEM_NONE)
        p.type = PROBLEM_BUSY;
    buf_reset(&reply->body);
    kind_refuse(app, &self, request, &p, reply);
}
