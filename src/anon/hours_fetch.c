/* Fetching hours. The log is the measure: what it says of a counsellor and a week is the same for all
 * members, so a key or a time that was made for one of them is in no entry, and is found here. */
#include "anon/hours_fetch.h"

#include "anon/follow.h"
#include "anon/follow_lists.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/send_public.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { RECORDS_MOST = 512, TAKEN_MOST = 32768, EVIDENCE = 1 << 20 };

struct taking {
    struct db *db;
    const struct known *known;
    const struct history *log;
    uint64_t size;
    int64_t now;
    bool last, later;
    const char *wrong; /* the first thing that does not fit */
    struct span answer;
    json_t *records, *taken;
};

static const char *not_theirs(void)
{
    return tr(
        "err.hours.other",
        "The lab shows open hours of a counsellor that are not those in its record: other times, another "
        "key, or not signed by the counsellor.");
}

/* Records -------------------------------------------------------------------------------------------- */
/* The entry of the log that speaks of exactly this record. */
static const struct history_hours *entry_of(const struct history *log, const struct hours *h,
                                            const uint8_t c[static 32])
{
    for (size_t i = log->hours.n; i-- > 0;) {
        const struct history_hours *e = &log->hours.at[i];
        if (e->good && e->hours.week == h->week && memcmp(e->hours.counsellor, h->counsellor, 32) == 0 &&
            memcmp(e->hours.c, c, 32) == 0)
            return e;
    }
    return NULL;
}

/* An older record of the same week comes back under a newer entry. */
static bool comes_back(struct taking *t, const struct hours *h, uint64_t index, bool *back, struct err *err)
{
    int64_t newer;
    if (!db_number(t->db, &newer, 0, err,
                   "select count(*) from hours_kept where counsellor = $1 and week = $2 and n > $3 and idx < "
                   "$4",
                   V_BLOB(span_bytes(h->counsellor, 32)), V_INT(h->week), V_INT(h->n), V_INT((int64_t)index)))
        return false;
    *back = newer > 0;
    return true;
}

/* *entry: of the log, NULL when this record is not to be shown. */
static bool look_at(struct taking *t, const json_t *o, struct hours *h, struct buf *bytes,
                    const struct history_hours **entry, struct err *err)
{
    struct err why = {0};
    uint8_t c[32];
    bool good = false, back;
    *entry = NULL;
    if (!hours_get(o, h, &why) || !hours_good(h, &good, &why) || !canon_write(o, bytes, &why)) {
        t->wrong = not_theirs();
        return why.code != E_MEMORY || fail_memory(err);
    }
    hash_sha256(buf_span(bytes), c);
    const struct history_hours *e = entry_of(t->log, h, c);
    if (!good || !span_is(h->lab, t->known->board_origin) || (!e && t->last)) {
        t->wrong = not_theirs();
        return true;
    }
    if (!e) {
        t->later = true;
        return true;
    }
    const struct history_hours *newest = history_hours(t->log, h->counsellor, h->week);
    if (!comes_back(t, h, e->index, &back, err))
        return false;
    if (back || (newest != e && newest->index < t->size))
        t->wrong = not_theirs();
    else
        *entry = e;
    return true;
}

/* Keeping -------------------------------------------------------------------------------------------- */
static bool keep(struct taking *t, const struct hours *h, const struct history_hours *e, struct span bytes,
                 struct err *err)
{
    return db_run(t->db, err,
                  "insert into hours_kept(counsellor, week, n, idx, record) values ($1, $2, $3, $4, $5) on "
                  "conflict(counsellor, week) do update set n = $3, idx = $4, record = $5",
                  V_BLOB(span_bytes(h->counsellor, 32)), V_INT(h->week), V_INT(h->n),
                  V_INT((int64_t)e->index), V_TEXT(bytes));
}

static bool each_record(struct taking *t, struct err *err)
{
    json_t *o;
    size_t i;
    json_array_foreach(t->records, i, o)
    {
        const struct history_hours *e;
        struct hours h;
        AUTO_BUF struct buf bytes;
        buf_init(&bytes, HOURS_RECORD);
        if (!look_at(t, o, &h, &bytes, &e, err) || (e && !keep(t, &h, e, buf_span(&bytes), err)))
            return false;
    }
    return true;
}

/* What the log said before the answer was asked for has to be in it, or what replaced it. */
static bool none_left_out(struct taking *t, struct err *err)
{
    for (size_t i = 0; i < t->log->hours.n; i++) {
        const struct history_hours *e = &t->log->hours.at[i];
        int64_t here;
        if (!e->good || e->index >= t->size || e->hours.week < epoch_of(t->now) ||
            !history_in_force(t->log, ENTRY_COUNSELLOR, e->hours.counsellor, t->now))
            continue;
        if (!db_number(t->db, &here, 0, err,
                       "select count(*) from hours_kept where counsellor = $1 and week = $2 and idx >= $3",
                       V_BLOB(span_bytes(e->hours.counsellor, 32)), V_INT(e->hours.week),
                       V_INT((int64_t)e->index)))
            return false;
        if (!here && !t->wrong)
            t->wrong = tr("err.hours.left_out", "The lab's record speaks of open hours of a counsellor, and "
                                                "the lab does not show them.");
    }
    return true;
}

static bool keep_taken(struct taking *t, struct err *err)
{
    const json_t *v;
    size_t i;
    uint8_t id[16];
    if (!db_run(t->db, err, "delete from hours_taken"))
        return false;
    json_array_foreach(t->taken, i, v)
    {
        if (item_hex_read((struct span){json_string_value(v), json_string_length(v)}, id) &&
            !db_run(t->db, err, "insert into hours_taken(slot) values ($1) on conflict do nothing",
                    V_BLOB(span_bytes(id, 16))))
            return false;
    }
    return true;
}

static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct taking *t = arg;
    t->db = db;
    t->wrong = NULL;
    t->later = false;
    if (!each_record(t, err))
        return false;
    if (t->later)
        return fail(err, E_BUSY, "later");
    return none_left_out(t, err) &&
           db_run(db, err, "delete from hours_kept where week < $1", V_INT(epoch_of(t->now))) &&
           keep_taken(t, err) &&
           (!t->wrong || finding_keep(db, t->now, t->wrong, span_first(t->answer, EVIDENCE), err));
}

bool hours_take(struct db *db, const struct known *known, const struct history *log, uint64_t size,
                struct span answer, int64_t now, bool last, bool *later, struct err *err)
{
    static const char *const keys[] = {"hours", "taken", "v", NULL};
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    const json_t *records, *taken;
    *later = false;
    if (!json_read(answer, HOURS_ANSWER, "hours", &o, &why) || !canon_only(o, keys, &why) ||
        !json_get_array(o, "hours", RECORDS_MOST, &records, &why) ||
        !json_get_array(o, "taken", TAKEN_MOST, &taken, &why))
        return why.code == E_MEMORY
                   ? fail_memory(err)
                   : finding_keep(db, now,
                                  tr("err.hours.answer",
                                     "What the lab shows of its counsellors' hours cannot be read."),
                                  span_first(answer, EVIDENCE), err);
    struct taking t = {.known = known,
                       .log = log,
                       .size = size,
                       .now = now,
                       .last = last,
                       .answer = answer,
                       .records = (json_t *)(uintptr_t)records,
                       .taken = (json_t *)(uintptr_t)taken};
    if (db_write(db, take_work, &t, err))
        return true;
    *later = t.later;
    if (t.later)
        err_clear(err);
    return t.later;
}

/* Fetching ------------------------------------------------------------------------------------------- */
static bool speaks_of_hours(const struct history *log, int64_t now)
{
    for (size_t i = 0; i < log->hours.n; i++)
        if (log->hours.at[i].good && log->hours.at[i].hours.week >= epoch_of(now))
            return true;
    return false;
}

/* A record came that was logged in between: the log is asked once more, and then it has to be there. */
static bool take_again(struct db *db, const struct known *known, uint64_t size, struct span answer,
                       int64_t now, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    int64_t date = 0;
    bool later;
    bool done = follow_logs(db, known, now, &date, err) && follow_load(db, known, &issuer, &board, err) &&
                hours_take(db, known, board ? board : issuer, size, answer, now, true, &later, err);
    history_free(issuer);
    history_free(board);
    return done;
}

bool hours_fetch(struct db *db, const struct known *known, const struct history *issuer,
                 const struct history *board, int64_t now, struct err *err)
{
    const struct history *log = board ? board : issuer;
    uint8_t crowd[32];
    bool have, later = false;
    AUTO_BUF struct buf body;
    buf_init(&body, HOURS_ANSWER);
    if (!speaks_of_hours(log, now))
        return hours_forget(db, err);
    if (!follow_crowd(db, now, crowd, &have, err) || !have)
        return err->code == E_NONE;
    bool got =
        public_get(db, known->via, known->board[0], "/v1/counsellors", crowd, HOURS_ANSWER, &body, NULL, err);
    secret_wipe(crowd, sizeof crowd);
    return got && hours_take(db, known, log, log->tree.size, buf_span(&body), now, false, &later, err) &&
           (!later || take_again(db, known, log->tree.size, buf_span(&body), now, err));
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool keep_texts(struct hours *h, struct arena *arena, struct err *err)
{
    h->lab = arena_span(arena, h->lab);
    for (size_t i = 0; i < h->slots; i++)
        h->slot[i].by = arena_span(arena, h->slot[i].by);
    return arena_ok(arena) || fail_memory(err);
}

bool hours_list(struct db *db, struct arena *arena, int64_t now, struct hours_list *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct hours_list){0};
    if (!db_query(db, &q, err,
                  "select record, idx from hours_kept where week >= $1 order by week, counsellor",
                  V_INT(epoch_of(now))))
        return false;
    while (db_next(q, &inner)) {
        AUTO_JSON json_t *o = NULL;
        struct hours_kept *k = VEC_PUSH(arena, out);
        if (!k)
            return fail_memory(err);
        if (!hours_read(db_text(q, 0), &o, &k->hours, err) || !keep_texts(&k->hours, arena, err))
            return false;
        k->index = (uint64_t)db_int(q, 1);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool hours_is_taken(struct db *db, const uint8_t slot[static 16], bool *taken, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from hours_taken where slot = $1",
                   V_BLOB(span_bytes(slot, 16))))
        return false;
    *taken = n > 0;
    return true;
}

bool hours_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from hours_kept") && db_run(db, err, "delete from hours_taken");
}
