#ifndef SPEAK_LEAVE_DRAW_H
#define SPEAK_LEAVE_DRAW_H
/* What pages from which something leaves show alike: letters and circles. */
#include "speak/before.h"
#include "ui/html.h"

/* Inside a form: some time in the next 12 sending hours, or now (the field "when"). */
void leave_when_draw(struct html *h, bool now);
/* The size of the crowd, the week's record in four words, who confirmed it. */
void leave_facts_draw(struct html *h, struct app *app, const struct before *before);
#endif
