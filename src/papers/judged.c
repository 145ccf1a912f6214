/* Odds of past years held against what became of their terms. */
#include "papers/judged.h"

#include "base/banned.h"

/* A fit for the origin, or none: then the origin is passed over. */
static bool fit_for(struct arena *arena, const struct trends *t, int year, enum method method, bool ahead,
                    struct trends_fit *fit, bool *have, struct err *err)
{
    size_t from, to;
    struct err why = {0};
    trends_known(t, ahead ? t->f->p->last : year, &from, &to);
    struct lesson lesson = {t, from, to, ahead ? year : 0};
    *have = (ahead || to - from >= TRENDS_LEAST) && trends_fit(arena, &lesson, 1, method, fit, &why);
    if (why.code && why.code != E_MISSING)
        return fail(err, why.code, "%s", why.text);
    return true;
}

static bool judge(struct arena *arena, const struct trends *t, enum method method, bool ahead,
                  struct judged *out, struct err *err)
{
    size_t from, to;
    trends_known(t, t->f->p->last, &from, &to);
    size_t most = to - from + 1;
    struct judged j = {.method = BY_SHIPPED,
                       .of = arena_array(arena, most, sizeof *j.of),
                       .p = arena_array(arena, most, sizeof *j.p),
                       .base = arena_array(arena, most, sizeof *j.base),
                       .lasting = arena_array(arena, most, sizeof *j.lasting),
                       .cluster = arena_array(arena, most, sizeof *j.cluster)};
    uint32_t *cluster;
    if (!j.of || !j.p || !j.base || !j.lasting || !j.cluster)
        return fail_memory(err);
    if (!trends_clusters(arena, t, from, to, &cluster, &j.clusters, err))
        return false;
    for (size_t i = from, end; i < to; i = end) {
        struct trends_fit fit;
        bool have;
        end = trends_before(t, t->at[i].year + 1);
        if (!fit_for(arena, t, t->at[i].year, method, ahead, &fit, &have, err))
            return false;
        for (size_t k = i; have && k < end; k++, j.n++) {
            j.of[j.n] = &t->at[k];
            j.p[j.n] = trends_odds(&fit, &t->at[k], NULL, NULL);
            j.base[j.n] = fit.model.base;
            j.lasting[j.n] = t->at[k].lasting;
            j.cluster[j.n] = cluster[k - from];
            j.trained = fit.cases;
        }
        if (have)
            j.method = j.method == BY_SHIPPED || j.method == fit.method ? fit.method : METHODS;
    }
    *out = j;
    return true;
}

bool judge_forward(struct arena *arena, const struct trends *t, enum method method, struct judged *out,
                   struct err *err)
{
    return judge(arena, t, method, false, out, err);
}

bool judge_leave_out(struct arena *arena, const struct trends *t, enum method method, struct judged *out,
                     struct err *err)
{
    return judge(arena, t, method, true, out, err);
}
