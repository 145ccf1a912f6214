#ifndef PAPERS_DUE_SAY_H
#define PAPERS_DUE_SAY_H
/* Deadlines in words. All texts are in the arena, in the language of this thread. */
#include "papers/due.h"

/* The local day of this computer on which it ends. */
day_t due_day(const struct due *due);
/* "ICML 2027, abstract" */
const char *due_title(struct arena *arena, const struct due *due);
/* "Fri 29 January 2027, 12:59", by this computer's clock. */
const char *due_here(struct arena *arena, const struct due *due);
/* "Thu 28 January 2027, 23:59 AoE", by the venue's; NULL where both clocks show the same. */
const char *due_there(struct arena *arena, const struct due *due);
/* "50 working days"; "today". */
const char *due_far(struct arena *arena, const struct due *due, day_t today);
/* Place and days of the meeting, or NULL. */
const char *due_meeting(struct arena *arena, const struct due *due);
/* What the list shows, above it; and that the working days are Mondays to Fridays. */
const char *due_head(struct arena *arena, const struct due_counts *counts, size_t shown);
const char *due_about(void);

/* A venue without a yearly deadline (data/venues.txt). */
struct due_free {
    const char *name, *when, *link; /* when: "any", "month", "two" */
};
struct due_frees {
    struct due_free *at;
    size_t n, room;
};
MUST bool due_frees(struct arena *arena, struct due_frees *out, struct err *err);
/* "takes papers at any time" */
const char *due_free_said(const struct due_free *f);
#endif
