#ifndef PAPERS_DUE_H
#define PAPERS_DUE_H
/* Deadlines of venues as a person's lists have them (codec/deadline.h), kept with the moment they stand for.
 * Some venues are chosen, so that their dates are shown; an edition of a venue (this year's) can be pinned,
 * so that its dates stand in This week and in the calendar feed. */
#include "codec/deadline.h"
#include "io/db.h"

enum { DUE_PINS = 40, DUE_VENUES = 200, DUE_SHOWN = 60 };

/* One date. Texts marked "said" are cleaned and fit to be shown; all are in the arena. */
struct due {
    struct span venue, entry; /* as the list has them: with the year, which edition it is */
    int year;                 /* 0: not said */
    const char *id;           /* said: how a command names the edition, "neurips27" */
    const char *name;         /* said: "NeurIPS 2027" */
    const char *kind, *zone, *place, *link, *subject; /* said */
    int64_t moment;                                   /* seconds since 1970 */
    int64_t wall; /* the same on the clock of its zone, as day * 86400 + second of the day */
    bool zone_known;
    day_t start, end; /* of the meeting; DEADLINE_NO_DAY */
    bool chosen, pinned;
};
struct dues {
    struct due *at; /* by moment */
    size_t n, room;
    int64_t later; /* more of them than were asked for */
};
/* Keep one; in place of the one of that entry and kind that was kept before. A zone that nobody
 * knows counts as UTC+14, the first there is, so that nobody is told a later moment than is meant. */
MUST bool due_keep(struct db *db, const struct deadline *deadline, struct err *err);

enum due_which { DUE_ALL, DUE_FOLLOWED /* chosen or pinned */, DUE_PINNED };
/* Those from `from` to `to` (both in), the first `most` of them. */
MUST bool dues_load(struct db *db, struct arena *arena, enum due_which which, int64_t from, int64_t to,
                    size_t most, struct dues *out, struct err *err);
/* What is here: dates to come, dates that are over, venues chosen. */
struct due_counts {
    int64_t coming, over, chosen;
};
MUST bool due_count(struct db *db, int64_t now, struct due_counts *out, struct err *err);
struct due_venue {
    const char *name; /* said */
    struct span venue;
    int64_t coming; /* dates */
    bool chosen;
};
struct due_venues {
    struct due_venue *at; /* by name */
    size_t n, room;
};
/* The venues that have a date to come, and those that are chosen. */
MUST bool due_venues(struct db *db, struct arena *arena, int64_t now, struct due_venues *out,
                     struct err *err);

/* Choose a venue by its name, upper and lower case alike, or take it off. E_MISSING, naming the nearest;
 * E_LIMIT. */
MUST bool due_choose(struct db *db, struct arena *arena, struct span name, bool on, struct err *err);
/* The edition that `text` names: its id, "NeurIPS 2027", or the venue's next. E_MISSING; E_USAGE when it is
 * the id of several; E_REFUSED when its dates are over. */
MUST bool due_named(struct db *db, struct arena *arena, int64_t now, const char *text, struct due *out,
                    struct err *err);
/* Pin exactly this edition, or unpin it. E_MISSING: it is not here, or not pinned. E_LIMIT. */
MUST bool due_pin(struct db *db, struct span venue, int64_t year, struct span entry, bool on,
                  struct err *err);
#endif
