/* The log in its tables. log_head has one row: the size and the signed checkpoint. log_entry holds entries by
 * index, log_tile hashes by level and number (one number of 64 bits, so that a tile is found at once); the
 * last tile of a level grows in place until it has its 256 hashes. An append reads the growing tiles, one a
 * level, and writes them again: what it costs does not depend on how long the log is. The file `head` is
 * anon/tlog_head.c. */
#include "anon/tlog.h"

#include <assert.h>

#include "anon/entry.h"
#include "base/words.h"

#include "base/banned.h"

enum { LEVELS = 8, LEVEL_BITS = 8, INDEX_BITS = 55 }; /* entries stay below 2^62 */

static bool fail_damaged(struct err *err)
{
    return fail(
        err, E_FORMAT,
        tr("err.anon.log_damaged",
           "The lab's log in the database is not whole. `respite lab recover FILE` brings back what a "
           "member's node has."));
}

static int64_t tile_id(unsigned level, uint64_t index)
{
    return (int64_t)((uint64_t)level << INDEX_BITS | index);
}

/* Head ----------------------------------------------------------------------------------------------- */
bool tlog_size(struct db *db, uint64_t *size, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select size from log_head where id = 1"))
        return false;
    *size = (uint64_t)n;
    return true;
}

bool tlog_hold(struct db *db, uint64_t *size, struct err *err)
{
    assert(db_is_writing(db));
    if (!db_run(db, err, "update log_head set size = size where id = 1"))
        return false;
    if (db_changed(db) == 0 &&
        (!db_run(db, err, "insert into log_head(id, size, note) values (1, 0, $1) on conflict(id) do nothing",
                 V_BLOB(SPAN(""))) ||
         !db_run(db, err, "update log_head set size = size where id = 1")))
        return false;
    return tlog_size(db, size, err);
}

bool tlog_stand(struct db *db, struct arena *arena, uint64_t *size, struct span *note, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *size = 0;
    *note = (struct span){0};
    if (!db_query(db, &q, err, "select size, note from log_head where id = 1"))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    *size = (uint64_t)db_int(q, 0);
    *note = arena_span(arena, db_text(q, 1));
    return note->p || fail_memory(err);
}

bool tlog_checkpoint(struct db *db, struct arena *arena, struct span *out, struct err *err)
{
    uint64_t size;
    struct span note;
    if (!tlog_stand(db, arena, &size, &note, err))
        return false;
    if (size == 0)
        return fail(err, E_MISSING, tr("err.anon.log_none", "There is nothing in the lab's log yet."));
    *out = note;
    return true;
}

/* Appending ------------------------------------------------------------------------------------------ */
/* The right edge of the tree: its peaks, and the tile that grows on each level. */
struct growth {
    struct merkle tree;
    struct {
        uint64_t index;
        unsigned width;
        uint8_t hash[MERKLE_TILE][32];
    } level[LEVELS];
};

static bool load_tile(struct db *db, unsigned level, uint64_t index, size_t n, uint8_t *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(db, &q, err, "select hashes from log_tile where id = $1", V_INT(tile_id(level, index))))
        return false;
    if (!db_next(q, &mine))
        return mine.code ? fail(err, mine.code, "%s", mine.text) : fail_damaged(err);
    struct span hashes = db_text(q, 0);
    if (hashes.n < n * 32)
        return fail_damaged(err);
    memcpy(out, hashes.p, n * 32);
    return true;
}

static bool load_growth(struct db *db, uint64_t size, struct growth *g, struct err *err)
{
    struct merkle_plan plan;
    g->tree.size = size;
    for (unsigned l = 0; l < LEVELS; l++) {
        uint64_t rows = size >> LEVEL_BITS * l;
        g->level[l].index = rows / MERKLE_TILE;
        g->level[l].width = rows % MERKLE_TILE;
        if (g->level[l].width > 0 &&
            !load_tile(db, l, g->level[l].index, g->level[l].width, g->level[l].hash[0], err))
            return false;
    }
    if (size == 0)
        return true;
    if (!merkle_head_plan(size, &plan))
        return fail_damaged(err);
    for (size_t i = 0; i < plan.nodes; i++) {
        unsigned l = plan.node[i].level / LEVEL_BITS;
        struct merkle_tile tile = {l, g->level[l].index, g->level[l].width};
        struct span bytes = {(const char *)g->level[l].hash, (size_t)tile.width * 32};
        if (!merkle_tile_node(&tile, bytes, plan.node[i], g->tree.peak[i]))
            return fail_damaged(err);
    }
    return true;
}

static bool save_tile(struct db *db, const struct growth *g, unsigned l, struct err *err)
{
    struct span bytes = {(const char *)g->level[l].hash, (size_t)g->level[l].width * 32};
    return db_run(db, err,
                  "insert into log_tile(id, hashes) values ($1, $2) "
                  "on conflict(id) do update set hashes = excluded.hashes",
                  V_INT(tile_id(l, g->level[l].index)), V_BLOB(bytes));
}

/* The root of the full tile of level `l`: one hash of the level above. */
static bool tile_root(const struct growth *g, unsigned l, uint8_t out[static 32])
{
    struct merkle_tile tile = {l, g->level[l].index, MERKLE_TILE};
    struct span bytes = {(const char *)g->level[l].hash, sizeof g->level[l].hash};
    struct merkle_node left = {LEVEL_BITS * l + LEVEL_BITS - 1, 2 * tile.index}, right = left;
    uint8_t a[32], b[32];
    right.index++;
    if (!merkle_tile_node(&tile, bytes, left, a) || !merkle_tile_node(&tile, bytes, right, b))
        return false;
    merkle_parent(a, b, out);
    return true;
}

static bool push(struct db *db, struct growth *g, const uint8_t leaf[static 32], struct err *err)
{
    uint8_t hash[32];
    merkle_add(&g->tree, leaf);
    memcpy(hash, leaf, sizeof hash);
    for (unsigned l = 0; l < LEVELS; l++) {
        memcpy(g->level[l].hash[g->level[l].width++], hash, sizeof hash);
        if (g->level[l].width < MERKLE_TILE)
            return true;
        if (!save_tile(db, g, l, err))
            return false;
        if (!tile_root(g, l, hash))
            return fail_damaged(err);
        g->level[l].index++;
        g->level[l].width = 0;
    }
    return fail_damaged(err);
}

/* The tiles that grew and are not full; full ones went out when they became so. */
static bool save_edge(struct db *db, const struct growth *g, uint64_t old, struct err *err)
{
    for (unsigned l = 0; l < LEVELS; l++)
        if (g->level[l].width > 0 && g->tree.size >> LEVEL_BITS * l > old >> LEVEL_BITS * l &&
            !save_tile(db, g, l, err))
            return false;
    return true;
}

static bool save_head(struct db *db, const struct tlog *log, const struct merkle *tree, struct err *err)
{
    uint8_t sig[64];
    struct checkpoint head = {.origin = span_of(log->origin), .size = tree->size};
    struct note_sig_key by = {.name = span_of(log->origin), .kind = NOTE_SIG_PLAIN};
    AUTO_BUF struct buf text, note;
    buf_init(&text, NOTE_SIG_MOST);
    buf_init(&note, NOTE_SIG_MOST);
    merkle_root(tree, head.root);
    checkpoint_write(&text, &head);
    if (!buf_ok(&text, err))
        return false;
    sign_public(&log->key, by.pk);
    sign_key_id(by.name, NOTE_SIG_PLAIN, by.pk, by.id);
    sign(&log->key, buf_span(&text), sig);
    note_sig_write(&note, buf_span(&text));
    note_sig_line_write(&note, &by, sig, 0);
    return buf_ok(&note, err) && db_run(db, err, "update log_head set size = $1, note = $2 where id = 1",
                                        V_INT((int64_t)tree->size), V_BLOB(buf_span(&note)));
}

static bool append(struct db *db, const struct tlog *log, const struct span *entries, size_t n, uint64_t old,
                   struct growth *g, struct err *err)
{
    uint8_t leaf[32];
    if (!load_growth(db, old, g, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (entries[i].n > ENTRY_MOST)
            return fail(err, E_LIMIT,
                        tr("err.anon.entry_long", "An entry of the record is longer than %d bytes."),
                        ENTRY_MOST);
        if (!db_run(db, err, "insert into log_entry(idx, entry) values ($1, $2)", V_INT((int64_t)(old + i)),
                    V_BLOB(entries[i])))
            return false;
        merkle_leaf(entries[i], leaf);
        if (!push(db, g, leaf, err))
            return false;
    }
    return save_edge(db, g, old, err) && save_head(db, log, &g->tree, err);
}

bool tlog_append(struct db *db, const struct tlog *log, const struct span *entries, size_t n, uint64_t *first,
                 struct err *err)
{
    uint64_t old;
    if (!tlog_hold(db, &old, err))
        return false;
    struct growth *g = mem_get(sizeof *g);
    if (!g)
        return fail_memory(err);
    bool done = n == 0 || append(db, log, entries, n, old, g, err);
    mem_free(g);
    if (done)
        *first = old;
    return done;
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool fail_no_tile(struct err *err)
{
    return fail(err, E_MISSING, tr("err.anon.log_tile", "The lab's log has no such piece."));
}

static bool read_entries(struct db *db, const struct merkle_tile *tile, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    unsigned n = 0;
    int64_t from = (int64_t)(tile->index * MERKLE_TILE);
    if (!db_query(db, &q, err, "select entry from log_entry where idx >= $1 and idx < $2 order by idx",
                  V_INT(from), V_INT(from + tile->width)))
        return false;
    for (; db_next(q, &mine); n++) {
        struct span entry = db_text(q, 0);
        buf_add_byte(out, (char)(entry.n >> 8));
        buf_add_byte(out, (char)entry.n);
        buf_add(out, entry);
    }
    if (mine.code)
        return fail(err, mine.code, "%s", mine.text);
    return n == tile->width ? buf_ok(out, err) : fail_no_tile(err);
}

static bool read_hashes(struct db *db, const struct merkle_tile *tile, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(db, &q, err, "select hashes from log_tile where id = $1",
                  V_INT(tile_id(tile->level, tile->index))))
        return false;
    bool there = db_next(q, &mine);
    if (mine.code)
        return fail(err, mine.code, "%s", mine.text);
    struct span hashes = there ? db_text(q, 0) : SPAN("");
    if (hashes.n < (size_t)tile->width * 32)
        return fail_no_tile(err);
    buf_add(out, span_first(hashes, (size_t)tile->width * 32));
    return buf_ok(out, err);
}

bool tlog_tile(struct db *db, struct arena *arena, const struct merkle_tile *tile, struct buf *out,
               struct err *err)
{
    (void)arena;
    bool entries = tile->level == MERKLE_ENTRIES;
    size_t before = out->n;
    if (tile->width == 0 || tile->width > MERKLE_TILE || tile->index >= (uint64_t)1 << (INDEX_BITS - 1) ||
        (!entries && tile->level >= LEVELS))
        return fail_no_tile(err);
    if (entries ? read_entries(db, tile, out, err) : read_hashes(db, tile, out, err))
        return true;
    if (out->n > before) { /* what came before is the caller's */
        out->n = before;
        out->p[before] = '\0';
    }
    return false;
}

bool tlog_entry(struct db *db, struct arena *arena, uint64_t index, struct span *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (index >= (uint64_t)1 << 62)
        return fail_no_tile(err);
    if (!db_query(db, &q, err, "select entry from log_entry where idx = $1", V_INT((int64_t)index)))
        return false;
    if (!db_next(q, &mine))
        return mine.code ? fail(err, mine.code, "%s", mine.text) : fail_no_tile(err);
    struct span entry = arena_span(arena, db_text(q, 0));
    if (!entry.p)
        return fail_memory(err);
    *out = entry;
    return true;
}

/* The nodes of a plan, out of tiles, folded. */
static bool fold_plan(struct db *db, const struct merkle_plan *plan, uint64_t size, uint8_t *out,
                      struct err *err)
{
    uint8_t hash[2 * MERKLE_PROOF_MOST][32];
    for (size_t i = 0; i < plan->nodes; i++) {
        struct merkle_tile tile;
        AUTO_BUF struct buf bytes;
        buf_init(&bytes, MERKLE_TILE * 32);
        if (!merkle_tile_of(plan->node[i], size, &tile))
            return fail_no_tile(err);
        if (!tlog_tile(db, NULL, &tile, &bytes, err))
            return false;
        if (!merkle_tile_node(&tile, buf_span(&bytes), plan->node[i], hash[i]))
            return fail_damaged(err);
    }
    merkle_fold(plan, hash[0], out);
    return true;
}

bool tlog_root(struct db *db, uint64_t size, uint8_t out[static 32], struct err *err)
{
    struct merkle_plan plan;
    if (size == 0) {
        merkle_empty(out);
        return true;
    }
    return merkle_head_plan(size, &plan) ? fold_plan(db, &plan, size, out, err) : fail_no_tile(err);
}

bool tlog_consistency(struct db *db, uint64_t old, uint64_t size, uint8_t (*proof)[32], size_t *n,
                      struct err *err)
{
    struct merkle_plan plan;
    if (!merkle_consistency_plan(old, size, &plan))
        return fail_no_tile(err);
    *n = plan.hashes;
    return plan.hashes == 0 || fold_plan(db, &plan, size, proof[0], err);
}
