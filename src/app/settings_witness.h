#ifndef APP_SETTINGS_WITNESS_H
#define APP_SETTINGS_WITNESS_H
/* The lines of the settings about witnesses outside the lab (anon/outside.h). */
#include "ui/html.h"
#include "ui/room.h"

void settings_witness_draw(struct html *h, struct app *app);
void page_set_witness(struct app *app, const struct request *request, struct reply *reply);
#endif
