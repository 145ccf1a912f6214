/* Following the other operator's log. The whole log is here, so a new checkpoint is proven by hashing: the
 * entries kept and those that are new must give its root. One row says what is kept; who writes takes it by
 * the size that was seen before, so that two processes do not store the same entries twice. */
#include "anon/peer.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/scan.h"
#include "codec/wire.h"

#include "base/banned.h"

enum {
    TILE_MOST = MERKLE_TILE * (ENTRY_MOST + 2),
};

static bool not_sound(struct err *err)
{
    return fail(
        err, E_REFUSED,
        tr("err.anon.peer",
           "The log of the other operator does not continue the one that was read before. Nothing of it "
           "was taken. Ask them what happened; the checkpoint they sent is kept."));
}

bool peer_note(struct span bytes, struct span origin, struct span vkey, struct arena *arena,
               struct checkpoint *out, struct err *err)
{
    struct note_sig note;
    struct note_sig_key key;
    struct note_sig_claim claim;
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    return note_sig_key_read(vkey, &key, err) && note_sig_read(bytes, arena, &note, err) &&
           note_sig_claim(&note, &key, &scratch, &claim, err) &&
           (sign_good(key.pk, claim.message, claim.sig) || not_sound(err)) &&
           checkpoint_read(note.text, out, err) && (span_eq(out->origin, origin) || not_sound(err));
}

bool peer_tile(struct span bytes, uint64_t index, unsigned width, struct merkle *tree, struct arena *arena,
               struct peer_entries *out, struct err *err)
{
    for (unsigned i = 0; i < width; i++) {
        struct span entry;
        uint8_t leaf[32];
        if (!wire_block(&bytes, 2, &entry))
            return not_sound(err);
        if (index * MERKLE_TILE + i != tree->size)
            continue;
        struct span *at = VEC_PUSH(arena, out);
        if (!at)
            return fail_memory(err);
        *at = arena_span(arena, entry);
        if (!at->p)
            return fail_memory(err);
        merkle_leaf(entry, leaf);
        merkle_add(tree, leaf);
    }
    return scan_end(&bytes) || not_sound(err);
}

/* The copy ----------------------------------------------------------------------------------------- */
bool peer_history(struct db *db, struct history *history, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    int64_t first;
    if (history->tree.size == 0) {
        if (!db_number(db, &first, 0, err, "select first_size from issuer_head where id = 1"))
            return false;
        history->first_size = (uint64_t)first;
    }
    if (!db_query(db, &q, err, "select bytes from issuer_entry where n >= $1 order by n",
                  V_INT((int64_t)history->tree.size)))
        return false;
    struct err inner = {0};
    while (db_next(q, &inner)) {
        struct err odd = {0}; /* an entry that is none is a finding of the history */
        if (!history_add(history, db_text(q, 0), &odd) && odd.code != E_FORMAT)
            return fail(err, odd.code, "%s", odd.text);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool peer_put_entry(struct db *db, uint64_t n, struct span entry, struct err *err)
{
    int64_t same;
    if (!db_run(db, err, "insert into issuer_entry(n, bytes) values ($1, $2) on conflict do nothing",
                V_INT((int64_t)n), V_BLOB(entry)))
        return false;
    if (db_changed(db) == 1)
        return true;
    return db_number(db, &same, 0, err, "select count(*) from issuer_entry where n = $1 and bytes = $2",
                     V_INT((int64_t)n), V_BLOB(entry)) &&
           (same == 1 || not_sound(err));
}

bool peer_put_head(struct db *db, uint64_t size, uint64_t first, struct span note, struct err *err)
{
    return db_run(db, err,
                  "insert into issuer_head(id, at, size, first_size, note) values (1, 0, $1, $2, $3) on "
                  "conflict(id) do update set size = $1, note = $3, first_size = case when "
                  "issuer_head.first_size = 0 then $2 else issuer_head.first_size end where issuer_head.size "
                  "< $1",
                  V_INT((int64_t)size), V_INT((int64_t)first), V_BLOB(note));
}

struct take {
    const struct peer_entries *entries;
    struct span note;
    uint64_t from, size;
};

static bool take_work(struct db *db, void *arg, struct err *err)
{
    const struct take *t = arg;
    if (!db_run(
            db, err,
            "update issuer_head set size = $1, note = $2, first_size = case when first_size = 0 then $1 else "
            "first_size end where id = 1 and size = $3",
            V_INT((int64_t)t->size), V_BLOB(t->note), V_INT((int64_t)t->from)))
        return false;
    if (db_changed(db) == 0)
        return true; /* another process was faster */
    for (size_t i = 0; i < t->entries->n; i++)
        if (!db_run(db, err, "insert into issuer_entry(n, bytes) values ($1, $2)",
                    V_INT((int64_t)(t->from + i)), V_BLOB(t->entries->at[i])))
            return false;
    return true;
}

static bool evidence_work(struct db *db, void *arg, struct err *err)
{
    return db_run(db, err, "update issuer_head set evidence = $1 where id = 1 and evidence is null",
                  V_BLOB(*(const struct span *)arg));
}

/* One look --------------------------------------------------------------------------------------------- */
struct look {
    struct app *app;
    peer_get *get;
    void *arg;
    const char *origin, *vkey;
    struct buf note;
    struct checkpoint checkpoint;
};

static bool fetch_note(struct look *l, struct err *err)
{
    struct app *app = l->app;
    buf_reset(&l->note);
    return l->get(l->arg, "/log/checkpoint", NOTE_SIG_MOST, &l->note, err) &&
           peer_note(buf_span(&l->note), span_of(l->origin), span_of(l->vkey), app->arena, &l->checkpoint,
                     err);
}

static bool fetch_tile(struct look *l, uint64_t index, unsigned width, struct merkle *tree,
                       struct peer_entries *out, struct err *err)
{
    struct merkle_tile tile = {.level = MERKLE_ENTRIES, .index = index, .width = width};
    char path[MERKLE_PATH + 8] = "/log/";
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, TILE_MOST);
    merkle_tile_path(&tile, path + 5);
    return l->get(l->arg, path, TILE_MOST, &bytes, err) &&
           peer_tile(buf_span(&bytes), index, width, tree, l->app->arena, out, err);
}

/* All that is new, hashed; the roots must agree. */
static bool fetch_entries(struct look *l, struct merkle *tree, struct peer_entries *out, struct err *err)
{
    const struct checkpoint *c = &l->checkpoint;
    uint8_t root[32];
    while (tree->size < c->size) {
        uint64_t index = tree->size / MERKLE_TILE, left = c->size - index * MERKLE_TILE;
        if (!fetch_tile(l, index, left < MERKLE_TILE ? (unsigned)left : MERKLE_TILE, tree, out, err))
            return false;
    }
    merkle_root(tree, root);
    return (tree->size == c->size && memcmp(root, c->root, 32) == 0) || not_sound(err);
}

static bool write_through(struct app *app, db_work *work, void *arg, struct err *err)
{
    return app->lab->writer ? writer_do(app->lab->writer, work, arg, err) : db_write(app->db, work, arg, err);
}

/* Bring the copy up to the other's present checkpoint. */
static bool follow_other(struct look *l, struct err *err)
{
    struct app *app = l->app;
    const struct history *issuer, *board;
    struct peer_entries entries = {0};
    if (!fetch_note(l, err) || !lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    struct merkle tree = app->lab->peer->tree;
    lab_facts_done(app->lab);
    struct take take = {.entries = &entries, .note = buf_span(&l->note), .from = tree.size};
    if (!fetch_entries(l, &tree, &entries, err))
        return false;
    take.size = tree.size;
    return write_through(app, take_work, &take, err);
}

/* Our own log says what the other's was --------------------------------------------------------------- */
struct say {
    const struct tlog *log;
    uint64_t size;
    struct entry entry;
    day_t once; /* the epoch it is said for, when the log itself does not say whether it was; else 0 */
};

static bool say_work(struct db *db, void *arg, struct err *err)
{
    const struct say *s = arg;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    uint64_t size, first;
    if (!tlog_hold(db, &size, err))
        return false;
    if (size != s->size)
        return true; /* it grew: the next look sees with what */
    if (s->once &&
        !db_run(db, err, "update issuer_head set epoch = $1 where id = 1 and epoch < $1", V_INT(s->once)))
        return false;
    if (s->once && db_changed(db) == 0)
        return true; /* said by another process */
    return entry_write(&s->entry, &bytes, err) &&
           tlog_append(db, s->log, (const struct span[]){buf_span(&bytes)}, 1, &first, err);
}

static bool has_head(const struct history *own, day_t epoch)
{
    for (size_t i = 0; i < own->heads.n; i++)
        if (own->heads.at[i].epoch == epoch)
            return true;
    return false;
}

/* The first of this epoch and the next whose roster the copy holds and our log does not speak of. */
static bool epoch_to_say(struct app *app, day_t *epoch, uint64_t *size, bool *any, struct err *err)
{
    const struct history *issuer, *board;
    *any = false;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *own = board ? board : issuer;
    *size = own->tree.size;
    for (int i = 0; i < 2 && !*any; i++) {
        *epoch = epoch_of(app->now) + i * EPOCH_NEXT;
        *any = history_roster(issuer, *epoch) && !has_head(own, *epoch) && own->tree.size > 0;
    }
    lab_facts_done(app->lab);
    return true;
}

static bool say_epochs(struct look *l, struct err *err)
{
    struct app *app = l->app;
    for (int i = 0; i < 2; i++) {
        struct say s = {.log = &app->lab->log, .entry = {.kind = ENTRY_PEER, .at = app->now}};
        bool any;
        if (!epoch_to_say(app, &s.entry.peer.epoch, &s.size, &any, err))
            return false;
        if (!any)
            return true;
        s.entry.peer.has_epoch = true;
        s.entry.peer.note = buf_span(&l->note);
        if (!write_through(app, say_work, &s, err))
            return false;
    }
    return true;
}

/* The issuer writes down the board's checkpoint, once an epoch. */
static bool say_board(struct look *l, struct err *err)
{
    struct app *app = l->app;
    struct say s = {.log = &app->lab->log, .entry = {.kind = ENTRY_PEER, .at = app->now}};
    int64_t last;
    if (!db_number(app->db, &last, 0, err, "select epoch from issuer_head where id = 1"))
        return false;
    s.once = epoch_of(app->now);
    if (last >= s.once)
        return true;
    if (!tlog_size(app->db, &s.size, err) || s.size == 0)
        return err->code == E_NONE;
    s.entry.peer.note = buf_span(&l->note);
    return write_through(app, say_work, &s, err);
}

/* Keep the note that lied; the first failure is the one to tell. */
static void keep_evidence(struct look *l)
{
    struct span note = buf_span(&l->note);
    struct err second = {0};
    if (note.n > 0 && !write_through(l->app, evidence_work, &note, &second))
        return;
}

bool peer_look(struct app *app, peer_get *get, void *arg, struct err *err)
{
    const struct lab *lab = app->lab;
    bool issuer = lab->role == ISSUER;
    struct look l = {.app = app,
                     .get = get,
                     .arg = arg,
                     .origin = issuer ? lab->board_log : lab->issuer_log,
                     .vkey = issuer ? lab->board_vkey : lab->issuer_vkey};
    buf_init(&l.note, NOTE_SIG_MOST);
    bool done = follow_other(&l, err) && (issuer ? say_board(&l, err) : say_epochs(&l, err));
    if (!done && err->code == E_REFUSED)
        keep_evidence(&l);
    buf_clear(&l.note);
    return done;
}
