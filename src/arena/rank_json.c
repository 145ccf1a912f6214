/* A board for programs. */
#include <math.h>

#include "arena/battle_tag.h"
#include "arena/rank_draw.h"

#include "base/banned.h"

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static void set(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value); /* NULL is taken as a failure below: the object lacks it */
}

static void set_count(json_t *o, const char *key, int64_t n)
{
    set(o, key, json_integer(n));
}

static const char *bound_name(enum rank_bound b)
{
    return b == BOUND_LEAST ? "at_least" : "at_most";
}

static json_t *model_json(const struct ranking *r, const struct ranked *m)
{
    json_t *o = json_object();
    set(o, "name", json_shown(m->name));
    set(o, "rating", m->rated ? number(m->rating) : json_null());
    set(o, "logit", m->rated ? number(m->logit) : json_null());
    set(o, "se", m->rated ? number(m->rating_se) : json_null());
    set(o, "low", m->rated ? number(m->low) : json_null());
    set(o, "high", m->rated ? number(m->high) : json_null());
    set(o, "rank_low", m->rated && r->sets_known ? json_integer((json_int_t)m->place_low) : json_null());
    set(o, "rank_high", m->rated && r->sets_known ? json_integer((json_int_t)m->place_high) : json_null());
    set(o, "tier", m->rated && r->sets_known ? json_integer((json_int_t)m->tier) : json_null());
    set_count(o, "votes", m->votes);
    set_count(o, "wins", m->wins);
    set_count(o, "losses", m->losses);
    set_count(o, "ties", m->ties);
    set_count(o, "both_bad", m->bad);
    set(o, "both_bad_share", number(m->bad_share));
    set(o, "both_bad_low", number(m->bad_low));
    set(o, "both_bad_high", number(m->bad_high));
    set(o, "effective_votes", m->rated ? number(m->effective) : json_null());
    set_count(o, "component", (int64_t)m->component);
    set_count(o, "island", (int64_t)m->island);
    if (m->bound != BOUND_NONE)
        set(o, bound_name(m->bound), number(m->bound_rating));
    if (!m->rated && r->connect.strong_size[m->component] > 1)
        set(o, "logit_within", number(m->apart));
    if (r->ask.bootstrap)
        set_count(o, "draws_lost", (int64_t)m->draws_lost);
    return o;
}

static json_t *style_json(const struct rank_style *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->features; i++) {
        json_t *o = json_object();
        set(o, "name", json_string(s->at[i].name));
        set(o, "value", s->at[i].dropped ? json_null() : number(s->at[i].value));
        set(o, "se", s->at[i].dropped ? json_null() : number(s->at[i].se));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *clusters_json(const struct votes *v, const struct ranking *r)
{
    json_t *list = json_array();
    for (int c = 0; c < v->ask.clusters; c++) {
        json_t *o = json_object();
        set(o, "column", json_string(v->cluster_column[c] ? v->cluster_column[c] : v->ask.cluster[c]));
        set_count(o, "clusters", (int64_t)r->clusters[c]);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *method_json(const struct votes *v, const struct ranking *r)
{
    json_t *o = json_object();
    set_count(o, "version", 1);
    set(o, "ties", json_string(rank_ties_name(r->ask.ties)));
    set(o, "ties_chosen_by_likelihood", json_boolean(r->ask.ties_auto));
    set(o, "both_bad", json_string(r->ask.bad_is_tie ? "tie" : "apart"));
    set(o, "errors", json_string(r->ask.bootstrap ? "bootstrap" : "sandwich"));
    set(o, "clusters", clusters_json(v, r));
    set(o, "few_clusters_factor", json_real(r->few));
    set(o, "level", json_real(0.95));
    set(o, "scale", json_string("elo"));
    set(o, "anchor", r->ask.anchor ? json_shown(span_of(r->ask.anchor)) : json_null());
    set(o, "rank_sets", json_string("simultaneous, stepped down"));
    set(o, "seed", json_integer((json_int_t)r->ask.seed));
    set_count(o, "draws", (int64_t)r->ask.draws);
    if (v->ask.category) {
        set(o, "category", json_string(v->ask.category));
        set_count(o, "category_rules", TAG_RULES);
    }
    set(o, "style", r->style.features ? style_json(&r->style) : json_null());
    if (r->fit.at && r->fit.ties != BT_HALF)
        set(o, r->fit.ties == BT_DAVIDSON ? "kappa" : "ln_eta", number(bt_tie_parameter(&r->fit)));
    return o;
}

static json_t *input_json(const struct votes *v)
{
    static const char *const why[LEFT_N] = {"self",    "no_name",       "outcome",  "not_a_vote", "not_blind",
                                            "sampled", "style_columns", "category", "broken"};
    json_t *o = json_object(), *left = json_object();
    set(o, "format", json_string(rank_format_name(v->format)));
    set_count(o, "rows", (int64_t)v->rows);
    set_count(o, "kept", (int64_t)v->kept);
    for (int i = 0; i < LEFT_N; i++)
        if (v->left[i])
            set_count(left, why[i], (int64_t)v->left[i]);
    set(o, "left_out", left);
    return o;
}

static json_t *fit_json(const struct ranking *r)
{
    json_t *o = json_object();
    set(o, "votes", number(r->fit.votes));
    set(o, "nll_per_vote", number(r->fit.votes > 0 ? -r->fit.likelihood / r->fit.votes : NAN));
    set_count(o, "steps", r->fit.steps);
    if (r->ask.ties_auto)
        for (enum bt_ties t = BT_DAVIDSON; t <= BT_RAO_KUPPER; t++)
            set(o, t == BT_DAVIDSON ? "nll_per_vote_davidson" : "nll_per_vote_rao_kupper",
                number(-r->per_vote[t]));
    if (r->sets_known) {
        set(o, "critical", number(r->sets.first));
        set(o, "critical_stepped_down", number(r->sets.last));
        set_count(o, "pairs_separated", (int64_t)r->sets.separated);
        set_count(o, "pairs_separated_at_once", (int64_t)r->sets.separated_at_once);
    }
    return o;
}

static json_t *flip_json(const struct flip *f)
{
    json_t *o = json_object();
    set(o, "gap", number(BT_ELO * f->gap));
    set_count(o, "votes", f->votes);
    set_count(o, "first_order", f->first_order);
    set(o, "gap_after_first_order", number(BT_ELO * f->gap_after));
    set(o, "removed", f->removed ? json_integer(f->removed) : json_null());
    set(o, "share", f->removed ? number((double)f->removed / (double)f->votes) : json_null());
    set_count(o, "direct_wins", f->direct);
    set(o, "added", f->added ? json_integer(f->added) : json_null());
    return o;
}

static json_t *lead_json(const struct ranking *r)
{
    const struct rank_lead *l = &r->lead;
    if (!l->known)
        return json_null();
    json_t *o = json_object();
    set(o, "first", json_shown(r->at[0].name));
    set(o, "second", json_shown(r->at[1].name));
    set(o, "difference", number(l->difference));
    set(o, "se", number(l->se));
    set(o, "low", number(l->low));
    set(o, "high", number(l->high));
    set(o, "always_low", l->always_known ? number(l->always_low) : json_null());
    set(o, "always_high", l->always_known ? number(l->always_high) : json_null());
    set(o, "flip", l->flip_known ? flip_json(&l->flip) : json_null());
    return o;
}

static json_t *needs_json(const struct ranking *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->needs; i++) {
        json_t *o = json_object();
        set(o, "a", json_shown(r->at[r->need[i].a].name));
        set(o, "b", json_shown(r->at[r->need[i].b].name));
        set(o, "votes", number(ceil(r->need[i].votes)));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *next_json(const struct ranking *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->nexts; i++) {
        json_t *o = json_object();
        set(o, "a", json_shown(r->at[r->next[i].a].name));
        set(o, "b", json_shown(r->at[r->next[i].b].name));
        set(o, "chance", number(r->next[i].chance));
        json_array_append_new(list, o);
    }
    return list;
}

json_t *rank_json(const struct votes *votes, const struct ranking *r)
{
    json_t *o = json_object(), *models = json_array(), *warnings = json_array();
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(models, model_json(r, &r->at[i]));
    for (size_t i = 0; i < r->warnings; i++)
        json_array_append_new(warnings, json_shown(span_of(r->warning[i])));
    set(o, "models", models);
    set(o, "method", method_json(votes, r));
    set(o, "pairs", json_integer((json_int_t)votes->pairs));
    set(o, "warnings", warnings);
    set(o, "input", input_json(votes));
    set(o, "fit", r->fit.at ? fit_json(r) : json_null());
    set(o, "lead", lead_json(r));
    set(o, "votes_needed", needs_json(r));
    set(o, "next_pairs", next_json(r));
    set_count(o, "components", (int64_t)r->connect.strong);
    set_count(o, "islands", (int64_t)r->connect.weak);
    return o;
}
