#ifndef SPEAK_HELP_PAGE_H
#define SPEAK_HELP_PAGE_H
/* Help now (EXPERIENCE screen v). Works offline, without a lab and without script, in both languages;
 * visiting it writes nothing. */
#include "ui/room.h"

void page_help(struct app *app, const struct request *request, struct reply *reply);
void page_help_region(struct app *app, const struct request *request, struct reply *reply);
bool help_doctor(struct app *app, struct findings *findings, struct err *err);
#endif
