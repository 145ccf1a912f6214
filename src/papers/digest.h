#ifndef PAPERS_DIGEST_H
#define PAPERS_DIGEST_H
/* One page a week: at most so many papers as the reader set, the reason beside each, the rest folded into
 * themes (PAPERS section 5). It is worked out once and stored; what arrives late joins the next one. Weeks in
 * which a quiet time kept it from being made are covered by the next page, with the same cap. Every paper
 * that stood for a page is a row of io/sched's ledger: held while it is quiet, delivered when its page is
 * made. */
#include "papers/choose.h"
#include "papers/shown.h"
#include "papers/themes.h"
#include "papers/told.h"

struct digest_item {
    struct shown shown;
    const char *reason; /* as it is stored: profile_why() */
    const char *why;    /* in words */
    double score;
};
struct digest_theme {
    const char *words; /* NULL: those of no theme */
    int64_t papers;
    const struct told_term *lasted; /* a page of more than a week: the lasting term it is about; NULL */
};
struct digest {
    day_t monday, from, to; /* monday names the week; from is earlier after a gap */
    int64_t papers;         /* of its days, not shown on a page before */
    int64_t cap;
    bool known;  /* the reader's profile chose; else they are spread over the categories */
    bool stored; /* a week that is not over is worked out, not kept */
    bool after_quiet;
    day_t quiet_until; /* nothing is made before this day is over; 0 */
    struct digest_item item[CHOOSE_MOST];
    size_t items;
    struct digest_theme theme[THEMES_MOST + 1];
    size_t themes;
};
/* The digest of the week that begins with `monday`: as it is stored, else made now, and stored if that week
 * is over. E_USAGE for a week to come. */
MUST bool digest_of(struct app *app, day_t monday, struct digest *out, struct err *err);
/* The digest to look at today: of the last week that is over and of all days since the one before it; when
 * those hold no paper, of the newest week that holds some. In a quiet time none is made: quiet_until says so.
 */
MUST bool digest_now(struct app *app, struct digest *out, struct err *err);
/* The stored one that covers the last week that is over; `*there` is false when none is. */
MUST bool digest_stored(struct app *app, struct digest *out, bool *there, struct err *err);
/* The Mondays of the stored ones, newest first, `most` at most. */
MUST bool digest_list(struct db *db, struct arena *arena, size_t most, day_t **out, size_t *n,
                      struct err *err);

MUST bool digest_cap(struct db *db, struct arena *arena, int64_t *out, struct err *err);
MUST bool digest_cap_put(struct db *db, int64_t cap, struct err *err);
/* The day of the week (0 = Monday) from which on the job makes the digest of the week before. */
MUST bool digest_day(struct db *db, struct arena *arena, int64_t *out, struct err *err);
MUST bool digest_day_put(struct db *db, int64_t day, struct err *err);

/* Jobs: what arrived is entered in the ledger; the digest is made. */
MUST bool job_papers_received(struct app *app, struct err *err);
MUST bool job_papers_digest(struct app *app, struct err *err);
/* {"week", "papers", "rest", "lasted", …}: a new object, NULL when there is no memory. */
json_t *digest_json(const struct digest *d);
/* Sentences of it, in the arena. */
const char *digest_head(struct app *app, const struct digest *d);
const char *digest_title(struct app *app, const struct digest *d);
const char *digest_others(struct app *app, const struct digest *d); /* "" when there are none */
/* After a gap: "decoding: speculative decoding: odds that it lasts …", for a theme that has it. */
const char *digest_lasted(struct app *app, const struct digest_theme *t);
bool digest_any_lasted(const struct digest *d);
#define DIGEST_LASTED tr("digest.lasted", "What lasted")
#define DIGEST_SPREAD \
    tr("digest.spread", \
       "Nothing is known of what you keep, so these are spread over the categories. Keep one, " \
       "and the next page knows more.")
#define DIGEST_END tr("digest.end", "That is all for this week. The others are counted, not waiting.")
#endif
