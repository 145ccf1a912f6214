/* Groups of known concurrent work. */
#include "bench/quality_groups.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/json.h"
#include "io/file.h"
#include "num/rng.h"
#include "num/stats.h"

#include "base/banned.h"

enum { FILE_MOST = 64 << 20, GROUPS_MOST = 100000, PAPERS_MOST = 1000, DRAWS = 2000, SEED = 9 };
const unsigned recall_at[RECALLS] = {1, 5, 10, 50};

/* Letters and digits of a title. */
static void fold(struct span title, struct buf *out)
{
    char word[WORD_MOST];
    size_t n;
    buf_reset(out);
    while (texts_word(&title, word, &n))
        for (size_t i = 0; i < n; i++)
            if (word[i] != '-')
                buf_add_byte(out, word[i]);
}

static void fold_paper(const struct texts *t, const struct texts_paper *p, struct buf *out)
{
    buf_reset(out);
    for (size_t k = 0; k < p->title; k++) {
        struct span word = vocabulary_at(&t->words_of, t->word[p->at + k]);
        for (size_t i = 0; i < word.n; i++)
            if (word.p[i] != '-')
                buf_add_byte(out, word.p[i]);
    }
}

static uint32_t find_paper(const struct texts *t, int year, struct span title, struct buf *theirs,
                           struct buf *ours)
{
    fold(title, theirs);
    for (size_t i = texts_before(t, year); i < t->n && t->paper[i].year == year; i++) {
        fold_paper(t, &t->paper[i], ours);
        if (span_eq(buf_span(theirs), buf_span(ours)))
            return (uint32_t)i;
    }
    return NAME_NONE;
}

static bool group_read(struct arena *arena, const json_t *group, const struct texts *t,
                       struct scoop_groups *out, struct buf room[2], struct err *err)
{
    size_t n = json_array_size(group), before = out->n;
    for (size_t i = 0; i < n && i < PAPERS_MOST; i++) {
        const json_t *one = json_array_get(group, i);
        struct span title;
        int64_t year;
        if (!json_get_text(one, "title", PAPERS_MOST * 4, &title, err) ||
            !json_get_int(one, "year", 1900, 2199, &year, err))
            return false;
        uint32_t paper = find_paper(t, (int)year, title, &room[0], &room[1]);
        struct scoop_query *q = paper == NAME_NONE ? NULL : VEC_PUSH(arena, out);
        out->missing += paper == NAME_NONE;
        if (q)
            *q = (struct scoop_query){paper, (uint32_t)out->groups};
        else if (paper != NAME_NONE)
            return fail_memory(err);
    }
    out->groups += out->n > before;
    return true;
}

static bool file_of_groups(struct arena *arena, const char *path, const struct texts *t,
                           struct scoop_groups *out, struct err *err)
{
    AUTO_BUF struct buf bytes, theirs, ours;
    AUTO_JSON json_t *groups = NULL;
    buf_init(&bytes, FILE_MOST);
    buf_init(&theirs, 1 << 16);
    buf_init(&ours, 1 << 16);
    if (!file_read(path, &bytes, err) || !json_read(buf_span(&bytes), FILE_MOST, path, &groups, err))
        return false;
    struct buf room[2] = {theirs, ours};
    bool ok = true;
    for (size_t i = 0; ok && i < json_array_size(groups) && i < GROUPS_MOST; i++)
        ok = group_read(arena, json_array_get(groups, i), t, out, room, err);
    theirs = room[0];
    ours = room[1];
    return ok;
}

static int by_paper(const void *a, const void *b)
{
    uint32_t x = ((const struct scoop_query *)a)->paper, y = ((const struct scoop_query *)b)->paper;
    return x < y ? -1 : x > y;
}

bool groups_read(struct arena *arena, const char *folder, const struct texts *t, struct scoop_groups *out,
                 struct err *err)
{
    struct file_entries in = {0};
    *out = (struct scoop_groups){0};
    if (!file_list(arena, folder, &in, err))
        return false;
    for (size_t i = 0; i < in.n; i++) {
        struct span name = span_of(in.at[i].name);
        const char *path = file_join(arena, folder, in.at[i].name);
        if (!path)
            return fail_memory(err);
        if (span_starts(name, SPAN("scoop_groups")) && span_ends(name, SPAN(".json")) &&
            !file_of_groups(arena, path, t, out, err))
            return false;
    }
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_paper);
    return true;
}

bool groups_has(const struct scoop_groups *g, uint32_t paper)
{
    size_t low = 0, high = g->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (g->at[mid].paper < paper)
            low = mid + 1;
        else
            high = mid;
    }
    return low < g->n && g->at[low].paper == paper;
}

bool recalls_make(struct arena *arena, const struct scoop_groups *g, const char *name, struct recalls *out,
                  struct err *err)
{
    *out = (struct recalls){name, arena_array(arena, g->n * RECALLS + 1, sizeof *out->at)};
    for (size_t i = 0; out->at && i < g->n * RECALLS; i++)
        out->at[i] = NAN;
    return out->at || fail_memory(err);
}

void recalls_judge(struct recalls *r, const struct scoop_groups *g, size_t q, const uint32_t *hits, size_t n,
                   bool (*can)(const struct texts *, uint32_t), const struct texts *t)
{
    double wanted = 0, found[RECALLS] = {0};
    for (size_t i = 0; i < g->n; i++) {
        uint32_t other = g->at[i].paper;
        int apart = t->paper[other].year - t->paper[g->at[q].paper].year;
        if (g->at[i].group != g->at[q].group || other == g->at[q].paper || (can && !can(t, other)) ||
            apart < -1 || apart > 1)
            continue;
        wanted++;
        for (size_t k = 0; k < n; k++)
            for (size_t at = 0; at < RECALLS; at++)
                found[at] += hits[k] == other && k < recall_at[at];
    }
    for (size_t at = 0; at < RECALLS && wanted > 0; at++)
        r->at[q * RECALLS + at] = found[at] / wanted;
}

/* Weighted means; weight: by group, NULL for one each. */
static size_t mean_of(const struct recalls *r, const struct scoop_groups *g, const uint32_t *weight,
                      double mean[static RECALLS])
{
    double sum[RECALLS] = {0}, n = 0;
    size_t queries = 0;
    for (size_t q = 0; q < g->n; q++) {
        double times = weight ? weight[g->at[q].group] : 1;
        if (isnan(r->at[q * RECALLS]))
            continue;
        n += times;
        queries++;
        for (size_t at = 0; at < RECALLS; at++)
            sum[at] += times * r->at[q * RECALLS + at];
    }
    for (size_t at = 0; at < RECALLS; at++)
        mean[at] = n > 0 ? sum[at] / n : 0;
    return queries;
}

size_t recalls_mean(const struct recalls *r, const struct scoop_groups *g, double mean[static RECALLS])
{
    return mean_of(r, g, NULL, mean);
}

/* How often each group comes when as many as there are are drawn. */
static void draw_groups(struct rng *rng, size_t groups, uint32_t *weight)
{
    memset(weight, 0, groups * sizeof *weight);
    for (size_t i = 0; i < groups; i++)
        weight[rng_below(rng, groups)]++;
}

bool recalls_print(const struct recalls *r, const struct scoop_groups *g, struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    uint32_t *weight = arena_array(arena, g->groups + 1, sizeof *weight);
    double *drawn = arena_array(arena, DRAWS * RECALLS, sizeof *drawn), mean[RECALLS], one[RECALLS];
    struct rng rng;
    if (!weight || !drawn)
        return fail_memory(err);
    size_t n = mean_of(r, g, NULL, mean);
    rng_seed(&rng, SEED);
    for (size_t i = 0; i < DRAWS; i++) {
        draw_groups(&rng, g->groups, weight);
        (void)mean_of(r, g, weight, one);
        for (size_t at = 0; at < RECALLS; at++)
            drawn[at * DRAWS + i] = one[at];
    }
    printf("    %-34s n=%zu", r->name, n);
    for (size_t at = 0; at < RECALLS; at++)
        printf(" R@%u=%.3f [%.3f, %.3f]", recall_at[at], mean[at],
               stats_quantile(drawn + at * DRAWS, DRAWS, .025),
               stats_quantile(drawn + at * DRAWS, DRAWS, .975));
    printf("\n");
    return true;
}

bool recalls_gain(const struct recalls *a, const struct recalls *b, const struct scoop_groups *g,
                  struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    uint32_t *weight = arena_array(arena, g->groups + 1, sizeof *weight);
    double *drawn = arena_array(arena, DRAWS, sizeof *drawn), x[RECALLS], y[RECALLS], not_more = 0;
    struct rng rng;
    if (!weight || !drawn)
        return fail_memory(err);
    rng_seed(&rng, SEED);
    for (size_t i = 0; i < DRAWS; i++) {
        draw_groups(&rng, g->groups, weight);
        (void)mean_of(a, g, weight, x);
        (void)mean_of(b, g, weight, y);
        drawn[i] = x[2] - y[2];
        not_more += drawn[i] <= 0;
    }
    (void)mean_of(a, g, NULL, x);
    (void)mean_of(b, g, NULL, y);
    printf("    %s against %s: R@10 %+.3f [%+.3f, %+.3f], p=%.4f\n", a->name, b->name, x[2] - y[2],
           stats_quantile(drawn, DRAWS, .025), stats_quantile(drawn, DRAWS, .975), not_more / DRAWS);
    return true;
}
