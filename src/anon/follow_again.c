/* Going on after a stop. A break is believed as far as it can be checked here: it has to be the very entry at
 * which the record parts from the copy, and to name the record that this computer was shown, or a longer one.
 * What it does not explain stays a fork. */
#include "anon/follow_again.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/batches.h"
#include "anon/follow_look.h"
#include "anon/receipts.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { DAY = 86400, REASON_MOST = 4096, STATE_HEX = 4 };

/* In words -------------------------------------------------------------------------------------------- */
bool follow_broken_say(const struct history_break *b, uint64_t lost, struct arena *arena, const char **out,
                       struct err *err)
{
    char day[16], n[24], k[24], state[2 * STATE_HEX + 1];
    AUTO_BUF struct buf text, reason;
    buf_init(&text, 2 * REASON_MOST);
    buf_init(&reason, REASON_MOST);
    snprintf(n, sizeof n, "%" PRIu64, b->size);
    snprintf(k, sizeof k, "%" PRIu64, lost);
    for (size_t i = 0; i < STATE_HEX; i++)
        snprintf(state + 2 * i, 3, "%02x", b->root[i]);
    utf8_clean(&reason, b->reason);
    words_say(&text,
              tr("follow.broken", "On {date} the lab wrote into its record that entries of it are lost for "
                                  "good, and why: “{reason}” "
                                  "The record that it had shown before had {n} entries (state {state})."),
              {"date", day_text((day_t)(b->at / DAY), day)}, {"reason", buf_text(&reason)}, {"n", n},
              {"state", state});
    if (lost)
        words_say(&text,
                  trn("follow.broken.lost", " {k} entry that is kept here is not in it any more.",
                      " {k} entries that are kept here are not in it any more.", (unsigned long)lost),
                  {"k", k});
    if (!buf_ok(&reason, err) || !buf_ok(&text, err))
        return false;
    *out = buf_keep(&text, arena);
    return *out || fail_memory(err);
}

/* What was agreed to ---------------------------------------------------------------------------------- */
bool follow_agree(struct db *db, int log, uint64_t index, uint64_t size, int64_t now, struct err *err)
{
    return db_run(db, err,
                  "insert into log_broken(log, idx, size, at) values ($1, $2, $3, $4) on conflict do nothing",
                  V_INT(log), V_INT((int64_t)index), V_INT((int64_t)size), V_INT(now));
}

/* Whether there is one at `index`, or one that lost a record of `size` entries. */
static bool any(struct db *db, int log, int64_t index, int64_t size, bool *yes, struct err *err)
{
    int64_t n;
    if (!db_number(
            db, &n, 0, err,
            "select count(*) from log_broken where log = $1 and (idx = $2 or (idx < $3 and size >= $3))",
            V_INT(log), V_INT(index), V_INT(size)))
        return false;
    *yes = n > 0;
    return true;
}

bool follow_agreed(struct db *db, int log, uint64_t index, bool *yes, struct err *err)
{
    return any(db, log, (int64_t)index, INT64_MAX, yes, err);
}

bool follow_was_lost(struct db *db, int log, uint64_t size, bool *yes, struct err *err)
{
    return any(db, log, -1, (int64_t)size, yes, err);
}

/* The record as it is now ----------------------------------------------------------------------------- */
/* How many entries, from the first on, are the same here and there. */
static bool common(const struct look *l, size_t *n, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *n = 0;
    if (!db_query(l->db, &q, err, "select entry from log_entry where log = $1 order by idx", V_INT(l->log)))
        return false;
    while (*n < l->entries.n && db_next(q, &mine) && span_eq(db_text(q, 0), l->entries.at[*n]))
        ++*n;
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

/* What the break names as lost is what was shown to this computer, or more of it. */
static bool names_ours(const struct look *l, const struct history_break *b, bool *yes, struct err *err)
{
    uint8_t root[32];
    bool there;
    *yes = b->size > l->kept.size;
    if (b->size != l->kept.size)
        return true;
    if (!follow_root(l->db, l->log, b->size, root, &there, err))
        return false;
    *yes = there && memcmp(root, b->root, sizeof root) == 0;
    return true;
}

static bool read_break(const struct look *l, size_t index, struct history_break *out, bool *is,
                       struct err *err)
{
    struct entry e;
    struct err none = {0};
    *is = index < l->entries.n && entry_read(l->entries.at[index], l->arena, &e, &none) &&
          e.kind == ENTRY_BREAK;
    if (none.code == E_MEMORY)
        return fail_memory(err);
    if (!*is)
        return true;
    *out =
        (struct history_break){.index = index, .size = e.broken.size, .at = e.at, .reason = e.broken.reason};
    memcpy(out->root, e.broken.root, sizeof out->root);
    return true;
}

/* Read the log from its first entry. *there: it parts from the copy with a break that explains it; then the
 * entries of *l are those of the whole log. */
static bool look_whole(struct look *l, struct history_break *b, bool *there, struct err *err)
{
    struct merkle tree = {0};
    size_t same;
    bool is, ours;
    *there = false;
    if (!look_kept(l, err) || !look_note(l, err) || !look_entries(l, &tree, err) || !common(l, &same, err))
        return false;
    if (same == l->kept.size)
        return true;
    if (!read_break(l, same, b, &is, err) || (is && !names_ours(l, b, &ours, err)))
        return false;
    if (!is || !ours)
        return true;
    *there = true;
    return look_times(l, same, err);
}

static bool broken_is(const struct look *l, const struct history_break *b, struct arena *arena,
                      struct follow_broken *out, struct err *err)
{
    *out = (struct follow_broken){
        .log = l->log, .index = b->index, .size = b->size, .lost = l->kept.size - b->index};
    merkle_leaf(l->entries.at[b->index], out->leaf);
    return follow_broken_say(b, out->lost, arena, &out->said, err);
}

/* A stop that turns out to be a break. */
static bool find_break(struct db *db, const struct known *known, int log, int64_t now, struct arena *arena,
                       struct follow_broken *out, bool *there, struct err *err)
{
    struct look l;
    struct history_break b;
    look_begin(&l, db, known, arena, log, now);
    bool done = look_whole(&l, &b, there, err) && (!*there || broken_is(&l, &b, arena, out, err));
    look_end(&l);
    return done;
}

/* Looking again --------------------------------------------------------------------------------------- */
static bool over(struct db *db, int log, int64_t now, bool breaks_too, struct err *err)
{
    return db_run(db, err,
                  "update log_evidence set over = $1 where log = $2 and over = 0 and (kind <> $3 or $4)",
                  V_INT(now), V_INT(log), V_INT(STOP_BREAK), V_INT(breaks_too));
}

/* A break within the copy that nobody here agreed to. */
static bool own_break(struct db *db, const struct known *known, struct arena *arena,
                      struct follow_broken *out, bool *there, struct err *err)
{
    struct history *log[2] = {NULL, NULL};
    bool done = follow_load(db, known, &log[FOLLOW_ISSUER], &log[FOLLOW_BOARD], err);
    *there = false;
    for (int i = 0; done && !*there && i < 2; i++)
        for (size_t k = 0; done && log[i] && !*there && k < log[i]->breaks.n; k++) {
            const struct history_break *b = &log[i]->breaks.at[k];
            bool agreed = false;
            done = follow_agreed(db, i, b->index, &agreed, err);
            if (!done || agreed)
                continue;
            *out = (struct follow_broken){.log = i, .index = b->index, .size = b->size};
            *there = true;
            done = follow_leaf(db, i, b->index, out->leaf, err) &&
                   follow_broken_say(b, 0, arena, &out->said, err);
        }
    history_free(log[FOLLOW_ISSUER]);
    history_free(log[FOLLOW_BOARD]);
    return done;
}

static bool again_one(struct db *db, const struct known *known, int log, int64_t now, struct arena *arena,
                      struct follow_broken *out, bool *there, int64_t *date, struct err *err)
{
    struct err why = {0};
    *there = false;
    if (follow_one(db, known, log, now, date, &why))
        return over(db, log, now, false, err);
    if (why.code != E_REFUSED)
        return fail(err, why.code, "%s", why.text);
    return find_break(db, known, log, now, arena, out, there, err) &&
           (*there || fail(err, E_REFUSED, "%s", why.text));
}

bool follow_again(struct db *db, const struct known *known, int64_t now, struct arena *arena,
                  struct follow_broken *out, bool *there, int64_t *date, struct err *err)
{
    int64_t other;
    *out = (struct follow_broken){0};
    *there = false;
    if (!again_one(db, known, FOLLOW_ISSUER, now, arena, out, there, date, err) || *there)
        return err->code == E_NONE;
    if (known->split && (!again_one(db, known, FOLLOW_BOARD, now, arena, out, there, &other, err) || *there))
        return err->code == E_NONE;
    return own_break(db, known, arena, out, there, err);
}

/* Going on -------------------------------------------------------------------------------------------- */
struct going {
    struct look *l; /* NULL: nothing here is lost */
    const struct known *known;
    const struct history *old; /* the issuer's, as it was here */
    int log;
    struct history_break b;
    int64_t now;
};

/* Passes of keys whose entry is lost stay; that their key is not in the record is no lie. */
static bool keys_lost(struct db *db, const struct going *g, struct err *err)
{
    for (size_t i = 0; i < g->old->keys.n; i++) {
        const struct history_key *key = &g->old->keys.at[i];
        if (key->index < g->b.index)
            continue;
        if (!db_run(db, err, "update withdrawal set wrong = 'lost' where key_id = $1",
                    V_BLOB(span_bytes(key->key.key_id, 32))) ||
            (!key->key.survey &&
             !db_run(db, err, "delete from crowd where epoch = $1", V_INT(key->key.epoch))))
            return false;
    }
    return true;
}

static bool cut(struct db *db, const struct going *g, struct err *err)
{
    int64_t from = (int64_t)g->b.index;
    bool acts = g->log == (g->known->split ? FOLLOW_BOARD : FOLLOW_ISSUER);
    return db_run(db, err,
                  "insert into log_lost(log, idx, at, entry) select log, idx, $3, entry from log_entry where "
                  "log = $1 and idx >= $2",
                  V_INT(g->log), V_INT(from), V_INT(g->now)) &&
           db_run(db, err, "delete from log_entry where log = $1 and idx >= $2", V_INT(g->log),
                  V_INT(from)) &&
           db_run(db, err, "update outside_note set good = $2 where log = $1 and good > $2", V_INT(g->log),
                  V_INT(from)) &&
           db_run(db, err, "update outside_note set note = '' where log = $1", V_INT(g->log)) &&
           (g->log != FOLLOW_ISSUER ||
            (db_run(db, err, "delete from log_list where idx >= $1", V_INT(from)) &&
             db_run(db, err, "delete from known where name = 'joined_size'") && keys_lost(db, g, err))) &&
           (!acts || (batches_cut(db, g->b.index, err) && receipts_cut(db, g->b.index, g->b.at, err)));
}

static bool go_work(struct db *db, void *arg, struct err *err)
{
    const struct going *g = arg;
    return (!g->l || (cut(db, g, err) && look_keep(g->l, g->b.index, g->b.index, err))) &&
           follow_agree(db, g->log, g->b.index, g->b.size, g->now, err) &&
           over(db, g->log, g->now, true, err);
}

static bool not_that(struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.anon.break_other",
                   "The lab's record is not the one that was shown a moment ago. Nothing "
                   "was changed; look again."));
}

/* With what is lost here. */
static bool go_on_with(struct going *g, struct db *db, const uint8_t leaf[static 32], struct err *err)
{
    struct history *board = NULL, *old = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    struct look l;
    uint8_t is[32];
    bool there = false;
    if (!arena)
        return fail_memory(err);
    look_begin(&l, db, g->known, arena, g->log, g->now);
    bool done = follow_load(db, g->known, &old, &board, err) && look_whole(&l, &g->b, &there, err);
    if (done && there)
        merkle_leaf(l.entries.at[g->b.index], is);
    g->l = &l;
    g->old = old;
    done = done && ((there && memcmp(is, leaf, sizeof is) == 0) || not_that(err)) &&
           db_write(db, go_work, g, err);
    history_free(old);
    history_free(board);
    look_end(&l);
    return done;
}

bool follow_go_on(struct db *db, const struct known *known, int64_t now, const uint8_t leaf[static 32],
                  struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct follow_broken broken;
    struct going g = {.known = known, .now = now};
    int64_t date;
    bool there;
    if (!arena)
        return fail_memory(err);
    if (!follow_again(db, known, now, arena, &broken, &there, &date, err))
        return false;
    if (!there || memcmp(broken.leaf, leaf, sizeof broken.leaf) != 0)
        return not_that(err);
    g.log = broken.log;
    g.b = (struct history_break){.index = broken.index, .size = broken.size};
    return broken.lost ? go_on_with(&g, db, leaf, err) : db_write(db, go_work, &g, err);
}
