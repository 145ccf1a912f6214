#ifndef SPEAK_HINTS_DRAW_H
#define SPEAK_HINTS_DRAW_H
/* “Could someone tell it was you?” as pages show it: in the composer of posts, and where letters are written.
 */
#include "speak/hints.h"
#include "ui/html.h"

/* Inside a form: the heading, the button (do=compare), what was found. `compared`: with commit messages too.
 * `as_is`: the sentence that says that it may go all the same. */
void hints_draw(struct html *h, struct app *app, const struct hints *hints, bool compared, const char *as_is);
#endif
