#ifndef REST_FEED_H
#define REST_FEED_H
/* The person's calendar feed (REST section 7.5): what the rooms booked, as one calendar file, kept as it was
 * last made. Off by default; whoever has its address, which holds 32 digits nobody can guess, may read it.
 * The digits are made and compared by app/feed.c: this room has no crypto. */
#include "ui/room.h"

enum { FEED_TOKEN = 32, FEED_MOST = 4 << 20 };

struct feed {
    bool on;
    char token[FEED_TOKEN + 1]; /* zeros when it is off */
    char seed[17];              /* part of each UID, so that those of two computers differ; "" at first */
    struct span text;           /* as last made, in the arena; empty when it never was */
    int64_t made;
};
MUST bool feed_load(struct db *db, struct arena *arena, struct feed *out, struct err *err);
/* Turn it on with this token and, where none is kept, this seed; NULL: off. What was made before is
 * forgotten. */
MUST bool feed_put(struct db *db, const char *token, const char *seed, struct err *err);

/* Keep what the rooms gave in the table feed_entry. An entry that changed has its SEQUENCE raised; one to
 * come that is not among them is taken out, and raised when it comes back; what is over stays for ninety
 * days. One transaction. */
MUST bool feed_keep(struct db *db, const struct bookings *bookings, int64_t now, struct err *err);
/* The calendar file of the table, appended; *events: how many there are. */
MUST bool feed_write(struct db *db, const char *seed, struct buf *out, size_t *events, struct err *err);
/* Keep this text as the one that is served. */
MUST bool feed_made(struct db *db, struct span text, int64_t now, struct err *err);

/* The room's own row: quiet weeks of one's own, as "Away". */
bool feed_quiet(struct app *app, struct bookings *out, struct err *err);
#endif
