/* A board out of the JSON it was kept as (arena/rank_json.c): what is drawn, without fit and covariance. A
 * place or a number that no board can have is refused. */
#include <math.h>

#include "arena/rank_draw.h"
#include "base/vec.h"
#include "base/words.h"

#include "base/banned.h"

enum { NAME_MOST = 1 << 16 };

static bool odd(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.arena.kept_board", "What was kept of this board cannot be read."));
}

/* NAN where there is none. */
static double real(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static int64_t count(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? json_integer_value(v) : 0;
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static bool model(struct arena *arena, const json_t *o, size_t number, size_t models, struct ranked *m,
                  struct err *err)
{
    struct span name;
    if (!json_get_text(o, "name", NAME_MOST, &name, err))
        return false;
    int64_t low = count(o, "rank_low"), high = count(o, "rank_high"), component = count(o, "component"),
            island = count(o, "island"), tier = count(o, "tier");
    *m = (struct ranked){.model = (uint32_t)number,
                         .name = arena_span(arena, name),
                         .rating = real(o, "rating"),
                         .logit = real(o, "logit"),
                         .rating_se = real(o, "se"),
                         .low = real(o, "low"),
                         .high = real(o, "high"),
                         .votes = count(o, "votes"),
                         .wins = count(o, "wins"),
                         .losses = count(o, "losses"),
                         .ties = count(o, "ties"),
                         .bad = count(o, "both_bad"),
                         .bad_share = real(o, "both_bad_share"),
                         .bad_low = real(o, "both_bad_low"),
                         .bad_high = real(o, "both_bad_high"),
                         .effective = real(o, "effective_votes"),
                         .apart = real(o, "logit_within")};
    if (name.n && !m->name.p)
        return fail_memory(err);
    m->rated = isfinite(m->rating);
    m->se = m->rating_se / BT_ELO;
    if (low < 0 || high < low || high > (int64_t)models || component < 0 || island < 0 || tier < 0 ||
        tier > (int64_t)models || m->votes < 0 || (m->rated && !(m->low <= m->high)))
        return odd(err);
    m->place_low = (size_t)low;
    m->place_high = (size_t)high;
    m->component = (size_t)component;
    m->island = (size_t)island;
    m->tier = (size_t)tier;
    bool least = json_object_get(o, "at_least"), most = json_object_get(o, "at_most");
    m->bound = least ? BOUND_LEAST : most ? BOUND_MOST : BOUND_NONE;
    m->bound_rating = real(o, least ? "at_least" : "at_most");
    return true;
}

static bool models(struct arena *arena, const json_t *o, struct ranking *r, struct err *err)
{
    const json_t *list;
    if (!json_get_array(o, "models", MODELS_MOST, &list, err))
        return false;
    r->n = json_array_size(list);
    r->at = arena_array(arena, r->n + 1, sizeof *r->at);
    if (!r->at)
        return fail_memory(err);
    for (size_t i = 0; i < r->n; i++) {
        if (!model(arena, json_array_get(list, i), i, r->n, &r->at[i], err))
            return false;
        if (r->at[i].rated && r->rated != i)
            return odd(err);
        r->rated += r->at[i].rated;
    }
    r->sets_known = r->rated > 0 && r->at[0].place_low > 0;
    return true;
}

static bool method(const json_t *o, struct votes *v, struct ranking *r)
{
    const json_t *m = json_object_get(o, "method"), *clusters = json_object_get(m, "clusters");
    const char *ties = text(m, "ties");
    r->ask.ties = strcmp(ties, "davidson") == 0 ? BT_DAVIDSON
                  : strcmp(ties, "half") == 0   ? BT_HALF
                                                : BT_RAO_KUPPER;
    r->ask.bad_is_tie = strcmp(text(m, "both_bad"), "tie") == 0;
    r->style.used = json_array_size(json_object_get(m, "style")) > 1;
    for (size_t i = 0; i < json_array_size(clusters) && i < CLUSTERS_MOST; i++) {
        v->cluster_column[i] = arena_text(v->arena, span_of(text(json_array_get(clusters, i), "column")));
        r->clusters[i] = (size_t)count(json_array_get(clusters, i), "clusters");
        v->ask.cluster[i] = v->cluster_column[i];
        v->ask.clusters++;
        if (!v->cluster_column[i])
            return false;
    }
    return true;
}

static void lead(const json_t *o, struct ranking *r)
{
    const json_t *l = json_object_get(o, "lead"), *f = json_object_get(l, "flip");
    r->lead.known = json_is_object(l);
    r->lead.difference = real(l, "difference");
    r->lead.se = real(l, "se");
    r->lead.low = real(l, "low");
    r->lead.high = real(l, "high");
    r->lead.always_low = real(l, "always_low");
    r->lead.always_high = real(l, "always_high");
    r->lead.always_known = isfinite(r->lead.always_low);
    r->lead.flip_known = json_is_object(f);
    r->lead.flip =
        (struct flip){.removed = count(f, "removed"), .added = count(f, "added"), .votes = count(f, "votes")};
}

static bool needs(struct arena *arena, const json_t *o, struct ranking *r, struct err *err)
{
    const json_t *list = json_object_get(o, "votes_needed");
    size_t n = json_array_size(list);
    r->need = arena_array(arena, n + 1, sizeof *r->need);
    if (!r->need)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        size_t a = rank_named(r, span_of(text(one, "a"))), b = rank_named(r, span_of(text(one, "b")));
        double votes = real(one, "votes");
        if (a < r->rated && b < r->rated)
            r->need[r->needs++] =
                (struct rank_need){(uint32_t)a, (uint32_t)b, isfinite(votes) ? votes : INFINITY};
    }
    return true;
}

static void nexts(const json_t *o, struct ranking *r)
{
    const json_t *list = json_object_get(o, "next_pairs");
    for (size_t i = 0; i < json_array_size(list) && r->nexts < NEXT_MOST; i++) {
        const json_t *one = json_array_get(list, i);
        size_t a = rank_named(r, span_of(text(one, "a"))), b = rank_named(r, span_of(text(one, "b")));
        if (a < r->rated && b < r->rated)
            r->next[r->nexts++] = (struct rank_next){(uint32_t)a, (uint32_t)b, real(one, "chance")};
    }
}

bool rank_from_json(struct arena *arena, const json_t *o, struct votes *votes, struct ranking *out,
                    struct err *err)
{
    *out = (struct ranking){0};
    *votes = (struct votes){.arena = arena};
    int64_t kept, pairs;
    if (!json_get_int(o, "pairs", 0, INT64_MAX, &pairs, err) ||
        !json_get_int(json_object_get(o, "input"), "kept", 0, INT64_MAX, &kept, err) ||
        !models(arena, o, out, err))
        return false;
    votes->kept = (uint64_t)kept;
    votes->pairs = (size_t)pairs;
    if (!method(o, votes, out))
        return fail_memory(err);
    lead(o, out);
    nexts(o, out);
    return needs(arena, o, out, err);
}
