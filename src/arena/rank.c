/* From pair counts to a board. Strongly connected parts of the graph of wins are fitted each for itself: the
 * largest is the board, the others are set apart, for no vote puts them on its scale. */
#include "arena/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "base/words.h"
#include "num/special.h"

#include "base/banned.h"

/* Errors take some matrices of so many models squared. */
enum { FITTED_MOST = 3000, DRAWS = 4000, REFITS = 100 };

const char *rank_ties_name(enum bt_ties ties)
{
    return ties == BT_HALF ? "half" : ties == BT_DAVIDSON ? "davidson" : "rao-kupper";
}

bool rank_warn(struct arena *arena, struct ranking *r, const char *text, struct err *err)
{
    struct {
        const char **at;
        size_t n, room;
    } v = {r->warning, r->warnings, r->warnings_room};
    const char **w = VEC_PUSH(arena, &v);
    if (!w || !(*w = arena_text(arena, span_of(text))))
        return fail_memory(err);
    r->warning = v.at;
    r->warnings = v.n;
    r->warnings_room = v.room;
    return true;
}

size_t rank_named(const struct ranking *r, struct span name)
{
    for (size_t i = 0; i < r->n; i++)
        if (span_eq(r->at[i].name, name))
            return i;
    return SIZE_MAX;
}

/* The votes of a pair as the fit counts them. */
static struct bt_pair counted(const struct pair_votes *p, bool bad_is_tie)
{
    return (struct bt_pair){
        p->i,
        p->j,
        {p->count[VOTE_A], p->count[VOTE_B], p->count[VOTE_TIE] + (bad_is_tie ? p->count[VOTE_BAD] : 0)}};
}

static bool all_pairs(struct arena *arena, const struct votes *v, const struct rank_ask *ask,
                      struct bt_data *out)
{
    struct bt_pair *pair = arena_array(arena, v->pairs + 1, sizeof *pair);
    if (!pair)
        return false;
    size_t n = 0;
    for (size_t p = 0; p < v->pairs; p++) {
        if (ask->without && (ask->without[v->pair[p].i] || ask->without[v->pair[p].j]))
            continue;
        pair[n] = counted(&v->pair[p], ask->bad_is_tie);
        n += pair[n].count[0] + pair[n].count[1] + pair[n].count[2] > 0;
    }
    *out = (struct bt_data){v->models.n, n, pair};
    return true;
}

/* Pairs and models laid out by component, each component's models numbered from 0. */
struct parts {
    struct bt_pair *pair;
    size_t *pair_from, *model_from; /* by component, one more at the end */
    uint32_t *number, *model;       /* number[model] within its component; models in that order */
};

static void running(size_t *from, size_t n)
{
    for (size_t i = 0, at = 0; i <= n; i++) {
        size_t many = from[i];
        from[i] = at;
        at += many;
    }
}

static void parts_fill(const struct bt_data *all, const struct connect *c, struct parts *p, size_t *next)
{
    memcpy(next, p->model_from, c->strong * sizeof *next);
    for (uint32_t i = 0; i < all->models; i++) {
        size_t of = c->of_strong[i];
        p->number[i] = (uint32_t)(next[of] - p->model_from[of]);
        p->model[next[of]++] = i;
    }
    memcpy(next, p->pair_from, c->strong * sizeof *next);
    for (size_t v = 0; v < all->n; v++) {
        struct bt_pair q = all->pair[v];
        size_t of = c->of_strong[q.i];
        if (of != c->of_strong[q.j])
            continue;
        q.i = p->number[q.i];
        q.j = p->number[q.j];
        p->pair[next[of]++] = q;
    }
}

static bool parts_make(struct arena *arena, const struct bt_data *all, const struct connect *c,
                       struct parts *p)
{
    *p = (struct parts){.pair = arena_array(arena, all->n + 1, sizeof *p->pair),
                        .pair_from = arena_array(arena, c->strong + 2, sizeof *p->pair_from),
                        .model_from = arena_array(arena, c->strong + 2, sizeof *p->model_from),
                        .number = arena_array(arena, all->models + 1, sizeof *p->number),
                        .model = arena_array(arena, all->models + 1, sizeof *p->model)};
    size_t *next = arena_array(arena, c->strong + 1, sizeof *next);
    if (!p->pair || !p->pair_from || !p->model_from || !p->number || !p->model || !next)
        return false;
    for (size_t i = 0; i < all->models; i++)
        p->model_from[c->of_strong[i]]++;
    for (size_t v = 0; v < all->n; v++)
        if (c->of_strong[all->pair[v].i] == c->of_strong[all->pair[v].j])
            p->pair_from[c->of_strong[all->pair[v].i]]++;
    running(p->model_from, c->strong);
    running(p->pair_from, c->strong);
    parts_fill(all, c, p, next);
    return true;
}

static struct bt_data part_of(const struct parts *p, size_t which)
{
    /* i < j still holds: numbers within a component rise with the models' own. */
    return (struct bt_data){p->model_from[which + 1] - p->model_from[which],
                            p->pair_from[which + 1] - p->pair_from[which], p->pair + p->pair_from[which]};
}

/* The board: the first component, and who is on it. */
static bool take_board(struct arena *arena, const struct bt_data *all, const struct parts *p,
                       struct ranking *r)
{
    r->data = part_of(p, 0);
    r->model_of = p->model;
    r->fit_of = arena_array(arena, all->models + 1, sizeof *r->fit_of);
    for (size_t i = 0; r->fit_of && i < all->models; i++)
        r->fit_of[i] = r->connect.of_strong[i] == 0 ? p->number[i] : UINT32_MAX;
    return r->fit_of;
}

/* The models' rows, with their counts. */
static bool rows(struct arena *arena, const struct votes *v, struct ranking *r, struct err *err)
{
    r->n = v->models.n;
    r->at = arena_array(arena, r->n + 1, sizeof *r->at);
    if (!r->at)
        return fail_memory(err);
    for (size_t i = 0; i < r->n; i++)
        r->at[i] = (struct ranked){.model = (uint32_t)i,
                                   .name = v->models.text[i],
                                   .component = r->connect.of_strong[i],
                                   .island = r->connect.of_weak[i]};
    for (size_t p = 0; p < v->pairs; p++) {
        struct bt_pair c = counted(&v->pair[p], r->ask.bad_is_tie);
        struct ranked *i = &r->at[c.i], *j = &r->at[c.j];
        int64_t n = c.count[BT_WIN] + c.count[BT_LOSS] + c.count[BT_TIE];
        i->votes += n, j->votes += n;
        i->wins += c.count[BT_WIN], j->wins += c.count[BT_LOSS];
        i->losses += c.count[BT_LOSS], j->losses += c.count[BT_WIN];
        i->ties += c.count[BT_TIE], j->ties += c.count[BT_TIE];
        i->bad += v->pair[p].count[VOTE_BAD], j->bad += v->pair[p].count[VOTE_BAD];
    }
    for (size_t i = 0; i < r->n; i++) {
        struct ranked *m = &r->at[i];
        double battles = (double)(m->votes + (r->ask.bad_is_tie ? 0 : m->bad));
        m->bad_share = battles > 0 ? (double)m->bad / battles : 0;
        special_wilson((double)m->bad, battles, special_normal_quantile(0.975), &m->bad_low, &m->bad_high);
        m->effective = (double)m->votes;
    }
    return true;
}

/* Ties have a parameter of their own: that takes one tie and one decision. */
static bool ties_possible(const struct bt_data *d)
{
    bool tied = false, decided = false;
    for (size_t p = 0; p < d->n; p++) {
        tied |= d->pair[p].count[BT_TIE] > 0;
        decided |= d->pair[p].count[BT_WIN] + d->pair[p].count[BT_LOSS] > 0;
    }
    return tied && decided;
}

/* Where the fit begins: NULL is at equal strengths. */
static bool starting(struct arena *arena, const struct ranking *r, double **out)
{
    *out = NULL;
    if (!r->ask.start)
        return true;
    *out = arena_array(arena, r->data.models + 1, sizeof **out);
    for (size_t i = 0; *out && i < r->data.models; i++) {
        uint32_t m = r->model_of[i];
        (*out)[i] = m < r->ask.start_n && isfinite(r->ask.start[m]) ? r->ask.start[m] : 0;
    }
    return *out;
}

/* The model of ties that was asked for, or the likelier one; fitted. */
static bool fit_board(struct arena *arena, struct ranking *r, struct err *err)
{
    enum bt_ties only = r->ask.ties;
    double *start;
    if (!starting(arena, r, &start))
        return fail_memory(err);
    r->per_vote[0] = r->per_vote[1] = r->per_vote[2] = NAN;
    if ((r->ask.ties_auto || only != BT_HALF) && !ties_possible(&r->data)) {
        r->ask.ties_auto = false;
        r->ask.ties = only = BT_HALF;
        if (!rank_warn(arena, r,
                       tr("arena.warn.no_ties", "There is not both a tie and a decision, so ties have no "
                                                "parameter of their own here: they count as half."),
                       err))
            return false;
    }
    for (enum bt_ties t = BT_HALF; t <= BT_RAO_KUPPER; t++) {
        struct bt_fit fit;
        if (r->ask.ties_auto ? t == BT_HALF : t != only)
            continue;
        if (!bt_fit(arena, &r->data, t, start, &fit, err))
            return false;
        r->per_vote[t] = fit.likelihood / fit.votes;
        if (!r->fit.at || r->per_vote[t] > r->per_vote[r->ask.ties]) {
            r->fit = fit;
            r->ask.ties = t;
        }
    }
    return true;
}

/* Components beside the board, each of at least two models: strengths within them. */
static bool fit_apart(const struct parts *p, struct ranking *r, struct err *err)
{
    for (size_t c = 1; c < r->connect.strong && r->connect.strong_size[c] > 1; c++) {
        struct arena *AUTO_ARENA own = arena_new();
        struct bt_data part = part_of(p, c);
        struct bt_fit fit;
        if (part.models > FITTED_MOST)
            continue;
        if (!bt_fit(own, &part, BT_HALF, NULL, &fit, err))
            return false;
        for (size_t i = 0; i < part.models; i++)
            r->at[p->model[p->model_from[c] + i]].apart = fit.at[i];
    }
    return true;
}

static bool errors(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err)
{
    size_t k = r->fit.models;
    r->cov = arena_array(arena, k * k, sizeof *r->cov);
    r->quantile = special_normal_quantile(0.975);
    r->few = 1;
    if (!r->cov)
        return fail_memory(err);
    return rank_errors(arena, votes, r, err);
}

static bool sets(struct arena *arena, struct ranking *r, struct err *err)
{
    struct ranks_ask ask = {.level = 0.95, .draws = r->ask.draws, .seed = r->ask.seed, .df = r->df};
    if (r->ask.no_sets || r->ask.fit_only)
        return true;
    r->sets_known = true;
    struct arena *AUTO_ARENA work = arena_new();
    struct ranks s;
    size_t k = r->fit.models;
    if (!ranks_find(work, r->fit.at, r->cov, k, &ask, &s, err))
        return false;
    r->sets = s;
    r->sets.low = arena_array(arena, k + 1, sizeof *s.low);
    r->sets.high = arena_array(arena, k + 1, sizeof *s.high);
    r->sets.above = arena_array(arena, k * k + 1, 1);
    if (!r->sets.low || !r->sets.high || !r->sets.above)
        return fail_memory(err);
    memcpy(r->sets.low, s.low, k * sizeof *s.low);
    memcpy(r->sets.high, s.high, k * sizeof *s.high);
    memcpy(r->sets.above, s.above, k * k);
    return true;
}

static void rate(struct ranking *r)
{
    size_t anchor = r->ask.anchor ? rank_named(r, span_of(r->ask.anchor)) : SIZE_MAX;
    double shift = 0;
    if (anchor != SIZE_MAX && r->fit_of[r->at[anchor].model] != UINT32_MAX)
        shift = r->fit.at[r->fit_of[r->at[anchor].model]];
    for (size_t i = 0; i < r->n; i++) {
        struct ranked *m = &r->at[i];
        m->fit = r->fit_of[m->model];
        m->rated = m->fit != UINT32_MAX;
        if (!m->rated)
            continue;
        r->rated++;
        m->logit = r->fit.at[m->fit];
        double var = r->ask.fit_only ? 0 : fmax(0, r->cov[m->fit * r->fit.models + m->fit]);
        m->se = sqrt(var / r->few);
        m->rating = 1000 + BT_ELO * (m->logit - shift);
        m->rating_se = BT_ELO * m->se;
        m->low = m->rating - r->quantile * BT_ELO * sqrt(var);
        m->high = m->rating + r->quantile * BT_ELO * sqrt(var);
        if (r->sets_known) {
            m->place_low = r->sets.low[m->fit];
            m->place_high = r->sets.high[m->fit];
        }
    }
}

static int by_rating(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rated != y->rated)
        return x->rated ? -1 : 1;
    if (x->rated && x->rating != y->rating)
        return x->rating > y->rating ? -1 : 1;
    if (x->component != y->component)
        return x->component < y->component ? -1 : 1;
    if (x->apart != y->apart)
        return x->apart > y->apart ? -1 : 1;
    return span_order(x->name, y->name);
}

/* Neighbours with the same rank set share a tier. */
static void tiers(struct ranking *r)
{
    for (size_t i = 0; i < r->rated; i++) {
        struct ranked *m = &r->at[i];
        bool same = i && m->place_low == m[-1].place_low && m->place_high == m[-1].place_high;
        m->tier = i == 0 ? 1 : m[-1].tier + !same;
    }
}

static bool check_asked(struct votes *votes, const struct rank_ask *ask, struct ranking *r, struct err *err)
{
    uint32_t model;
    r->ask = *ask;
    r->ask.draws = ask->draws ? ask->draws : DRAWS;
    r->ask.refits = ask->refits ? ask->refits : REFITS;
    if (votes->pairs == 0)
        return fail(err, E_FORMAT, tr("err.arena.none", "There are no votes between two models here."));
    if (ask->anchor && !labels_find(&votes->models, span_of(ask->anchor), &model))
        return fail(err, E_USAGE,
                    tr("err.arena.anchor", "No vote names the model “%.200s”, so it cannot be the anchor."),
                    ask->anchor);
    return true;
}

bool rank_make(struct arena *arena, struct votes *votes, const struct rank_ask *ask, struct ranking *out,
               struct err *err)
{
    struct bt_data all;
    struct parts parts;
    *out = (struct ranking){0};
    if (!check_asked(votes, ask, out, err))
        return false;
    if (!all_pairs(arena, votes, ask, &all))
        return fail_memory(err);
    if (!connect_find(arena, &all, &out->connect, err) || !rows(arena, votes, out, err))
        return false;
    if (out->connect.strong_size[0] > FITTED_MOST)
        return fail(
            err, E_LIMIT,
            tr("err.arena.models", "%zu models hang together here; errors are worked out for up to %d."),
            out->connect.strong_size[0], FITTED_MOST);
    if (!parts_make(arena, &all, &out->connect, &parts) || !take_board(arena, &all, &parts, out))
        return fail_memory(err);
    if (out->connect.strong_size[0] < 2)
        out->fit_of[out->model_of[0]] = UINT32_MAX; /* nobody shares a scale with anybody */
    else if (!fit_board(arena, out, err) || !errors(arena, votes, out, err) || !sets(arena, out, err))
        return false;
    if (!ask->fit_only && !fit_apart(&parts, out, err))
        return false;
    rate(out);
    if (out->ask.bootstrap && out->rated && !ask->fit_only && !rank_boot(arena, votes, out, err))
        return false;
    if (!rank_bounds(votes, out, err))
        return false;
    qsort(out->at, out->n, sizeof *out->at, by_rating);
    tiers(out);
    return out->ask.no_lead || ask->fit_only || rank_lead(arena, votes, out, err);
}
