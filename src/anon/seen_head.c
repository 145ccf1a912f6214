/* Checkpoints out of letters. One counts when the lab's own log key has signed it; who wrote the letter does
 * not matter for that, so nobody can raise a false alarm with it. */
#include "anon/seen_head.h"

#include "anon/confirmed.h"
#include "anon/follow.h"
#include "anon/follow_again.h"
#include "anon/peer.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/note_sig.h"

#include "base/banned.h"

enum { WAIT_MOST = 64 /* checkpoints that wait for the record to grow */ };

static int log_of(const struct known *known)
{
    return known->split ? FOLLOW_BOARD : FOLLOW_ISSUER;
}

static const char *vkey_of(const struct known *known)
{
    return known->split ? known->board_vkey : known->issuer_vkey;
}

/* Own ------------------------------------------------------------------------------------------------ */
/* The note as kept, without the lines of anybody but the log. */
static bool bare(const struct known *known, struct span kept, struct arena *arena, struct buf *out,
                 struct err *err)
{
    struct note_sig note;
    struct note_sig_key key;
    struct note_sig_claim claim;
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    if (!note_sig_read(kept, arena, &note, err) || !note_sig_key_read(span_of(vkey_of(known)), &key, err) ||
        !note_sig_claim(&note, &key, &scratch, &claim, err))
        return false;
    note_sig_write(out, note.text);
    note_sig_line_write(out, &key, claim.sig, 0);
    return buf_ok(out, err);
}

bool seen_head_own(struct db *db, const struct known *known, struct arena *arena, struct span *out,
                   struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    AUTO_BUF struct buf note;
    buf_init(&note, SEEN_HEAD_MOST);
    if (!db_query(db, &q, err, "select note from log_head where log = $1", V_INT(log_of(known))))
        return false;
    if (!db_next(q, &inner))
        return inner.code ? fail(err, inner.code, "%s", inner.text)
                          : fail(err, E_MISSING,
                                 tr("err.anon.no_head", "The lab's record of this week is not here yet."));
    if (!bare(known, db_text(q, 0), arena, &note, err))
        return false;
    *out = arena_span(arena, buf_span(&note));
    return out->p || fail_memory(err);
}

/* Of a letter ---------------------------------------------------------------------------------------- */
/* The weeks whose heads lie within a record of `size` entries: the same for writer and reader. */
static bool confirm(struct db *db, const struct history *issuer, const struct history *board, uint64_t size,
                    struct err *err)
{
    const struct history *log = board ? board : issuer;
    for (size_t i = 0; i < log->heads.n; i++) {
        uint8_t head[32];
        if (log->heads.at[i].size > size || !history_head(issuer, board, log->heads.at[i].epoch, NULL, head))
            continue;
        if (!confirmed_add(db, head, CONFIRMED_LETTER, err))
            return false;
    }
    return true;
}

static bool convict(struct db *db, const struct known *known, struct span note, int64_t now, struct err *err)
{
    return follow_stop(db, log_of(known), STOP_FORK, now, note,
                       tr("err.anon.letter_forked",
                          "A letter came from somebody who follows another record of this lab than this "
                          "computer, and the lab has signed both. Both signed states are kept. Please talk "
                          "to someone you trust before you write."),
                       err);
}

static bool wait(struct db *db, struct span note, struct err *err)
{
    return db_run(db, err,
                  "insert into seen_head(note) select $1 where (select count(*) from seen_head) < $2 on "
                  "conflict do nothing",
                  V_TEXT(note), V_INT(WAIT_MOST));
}

bool seen_head_take(struct db *db, const struct known *known, const struct history *issuer,
                    const struct history *board, struct span note, int64_t now, enum seen_head *out,
                    struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct checkpoint head;
    struct err odd = {0};
    uint8_t root[32];
    bool here, lost = false;
    *out = SEEN_NOTHING;
    if (!arena)
        return fail_memory(err);
    const char *origin = known->split ? known->board_log : known->issuer_log;
    if (note.n > SEEN_HEAD_MOST ||
        !peer_note(note, span_of(origin), span_of(vkey_of(known)), arena, &head, &odd))
        return odd.code != E_MEMORY || fail_memory(err);
    if (!follow_root(db, log_of(known), head.size, root, &here, err))
        return false;
    *out = !here ? SEEN_LATER : memcmp(root, head.root, sizeof root) == 0 ? SEEN_AGREES : SEEN_DIFFERS;
    if (*out == SEEN_LATER)
        return wait(db, note, err);
    if (*out == SEEN_AGREES)
        return confirm(db, issuer, board, head.size, err);
    if (!follow_was_lost(db, log_of(known), head.size, &lost, err))
        return false;
    if (lost) /* by the lab's own word, and the person went on from there */
        *out = SEEN_NOTHING;
    return lost || convict(db, known, note, now, err);
}

bool seen_heads_again(struct db *db, const struct known *known, const struct history *issuer,
                      const struct history *board, int64_t now, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err inner = {0};
    struct {
        struct span *at;
        size_t n, room;
    } all = {0};
    if (!arena)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select note from seen_head"))
        return false;
    while (db_next(q, &inner)) {
        struct span *one = VEC_PUSH(arena, &all);
        if (!one || !(*one = arena_span(arena, db_text(q, 0))).p)
            return fail_memory(err);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    for (size_t i = 0; i < all.n; i++) {
        enum seen_head is;
        if (!seen_head_take(db, known, issuer, board, all.at[i], now, &is, err) ||
            (is != SEEN_LATER &&
             !db_run(db, err, "delete from seen_head where note = $1", V_TEXT(all.at[i]))))
            return false;
    }
    return true;
}
