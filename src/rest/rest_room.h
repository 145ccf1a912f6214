#ifndef REST_REST_ROOM_H
#define REST_REST_ROOM_H
#include "ui/room.h"
/* Hours, rest facts, quiet weeks. */
extern const struct room rest_room;
#endif
