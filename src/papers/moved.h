#ifndef PAPERS_MOVED_H
#define PAPERS_MOVED_H
/* What the pages of What moved have in common. */
#include "papers/shown.h"

/* frame_open and the heading. */
void moved_open(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                const char *title, const char *here);
/* The date, the title leading to the paper's page, and its first authors. */
void moved_title(struct html *h, struct app *app, const struct shown *s);
/* Keep, Not for me: forms that come back to `back`. What was said of the paper before is pressed. */
void moved_keep(struct html *h, struct app *app, int64_t paper, const char *back);
/* Where a form said it leads back to: one of our own pages, else What moved. */
struct form;
const char *moved_back(struct app *app, const struct form *form);
#endif
