/* Lists of members and holders, fetched and held against what the record says of them. */
#include "anon/follow_lists.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "anon/follow.h"
#include "anon/list_check.h"
#include "anon/outbox_db.h"
#include "anon/roster.h"
#include "anon/send_public.h"
#include "base/words.h"
#include "codec/json.h"

#include "base/banned.h"

enum { HOUR = 3600 };

bool follow_crowd(struct db *db, int64_t now, uint8_t out[static 32], bool *have, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *have = false;
    if (!db_query(db, &q, err, "select key from crowd where epoch = $1", V_INT(epoch_of(now - HOUR))))
        return false;
    if (db_next(q, &mine) && db_text(q, 0).n == 32) {
        memcpy(out, db_text(q, 0).p, 32);
        *have = true;
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

struct lists {
    struct db *db;
    const struct known *known;
    struct arena *arena;
    day_t epoch;
    int64_t now;
    uint64_t joined; /* size of the log when we were a member already */
    day_t excused;   /* the one epoch whose rosters may leave us out; 0: none */
};

/* A name that left in an epoch comes back into roster and quota with the next one, and the lab says so when
 * one joins. By the log, not by a clock: the epoch of the first roster after joining is the one it may speak
 * of. What it says of a later one excuses nothing, so that no lab hides a member for longer than that. */
static day_t excused_of(const struct known *known, const struct history *issuer, uint64_t joined)
{
    for (size_t i = 0; i < issuer->rosters.n; i++) {
        const struct history_list *h = &issuer->rosters.at[i];
        if (h->index >= joined)
            return known->since == epoch_of(h->at) + EPOCH_NEXT ? epoch_of(h->at) : 0;
    }
    return 0;
}

static bool knows_of_us(const struct lists *l, const struct history_list *h)
{
    return h->index >= l->joined && (!l->excused || h->list.epoch != l->excused);
}

static bool wrong(struct lists *l, const char *text, struct span evidence, struct err *err)
{
    return finding_keep(l->db, l->now, text, evidence, err) && fail(err, E_REFUSED, "%s", text);
}

static bool keep(struct lists *l, enum roster_kind kind, const struct history_list *h, int64_t n, bool mine,
                 struct err *err)
{
    return db_run(l->db, err,
                  "insert into log_list(epoch, kind, idx, n, mine, at) values ($1, $2, $3, $4, $5, $6) on "
                  "conflict(epoch, kind) do update set idx = $3, n = $4, mine = $5, at = $6",
                  V_INT(l->epoch), V_INT(kind == ROSTER_HOLDERS), V_INT((int64_t)h->index), V_INT(n),
                  V_INT(mine), V_INT(l->now));
}

/* One list of the record: there, of that many different hashes, of that root. */
static bool look_at(struct lists *l, enum roster_kind kind, const struct history_list *h, const json_t *all,
                    struct span body, struct err *err)
{
    struct leaves leaves;
    uint8_t own[32];
    bool good;
    if (!list_check(all, h, l->arena, &leaves, &good, err))
        return false;
    if (!good)
        return wrong(l,
                     kind == ROSTER_MEMBERS
                         ? tr("err.anon.list_members",
                              "The lab's list of members is not the one its record speaks of.")
                         : tr("err.anon.list_holders",
                              "The lab's list of those who hold passes is not the one its "
                              "record speaks of."),
                     body, err);
    roster_leaf(kind, l->epoch, l->known->tag, own);
    bool mine = leaves_have(&leaves, own);
    if (kind == ROSTER_MEMBERS && !mine && knows_of_us(l, h))
        return wrong(
            l,
            tr("err.anon.list_without_me",
               "You are a member, and the lab's list of members leaves you out: the list is not true."),
            body, err);
    return keep(l, kind, h, h->list.n, mine, err);
}

static bool look_at_all(struct lists *l, const struct history *issuer, const json_t *o, struct span body,
                        struct err *err)
{
    for (size_t i = 0; i < issuer->rosters.n; i++)
        if (issuer->rosters.at[i].list.epoch == l->epoch &&
            !look_at(l, ROSTER_MEMBERS, &issuer->rosters.at[i], json_object_get(o, "rosters"), body, err))
            return false;
    for (size_t i = 0; i < issuer->opens.n; i++)
        if (issuer->opens.at[i].list.epoch == l->epoch &&
            !look_at(l, ROSTER_HOLDERS, &issuer->opens.at[i], json_object_get(o, "opens"), body, err))
            return false;
    return true;
}

static bool keep_lines(struct lists *l, const json_t *o, struct err *err)
{
    const json_t *lines = json_object_get(o, "lines");
    struct span origin, line;
    for (size_t i = 0; i < json_array_size(lines) && i < LINES_MOST; i++)
        if (list_line(lines, i, &origin, &line) &&
            !db_run(l->db, err,
                    "insert into log_line(epoch, origin, line) values ($1, $2, $3) on conflict do nothing",
                    V_INT(l->epoch), V_TEXT(origin), V_TEXT(line)))
            return false;
    return true;
}

struct looking {
    struct lists *l;
    const struct history *issuer;
    const json_t *o;
    struct span body;
};

static bool look_work(struct db *db, void *arg, struct err *err)
{
    struct looking *k = arg;
    (void)db;
    return look_at_all(k->l, k->issuer, k->o, k->body, err) && keep_lines(k->l, k->o, err);
}

/* A finding has to stay when the rest is undone. */
static bool look_and_keep(struct lists *l, const struct history *issuer, struct span body, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    if (!json_read(body, LIST_BYTES, "lists", &o, &why))
        return why.code == E_MEMORY
                   ? fail_memory(err)
                   : wrong(l, tr("err.anon.lists", "The lab's lists of this week cannot be read."),
                           span_first(body, 4096), err);
    struct looking k = {l, issuer, o, span_first(body, 1 << 20)};
    if (db_write(l->db, look_work, &k, &why))
        return true;
    return (why.code != E_REFUSED || finding_keep(l->db, l->now, why.text, k.body, err)) &&
           fail(err, why.code, "%s", why.text);
}

/* Only a record that grew since can bring another list. */
static bool is_new(struct db *db, const struct history *issuer, day_t epoch, bool *out, struct err *err)
{
    const struct history_list *roster = history_roster(issuer, epoch), *open = history_open(issuer, epoch);
    int64_t index;
    *out = false;
    if (!roster)
        return true;
    if (!db_number(db, &index, -1, err, "select idx from log_list where epoch = $1 and kind = 0",
                   V_INT(epoch)))
        return false;
    *out = index != (int64_t)roster->index;
    if (!open || *out)
        return true;
    if (!db_number(db, &index, -1, err, "select idx from log_list where epoch = $1 and kind = 1",
                   V_INT(epoch)))
        return false;
    *out = index != (int64_t)open->index;
    return true;
}

static bool joined_load(struct db *db, const struct history *issuer, uint64_t *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    return arena ? known_joined(db, arena, issuer->tree.size, out, err) : fail_memory(err);
}

bool follow_lists(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                  struct err *err)
{
    uint8_t crowd[32];
    bool have;
    uint64_t joined;
    if (!joined_load(db, issuer, &joined, err) || !follow_crowd(db, now, crowd, &have, err))
        return false;
    for (int i = -1; have && i < 2; i++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct lists l = {db,
                          known,
                          arena,
                          epoch_of(now) + (day_t)i * EPOCH_NEXT,
                          now,
                          joined,
                          excused_of(known, issuer, joined)};
        char path[48], text[16];
        bool wanted = false;
        AUTO_BUF struct buf body;
        buf_init(&body, LIST_BYTES);
        if (!arena)
            return fail_memory(err);
        if ((i >= 0 || now < epoch_windows(l.epoch).spend_to) && !is_new(db, issuer, l.epoch, &wanted, err))
            return false;
        if (!wanted)
            continue;
        snprintf(path, sizeof path, "/v1/rosters/%s", epoch_text(l.epoch, text));
        if (!public_get(db, known->via, known->board[0], path, crowd, LIST_BYTES, &body, NULL, err) ||
            !look_and_keep(&l, issuer, buf_span(&body), err))
            return false;
    }
    return true;
}

bool follow_holders(struct db *db, const struct known *known, day_t epoch, int64_t *n, bool *mine,
                    int64_t *checked_at, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err why = {0};
    (void)known;
    *n = -1;
    *mine = false;
    *checked_at = 0;
    if (!db_query(db, &q, err, "select n, mine, at from log_list where epoch = $1 and kind = 1",
                  V_INT(epoch)))
        return false;
    if (db_next(q, &why)) {
        *n = db_int(q, 0);
        *mine = db_int(q, 1) != 0;
        *checked_at = db_int(q, 2);
    }
    return why.code == E_NONE || fail(err, why.code, "%s", why.text);
}
