#ifndef ANON_PAGES_H
#define ANON_PAGES_H
/* Pages of the node about its lab, for the table of the room. Opening one sends nothing; what a click sends
 * is an errand. */
#include "ui/room.h"

void page_lab(struct app *app, const struct request *request, struct reply *reply); /* screen x */
/* The same page in no lab, with what did not work and the link that was typed. */
void page_lab_again(struct app *app, const struct request *request, struct reply *reply, const char *problem,
                    const char *url);
void page_lab_seen(struct app *app, const struct request *request,
                   struct reply *reply); /* "A colleague sees the same words" */
void page_lab_go_on(struct app *app, const struct request *request,
                    struct reply *reply); /* "Look again", "Go on from the new record" */
void page_lab_leave(struct app *app, const struct request *request, struct reply *reply); /* asks once */
void page_lab_left(struct app *app, const struct request *request, struct reply *reply);

void page_lab_look(struct app *app, const struct request *request, struct reply *reply); /* "Look" */
void page_join(struct app *app, const struct request *request, struct reply *reply);     /* screen b */
void page_join_go(struct app *app, const struct request *request, struct reply *reply);

void page_sees(struct app *app, const struct request *request, struct reply *reply); /* screen t */
void page_sent(struct app *app, const struct request *request, struct reply *reply); /* screen s */
void page_sent_remove(struct app *app, const struct request *request, struct reply *reply);
#endif
