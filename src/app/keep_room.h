#ifndef APP_KEEP_ROOM_H
#define APP_KEEP_ROOM_H
/* What keeps the program itself in order: looking after it (doctor), its data (backup, restore, export,
 * forget, paths), the settings. */
#include "ui/room.h"

extern const struct room keep_room;
#endif
