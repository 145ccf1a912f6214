#ifndef APP_SETTINGS_PAPERS_H
#define APP_SETTINGS_PAPERS_H
/* The lines of the settings about what is fetched from arXiv (papers/chosen.h). */
#include "ui/html.h"
#include "ui/room.h"

void settings_papers_draw(struct html *h, struct app *app);
/* do=keep: the categories of the field, in place of those that were chosen. do=fetch: fetch now. */
void page_set_papers(struct app *app, const struct request *request, struct reply *reply);
#endif
