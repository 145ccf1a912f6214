/* The list of rooms. */
#include "app/rooms.h"

#include "app/home.h"
#include "app/keep_room.h"
#include "rest/rest_room.h"
#include "speak/speak_room.h"

#include "base/banned.h"

const struct room *const rooms[] = {&home_room, &speak_room, &rest_room, &keep_room, NULL};
