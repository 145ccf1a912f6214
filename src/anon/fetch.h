#ifndef ANON_FETCH_H
#define ANON_FETCH_H
/* What a node asks its lab for: all of it, always, whatever the person does with it (PROTOCOL section 3). */
#include "anon/known.h"
#include "ui/room.h"

/* Everything that is new: the record, passes of each key that can be had, the crowd key, the lists, batches,
 * the cosignature of the epoch. Because a drawn moment came, or because the person asked. */
MUST bool fetch_all(struct app *app, const struct known *known, struct err *err);

/* The jobs. job_fetch: when a drawn moment is due (trial: each time). job_acts: what is due of the outbox. */
MUST bool job_fetch(struct app *app, struct err *err);
MUST bool job_acts(struct app *app, struct err *err);
#endif
