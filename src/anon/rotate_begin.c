/* The first entries of a record: what the lab is, by which rules, and of an issuer what is needed to begin at
 * once. They stand under the first checkpoint together, which exempts them from the waits. */
#include "anon/rotate.h"

#include "anon/adding.h"
#include "anon/rotate_plan.h"
#include "crypt/hash.h"

#include "base/banned.h"

static void put_urls(struct entry_texts *out, const char *const *url)
{
    for (; *url && out->n < ENTRY_LIST; url++)
        out->at[out->n++] = span_of(*url);
}

static bool add_genesis(struct adding *a, struct err *err)
{
    const struct lab *lab = a->lab;
    struct entry e = {.kind = ENTRY_GENESIS, .at = a->now};
    struct entry_genesis *g = &e.genesis;
    g->lab = span_of(lab->name);
    g->by = span_of(lab->by);
    g->zone = span_of(lab->zone);
    g->roles = lab->role == LAB ? SPAN("both") : lab->role == ISSUER ? SPAN("issuer") : SPAN("board");
    g->origin_info = span_of(lab->origin_info);
    g->promise = span_of(lab->promise_vkey);
    g->trial = lab->trial;
    put_urls(&g->issuer, lab->issuer);
    put_urls(&g->board, lab->board);
    g->log.at[g->log.n++] = span_of(lab->log.vkey);
    if (lab->role != LAB)
        g->log.at[g->log.n++] = span_of(lab->role == ISSUER ? lab->board_vkey : lab->issuer_vkey);
    return adding_entry(a, &e, err);
}

void rotate_rules(const struct lab *lab, struct entry_rules *out)
{
    *out = (struct entry_rules){.floor = LAB_FLOOR,
                                .quota = lab->quota,
                                .batch = lab->batch,
                                .letters = 4,
                                .retention = 14,
                                .slot = {6, 12, 18},
                                .slots = lab->batch ? 0 : 3,
                                .fetch_from = 600,
                                .fetch_to = 960,
                                .send_from = 540,
                                .send_to = 1080};
    hash_sha256(SPAN(""), out->policy); /* no text of a moderation policy yet */
}

static bool add_keys(struct adding *a, struct err *err)
{
    bool taken[256] = {false};
    for (int i = 0; i < 2; i++) {
        struct issuer_key key;
        if (!issuer_key_make(taken, &key, err))
            return false;
        bool done = adding_key(a, &key, epoch_of(a->now) + i * EPOCH_NEXT, err);
        issuer_key_clear(&key);
        if (!done)
            return false;
    }
    return true;
}

static bool add_rosters(struct adding *a, struct err *err)
{
    struct leaves leaves;
    for (int i = 0; i < 2; i++) {
        day_t epoch = epoch_of(a->now) + i * EPOCH_NEXT;
        if (rotate_roster_due(epoch, a->now) && !adding_roster(a, epoch, true, &leaves, err))
            return false;
    }
    return true;
}

bool rotate_begin(struct app *app, struct db *db, struct err *err)
{
    struct adding *a = ARENA_NEW(app->arena, struct adding);
    struct entry rules = {.kind = ENTRY_RULES, .at = app->now};
    uint64_t size, first;
    if (!a)
        return fail_memory(err);
    *a = (struct adding){.db = db, .lab = app->lab, .arena = app->arena, .now = app->now};
    rotate_rules(app->lab, &rules.rules);
    return tlog_hold(db, &size, err) && add_genesis(a, err) && adding_entry(a, &rules, err) &&
           (!(app->lab->role & ISSUER) || (add_keys(a, err) && add_rosters(a, err))) &&
           adding_done(a, &first, err);
}
