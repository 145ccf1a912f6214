#ifndef PAPERS_NEAR_PAGES_H
#define PAPERS_NEAR_PAGES_H
/* Pages of the scoop check, for its table. */
#include "ui/room.h"

void page_near(struct app *app, const struct request *request, struct reply *reply);
void page_near_pin(struct app *app, const struct request *request, struct reply *reply);
void page_near_sort(struct app *app, const struct request *request, struct reply *reply);
void page_near_compare(struct app *app, const struct request *request, struct reply *reply);
/* This week. */
bool week_near(struct app *app, struct week *week, struct err *err);
#endif
