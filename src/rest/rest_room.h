#ifndef REST_REST_ROOM_H
#define REST_REST_ROOM_H
/* The room of signs of work, rest facts and quiet weeks, for the list in app/rooms.c. */
#include "ui/room.h"

extern const struct room rest_room;
#endif
