/* What the room Speak offers. Help now has no place in the navigation of rooms: the frame shows it apart, on
 * every page. */
#include "speak/speak_room.h"

#include "speak/board_keep.h"
#include "speak/help_page.h"
#include "speak/post.h"
#include "speak/speak_cmd.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET", .path = "/help", .roles = NODE, .who = LOCAL, .serve = page_help, .always = true},
    {.method = "POST", .path = "/help/region", .roles = NODE, .who = LOCAL, .serve = page_help_region},
    {0},
};

static const struct command commands[] = {
    {.name = "post",
     .example = N_("post.example", "respite post \"I have not told anyone that I am thinking of stopping.\""),
     .args = "TEXT|-",
     .help = N_("post.help", "Say something on the lab's board, without a name."),
     .options = post_options,
     .roles = NODE,
     .run = cmd_post},
    {.name = "board",
     .example = N_("board.example", "respite board"),
     .args = "",
     .help = N_("board.help", "Read the lab's board."),
     .options = board_options,
     .roles = NODE,
     .run = cmd_board},
    {0}};

static const struct act acts[] = {
    {.kind = "metoo", .series = "board", .leaf_only = true, .counted = true, .accept = metoo_accept},
    {.kind = "reply", .series = "board", .accept = reply_accept},
    {.kind = "retract", .series = "board", .takes_back = true, .accept = retract_accept},
    {.kind = "thread", .series = "board", .accept = post_accept},
    {0},
};

static bool left(struct app *app, struct db *db, struct err *err)
{
    (void)app;
    return board_forget(db, err);
}

static const struct migration migrations[] = {
    {1, NODE, BOARD_TABLES},
    {0},
};

const struct room speak_room = {
    .name = "speak", .migrations = migrations, .routes = routes, .commands = commands, .acts = acts, .doctor = help_doctor, .left = left};
