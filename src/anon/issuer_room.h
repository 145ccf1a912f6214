#ifndef ANON_ISSUER_ROOM_H
#define ANON_ISSUER_ROOM_H
#include "ui/room.h"

extern const struct room issuer_room;
#endif
