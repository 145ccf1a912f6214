/* Strengths and style in one fit, or strengths and the left side alone. Columns are centred and divided by
 * their standard deviation; one more column, always 1, is the advantage of the left side. A column without
 * spread, or that the others make up, is dropped and said. */
#include <math.h>

#include "arena/rank_votes.h"
#include "base/words.h"
#include "num/dense.h"

#include "base/banned.h"

#define NO_SPREAD 1e-9
#define MADE_UP 1e-6 /* what is left of a column's variance once the others are taken out */

static const char *const names[STYLE_MOST + 1] = {"length", "headers", "lists", "bold", "left side"};

struct moments {
    double n, mean[STYLE_MOST], product[STYLE_MOST][STYLE_MOST];
};

/* Means and products of the deviations, by Welford's updating. */
static bool gather(struct rank_votes *rv, struct moments *m, struct err *err)
{
    struct style_vote v;
    bool any;
    rv->style.features = STYLE_MOST;
    for (int f = 0; f < STYLE_MOST; f++)
        rv->style.column[f] = f, rv->style.mean[f] = 0, rv->style.by[f] = 1;
    for (rank_votes_rewind(rv);;) {
        if (!rank_votes_next(rv, &v, NULL, &any, err))
            return false;
        if (!any)
            return true;
        double off[STYLE_MOST], by = 1 / ++m->n;
        for (int f = 0; f < STYLE_MOST; f++) {
            off[f] = (double)v.z[f] - m->mean[f];
            m->mean[f] += off[f] * by;
        }
        for (int f = 0; f < STYLE_MOST; f++)
            for (int g = 0; g <= f; g++)
                m->product[f][g] += off[f] * ((double)v.z[g] - m->mean[g]);
    }
}

/* Which columns say something of their own, looked at one after the other (Gram and Schmidt by Cholesky). */
static void choose(const struct moments *m, bool *use)
{
    double l[STYLE_MOST][STYLE_MOST] = {0};
    for (int f = 0; f < STYLE_MOST; f++) {
        double left = m->product[f][f];
        for (int g = 0; g < f; g++) {
            double sum = m->product[f][g];
            for (int h = 0; h < g; h++)
                sum -= l[f][h] * l[g][h];
            l[f][g] = use[g] && l[g][g] > 0 ? sum / l[g][g] : 0;
            left -= l[f][g] * l[f][g];
        }
        use[f] = use[f] && m->product[f][f] > NO_SPREAD * m->n && left > MADE_UP * m->product[f][f];
        l[f][f] = use[f] ? sqrt(left) : 0;
    }
}

static void take_columns(struct rank_votes *rv, const struct moments *m, const bool *use)
{
    rv->style.features = 0;
    for (int f = 0; f <= STYLE_MOST; f++) {
        if (!use[f])
            continue;
        size_t at = rv->style.features++;
        rv->style.column[at] = f;
        rv->style.mean[at] = f < STYLE_MOST ? m->mean[f] : 0;
        rv->style.by[at] = f < STYLE_MOST ? sqrt(m->n / m->product[f][f]) : 1;
    }
}

static bool block(void *from, size_t b, struct style_vote *out, size_t *n, struct err *err)
{
    struct rank_votes *rv = from;
    if (b == 0)
        rank_votes_rewind(rv);
    return rank_votes_some(rv, out, STYLE_BLOCK, n, err);
}

static bool say_dropped(struct arena *arena, struct ranking *r, struct err *err)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    for (size_t i = 0; i < r->style.features; i++) {
        if (!r->style.at[i].dropped)
            continue;
        buf_reset(&line);
        words_say(&line,
                  tr("arena.warn.column",
                     "The style column “{name}” has no spread of its own here; it is left out."),
                  {"name", r->style.at[i].name});
        if (!rank_warn(arena, r, buf_text(&line), err))
            return false;
    }
    return true;
}

static void keep_result(struct ranking *r, const struct rank_votes *rv, const bool *use)
{
    size_t first = r->fit.models + (r->fit.ties != BT_HALF);
    r->style.used = rv->votes->ask.style;
    r->style.side = use[STYLE_MOST];
    r->style_columns = rv->style;
    if (!r->style.used) {
        r->style.features = 1;
        r->style.at[0].name = names[STYLE_MOST];
        r->style.at[0].dropped = !r->style.side;
        r->style.at[0].value = r->style.side ? r->fit.at[first] : 0;
        return;
    }
    r->style.features = STYLE_MOST + 1;
    for (int f = 0; f <= STYLE_MOST; f++) {
        r->style.at[f].name = names[f];
        r->style.at[f].dropped = !use[f];
    }
    for (size_t i = 0; i < rv->style.features; i++)
        r->style.at[rv->style.column[i]].value = r->fit.at[first + i];
}

bool rank_style_fit(struct arena *arena, struct votes *votes, struct ranking *r, struct rank_votes *rv,
                    double **meat, struct err *err)
{
    struct moments m = {0};
    bool style = votes->ask.style, use[STYLE_MOST + 1] = {style, style, style, style, true};
    rank_votes_begin(rv, votes, r);
    if (style && !gather(rv, &m, err))
        return false;
    if (style)
        choose(&m, use);
    for (;;) {
        struct err why = {0};
        struct bt_fit fit;
        size_t weak;
        take_columns(rv, &m, use);
        struct style_votes source = {rv, block, rv->style.features};
        if (style_fit(arena, &source, r->fit.models, r->fit.ties, r->fit.at, &fit, meat, &weak, &why)) {
            r->fit = fit;
            keep_result(r, rv, use);
            return say_dropped(arena, r, err);
        }
        if (weak >= rv->style.features)
            return fail(err, why.code, "%s", why.text);
        use[rv->style.column[weak]] = false;
    }
}
