#ifndef ARENA_SCREEN_KEPT_H
#define ARENA_SCREEN_KEPT_H
/* The last screen of a board's votes, kept under its name so that a page can show it: what screen_json said.
 */
#include "arena/screen.h"
#include "base/day.h"
#include "io/db.h"

MUST bool screen_keep(struct db *db, const char *name, day_t day, const struct screening *s, struct err *err);
MUST bool screen_is_kept(struct db *db, const char *name, bool *out, struct err *err);
/* New reference in *out, or NULL when there is none. */
MUST bool screen_kept(struct db *db, const char *name, day_t *day, json_t **out, struct err *err);
/* Why somebody stands out, in one sentence; `kind` as screen_json names it, `model` may be empty. */
const char *screen_reason(struct arena *arena, bool by_day, const char *kind, const char *who,
                          const char *model, int64_t votes, double log10_e);
#endif
