/* Odds that a hit is known concurrent work: how good they are, and the table that the program carries. */
#include <math.h>
#include <stdio.h>

#include "bench/quality_scoop.h"

#include "base/banned.h"

enum { FOLDS = 10, DRAWS = 2000, SEED = 11 };
#define C .3

bool odds_room(struct odds_cases *c, struct err *err)
{
    return rows_room(&c->x, c->n * NEAR_FEATURES, NEAR_FEATURES, &c->x_room, sizeof *c->x, err) &&
           rows_room(&c->is, c->n, 1, &c->is_room, sizeof *c->is, err) &&
           rows_room(&c->group, c->n, 1, &c->group_room, sizeof *c->group, err);
}

void odds_free(struct odds_cases *c)
{
    mem_free(c->x);
    mem_free(c->is);
    mem_free(c->group);
    *c = (struct odds_cases){0};
}

/* The rows outside fold `out` (FOLDS: all of them). */
static bool rows_of(struct arena *arena, const struct odds_cases *c, size_t groups, uint32_t out,
                    struct verdict_rows *rows, struct err *err)
{
    double *x = arena_array(arena, c->n * NEAR_FEATURES + 1, sizeof *x);
    bool *is = arena_array(arena, c->n + 1, sizeof *is);
    uint32_t *group = arena_array(arena, c->n + 1, sizeof *group);
    size_t n = 0;
    if (!x || !is || !group)
        return fail_memory(err);
    for (size_t i = 0; i < c->n; i++) {
        if (c->group[i] % FOLDS == out)
            continue;
        memcpy(x + n * NEAR_FEATURES, c->x + i * NEAR_FEATURES, NEAR_FEATURES * sizeof *x);
        is[n] = c->is[i];
        group[n++] = c->group[i];
    }
    *rows = (struct verdict_rows){
        .x = x, .lasting = is, .cluster = group, .rows = n, .features = NEAR_FEATURES, .clusters = groups};
    return true;
}

static bool cross(const struct odds_cases *c, size_t groups, double *p, double *base, struct err *err)
{
    for (uint32_t fold = 0; fold < FOLDS; fold++) {
        AUTO_ARENA struct arena *arena = arena_new();
        struct verdict_rows rows;
        struct verdict_model m;
        if (!rows_of(arena, c, groups, fold, &rows, err) || !verdict_fit(arena, &rows, C, &m, err))
            return false;
        for (size_t i = 0; i < c->n; i++)
            if (c->group[i] % FOLDS == fold) {
                p[i] = verdict_odds(&m, c->x + i * NEAR_FEATURES, NULL, NULL);
                base[i] = m.base;
            }
    }
    return true;
}

static bool odds_of(const struct odds_cases *c, size_t groups, const char *what, struct buf *end,
                    struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    double *p = arena_array(arena, c->n + 1, sizeof *p), *base = arena_array(arena, c->n + 1, sizeof *base);
    struct verdict_score s, constant, low, high;
    double least = 1, most = 0, yes = 0;
    if (!p || !base)
        return fail_memory(err);
    for (size_t i = 0; i < c->n; i++)
        yes += c->is[i];
    if (yes < 1 || yes >= (double)c->n) {
        if (end)
            buf_printf(end, "scoop odds n=0\n");
        return true;
    }
    if (!cross(c, groups, p, base, err) || !verdict_score(p, c->is, NULL, c->n, &s, err) ||
        !verdict_score(base, c->is, NULL, c->n, &constant, err) ||
        !verdict_bootstrap(p, c->is, c->group, c->n, groups, DRAWS, SEED, &low, &high, err))
        return false;
    for (size_t i = 0; i < c->n; i++) {
        least = fmin(least, p[i]);
        most = fmax(most, p[i]);
    }
    printf("    odds of a hit, %-20s n=%zu base=%.3f AUC=%.3f [%.3f, %.3f] Brier=%.4f [%.4f, %.4f] "
           "constant=%.4f ECE=%.3f [%.3f, %.3f], from %.3f to %.3f\n",
           what, c->n, yes / (double)c->n, s.auc, low.auc, high.auc, s.brier, low.brier, high.brier,
           constant.brier, s.ece, low.ece, high.ece, least, most);
    if (end)
        buf_printf(end, "scoop odds n=%zu AUC=%.3f Brier=%.4f constant=%.4f ECE=%.3f\n", c->n, s.auc, s.brier,
                   constant.brier, s.ece);
    return true;
}

bool scoop_odds(const struct scoop *s, struct buf *ends, struct err *err)
{
    return odds_of(&s->odds[0], s->groups.groups, "with abstracts:", ends, err) &&
           odds_of(&s->odds[1], s->groups.groups, "titles alone:", NULL, err);
}

static void print_row(const char *name, const double *at)
{
    printf("     .%s = {", name);
    for (size_t i = 0; i < NEAR_FEATURES; i++)
        printf("%s%.6f", i ? ", " : "", at[i]);
    printf("},\n");
}

static bool print_fit(const struct odds_cases *c, size_t groups, const char *begin, const char *end,
                      struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    struct verdict_rows rows;
    struct verdict_model m;
    struct verdict_score s;
    double *p = arena_array(arena, c->n + 1, sizeof *p), *base = arena_array(arena, c->n + 1, sizeof *base);
    if (!p || !base)
        return fail_memory(err);
    if (!cross(c, groups, p, base, err) || !verdict_score(p, c->is, NULL, c->n, &s, err) ||
        !rows_of(arena, c, groups, FOLDS, &rows, err) || !verdict_fit(arena, &rows, C, &m, err))
        return false;
    printf("%s\n", begin);
    print_row("median", m.median);
    print_row("mean", m.mean);
    print_row("sd", m.sd);
    print_row("weight", m.weight);
    printf("     .intercept = %.6f,\n     .auc = %.3f%s\n", m.intercept, s.auc, end);
    return true;
}

bool scoop_table(const struct scoop *s, struct err *err)
{
    static const enum scoop_way ways[NEAR_WAYS] = {WAY_ABSTRACTS, WAY_MIXED, WAY_WORDS, WAY_WORDS_MIXED};
    printf("/* Made by `quality --near FOLDER` (bench/quality.c), FOLDER the public conference, ACL, "
           "robotics and\n"
           " * arXiv files with the groups of concurrent work up to 2018. Not edited by hand. */\n"
           "#include \"papers/near_table.h\"\n\n#include \"base/banned.h\"\n\n/* clang-format off */\n"
           "const unsigned near_cases = %zu;\nconst double near_misses[NEAR_WAYS] = {",
           s->groups.n);
    for (int i = 0; i < NEAR_WAYS; i++) {
        double mean[RECALLS];
        (void)recalls_mean(&s->way[ways[i]], &s->groups, mean);
        printf("%s%.4f", i ? ", " : "", 1 - mean[2]);
    }
    printf("};\nconst struct near_fit near_fits[2] = {\n");
    return print_fit(&s->odds[0], s->groups.groups, "    {", "},", err) &&
           print_fit(&s->odds[1], s->groups.groups, "    {", "}};", err);
}
