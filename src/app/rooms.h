#ifndef APP_ROOMS_H
#define APP_ROOMS_H
/* The list of rooms. A room taken off it is gone from every page, command and job; the rest goes on. */
#include "ui/room.h"

extern const struct room *const rooms[]; /* NULL-ended */
#endif
