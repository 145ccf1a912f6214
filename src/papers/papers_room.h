#ifndef PAPERS_PAPERS_ROOM_H
#define PAPERS_PAPERS_ROOM_H
/* What the room Papers offers. */
#include "ui/room.h"

extern const struct room papers_room;
#endif
