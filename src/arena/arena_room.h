#ifndef ARENA_ARENA_ROOM_H
#define ARENA_ARENA_ROOM_H
#include "ui/room.h"

extern const struct room arena_room;
#endif
