#ifndef SPEAK_AS_OF_H
#define SPEAK_AS_OF_H
/* When what is shown was fetched. Before the first fetch a list is empty because nothing was asked, and to
 * say "no listener is free" then would be untrue; with a clock that is days off a card of today counts as one
 * of another week. */
#include "ui/html.h"
#include "ui/room.h"

struct as_of {
    int64_t at;        /* Unix seconds; 0: never */
    const char *clock; /* this computer's clock and the lab's are apart: a sentence, or NULL */
};
MUST bool as_of_load(struct app *app, struct as_of *out, struct err *err);
/* The end of a list in a terminal. `looked`: it was fetched for this list; `how`: the command that fetches,
 * or NULL. */
void as_of_say(const struct as_of *a, bool looked, const char *how, struct buf *out);
/* On a page: the clock, and that nothing was fetched yet; else nothing. */
void as_of_draw(struct html *h, const struct as_of *a);
#endif
