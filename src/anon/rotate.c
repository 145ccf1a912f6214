/* Keys, rosters, opens and closes. First the record is looked at, and what is due is noted without holding
 * it (struct due); keys are made then, which takes a while; last comes the transaction. */
#include "anon/rotate.h"

#include "anon/batch.h"
#include "anon/crowd.h"
#include "anon/invite.h"
#include "anon/issuer_base.h"
#include "anon/issuer_key.h"
#include "anon/roster.h"
#include "anon/tlog.h"
#include "crypt/hash.h"

#include "base/banned.h"

enum {
    DAY = 86400,
    WEEKS = 3,           /* this one, the next, the one after */
    KEY_AHEAD = 4 * DAY, /* the key of the week after the next is logged on Thursday; 24 h are asked for */
    KEY_WAIT = DAY,
    ROSTER_AHEAD = DAY / 2, /* the first roster of the next week, on Sunday at noon */
    CLOSES = 8,
};

/* One week as the record has it, and what it lacks. */
struct week_due {
    day_t epoch;
    bool key, roster, open; /* to be logged now */
    struct issuer_key made; /* when `key` */
    bool has_roster, has_open, has_key;
    uint8_t key_id[32];
};
struct close_due {
    uint8_t key_id[32], id_of[16];
    bool survey;
    day_t epoch;
    int64_t members, quota;
};
struct due {
    struct app *app;
    struct lab *lab;
    uint64_t size; /* of the log that all this was read from */
    struct week_due week[WEEKS];
    struct close_due close[CLOSES];
    size_t closes;
    bool rules, begin, slot; /* slot: a batch time that was not looked at */
    int64_t slot_number;
    bool taken[256];
    bool done; /* something was logged */
};

/* Entries ---------------------------------------------------------------------------------------------- */
static bool log_entry(struct db *db, const struct due *d, struct entry *e, uint64_t *index, struct err *err)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    e->at = d->app->now;
    return entry_write(e, &bytes, err) &&
           tlog_append(db, &d->lab->log, (const struct span[]){buf_span(&bytes)}, 1, index, err);
}

static void add_texts(struct entry_texts *out, const char *const *texts)
{
    for (; *texts && out->n < ENTRY_LIST; texts++)
        out->at[out->n++] = span_of(*texts);
}

static bool log_genesis(struct db *db, struct due *d, struct err *err)
{
    const struct lab *lab = d->lab;
    const char *mine[] = {lab->log.vkey, NULL, NULL};
    uint64_t index;
    struct entry e = {.kind = ENTRY_GENESIS, .t = SPAN("genesis")};
    if (lab->role != LAB)
        mine[1] = lab->role == ISSUER ? lab->board_vkey : lab->issuer_vkey;
    e.genesis = (struct entry_genesis){
        .lab = span_of(lab->name),
        .by = span_of(lab->by ? lab->by : ""),
        .roles = lab->role == LAB      ? SPAN("both")
                 : lab->role == ISSUER ? SPAN("issuer")
                                       : SPAN("board"),
        .zone = span_of(lab->zone),
        .origin_info = span_of(lab->origin_info),
        .promise = span_of(lab->promise_vkey),
        .trial = lab->trial,
    };
    add_texts(&e.genesis.issuer, lab->issuer);
    add_texts(&e.genesis.board, lab->board);
    add_texts(&e.genesis.log, mine);
    return log_entry(db, d, &e, &index, err);
}

static bool log_rules(struct db *db, struct due *d, struct err *err)
{
    uint64_t index;
    struct entry e = {.kind = ENTRY_RULES, .t = SPAN("rules")};
    e.rules = (struct entry_rules){.floor = LAB_FLOOR,
                                   .quota = d->lab->quota,
                                   .batch = d->lab->batch,
                                   .letters = 4,
                                   .retention = 14,
                                   .fetch_from = 600,
                                   .fetch_to = 960,
                                   .send_from = 540,
                                   .send_to = 1080};
    if (e.rules.batch == 0) {
        e.rules.slots = 3;
        e.rules.slot[0] = 6;
        e.rules.slot[1] = 12;
        e.rules.slot[2] = 18;
    }
    hash_sha256(SPAN(""), e.rules.policy);
    return log_entry(db, d, &e, &index, err);
}

static bool log_key(struct db *db, struct due *d, struct week_due *week, struct err *err)
{
    uint64_t index;
    AUTO_BUF struct buf challenge;
    struct entry e = {.kind = ENTRY_KEY, .t = SPAN("key")};
    buf_init(&challenge, CHALLENGE_MOST);
    challenge_write(&(struct challenge){.type = TOKEN_TYPE,
                                        .issuer = span_of(d->lab->issuer_name),
                                        .origins = span_of(d->lab->origin_info)},
                    &challenge);
    if (!buf_ok(&challenge, err))
        return false;
    e.key.epoch = week->epoch;
    e.key.windows = epoch_windows(week->epoch);
    e.key.challenge = buf_span(&challenge);
    memcpy(e.key.spki, week->made.spki, sizeof e.key.spki);
    crowd_hash(week->made.crowd, e.key.crowd);
    return log_entry(db, d, &e, &index, err) &&
           issuer_key_save(db, d->lab, &week->made, week->epoch, -1, err);
}

static bool log_list(struct db *db, struct due *d, enum roster_kind kind, day_t epoch,
                     const struct leaves *leaves, struct err *err)
{
    uint64_t index;
    bool members = kind == ROSTER_MEMBERS;
    struct entry e = {.kind = members ? ENTRY_ROSTER : ENTRY_OPEN,
                      .t = members ? SPAN("roster") : SPAN("open")};
    e.list.epoch = epoch;
    e.list.n = (int64_t)leaves->n;
    roster_root(leaves, e.list.root);
    return log_entry(db, d, &e, &index, err) && roster_keep(db, kind, epoch, index, leaves, err);
}

/* Lists that are due ----------------------------------------------------------------------------------- */
/* The first roster of a week, or one that grew since it was logged. */
static bool do_roster(struct db *db, struct due *d, struct week_due *week, struct err *err)
{
    struct leaves old, now;
    if (!week->roster && !(d->slot && week->has_roster))
        return true;
    if (!roster_logged(db, ROSTER_MEMBERS, week->epoch, d->app->arena, &old, err) ||
        !roster_members(db, week->epoch, d->app->arena, &now, err))
        return false;
    if (!week->roster && now.n == old.n)
        return true;
    week->has_roster = d->done = true;
    return log_list(db, d, ROSTER_MEMBERS, week->epoch, &now, err);
}

/* Who holds passes: once, when spending begins; in a trial lab at each batch time at which somebody came. */
static bool do_open(struct db *db, struct due *d, struct week_due *week, struct err *err)
{
    struct leaves old, members, now;
    bool again = d->lab->trial && d->slot && week->has_key;
    if ((!week->open && !again) || !week->has_roster)
        return true;
    if (!roster_logged(db, ROSTER_HOLDERS, week->epoch, d->app->arena, &old, err) ||
        !roster_logged(db, ROSTER_MEMBERS, week->epoch, d->app->arena, &members, err) ||
        !roster_holders(db, week->epoch, week->key_id, d->lab->trial, &members, d->app->arena, &now, err))
        return false;
    if (week->has_open ? now.n == old.n : d->lab->trial && now.n == 0)
        return true;
    d->done = true;
    return log_list(db, d, ROSTER_HOLDERS, week->epoch, &now, err);
}

static bool do_close(struct db *db, struct due *d, const struct close_due *c, struct err *err)
{
    uint64_t index;
    int64_t members;
    struct entry e = {.kind = ENTRY_CLOSE, .t = SPAN("close")};
    if (!issuer_key_close(db, c->key_id, &members, err))
        return false;
    e.close = (struct entry_close){.survey = c->survey,
                                   .epoch = c->epoch,
                                   .members = c->members,
                                   .issued = members * c->quota,
                                   .spent = -1};
    memcpy(e.close.id_of, c->id_of, sizeof e.close.id_of);
    d->done = true;
    return log_entry(db, d, &e, &index, err);
}

static bool do_weeks(struct db *db, struct due *d, struct err *err)
{
    for (size_t i = 0; i < WEEKS; i++)
        if (d->week[i].key) {
            d->done = true;
            if (!log_key(db, d, &d->week[i], err))
                return false;
        }
    for (size_t i = 0; i < 2; i++)
        if (!do_roster(db, d, &d->week[i], err))
            return false;
    return d->begin || do_open(db, d, &d->week[0], err);
}

static bool note_slot(struct db *db, const struct due *d, struct err *err)
{
    return !d->slot || (db_run(db, err,
                               "insert into rotated(id, slot) values (1, $1) on conflict(id) do update set "
                               "slot = $1",
                               V_INT(d->slot_number)) &&
                        invite_forget(db, d->app->now, err));
}

static bool rotate_work(struct db *db, void *arg, struct err *err)
{
    struct due *d = arg;
    uint64_t size;
    d->done = false;
    if (!tlog_hold(db, &size, err))
        return false;
    if (size != d->size)
        return true; /* another process was faster: the next beat looks again */
    for (size_t i = 0; i < d->closes; i++)
        if (!do_close(db, d, &d->close[i], err))
            return false;
    if (d->rules && !log_rules(db, d, err))
        return false;
    d->done |= d->rules;
    return do_weeks(db, d, err) && note_slot(db, d, err);
}

/* Looking ---------------------------------------------------------------------------------------------- */
static void look_week(struct due *d, const struct history *h, struct week_due *week, size_t place)
{
    int64_t now = d->app->now, start = epoch_start(week->epoch);
    const struct history_key *key = history_general(h, week->epoch);
    struct windows w = epoch_windows(week->epoch);
    bool early = h->genesis.trial || now + KEY_WAIT <= w.issue_from;
    week->has_key = key != NULL;
    if (key)
        memcpy(week->key_id, key->key.key_id, 32);
    week->has_roster = history_roster(h, week->epoch) != NULL;
    week->has_open = history_open(h, week->epoch) != NULL;
    week->key = !key && early && (place < 2 || now >= epoch_start(d->week[1].epoch) - KEY_AHEAD);
    week->roster = !week->has_roster && place == 1 && now >= start - ROSTER_AHEAD;
    week->roster |= !week->has_roster && place == 0 && h->genesis.trial;
    week->open = place == 0 && !week->has_open && week->has_key && (h->genesis.trial || start >= h->began);
}

/* Keys whose issuing is over and of which the record has no sum. */
static void look_closes(struct due *d, const struct history *h)
{
    for (size_t i = 0; i < h->keys.n && d->closes < CLOSES; i++) {
        const struct entry_key *k = &h->keys.at[i].key;
        bool summed = false;
        if (!h->keys.at[i].good || d->app->now < k->windows.issue_to)
            continue;
        issuer_key_forget(k->key_id);
        for (size_t c = 0; c < h->closes.n; c++) {
            const struct entry_close *e = &h->closes.at[c].close;
            summed |= e->issued >= 0 && e->survey == k->survey &&
                      (k->survey ? memcmp(e->id_of, k->id_of, 16) == 0 : e->epoch == k->epoch);
        }
        if (summed)
            continue;
        const struct entry_rules *rules = history_rules(h, k->epoch);
        struct close_due *c = &d->close[d->closes++];
        *c = (struct close_due){.survey = k->survey,
                                .epoch = k->epoch,
                                .members = k->survey ? 0 : history_members(h, k->epoch),
                                .quota = k->survey ? 1
                                         : rules   ? rules->quota
                                                   : d->lab->quota};
        memcpy(c->key_id, k->key_id, 32);
        memcpy(c->id_of, k->id_of, 16);
    }
}

static void look_rules(struct due *d, const struct history *h)
{
    struct batch_slot slot;
    const struct entry_rules *rules = history_rules(h, epoch_of(d->app->now));
    if (!rules)
        return;
    d->rules = d->lab->trial && d->lab->batch > 0 && rules->batch != d->lab->batch;
    batch_slot_at(rules, "board", d->app->now, &slot);
    d->slot_number = slot.number;
}

static bool look(struct app *app, struct due *d, struct err *err)
{
    const struct history *h, *board;
    int64_t slot;
    if (!db_number(app->db, &slot, -1, err, "select slot from rotated where id = 1") ||
        !lab_facts(app->lab, app->db, &h, &board, err))
        return false;
    d->size = h->tree.size;
    for (size_t i = 0; i < WEEKS; i++) {
        d->week[i].epoch = epoch_of(app->now) + (day_t)i * EPOCH_NEXT;
        look_week(d, h, &d->week[i], i);
    }
    look_closes(d, h);
    look_rules(d, h);
    issuer_key_taken(h, app->now, d->taken);
    lab_facts_done(app->lab);
    d->slot = d->slot_number > slot;
    return true;
}

static bool is_due(const struct due *d)
{
    bool due = d->closes > 0 || d->rules || d->slot;
    for (size_t i = 0; i < WEEKS; i++)
        due |= d->week[i].key || d->week[i].roster || d->week[i].open;
    return due;
}

static bool make_keys(struct due *d, struct err *err)
{
    for (size_t i = 0; i < WEEKS; i++)
        if (d->week[i].key && !issuer_key_make(d->taken, &d->week[i].made, err))
            return false;
    return true;
}

static void clear(struct due *d)
{
    for (size_t i = 0; i < WEEKS; i++)
        issuer_key_clear(&d->week[i].made);
}

bool rotate_beat(struct app *app, struct err *err)
{
    struct due d = {.app = app, .lab = app->lab};
    if (!look(app, &d, err))
        return false;
    bool done = !is_due(&d) || (make_keys(&d, err) && issuer_write(app, 0, rotate_work, &d, err));
    clear(&d);
    return done && (!d.done || tlog_head_keep(app->db, app->lab->head_file, err));
}

bool rotate_begin(struct app *app, struct db *db, struct err *err)
{
    struct due d = {.app = app, .lab = app->lab, .begin = true};
    bool issuer = app->lab->role & ISSUER;
    for (size_t i = 0; i < 2 && issuer; i++) {
        d.week[i].epoch = epoch_of(app->now) + (day_t)i * EPOCH_NEXT;
        d.week[i].key = d.week[i].roster = true;
    }
    bool done = make_keys(&d, err) && log_genesis(db, &d, err) && log_rules(db, &d, err) &&
                (!issuer || do_weeks(db, &d, err));
    clear(&d);
    return done;
}
