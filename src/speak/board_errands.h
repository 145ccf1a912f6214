#ifndef SPEAK_BOARD_ERRANDS_H
#define SPEAK_BOARD_ERRANDS_H
/* What the pages of the board want done on the network (anon/errand.h): a look for new posts, and acts of
 * the outbox that the person wants sent now. */
#include "ui/room.h"

#define ERRAND_BOARD_LOOK "board look" /* no argument */
#define ERRAND_BOARD_SEND "board send" /* argument: numbers of acts in the outbox, a blank between two */
bool errand_board_look(struct app *app, const char *argument, struct buf *answer, struct err *err);
bool errand_board_send(struct app *app, const char *argument, struct buf *answer, struct err *err);
#endif
