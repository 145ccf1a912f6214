#ifndef ANON_LOG_ROOM_H
#define ANON_LOG_ROOM_H
/* What the lab's log offers: its tables, the routes that serve it, the witness for other labs' logs. */
#include "ui/room.h"

extern const struct room log_room;
#endif
