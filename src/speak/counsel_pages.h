#ifndef SPEAK_COUNSEL_PAGES_H
#define SPEAK_COUNSEL_PAGES_H
/* The pages of counsellors (screen h). */
#include "ui/room.h"

void page_counsellors(struct app *app, const struct request *request,
                      struct reply *reply); /* GET /counsellors */
void page_counsellors_look(struct app *app, const struct request *request,
                           struct reply *reply); /* POST /counsellors/look */
void page_counsel_take(struct app *app, const struct request *request,
                       struct reply *reply); /* GET /counsellors/take?slot=… */
void page_counsel_take_do(struct app *app, const struct request *request, struct reply *reply);
void page_counsel_back(struct app *app, const struct request *request,
                       struct reply *reply); /* POST /counsellors/back */
void page_counsel_calendar(struct app *app, const struct request *request,
                           struct reply *reply); /* GET /counsellors/<slot>.ics */
/* Row of This week: times that one took, also in a quiet week. */
bool week_counsel(struct app *app, struct week *week, struct err *err);
#endif
