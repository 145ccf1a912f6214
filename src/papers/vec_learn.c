/* Learning in slices. What is begun stands in two tables: vec_lesson, the papers as rows of words
 * ({u16 n, n {u16 word, u8 title, u8 abstract}} each, little-endian), and vec_learning, one row: counts,
 * words, how many batches are done, and the numbers so far. */
#include "papers/vec_learn.h"

#include <math.h>

#include "base/mem.h"
#include "base/words.h"
#include "io/clock.h"
#include "io/crew.h"
#include "papers/paper.h"

#include "base/banned.h"

enum { SEED = 20, LESSON_CHUNK = 1 << 18, TERMS_MOST = 64 << 20, FILL_AT_ONCE = 4, MEASURED = 20000 };

struct learning {
    struct lesson lesson;
    struct learner learner;
    struct stems stems; /* words of a lesson that was read back; the lesson's stems are its words then */
    int64_t cut;
    int32_t today;
    uint64_t loaded; /* batches done when it was read */
};

static void learning_free(struct learning *l)
{
    learner_free(&l->learner);
    lesson_free(&l->lesson);
    stems_free(&l->stems);
}
#define AUTO_LEARNING __attribute__((cleanup(learning_free)))

/* ---- beginning ---- */

struct collecting {
    struct stems *stems;
    int64_t last;
};

static bool collect_one(const struct paper *p, void *arg, struct err *err)
{
    struct collecting *c = arg;
    c->last = p->id;
    return stems_add(c->stems, p->title, p->abstract, SIZE_MAX, err);
}

static bool collect(struct db *db, struct learning *l, struct err *err)
{
    struct papers_asked asked = {.from = PAPER_NO_DAY, .to = DAY_MAX, .texts = true};
    struct collecting c = {.stems = &l->stems};
    int64_t after;
    if (!stems_init(&l->stems, err) ||
        !db_number(db, &after, 0, err,
                   "select id from paper where withdrawn = 0 order by id desc limit 1 offset $1",
                   V_INT(LEARN_PAPERS)))
        return false;
    asked.after = after;
    if (!papers_each(db, &asked, collect_one, &c, err))
        return false;
    uint32_t *all = mem_get((l->stems.n + 1) * sizeof *all);
    if (!all)
        return fail_memory(err);
    for (size_t i = 0; i < l->stems.n; i++)
        all[i] = (uint32_t)i;
    bool ok = lesson_make(&l->lesson, &l->stems, all, l->stems.n, err);
    mem_free(all);
    l->cut = c.last;
    return ok;
}

static bool keep_lesson(struct db *db, const struct lesson *lesson, struct err *err)
{
    AUTO_BUF struct buf chunk;
    int64_t number = 0;
    buf_init(&chunk, 2 * LESSON_CHUNK);
    for (size_t i = 0; i < lesson->papers; i++) {
        uint64_t from = lesson->from[i], n = lesson->from[i + 1] - from;
        uint16_t count = (uint16_t)n;
        buf_add(&chunk, span_bytes(&count, sizeof count));
        buf_add(&chunk, span_bytes(lesson->place + from, n * sizeof *lesson->place));
        if (chunk.n < LESSON_CHUNK && i + 1 < lesson->papers)
            continue;
        if (!buf_ok(&chunk, err) || !db_run(db, err, "insert into vec_lesson(chunk, bytes) values($1, $2)",
                                            V_INT(number++), V_BLOB(buf_span(&chunk))))
            return false;
        buf_reset(&chunk);
    }
    return true;
}

static bool keep_numbers(struct db *db, const struct learning *l, struct err *err)
{
    const struct twin *t = &l->learner.twin;
    return db_run(db, err, "update vec_learning set done = $1, e = $2, squares = $3",
                  V_INT((int64_t)l->learner.done),
                  V_BLOB(span_bytes(t->e, t->words * t->dims * sizeof *t->e)),
                  V_BLOB(span_bytes(t->squares, t->words * sizeof *t->squares)));
}

static bool keep_begun(struct db *db, void *arg, struct err *err)
{
    const struct learning *l = arg;
    const struct lesson *lesson = &l->lesson;
    AUTO_BUF struct buf terms;
    buf_init(&terms, TERMS_MOST);
    for (size_t w = 0; w < lesson->words; w++) {
        buf_add(&terms, vocabulary_at(&l->stems.of, lesson->stem_of[w]));
        buf_add_byte(&terms, '\n');
    }
    return buf_ok(&terms, err) && vec_learn_forget(db, err) && keep_lesson(db, lesson, err) &&
           db_run(db, err,
                  "insert into vec_learning(id, cut, everything, papers, places, words, terms, df, done, e, "
                  "squares) "
                  "values(1, $1, $2, $3, $4, $5, $6, $7, 0, x'', x'')",
                  V_INT(l->cut), V_INT((int64_t)lesson->all), V_INT((int64_t)lesson->papers),
                  V_INT((int64_t)lesson->from[lesson->papers]), V_INT((int64_t)lesson->words),
                  V_TEXT(buf_span(&terms)),
                  V_BLOB(span_bytes(lesson->df, lesson->words * sizeof *lesson->df))) &&
           keep_numbers(db, l, err);
}

static bool begin(struct db *db, struct learning *l, struct err *err)
{
    if (!collect(db, l, err))
        return false;
    if (l->lesson.papers < VEC_LEAST)
        return fail(err, E_MISSING,
                    tr("err.papers.vec_few",
                       "Vectors are learned from %d papers with an abstract on; here are %zu. "
                       "Until then papers are compared by their words."),
                    (int)VEC_LEAST, l->lesson.papers);
    return learner_begin(&l->learner, &l->lesson, LEARN_EPOCHS, SEED, err) &&
           db_write(db, keep_begun, l, err);
}

bool vec_learn_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from vec_lesson") && db_run(db, err, "delete from vec_learning");
}

/* ---- reading back ---- */

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT, "%s",
                tr("err.papers.learning",
                   "What was learned of papers so far is damaged. `respite papers vectors "
                   "--again` begins anew."));
}

static bool take_papers(struct lesson *l, struct span bytes, size_t papers, size_t places, struct err *err)
{
    uint16_t n;
    for (; bytes.n; bytes = span_from(bytes, n * sizeof *l->place)) {
        uint64_t from = l->from[l->papers];
        if (bytes.n < sizeof n)
            return damaged(err);
        memcpy(&n, bytes.p, sizeof n);
        bytes = span_from(bytes, sizeof n);
        if (bytes.n < n * sizeof *l->place || l->papers == papers || from + n > places)
            return damaged(err);
        if (n)
            memcpy(l->place + from, bytes.p, n * sizeof *l->place);
        for (uint16_t k = 0; k < n; k++)
            if (l->place[from + k].word >= l->words)
                return damaged(err);
        l->from[++l->papers] = from + n;
    }
    return true;
}

static bool take_lesson(struct db *db, struct lesson *l, size_t papers, size_t places, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    l->from = mem_get((papers + 1) * sizeof *l->from);
    l->place = mem_get((places + 1) * sizeof *l->place);
    if (!l->from || !l->place)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select bytes from vec_lesson order by chunk"))
        return false;
    while (db_next(q, err))
        if (!take_papers(l, db_text(q, 0), papers, places, err))
            return false;
    if (err->code)
        return false;
    return (l->papers == papers && l->from[papers] == places) || damaged(err);
}

static bool take_terms(struct learning *l, struct span terms, struct err *err)
{
    struct span term;
    uint32_t number;
    while (terms.n) {
        span_cut(&terms, '\n', &term);
        if (!vocabulary_add(&l->stems.of, term, &number, err))
            return false;
    }
    return true;
}

static bool take_numbers(struct learning *l, struct stmt *q, struct err *err)
{
    struct twin *t = &l->learner.twin;
    struct span e = db_text(q, 7), squares = db_text(q, 8);
    if (e.n != t->words * t->dims * sizeof *t->e || squares.n != t->words * sizeof *t->squares)
        return damaged(err);
    memcpy(t->e, e.p, e.n);
    memcpy(t->squares, squares.p, squares.n);
    l->learner.done = l->loaded = (size_t)db_int(q, 6);
    return true;
}

/* *there is false when nothing is begun. */
static bool read_back(struct db *db, struct learning *l, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *there = false;
    if (!db_query(
            db, &q, err,
            "select cut, everything, papers, places, words, terms, done, e, squares, df from vec_learning"))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    struct lesson *lesson = &l->lesson;
    size_t papers = (size_t)db_int(q, 2), places = (size_t)db_int(q, 3);
    l->cut = db_int(q, 0);
    lesson->all = (size_t)db_int(q, 1);
    lesson->words = (size_t)db_int(q, 4);
    struct span df = db_text(q, 9);
    if (papers > LEARN_PAPERS || lesson->words > LEARN_WORDS || places > papers * STEMS_PLACES ||
        df.n != lesson->words * sizeof *lesson->df)
        return damaged(err);
    lesson->df = mem_get(df.n + 1);
    if (!lesson->df)
        return fail_memory(err);
    memcpy(lesson->df, df.p, df.n);
    if (!stems_init(&l->stems, err) || !take_terms(l, db_text(q, 5), err) ||
        !take_lesson(db, lesson, papers, places, err) ||
        !learner_begin(&l->learner, lesson, LEARN_EPOCHS, SEED, err))
        return false;
    *there = true;
    return l->stems.of.n >= lesson->words ? take_numbers(l, q, err) : damaged(err);
}

/* ---- a slice ---- */

/* Two that learn at once: the one that is further stays. */
static bool keep_slice(struct db *db, void *arg, struct err *err)
{
    const struct learning *l = arg;
    int64_t done;
    if (!db_number(db, &done, -1, err, "select done from vec_learning"))
        return false;
    return done != (int64_t)l->loaded || keep_numbers(db, l, err);
}

/* The vectors of papers of the lesson, evenly spread, for mean and scale. */
static bool measure(const struct learning *l, struct space *space, struct err *err)
{
    const struct lesson *lesson = &l->lesson;
    size_t n = lesson->papers < MEASURED ? lesson->papers : MEASURED;
    struct stems_place place[STEMS_PLACES];
    float *v = mem_get((n + 1) * CLOSEST_DIMS * sizeof *v);
    if (!v)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        size_t paper = lesson->papers * i / n, k = 0;
        for (uint64_t at = lesson->from[paper]; at < lesson->from[paper + 1]; at++)
            place[k++] = (struct stems_place){lesson->place[at].word, lesson->place[at].title,
                                              lesson->place[at].abstract};
        space_vector(space, place, k, v + i * CLOSEST_DIMS);
    }
    bool ok = space_measure(space, v, n, err);
    mem_free(v);
    return ok;
}

struct finishing {
    struct vec_model model;
    int64_t done;
};

static bool keep_model(struct db *db, void *arg, struct err *err)
{
    struct finishing *f = arg;
    int64_t done;
    if (!db_number(db, &done, -1, err, "select done from vec_learning"))
        return false;
    return done != f->done || (vec_model_keep(db, &f->model, err) && vec_learn_forget(db, err));
}

/* What is learned becomes a model. The words of a lesson just begun stand among all stems: they are copied.
 */
static bool finish(struct db *db, struct learning *l, struct err *err)
{
    const struct lesson *lesson = &l->lesson;
    struct finishing f = {.done = (int64_t)l->learner.done};
    struct vec_model *m = &f.model;
    *m = (struct vec_model){.cut = l->cut, .made = l->today, .papers = lesson->all};
    bool ok = stems_init(&m->stems, err) &&
              space_make(&m->space, l->learner.twin.e, lesson->df, lesson->words, lesson->all, err);
    for (uint32_t w = 0, number; ok && w < lesson->words; w++)
        ok = vocabulary_add(&m->stems.of,
                            vocabulary_at(&l->stems.of, lesson->stem_of ? lesson->stem_of[w] : w), &number,
                            err);
    m->df = lesson->df; /* borrowed, as e is */
    m->e = l->learner.twin.e;
    ok = ok && measure(l, &m->space, err) && db_write(db, keep_model, &f, err);
    m->df = NULL;
    m->e = NULL;
    vec_model_free(m);
    return ok;
}

static bool batches(struct db *db, struct learning *l, int64_t until, unsigned hands, struct err *err)
{
    AUTO_CREW struct crew *crew = crew_new(hands, err);
    if (!crew)
        return false;
    struct twin_crew twins = {crew_hands(crew), crew_run, crew};
    do
        if (!learner_step(&l->learner, &twins, err))
            return false;
    while (!learner_is_done(&l->learner) && clock_boot_ms() < until);
    return db_write(db, keep_slice, l, err);
}

static bool serve(struct db *db, void *arg, struct err *err)
{
    return vec_model_serve(db, arg, err);
}

/* A model that is learned: vectors for its papers, then it serves. */
static bool fill(struct db *db, int64_t until, bool *ready, struct err *err)
{
    AUTO_VEC_MODEL struct vec_model m = {0};
    AUTO_INDEX struct index index = {0};
    bool there, left = true;
    *ready = false;
    if (!vec_model_load(db, false, &m, &there, err) || !there || !index_open(&index, db, err))
        return !err->code;
    do
        if (!vec_fill(db, &index, &m, FILL_AT_ONCE, &left, err))
            return false;
    while (left && clock_boot_ms() < until);
    *ready = !left;
    return left || (vec_measure_null(db, &index, &m, err) && db_write(db, serve, &m, err));
}

static bool model_waits(struct db *db, bool *waits, struct err *err)
{
    int64_t n;
    bool ok = db_number(db, &n, 0, err, "select count(*) from vec_model where ready = 0");
    *waits = ok && n > 0;
    return ok;
}

bool vec_learn(struct db *db, int32_t today, int64_t ms, unsigned hands, struct vec_progress *out,
               struct err *err)
{
    AUTO_LEARNING struct learning l = {.today = today};
    int64_t until = clock_boot_ms() + ms;
    bool there, waits;
    *out = (struct vec_progress){0};
    if (!model_waits(db, &waits, err))
        return false;
    if (!waits) {
        if (!read_back(db, &l, &there, err) || (!there && !begin(db, &l, err)))
            return false;
        if (!learner_is_done(&l.learner) && !batches(db, &l, until, hands, err))
            return false;
        out->done = l.learner.done;
        out->of = l.learner.batches * l.learner.epochs;
        if (!learner_is_done(&l.learner))
            return true;
        if (!finish(db, &l, err))
            return false;
    }
    return fill(db, until, &out->ready, err);
}

bool vec_learn_due(struct db *db, int32_t today, bool *due, struct err *err)
{
    int64_t begun, waits, made, cut, papers, newest;
    *due = false;
    if (!db_number(db, &begun, 0, err, "select count(*) from vec_learning") ||
        !db_number(db, &waits, 0, err, "select count(*) from vec_model where ready = 0") ||
        !db_number(db, &made, INT32_MIN, err, "select made from vec_model where ready = 1") ||
        !db_number(db, &cut, 0, err, "select cut from vec_model where ready = 1"))
        return false;
    if (begun || waits) {
        *due = true;
        return true;
    }
    if (!db_number(db, &papers, 0, err, "select sum(docs) from paper_seg") ||
        !db_number(db, &newest, 0, err, "select max(id) from paper"))
        return false;
    *due = papers >= VEC_LEAST && (made == INT32_MIN || (today - made >= LEARN_AGAIN && newest > cut));
    return true;
}
