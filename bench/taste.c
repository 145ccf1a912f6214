/* What a reader's profile costs: bench_taste TSV LISTS PAST. Of the papers of TSV the first PAST are those
 * that there were, the others the week to be ranked. LISTS has a reader a line: the numbers of the papers
 * kept, blanks between, from 0. Prints a line for each: milliseconds of learning anew, milliseconds of
 * ranking the week from its texts, and the best BEST papers of it. The first line: the background, in
 * seconds, once a month. As papers/profile.c does it; CPU time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/texts.h"
#include "papers/profile.h"

#include "base/banned.h"

enum { BEST = 25, KEPT_MOST = 2000 };

struct ranked {
    float sum;
    size_t paper;
};

static struct texts papers;
static size_t past;
static struct traits_reader *reader;
static struct ground ground;
static struct err err;

static _Noreturn void end(const char *what)
{
    fprintf(stderr, "bench_taste: %s: %s\n", what, err.text);
    exit(1);
}

static void count(size_t paper, struct traits *out)
{
    const struct text *t = &papers.at[paper];
    struct traits_paper p = {t->title, t->abstract, t->authors, t->categories};
    if (!traits_count(reader, &p, out, &err))
        end("traits");
}

static void learn_ground(void)
{
    double start = seconds_cpu();
    size_t from = past > PROFILE_GROUND ? past - PROFILE_GROUND : 0, every = (past - from) / TASTE_POOL + 1;
    struct traits counts = {0};
    if (!(reader = traits_reader_new(&err)) || !ground_begin(&ground, &err))
        end("background");
    for (size_t i = from; i < past; i++) {
        count(i, &counts);
        if (!ground_add(&ground, &counts, (int64_t)i, (i - from) % every == 0, &err))
            end("background");
    }
    traits_free(&counts);
    ground_settle(&ground);
    printf("%.3f\n", seconds_cpu() - start);
}

static size_t read_kept(const char *line, struct example *kept)
{
    size_t n = 0;
    char *next;
    for (unsigned long paper = strtoul(line, &next, 10); next != line && n < KEPT_MOST;
         line = next, paper = strtoul(line, &next, 10)) {
        if (paper >= past)
            end("a kept paper that is not of the past");
        kept[n] = (struct example){.id = (int64_t)paper, .kept = true, .weight = 1};
        count(paper, &kept[n].traits);
        traits_weigh(&kept[n++].traits, ground.idf);
    }
    return n;
}

static int best_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->sum != y->sum)
        return x->sum > y->sum ? -1 : 1;
    return (x->paper > y->paper) - (x->paper < y->paper);
}

static void rank_week(const struct taste *taste, struct ranked *out)
{
    struct traits t = {0};
    for (size_t i = past; i < papers.n; i++) {
        count(i, &t);
        traits_weigh(&t, ground.idf);
        out[i - past] = (struct ranked){taste_sum(taste, &t), i};
    }
    traits_free(&t);
    qsort(out, papers.n - past, sizeof *out, best_first);
}

static void look(const char *line, struct example *kept, struct ranked *week)
{
    struct taste AUTO_TASTE taste = {0};
    size_t n = read_kept(line, kept);
    double start = seconds_cpu();
    if (!taste_learn(&ground, kept, n, &taste, &err))
        end("learning");
    double learned = seconds_cpu();
    rank_week(&taste, week);
    printf("%.2f\t%.2f\t", (learned - start) * 1e3, (seconds_cpu() - learned) * 1e3);
    for (size_t i = 0; i < BEST && i < papers.n - past; i++)
        printf("%s%zu", i ? " " : "", week[i].paper);
    printf("\n");
    for (size_t i = 0; i < n; i++)
        traits_free(&kept[i].traits);
}

int main(int argc, char **argv)
{
    static char line[1 << 16];
    if (argc != 4) {
        fprintf(stderr, "usage: bench_taste TSV LISTS PAST\n");
        return 2;
    }
    papers = texts_read(argv[1]);
    past = (size_t)strtoul(argv[3], NULL, 10);
    if (past > papers.n)
        past = papers.n;
    learn_ground();
    struct example *kept = mem_get(KEPT_MOST * sizeof *kept);
    struct ranked *week = mem_get((papers.n - past + 1) * sizeof *week);
    FILE *lists = fopen(argv[2], "r");
    if (!kept || !week || !lists)
        end(argv[2]);
    while (fgets(line, sizeof line, lists))
        look(line, kept, week);
    fclose(lists);
    ground_free(&ground);
    traits_reader_free(reader);
    mem_free(kept);
    mem_free(week);
    return 0;
}
