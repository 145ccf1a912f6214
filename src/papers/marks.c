/* The tables of what a reader says. A change bumps `profile_state.changes`, by which a learned profile knows
 * that it is old. */
#include "papers/marks.h"

#include "base/vec.h"

#include "base/banned.h"

static bool changed(struct db *db, struct err *err)
{
    return db_run(db, err, "update profile_state set changes = changes + 1");
}

struct putting {
    int64_t paper;
    enum mark mark;
    day_t day;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    const struct putting *p = arg;
    if (p->mark == MARK_NONE) /* kept as a row, so that a library does not bring it back */
        return db_run(
                   db, err,
                   "insert into paper_mark(paper, mark, day) values ($1, 0, $2) on conflict(paper) do update "
                   "set mark = 0, day = excluded.day",
                   V_INT(p->paper), V_INT(p->day)) &&
               changed(db, err);
    return db_run(db, err,
                  "insert into paper_mark(paper, mark, day) values ($1, $2, $3) on conflict(paper) do update "
                  "set mark = excluded.mark, day = excluded.day",
                  V_INT(p->paper), V_INT(p->mark), V_INT(p->day)) &&
           changed(db, err);
}

bool paper_mark_put(struct db *db, int64_t paper, enum mark mark, day_t day, struct err *err)
{
    struct putting p = {paper, mark, day};
    return db_write(db, put_work, &p, err);
}

bool paper_mark_of(struct db *db, int64_t paper, enum mark *mark, struct err *err)
{
    int64_t said;
    if (!db_number(db, &said, 0, err,
                   "select m.mark from paper_mark m left join paper_moved v on v.old = m.paper where "
                   "coalesce(v.paper, m.paper) = $1 order by m.day desc, m.paper desc limit 1",
                   V_INT(paper)))
        return false;
    *mark = said < 0 ? MARK_NOT : said > 0 ? MARK_KEPT : MARK_NONE;
    return true;
}

bool paper_marks_load(struct db *db, struct arena *arena, struct marks *out, struct err *err)
{
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct marks){0};
    if (!db_query(
            db, &q, err,
            "select id, mark, day, library from (select coalesce(v.paper, m.paper) as id, m.mark as mark, "
            "m.day as day, 0 as library from paper_mark m left join paper_moved v on v.old = m.paper "
            "union all select i.paper, 1, 0, 1 from paper_named n join paper_id i on i.scheme = n.scheme and "
            "i.value = n.value, profile_state s where s.library = 1) order by id, library, day desc"))
        return false;
    while (db_next(q, &inner)) {
        if (out->n && out->at[out->n - 1].paper == db_int(q, 0))
            continue;
        struct marked *m = VEC_PUSH(arena, out);
        if (!m)
            return fail_memory(err);
        *m = (struct marked){db_int(q, 0),
                             db_int(q, 1) < 0   ? MARK_NOT
                             : db_int(q, 1) > 0 ? MARK_KEPT
                                                : MARK_NONE,
                             (day_t)db_int(q, 2), db_int(q, 3) != 0};
    }
    return inner.code ? fail(err, inner.code, "%s", inner.text) : true;
}

bool own_words_load(struct db *db, struct arena *arena, enum word_kind kind, struct own_words *out,
                    struct err *err)
{
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct own_words){0};
    if (!db_query(db, &q, err, "select word from profile_word where kind = $1 order by word", V_INT(kind)))
        return false;
    while (db_next(q, &inner)) {
        struct span *at = VEC_PUSH(arena, out);
        if (!at || (*at = arena_span(arena, db_text(q, 0))).p == NULL)
            return fail_memory(err);
    }
    return inner.code ? fail(err, inner.code, "%s", inner.text) : true;
}

struct word_work {
    enum word_kind kind;
    struct span word;
    bool out, there;
};

static bool word_work(struct db *db, void *arg, struct err *err)
{
    struct word_work *w = arg;
    bool done = w->out ? db_run(db, err, "delete from profile_word where kind = $1 and word = $2",
                                V_INT(w->kind), V_TEXT(w->word))
                       : db_run(db, err,
                                "insert into profile_word(kind, word) values ($1, $2) on conflict do nothing",
                                V_INT(w->kind), V_TEXT(w->word));
    w->there = done && (db_changed(db) > 0) == w->out;
    return done && changed(db, err);
}

bool own_word_put(struct db *db, enum word_kind kind, struct span word, struct err *err)
{
    struct word_work w = {.kind = kind, .word = word};
    return db_write(db, word_work, &w, err);
}

bool own_word_remove(struct db *db, enum word_kind kind, struct span word, bool *there, struct err *err)
{
    struct word_work w = {.kind = kind, .word = word, .out = true};
    if (!db_write(db, word_work, &w, err))
        return false;
    if (there)
        *there = w.there;
    return true;
}

static bool reset_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return db_run(db, err, "delete from paper_mark") && db_run(db, err, "delete from profile_word") &&
           db_run(db, err, "update profile_state set library = 0, weights = null, learned = -1") &&
           changed(db, err);
}

bool profile_forget(struct db *db, struct err *err)
{
    return db_write(db, reset_work, NULL, err);
}
