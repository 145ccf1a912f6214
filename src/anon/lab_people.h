#ifndef ANON_LAB_PEOPLE_H
#define ANON_LAB_PEOPLE_H
/* People of the record on the Lab page: who moderates, who vouches, who listens. One row of a table for each
 * kind (anon/lab_people.c). */
#include "anon/history.h"
#include "ui/html.h"
#include "ui/room.h"

/* Everybody of `log` (the board's, in a split lab) whose term is not over at app->now, by kind, each with the
 * day from which the key counts; who is not yet in force with "from". A kind without people is left out. */
void lab_people_draw(struct html *h, struct app *app, const struct history *log);
#endif
