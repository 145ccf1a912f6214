#ifndef ANON_ANON_ROOM_H
#define ANON_ANON_ROOM_H
/* The node's half of the road to the lab: joining, fetching, spending, checking. */
#include "ui/room.h"

extern const struct room anon_room;
#endif
