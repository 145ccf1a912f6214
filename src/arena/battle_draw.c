/* The strengths that the draw goes by are fitted with one made-up win each way for every pair, so that a
 * model without votes has some; boards are fitted without. Wanted are the differences between neighbours in
 * rank whose order is open, and all of a newcomer's. */
#include "arena/battle_draw.h"

#include <math.h>

#include "anon/battle_road.h"
#include "base/words.h"
#include "num/next.h"

#include "base/banned.h"

enum { NEWCOMER = 30, CHOICE_TIE = 2 };

struct drawing {
    size_t n, of[MODELS_LIST]; /* of models->at */
    int64_t votes[MODELS_LIST];
    struct bt_pair *pair;
    size_t pairs;
};

static bool takes_part(struct db *db, const char *name, day_t today, bool *out, struct err *err)
{
    int64_t n;
    if (!db_number(
            db, &n, 0, err,
            "select count(*) from arena_model where name = $1 and from_day <= $2 and (to_day is null or "
            "to_day >= $2)",
            V_STR(name), V_INT(today)))
        return false;
    *out = n > 0;
    return true;
}

static size_t place(const struct drawing *d, const struct models *models, struct span name)
{
    for (size_t i = 0; i < d->n; i++)
        if (span_is(name, models->at[d->of[i]].name))
            return i;
    return SIZE_MAX;
}

static struct bt_pair *pair_of(struct drawing *d, size_t i, size_t j)
{
    for (size_t k = 0; k < d->pairs; k++)
        if (d->pair[k].i == i && d->pair[k].j == j)
            return &d->pair[k];
    return NULL;
}

static void count(struct drawing *d, size_t a, size_t b, int outcome, int64_t n)
{
    bool turned = a > b;
    struct bt_pair *p = turned ? pair_of(d, b, a) : pair_of(d, a, b);
    if (!p || a == b || outcome > CHOICE_TIE)
        return;
    p->count[outcome == CHOICE_TIE ? BT_TIE : (outcome == 0) != turned ? BT_WIN : BT_LOSS] += n;
    d->votes[a] += n;
    d->votes[b] += n;
}

static bool load(struct db *db, struct arena *arena, const struct models *models, struct drawing *d,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    d->pair = arena_array(arena, d->n * d->n / 2 + 1, sizeof *d->pair);
    if (!d->pair)
        return fail_memory(err);
    for (uint32_t i = 0; i < d->n; i++)
        for (uint32_t j = i + 1; j < d->n; j++)
            d->pair[d->pairs++] = (struct bt_pair){i, j, {1, 1, 0}};
    if (!db_query(db, &q, err,
                  "select a, b, outcome, count(*) from battle_vote where why = 0 group by a, b, outcome"))
        return false;
    while (db_next(q, &inner)) {
        size_t a = place(d, models, db_text(q, 0)), b = place(d, models, db_text(q, 1));
        if (a != SIZE_MAX && b != SIZE_MAX)
            count(d, a, b, (int)db_int(q, 2), db_int(q, 3));
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Strongest first; there are few. */
static void sort(const double *strength, uint32_t *order, size_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && strength[order[at - 1]] < strength[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* Neighbours that two standard errors do not part, and newcomers against all. */
static size_t wanted(const struct drawing *d, const struct bt_fit *fit, struct next_want *want)
{
    uint32_t order[MODELS_LIST];
    size_t n = 0;
    sort(fit->at, order, d->n);
    for (size_t i = 0; i + 1 < d->n; i++) {
        uint32_t a = order[i], b = order[i + 1];
        const double *v = fit->inverse;
        double var = v[a * fit->size + a] + v[b * fit->size + b] - 2 * v[a * fit->size + b];
        if (fabs(fit->at[a] - fit->at[b]) < 1.96 * sqrt(var))
            want[n++] = (struct next_want){a, b};
    }
    for (uint32_t a = 0; a < d->n; a++)
        for (uint32_t b = 0; b < d->n && d->votes[a] < NEWCOMER; b++)
            if (a != b)
                want[n++] = (struct next_want){a, b};
    return n;
}

static bool draw(struct arena *arena, const struct drawing *d, struct battle_pair *out, struct err *err)
{
    struct bt_fit fit;
    struct rng rng;
    uint64_t seed;
    uint32_t left, right;
    struct bt_data data = {d->n, d->pairs, d->pair};
    struct next_want *want = arena_array(arena, d->n * (d->n + 1), sizeof *want);
    if (!want)
        return fail_memory(err);
    battle_random(&seed, sizeof seed);
    rng_seed(&rng, seed);
    if (!bt_fit(arena, &data, BT_HALF, NULL, &fit, err) ||
        !next_pair(arena, &fit, want, wanted(d, &fit, want), &rng, &left, &right, &out->chance, err))
        return false;
    out->left = d->of[left];
    out->right = d->of[right];
    return true;
}

bool battle_draw(struct db *db, struct arena *arena, const struct models *models, day_t today,
                 struct battle_pair *out, struct err *err)
{
    struct drawing d = {0};
    for (size_t i = 0; i < models->n; i++) {
        bool yes;
        if (!takes_part(db, models->at[i].name, today, &yes, err))
            return false;
        if (yes)
            d.of[d.n++] = i;
    }
    if (d.n < 2)
        return fail(err, E_MISSING,
                    tr("err.arena.two_models",
                       "A battle takes two models, and %zu is in the lab's arena. See "
                       "`respite lab model list`."),
                    d.n);
    return load(db, arena, models, &d, err) && draw(arena, &d, out, err);
}
