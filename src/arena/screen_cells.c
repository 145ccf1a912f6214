/* The screen where votes have a day and no voter: cells of a model and a day, and of a pair and a week.
 * Counts by pair and day are all that is needed, so memory is bounded by those. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena/rank_votes.h"
#include "arena/screen.h"
#include "base/day.h"
#include "base/vec.h"
#include "base/words.h"

#include "base/banned.h"

enum { LEAST_VOTES = 20, SHOWN = 20 };

struct cell {
    uint32_t a, b; /* a < b, by the fit */
    int64_t day;
    uint32_t count[3];
};
struct cells {
    struct cell *at;
    size_t n, room;
};
struct tests {
    struct suspect *at;
    size_t n, room;
};

static bool gather(struct arena *arena, struct votes *votes, const struct ranking *r, struct cells *cells,
                   struct err *err)
{
    struct rank_votes rv;
    struct style_vote v;
    struct labels index;
    uint32_t c[CLUSTERS_MOST], at;
    bool any = true, ok = true;
    labels_init(&index, arena, false, 1 << 26);
    rank_votes_begin(&rv, votes, r);
    while (ok && (ok = rank_votes_next(&rv, &v, c, &any, err)) && any) {
        if (c[0] >= votes->cluster[0].n)
            continue;
        uint32_t a = v.a < v.b ? v.a : v.b, b = v.a < v.b ? v.b : v.a;
        uint32_t key[3] = {a, b, c[0]};
        ok = labels_at_hash(&index, labels_hash(span_bytes(key, sizeof key)), &at, err);
        if (ok && at == cells->n) {
            struct cell *cell = VEC_PUSH(arena, cells);
            ok = cell || fail_memory(err);
            if (ok)
                *cell =
                    (struct cell){.a = a,
                                  .b = b,
                                  .day = strtoll(arena_text(arena, votes->cluster[0].text[c[0]]), NULL, 10)};
        }
        if (ok)
            cells->at[at].count[v.a < v.b || v.y == BT_TIE ? v.y : v.y == BT_WIN ? BT_LOSS : BT_WIN]++;
    }
    labels_clear(&index);
    return ok;
}

/* The votes of cells for which `pick` holds, one by one. */
static size_t unpack(const struct cell *cell, struct screen_vote *out)
{
    size_t n = 0;
    for (uint32_t y = 0; y < 3; y++)
        for (uint32_t i = 0; i < cell->count[y]; i++)
            out[n++] = (struct screen_vote){cell->a, cell->b, y};
    return n;
}

static int64_t week_of(int64_t day)
{
    return day - ((day + 3) % 7 + 7) % 7;
}

static int by_day(const void *x, const void *y)
{
    const struct cell *a = x, *b = y;
    return a->day < b->day ? -1 : a->day > b->day;
}

static int by_pair_week(const void *x, const void *y)
{
    const struct cell *a = x, *b = y;
    int64_t key[2][3] = {{a->a, a->b, week_of(a->day)}, {b->a, b->b, week_of(b->day)}};
    for (int i = 0; i < 3; i++)
        if (key[0][i] != key[1][i])
            return key[0][i] < key[1][i] ? -1 : 1;
    return 0;
}

struct cells_work {
    struct arena *arena;
    const struct votes *votes;
    const struct screen *screen;
    const struct ranking *r;
    struct screen_room room;
    struct screen_vote *vote;
    struct tests tests;
};

static bool test(struct cells_work *w, size_t n, uint32_t model, uint32_t other, int64_t day, bool week,
                 struct err *err)
{
    char text[32], iso[16];
    if (n < LEAST_VOTES)
        return true;
    struct suspect *s = VEC_PUSH(w->arena, &w->tests);
    snprintf(text, sizeof text, "%s%s", day_text((day_t)day, iso),
             week ? tr("screen.week_of", " (week)") : "");
    if (!s || !(s->name = arena_text(w->arena, span_of(text))))
        return fail_memory(err);
    s->log_e = screen_cell(w->screen, &w->room, w->vote, n, model);
    s->kind = SCREEN_FOR;
    s->model = w->votes->models.text[w->r->model_of[model]];
    if (week)
        s->other = w->votes->models.text[w->r->model_of[other]];
    s->votes = n;
    return true;
}

/* Each model's votes of each day. */
static bool model_days(struct cells_work *w, struct cells *cells, struct err *err)
{
    qsort(cells->at, cells->n, sizeof *cells->at, by_day);
    for (size_t from = 0, to; from < cells->n; from = to) {
        for (to = from; to < cells->n && cells->at[to].day == cells->at[from].day;)
            to++;
        for (uint32_t m = 0; m < w->r->fit.models; m++) {
            size_t n = 0;
            for (size_t i = from; i < to; i++)
                if (cells->at[i].a == m || cells->at[i].b == m)
                    n += unpack(&cells->at[i], w->vote + n);
            if (!test(w, n, m, m, cells->at[from].day, false, err))
                return false;
        }
    }
    return true;
}

static bool pair_weeks(struct cells_work *w, struct cells *cells, struct err *err)
{
    qsort(cells->at, cells->n, sizeof *cells->at, by_pair_week);
    for (size_t from = 0, to; from < cells->n; from = to) {
        const struct cell *c = &cells->at[from];
        size_t n = 0;
        for (to = from; to < cells->n && by_pair_week(c, &cells->at[to]) == 0; to++)
            n += unpack(&cells->at[to], w->vote + n);
        if (!test(w, n, c->a, c->b, week_of(c->day), true, err) ||
            !test(w, n, c->b, c->a, week_of(c->day), true, err))
            return false;
    }
    return true;
}

static int most_first(const void *a, const void *b)
{
    const struct suspect *x = a, *y = b;
    if (x->log_e != y->log_e)
        return x->log_e > y->log_e ? -1 : 1;
    return strcmp(x->name, y->name);
}

static bool flag(struct cells_work *w, struct screening *out, struct err *err)
{
    size_t n = w->tests.n;
    double *log_e = arena_array(w->arena, n + 1, sizeof *log_e);
    bool *hit = arena_array(w->arena, n + 1, sizeof *hit);
    if (!log_e || !hit)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        log_e[i] = w->tests.at[i].log_e;
    out->flagged = screen_flag(w->arena, log_e, n, out->alpha, hit);
    for (size_t i = 0; i < n; i++)
        w->tests.at[i].flagged = hit[i];
    qsort(w->tests.at, n, sizeof *w->tests.at, most_first);
    out->at = w->tests.at;
    out->tested = n;
    out->n = n > out->flagged + SHOWN ? out->flagged + SHOWN : n;
    return true;
}

bool screen_cells(struct arena *arena, struct votes *votes, const struct screen *s, struct screening *out,
                  struct err *err)
{
    struct cells cells = {0};
    struct cells_work w = {.arena = arena, .votes = votes, .screen = s, .r = &out->with};
    if (!gather(arena, votes, &out->with, &cells, err) || !screen_room_make(arena, s, &w.room, err))
        return false;
    w.vote = arena_array(arena, spool_count(votes->spool) + 1, sizeof *w.vote);
    if (!w.vote)
        return fail_memory(err);
    return model_days(&w, &cells, err) && pair_weeks(&w, &cells, err) && flag(&w, out, err);
}
