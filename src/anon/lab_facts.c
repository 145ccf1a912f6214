/* What the logs say, kept in memory by each process and brought up to the database when it has grown; and the
 * time that counts.
 *
 * A history is taken over entry by entry and never trusted for its age: the checkpoint in the database names
 * size and root, and when those of the history differ after reading on, something was read that was undone (a
 * work that looked at its own entries and then failed), and the log is read again from its beginning. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "anon/lab.h"
#include "anon/peer.h"
#include "codec/scan.h"
#include "io/clock.h"

#include "base/banned.h"

enum { CLOCK_EVERY_MS = 60 * 1000 };
#define FIRST_SIZE "lab first size"

/* How often this thread holds the facts: who holds them looks at what is there, since the lock has one
 * writer. */
static _Thread_local unsigned held;

/* ---- a log as its database has it ---- */

struct source {
    struct lab *lab;
    struct db *db;
    bool peer; /* the other operator's log, as a split lab keeps it */
};

/* Where it stands: its size, and the root that the database has signed for just that size, when it has. */
struct stand {
    uint64_t size;
    bool known;
    uint8_t root[32];
};

/* One statement: each request asks. */
static bool stand_of(const struct source *s, struct stand *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct span bytes;
    struct note_sig note;
    struct checkpoint cp;
    int64_t n = 0;
    *out = (struct stand){0};
    if (!arena)
        return fail_memory(err);
    if (s->peer) {
        bool done = db_number(s->db, &n, 0, err, "select size from issuer_head where id = 1");
        out->size = (uint64_t)n;
        return done;
    }
    if (!tlog_stand(s->db, arena, &out->size, &bytes, err))
        return false;
    if (out->size == 0)
        return true;
    if (!note_sig_read(bytes, arena, &note, err) || !checkpoint_read(note.text, &cp, err))
        return false;
    out->known = cp.size == out->size;
    memcpy(out->root, cp.root, 32);
    return true;
}

static bool first_size(struct db *db, uint64_t *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const char *text;
    if (!arena)
        return fail_memory(err);
    if (!setting_get(db, arena, FIRST_SIZE, "0", &text, err))
        return false;
    struct span rest = span_of(text);
    *out = 0;
    return scan_u64(&rest, out, INT64_MAX) ||
           fail(err, E_FORMAT, tr("err.lab.first", "The database of the lab is damaged. Put back a backup."));
}

bool lab_begun(struct db *db, struct err *err)
{
    uint64_t size;
    char text[24];
    if (!tlog_size(db, &size, err))
        return false;
    snprintf(text, sizeof text, "%" PRIu64, size);
    return setting_put(db, FIRST_SIZE, text, err);
}

/* ---- bringing a history up to it ---- */

static bool add_one(const struct source *s, struct history *h, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct span entry;
    struct err odd = {0};
    uint64_t before = h->tree.size;
    if (!arena)
        return fail_memory(err);
    if (!tlog_entry(s->db, arena, before, &entry, err))
        return false;
    /* what is no entry is kept as a finding, and counts */
    return history_add(h, entry, &odd) || h->tree.size > before || fail(err, odd.code, "%s", odd.text);
}

static bool add_from(const struct source *s, struct history *h, uint64_t size, struct err *err)
{
    if (s->peer)
        return peer_history(s->db, h, err);
    while (h->tree.size < size)
        if (!add_one(s, h, err))
            return false;
    return true;
}

static bool agrees(const struct history *h, const struct stand *stand)
{
    uint8_t have[32];
    if (!h || h->tree.size != stand->size)
        return false;
    merkle_root(&h->tree, have);
    return !stand->known || memcmp(stand->root, have, 32) == 0;
}

static bool begin(const struct source *s, struct history **at, struct err *err)
{
    history_free(*at);
    *at = NULL;
    return history_new(at, err) && (s->peer || first_size(s->db, &(*at)->first_size, err));
}

/* Read on; from the beginning when what is there does not fit. */
static bool grow(const struct source *s, struct history **at, struct err *err)
{
    struct stand stand;
    bool same = false;
    if (!stand_of(s, &stand, err))
        return false;
    for (int tries = 0; !same && tries < 8; tries++) {
        bool anew = !*at || (*at)->tree.size > stand.size || (tries > 0 && (*at)->tree.size == stand.size);
        if ((anew && !begin(s, at, err)) || !add_from(s, *at, stand.size, err) || !stand_of(s, &stand, err))
            return false;
        same = agrees(*at, &stand);
    }
    return same || fail(err, E_FORMAT,
                        tr("err.lab.root", "The record of the lab does not have the head that was signed for "
                                           "it. Put back a backup of its database."));
}

/* ---- for everybody ---- */

static bool fresh(const struct source *s, const struct history *h, bool *out, struct err *err)
{
    struct stand stand;
    if (!stand_of(s, &stand, err))
        return false;
    *out = agrees(h, &stand);
    return true;
}

static bool hold_fresh(struct lab *lab, const struct source *own, const struct source *peer, bool *held_now,
                       struct err *err)
{
    bool a = false, b = true;
    *held_now = false;
    pthread_rwlock_rdlock(&lab->facts);
    if (!fresh(own, lab->own, &a, err) || (peer && !fresh(peer, lab->peer, &b, err))) {
        pthread_rwlock_unlock(&lab->facts);
        return false;
    }
    *held_now = a && b;
    if (!*held_now)
        pthread_rwlock_unlock(&lab->facts);
    return true;
}

static bool refresh(struct lab *lab, const struct source *own, const struct source *peer, struct err *err)
{
    pthread_rwlock_wrlock(&lab->facts);
    bool done = grow(own, &lab->own, err) && (!peer || grow(peer, &lab->peer, err));
    if (done && peer && lab->role == BOARD)
        history_match(lab->peer, lab->own, false);
    else if (done && peer)
        history_match(lab->own, lab->peer, false);
    pthread_rwlock_unlock(&lab->facts);
    return done;
}

bool lab_facts(struct lab *lab, struct db *db, const struct history **issuer, const struct history **board,
               struct err *err)
{
    bool split = lab->role != LAB, ours = held > 0;
    struct source own = {lab, db, false}, peer = {lab, db, true};
    const struct source *second = split ? &peer : NULL;
    if (ours)
        pthread_rwlock_rdlock(&lab->facts);
    for (int tries = 0; !ours && tries < 8; tries++)
        if (!hold_fresh(lab, &own, second, &ours, err) || (!ours && !refresh(lab, &own, second, err)))
            return false;
    if (!ours) { /* others append faster than we look: what was just read is new enough */
        pthread_rwlock_rdlock(&lab->facts);
        if (!lab->own || (split && !lab->peer)) {
            pthread_rwlock_unlock(&lab->facts);
            return fail(err, E_BUSY, tr("err.lab.busy", "The lab is busy. Try again in a minute."));
        }
    }
    held++;
    *issuer = lab->role == BOARD ? lab->peer : lab->own;
    *board = lab->role == BOARD ? lab->own : NULL;
    return true;
}

void lab_facts_done(struct lab *lab)
{
    held--;
    pthread_rwlock_unlock(&lab->facts);
}

/* ---- the time ---- */

static bool digits(struct span *rest, size_t n, int64_t *out)
{
    int64_t value = 0;
    if (rest->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rest->p[i] < '0' || rest->p[i] > '9')
            return false;
        value = value * 10 + (rest->p[i] - '0');
    }
    *rest = span_from(*rest, n);
    *out = value;
    return true;
}

static bool mark(struct span *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = span_from(*rest, 1);
    return true;
}

/* "2026-11-25 04:22:00", then perhaps ".123" and "+01" or "-03:30". */
static bool time_read(struct span text, int64_t *out)
{
    int64_t y, m, d, hour, minute, second, zh = 0, zm = 0;
    struct span rest = text;
    day_t day;
    if (!digits(&rest, 4, &y) || !mark(&rest, '-') || !digits(&rest, 2, &m) || !mark(&rest, '-') ||
        !digits(&rest, 2, &d) || !mark(&rest, ' ') || !digits(&rest, 2, &hour) || !mark(&rest, ':') ||
        !digits(&rest, 2, &minute) || !mark(&rest, ':') || !digits(&rest, 2, &second))
        return false;
    if (mark(&rest, '.'))
        while (rest.n && rest.p[0] >= '0' && rest.p[0] <= '9')
            rest = span_from(rest, 1);
    bool west = rest.n && rest.p[0] == '-';
    if (rest.n) {
        rest = span_from(rest, 1);
        if (!digits(&rest, 2, &zh) || (mark(&rest, ':') && !digits(&rest, 2, &zm)))
            return false;
    }
    struct tm tm = {.tm_year = (int)y - 1900, .tm_mon = (int)m - 1, .tm_mday = (int)d};
    day = (day_t)(timegm(&tm) / 86400);
    int64_t zone = (zh * 60 + zm) * 60;
    *out = (int64_t)day * 86400 + hour * 3600 + minute * 60 + second - (west ? -zone : zone);
    return true;
}

static pthread_mutex_t measuring = PTHREAD_MUTEX_INITIALIZER;
static int64_t measured_ms = -1, ahead; /* of the database's clock before ours, in seconds */

static bool measure(struct db *db, int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    int64_t theirs;
    if (!db_query(db, &q, err, "select cast(current_timestamp as text)"))
        return false;
    if (!db_next(q, &inner) || !time_read(db_text(q, 0), &theirs))
        return fail(err, inner.code ? inner.code : E_FORMAT, "%s",
                    inner.code ? inner.text
                               : tr("err.lab.clock", "The database does not say what time it is."));
    int64_t before = theirs - (int64_t)time(NULL);
    ahead = before >= -1 && before <= 1 ? 0 : before; /* whole seconds, read one after the other */
    measured_ms = now_ms;
    return true;
}

bool lab_now(struct db *db, int64_t *out, struct err *err)
{
    int64_t now_ms = clock_boot_ms();
    pthread_mutex_lock(&measuring);
    bool known = (measured_ms >= 0 && now_ms - measured_ms < CLOCK_EVERY_MS) || measure(db, now_ms, err);
    if (known)
        *out = clock_now() + ahead;
    pthread_mutex_unlock(&measuring);
    return known;
}
