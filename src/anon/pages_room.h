#ifndef ANON_PAGES_ROOM_H
#define ANON_PAGES_ROOM_H
/* The pages of a node about its lab: joining, the lab, what it can see, what was sent. */
#include "ui/room.h"

extern const struct room pages_room;
#endif
