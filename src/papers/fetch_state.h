#ifndef PAPERS_FETCH_STATE_H
#define PAPERS_FETCH_STATE_H
/* What is known of fetching: for each chosen category the last day that is here, and what is to be filled in
 * behind it; for all of it the last answer of the feed and how it went (tables paper_fetch, paper_fetched).
 */
#include "base/day.h"
#include "io/db.h"

enum { FETCH_NO_DAY = INT32_MIN, FETCH_BACK = 7 /* days that a category newly chosen begins with */ };

struct fetch_category {
    const char *name;
    day_t last;        /* the day that the feed served last, FETCH_NO_DAY: none yet */
    day_t from;        /* OAI from this day on; FETCH_NO_DAY: nothing is missing */
    const char *token; /* where OAI is within that; "": at its beginning */
};
struct fetch_categories {
    struct fetch_category *at;
    size_t n, room;
};
/* Those chosen, by name. */
MUST bool fetch_categories(struct db *db, struct arena *arena, struct fetch_categories *out, struct err *err);
/* Within db_write: the feed served `day` for all that is chosen. Where announcements were missed before it,
 * what is to be filled in is noted; `cut`: the feed did not hold all of the day. */
MUST bool fetch_served(struct db *db, day_t day, bool cut, struct err *err);
/* Within db_write: OAI is at `token` for this category; NULL: it came to its end. */
MUST bool fetch_filled(struct db *db, const char *category, const char *token, struct err *err);
/* Whether announcements are due on a day strictly between two (Monday to Friday). Pure. */
bool fetch_missed(day_t last, day_t served);

struct fetch_state {
    const char *url, *modified, *etag; /* of the feed's last answer */
    int64_t done_at;                   /* when all was here last, seconds since 1970; 0: never */
    day_t tried;                       /* the day on which it was last tried by itself */
    int failing;                       /* days in a row that it did not work */
    const char *said;                  /* why, "" when it works */
};
enum { FETCH_FAILING = 5 };
MUST bool fetch_state(struct db *db, struct arena *arena, struct fetch_state *out, struct err *err);
/* Within db_write or alone: the feed's answer called itself so. */
MUST bool fetch_answered(struct db *db, const char *url, const char *modified, const char *etag,
                         struct err *err);
MUST bool fetch_tried(struct db *db, day_t day, struct err *err);
/* It worked (`said` NULL) or not. */
MUST bool fetch_ended(struct db *db, int64_t now, const char *said, struct err *err);
#endif
