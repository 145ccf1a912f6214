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

/* The pairs within component `c`, its models numbered anew: number[model], and back. */
static bool part_pairs(struct arena *arena, const struct bt_data *all, const struct connect *c, size_t which,
                       struct bt_data *out, uint32_t **number, uint32_t **model)
{
    size_t size = c->strong_size[which], n = 0, at = 0;
    uint32_t *to = arena_array(arena, all->models + 1, sizeof *to),
             *from = arena_array(arena, size + 1, sizeof *from);
    for (size_t p = 0; p < all->n; p++)
        n += c->of_strong[all->pair[p].i] == which && c->of_strong[all->pair[p].j] == which;
    struct bt_pair *pair = arena_array(arena, n + 1, sizeof *pair);
    if (!to || !from || !pair)
        return false;
    for (size_t i = 0; i < all->models; i++) {
        to[i] = UINT32_MAX;
        if (c->of_strong[i] == which) {
            from[at] = (uint32_t)i;
            to[i] = (uint32_t)at++;
        }
    }
    n = 0;
    for (size_t p = 0; p < all->n; p++)
        if (c->of_strong[all->pair[p].i] == which && c->of_strong[all->pair[p].j] == which) {
            pair[n] = all->pair[p];
            pair[n].i = to[pair[n].i];
            pair[n++].j = to[all->pair[p].j];
        }
    *out = (struct bt_data){size, n, pair};
    *number = to;
    *model = from;
    return true;
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

/* The model of ties that was asked for, or the likelier one; fitted. */
static bool fit_board(struct arena *arena, struct ranking *r, struct err *err)
{
    enum bt_ties only = r->ask.ties;
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
        if (!bt_fit(arena, &r->data, t, NULL, &fit, err))
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
static bool fit_apart(struct arena *arena, const struct bt_data *all, struct ranking *r, struct err *err)
{
    for (size_t c = 1; c < r->connect.strong && r->connect.strong_size[c] > 1; c++) {
        struct arena *AUTO_ARENA own = arena_new();
        struct bt_data part;
        struct bt_fit fit;
        uint32_t *number, *model;
        if (r->connect.strong_size[c] > FITTED_MOST)
            continue;
        if (!part_pairs(own, all, &r->connect, c, &part, &number, &model))
            return fail_memory(err);
        if (!bt_fit(own, &part, BT_HALF, NULL, &fit, err))
            return false;
        for (size_t i = 0; i < part.models; i++)
            r->at[model[i]].apart = fit.at[i];
    }
    (void)arena;
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
    if (ask->anchor && !names_find(&votes->models, span_of(ask->anchor), &model))
        return fail(err, E_USAGE,
                    tr("err.arena.anchor", "No vote names the model “%.200s”, so it cannot be the anchor."),
                    ask->anchor);
    return true;
}

bool rank_make(struct arena *arena, struct votes *votes, const struct rank_ask *ask, struct ranking *out,
               struct err *err)
{
    struct bt_data all;
    uint32_t *model;
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
    if (!part_pairs(arena, &all, &out->connect, 0, &out->data, &out->fit_of, &model))
        return fail_memory(err);
    out->model_of = model;
    if (out->connect.strong_size[0] < 2)
        out->fit_of[model[0]] = UINT32_MAX; /* nobody shares a scale with anybody */
    else if (!fit_board(arena, out, err) || !errors(arena, votes, out, err) || !sets(arena, out, err))
        return false;
    if (!ask->fit_only && !fit_apart(arena, &all, out, err))
        return false;
    rate(out);
    if (out->ask.bootstrap && out->rated && !ask->fit_only && !rank_boot(arena, votes, out, err))
        return false;
    rank_bounds(votes, out);
    qsort(out->at, out->n, sizeof *out->at, by_rating);
    tiers(out);
    return out->ask.no_lead || ask->fit_only || rank_lead(arena, votes, out, err);
}
