/* Recovering a log from a file of it. */
#include "anon/recover.h"

#include <stdio.h>

#include "anon/batch.h"
#include "anon/lab.h"
#include "anon/log_file.h"
#include "anon/peer.h"
#include "anon/recover_batch.h"
#include "base/words.h"

#include "base/banned.h"

enum { AT_ONCE = 512 };

/* One log of the file: this lab's own, or in a lab of two operators the other's. */
struct part {
    struct history *history;
    uint64_t first; /* entries that were written with the first */
    bool there;
};
struct recovery {
    struct app *app;
    const char *path;
    struct part own, other;
    struct part *at; /* whose lines are being read */
    uint64_t had;    /* entries in the database */
    struct recovered out;
};

/* Judging -------------------------------------------------------------------------------------------- */
static const char *other_log(const struct lab *lab)
{
    return lab->role == LAB ? NULL : lab->role == ISSUER ? lab->board_log : lab->issuer_log;
}

static bool signed_well(struct recovery *r, struct span note, struct checkpoint *head, struct err *err)
{
    const struct lab *lab = r->app->lab;
    const char *vkey = lab->role == ISSUER ? lab->board_vkey : lab->issuer_vkey;
    return r->at == &r->own
               ? tlog_own(&lab->log, note, r->app->arena, head, err)
               : peer_note(note, span_of(other_log(lab)), span_of(vkey), r->app->arena, head, err);
}

static bool judge_end(struct recovery *r, struct span note, struct err *err)
{
    struct checkpoint head;
    uint8_t root[32];
    merkle_root(&r->at->history->tree, root);
    if (!signed_well(r, note, &head, err))
        return false;
    if (head.size != r->at->history->tree.size || memcmp(head.root, root, sizeof root) != 0)
        return fail(err, E_REFUSED,
                    tr("err.anon.recover_root",
                       "The entries in the file are not those that the lab signed. Nothing was changed."));
    r->at->there = true;
    return true;
}

/* A lab without --url has its address from its first start. When the database is empty the file says it; the
 * signature says whether that is true. */
static bool take_address(struct lab *lab, struct span origin, struct err *err)
{
    char url[80];
    if (lab->log.origin || !span_starts(origin, SPAN("127.0.0.1:")) || !span_ends(origin, SPAN("/respite")) ||
        origin.n >= sizeof url - sizeof "http://")
        return true;
    snprintf(url, sizeof url, "http://%.*s", (int)(origin.n - (sizeof "/respite" - 1)), origin.p);
    return lab_at(lab, url, err);
}

/* Whose log begins here. */
static bool turn_to(struct recovery *r, struct span origin, struct err *err)
{
    struct lab *lab = r->app->lab;
    if (!take_address(lab, origin, err))
        return false;
    const char *other = other_log(lab), *own = lab->log.origin;
    r->at = own && span_is(origin, own) ? &r->own : other && span_is(origin, other) ? &r->other : NULL;
    return r->at || fail(err, E_REFUSED,
                         tr("err.anon.recover_origin", "The file is of the log %.*s; this lab's is %s."),
                         SPAN_ARG(origin), own ? own : "?");
}

static bool judge_line(struct recovery *r, const struct log_line *line, struct err *err)
{
    struct err odd = {0};
    struct history *h = r->at->history;
    switch (line->kind) {
    case LOG_BATCH:
        return true; /* looked at when its leaves are there */
    case LOG_CHECKPOINT:
        return judge_end(r, line->bytes, err);
    case LOG_NEXT:
        return turn_to(r, line->bytes, err);
    case LOG_ENTRY:
        break;
    }
    if (!history_add(h, line->bytes, &odd) && odd.code == E_MEMORY)
        return fail_memory(err); /* what else is odd about it was signed so */
    if (h->first)
        r->at->first = h->tree.size;
    return true;
}

static bool open_file(struct recovery *r, struct log_file **file, struct err *err)
{
    struct span origin;
    return log_file_open(r->path, file, &origin, err) && turn_to(r, origin, err);
}

static bool judge(struct recovery *r, struct err *err)
{
    struct log_file *file = NULL;
    struct log_line line;
    struct err end = {0};
    bool good = open_file(r, &file, err);
    while (good && log_file_next(file, &line, &end))
        good = judge_line(r, &line, err);
    log_file_close(file);
    if (!good || end.code)
        return !good ? false : fail(err, end.code, "%s", end.text);
    return r->own.there ||
           fail(err, E_REFUSED,
                tr("err.anon.recover_origin", "The file is of the log %.*s; this lab's is %s."),
                SPAN_ARG(span_of(other_log(r->app->lab))), r->app->lab->log.origin);
}

/* Taking back ---------------------------------------------------------------------------------------- */
/* Entries that wait to be appended. */
struct waiting {
    struct arena *arena;
    struct span at[AT_ONCE];
    size_t n;
};

static bool flush(struct recovery *r, struct db *db, struct waiting *w, struct err *err)
{
    uint64_t first;
    if (w->n > 0 && !tlog_append(db, &r->app->lab->log, w->at, w->n, &first, err))
        return false;
    arena_free(w->arena);
    w->arena = arena_new();
    w->n = 0;
    return w->arena || fail_memory(err);
}

static bool take_entry(struct recovery *r, struct db *db, struct waiting *w, const struct log_line *line,
                       struct err *err)
{
    if (line->index < r->had)
        return true;
    w->at[w->n] = arena_span(w->arena, line->bytes);
    if (!w->at[w->n].p)
        return fail_memory(err);
    w->n++;
    r->out.entries++;
    return w->n < AT_ONCE || flush(r, db, w, err);
}

static bool take_batch(struct recovery *r, struct db *db, const struct history *issuer,
                       const struct log_line *line, struct err *err)
{
    const struct history *own = r->own.history;
    for (size_t i = 0; i < own->batches.n; i++) {
        const struct history_batch *batch = &own->batches.at[i];
        if (!span_eq(batch->batch.series, line->series) || batch->batch.n != line->n)
            continue;
        bool missing;
        int64_t passes;
        if (!recover_batch(db, issuer, batch, line->bytes, &missing, &passes, err))
            return false;
        r->out.batches += missing;
        r->out.passes += passes;
        return true;
    }
    return fail(err, E_REFUSED,
                tr("err.anon.recover_batch", "The file holds a batch (%.*s %lld) that the log does not know. "
                                             "Nothing was changed."),
                SPAN_ARG(line->series), (long long)line->n);
}

/* The copy of the other operator's log goes on, too: a board checks passes by it. */
static bool take_other(struct recovery *r, struct db *db, const struct log_line *line, struct err *err)
{
    if (line->kind == LOG_ENTRY)
        return peer_put_entry(db, line->index, line->bytes, err);
    return line->kind != LOG_CHECKPOINT ||
           peer_put_head(db, r->other.history->tree.size, r->other.first, line->bytes, err);
}

static bool take_line(struct recovery *r, struct db *db, const struct history *issuer, struct waiting *w,
                      const struct log_line *line, struct err *err)
{
    if (line->kind == LOG_NEXT)
        return turn_to(r, line->bytes, err);
    if (r->at == &r->other)
        return take_other(r, db, line, err);
    if (line->kind == LOG_ENTRY)
        return take_entry(r, db, w, line, err);
    return flush(r, db, w, err) && (line->kind == LOG_CHECKPOINT || take_batch(r, db, issuer, line, err));
}

static bool take_lines(struct recovery *r, struct db *db, const struct history *issuer, struct waiting *w,
                       struct err *err)
{
    struct log_file *file = NULL;
    struct log_line line;
    struct err end = {0};
    bool good = open_file(r, &file, err);
    while (good && log_file_next(file, &line, &end))
        good = take_line(r, db, issuer, w, &line, err);
    log_file_close(file);
    return good && (end.code == E_NONE || fail(err, end.code, "%s", end.text));
}

/* The tree is now the one that was judged: what the database had is part of it, and the file did not change
 * between the two readings. */
static bool as_judged(const struct recovery *r, struct db *db, struct err *err)
{
    const struct history *own = r->own.history;
    uint8_t ours[32], judged[32];
    merkle_root(&own->tree, judged);
    return tlog_root(db, own->tree.size, ours, err) &&
           (memcmp(ours, judged, sizeof ours) == 0 ||
            fail(err, E_REFUSED,
                 tr("err.anon.recover_other",
                    "The file holds another history than this lab's database. Nothing was changed.")));
}

/* What rooms keep beside it, on a board. */
static bool rooms_take(const struct recovery *r, struct db *db, struct err *err)
{
    if (!(r->app->lab->role & BOARD))
        return true;
    for (const struct room *const *room = r->app->rooms; room && *room; room++)
        if ((*room)->recovered && !(*room)->recovered(r->app, db, r->own.history, err))
            return false;
    return true;
}

static bool take(struct db *db, void *arg, struct err *err)
{
    struct recovery *r = arg;
    struct waiting w = {.arena = arena_new()};
    uint64_t size;
    const struct history *issuer = r->own.history, *board = NULL;
    /* The keys of passes stand in the other log of a split lab: as the file has it, or as it was copied. */
    bool copy = r->app->lab->role == BOARD && !r->other.there;
    if (r->app->lab->role == BOARD && r->other.there) {
        history_match(r->other.history, r->own.history, false);
        issuer = r->other.history;
    }
    r->out = (struct recovered){0};
    if (!w.arena)
        return fail_memory(err);
    bool good =
        tlog_hold(db, &size, err) &&
        (size == r->had || fail(err, E_BUSY,
                                tr("err.anon.recover_busy",
                                   "The lab is at work: stop `respite lab serve`, then try again."))) &&
        (!copy || lab_facts(r->app->lab, db, &issuer, &board, err));
    if (good) {
        good = take_lines(r, db, issuer, &w, err) && as_judged(r, db, err) && rooms_take(r, db, err);
        if (copy)
            lab_facts_done(r->app->lab);
    }
    arena_free(w.arena);
    return good;
}

bool recover_file(struct app *app, const char *path, struct recovered *out, struct err *err)
{
    struct recovery r = {.app = app, .path = path};
    bool done = tlog_size(app->db, &r.had, err) && history_new(&r.own.history, err) &&
                history_new(&r.other.history, err) && judge(&r, err) && db_write(app->db, take, &r, err) &&
                tlog_head_keep(app->db, app->lab->head_file, err);
    history_free(r.own.history);
    history_free(r.other.history);
    if (done)
        *out = r.out;
    return done;
}
