#ifndef SPEAK_BOARD_PAGES_H
#define SPEAK_BOARD_PAGES_H
/* The pages of the board. */
#include "ui/room.h"

void page_board(struct app *app, const struct request *request, struct reply *reply); /* GET /board */
void page_board_look(struct app *app, const struct request *request,
                     struct reply *reply);                                             /* POST /board/look */
void page_thread(struct app *app, const struct request *request, struct reply *reply); /* GET /board/<id> */
void page_metoo(struct app *app, const struct request *request, struct reply *reply);  /* POST /board/metoo */
void page_back(struct app *app, const struct request *request, struct reply *reply);   /* GET /board/back */
void page_back_go(struct app *app, const struct request *request, struct reply *reply); /* POST /board/back */
void page_link(struct app *app, const struct request *request, struct reply *reply);    /* GET /board/link */
void page_mine(struct app *app, const struct request *request, struct reply *reply);    /* GET /board/mine */
void page_mine_do(struct app *app, const struct request *request, struct reply *reply); /* POST /board/mine */
void page_compose(struct app *app, const struct request *request, struct reply *reply); /* GET /write */
void page_compose_do(struct app *app, const struct request *request, struct reply *reply); /* POST /write */

/* The lab, for a page that needs one; without it the reply sends to /board, which says so. */
struct known;
bool board_known(struct app *app, const struct request *request, struct reply *reply, struct known **known);
/* An act was put into the outbox: send it when it is to leave at once, and go to `path`; when it did not
 * leave, what one wrote is shown with the reason, and the act among it. */
void board_sent(struct app *app, const struct request *request, struct reply *reply,
                const struct known *known, int64_t outbox, bool now, const char *path);
/* GET /board/mine with a problem above it. */
void mine_again(struct app *app, const struct request *request, struct reply *reply, const char *problem);
#endif
