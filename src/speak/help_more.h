#ifndef SPEAK_HELP_MORE_H
#define SPEAK_HELP_MORE_H
/* What stands in Help now beside the lines of the list: the lab's own, the person's own, and who listens. */
#include "speak/help_line.h"
#include "ui/html.h"
#include "ui/room.h"

/* When the lab put a line there, and that it may be out of date. In app->arena. */
const char *help_lab_since(struct app *app, const struct help_lab_line *line);
/* Draws what can be read and leaves out the rest: none of it may keep the page from being shown. */
void help_more_draw(struct html *h, struct app *app);
/* POST /help/own: keep a number, or remove one. */
void page_help_own(struct app *app, const struct request *request, struct reply *reply);
#endif
