#ifndef ANON_ISSUER_ROOM_H
#define ANON_ISSUER_ROOM_H
/* The row of app/rooms.c for the issuer of a lab. */
#include "ui/room.h"

extern const struct room issuer_room;
#endif
