/* How good the odds of lasting are: candidates and base rates by origin, the odds beside the constant, the
 * burst weight and the plain features, by origin and pooled, with intervals by term cluster. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "bench/quality.h"
#include "papers/field.h"
#include "papers/judged.h"

#include "base/banned.h"

enum { DRAWS = 2000, SEED = 6 };

static bool auc_of(const struct judged *j, size_t from, size_t to, bool burst, double *auc, struct err *err)
{
    struct verdict_score s;
    double *value = mem_get((to - from + 1) * sizeof *value);
    if (!value)
        return fail_memory(err);
    for (size_t i = from; i < to; i++)
        value[i - from] = burst ? j->of[i]->burst : j->of[i]->share;
    bool ok = verdict_score(value, j->lasting + from, NULL, to - from, &s, err);
    *auc = s.auc;
    mem_free(value);
    return ok;
}

/* A row an origin; how many of them the odds were worse in than the constant. */
static bool by_origin(const struct judged *j, struct err *err)
{
    unsigned worse = 0, origins = 0;
    printf("    T      n lasting   burst   share     AUC   Brier constant\n");
    for (size_t i = 0, end; i < j->n; i = end) {
        struct verdict_score s, c;
        double burst, share, yes = 0;
        for (end = i; end < j->n && j->of[end]->year == j->of[i]->year; end++)
            yes += j->lasting[end];
        if (!verdict_score(j->p + i, j->lasting + i, NULL, end - i, &s, err) ||
            !verdict_score(j->base + i, j->lasting + i, NULL, end - i, &c, err) ||
            !auc_of(j, i, end, true, &burst, err) || !auc_of(j, i, end, false, &share, err))
            return false;
        printf("    %d %4zu %7.3f %7.3f %7.3f %7.3f %7.4f %7.4f%s\n", j->of[i]->year, end - i,
               yes / (double)(end - i), burst, share, s.auc, s.brier, c.brier,
               s.brier > c.brier ? "  worse" : "");
        worse += s.brier > c.brier;
        origins++;
    }
    printf("    worse than the constant in %u of %u origins\n", worse, origins);
    return true;
}

static bool pooled(const char *what, const struct judged *j, struct verdict_score *s,
                   struct verdict_score *constant, struct err *err)
{
    struct verdict_score low, high;
    if (!verdict_score(j->p, j->lasting, NULL, j->n, s, err) ||
        !verdict_score(j->base, j->lasting, NULL, j->n, constant, err) ||
        !verdict_bootstrap(j->p, j->lasting, j->cluster, j->n, j->clusters, DRAWS, SEED, &low, &high, err))
        return false;
    printf("    %-22s n=%zu AUC=%.3f [%.3f, %.3f] Brier=%.4f [%.4f, %.4f] ECE=%.3f [%.3f, %.3f]\n", what,
           j->n, s->auc, low.auc, high.auc, s->brier, low.brier, high.brier, s->ece, low.ece, high.ece);
    return true;
}

typedef bool judge(struct arena *arena, const struct trends *t, enum method method, struct judged *out,
                   struct err *err);

/* Shares of the candidates outside (.35, .65), and how often the word they bring was right. */
static void words_said(const struct judged *j)
{
    double outside = 0, right = 0, faded = 0, faded_right = 0;
    for (size_t i = 0; i < j->n; i++) {
        bool low = j->p[i] <= .35, high = j->p[i] >= .65;
        outside += low || high;
        right += (high && j->lasting[i]) || (low && !j->lasting[i]);
        faded += low;
        faded_right += low && !j->lasting[i];
    }
    printf("    a word is said of %.0f of %zu, right in %.0f; “faded” of %.0f, right in %.0f\n", outside,
           j->n, right, faded, faded_right);
}

static bool report(const struct field *f, const char *what, judge *how, struct buf *ends, size_t *n,
                   struct err *err)
{
    static const struct {
        enum method method;
        const char *name;
    } beside[] = {{BY_PLAIN, "twelve plain features"},
                  {BY_ELEVEN, "the eleven"},
                  {BY_ALL, "all features"},
                  {BY_TREES, "all, trees"}};
    struct judged j;
    struct verdict_score s, constant, other;
    double burst, share;
    AUTO_ARENA struct arena *arena = arena_new();
    if (!how(arena, &f->trends, BY_SHIPPED, &j, err))
        return false;
    *n = j.n;
    if (j.n == 0) {
        buf_printf(ends, "%s n=0\n", what);
        return true;
    }
    printf("%s\n", what);
    if (!by_origin(&j, err) || !pooled("odds as shipped", &j, &s, &constant, err) ||
        !auc_of(&j, 0, j.n, true, &burst, err) || !auc_of(&j, 0, j.n, false, &share, err))
        return false;
    printf("    constant Brier=%.4f; burst weight AUC=%.3f, share AUC=%.3f\n", constant.brier, burst, share);
    words_said(&j);
    buf_printf(ends, "%s n=%zu AUC=%.3f Brier=%.4f constant=%.4f ECE=%.3f%s\n", what, j.n, s.auc, s.brier,
               constant.brier, s.ece,
               how == judge_leave_out ? " (looks ahead: later origins taught earlier ones)" : "");
    enum method shipped = j.method;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (beside[i].method == shipped)
            printf("    %-22s as shipped\n", beside[i].name);
        else if (!how(arena, &f->trends, beside[i].method, &j, err) ||
                 !pooled(beside[i].name, &j, &other, &constant, err))
            return false;
    return true;
}

static bool quality_of(const struct texts *texts, bool abstracts, struct buf *ends, struct err *err)
{
    AUTO_FIELD struct field f = {0};
    size_t n;
    if (!field_make(&f, texts, (struct span){0}, abstracts, err))
        return false;
    printf("\n%zu terms of %s, %d to %d\n", f.terms.n, abstracts ? "titles and abstracts" : "titles",
           f.panel.first, f.panel.last);
    if (!report(&f, abstracts ? "verdict abstracts" : "verdict titles", judge_forward, ends, &n, err))
        return false;
    return n ||
           report(&f, abstracts ? "verdict abstracts leave-one-origin-out" : "verdict leave-one-origin-out",
                  judge_leave_out, ends, &n, err);
}

bool quality_verdicts(const struct texts *texts, bool abstracts, struct buf *ends, struct err *err)
{
    bool *mine = mem_get(texts->venues.n + 1);
    if (!mine)
        return fail_memory(err);
    bool there = field_venues(texts, (struct span){0}, mine) && field_has_abstracts(texts, mine);
    mem_free(mine);
    return (abstracts && !there) || quality_of(texts, abstracts, ends, err);
}
