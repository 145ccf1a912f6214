/* What the room Speak offers. Help now has no place in the navigation of rooms: the frame shows it apart, on
 * every page. */
#include "speak/speak_room.h"

#include "speak/help_page.h"
#include "speak/post.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET", .path = "/help", .roles = NODE, .who = LOCAL, .serve = page_help, .always = true},
    {.method = "POST", .path = "/help/region", .roles = NODE, .who = LOCAL, .serve = page_help_region},
    {0},
};

static const struct act acts[] = {
    {.kind = "thread", .series = "board", .accept = post_accept},
    {0},
};

const struct room speak_room = {.name = "speak", .routes = routes, .acts = acts, .doctor = help_doctor};
