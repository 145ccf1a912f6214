#ifndef PAPERS_NEAR_DRAW_H
#define PAPERS_NEAR_DRAW_H
/* What is said of the nearest papers, in the terminal and on the page: sentences in the arena. */
#include "papers/near.h"

/* "2 papers are shown that touch …": which way, of which draft. */
const char *near_head(struct arena *arena, const struct near_found *found);
/* "shares “cache”, “decoder”", or NULL. */
const char *near_shared(struct arena *arena, const struct near_hit *hit);
/* "odds that it is concurrent work: at least 24 of 100", or NULL where they cannot be told. */
const char *near_odds_said(struct arena *arena, const struct near_hit *hit);
/* Among how many papers, and what a search like this misses. */
const char *near_missed(struct arena *arena, const struct near_found *found);
/* What the odds rest on, where there are any. */
const char *near_about_odds(const struct near_found *found);
#endif
