#ifndef ANON_WEEK_ANON_H
#define ANON_WEEK_ANON_H
/* The row of This week about the lab: the record in four words, and who has confirmed it. */
#include "ui/room.h"

bool week_lab(struct app *app, struct week *week, struct err *err);
/* The calendar feed: the lab's quiet weeks, as the record here has them. */
bool feed_lab(struct app *app, struct bookings *out, struct err *err);
#endif
