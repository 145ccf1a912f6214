#ifndef REST_PAGES_H
#define REST_PAGES_H
/* Pages of the room, for its table. */
#include "ui/room.h"

void page_setup(struct app *app, const struct request *request, struct reply *reply); /* screen a1 */
void page_setup_save(struct app *app, const struct request *request, struct reply *reply);
void page_hours(struct app *app, const struct request *request, struct reply *reply); /* screen a2 */
void page_looks(struct app *app, const struct request *request,
                struct reply *reply); /* "Does this look about right?" */
void page_agents(struct app *app, const struct request *request,
                 struct reply *reply); /* "Count these as your time?" */
void page_rest(struct app *app, const struct request *request, struct reply *reply); /* screen k */
#endif
