#ifndef APP_LAB_ROOM_H
#define APP_LAB_ROOM_H
/* What belongs to a lab as a whole: its commands, and the answers that say what it is. */
#include "ui/room.h"

extern const struct room lab_room;

/* What stands at /openapi.json: made from the rows of all rooms for the role of `app`. */
MUST bool openapi_write(const struct app *app, struct buf *out, struct err *err);
#endif
