#ifndef PAPERS_NEAR_ROOM_H
#define PAPERS_NEAR_ROOM_H
/* The scoop check's rows: tables, commands, pages and the job that learns. */
#include "ui/room.h"

extern const struct room near_room;
#endif
