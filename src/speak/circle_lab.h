#ifndef SPEAK_CIRCLE_LAB_H
#define SPEAK_CIRCLE_LAB_H
/* Circles on the board: what it takes from whom, inside the transaction of redeem(). An act is judged by the
 * circle as it is published; what waits counts for places alone, so that two who get the last place at once
 * are one too many for the second, and never for a node that reads it later. */
#include "anon/item.h"
#include "ui/problem.h"
#include "ui/room.h"

/* Migration of the room "speak": acts of circles, without their words, by id. What is published of them, and
 * in which batch, stands in `placed`. */
#define CIRCLE_LAB_TABLES \
    "create table circle_row(id blob primary key, kind integer not null, circle blob not null, pk blob not " \
    "null, about blob, yes integer not null, box_pk blob, week integer not null, day integer not null) " \
    "without rowid;" \
    "create index circle_row_of on circle_row(circle)"

/* Within db_write, after `lab recover`: the rows of what the batches hold. The day is that of the batch. An
 * act whose words were removed as unlawful has left no key there, and gets no row. */
MUST bool circle_recovered(struct db *db, struct err *err);

/* The rows of the five kinds. Refused: 400 bad-field "circle" (there is none, or it is over), "about",
 * "week", "pk" (whoever signed it has no say in it); 409 taken when it is full. */
bool circle_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err);
#endif
