#ifndef ARENA_ARENA_ROOM_H
#define ARENA_ARENA_ROOM_H
/* What the room Arena offers. */
#include "ui/room.h"

extern const struct room arena_room;
#endif
