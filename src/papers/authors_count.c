/* Papers by person and year, and how they are spread. */
#include <stdlib.h>

#include "base/mem.h"
#include "papers/authors.h"

#include "base/banned.h"

enum { SEED = 0x5EC8 };

const struct authors_age authors_ages[AUTHORS_AGES] = {{0, 0}, {1, 2}, {3, 5}, {6, 10}, {11, INT32_MAX}};

/* Papers by person, of one way of telling people apart. */
struct tally {
    const struct authors *a;
    const uint32_t *who;
    int year;
    uint32_t *now, *five, *mark; /* by person; mark: the paper it was last counted in, + 1 */
    int *first;                  /* year of the first paper; 0: none */
    struct count_seen *seen;
};

static bool tally_begin(struct tally *t, const struct authors *a, enum authors_kind kind, int year)
{
    size_t n = a->people[kind] + 1;
    *t = (struct tally){.a = a, .who = a->who[kind], .year = year};
    t->now = mem_get(n * sizeof *t->now);
    t->five = mem_get(n * sizeof *t->five);
    t->mark = mem_get(n * sizeof *t->mark);
    t->first = mem_get(n * sizeof *t->first);
    t->seen = mem_get((a->mentions + 1) * sizeof *t->seen);
    return t->now && t->five && t->mark && t->first && t->seen;
}

static void tally_end(struct tally *t)
{
    mem_free(t->now);
    mem_free(t->five);
    mem_free(t->mark);
    mem_free(t->first);
    mem_free(t->seen);
}

/* Papers are in the order of their years. */
static size_t papers_before(const struct authors *a, int year)
{
    size_t low = 0, high = a->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (a->paper[mid].year < year)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Several of a paper's names may be one person. */
static bool is_first_in_paper(struct tally *t, uint32_t mention)
{
    uint32_t *mark = &t->mark[t->who[mention]], paper = t->a->mention[mention].paper + 1;
    bool first = *mark != paper;
    *mark = paper;
    return first;
}

static void tally_all(struct tally *t, size_t people)
{
    const struct authors *a = t->a;
    memset(t->mark, 0, people * sizeof *t->mark);
    for (uint32_t i = 0; i < a->mentions; i++) {
        int year = a->paper[a->mention[i].paper].year;
        uint32_t who = t->who[i];
        if (year > t->year || !is_first_in_paper(t, i))
            continue;
        if (!t->first[who])
            t->first[who] = year;
        t->now[who] += year == t->year;
        t->five[who] += year > t->year - AUTHORS_YEARS;
    }
}

static uint32_t age_group(int age)
{
    uint32_t g = 0;
    while (g + 1 < AUTHORS_AGES && age > authors_ages[g].to)
        g++;
    return g;
}

/* What stands in the papers [from, to), as things seen in samples. */
static size_t see(struct tally *t, size_t people, size_t from, size_t to, bool five)
{
    const struct authors *a = t->a;
    size_t n = 0;
    memset(t->mark, 0, people * sizeof *t->mark);
    for (size_t p = from; p < to; p++)
        for (uint32_t i = a->paper[p].at; i < a->paper[p].at + a->paper[p].n; i++) {
            uint32_t who = t->who[i];
            if (!is_first_in_paper(t, i))
                continue;
            t->seen[n++] = (struct count_seen){.sample = (uint32_t)(p - from),
                                               .times = five ? t->five[who] : t->now[who],
                                               .count = t->now[who],
                                               .group = five ? 0 : age_group(t->year - t->first[who])};
        }
    return n;
}

static bool count_kind(const struct authors *a, enum authors_kind kind, size_t draws,
                       struct authors_year *out, struct err *err)
{
    struct tally t;
    struct counts ages[AUTHORS_AGES + 1], five[2];
    size_t five_from = papers_before(a, out->year - AUTHORS_YEARS + 1), from = papers_before(a, out->year),
           to = papers_before(a, out->year + 1), people = a->people[kind];
    uint64_t seed = SEED + (uint64_t)out->year;
    bool ok = tally_begin(&t, a, kind, out->year) || fail_memory(err);
    if (ok) {
        tally_all(&t, people);
        size_t n = see(&t, people, from, to, false);
        ok = counts_make(t.seen, n, (uint32_t)(to - from), AUTHORS_AGES, draws, seed, ages, err);
    }
    if (ok) {
        size_t n = see(&t, people, five_from, to, true);
        ok = counts_make(t.seen, n, (uint32_t)(to - five_from), 1, draws, seed, five, err);
    }
    if (ok) {
        for (int g = 0; g < AUTHORS_AGES; g++)
            out->age[g].by[kind] = ages[g];
        out->now.by[kind] = ages[AUTHORS_AGES];
        out->five.by[kind] = five[1];
    }
    tally_end(&t);
    return ok;
}

bool authors_count(const struct authors *a, int year, size_t draws, struct authors_year *out, struct err *err)
{
    struct authors_year y = {.year = year, .first = a->n ? a->paper[0].year : year};
    y.papers = (int64_t)(papers_before(a, year + 1) - papers_before(a, year));
    y.papers_in_all = (int64_t)(papers_before(a, year + 1) - papers_before(a, year - AUTHORS_YEARS + 1));
    for (int k = 0; k < AUTHORS_KINDS; k++)
        if (!count_kind(a, (enum authors_kind)k, draws, &y, err))
            return false;
    *out = y;
    return true;
}

/* ---- one's own ---- */

/* Whether a surname with initial is one of the AUTHORS_SHARED, or of every AUTHORS_SHARED_OF, in most papers;
 * of equals those that come first by their bytes. */
static bool is_frequent(const struct authors *a, uint32_t key, bool *out)
{
    uint32_t *papers = mem_get((a->key.n + 1) * sizeof *papers),
             *mark = mem_get((a->key.n + 1) * sizeof *mark);
    size_t before = 0;
    bool ok = papers && mark;
    for (size_t i = 0; ok && i < a->mentions; i++) {
        const struct authors_mention *m = &a->mention[i];
        papers[m->key] += mark[m->key] != m->paper + 1;
        mark[m->key] = m->paper + 1;
    }
    for (uint32_t k = 0; ok && k < a->key.n; k++)
        before += k != key && (papers[k] > papers[key] ||
                               (papers[k] == papers[key] &&
                                span_order(vocabulary_at(&a->key, k), vocabulary_at(&a->key, key)) < 0));
    *out = before < AUTHORS_SHARED && before < (a->key.n + AUTHORS_SHARED_OF - 1) / AUTHORS_SHARED_OF;
    mem_free(papers);
    mem_free(mark);
    return ok;
}

/* Whether the papers that may at most be those of a full name are at least one person's. */
static bool hangs_together(const struct authors *a, uint32_t full)
{
    uint32_t merge = NAME_NONE, split = NAME_NONE;
    for (size_t i = 0; i < a->mentions; i++) {
        if (a->mention[i].full != full)
            continue;
        if (merge != NAME_NONE && merge != a->who[AUTHORS_MERGE][i])
            return false;
        merge = a->who[AUTHORS_MERGE][i];
    }
    for (size_t i = 0; i < a->mentions; i++) {
        if (a->who[AUTHORS_MERGE][i] != merge)
            continue;
        if (split != NAME_NONE && split != a->who[AUTHORS_SPLIT][i])
            return false;
        split = a->who[AUTHORS_SPLIT][i];
    }
    return true;
}

/* Of the people behind a full name the one with most papers in the years asked for, by year. */
static bool own_years(const struct authors *a, enum authors_kind kind, uint32_t full, int from, int64_t *year)
{
    const uint32_t *who = a->who[kind];
    uint32_t *papers = mem_get((a->people[kind] + 1) * sizeof *papers), best = NAME_NONE;
    bool *own = mem_get(a->people[kind] + 1);
    bool ok = papers && own;
    for (size_t i = 0; ok && i < a->mentions; i++)
        own[who[i]] = own[who[i]] || a->mention[i].full == full;
    for (size_t i = 0; ok && i < a->mentions; i++)
        if (own[who[i]] && a->paper[a->mention[i].paper].year >= from)
            papers[who[i]]++;
    for (size_t i = 0; ok && i < a->mentions; i++)
        if (own[who[i]] && (best == NAME_NONE || papers[who[i]] > papers[best]))
            best = who[i];
    for (size_t i = 0, last = SIZE_MAX; ok && best != NAME_NONE && i < a->mentions; i++) {
        int y = a->paper[a->mention[i].paper].year;
        if (who[i] != best || a->mention[i].paper == last)
            continue;
        last = a->mention[i].paper;
        if (y >= from && y < from + AUTHORS_YEARS)
            year[y - from]++;
    }
    mem_free(papers);
    mem_free(own);
    return ok;
}

bool authors_own(const struct authors *a, struct span name, int year, struct authors_own *out,
                 struct err *err)
{
    struct authors_own own = {.said = OWN_NONE, .from = year - AUTHORS_YEARS + 1};
    struct author_name folded;
    bool frequent;
    AUTO_BUF struct buf room;
    buf_init(&room, 16 * AUTHOR_NAME);
    if (!author_name_fold(&room, name, &folded))
        return fail_memory(err);
    uint32_t full = vocabulary_find(&a->full, folded.full), key = vocabulary_find(&a->key, folded.key);
    if (folded.one) {
        own.said = OWN_SHARED;
    } else if (full != NAME_NONE && key != NAME_NONE) {
        if (!is_frequent(a, key, &frequent))
            return fail_memory(err);
        own.said = frequent && !hangs_together(a, full) ? OWN_SHARED : OWN_SAID;
    }
    if (own.said == OWN_SAID && (!own_years(a, AUTHORS_SPLIT, full, own.from, own.low) ||
                                 !own_years(a, AUTHORS_MERGE, full, own.from, own.high)))
        return fail_memory(err);
    *out = own;
    return true;
}
