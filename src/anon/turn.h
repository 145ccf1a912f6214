#ifndef ANON_TURN_H
#define ANON_TURN_H
/* Processes of one data folder that talk to the lab take turns: a command in a terminal, the timer's tick,
 * and what the page has run for it. Two at once would ask for the same passes with other bodies, and show the
 * lab two requests where each member makes one. The turn is a file lock: it ends with the process, however
 * that ends. */
#include "anon/known.h"
#include "ui/room.h"

enum { TURN_SECONDS = 120 };
/* Wait for the turn of app->paths, at most so long: E_BUSY, saying so. Within a process that has it already
 * it is had once more; each turn_take that was true is ended by a turn_end. */
MUST bool turn_take(struct app *app, int seconds, struct err *err);
void turn_end(void);

/* look_now() and spend_due() for a person who asked, each in a turn of its own. */
MUST bool turn_look(struct app *app, const struct known *known, int *items, struct err *err);
MUST bool turn_spend(struct app *app, const struct known *known, int64_t outbox, int *sent, struct err *err);
#endif
