/* Learning from the database, and keeping what was learned until something is said anew, a month is over, or
 * the papers have become a tenth more. */
#include "papers/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { EXAMPLES_MOST = 2000, MONTH = 30, WHY_MOST = 3, NAMES_MOST = 20000 };
#define AUTHOR_ADDS 2.5f
#define CATEGORY_ADDS 1.0f
#define UNKNOWN_BIAS (-1.0f)
#define LIBRARY_WEIGHT .5f

static struct traits_paper traits_of(const struct paper *p)
{
    return (struct traits_paper){p->title, p->abstract, p->authors, p->categories};
}

bool profile_traits(struct profile *p, const struct paper *paper, struct traits *out, struct err *err)
{
    struct traits_paper texts = traits_of(paper);
    if (!traits_count(p->reader, &texts, out, err))
        return false;
    traits_weigh(out, p->idf);
    return true;
}

/* ---- the background ---- */

struct grounding {
    struct profile *p;
    struct ground *g;
    struct traits counts;
    int64_t every, seen;
};

static bool take_ground(const struct paper *paper, void *arg, struct err *err)
{
    struct grounding *w = arg;
    struct traits_paper texts = traits_of(paper);
    bool pooled = w->seen++ % w->every == 0;
    return traits_count(w->p->reader, &texts, &w->counts, err) &&
           ground_add(w->g, &w->counts, paper->id, pooled, err);
}

static bool load_ground(struct db *db, struct profile *p, struct ground *g, struct err *err)
{
    int64_t last;
    struct grounding w = {.p = p, .g = g};
    if (!db_number(db, &last, 0, err, "select max(id) from paper") || !ground_begin(g, err))
        return false;
    int64_t after = last > PROFILE_GROUND ? last - PROFILE_GROUND : 0;
    struct papers_asked asked = {.from = PAPER_NO_DAY, .to = DAY_MAX, .after = after, .texts = true};
    w.every = (last - after) / TASTE_POOL + 1;
    bool done = papers_each(db, &asked, take_ground, &w, err);
    traits_free(&w.counts);
    if (done)
        ground_settle(g);
    return done;
}

/* ---- the examples ---- */

struct examples {
    struct example at[EXAMPLES_MOST];
    size_t n;
};

static bool load_examples(struct db *db, struct arena *arena, struct profile *p, const struct marks *marks,
                          day_t today, struct examples *out, struct err *err)
{
    size_t from = marks->n > EXAMPLES_MOST ? marks->n - EXAMPLES_MOST : 0;
    for (size_t i = from; i < marks->n; i++) {
        const struct marked *m = &marks->at[i];
        struct paper paper;
        struct err inner = {0};
        if (m->mark == MARK_NONE)
            continue;
        if (!paper_load(db, arena, m->paper, &paper, &inner)) {
            if (inner.code == E_MISSING)
                continue;
            return fail(err, inner.code, "%s", inner.text);
        }
        struct example *e = &out->at[out->n++];
        *e = (struct example){.id = paper.id,
                              .kept = m->mark == MARK_KEPT,
                              .weight = m->library ? LIBRARY_WEIGHT : taste_age(today - m->day)};
        if (!profile_traits(p, &paper, &e->traits, err))
            return false;
    }
    return true;
}

static void count_marks(struct profile *p, const struct marks *marks)
{
    for (size_t i = 0; i < marks->n; i++) {
        p->kept += marks->at[i].mark == MARK_KEPT;
        p->against += marks->at[i].mark == MARK_NOT;
    }
}

/* ---- keeping what was learned ---- */

struct state {
    int64_t changes, learned, learned_on, papers, here;
};

static bool load_state(struct db *db, struct state *s, struct profile *p, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_number(db, &s->here, 0, err, "select count(*) from paper") ||
        !db_query(db, &q, err,
                  "select changes, learned, learned_on, papers, bias, weights, idf from profile_state"))
        return false;
    if (!db_next(q, err))
        return err->code ? false : fail(err, E_FORMAT, "The profile has no state.");
    *s = (struct state){db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3), s->here};
    struct span weights = db_text(q, 5), idf = db_text(q, 6);
    if (weights.n != TRAITS * sizeof(float) || idf.n != TRAITS * sizeof(float)) {
        s->learned = -1;
        return true;
    }
    memcpy(p->taste.weight, weights.p, weights.n);
    memcpy(p->idf, idf.p, idf.n);
    p->taste.bias = (float)db_real(q, 4);
    return true;
}

static bool is_fresh(const struct state *s, day_t today)
{
    return s->learned == s->changes && today - s->learned_on < MONTH && s->here <= s->papers + s->papers / 10;
}

struct saving {
    const struct profile *p;
    const struct state *s;
    day_t today;
};

static bool save_work(struct db *db, void *arg, struct err *err)
{
    const struct saving *w = arg;
    struct span weights = span_bytes(w->p->taste.weight, TRAITS * sizeof(float));
    struct span idf = span_bytes(w->p->idf, TRAITS * sizeof(float));
    return db_run(db, err,
                  "update profile_state set learned = $1, learned_on = $2, papers = $3, bias = $4, weights = "
                  "$5, idf = $6",
                  V_INT(w->s->changes), V_INT(w->today), V_INT(w->s->here), V_REAL(w->p->taste.bias),
                  V_BLOB(weights), V_BLOB(idf));
}

static void take_out(struct profile *p)
{
    for (size_t i = 0; i < p->out.n; i++) {
        uint32_t at;
        struct span word = p->out.at[i];
        if (span_starts(word, SPAN("author:")))
            p->taste.weight[traits_author(span_from(word, 7))] = 0;
        else if (span_starts(word, SPAN("cat:")))
            p->taste.weight[traits_category(span_from(word, 4))] = 0;
        else if (traits_words(p->reader, word, &at))
            p->taste.weight[at] = 0;
    }
}

static bool learn(struct db *db, struct arena *arena, day_t today, const struct marks *marks,
                  struct profile *p, const struct state *s, struct err *err)
{
    struct ground AUTO_GROUND g = {0};
    struct taste AUTO_TASTE taste = {0};
    struct examples *e = mem_get(sizeof *e);
    bool done = (e || fail_memory(err)) && load_ground(db, p, &g, err);
    if (done) {
        memcpy(p->idf, g.idf, TRAITS * sizeof *p->idf);
        done = load_examples(db, arena, p, marks, today, e, err) && taste_learn(&g, e->at, e->n, &taste, err);
    }
    if (done) {
        memcpy(p->taste.weight, taste.weight, TRAITS * sizeof *taste.weight);
        p->taste.bias = taste.bias;
        take_out(p);
        struct saving w = {p, s, today};
        done = db_write(db, save_work, &w, err);
    }
    for (size_t i = 0; e && i < e->n; i++)
        traits_free(&e->at[i].traits);
    mem_free(e);
    return done;
}

bool profile_load(struct db *db, struct arena *arena, day_t today, bool anew, struct profile *out,
                  struct err *err)
{
    struct state s = {0};
    struct marks marks;
    *out = (struct profile){.reader = traits_reader_new(err),
                            .idf = mem_get(TRAITS * sizeof *out->idf),
                            .taste.weight = mem_get(TRAITS * sizeof *out->taste.weight)};
    if (!out->reader || !out->idf || !out->taste.weight)
        return fail_memory(err);
    if (!paper_marks_load(db, arena, &marks, err) ||
        !own_words_load(db, arena, FOLLOWED_AUTHOR, &out->authors, err) ||
        !own_words_load(db, arena, FOLLOWED_CATEGORY, &out->categories, err) ||
        !own_words_load(db, arena, WORD_OUT, &out->out, err) || !load_state(db, &s, out, err))
        return false;
    count_marks(out, &marks);
    out->taste.known = out->kept > 0;
    out->known = out->kept || out->authors.n || out->categories.n;
    return (!anew && is_fresh(&s, today)) || learn(db, arena, today, &marks, out, &s, err);
}

void profile_clear(struct profile *p)
{
    traits_reader_free(p->reader);
    mem_free(p->idf);
    taste_free(&p->taste);
    *p = (struct profile){0};
}

/* ---- using it ---- */

/* The first of `list` that is followed, or {NULL, 0}. */
static struct span followed(const struct own_words *words, struct span list, char between,
                            uint32_t (*of)(struct span))
{
    struct span one;
    while (list.n) {
        span_cut(&list, between, &one);
        for (size_t i = 0; i < words->n && span_trim(one).n; i++)
            if (of(words->at[i]) == of(one))
                return span_trim(one);
    }
    return (struct span){NULL, 0};
}

float profile_score(const struct profile *p, const struct paper *paper, const struct traits *traits)
{
    float sum = p->taste.known ? taste_sum(&p->taste, traits) : UNKNOWN_BIAS;
    if (p->authors.n && followed(&p->authors, paper->authors, '\n', traits_author).n)
        sum += AUTHOR_ADDS;
    if (p->categories.n && followed(&p->categories, paper->categories, ' ', traits_category).n)
        sum += CATEGORY_ADDS * (p->taste.known ? 1 : 2);
    return 1 / (1 + expf(-sum));
}

/* Names of traits with what each adds, strongest first. */
struct name {
    const char *words;
    enum trait_kind kind;
    uint32_t at;
    float adds;
};
struct names {
    struct arena *arena;
    struct profile *p;
    const struct traits *traits;
    struct name *at;
    size_t n, room;
    bool failed;
};

static float adds(const struct names *w, uint32_t at)
{
    size_t low = 0, high = w->traits->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->traits->at[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    bool has = low < w->traits->n && w->traits->at[low].at == at;
    return has ? w->traits->at[low].value * w->p->taste.weight[at] : 0;
}

/* A pair is worth showing when neither of its words is one that everybody uses. */
static bool is_worth_showing(const struct names *w, enum trait_kind kind, struct span words)
{
    struct span rest = words, one;
    uint32_t at;
    if (kind == TRAIT_AUTHOR || kind == TRAIT_CATEGORY)
        return true;
    while (rest.n) {
        span_cut(&rest, ' ', &one);
        bool letters = one.n && ((uint8_t)one.p[0] >= 0x80 || (one.p[0] >= 'a' && one.p[0] <= 'z'));
        if (!letters || (one.n < 3 && (uint8_t)one.p[0] < 0x80) || !traits_words(w->p->reader, one, &at) ||
            w->p->idf[at] <= 0)
            return false;
    }
    return true;
}

static bool collect(uint32_t at, enum trait_kind kind, struct span words, void *arg)
{
    struct names *w = arg;
    float by = adds(w, at);
    if (by <= 0 || w->n >= NAMES_MOST)
        return true;
    for (size_t i = 0; i < w->n; i++)
        if (w->at[i].at == at)
            return true;
    struct name *name = VEC_PUSH(w->arena, w);
    AUTO_BUF struct buf shown;
    buf_init(&shown, 4096);
    utf8_clean(&shown, words);
    if (name)
        *name = (struct name){buf_keep(&shown, w->arena), kind, at, by};
    w->failed = !name;
    return name != NULL;
}

static int strongest(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    if (x->adds != y->adds)
        return x->adds > y->adds ? -1 : 1;
    return strcmp(x->words, y->words);
}

/* What was said already in other words: "attention" beside "attention sinks". */
static bool is_said(const struct name *names, size_t n, const char *words)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(names[i].words, words) || strstr(words, names[i].words))
            return true;
    return false;
}

static const char *because(struct arena *arena, struct names *w)
{
    struct name said[WHY_MOST];
    size_t n = 0;
    AUTO_BUF struct buf list;
    buf_init(&list, 4096);
    buf_add_byte(&list, WHY_WORDS);
    for (size_t i = 0; i < w->n && n < WHY_MOST; i++)
        if (is_worth_showing(w, w->at[i].kind, span_of(w->at[i].words)) &&
            !is_said(said, n, w->at[i].words)) {
            said[n++] = w->at[i];
            buf_printf(&list, "%s%s", n > 1 ? "\t" : "", w->at[i].words);
        }
    return buf_keep(&list, arena);
}

const char *profile_why(struct profile *p, struct arena *arena, const struct paper *paper,
                        const struct traits *traits)
{
    struct names w = {.arena = arena, .p = p, .traits = traits};
    struct traits_paper texts = traits_of(paper);
    struct span author = followed(&p->authors, paper->authors, '\n', traits_author);
    struct span category = followed(&p->categories, paper->categories, ' ', traits_category);
    if (author.n)
        return arena_printf(arena, "%c%.*s", WHY_AUTHOR, SPAN_ARG(author));
    if (!p->taste.known)
        return arena_printf(arena, "%c%.*s", WHY_CATEGORY, SPAN_ARG(category));
    if (!traits_names(p->reader, &texts, collect, &w) && w.failed)
        arena_lose(arena);
    if (w.n)
        qsort(w.at, w.n, sizeof *w.at, strongest);
    return because(arena, &w);
}

/* The words, with the language's comma between. */
static const char *listed(struct arena *arena, struct span words)
{
    AUTO_BUF struct buf list;
    struct span one;
    buf_init(&list, 4096);
    for (bool first = true; words.n; first = false) {
        span_cut(&words, '\t', &one);
        buf_add_text(&list, first ? "" : tr("papers.comma", ", "));
        utf8_clean(&list, one);
    }
    return buf_keep(&list, arena);
}

const char *profile_why_say(struct arena *arena, const char *why)
{
    AUTO_BUF struct buf out;
    struct span rest = span_from(span_of(why), 1), number;
    const char *what = listed(arena, rest);
    buf_init(&out, 8192);
    if (*why == WHY_WORDS && rest.n) {
        words_say(&out, tr("digest.why.words", "because of {words}"), {"words", what});
    } else if (*why == WHY_AUTHOR) {
        words_say(&out, tr("digest.why.author", "by {name}, whom you follow"), {"name", what});
    } else if (*why == WHY_CATEGORY) {
        words_say(&out, tr("digest.why.category", "in {category}, which you follow"), {"category", what});
    } else if (*why == WHY_USUAL) {
        span_cut(&rest, '\t', &number);
        words_say(&out,
                  span_is(number, "1") ? tr("digest.why.alone", "the one paper of {category}")
                                       : tr("digest.why.usual", "in the middle of {n} papers of {category}"),
                  {"n", listed(arena, number)}, {"category", listed(arena, rest)});
    } else {
        buf_add_text(&out, tr("digest.why.near", "near what you keep, though no single word stands out"));
    }
    return buf_keep(&out, arena);
}

/* ---- the heaviest words ---- */

static bool add_names(struct db *db, struct names *all, int64_t paper, struct err *err)
{
    struct paper row;
    struct traits traits = {0};
    struct err inner = {0};
    if (!paper_load(db, all->arena, paper, &row, &inner))
        return inner.code == E_MISSING || fail(err, inner.code, "%s", inner.text);
    struct traits_paper texts = traits_of(&row);
    struct names w = {.arena = all->arena, .p = all->p, .traits = &traits};
    bool done = profile_traits(all->p, &row, &traits, err) &&
                (traits_names(all->p->reader, &texts, collect, &w) || !w.failed || fail_memory(err));
    traits_free(&traits);
    for (size_t i = 0; i < w.n && done; i++) {
        if (!is_worth_showing(all, w.at[i].kind, span_of(w.at[i].words)))
            continue;
        size_t at = 0;
        while (at < all->n && all->at[at].at != w.at[i].at)
            at++;
        if (at < all->n) {
            all->at[at].adds += w.at[i].adds;
        } else if (all->n < NAMES_MOST) {
            struct name *name = VEC_PUSH(all->arena, all);
            done = name || fail_memory(err);
            if (name)
                *name = w.at[i];
        }
    }
    return done;
}

bool profile_heaviest(struct db *db, struct arena *arena, struct profile *p, struct profile_word *out,
                      size_t *n, struct err *err)
{
    struct names all = {.arena = arena, .p = p};
    struct marks marks;
    size_t kept = 0;
    *n = 0;
    if (!paper_marks_load(db, arena, &marks, err))
        return false;
    for (size_t i = marks.n; i-- > 0 && kept < 200;) /* the newest tell most */
        if (marks.at[i].mark == MARK_KEPT) {
            kept++;
            if (!add_names(db, &all, marks.at[i].paper, err))
                return false;
        }
    if (all.n)
        qsort(all.at, all.n, sizeof *all.at, strongest);
    for (size_t i = 0; i < all.n && *n < PROFILE_WORDS; i++)
        out[(*n)++] =
            (struct profile_word){all.at[i].words, all.at[i].kind, all.at[i].adds / (float)(kept ? kept : 1)};
    return true;
}
