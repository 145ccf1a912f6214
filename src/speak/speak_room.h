#ifndef SPEAK_ROOM_H
#define SPEAK_ROOM_H
/* Speak: the board, letters, listeners and counsellors come with the lab; Help now is here from the first
 * day, since it needs none. */
#include "ui/room.h"

extern const struct room speak_room;
#endif
