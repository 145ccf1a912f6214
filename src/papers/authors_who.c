/* Who is who, in the three ways: PAPERS section 8. */
#include <stdlib.h>

#include "base/mem.h"
#include "papers/authors.h"

#include "base/banned.h"

enum {
    RARE_MOST = 8,         /* rare stems of a title that are paired */
    LINKS_LEAST = 1 << 10, /* places of the table */
    LINKS_MOST = 1 << 21,  /* when so many are full it is emptied: evidence is lost, nothing is made up */
};
#define SEVERAL (UINT32_MAX - 1) /* more than one id; NAME_NONE: none */

/* ---- papers in the order of their years ---- */

static int row_order(const void *a, const void *b)
{
    const struct authors_row *x = a, *y = b;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Mentions follow their papers. */
static bool sort(struct authors *a)
{
    struct authors_mention *sorted = mem_get((a->mentions + 1) * sizeof *sorted);
    uint32_t at = 0;
    if (!sorted)
        return false;
    if (a->n)
        qsort(a->paper, a->n, sizeof *a->paper, row_order);
    for (size_t p = 0; p < a->n; p++) {
        struct authors_row *row = &a->paper[p];
        for (uint32_t i = 0; i < row->n; i++) {
            sorted[at + i] = a->mention[row->at + i];
            sorted[at + i].paper = (uint32_t)p;
        }
        row->at = at;
        at += row->n;
    }
    mem_free(a->mention);
    a->mention = sorted;
    a->mentions_room = a->mentions + 1;
    return true;
}

/* ---- what each step needs ---- */

struct settling {
    struct authors *a;
    uint32_t *sole_exact, *sole_full; /* the one id a spelling is known under, NAME_NONE, SEVERAL */
    uint32_t *start, *list;           /* mentions by full name, in the order of their years */
    uint32_t *rare;                   /* by paper: RARE_MOST places, NAME_NONE behind the last */
    uint32_t *up;                     /* the forest of mentions, then ids */
    struct link {
        uint64_t key;
        uint32_t group; /* + 1; 0: empty */
        uint32_t mention;
    } * link;
    size_t links, link_room;
};

static void note_id(uint32_t *sole, uint32_t id)
{
    *sole = *sole == NAME_NONE || *sole == id ? id : SEVERAL;
}

/* Ids of one person become one, and of each spelling it is known how many ids it has. */
static void learn_ids(struct settling *s)
{
    struct authors *a = s->a;
    for (uint32_t i = 0; i < a->id.n; i++)
        while (a->same_id[a->same_id[i]] != a->same_id[i])
            a->same_id[i] = a->same_id[a->same_id[i]];
    for (size_t i = 0; i < a->exact.n; i++)
        s->sole_exact[i] = NAME_NONE;
    for (size_t i = 0; i < a->full.n; i++)
        s->sole_full[i] = NAME_NONE;
    for (size_t i = 0; i < a->mentions; i++) {
        struct authors_mention *m = &a->mention[i];
        if (m->id == NAME_NONE)
            continue;
        m->id = a->same_id[m->id];
        note_id(&s->sole_exact[m->exact], m->id);
        note_id(&s->sole_full[m->full], m->id);
    }
}

static void group_by_full(struct settling *s)
{
    const struct authors *a = s->a;
    for (size_t i = 0; i < a->mentions; i++)
        s->start[a->mention[i].full + 1]++;
    for (size_t f = 0; f < a->full.n; f++)
        s->start[f + 1] += s->start[f];
    for (size_t i = a->mentions; i-- > 0;)
        s->list[--s->start[a->mention[i].full + 1]] = (uint32_t)i;
    /* start[f + 1] is where f begins now: one to the left. */
    for (size_t f = 0; f < a->full.n; f++)
        s->start[f] = s->start[f + 1];
    s->start[a->full.n] = (uint32_t)a->mentions;
}

/* Of each title the rare stems, each once. */
static bool find_rare(struct settling *s)
{
    const struct authors *a = s->a;
    const struct stems *t = &a->stems;
    uint32_t *titles = mem_get((t->of.n + 1) * sizeof *titles), *last = mem_get((t->of.n + 1) * sizeof *last);
    size_t most = a->n / AUTHORS_RARE > AUTHORS_RARE_MIN ? a->n / AUTHORS_RARE : AUTHORS_RARE_MIN;
    bool ok = titles && last;
    for (int round = 0; ok && round < 2; round++) {
        memset(last, 0, (t->of.n + 1) * sizeof *last);
        for (uint32_t p = 0; p < a->n; p++) {
            const struct stems_paper *words = &t->paper[a->paper[p].stems];
            uint32_t n = 0, *rare = s->rare + (size_t)p * RARE_MOST;
            for (uint16_t i = 0; i < words->title; i++) {
                uint32_t stem = t->stem[words->at + i];
                bool again = last[stem] == p + 1;
                last[stem] = p + 1;
                if (!again && round == 0)
                    titles[stem]++;
                else if (!again && n < RARE_MOST && titles[stem] <= most)
                    rare[n++] = stem;
            }
            while (round == 1 && n < RARE_MOST)
                rare[n++] = NAME_NONE;
        }
    }
    mem_free(titles);
    mem_free(last);
    return ok;
}

/* ---- split: what hangs together ---- */

static uint32_t top(uint32_t *up, uint32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static void join(uint32_t *up, uint32_t x, uint32_t y)
{
    x = top(up, x);
    y = top(up, y);
    if (x < y)
        up[y] = x;
    else
        up[x] = y;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 31 ^ b) * 0x94D049BB133111EBu;
    return h ^ h >> 29;
}

/* A table for about `links` of a group; what it held is forgotten. */
static bool links_room(struct settling *s, size_t links)
{
    size_t room = LINKS_LEAST;
    while (room < 2 * links && room < LINKS_MOST)
        room *= 2;
    s->links = 0;
    if (room <= s->link_room)
        return true;
    mem_free(s->link);
    s->link = mem_get(room * sizeof *s->link);
    s->link_room = s->link ? room : 0;
    return s->link != NULL;
}

/* The evidence `key` stands at the mention: it hangs together with the last one where it stood. */
static void evidence(struct settling *s, uint32_t group, uint64_t key, uint32_t mention)
{
    const struct authors *a = s->a;
    size_t i = key & (s->link_room - 1);
    if (s->links > s->link_room / 4 * 3) {
        memset(s->link, 0, s->link_room * sizeof *s->link);
        s->links = 0;
    }
    while (s->link[i].group == group + 1 && s->link[i].key != key)
        i = (i + 1) & (s->link_room - 1);
    struct link *l = &s->link[i];
    if (l->group == group + 1) {
        int before = a->paper[a->mention[l->mention].paper].year;
        if (a->paper[a->mention[mention].paper].year - before <= AUTHORS_YEARS)
            join(s->up, mention, l->mention);
    } else {
        s->links++;
    }
    *l = (struct link){key, group + 1, mention};
}

static void look_at_paper(struct settling *s, uint32_t group, uint32_t mention)
{
    const struct authors *a = s->a;
    uint32_t p = a->mention[mention].paper;
    const struct authors_row *row = &a->paper[p];
    const uint32_t *rare = s->rare + (size_t)p * RARE_MOST;
    for (uint32_t i = 0; i < row->n && i < AUTHORS_LINKED; i++) {
        uint32_t other = a->mention[row->at + i].full;
        if (other != group && !a->one[other])
            evidence(s, group, mix(UINT32_MAX, other), mention);
    }
    for (uint32_t i = 0; i < RARE_MOST && rare[i] != NAME_NONE; i++)
        for (uint32_t k = i + 1; k < RARE_MOST && rare[k] != NAME_NONE; k++) {
            uint32_t x = rare[i] < rare[k] ? rare[i] : rare[k], y = rare[i] < rare[k] ? rare[k] : rare[i];
            evidence(s, group, mix(row->venue, (uint64_t)x << 32 | y), mention);
        }
}

/* Mentions of one full name. Where it has several ids, what has none hangs together by itself. */
static bool split_group(struct settling *s, uint32_t group)
{
    const struct authors *a = s->a;
    uint32_t from = s->start[group], to = s->start[group + 1];
    bool several = s->sole_full[group] == SEVERAL;
    if (to - from < 2)
        return true;
    size_t links = 0;
    for (uint32_t i = from; i < to; i++)
        links += a->paper[a->mention[s->list[i]].paper].n + RARE_MOST * (RARE_MOST - 1) / 2;
    if (!links_room(s, links))
        return false;
    for (uint32_t i = from; i < to; i++)
        if (!several || a->mention[s->list[i]].id == NAME_NONE)
            look_at_paper(s, group, s->list[i]);
    return true;
}

static bool split(struct settling *s)
{
    const struct authors *a = s->a;
    size_t n = a->mentions + a->id.n;
    for (size_t i = 0; i < n; i++)
        s->up[i] = (uint32_t)i;
    for (size_t i = 0; i < a->mentions; i++)
        if (a->mention[i].id != NAME_NONE)
            join(s->up, (uint32_t)i, (uint32_t)a->mentions + a->mention[i].id);
    for (uint32_t f = 0; f < a->full.n; f++)
        if (!split_group(s, f))
            return false;
    for (size_t i = 0; i < a->mentions; i++)
        a->who[AUTHORS_SPLIT][i] = top(s->up, (uint32_t)i);
    return true;
}

/* ---- exact ---- */

/* Ids stand before names. */
static void exact(struct settling *s)
{
    const struct authors *a = s->a;
    for (size_t i = 0; i < a->mentions; i++) {
        const struct authors_mention *m = &a->mention[i];
        uint32_t id = m->id != NAME_NONE ? m->id : s->sole_exact[m->exact];
        a->who[AUTHORS_EXACT][i] = id < SEVERAL ? id : (uint32_t)a->id.n + m->exact;
    }
}

/* ---- merge ---- */

struct holder {
    uint32_t key, id, papers;
};

static int holder_order(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

/* The id with most papers of each surname and initial into best[key]; of equals the first by its bytes. */
static bool best_ids(struct settling *s, uint32_t *best)
{
    const struct authors *a = s->a;
    struct holder *all = mem_get((a->mentions + 1) * sizeof *all);
    size_t n = 0, rows = 0;
    if (!all)
        return false;
    for (size_t i = 0; i < a->mentions; i++)
        if (a->mention[i].id != NAME_NONE)
            all[rows++] = (struct holder){a->mention[i].key, a->mention[i].id, 1};
    if (rows)
        qsort(all, rows, sizeof *all, holder_order);
    for (size_t i = 0; i < rows; i++)
        if (n && holder_order(&all[n - 1], &all[i]) == 0)
            all[n - 1].papers++;
        else
            all[n++] = all[i];
    for (size_t i = 0, held = 0; i < n; i++) {
        uint32_t *to = &best[all[i].key];
        bool first = *to == NAME_NONE;
        if (first || all[i].papers > all[held].papers ||
            (all[i].papers == all[held].papers &&
             span_order(vocabulary_at(&a->id, all[i].id), vocabulary_at(&a->id, *to)) < 0)) {
            *to = all[i].id;
            held = i;
        }
    }
    mem_free(all);
    return true;
}

static bool merge(struct settling *s)
{
    const struct authors *a = s->a;
    uint32_t *best = mem_get((a->key.n + 1) * sizeof *best);
    if (!best)
        return false;
    for (size_t k = 0; k < a->key.n; k++)
        best[k] = NAME_NONE;
    bool ok = best_ids(s, best);
    for (size_t i = 0; ok && i < a->mentions; i++) {
        const struct authors_mention *m = &a->mention[i];
        uint32_t id = m->id != NAME_NONE                  ? m->id
                      : s->sole_exact[m->exact] < SEVERAL ? s->sole_exact[m->exact]
                      : s->sole_full[m->full] < SEVERAL   ? s->sole_full[m->full]
                                                          : best[m->key];
        a->who[AUTHORS_MERGE][i] = id != NAME_NONE ? id : (uint32_t)a->id.n + m->key;
    }
    mem_free(best);
    return ok;
}

/* ---- all of it ---- */

/* People get numbers from 0 on, in the order in which they come. */
static bool number(struct authors *a, enum authors_kind kind, size_t most)
{
    uint32_t *to = mem_get((most + 1) * sizeof *to), n = 0;
    for (size_t i = 0; to && i < a->mentions; i++) {
        uint32_t *who = &a->who[kind][i];
        if (!to[*who])
            to[*who] = ++n;
        *who = to[*who] - 1;
    }
    a->people[kind] = n;
    mem_free(to);
    return to != NULL;
}

static bool begin(struct settling *s)
{
    struct authors *a = s->a;
    s->sole_exact = mem_get((a->exact.n + 1) * sizeof *s->sole_exact);
    s->sole_full = mem_get((a->full.n + 1) * sizeof *s->sole_full);
    s->start = mem_get((a->full.n + 2) * sizeof *s->start);
    s->list = mem_get((a->mentions + 1) * sizeof *s->list);
    s->rare = mem_get((a->n + 1) * RARE_MOST * sizeof *s->rare);
    s->up = mem_get((a->mentions + a->id.n + 1) * sizeof *s->up);
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        mem_free(a->who[k]);
        a->who[k] = mem_get((a->mentions + 1) * sizeof *a->who[k]);
        if (!a->who[k])
            return false;
    }
    return s->sole_exact && s->sole_full && s->start && s->list && s->rare && s->up;
}

bool authors_settle(struct authors *a, struct err *err)
{
    struct settling s = {.a = a};
    bool ok = sort(a) && begin(&s);
    if (ok) {
        learn_ids(&s);
        group_by_full(&s);
        ok = find_rare(&s) && split(&s) && merge(&s);
    }
    if (ok) {
        exact(&s);
        ok = number(a, AUTHORS_SPLIT, a->mentions + a->id.n) &&
             number(a, AUTHORS_EXACT, a->id.n + a->exact.n) && number(a, AUTHORS_MERGE, a->id.n + a->key.n);
    }
    mem_free(s.sole_exact);
    mem_free(s.sole_full);
    mem_free(s.start);
    mem_free(s.list);
    mem_free(s.rare);
    mem_free(s.up);
    mem_free(s.link);
    return ok || fail_memory(err);
}
