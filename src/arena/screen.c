/* The screen by voter: votes are laid out by voter, each voter's evidence is worked out, e-BH flags. */
#include "arena/screen.h"

#include <math.h>
#include <stdlib.h>

#include "arena/rank_votes.h"
#include "base/words.h"
#include "num/robust.h"

#include "base/banned.h"

enum { SLOTS_MOST = 1 << 20, SHOWN = 20 };
#define DELTA 0.05

/* The Davidson board and its uncertainty, the parameter of ties included. */
static bool board(struct arena *arena, struct votes *votes, uint64_t seed, struct screening *out,
                  struct screen *s, struct err *err)
{
    struct votes plain = *votes; /* without its clusters: one person's votes must not widen the null */
    plain.ask.clusters = 0;
    struct rank_ask ask = {.ties = BT_DAVIDSON, .seed = seed, .no_lead = true, .no_sets = true};
    if (!rank_make(arena, &plain, &ask, &out->with, err))
        return false;
    if (out->with.rated < 2 || out->with.fit.ties != BT_DAVIDSON)
        return fail(err, E_FORMAT,
                    tr("err.arena.screen", "A screen needs a connected board with ties and decisions."));
    size_t n = out->with.fit.size;
    double *cov = arena_array(arena, n * n, sizeof *cov), *meat = arena_array(arena, n * n, sizeof *meat),
           *work = arena_array(arena, n * n, sizeof *work);
    if (!cov || !meat || !work)
        return fail_memory(err);
    robust_meat(&out->with.data, &out->with.fit, meat);
    robust_cov(&out->with.fit, meat, cov, work);
    *s = (struct screen){&out->with.fit, cov, DELTA};
    return true;
}

struct voters {
    uint32_t *of;
    struct screen_found *found;
    struct rank_votes rv;
    struct screen_room room;
    const struct screen *screen;
};

/* Voters from..to-1. */
static bool one_pass(struct voters *w, uint32_t from, uint32_t to, struct err *err)
{
    size_t n = 0;
    size_t *next = mem_get((to - from) * sizeof *next);
    for (uint32_t c = from; next && c < to; c++) {
        next[c - from] = n;
        n += w->of[c];
    }
    struct rank_slot *slot = mem_get((n + 1) * sizeof *slot);
    struct screen_vote *vote = mem_get((n + 1) * sizeof *vote);
    bool ok = (next && slot && vote) || fail_memory(err);
    ok = ok && rank_lay_out(&w->rv, 0, from, to, next, slot, err);
    for (size_t i = 0; ok && i < n; i++)
        vote[i] = (struct screen_vote){slot[i].vote.a, slot[i].vote.b, slot[i].vote.y};
    for (uint32_t c = from; ok && c < to; c++)
        screen_voter(w->screen, &w->room, vote + next[c - from] - w->of[c], w->of[c], &w->found[c]);
    mem_free(vote);
    mem_free(slot);
    mem_free(next);
    return ok;
}

static bool all_voters(struct arena *arena, struct votes *votes, struct voters *w, const struct ranking *r,
                       uint32_t many, struct err *err)
{
    w->of = arena_array(arena, (size_t)many + 1, sizeof *w->of);
    w->found = arena_array(arena, (size_t)many + 1, sizeof *w->found);
    if (!w->of || !w->found)
        return fail_memory(err);
    rank_votes_begin(&w->rv, votes, r);
    if (!rank_cluster_sizes(&w->rv, 0, w->of, err) || !screen_room_make(arena, w->screen, &w->room, err))
        return false;
    for (uint32_t from = 0; from < many;) {
        uint32_t to = from;
        size_t n = 0;
        while (to < many && (to == from || n + w->of[to] <= SLOTS_MOST))
            n += w->of[to++];
        if (!one_pass(w, from, to, err))
            return false;
        from = to;
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

/* Flag, sort, and keep the flagged and some behind them. */
static bool flag(struct arena *arena, struct voters *w, const struct votes *votes, uint32_t many,
                 struct screening *out, bool *flagged, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    double *log_e = arena_array(own, (size_t)many + 1, sizeof *log_e);
    uint32_t *voter = arena_array(own, (size_t)many + 1, sizeof *voter);
    bool *hit = arena_array(own, (size_t)many + 1, sizeof *hit);
    out->at = arena_array(arena, (size_t)many + 1, sizeof *out->at);
    if (!log_e || !voter || !hit || !out->at)
        return fail_memory(err);
    for (uint32_t c = 0; c < many; c++)
        if (w->of[c] > 0) {
            log_e[out->tested] = w->found[c].log_e;
            voter[out->tested++] = c;
        }
    out->flagged = screen_flag(own, log_e, out->tested, out->alpha, hit);
    for (size_t i = 0; i < out->tested; i++) {
        uint32_t c = voter[i];
        const struct screen_found *f = &w->found[c];
        struct span none = {NULL, 0}, name = c < votes->cluster[0].n ? votes->cluster[0].text[c] : SPAN("-");
        bool named = f->kind == SCREEN_FOR || f->kind == SCREEN_AGAINST;
        flagged[c] = hit[i];
        out->at[out->n++] =
            (struct suspect){.name = arena_text(arena, name),
                             .log_e = f->log_e,
                             .kind = f->kind,
                             .model = named ? votes->models.text[out->with.model_of[f->model]] : none,
                             .votes = w->of[c],
                             .flagged = hit[i]};
        if (!out->at[out->n - 1].name)
            return fail_memory(err);
        out->votes_flagged += hit[i] ? w->of[c] : 0;
    }
    qsort(out->at, out->n, sizeof *out->at, most_first);
    if (out->n > out->flagged + SHOWN)
        out->n = out->flagged + SHOWN;
    return true;
}

/* The board without the flagged voters' votes. */
static bool board_without(struct arena *arena, struct votes *votes, const bool *flagged,
                          struct screening *out, struct err *err)
{
    struct votes rest = *votes;
    const void *records;
    size_t n = 1;
    rest.pair = arena_array(arena, votes->pairs + 1, sizeof *rest.pair);
    if (!rest.pair)
        return fail_memory(err);
    memcpy(rest.pair, votes->pair, votes->pairs * sizeof *rest.pair);
    for (size_t b = 0; n; b++) {
        if (!votes_block(votes, b, &records, &n, err))
            return false;
        for (size_t i = 0; i < n; i++) {
            struct kept_vote k;
            votes_at(votes, records, i, &k);
            if (flagged[k.cluster[0]])
                votes_take_back(&rest, &k);
        }
    }
    rest.ask.clusters = 0;
    struct rank_ask ask = out->with.ask;
    out->without_known = true;
    return rank_make(arena, &rest, &ask, &out->without, err);
}

bool screen_make(struct arena *arena, struct votes *votes, double alpha, uint64_t seed, struct screening *out,
                 struct err *err)
{
    struct screen s;
    struct voters w = {.screen = &s};
    *out = (struct screening){.alpha = alpha};
    if (!board(arena, votes, seed, out, &s, err))
        return false;
    out->by_day = votes->cluster_column[0] && strcmp(votes->cluster_column[0], "day") == 0;
    if (out->by_day)
        return screen_cells(arena, votes, &s, out, err);
    uint32_t many = (uint32_t)votes_clusters(votes, 0);
    bool *flagged = arena_array(arena, (size_t)many + 1, sizeof *flagged);
    if (!flagged)
        return fail_memory(err);
    return all_voters(arena, votes, &w, &out->with, many, err) &&
           flag(arena, &w, votes, many, out, flagged, err) &&
           (out->flagged == 0 || board_without(arena, votes, flagged, out, err));
}
