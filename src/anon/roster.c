/* Lists of an epoch: made from the members and what was issued, kept by the index of their entry, served
 * whole. They only grow, so that no two of them tell more than that somebody came. */
#include "anon/roster.h"

#include <inttypes.h>
#include <stdlib.h>

#include "anon/cosign.h"
#include "anon/issuer_base.h"
#include "anon/lab.h"
#include "anon/roster_copy.h"
#include "base/vec.h"
#include "codec/b64.h"
#include "crypt/hash.h"
#include "crypt/merkle.h"

#include "base/banned.h"

enum { LEAVES_MOST = 100000 };

/* ---- hashes ---- */

void roster_leaf(enum roster_kind kind, day_t epoch, const uint8_t tag[static 32], uint8_t out[static 32])
{
    char text[16], about[EPOCH_TEXT + 32];
    memcpy(about, epoch_text(epoch, text), EPOCH_TEXT);
    memcpy(about + EPOCH_TEXT, tag, 32);
    hash_tagged(kind == ROSTER_MEMBERS ? SPAN("respite/member/v1\n") : SPAN("respite/holder/v1\n"),
                span_bytes(about, sizeof about), out);
}

void roster_root(const struct leaves *leaves, uint8_t out[static 32])
{
    struct merkle tree = {0};
    uint8_t leaf[32];
    for (size_t i = 0; i < leaves->n; i++) {
        merkle_leaf(span_bytes(leaves->at[i], 32), leaf);
        merkle_add(&tree, leaf);
    }
    merkle_root(&tree, out);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

bool leaves_have(const struct leaves *leaves, const uint8_t leaf[static 32])
{
    return leaves->n > 0 && bsearch(leaf, leaves->at, leaves->n, 32, by_bytes) != NULL;
}

/* Sort, and drop what stands twice. */
static void settle(struct leaves *l)
{
    size_t n = 0;
    if (l->n == 0)
        return;
    qsort(l->at, l->n, 32, by_bytes);
    for (size_t i = 1; i < l->n; i++)
        if (memcmp(l->at[i], l->at[n], 32) != 0 && ++n != i)
            memcpy(l->at[n], l->at[i], 32);
    l->n = n + 1;
}

/* ---- tables ---- */

static const char *kind_name(enum roster_kind kind)
{
    return kind == ROSTER_MEMBERS ? "roster" : "open";
}

static bool take(struct span bytes, struct arena *arena, struct leaves *out, struct err *err)
{
    void *copy = arena_get(arena, bytes.n + 1);
    if (!copy)
        return fail_memory(err);
    if (bytes.n)
        memcpy(copy, bytes.p, bytes.n);
    *out = (struct leaves){copy, bytes.n / 32};
    return true;
}

bool roster_logged(struct db *db, enum roster_kind kind, day_t epoch, struct arena *arena, struct leaves *out,
                   struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *out = (struct leaves){0};
    if (!db_query(db, &q, err,
                  "select leaves from roster_list where kind = $1 and epoch = $2 order by idx desc limit 1",
                  V_STR(kind_name(kind)), V_INT(epoch)))
        return false;
    if (db_next(q, &mine))
        return take(db_text(q, 0), arena, out, err);
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

bool roster_keep(struct db *db, enum roster_kind kind, day_t epoch, uint64_t index,
                 const struct leaves *leaves, struct err *err)
{
    return db_run(db, err, "insert into roster_list(idx, kind, epoch, leaves) values ($1, $2, $3, $4)",
                  V_INT((int64_t)index), V_STR(kind_name(kind)), V_INT(epoch),
                  V_BLOB(span_bytes(leaves->at, leaves->n * 32)));
}

bool roster_has(struct db *db, int64_t index, const uint8_t tag[static 32], bool *in, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    uint8_t leaf[32];
    *in = false;
    if (!db_query(db, &q, err, "select leaves, epoch from roster_list where idx = $1 and kind = 'roster'",
                  V_INT(index)))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    struct span bytes = db_text(q, 0);
    roster_leaf(ROSTER_MEMBERS, (day_t)db_int(q, 1), tag, leaf);
    *in = bytes.n >= 32 && bsearch(leaf, bytes.p, bytes.n / 32, 32, by_bytes) != NULL;
    return true;
}

/* ---- what they would be now ---- */

struct tags {
    uint8_t (*at)[32];
    size_t n, room;
};

/* The leaves of the rows' tags (column 0) beside those of `old`; `among`: of members of that roster alone. */
static bool gather(struct stmt *q, enum roster_kind kind, day_t epoch, const struct leaves *old,
                   const struct leaves *among, struct arena *arena, struct leaves *out, struct err *err)
{
    struct tags all = {0};
    struct err mine = {0};
    while (db_next(q, &mine)) {
        struct span tag = db_text(q, 0);
        uint8_t leaf[32];
        if (tag.n != 32)
            continue;
        roster_leaf(ROSTER_MEMBERS, epoch, (const uint8_t *)tag.p, leaf);
        if (among && !leaves_have(among, leaf))
            continue;
        uint8_t(*to)[32] = VEC_PUSH(arena, &all);
        if (!to)
            return fail_memory(err);
        roster_leaf(kind, epoch, (const uint8_t *)tag.p, *to);
    }
    if (mine.code)
        return fail(err, mine.code, "%s", mine.text);
    for (size_t i = 0; i < old->n; i++) {
        uint8_t(*to)[32] = VEC_PUSH(arena, &all);
        if (!to)
            return fail_memory(err);
        memcpy(*to, old->at[i], 32);
    }
    *out = (struct leaves){all.at, all.n};
    settle(out);
    return true;
}

bool roster_members(struct db *db, day_t epoch, struct arena *arena, struct leaves *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct leaves old;
    return roster_logged(db, ROSTER_MEMBERS, epoch, arena, &old, err) &&
           db_query(
               db, &q, err,
               "select tag from member where since <= $1 union select tag from roster_left where epoch = $1",
               V_INT(epoch)) &&
           gather(q, ROSTER_MEMBERS, epoch, &old, NULL, arena, out, err);
}

bool roster_holders(struct db *db, day_t epoch, const uint8_t key_id[static 32], bool late,
                    const struct leaves *roster, struct arena *arena, struct leaves *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct leaves old;
    return roster_logged(db, ROSTER_HOLDERS, epoch, arena, &old, err) &&
           db_query(db, &q, err,
                    "select m.tag from issued i join member m on m.member = i.member where i.key_id = $1 and "
                    "i.late <= $2",
                    V_BLOB(span_bytes(key_id, 32)), V_INT(late)) &&
           gather(q, ROSTER_HOLDERS, epoch, &old, roster, arena, out, err);
}

/* ---- the route ---- */

static void add_list(struct buf *out, uint64_t index, struct span leaves, bool first)
{
    buf_printf(out, "%s{\"index\":%" PRIu64 ",\"leaves\":[", first ? "" : ",", index);
    for (size_t i = 0; i + 32 <= leaves.n; i += 32) {
        buf_add_text(out, i ? ",\"" : "\"");
        b64_add(out, span_bytes(leaves.p + i, 32), B64_URL);
        buf_add_byte(out, '"');
    }
    buf_add_text(out, "]}");
}

static bool add_lists(struct db *db, enum roster_kind kind, day_t epoch, struct buf *out, size_t *n,
                      struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *n = 0;
    if (!db_query(db, &q, err,
                  "select idx, leaves from roster_list where kind = $1 and epoch = $2 order by idx",
                  V_STR(kind_name(kind)), V_INT(epoch)))
        return false;
    for (; db_next(q, &mine); ++*n)
        add_list(out, (uint64_t)db_int(q, 0), db_text(q, 1), *n == 0);
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

static bool write_all(struct app *app, day_t epoch, struct buf *out, size_t *rosters, struct err *err)
{
    char text[16];
    size_t opens;
    buf_printf(out, "{\"epoch\":\"%s\",\"groups\":[],\"lines\":[", epoch_text(epoch, text));
    if (!cosign_lines(app->db, epoch, out, err))
        return false;
    buf_add_text(out, "],\"opens\":[");
    if (!add_lists(app->db, ROSTER_HOLDERS, epoch, out, &opens, err))
        return false;
    buf_add_text(out, "],\"rosters\":[");
    if (!add_lists(app->db, ROSTER_MEMBERS, epoch, out, rosters, err))
        return false;
    buf_add_text(out, "],\"v\":1}");
    return buf_ok(out, err);
}

void api_roster(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    day_t epoch;
    size_t n = 0;
    struct problem p = {.type = PROBLEM_NOT_FOUND};
    if (app->lab->role == BOARD) {
        api_roster_copy(app, request, reply);
        return;
    }
    bool named = epoch_read(span_from(request->path, sizeof "/v1/rosters/" - 1), &epoch);
    if (named && !write_all(app, epoch, &reply->body, &n, &err))
        p.type = PROBLEM_BUSY;
    if (n == 0 || p.type == PROBLEM_BUSY) {
        issuer_refuse(app, CROWD, request, &p, reply);
        return;
    }
    reply->type = "application/json";
    reply_header(reply, request->arena, "Cache-Control", "private, max-age=60");
}
