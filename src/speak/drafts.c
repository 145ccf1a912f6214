/* Notes as rows. What is kept is what was typed: it is tidied when it is posted. */
#include "speak/drafts.h"

#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

struct putting {
    const struct draft *draft;
    int64_t id;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    struct putting *p = arg;
    const struct draft *d = p->draft;
    struct val thread = d->is_reply ? V_BLOB(span_bytes(d->thread, 16)) : V_NULL;
    int64_t n;
    if (!db_run(db, err, "update draft set day = $2, text = $3, part = $4, thread = $5 where id = $1",
                V_INT(d->id), V_INT(d->day), V_TEXT(d->text), V_TEXT(d->part), thread))
        return false;
    p->id = d->id;
    if (db_changed(db))
        return true;
    if (!db_number(db, &n, 0, err, "select count(*) from draft"))
        return false;
    if (n >= DRAFTS_MOST)
        return fail(err, E_LIMIT,
                    tr("err.speak.notes_full", "There are %d notes here, which is all that are kept. Please "
                                               "remove one first."),
                    DRAFTS_MOST);
    return db_run(db, err, "insert into draft(day, text, part, thread) values ($1, $2, $3, $4)",
                  V_INT(d->day), V_TEXT(d->text), V_TEXT(d->part), thread) &&
           db_number(db, &p->id, 0, err, "select max(id) from draft");
}

bool draft_put(struct db *db, const struct draft *draft, int64_t *out, struct err *err)
{
    struct putting p = {draft, 0};
    if (span_trim(draft->text).n == 0)
        return fail(err, E_FORMAT, tr("err.speak.note_empty", "There is no text in this note yet."));
    if (!utf8_valid(draft->text) || !utf8_valid(draft->part))
        return fail(err, E_FORMAT,
                    tr("err.speak.note_utf8", "This text is not UTF-8, so it cannot be kept."));
    if (draft->text.n > DRAFT_MOST || draft->part.n > DRAFT_MOST)
        return fail(err, E_LIMIT,
                    tr("err.speak.note_long", "A note has at most %d bytes. Please make it shorter."),
                    DRAFT_MOST);
    if (!db_write(db, put_work, &p, err))
        return false;
    *out = p.id;
    return true;
}

bool drafts_list(struct db *db, struct arena *arena, int64_t id, struct drafts *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select id, day, text, part, thread from draft where $1 < 0 or id = $1 order by id desc",
                  V_INT(id)))
        return false;
    while (db_next(q, &inner)) {
        struct draft *d = VEC_PUSH(arena, out);
        if (!d)
            return fail_memory(err);
        d->id = db_int(q, 0);
        d->day = (day_t)db_int(q, 1);
        d->text = arena_span(arena, db_text(q, 2));
        d->part = arena_span(arena, db_text(q, 3).n ? db_text(q, 3) : SPAN(""));
        d->is_reply = db_text(q, 4).n == sizeof d->thread;
        if (d->is_reply)
            memcpy(d->thread, db_text(q, 4).p, sizeof d->thread);
        if (!d->text.p || !d->part.p)
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool draft_drop(struct db *db, int64_t id, bool *there, struct err *err)
{
    if (!db_run(db, err, "delete from draft where id = $1", V_INT(id)))
        return false;
    *there = db_changed(db) == 1;
    return true;
}
