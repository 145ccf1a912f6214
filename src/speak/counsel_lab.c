/* The board's half of counsellors. A record enters the log in the transaction that keeps it, so the log never
 * speaks of one that cannot be shown. Who took a time is a key used once and a closed box; both go when the
 * time is over, and nothing counts them. What others can read of it changes with a batch, never between two,
 * so that nobody who looks often learns when an act came. */
#include "speak/counsel_lab.h"

#include <inttypes.h>

#include "anon/batch_get.h"
#include "anon/hours.h"
#include "anon/item.h"
#include "anon/kinds.h"
#include "anon/lab.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/box.h"
#include "crypt/hash.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { DAY = 86400, TRIES = 5 };

/* Taking and giving back ------------------------------------------------------------------------------- */
struct open_slot {
    bool there;
    uint8_t counsellor[32];
    int64_t begins, until;
};

static bool open_find(struct db *db, const uint8_t slot[static 16], int64_t now, struct open_slot *out,
                      struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct open_slot){0};
    if (!db_query(db, &q, err,
                  "select counsellor, begins, until from counsel_slot where slot = $1 and begins > $2",
                  V_BLOB(span_bytes(slot, 16)), V_INT(now)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    out->there = db_text(q, 0).n == sizeof out->counsellor;
    if (out->there)
        memcpy(out->counsellor, db_text(q, 0).p, sizeof out->counsellor);
    out->begins = db_int(q, 1);
    out->until = db_int(q, 2);
    return true;
}

/* The first row stands. One that was given back makes place once that is published; the same act again (after
 * a database was put back) has it already. */
static bool take(struct db *db, const struct item *item, const uint8_t slot[static 16],
                 const struct open_slot *open, struct span box, bool *ours, struct err *err)
{
    struct val key = V_BLOB(span_bytes(slot, 16)), id = V_BLOB(span_bytes(item->id, 16));
    int64_t mine;
    if (!db_run(db, err,
                "delete from counsel_taken where slot = $1 and freed is not null and not exists (select 1 "
                "from waiting w where w.id = counsel_taken.freed)",
                key) ||
        !db_run(db, err,
                "insert into counsel_taken(slot, counsellor, id, pk, box, begins, until) values ($1, $2, $3, "
                "$4, $5, $6, $7) on conflict do nothing",
                key, V_BLOB(span_bytes(open->counsellor, 32)), id, V_BLOB(span_bytes(item->pk, 32)),
                V_BLOB(box), V_INT(open->begins), V_INT(open->until)) ||
        !db_number(db, &mine, 0, err, "select count(*) from counsel_taken where slot = $1 and id = $2", key,
                   id))
        return false;
    *ours = mine == 1;
    return true;
}

bool slot_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct open_slot open;
    uint8_t slot[16], box[BOX_SMALL];
    bool ours;
    if (!slot_act_read(item->act, slot, box, &why))
        return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
    if (!open_find(db, slot, app->now, &open, err))
        return false;
    if (!open.there)
        return problem(p, PROBLEM_BAD_FIELD, "slot");
    return take(db, item, slot, &open, span_bytes(box, sizeof box), &ours, err) &&
           (ours || problem(p, PROBLEM_TAKEN, NULL));
}

bool slot_give_back(struct db *db, const uint8_t target[static 16], const uint8_t pk[static 32],
                    const uint8_t by[static 16], bool *was, struct err *err)
{
    if (!db_run(db, err, "update counsel_taken set freed = $3 where id = $1 and pk = $2 and freed is null",
                V_BLOB(span_bytes(target, 16)), V_BLOB(span_bytes(pk, 32)), V_BLOB(span_bytes(by, 16))))
        return false;
    *was = db_changed(db) > 0;
    return true;
}

/* Forgetting ------------------------------------------------------------------------------------------- */
static bool write_through(struct app *app, db_work *work, void *arg, struct err *err)
{
    return app->lab->writer ? writer_do(app->lab->writer, work, arg, err) : db_write(app->db, work, arg, err);
}

static bool forget_work(struct db *db, void *arg, struct err *err)
{
    const int64_t *now = arg;
    return db_run(
               db, err,
               "delete from counsel_taken where until <= $1 or (freed is not null and not exists (select 1 "
               "from waiting w where w.id = counsel_taken.freed))",
               V_INT(*now)) &&
           db_run(db, err, "delete from counsel_slot where until <= $1", V_INT(*now)) &&
           db_run(db, err, "delete from counsel_hours where week < $1", V_INT(epoch_of(*now - DAY)));
}

bool job_counsel_lab(struct app *app, struct err *err)
{
    int64_t over;
    return db_number(app->db, &over, 0, err,
                     "select (select count(*) from counsel_taken where until <= $1 or (freed is not null and "
                     "not exists (select 1 from waiting w where w.id = freed))) + (select count(*) from "
                     "counsel_slot where until <= $1) + (select count(*) from counsel_hours where week < $2)",
                     V_INT(app->now), V_INT(epoch_of(app->now - DAY))) &&
           (over == 0 || write_through(app, forget_work, &app->now, err));
}

bool counsel_ended(struct db *db, const uint8_t pk[static 32], struct err *err)
{
    struct val key = V_BLOB(span_bytes(pk, 32));
    return db_run(db, err, "delete from counsel_slot where counsellor = $1", key) &&
           db_run(db, err, "delete from counsel_hours where counsellor = $1", key);
}

/* A record -------------------------------------------------------------------------------------------- */
struct publishing {
    const struct lab *lab;
    const struct hours *h;
    struct span bytes;
    uint64_t size; /* of the log that was looked at */
    int64_t now, index;
    bool again, grown;
    struct problem *p;
};

static bool standing(struct db *db, struct publishing *w, int64_t *n, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *n = 0;
    if (!db_query(db, &q, err, "select n, idx, record from counsel_hours where counsellor = $1 and week = $2",
                  V_BLOB(span_bytes(w->h->counsellor, 32)), V_INT(w->h->week)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *n = db_int(q, 0);
    w->index = db_int(q, 1);
    w->again = span_eq(db_text(q, 2), w->bytes);
    return true;
}

static bool append(struct db *db, struct publishing *w, struct err *err)
{
    struct entry e = {.kind = ENTRY_HOURS, .at = w->now};
    AUTO_BUF struct buf bytes;
    uint64_t at;
    buf_init(&bytes, ENTRY_MOST);
    memcpy(e.hours.counsellor, w->h->counsellor, 32);
    e.hours.week = w->h->week;
    e.hours.slots = (int64_t)w->h->slots;
    hash_sha256(w->bytes, e.hours.c);
    if (!entry_write(&e, &bytes, err) ||
        !tlog_append(db, &w->lab->log, (const struct span[]){buf_span(&bytes)}, 1, &at, err))
        return false;
    w->index = (int64_t)at;
    return true;
}

static bool put_slots(struct db *db, const struct publishing *w, bool *fit, struct err *err)
{
    struct val counsellor = V_BLOB(span_bytes(w->h->counsellor, 32));
    *fit = true;
    if (!db_run(db, err, "delete from counsel_slot where counsellor = $1 and week = $2", counsellor,
                V_INT(w->h->week)))
        return false;
    for (size_t i = 0; i < w->h->slots && *fit; i++) {
        const struct hours_slot *s = &w->h->slot[i];
        if (!db_run(db, err,
                    "insert into counsel_slot(slot, counsellor, week, begins, until) values ($1, $2, $3, $4, "
                    "$5) on conflict do nothing",
                    V_BLOB(span_bytes(s->id, 16)), counsellor, V_INT(w->h->week), V_INT(s->from),
                    V_INT(s->to)))
            return false;
        *fit = db_changed(db) == 1; /* another counsellor's, or another week's */
    }
    return true;
}

static bool publish_work(struct db *db, void *arg, struct err *err)
{
    struct publishing *w = arg;
    uint64_t size;
    int64_t n;
    bool fit;
    *w->p = (struct problem){0};
    w->again = w->grown = false;
    if (!tlog_hold(db, &size, err))
        return false;
    w->grown = size != w->size;
    if (w->grown)
        return true;
    if (!standing(db, w, &n, err))
        return false;
    if (w->again)
        return true;
    if (w->h->n <= n)
        return problem(w->p, PROBLEM_OTHER_HISTORY, NULL);
    if (!put_slots(db, w, &fit, err))
        return false;
    if (!fit)
        return problem(w->p, PROBLEM_BAD_FIELD, "slots");
    return append(db, w, err) &&
           db_run(
               db, err,
               "insert into counsel_hours(counsellor, week, n, idx, record) values ($1, $2, $3, $4, $5) on "
               "conflict(counsellor, week) do update set n = $3, idx = $4, record = $5",
               V_BLOB(span_bytes(w->h->counsellor, 32)), V_INT(w->h->week), V_INT(w->h->n), V_INT(w->index),
               V_TEXT(w->bytes));
}

/* Whether the key is a counsellor's now, and its times end within the term; *size: of the log that says so.
 */
static bool in_force(struct app *app, const uint8_t pk[static 32], int64_t until, uint64_t *size,
                     struct problem *p, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *own = board ? board : issuer;
    const struct history_person *who = history_in_force(own, ENTRY_COUNSELLOR, pk, app->now);
    bool yes = who != NULL, fits = yes && until <= who->until;
    *size = own->tree.size;
    lab_facts_done(app->lab);
    if (!yes)
        return problem(p, PROBLEM_NOT_COUNSELLOR, NULL);
    return fits || problem(p, PROBLEM_BAD_FIELD, "slots");
}

static bool published(struct app *app, struct publishing *w, struct err *err)
{
    int64_t until = w->h->slots ? w->h->slot[w->h->slots - 1].to : 0;
    for (int i = 0; i < TRIES; i++) {
        if (!in_force(app, w->h->counsellor, until, &w->size, w->p, err) ||
            !write_through(app, publish_work, w, err))
            return false;
        if (!w->grown)
            return w->again || tlog_head_keep(app->db, app->lab->head_file, err);
    }
    return problem(w->p, PROBLEM_BUSY, NULL);
}

static bool bad_field(const struct err *why, const char *field, struct problem *p, struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, field);
}

static bool serve_hours(struct app *app, const json_t *o, struct reply *reply, struct problem *p,
                        struct err *err)
{
    static const char *const keys[] = {"do", "hours", "v", NULL};
    struct hours h;
    struct err why = {0};
    bool good;
    day_t week = epoch_of(app->now);
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, HOURS_RECORD);
    if (!canon_only(o, keys, &why) || !hours_get(json_object_get(o, "hours"), &h, &why))
        return bad_field(&why, "hours", p, err);
    if (!span_is(h.lab, app->lab->board_origin))
        return problem(p, PROBLEM_BAD_FIELD, "lab");
    if (h.week < week || h.week > week + HOURS_AHEAD * EPOCH_NEXT)
        return problem(p, PROBLEM_BAD_FIELD, "week");
    if (!hours_good(&h, &good, err) || !hours_write(&h, &bytes, err))
        return false;
    if (!good)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    struct publishing w = {.lab = app->lab, .h = &h, .bytes = buf_span(&bytes), .now = app->now, .p = p};
    if (!published(app, &w, err))
        return false;
    reply->status = w.again ? 200 : 201;
    reply->type = "application/json";
    buf_printf(&reply->body, "{\"index\":%" PRId64 "}", w.index);
    return true;
}

/* What was taken --------------------------------------------------------------------------------------- */
/* Once its leaf is in the log; and, so that nobody comes to a closed door, in the last hours before in any
 * case. */
static bool desk_rows(struct app *app, const uint8_t pk[static 32], json_t *list, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(app->db, &q, err,
                  "select slot, box from counsel_taken t where counsellor = $1 and until > $2 and (begins < "
                  "$3 or not exists (select 1 from waiting w where w.id = t.id)) and (freed is null or "
                  "(begins >= $3 and exists (select 1 from waiting w where w.id = t.freed))) order by slot",
                  V_BLOB(span_bytes(pk, 32)), V_INT(app->now), V_INT(app->now + COUNSEL_SOON)))
        return false;
    while (db_next(q, &inner)) {
        char hex[33];
        struct span box = db_text(q, 1);
        if (db_text(q, 0).n != 16)
            continue;
        item_hex((const uint8_t *)db_text(q, 0).p, hex);
        json_t *one = json_pack("{s:s}", "slot", hex);
        if (!one || !canon_put_b64(one, "box", box.p, box.n) || json_array_append(list, one) != 0) {
            json_decref(one);
            return fail_memory(err);
        }
        json_decref(one);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Who asks: in the record, in force, and by a clock that is near ours. */
static bool read_ask(struct app *app, const json_t *o, struct arena *arena, struct guest_ask *ask,
                     struct problem *p, struct err *err)
{
    struct err why = {0};
    uint64_t size;
    bool good;
    if (!guest_ask_read(o, span_of(app->lab->board_origin), arena, ask, &good, &why))
        return bad_field(&why, NULL, p, err);
    if (!good)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    if (ask->at < app->now - GUEST_CLOCKS || ask->at > app->now + GUEST_CLOCKS)
        return problem(p, PROBLEM_BAD_FIELD, "at");
    return in_force(app, ask->pk, 0, &size, p, err);
}

/* The batch as members have it, whole: which letter is for whom is not asked. */
static bool serve_letters(struct app *app, const struct guest_ask *ask, struct reply *reply,
                          struct problem *p)
{
    enum problem_type type;
    batch_find(app->db, "letters", ask->n, &reply->body, &type);
    reply->type = "application/json";
    return type == PROBLEM_NONE || problem(p, type, NULL);
}

static bool serve_desk(struct app *app, const struct guest_ask *ask, struct reply *reply, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *answer = json_pack("{s:o,s:i}", "taken", list, "v", 1);
    if (!answer)
        return fail_memory(err);
    if (!desk_rows(app, ask->pk, list, err) || !canon_write(answer, &reply->body, err))
        return false;
    while (reply->body.n % COUNSEL_DESK)
        buf_add_byte(&reply->body, ' ');
    reply->type = "application/json";
    return buf_ok(&reply->body, err);
}

static bool serve_ask(struct app *app, const json_t *o, const struct request *request, struct reply *reply,
                      struct problem *p, struct err *err)
{
    struct guest_ask ask;
    if (!read_ask(app, o, request->arena, &ask, p, err))
        return false;
    if (ask.what == GUEST_LETTERS)
        return serve_letters(app, &ask, reply, p);
    return ask.what == GUEST_READ ? serve_desk(app, &ask, reply, err) : problem(p, PROBLEM_BAD_FIELD, "do");
}

/* Routes ----------------------------------------------------------------------------------------------- */
static bool read_body(const struct request *request, json_t **out, struct problem *p, struct err *err)
{
    struct err why = {0};
    int64_t v;
    if (request->body.n > GUEST_BODY)
        return problem(p, PROBLEM_TOO_LARGE, NULL);
    if (json_read(request->body, GUEST_BODY, "body", out, &why) && json_is_object(*out) &&
        canon_check(*out, &why) && json_get_int(*out, "v", 1, 1, &v, &why))
        return true;
    return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_JSON, NULL);
}

void api_counsel(struct app *app, const struct request *request, struct reply *reply)
{
    static const struct route self = {.path = "/v1/counsellors", .who = PUBLIC};
    AUTO_JSON json_t *o = NULL;
    struct problem p = {0};
    struct err err = {0};
    if (read_body(request, &o, &p, &err)) {
        const char *act = json_string_value(json_object_get(o, "do"));
        bool hours = act && strcmp(act, "hours") == 0;
        if (hours ? serve_hours(app, o, reply, &p, &err) : serve_ask(app, o, request, reply, &p, &err)) {
            reply_header(reply, request->arena, "Cache-Control", "no-store");
            return;
        }
    }
    if (p.type == PROBLEM_NONE)
        p.type = PROBLEM_BUSY;
    buf_reset(&reply->body);
    kind_refuse(app, &self, request, &p, reply);
}

static bool put_rows(struct app *app, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    buf_add_text(out, "{\"hours\":[");
    if (!db_query(app->db, &q, err, "select record from counsel_hours where week >= $1 order by idx",
                  V_INT(epoch_of(app->now - DAY))))
        return false;
    for (size_t n = 0; db_next(q, &inner); n++) {
        buf_add_text(out, n ? "," : "");
        buf_add(out, db_text(q, 0));
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* As of the last batch. */
static bool put_taken(struct app *app, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    buf_add_text(out, "],\"taken\":[");
    if (!db_query(app->db, &q, err,
                  "select slot from counsel_taken t where until > $1 and not exists (select 1 from waiting w "
                  "where w.id = t.id) and (freed is null or exists (select 1 from waiting w where w.id = "
                  "t.freed)) order by slot",
                  V_INT(app->now)))
        return false;
    for (size_t n = 0; db_next(q, &inner);) {
        char hex[33];
        if (db_text(q, 0).n != 16)
            continue;
        item_hex((const uint8_t *)db_text(q, 0).p, hex);
        buf_printf(out, "%s\"%s\"", n++ ? "," : "", hex);
    }
    buf_add_text(out, "],\"v\":1}");
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

void api_counsellors(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    if (!put_rows(app, &reply->body, &err) || !put_taken(app, &reply->body, &err)) {
        buf_reset(&reply->body);
        reply_problem(reply, request, &(struct problem){.type = PROBLEM_BUSY}, 0);
        return;
    }
    reply->type = "application/json";
    reply_header(reply, request->arena, "Cache-Control", "private, max-age=60");
}
