/* Writing the kept logs out. The head is read first and entries up to it, so that what a fetch adds meanwhile
 * does not matter. */
#include "anon/log_export.h"

#include "anon/follow.h"
#include "anon/log_file.h"
#include "base/words.h"
#include "codec/note_sig.h"
#include "io/file.h"

#include "base/banned.h"

enum { LINE_MOST = (16 << 20) / 3 * 4 + 4096 };

struct exporting {
    struct db *db;
    const struct known *known;
    struct file_out *file;
    struct buf line;
    struct log_exported *out;
};

static bool flush(struct exporting *x, struct err *err)
{
    bool done = buf_ok(&x->line, err) && file_add(x->file, buf_span(&x->line), err);
    buf_reset(&x->line);
    return done;
}

static bool head_of(struct exporting *x, int log, struct buf *note, int64_t *size, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(x->db, &q, err, "select size, note from log_head where log = $1", V_INT(log)))
        return false;
    if (!db_next(q, &inner))
        return inner.code
                   ? fail(err, inner.code, "%s", inner.text)
                   : fail(err, E_MISSING,
                          tr("err.export.no_log", "There is no copy of the lab's record here yet. It comes "
                                                  "with the next fetch; `respite board` fetches now."));
    *size = db_int(q, 0);
    buf_add(note, db_text(q, 1));
    return buf_ok(note, err);
}

static bool put_entries(struct exporting *x, int log, int64_t size, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(x->db, &q, err, "select idx, entry from log_entry where log = $1 and idx < $2 order by idx",
                  V_INT(log), V_INT(size)))
        return false;
    while (db_next(q, &inner)) {
        log_file_entry(&x->line, (uint64_t)db_int(q, 0), db_text(q, 1));
        if (!flush(x, err))
            return false;
        x->out->entries++;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool put_batches(struct exporting *x, int64_t size, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(x->db, &q, err,
                  "select series, n, bytes from kept_batch where first + count <= $1 order by first",
                  V_INT(size)))
        return false;
    while (db_next(q, &inner)) {
        struct span series = db_text(q, 0);
        log_file_batch(&x->line, series, db_int(q, 1), db_text(q, 2));
        if (!flush(x, err))
            return false;
        x->out->batches++;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool put_log(struct exporting *x, int log, struct err *err)
{
    bool board = log == FOLLOW_BOARD, acts = board || !x->known->split;
    int64_t size;
    AUTO_BUF struct buf note;
    buf_init(&note, NOTE_SIG_MOST);
    if (!head_of(x, log, &note, &size, err))
        return false;
    log_file_begin(&x->line, span_of(board ? x->known->board_log : x->known->issuer_log));
    if (!flush(x, err) || !put_entries(x, log, size, err) || (acts && !put_batches(x, size, err)))
        return false;
    log_file_end(&x->line, buf_span(&note));
    x->out->logs++;
    return flush(x, err);
}

static bool put_all(struct file_out *out, void *arg, struct err *err)
{
    struct exporting *x = arg;
    x->file = out;
    return put_log(x, FOLLOW_ISSUER, err) && (!x->known->split || put_log(x, FOLLOW_BOARD, err));
}

bool log_export(struct db *db, const struct known *known, const char *path, struct log_exported *out,
                struct err *err)
{
    struct exporting x = {.db = db, .known = known, .out = out};
    *out = (struct log_exported){0};
    buf_init(&x.line, LINE_MOST);
    bool done = file_write_from(path, put_all, &x, err);
    buf_clear(&x.line);
    return done;
}
