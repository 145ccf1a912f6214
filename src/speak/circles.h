#ifndef SPEAK_CIRCLES_H
#define SPEAK_CIRCLES_H
/* Circles as a person has them: found by theme, asked, entered, left; letters to all, and when they meet. One
 * set of facts and acts for page and terminal. Nothing here asks the lab. */
#include "speak/before.h"
#include "speak/circle_keep.h"
#include "speak/moderate.h"

struct circles_here {
    const struct known *known;
    struct before before;
    struct circles all;
    struct circle_owns own;
    struct moderate_states *decided; /* by the moderators about themes and asks */
    day_t today;
    int64_t now;
};
/* Take over what came, end what is over, and load. */
MUST bool circles_load(struct app *app, const struct known *known, bool at_once, struct circles_here *out,
                       struct err *err);
void circles_clear(struct circles_here *h);
/* Why nothing can be written now, or NULL. */
const char *circles_hindered(const struct circles_here *h, bool at_once);

/* Those that somebody is in, the newest first, of three and more before those that begin. `words`: each
 * stands in the theme or the line; NULL or "": all. */
struct circle_list {
    const struct circle **at;
    size_t n, room;
};
MUST bool circles_find(struct app *app, const struct circles_here *h, const char *words,
                       struct circle_list *out, struct err *err);
/* By the first four or more of its 32 digits, or its number in the list of all. E_MISSING, E_USAGE. */
MUST bool circle_named(struct app *app, const struct circles_here *h, const char *text,
                       const struct circle **out, struct err *err);
const struct circle *circle_by_id(const struct circles_here *h, struct span hex);
/* Own place in it; NULL: none. */
const struct circle_own *circle_mine(const struct circles_here *h, const struct circle *c);
/* What the moderators decided about its words, or NULL when they are to be read. */
const struct moderate_state *circle_hidden(const struct circles_here *h, const uint8_t id[static 16]);

/* "River", "River 2": in the language of this thread, in the arena. */
const char *circle_name(struct arena *arena, uint8_t word, int number);
const char *circle_name_of(struct arena *arena, const struct circle *c, const uint8_t pk[static 32]);
/* Who is called so, among those who are in or ask. E_MISSING. */
MUST bool circle_who(struct app *app, const struct circle *c, const char *name, uint8_t pk[static 32],
                     struct err *err);

/* Acts: each goes into the outbox. E_REFUSED, E_LIMIT, E_FORMAT in a sentence. */
MUST bool circles_open(struct app *app, const struct circles_here *h, struct span theme, struct span line,
                       bool at_once, int64_t *outbox, struct err *err);
MUST bool circles_ask(struct app *app, const struct circles_here *h, const struct circle *c, struct span line,
                      bool at_once, int64_t *outbox, struct err *err);
MUST bool circles_say(struct app *app, const struct circles_here *h, const struct circle *c,
                      const uint8_t about[static 32], bool yes, bool at_once, int64_t *outbox,
                      struct err *err);
/* No reason. *outbox: -1 when what was to be left had not gone out, and nothing is sent. */
MUST bool circles_leave(struct app *app, const struct circles_here *h, const struct circle_own *own,
                        bool at_once, int64_t *outbox, struct err *err);
/* Whether its meetings stand in one's own calendar feed. */
MUST bool circles_feed(struct app *app, const struct circle_own *own, bool on, struct err *err);
/* The box key of the week, for each circle one is in. Makes no request. */
MUST bool circles_renew(struct app *app, const struct known *known, const struct circle_owns *own,
                        int64_t now, struct err *err);

/* How an act of one's own is doing: "waits …", or NULL when there is nothing to say. *refused: the board did
 * not take it. */
MUST bool circle_act_state(struct app *app, int64_t outbox, const char **out, bool *refused, struct err *err);
/* The sentence of one's own place. */
const char *circle_place_said(enum circle_place place);
/* "in", "asked" …: for --json. */
const char *circle_place_name(enum circle_place place);
/* "3 of 8", "full". In the arena. */
const char *circle_size_said(struct app *app, const struct circle *c);

/* "Wed 2 December, 15:00 to 15:45": by this computer's clock, in the arena. */
const char *meet_said(struct arena *arena, const struct meet *meet);

/* Meetings to come as a calendar file, for one's own calendar: "away", never why. */
MUST bool circle_calendar(const struct circles_here *h, const struct circle_own *own,
                          const struct meets *meets, struct buf *out, struct err *err);

bool job_circles(struct app *app, struct err *err);
/* The row of the person's calendar feed: meetings to come of the circles for which they asked so. */
bool feed_circles(struct app *app, struct bookings *out, struct err *err);

/* Whatever this room holds against the record, for `respite verify`. */
struct findings;
MUST bool circles_verify(struct app *app, struct findings *out, struct err *err);
#endif
