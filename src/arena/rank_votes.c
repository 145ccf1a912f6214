/* From the spool to votes of the board. */
#include "arena/rank_votes.h"

#include "base/banned.h"

void rank_votes_begin(struct rank_votes *rv, struct votes *votes, const struct ranking *r)
{
    *rv = (struct rank_votes){.votes = votes, .r = r, .style = r->style_columns};
}

void rank_votes_rewind(struct rank_votes *rv)
{
    rv->block = rv->at = rv->n = 0;
}

static void features(const struct rank_votes *rv, const struct kept_vote *k, float *z)
{
    for (size_t f = 0; f < rv->style.features; f++)
        z[f] = rv->style.column[f] == STYLE_MOST
                   ? 1
                   : (float)(((double)k->style[rv->style.column[f]] - rv->style.mean[f]) * rv->style.by[f]);
}

bool rank_votes_next(struct rank_votes *rv, struct style_vote *out, uint32_t *clusters, bool *any,
                     struct err *err)
{
    for (;;) {
        if (rv->at == rv->n) {
            rv->at = 0;
            if (!votes_block(rv->votes, rv->block++, &rv->records, &rv->n, err))
                return false;
            *any = rv->n > 0;
            if (rv->n == 0)
                return true;
        }
        struct kept_vote k;
        votes_at(rv->votes, rv->records, rv->at++, &k);
        uint32_t a = rv->r->fit_of[k.a], b = rv->r->fit_of[k.b];
        if (a == UINT32_MAX || b == UINT32_MAX || (k.outcome == VOTE_BAD && !rv->r->ask.bad_is_tie))
            continue;
        *out = (struct style_vote){.a = a, .b = b, .y = k.outcome == VOTE_BAD ? VOTE_TIE : k.outcome};
        features(rv, &k, out->z);
        for (int c = 0; clusters && c < rv->votes->ask.clusters; c++)
            clusters[c] = k.cluster[c];
        *any = true;
        return true;
    }
}

bool rank_votes_some(struct rank_votes *rv, struct style_vote *out, size_t most, size_t *n, struct err *err)
{
    const uint32_t *fit_of = rv->r->fit_of;
    bool bad_is_tie = rv->r->ask.bad_is_tie;
    for (*n = 0; *n < most;) {
        if (rv->at == rv->n) {
            rv->at = 0;
            if (!votes_block(rv->votes, rv->block++, &rv->records, &rv->n, err))
                return false;
            if (rv->n == 0)
                return true;
        }
        for (; rv->at < rv->n && *n < most; rv->at++) {
            struct kept_vote k;
            votes_plain_at(rv->votes, rv->records, rv->at, &k);
            uint32_t a = fit_of[k.a], b = fit_of[k.b];
            if (a == UINT32_MAX || b == UINT32_MAX || (k.outcome == VOTE_BAD && !bad_is_tie))
                continue;
            struct style_vote *v = &out[(*n)++];
            *v = (struct style_vote){.a = a, .b = b, .y = k.outcome == VOTE_BAD ? VOTE_TIE : k.outcome};
            features(rv, &k, v->z);
        }
    }
    return true;
}
