/* What the room Speak offers. Help now has no place in the navigation of rooms: the frame shows it apart, on
 * every page. */
#include "speak/speak_room.h"

#include "speak/board_errands.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/card.h"
#include "speak/drafts.h"
#include "speak/help_page.h"
#include "speak/letter.h"
#include "speak/mailbox.h"
#include "speak/post.h"
#include "speak/speak_cmd.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET",
     .path = "/board",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_board,
     .nav = N_("nav.speak", "Speak"),
     .order = 20,
     .key = 's'},
    {.method = "GET", .path = "/board/*", .roles = NODE, .who = LOCAL, .serve = page_thread},
    {.method = "GET", .path = "/board/back", .roles = NODE, .who = LOCAL, .serve = page_back},
    /* always: these may wait for the lab's server, and no other page waits for them */
    {.method = "POST",
     .path = "/board/back",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_back_go,
     .always = true},
    {.method = "GET", .path = "/board/link", .roles = NODE, .who = LOCAL, .serve = page_link},
    {.method = "POST",
     .path = "/board/look",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_board_look,
     .always = true},
    {.method = "POST",
     .path = "/board/metoo",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_metoo,
     .always = true},
    {.method = "GET", .path = "/board/mine", .roles = NODE, .who = LOCAL, .serve = page_mine},
    {.method = "POST",
     .path = "/board/mine",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_mine_do,
     .always = true},
    {.method = "GET", .path = "/help", .roles = NODE, .who = LOCAL, .serve = page_help, .always = true},
    {.method = "POST", .path = "/help/region", .roles = NODE, .who = LOCAL, .serve = page_help_region},
    {.method = "GET", .path = "/write", .roles = NODE, .who = LOCAL, .serve = page_compose},
    {.method = "POST",
     .path = "/write",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_compose_do,
     .always = true},
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
     .args = "[THREAD]",
     .help = N_("board.help", "Read the lab's board."),
     .options = board_options,
     .roles = NODE,
     .run = cmd_board},
    {0}};

static const struct act acts[] = {
    {.kind = "card", .series = "board", .accept = card_accept},
    {.kind = "letter", .series = "letters", .accept = letter_accept},
    {.kind = "metoo", .series = "board", .leaf_only = true, .counted = true, .accept = metoo_accept},
    {.kind = "reply", .series = "board", .accept = reply_accept},
    {.kind = "retract", .series = "board", .takes_back = true, .accept = retract_accept},
    {.kind = "thread", .series = "board", .accept = post_accept},
    {0},
};

static const struct errand_row errands[] = {
    {ERRAND_BOARD_LOOK, errand_board_look},
    {ERRAND_BOARD_SEND, errand_board_send},
    {0},
};

static bool left(struct app *app, struct db *db, struct err *err)
{
    (void)app;
    return board_forget(db, err) && mailbox_forget(db, err);
}

static bool copied_work(struct db *copy, void *arg, struct err *err)
{
    (void)arg;
    return mailbox_copied(copy, err);
}

/* Letters of others, and the keys that open them, are in no copy: they are gone after 14 days, and a copy
 * would keep them. */
static bool copied(struct app *app, struct db *copy, struct err *err)
{
    (void)app;
    return db_write(copy, copied_work, NULL, err);
}

static const struct migration migrations[] = {
    {1, NODE, BOARD_TABLES},
    {2, NODE, DRAFT_TABLES},
    {3, NODE, BOX_KEY_TABLES},
    {4, NODE, MAILBOX_TABLES},
    {0},
};

const struct room speak_room = {.name = "speak",
                                .routes = routes,
                                .commands = commands,
                                .acts = acts,
                                .errands = errands,
                                .migrations = migrations,
                                .doctor = help_doctor,
                                .copied = copied,
                                .left = left};
