/* The calendar of an issuer. Keys are made from the Friday noon before the week in which they begin to be
 * given out: a day before the last moment would do, and a machine that is off for a weekend would then leave
 * its lab a week without passes. One that is too late is not made: nobody could use it. */
#include "anon/rotate_plan.h"

#include "anon/batch.h"
#include "anon/issuer_key.h"

#include "base/banned.h"

enum {
    HOUR = 3600,
    DAY = 24 * HOUR,
    KEY_BEFORE = 84 * HOUR, /* Friday noon to Tuesday */
    ROSTER_BEFORE = 12 * HOUR,
    RULES_WAIT = 60, /* seconds between two changes of rules */
};

bool rotate_roster_due(day_t epoch, int64_t now)
{
    return now >= epoch_start(epoch) - ROSTER_BEFORE;
}

static bool has_key(const struct history *h, day_t epoch)
{
    for (size_t i = 0; i < h->keys.n; i++)
        if (!h->keys.at[i].key.survey && h->keys.at[i].key.epoch == epoch)
            return true;
    return false;
}

static void plan_keys(const struct history *h, int64_t now, struct rotate_plan *out)
{
    for (int i = 0; i < ROTATE_KEYS; i++) {
        day_t epoch = epoch_of(now) + i * EPOCH_NEXT;
        int64_t from = epoch_windows(epoch).issue_from;
        if (!has_key(h, epoch) && now >= from - KEY_BEFORE && (out->trial || now <= from - DAY))
            out->key[out->keys++] = epoch;
    }
    issuer_key_taken(h, now, out->taken);
}

static void plan_lists(const struct history *h, int64_t now, struct rotate_plan *out)
{
    day_t running = epoch_of(now);
    for (int i = 0; i < 2; i++) {
        out->roster[i].epoch = running + i * EPOCH_NEXT;
        out->roster[i].there = history_roster(h, out->roster[i].epoch) != NULL;
        out->roster[i].due = !out->roster[i].there && rotate_roster_due(out->roster[i].epoch, now);
    }
    const struct history_key *key = history_general(h, running);
    out->open.possible = key != NULL;
    out->open.there = history_open(h, running) != NULL;
    if (key)
        memcpy(out->open.key_id, key->key.key_id, 32);
}

static bool is_closed(const struct history *h, const struct entry_key *key)
{
    for (size_t i = 0; i < h->closes.n; i++) {
        const struct entry_close *c = &h->closes.at[i].close;
        if (c->issued >= 0 && c->survey == key->survey &&
            (c->survey ? memcmp(c->id_of, key->id_of, 16) == 0 : c->epoch == key->epoch))
            return true;
    }
    return false;
}

static void plan_closes(const struct lab *lab, const struct history *h, int64_t now, struct rotate_plan *out)
{
    for (size_t i = 0; i < h->keys.n && out->closes < ROTATE_CLOSES; i++) {
        const struct history_key *k = &h->keys.at[i];
        if (!k->good || now < k->key.windows.issue_to || is_closed(h, &k->key))
            continue;
        const struct entry_rules *rules = history_rules(h, k->key.epoch);
        struct rotate_close *c = &out->close[out->closes++];
        *c = (struct rotate_close){.survey = k->key.survey, .epoch = k->key.epoch};
        c->quota = k->key.survey ? 1 : rules ? rules->quota : lab->quota;
        memcpy(c->key_id, k->key.key_id, 32);
        memcpy(c->survey_id, k->key.id_of, 16);
    }
}

static bool other_pace(const struct lab *lab, const struct history *h, int64_t now)
{
    if (!lab->trial || lab->batch == 0 || h->rules.n == 0)
        return false;
    size_t last = h->rules.n - 1;
    return h->rules.at[last].rules.batch != lab->batch && now >= h->rules.at[last].at + RULES_WAIT;
}

void rotate_plan_make(const struct lab *lab, const struct history *h, bool issuer, int64_t now,
                      struct rotate_plan *out)
{
    const struct entry_rules *rules = history_rules(h, epoch_of(now));
    struct batch_slot slot = {0};
    *out = (struct rotate_plan){.size = h->tree.size, .trial = h->genesis.trial};
    out->rules = other_pace(lab, h, now);
    if (!issuer)
        return;
    if (rules)
        batch_slot_at(rules, "board", now, &slot);
    out->slot = slot.since;
    plan_lists(h, now, out);
    plan_closes(lab, h, now, out);
    plan_keys(h, now, out);
}

static bool key_here(struct db *db, const uint8_t key_id[static 32], bool *here, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from issuer_key where key_id = $1",
                   V_BLOB(span_bytes(key_id, 32))))
        return false;
    *here = n > 0;
    return true;
}

bool rotate_plan_lost(struct db *db, struct rotate_plan *plan, struct err *err)
{
    size_t kept = 0;
    bool here;
    for (size_t i = 0; i < plan->closes; i++) {
        if (!key_here(db, plan->close[i].key_id, &here, err))
            return false;
        if (here)
            plan->close[kept++] = plan->close[i];
    }
    plan->closes = kept;
    for (int i = 0; i < 2; i++) {
        int64_t n;
        if (!db_number(db, &n, 0, err,
                       "select count(*) from roster_list where kind = 'roster' and epoch = $1",
                       V_INT(plan->roster[i].epoch)))
            return false;
        plan->roster[i].lost = plan->roster[i].there && n == 0;
    }
    if (plan->open.possible && !key_here(db, plan->open.key_id, &plan->open.possible, err))
        return false;
    plan->open.possible = plan->open.possible && !plan->roster[0].lost;
    return true;
}

day_t rotate_next_key(const struct history *h, int64_t now)
{
    day_t epoch = epoch_of(now);
    while (has_key(h, epoch) || (!h->genesis.trial && now > epoch_windows(epoch).issue_from - DAY))
        epoch += EPOCH_NEXT;
    return epoch;
}

bool rotate_plan_due(const struct rotate_plan *p)
{
    return p->rules || p->closes > 0 || p->keys > 0 || p->roster[0].due || p->roster[1].due ||
           (p->open.possible && !p->open.there);
}
