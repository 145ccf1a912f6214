/* What is due when, and the transaction of a batch. Slots are hours of the lab's day; the row of a series
 * says which slot was the last one looked at and how many slots in a row it was held. A batch takes what
 * waits in the order of ids; what does not fit takes the next number at once, with the same slot.
 *
 * The transaction begins by holding the log, so that two processes never publish at the same time, and reads
 * all it decides by after that. Acts are deleted one by one, by id: what came in between stays. */
#include "anon/batch.h"

#include "anon/batch_text.h"
#include "anon/lab.h"
#include "anon/placed.h"
#include "base/vec.h"
#include "base/words.h"
#include "io/clock.h"

#include "base/banned.h"

enum {
    DAY = 86400,
    SLOT_ROOM = 100000, /* more than a day has seconds: numbers of days do not meet */
    SUM_WAIT = 120,     /* seconds from the end of a window to its sum, for acts that are on their way */
    SPENT_DAYS = 14,
};

/* Slots ------------------------------------------------------------------------------------------------ */
/* Minute of the day at which the slot began, or -1: it is the last one of the day before. */
static int64_t slot_of_hours(const struct entry_rules *rules, int hour, int64_t *in_day)
{
    *in_day = -1;
    for (size_t i = 0; i < rules->slots; i++)
        if (rules->slot[i] <= hour)
            *in_day = (int64_t)i;
    return *in_day < 0 ? -1 : rules->slot[*in_day] * 60;
}

void batch_slot_at(const struct entry_rules *rules, const char *series, int64_t now, struct batch_slot *out)
{
    struct moment local = clock_local(now);
    int minute = moment_minute(local);
    int64_t begun, number;
    *out = (struct batch_slot){.day = moment_day(local)};
    if (rules->batch > 0) {
        /* By the second it begins at, not counted: so a lab that changes its pace goes on with the next
         * slot of the new one. */
        int64_t second = minute * 60 + now % 60;
        number = second - second % rules->batch;
        out->since = now - second % rules->batch;
    } else {
        if (span_is(SPAN("letters"), series)) {
            out->in_day = minute / 60 / rules->letters;
            begun = out->in_day * rules->letters * 60;
        } else {
            begun = slot_of_hours(rules, minute / 60, &out->in_day);
        }
        if (begun < 0 && rules->slots > 0) {
            out->day--;
            out->in_day = (int64_t)rules->slots - 1;
            begun = rules->slot[out->in_day] * 60 - 24 * 60;
        }
        number = out->in_day;
        out->since = now - now % 60 - (minute - begun) * 60;
    }
    out->number = (int64_t)out->day * SLOT_ROOM + number;
}

/* Facts ------------------------------------------------------------------------------------------------ */
static bool is_summed(const struct history *own, const struct entry_key *key)
{
    for (size_t i = 0; i < own->closes.n; i++) {
        const struct entry_close *c = &own->closes.at[i].close;
        if (c->spent >= 0 && c->survey == key->survey &&
            (c->survey ? memcmp(c->id_of, key->id_of, 16) == 0 : c->epoch == key->epoch))
            return true;
    }
    return false;
}

static int64_t spent_of(const struct history *own, day_t epoch)
{
    int64_t sum = 0;
    for (size_t i = 0; i < own->batches.n; i++) {
        const struct entry_batch *b = &own->batches.at[i].batch;
        for (size_t k = 0; k < b->keys; k++)
            sum += b->key[k].epoch == epoch ? b->key[k].n : 0;
    }
    return sum;
}

bool batch_facts_of(const struct history *issuer, const struct history *own, int64_t now, struct arena *arena,
                    struct batch_facts *out, struct err *err)
{
    const struct entry_rules *rules = history_rules(own, epoch_of(now));
    if (!rules)
        rules = history_rules(issuer, epoch_of(now));
    if (!rules)
        return fail(err, E_MISSING, tr("err.anon.no_rules", "The record of this lab has no rules yet."));
    *out = (struct batch_facts){.rules = *rules, .size = own->tree.size};
    out->key = arena_array(arena, issuer->keys.n + 1, sizeof *out->key);
    if (!out->key)
        return fail_memory(err);
    for (size_t i = 0; i < issuer->keys.n; i++) {
        const struct history_key *k = &issuer->keys.at[i];
        if (!k->good)
            continue;
        struct batch_key *key = &out->key[out->keys++];
        *key = (struct batch_key){.survey = k->key.survey,
                                  .summed = is_summed(own, &k->key),
                                  .epoch = k->key.epoch,
                                  .spend_to = k->key.windows.spend_to,
                                  .spent = k->key.survey ? 0 : spent_of(own, k->key.epoch)};
        memcpy(key->key_id, k->key.key_id, 32);
    }
    return true;
}

static const struct batch_key *key_by_id(const struct batch_facts *facts, struct span id)
{
    for (size_t i = 0; i < facts->keys; i++)
        if (id.n == 32 && memcmp(facts->key[i].key_id, id.p, 32) == 0)
            return &facts->key[i];
    return NULL;
}

/* One series in one slot -------------------------------------------------------------------------------- */
struct series {
    int64_t n, slot, held; /* the next number; the last slot looked at; slots it was held in a row */
};

struct publish {
    const struct tlog *log;
    const struct batch_facts *facts;
    const char *series;
    struct batch_slot slot;
    int64_t now, acts;
    bool more;
    bool going; /* a batch of this slot went before */
    bool due;   /* something was held back for as long as it may be */
};

static bool series_load(struct db *db, const char *name, struct series *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct series){.n = 1};
    if (!db_query(db, &q, err, "select n, slot, held from series where name = $1", V_STR(name)))
        return false;
    struct err inner = {0};
    if (db_next(q, &inner))
        *out = (struct series){db_int(q, 0), db_int(q, 1), db_int(q, 2)};
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool series_save(struct db *db, const char *name, const struct series *s, struct err *err)
{
    return db_run(
        db, err,
        "insert into series(name, n, slot, held) values ($1, $2, $3, $4) on conflict(name) do update "
        "set n = $2, slot = $3, held = $4",
        V_STR(name), V_INT(s->n), V_INT(s->slot), V_INT(s->held));
}

/* Something waits whose window ended before this slot: such a slot is never held. */
static bool window_over(struct db *db, const struct publish *w, bool *over, struct err *err)
{
    int64_t n = 0;
    *over = false;
    for (size_t i = 0; i < w->facts->keys && !*over; i++) {
        const struct batch_key *key = &w->facts->key[i];
        if (key->summed || key->spend_to > w->slot.since)
            continue;
        if (!db_number(db, &n, 0, err, "select count(*) from waiting where key_id = $1",
                       V_BLOB(((struct span){(const char *)key->key_id, 32}))))
            return false;
        *over = n > 0;
    }
    return true;
}

static bool is_held(struct db *db, const struct publish *w, const struct series *s, int64_t waiting,
                    bool *held, struct err *err)
{
    bool over;
    *held = span_is(SPAN("board"), w->series) && w->facts->rules.batch == 0 && !w->going && !w->due &&
            waiting < BATCH_LEAST && s->held + 1 < BATCH_HELD;
    if (*held && window_over(db, w, &over, err))
        *held = !over;
    return err->code == E_NONE;
}

static bool forget(struct db *db, const struct publish *w, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (span_is(SPAN("letters"), w->series))
        return db_run(db, err, "delete from batch where series = 'letters' and day < $1",
                      V_INT(w->slot.day - w->facts->rules.retention));
    if (!db_query(db, &q, err, "select distinct key_id from spent"))
        return false;
    struct err inner = {0};
    while (db_next(q, &inner)) {
        const struct batch_key *key = key_by_id(w->facts, db_text(q, 0));
        if (key && key->spend_to + (int64_t)SPENT_DAYS * DAY <= w->now &&
            !db_run(db, err, "delete from spent where key_id = $1",
                    V_BLOB(((struct span){(const char *)key->key_id, 32}))))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* The batch's entry and its leaves, in the log. */
static bool log_batch(struct db *db, const struct publish *w, const struct batch_text *text, int64_t n,
                      uint64_t first, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct entry e = {.kind = ENTRY_BATCH,
                      .batch = {.series = span_of(w->series),
                                .n = n,
                                .slot = w->slot.in_day,
                                .count = (int64_t)text->acts,
                                .day = w->slot.day}};
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST + (size_t)BATCH_ACTS * 128);
    struct span *entries = arena_array(arena, text->acts + 1, sizeof *entries);
    size_t *ends = arena_array(arena, text->acts + 1, sizeof *ends);
    if (!entries || !ends)
        return fail_memory(err);
    batch_text_keys(text, &e.batch);
    if (!entry_write(&e, &bytes, err))
        return false;
    ends[0] = bytes.n;
    for (size_t i = 0; i < text->acts; i++) {
        uint8_t leaf[32];
        entry_act_leaf(text->act[i].c, &bytes, leaf);
        ends[i + 1] = bytes.n;
    }
    if (!buf_ok(&bytes, err))
        return false;
    for (size_t i = 0; i <= text->acts; i++) {
        size_t from = i ? ends[i - 1] : 0;
        entries[i] = (struct span){bytes.p + from, ends[i] - from};
    }
    uint64_t at;
    if (!tlog_append(db, w->log, entries, text->acts + 1, &at, err))
        return false;
    return at + 1 == first || fail(err, E_SYSTEM, "The log grew while it was held.");
}

static bool publish_one(struct db *db, struct publish *w, struct series *s, uint64_t first, struct err *err)
{
    struct batch_text *text = NULL;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, BATCH_BYTES);
    bool done = batch_text_gather(db, w->series, w->facts, &text, err) &&
                batch_text_write(text, w->series, s->n, w->slot.day, first, &bytes, err) &&
                log_batch(db, w, text, s->n, first, err) &&
                batch_put(db,
                          &(struct batch_row){w->series, s->n, w->slot.day, first, (int64_t)text->acts,
                                              buf_span(&bytes)},
                          err) &&
                batch_text_done(db, text, s->n, first, err);
    if (done) {
        w->acts = (int64_t)text->acts;
        s->n++;
    }
    batch_text_free(text);
    return done;
}

static bool publish_work(struct db *db, void *arg, struct err *err)
{
    struct publish *w = arg;
    struct series s;
    uint64_t size;
    int64_t waiting;
    bool held;
    w->acts = 0;
    w->more = false;
    if (!tlog_hold(db, &size, err) || !series_load(db, w->series, &s, err))
        return false;
    if (s.slot >= w->slot.number)
        return true;
    w->due = false;
    if ((!w->going && span_is(SPAN("board"), w->series) &&
         !held_back_step(db, w->facts, w->slot.since, &w->due, err)) ||
        !db_number(db, &waiting, 0, err,
                   "select count(*) from waiting where series = $1 and not exists (select 1 from held_back h "
                   "where h.id = waiting.id and h.released = 0)",
                   V_STR(w->series)) ||
        !is_held(db, w, &s, waiting, &held, err))
        return false;
    if (held)
        s.held = waiting ? s.held + 1 : 0;
    else if (waiting && !publish_one(db, w, &s, size + 1, err))
        return false;
    w->more = w->acts > 0 && w->acts < waiting;
    if (!w->more) {
        s.slot = w->slot.number;
        s.held = held ? s.held : 0;
        if (!forget(db, w, err))
            return false;
    }
    return series_save(db, w->series, &s, err);
}

static bool write_through(struct app *app, db_work *work, void *arg, struct err *err)
{
    return app->lab && app->lab->writer ? writer_do(app->lab->writer, work, arg, err)
                                        : db_write(app->db, work, arg, err);
}

bool batch_publish(struct app *app, const struct tlog *log, const struct batch_facts *facts,
                   const char *series, int64_t *acts, bool *more, struct err *err)
{
    struct publish w = {.log = log, .facts = facts, .series = series, .now = app->now, .going = *more};
    struct series s;
    batch_slot_at(&facts->rules, series, app->now, &w.slot);
    if (!series_load(app->db, series, &s, err))
        return false;
    *acts = 0;
    *more = false;
    if (s.slot >= w.slot.number)
        return true; /* looked at already: nobody's turn is taken to see that */
    if (!write_through(app, publish_work, &w, err))
        return false;
    *acts = w.acts;
    *more = w.more;
    return true;
}

/* Sums ------------------------------------------------------------------------------------------------- */
struct sum {
    const struct tlog *log;
    const struct batch_facts *facts;
    int64_t now;
    struct batch_slot slot;
};

static bool log_sum(struct db *db, const struct sum *w, const struct batch_key *key, struct err *err)
{
    struct entry e = {
        .kind = ENTRY_CLOSE,
        .at = w->now,
        .close = {.epoch = key->epoch, .members = -1, .issued = -1, .spent = key->spent},
    };
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    uint64_t first;
    return entry_write(&e, &bytes, err) &&
           tlog_append(db, w->log, (const struct span[]){buf_span(&bytes)}, 1, &first, err);
}

static bool sum_due(const struct sum *w, const struct batch_key *key)
{
    return !key->survey && !key->summed && key->spend_to <= w->slot.since &&
           key->spend_to + SUM_WAIT <= w->now;
}

static bool sum_work(struct db *db, void *arg, struct err *err)
{
    struct sum *w = arg;
    struct series s;
    uint64_t size;
    if (!tlog_hold(db, &size, err) || !series_load(db, "board", &s, err))
        return false;
    if (size != w->facts->size || s.slot < w->slot.number)
        return true;
    for (size_t i = 0; i < w->facts->keys; i++) {
        const struct batch_key *key = &w->facts->key[i];
        struct span id = {(const char *)key->key_id, 32};
        int64_t waiting = 0;
        if (!sum_due(w, key))
            continue;
        if (!db_number(db, &waiting, 0, err, "select count(*) from waiting where key_id = $1", V_BLOB(id)))
            return false;
        if (waiting > 0)
            continue;
        if (!log_sum(db, w, key, err) ||
            !db_run(db, err, "insert into summed(key_id) values ($1) on conflict do nothing", V_BLOB(id)))
            return false;
    }
    return true;
}

bool batch_sum(struct app *app, const struct tlog *log, const struct batch_facts *facts, struct err *err)
{
    struct sum w = {.log = log, .facts = facts, .now = app->now};
    bool due = false;
    batch_slot_at(&facts->rules, "board", app->now, &w.slot);
    for (size_t i = 0; i < facts->keys; i++)
        due |= sum_due(&w, &facts->key[i]);
    return !due || write_through(app, sum_work, &w, err);
}

bool batch_put(struct db *db, const struct batch_row *row, struct err *err)
{
    return db_run(db, err,
                  "insert into batch(series, n, day, first, count, bytes) values ($1, $2, $3, $4, $5, $6) on "
                  "conflict do nothing",
                  V_STR(row->series), V_INT(row->n), V_INT(row->day), V_INT((int64_t)row->first),
                  V_INT(row->count), V_BLOB(row->bytes)) &&
           db_run(db, err,
                  "insert into series(name, n, slot, held) values ($1, $2, 0, 0) on conflict(name) do update "
                  "set n = case when series.n < $2 then $2 else series.n end",
                  V_STR(row->series), V_INT(row->n + 1));
}
