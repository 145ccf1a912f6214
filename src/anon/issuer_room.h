#ifndef ANON_ISSUER_ROOM_H
#define ANON_ISSUER_ROOM_H
/* The issuer of a lab as rows: members, passes, the lists of the record. */
#include "ui/room.h"

extern const struct room issuer_room;
#endif
