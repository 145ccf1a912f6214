#ifndef SPEAK_HELP_PAGE_H
#define SPEAK_HELP_PAGE_H
/* Help now (EXPERIENCE screen v). Works offline, without a lab and without script, in both languages;
 * visiting it writes nothing. */
#include "speak/help.h"
#include "ui/room.h"

void page_help(struct app *app, const struct request *request, struct reply *reply);
void page_help_region(struct app *app, const struct request *request, struct reply *reply);
/* For the same in a terminal: the list inside the program; the country that the person chose, "" when none,
 * or when it cannot be read; "English, Chinese" from codes, NULL when the list names none. */
MUST bool help_shipped(struct arena *arena, struct help *out, struct err *err);
struct span help_chosen(struct app *app);
const char *help_words_said(struct arena *arena, const struct help_words *words);
bool help_doctor(struct app *app, struct findings *findings, struct err *err);
#endif
