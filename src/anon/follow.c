/* The record, followed. What is new is fetched in tiles, hashed onto the leaves that are here, and must give
 * the root that was signed; so a log that was shortened, changed or forked cannot fit. What does not fit is
 * kept, both checkpoints of it, and nothing is taken over. */
#include "anon/follow.h"

#include <stdio.h>

#include "anon/follow_again.h"
#include "anon/follow_lists.h"
#include "anon/follow_look.h"
#include "anon/send_public.h"
#include "base/words.h"

#include "base/banned.h"

enum {
    NOTE_MOST = NOTE_SIG_MOST,
    TILE_MOST = MERKLE_TILE * (ENTRY_MOST + 2),
    GROWTH_MOST = 64 << 20, /* bytes of entries that are taken at one fetch: years of a large lab */
    LIES_MOST = 32,         /* kept; what came first says it all */
    HOUR = 3600,
    CLOCKS = 300, /* by which two clocks may differ */
};

/* What is kept ------------------------------------------------------------------------------------------ */
static bool kept_load(struct db *db, int log, struct arena *arena, struct follow_kept *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *out = (struct follow_kept){0};
    if (!db_query(db, &q, err, "select size, first_size, at, note from log_head where log = $1", V_INT(log)))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    *out = (struct follow_kept){(uint64_t)db_int(q, 0), (uint64_t)db_int(q, 1), db_int(q, 2),
                                arena_span(arena, db_text(q, 3))};
    return out->note.p || fail_memory(err);
}

/* Every entry is hashed again: what lies on the disk is looked at too. */
static bool kept_tree(struct db *db, int log, struct merkle *tree, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    uint8_t leaf[32];
    if (!db_query(db, &q, err, "select entry from log_entry where log = $1 order by idx", V_INT(log)))
        return false;
    while (db_next(q, &mine)) {
        merkle_leaf(db_text(q, 0), leaf);
        merkle_add(tree, leaf);
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

/* One log ----------------------------------------------------------------------------------------------- */
/* The first that is not over decides; the same again adds nothing. */
bool follow_stop(struct db *db, int log, enum stop_kind kind, int64_t now, struct span came, const char *why,
                 struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct follow_kept kept;
    if (!arena)
        return fail_memory(err);
    return kept_load(db, log, arena, &kept, err) &&
           db_run(db, err,
                  "insert into log_evidence(log, kind, at, kept, came, why) select $1, $2, $3, $4, $5, $6 "
                  "where (select count(*) from log_evidence where over = 0) < $7 and not exists (select 1 "
                  "from log_evidence "
                  "where log = $1 and why = $6 and came = $5 and over = 0)",
                  V_INT(log), V_INT(kind), V_INT(now), V_BLOB(kept.note), V_BLOB(came), V_STR(why),
                  V_INT(LIES_MOST));
}

/* It does not fit: keep both notes and say so from now on. */
static bool stop(struct look *l, enum stop_kind kind, const char *why, struct err *err)
{
    return follow_stop(l->db, l->log, kind, l->now, buf_span(&l->note), why, err) &&
           fail(err, E_REFUSED, "%s", why);
}

static bool is_note(struct span bytes, struct arena *arena)
{
    struct note_sig note;
    struct checkpoint checkpoint;
    struct err none = {0};
    return note_sig_read(bytes, arena, &note, &none) && checkpoint_read(note.text, &checkpoint, &none);
}

static const char *differs(void)
{
    return tr(
        "err.anon.forked",
        "The lab's record is not the one this computer followed until now: something in it was taken away or "
        "changed. Nothing was taken over, and both signed states are kept. Please talk to someone you trust "
        "before you write.");
}

bool look_note(struct look *l, struct err *err)
{
    struct err why = {0};
    buf_reset(&l->note);
    if (!public_get(l->db, l->known->via, l->base, "/log/checkpoint", NULL, NOTE_MOST, &l->note, &l->date,
                    err))
        return false;
    if (peer_note(buf_span(&l->note), span_of(l->origin), span_of(l->vkey), l->arena, &l->checkpoint, &why))
        return true;
    if (why.code == E_MEMORY)
        return fail_memory(err);
    if (!is_note(buf_span(&l->note), l->arena)) /* a page of somebody on the way, a server being repaired */
        return fail(err, E_FORMAT,
                    tr("err.anon.no_record",
                       "What came from %.200s is not the lab's record. Nothing was taken over; Respite asks "
                       "again at the next drawn moment."),
                    l->base);
    return stop(l, STOP_OTHER,
                tr("err.anon.other_key",
                   "The lab's record is not signed with the key it had when you joined. Nothing "
                   "was taken over. Please talk to someone you trust before you write."),
                err);
}

static bool too_long(struct err *err)
{
    return fail(err, E_LIMIT,
                tr("err.anon.log_long",
                   "The lab's record has grown by more than Respite takes at once. Nothing "
                   "was taken over. Please tell those who run the lab."));
}

static bool fetch_entries(struct look *l, struct merkle *tree, struct err *err)
{
    size_t bytes_so_far = 0;
    if (l->checkpoint.size - tree->size > GROWTH_MOST / 2)
        return too_long(err);
    while (tree->size < l->checkpoint.size) {
        uint64_t index = tree->size / MERKLE_TILE, left = l->checkpoint.size - index * MERKLE_TILE;
        struct merkle_tile tile = {MERKLE_ENTRIES, index, left < MERKLE_TILE ? (unsigned)left : MERKLE_TILE};
        char path[MERKLE_PATH + 8] = "/log/";
        struct err why = {0};
        AUTO_BUF struct buf bytes;
        buf_init(&bytes, TILE_MOST);
        merkle_tile_path(&tile, path + 5);
        if (!public_get(l->db, l->known->via, l->base, path, NULL, TILE_MOST, &bytes, NULL, err))
            return false;
        bytes_so_far += bytes.n;
        if (bytes_so_far > GROWTH_MOST)
            return too_long(err);
        if (!peer_tile(buf_span(&bytes), index, tile.width, tree, l->arena, &l->entries, &why))
            return why.code == E_MEMORY ? fail_memory(err) : stop(l, STOP_FORK, differs(), err);
    }
    return true;
}

/* Whether this computer's clock and the lab's agree. While they do not, nobody is accused by the times of
 * entries, and nothing is spent either (anon/spend_rule.c). */
static bool clocks_agree(const struct look *l)
{
    int64_t apart = l->date - l->now;
    return l->date == 0 || (apart <= CLOCKS && apart >= -CLOCKS);
}

bool look_keep(struct look *l, size_t from, uint64_t index, struct err *err)
{
    uint8_t leaf[32];
    for (size_t i = from; i < l->entries.n; i++) {
        merkle_leaf(l->entries.at[i], leaf);
        if (!db_run(l->db, err, "insert into log_entry(log, idx, entry, leaf) values ($1, $2, $3, $4)",
                    V_INT(l->log), V_INT((int64_t)(index + i - from)), V_BLOB(l->entries.at[i]),
                    V_BLOB(span_bytes(leaf, 32))))
            return false;
    }
    /* Who began with the log itself has seen its first checkpoint; else history finds it by its times. */
    return db_run(
        l->db, err,
        "insert into log_head(log, size, first_size, at, note) values ($1, $2, 0, $3, $4) on conflict(log) "
        "do update set size = $2, at = $3, note = $4",
        V_INT(l->log), V_INT((int64_t)l->checkpoint.size), V_INT(clocks_agree(l) ? l->now : l->kept.at),
        V_BLOB(buf_span(&l->note)));
}

/* A break among what is new stops the node until the person agrees. Who joins has been shown those that are
 * in the record already, and agrees by joining. */
static bool look_breaks(struct look *l, struct err *err)
{
    for (size_t i = 0; i < l->entries.n; i++) {
        struct entry e;
        struct err none = {0};
        const char *said;
        struct arena *AUTO_ARENA arena = arena_new();
        if (!arena)
            return fail_memory(err);
        if (!entry_read(l->entries.at[i], arena, &e, &none) || e.kind != ENTRY_BREAK)
            continue;
        struct history_break b = {.index = l->kept.size + i, .size = e.broken.size, .at = e.at};
        b.reason = e.broken.reason;
        memcpy(b.root, e.broken.root, sizeof b.root);
        if (l->kept.size == 0) {
            if (!follow_agree(l->db, l->log, b.index, b.size, l->now, err))
                return false;
        } else if (!follow_broken_say(&b, 0, arena, &said, err) ||
                   !follow_stop(l->db, l->log, STOP_BREAK, l->now, buf_span(&l->note), said, err)) {
            return false;
        }
    }
    return true;
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct look *l = arg;
    int64_t size;
    if (!db_number(db, &size, 0, err, "select size from log_head where log = $1", V_INT(l->log)))
        return false;
    if ((uint64_t)size != l->kept.size)
        return true; /* another process of this node was faster, by the same checks */
    return look_breaks(l, err) && look_keep(l, 0, l->kept.size, err);
}

/* Entries that are written later than they say, against the times at which this computer looked; and those
 * that say they are of a time to come. */
bool look_times(struct look *l, size_t from, struct err *err)
{
    bool agree = clocks_agree(l);
    for (size_t i = from; i < l->entries.n; i++) {
        struct entry e;
        struct err none = {0};
        struct arena *AUTO_ARENA arena = arena_new();
        if (!entry_read(l->entries.at[i], arena, &e, &none) || !e.at)
            continue;
        if (agree && e.at > l->now + CLOCKS)
            return stop(
                l, STOP_OTHER,
                tr("err.anon.ahead",
                   "An entry of the lab's record says that it is of a time to come. Nothing was taken "
                   "over."),
                err);
        if (l->kept.at && e.at < l->kept.at - HOUR)
            return stop(
                l, STOP_OTHER,
                tr("err.anon.back_dated",
                   "An entry of the lab's record says that it is older than the day on which this computer "
                   "looked without finding it. Nothing was taken over."),
                err);
    }
    return true;
}

bool look_entries(struct look *l, struct merkle *tree, struct err *err)
{
    uint8_t root[32];
    if (!fetch_entries(l, tree, err))
        return false;
    merkle_root(tree, root);
    return memcmp(root, l->checkpoint.root, 32) == 0 || stop(l, STOP_FORK, differs(), err);
}

bool look_kept(struct look *l, struct err *err)
{
    return kept_load(l->db, l->log, l->arena, &l->kept, err);
}

static bool look_at(struct look *l, struct err *err)
{
    struct merkle tree = {0};
    if (!look_kept(l, err) || !kept_tree(l->db, l->log, &tree, err) || !look_note(l, err))
        return false;
    if (tree.size != l->kept.size)
        return fail(err, E_FORMAT,
                    tr("err.anon.kept_log",
                       "The copy of the lab's record on this computer is not whole. Put back a "
                       "backup, or join again."));
    if (l->checkpoint.size < tree.size)
        return stop(l, STOP_FORK,
                    tr("err.anon.shorter",
                       "The lab's record is shorter than the one this computer has: entries were "
                       "taken away. Nothing was taken over. Please talk to someone you trust before "
                       "you write."),
                    err);
    return look_entries(l, &tree, err) && look_times(l, 0, err) && db_write(l->db, keep_work, l, err);
}

void look_begin(struct look *l, struct db *db, const struct known *known, struct arena *arena, int log,
                int64_t now)
{
    bool board = log == FOLLOW_BOARD;
    *l = (struct look){.db = db,
                       .known = known,
                       .arena = arena,
                       .log = log,
                       .base = board ? known->board[0] : known->issuer[0],
                       .origin = board ? known->board_log : known->issuer_log,
                       .vkey = board ? known->board_vkey : known->issuer_vkey,
                       .now = now};
    buf_init(&l->note, NOTE_MOST);
}

void look_end(struct look *l)
{
    buf_clear(&l->note);
}

bool follow_one(struct db *db, const struct known *known, int log, int64_t now, int64_t *date,
                struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct look l;
    if (!arena)
        return fail_memory(err);
    look_begin(&l, db, known, arena, log, now);
    bool done = look_at(&l, err);
    look_end(&l);
    *date = l.date;
    return done;
}

/* What was stopped stays so until the person looks again: asking would tell a lab that lies that it was not
 * noticed, or that it was. */
static bool goes_on(struct db *db, struct err *err)
{
    const char *why;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    return follow_stopped(db, arena, &why, err) && (!why || fail(err, E_REFUSED, "%s", why));
}

bool follow_logs(struct db *db, const struct known *known, int64_t now, int64_t *date, struct err *err)
{
    int64_t other;
    return goes_on(db, err) && follow_one(db, known, FOLLOW_ISSUER, now, date, err) &&
           (!known->split || follow_one(db, known, FOLLOW_BOARD, now, &other, err));
}

bool follow(struct db *db, const struct known *known, int64_t now, int64_t *date, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    bool done = follow_logs(db, known, now, date, err) && follow_load(db, known, &issuer, &board, err) &&
                follow_lists(db, known, issuer, now, err);
    history_free(issuer);
    history_free(board);
    return done;
}

/* Reading what is kept ----------------------------------------------------------------------------------- */
static bool load_one(struct db *db, int log, struct history **out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    int64_t first;
    struct history *h = NULL;
    if (!db_number(db, &first, 0, err, "select first_size from log_head where log = $1", V_INT(log)) ||
        !db_query(db, &q, err, "select entry from log_entry where log = $1 order by idx", V_INT(log)) ||
        !history_new(&h, err))
        return false;
    h->first_size = (uint64_t)first;
    while (db_next(q, &mine)) {
        struct err odd = {0};
        if (!history_add(h, db_text(q, 0), &odd) && odd.code == E_MEMORY) {
            history_free(h);
            return fail_memory(err);
        }
    }
    if (mine.code) {
        history_free(h);
        return fail(err, mine.code, "%s", mine.text);
    }
    *out = h;
    return true;
}

bool follow_load(struct db *db, const struct known *known, struct history **issuer, struct history **board,
                 struct err *err)
{
    struct history *first = NULL;
    *board = NULL;
    if (!load_one(db, FOLLOW_ISSUER, &first, err))
        return false;
    if (known->split && !load_one(db, FOLLOW_BOARD, board, err)) {
        history_free(first);
        return false;
    }
    if (*board) /* it was asked for after the issuer's */
        history_match(first, *board, true);
    *issuer = first;
    return true;
}

bool follow_leaf(struct db *db, int log, uint64_t index, uint8_t out[static 32], struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(db, &q, err, "select leaf from log_entry where log = $1 and idx = $2", V_INT(log),
                  V_INT((int64_t)index)))
        return false;
    if (db_next(q, &mine) && db_text(q, 0).n == 32) {
        memcpy(out, db_text(q, 0).p, 32);
        return true;
    }
    return mine.code ? fail(err, mine.code, "%s", mine.text)
                     : fail(err, E_MISSING,
                            tr("err.anon.no_leaf", "The copy of the lab's record on this computer does "
                                                   "not reach that far."));
}

/* The root of a perfect subtree, folded from its leaves. */
static bool node_of(struct db *db, int log, struct merkle_node node, uint8_t out[static 32], struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    struct merkle tree = {0};
    int64_t from = (int64_t)(node.index << node.level), width = (int64_t)1 << node.level;
    if (!db_query(db, &q, err,
                  "select leaf from log_entry where log = $1 and idx >= $2 and idx < $3 order by idx",
                  V_INT(log), V_INT(from), V_INT(from + width)))
        return false;
    while (db_next(q, &mine))
        if (db_text(q, 0).n == 32)
            merkle_add(&tree, (const uint8_t *)db_text(q, 0).p);
    merkle_root(&tree, out);
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

bool follow_root(struct db *db, int log, uint64_t size, uint8_t out[static 32], bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    struct merkle tree = {0};
    *there = false;
    if (size > INT64_MAX)
        return true;
    if (!db_query(db, &q, err, "select leaf from log_entry where log = $1 and idx < $2 order by idx",
                  V_INT(log), V_INT((int64_t)size)))
        return false;
    while (db_next(q, &mine))
        if (db_text(q, 0).n == 32)
            merkle_add(&tree, (const uint8_t *)db_text(q, 0).p);
    merkle_root(&tree, out);
    *there = tree.size == size;
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

bool follow_prove(struct db *db, int log, uint64_t index, struct buf *proof, struct err *err)
{
    struct merkle_plan plan;
    uint8_t hash[2 * MERKLE_PROOF_MOST][32], out[MERKLE_PROOF_MOST][32];
    int64_t size;
    if (!db_number(db, &size, 0, err, "select size from log_head where log = $1", V_INT(log)))
        return false;
    if (!merkle_inclusion_plan(index, (uint64_t)size, &plan))
        return fail(err, E_MISSING,
                    tr("err.anon.no_leaf", "The copy of the lab's record on this computer does not "
                                           "reach that far."));
    for (size_t i = 0; i < plan.nodes; i++)
        if (!node_of(db, log, plan.node[i], hash[i], err))
            return false;
    merkle_fold(&plan, hash[0], out[0]);
    buf_add(proof, span_bytes(out, plan.hashes * 32));
    return true;
}

bool follow_stopped(struct db *db, struct arena *arena, const char **why, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *why = NULL;
    if (!db_query(db, &q, err, "select why from log_evidence where over = 0 order by id limit 1"))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    *why = arena_text(arena, db_text(q, 0));
    return *why || fail_memory(err);
}
