#ifndef PAPERS_DUE_PAGES_H
#define PAPERS_DUE_PAGES_H
/* What the room shows of deadlines, for its tables. */
#include "ui/room.h"

void page_deadlines(struct app *app, const struct request *request, struct reply *reply);
/* Venues chosen, an edition pinned or not. */
void page_deadlines_set(struct app *app, const struct request *request, struct reply *reply);
/* This week: what is pinned, also in a quiet week; dates of chosen venues in the next seven days. */
bool week_pinned(struct app *app, struct week *week, struct err *err);
bool week_deadlines(struct app *app, struct week *week, struct err *err);
/* What is pinned, in the calendar feed. */
bool feed_deadlines(struct app *app, struct bookings *out, struct err *err);
#endif
