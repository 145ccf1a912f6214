#ifndef ANON_BOARD_ROOM_H
#define ANON_BOARD_ROOM_H
/* The board of a lab as a room. */
#include "ui/room.h"

extern const struct room board_room;
/* The board's half of `respite lab stats`: passes spent per epoch, acts that wait. */
MUST bool board_stats(struct app *app, struct buf *out, struct err *err);
#endif
