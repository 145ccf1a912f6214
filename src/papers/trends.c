/* Cases of all years; learning odds from them. */
#include "papers/trends.h"

#include <math.h>

#include "base/map.h"
#include "base/vec.h"
#include "num/special.h"

#include "base/banned.h"

enum { NEIGHBOURS = 10, BACK = 6, SOONEST = 6 /* years after a panel's first */, JOINS_MOST = 12 };
#define Z_MOST 3.0
#define INDICATOR .5

size_t trends_before(const struct trends *t, int year)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->at[mid].year < year)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void trends_known(const struct trends *t, int year, size_t *from, size_t *to)
{
    *from = trends_start(t);
    *to = trends_before(t, year - PANEL_OUTCOME + 1);
    *to = *to < *from ? *from : *to;
}

static void moments(const struct trend_case *c, size_t n, double *mean, double *variance)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += c[i].x[F_O];
    *mean = n ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++)
        squares += (c[i].x[F_O] - *mean) * (c[i].x[F_O] - *mean);
    *variance = n ? squares / (double)n : 0;
}

/* Papers elsewhere against the other candidates of the year, few of which lean on those of the years before.
 */
static void standardise(struct trends *t, int year)
{
    size_t from = trends_before(t, year), back = trends_before(t, year - BACK), k = t->n - from;
    double m, v, m_back, v_back, w = (double)k / (double)(k + NEIGHBOURS);
    moments(t->at + from, k, &m, &v);
    moments(t->at + back, t->n - back, &m_back, &v_back);
    m = w * m + (1 - w) * m_back;
    v = w * v + (1 - w) * v_back;
    for (size_t i = from; i < t->n; i++)
        t->at[i].x[F_O_Z] = fmax(-Z_MOST, fmin(Z_MOST, (t->at[i].x[F_O] - m) / (sqrt(v) + 1e-9)));
}

bool trends_make(struct arena *arena, struct features *f, struct trends *out, struct err *err)
{
    const struct panel *p = f->p;
    struct trends t = {.f = f, .first = p->first + TRENDS_AFTER};
    for (int year = p->first + SOONEST; year <= p->last; year++) {
        struct candidates c;
        if (!panel_candidates(arena, p, year, &c, err))
            return false;
        for (size_t i = 0; i < c.n; i++) {
            struct trend_case *one = VEC_PUSH(arena, &t);
            if (!one)
                return fail_memory(err);
            one->term = c.at[i].term;
            one->year = year;
            one->burst = c.at[i].burst.weight;
            one->share = panel_share(p, one->term, year);
            features_of(f, &c.at[i], year, one->x);
            one->resolved = year + PANEL_OUTCOME <= p->last;
            one->lasting = one->resolved && panel_lasting(p, one->term, year);
        }
        standardise(&t, year);
    }
    *out = t;
    return true;
}

static const double penalty[METHODS] = {[BY_ELEVEN] = .1, [BY_PLAIN] = .3, [BY_ALL] = .01, [BY_TREES] = .01};
static const struct trees_how trees_how = {.trees = 400, .leaf = 8, .share = .4, .seed = 6};

static void choose(enum method method, struct trends_fit *fit)
{
    fit->features = 0;
    for (int i = 0; i < FEATURES; i++)
        if (method == BY_ELEVEN ? i <= F_O_Z : method == BY_PLAIN ? i >= F_L0 && i <= F_DF : i != F_O_Z)
            fit->feature[fit->features++] = (enum feature)i;
}

/* Rows of a lesson behind the `k` that are there; `clusters` is raised by its own. */
static bool take_lesson(struct arena *work, const struct lesson *l, const struct trends_fit *fit,
                        double indicator, struct verdict_rows *rows, double *x, bool *lasting,
                        uint32_t *cluster, struct err *err)
{
    uint32_t *of;
    size_t clusters;
    if (!trends_clusters(work, l->of, l->from, l->to, &of, &clusters, err))
        return false;
    for (size_t i = l->from; i < l->to; i++) {
        const struct trend_case *c = &l->of->at[i];
        double *row = x + rows->rows * fit->features;
        if (!c->resolved || c->year == l->without)
            continue;
        for (size_t j = 0; j < fit->features - fit->pooled; j++)
            row[j] = c->x[fit->feature[j]];
        if (fit->pooled)
            row[fit->features - 1] = indicator;
        cluster[rows->rows] = of[i - l->from] + (uint32_t)rows->clusters;
        lasting[rows->rows++] = c->lasting;
    }
    rows->clusters += clusters;
    return true;
}

static size_t lesson_cases(const struct lesson *l)
{
    size_t n = 0;
    for (size_t i = l->from; i < l->to; i++)
        n += l->of->at[i].resolved && l->of->at[i].year != l->without;
    return n;
}

bool trends_fit(struct arena *arena, const struct lesson *l, size_t n, enum method method,
                struct trends_fit *out, struct err *err)
{
    struct trends_fit fit = {.pooled = n > 1};
    AUTO_ARENA struct arena *work = arena_new();
    for (size_t k = 0; k < n; k++)
        fit.cases += lesson_cases(&l[k]);
    if (method == BY_SHIPPED)
        method = l->of->f->p->terms->abstracts && fit.cases >= TRENDS_ALL && n == 1 ? BY_TREES : BY_ELEVEN;
    fit.method = method;
    choose(method, &fit);
    fit.features += fit.pooled;
    double *x = arena_array(work, fit.cases * fit.features + 1, sizeof *x);
    bool *lasting = arena_array(work, fit.cases + 1, sizeof *lasting);
    uint32_t *cluster = arena_array(work, fit.cases + 1, sizeof *cluster);
    struct verdict_rows rows = {.x = x, .lasting = lasting, .cluster = cluster, .features = fit.features};
    if (!x || !lasting || !cluster)
        return fail_memory(err);
    for (size_t k = 0; k < n; k++)
        if (!take_lesson(work, &l[k], &fit, k ? INDICATOR : 0, &rows, x, lasting, cluster, err))
            return false;
    if (!verdict_fit(arena, &rows, penalty[method], &fit.model, err) ||
        (method == BY_TREES && !trees_grow(arena, &rows, &trees_how, &fit.trees, err)))
        return false;
    *out = fit;
    return true;
}

/* Kept from the ends, where trees may put a case and no band could. */
static double log_odds(double p)
{
    p = fmin(fmax(p, 1e-6), 1 - 1e-6);
    return log(p / (1 - p));
}

double trends_odds(const struct trends_fit *fit, const struct trend_case *c, double *low, double *high)
{
    double x[FEATURES + 1];
    for (size_t j = 0; j < fit->features - fit->pooled; j++)
        x[j] = c->x[fit->feature[j]];
    x[fit->features - 1] = fit->pooled ? 0 : x[fit->features - 1];
    double p = verdict_odds(&fit->model, x, low, high);
    if (fit->trees.n == 0)
        return p;
    double q = trees_odds(&fit->trees, x), move = log_odds(q) - log_odds(p);
    if (low)
        *low = special_logistic(log_odds(*low) + move);
    if (high)
        *high = special_logistic(log_odds(*high) + move);
    return q;
}

/* Spellings that are told apart, as a forest of those that go together. */
struct forest {
    struct map number; /* spelling to node + 1 */
    uint32_t *up, *longer, nodes;
};

static uint32_t root(struct forest *f, uint32_t i)
{
    while (f->up[i] != i)
        i = f->up[i] = f->up[f->up[i]];
    return i;
}

/* Go through the shorter spellings, whole words side by side, that stand in this one: count it there, or
 * join. */
static void join_parts(struct forest *f, struct span spelling, uint32_t node, bool join)
{
    for (size_t i = 0; i < spelling.n; i++) {
        if (i && spelling.p[i - 1] != ' ')
            continue;
        for (size_t k = i + 1; k <= spelling.n; k++) {
            if (k < spelling.n && spelling.p[k] != ' ')
                continue;
            struct span part = {spelling.p + i, k - i};
            const int64_t *found = part.n < spelling.n ? map_find(&f->number, part) : NULL;
            if (!found || *found == 0)
                continue;
            uint32_t other = (uint32_t)*found - 1;
            if (!join)
                f->longer[other]++;
            else if (f->longer[other] <= JOINS_MOST)
                f->up[root(f, node)] = root(f, other);
        }
    }
}

static bool plant(struct forest *f, const struct trends *t, size_t from, size_t to, uint32_t *node)
{
    for (size_t i = from; i < to; i++) {
        struct span s = vocabulary_at(&t->f->folds, t->f->spelling[t->at[i].term]);
        int64_t *number = map_at(&f->number, s);
        if (!number)
            return false;
        if (*number == 0)
            *number = ++f->nodes;
        node[i - from] = (uint32_t)*number - 1;
        f->up[node[i - from]] = node[i - from];
    }
    return true;
}

bool trends_clusters(struct arena *arena, const struct trends *t, size_t from, size_t to, uint32_t **out,
                     size_t *clusters, struct err *err)
{
    struct forest f = {.up = arena_array(arena, to - from + 1, sizeof *f.up),
                       .longer = arena_array(arena, to - from + 1, sizeof *f.longer)};
    uint32_t *node = arena_array(arena, to - from + 1, sizeof *node);
    bool *done = arena_array(arena, to - from + 1, sizeof *done);
    map_init(&f.number, arena, to - from + 1);
    if (!f.up || !f.longer || !node || !done || !plant(&f, t, from, to, node))
        return fail_memory(err);
    for (int join = 0; join < 2; join++) {
        memset(done, 0, to - from);
        for (size_t i = from; i < to; i++) {
            uint32_t k = node[i - from];
            if (!done[k])
                join_parts(&f, vocabulary_at(&t->f->folds, t->f->spelling[t->at[i].term]), k, join);
            done[k] = true;
        }
    }
    for (size_t i = 0; i < to - from; i++)
        node[i] = root(&f, node[i]);
    *out = node;
    *clusters = f.nodes;
    return true;
}
