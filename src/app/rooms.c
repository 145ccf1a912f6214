/* The list of rooms. */
#include "app/rooms.h"

#include "anon/anon_room.h"
#include "anon/board_room.h"
#include "anon/issuer_room.h"
#include "anon/log_room.h"
#include "anon/pages_room.h"
#include "app/home.h"
#include "app/keep_room.h"
#include "app/lab_room.h"
#include "arena/arena_room.h"
#include "papers/near_room.h"
#include "papers/papers_room.h"
#include "rest/rest_room.h"
#include "speak/speak_room.h"

#include "base/banned.h"

const struct room *const rooms[] = {&home_room,   &speak_room, &rest_room,   &anon_room,  &pages_room,
                                    &keep_room,   &log_room,   &issuer_room, &board_room, &lab_room,
                                    &papers_room, &near_room,  &arena_room,  NULL};
