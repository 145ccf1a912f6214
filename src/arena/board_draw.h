#ifndef ARENA_BOARD_DRAW_H
#define ARENA_BOARD_DRAW_H
/* A board as a page shows it: intervals with their table, and what the first places were over time. */
#include "arena/kept.h"
#include "arena/rank_draw.h"
#include "ui/html.h"

/* The picture of intervals, tiers bracketed, with all rated models in its table. */
MUST bool board_draw(struct html *h, struct arena *arena, const struct ranking *r, struct err *err);
/* What neighbours that cannot be told apart still need, a sentence each. */
void board_needs(struct html *h, struct arena *arena, const struct ranking *r);
/* The first models of the last board over its days (the newest HISTORY_MOST of them, which `days` has newest
 * first). Nothing below two days. */
enum { HISTORY_MOST = 60 };
MUST bool board_history(struct html *h, struct db *db, struct arena *arena, const struct ranking *last,
                        const struct kept_rows *days, struct err *err);
#endif
