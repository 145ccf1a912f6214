#ifndef REST_WISH_H
#define REST_WISH_H
/* The hours a person would like to keep: weekdays and a time from and to. Kept as the setting "rest.hours",
 * "12345 0900 1800". */
#include "io/db.h"

struct wish {
    bool day[7];  /* Monday first */
    int from, to; /* minutes of the day; to > from */
};
#define WISH_DEFAULT ((struct wish){{true, true, true, true, true, false, false}, 9 * 60, 18 * 60})

MUST bool wish_load(struct db *db, struct arena *arena, struct wish *out, struct err *err);
MUST bool wish_save(struct db *db, const struct wish *wish, struct err *err);
/* "09:00" as a form sends it. False when it is no time. */
bool wish_time(struct span text, int *minute);
/* "Mon-Fri 09:00 to 18:00", "Mon, Wed, Fri 10:00 to 16:00", in the language of this thread; in the arena. */
const char *wish_text(struct arena *arena, const struct wish *wish);
#endif
