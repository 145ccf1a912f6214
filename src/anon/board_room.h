#ifndef ANON_BOARD_ROOM_H
#define ANON_BOARD_ROOM_H
/* The board of a lab as a room. */
#include "ui/room.h"

extern const struct room board_room;
#endif
