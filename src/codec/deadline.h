#ifndef CODEC_DEADLINE_H
#define CODEC_DEADLINE_H
/* Deadlines of conferences as lists in YAML keep them (ai-deadlines and its forks; PAPERS section 1), by
 * libyaml's events: no tag is followed, an alias is nothing. An entry is a mapping; keys vary, and rows with
 * odd values are common, so what cannot be read is not said rather than an error. */
#include <stdint.h>

#include "base/day.h"
#include "base/mem.h"

enum { DEADLINES_BYTES = 8 << 20, DEADLINES_MOST = 20000, DEADLINE_TEXT = 2000, DEADLINE_NO_DAY = INT32_MIN };

struct deadline {
    struct span title, id, place, link, subject; /* subject: "ML", several with blanks between */
    struct span kind;                            /* "paper", "abstract", as the list calls it */
    int year;
    int64_t wall;     /* seconds since 1970 on the clock of its zone */
    struct span zone; /* as it stands: "AoE", "UTC-12", "GMT+2", "America/New_York", "" */
    day_t start, end; /* DEADLINE_NO_DAY; an end before the start is not said */
};
struct deadlines {
    struct deadline *at;
    size_t n, room;
    size_t odd; /* entries without a title or without any date: passed over */
};
/* Minutes east of UTC that a zone's name says by itself ("AoE" is -720); false for a place, and for what is
 * none. */
bool deadline_zone(struct span zone, int *minutes);
/* All dates of all entries, in the arena. E_FORMAT names the line where YAML breaks off; E_LIMIT. */
MUST bool deadlines_read(struct arena *arena, struct span text, struct deadlines *out, struct err *err);
#endif
