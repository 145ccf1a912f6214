#ifndef APP_FEED_H
#define APP_FEED_H
/* The calendar feed of the person (REST section 7.5): gathered from the `feed` rows of all rooms into the
 * table of room rest, made into a calendar file when it changed, served on /feed/<32 hex>.ics to whoever has
 * that address, and written into a file. */
#include "rest/feed.h"
#include "ui/html.h"

/* Gather, make, and keep the file that is served, when libical reads it. False with a sentence: then what was
 * made before stays. *out, when not NULL: the file, in the arena; *events: how many there are. */
MUST bool feed_refresh(struct app *app, struct span *out, size_t *events, struct err *err);
enum feed_turn { FEED_ON, FEED_OFF, FEED_NEW /* another address; on */ };
MUST bool feed_switch(struct app *app, enum feed_turn turn, struct err *err);
/* "http://127.0.0.1:7464/feed/….ics", in the arena; NULL when it is off. */
const char *feed_address(struct app *app, const struct feed *feed);

bool job_feed(struct app *app, struct err *err);
/* GET /feed/<32 hex>.ics: 404 in the same time and words for a wrong one and when it is off. */
void page_feed(struct app *app, const struct request *request, struct reply *reply);
void settings_feed_draw(struct html *h, struct app *app);
void page_set_feed(struct app *app, const struct request *request, struct reply *reply);
int cmd_rest_feed(struct app *app);
#endif
