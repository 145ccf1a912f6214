#ifndef APP_SETTINGS_LAB_H
#define APP_SETTINGS_LAB_H
/* The lines of the settings about what leaves this computer: whether anything does by itself, and by which
 * way to the lab. */
#include "ui/html.h"
#include "ui/room.h"

void settings_lab_draw(struct html *h, struct app *app);
void page_set_drawn(struct app *app, const struct request *request, struct reply *reply);
void page_set_via(struct app *app, const struct request *request, struct reply *reply);
#endif
