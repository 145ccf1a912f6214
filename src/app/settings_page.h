#ifndef APP_SETTINGS_PAGE_H
#define APP_SETTINGS_PAGE_H
/* Settings (EXPERIENCE screen u), Export, and the end of everything. */
#include "ui/room.h"

void page_settings(struct app *app, const struct request *request, struct reply *reply);
void page_set_lang(struct app *app, const struct request *request, struct reply *reply);
void page_set_theme(struct app *app, const struct request *request, struct reply *reply);
void page_set_keys(struct app *app, const struct request *request, struct reply *reply);
void page_export(struct app *app, const struct request *request, struct reply *reply);
void page_forget(struct app *app, const struct request *request, struct reply *reply);

/* For a test: a path of this node that may stand in a Location header, and nothing that leads elsewhere. */
bool settings_back_ok(struct span path);
#endif
