#ifndef PAPERS_PAPERS_PAGES_H
#define PAPERS_PAPERS_PAGES_H
/* Pages of the room, for its table. */
#include "ui/room.h"

void page_terms(struct app *app, const struct request *request, struct reply *reply);
void page_terms_make(struct app *app, const struct request *request, struct reply *reply);
void page_term(struct app *app, const struct request *request, struct reply *reply);
#endif
