#ifndef ANON_ROSTER_COPY_H
#define ANON_ROSTER_COPY_H
/* The lists of an epoch on a board of its own: copies of the issuer's, each held against the record. */
#include "anon/epoch.h"
#include "ui/room.h"

/* Fetch what is lacking, with the crowd key that came with `request`: a board knows its hash alone, and asks
 * as the member did. At most every other second; what cannot be had now is had later. */
void roster_copy(struct app *app, const struct request *request, day_t epoch);
#endif
