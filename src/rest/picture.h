#ifndef REST_PICTURE_H
#define REST_PICTURE_H
/* The read line: what was kept → the weeks that are shown, the weeks before them, the usual → page, terminal
 * and --json, which all draw the same struct. */
#include "rest/hours.h"
#include "rest/rest_db.h"
#include "rest/wish.h"
#include "ui/room.h"

/* Some weeks in a row, summed up. */
struct stretch {
    int sundays, sundays_of; /* with a sign, of those that have come and are known */
    int seen;                /* weeks that are known and hold signs */
    double late;             /* evenings after 21:00 a week, on average over known weeks */
};
struct picture {
    day_t today; /* on this machine's clock */
    day_t first; /* Monday of the first week shown */
    int weeks;
    struct week_hours *week;   /* shown, oldest first */
    struct week_hours *before; /* as many before them */
    struct stretch shown, earlier;
    struct usual usual; /* evenings, over up to 26 weeks before the last one shown */
    uint16_t punch[7][24];
    struct wish wish;
    int64_t events;            /* counted signs in the weeks shown */
    int64_t excluded[CLASS_N]; /* by class, in the weeks shown */
    day_t cut;                 /* a shallow history begins here; INT32_MIN: it is whole */
    int unrested; /* days of the last whole week on which no rest of eleven hours was left: proved, not
                     guessed */
    int repos;
};
/* How far back a look must read for a picture of these weeks: the weeks, as many before them, and the
 * baseline (REST 10). */
int64_t picture_since(day_t first, int weeks);
MUST bool picture_load(struct app *app, struct repo_set repos, day_t first, int weeks, struct picture *out,
                       struct err *err);
/* The repositories chosen on the first page. */
MUST bool picture_chosen(struct app *app, struct repo_set *out, struct err *err);
/* The Monday of the week of app->now on this machine's clock. */
day_t this_monday(const struct app *app);

/* Sentences in the arena, in the language of this thread; NULL where there is nothing to say. */
const char *
picture_card(struct app *app,
             const struct picture *p); /* signs on Sundays and late evenings, against the weeks before */
const char *picture_excluded(struct app *app, const struct picture *p); /* "Set apart: 212 merge clicks, …" */
const char *picture_cut(struct app *app, const struct picture *p);      /* "History is cut at …" */
const char *picture_clicks(const struct picture *p); /* when all that is there are merge clicks */
/* Of the last whole week: evenings with signs against the usual; the longest rest between signs. */
const char *picture_evenings(struct app *app, const struct picture *p);
const char *picture_longest(struct app *app, const struct picture *p);
const struct week_hours *picture_last_week(const struct picture *p);
#endif
