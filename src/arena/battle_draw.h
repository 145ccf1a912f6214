#ifndef ARENA_BATTLE_DRAW_H
#define ARENA_BATTLE_DRAW_H
/* Which two models a battle is between, and on which side each stands (ARENA section 13). */
#include "arena/models.h"
#include "base/day.h"
#include "io/db.h"

struct battle_pair {
    size_t left, right; /* of models->at */
    double chance;      /* of this pair in this order */
};
/* Of the models that are in the record for `today` (UTC) and in the file: the pair whose vote would tell
 * most, mostly; any, now and then. E_MISSING when there are fewer than two. */
MUST bool battle_draw(struct db *db, struct arena *arena, const struct models *models, day_t today,
                      struct battle_pair *out, struct err *err);
#endif
