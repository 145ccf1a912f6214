/* What the room Speak offers. Help now has no place in the navigation of rooms: the frame shows it apart, on
 * every page. */
#include "speak/speak_room.h"

#include "speak/board_errands.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/card.h"
#include "speak/cards.h"
#include "speak/circle_lab.h"
#include "speak/circles.h"
#include "speak/circles_cmd.h"
#include "speak/circles_pages.h"
#include "speak/counsel.h"
#include "speak/counsel_cmd.h"
#include "speak/counsel_lab.h"
#include "speak/counsel_own.h"
#include "speak/counsel_pages.h"
#include "speak/drafts.h"
#include "speak/help_cmd.h"
#include "speak/help_line_cmd.h"
#include "speak/help_more.h"
#include "speak/help_own.h"
#include "speak/help_page.h"
#include "speak/letter.h"
#include "speak/letters.h"
#include "speak/letters_pages.h"
#include "speak/mailbox.h"
#include "speak/moderate.h"
#include "speak/moderate_act.h"
#include "speak/moderate_cmd.h"
#include "speak/moderate_desk.h"
#include "speak/moderate_lab.h"
#include "speak/moderate_pages.h"
#include "speak/own_key.h"
#include "speak/post.h"
#include "speak/speak_cmd.h"
#include "speak/speak_export.h"

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
    {.method = "GET", .path = "/board/appeal", .roles = NODE, .who = LOCAL, .serve = page_appeal},
    {.method = "POST",
     .path = "/board/appeal",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_appeal_do,
     .always = true},
    {.method = "GET", .path = "/board/back", .roles = NODE, .who = LOCAL, .serve = page_back},
    /* always: these may wait for the lab's server, and no other page waits for them */
    {.method = "POST",
     .path = "/board/back",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_back_go,
     .always = true},
    {.method = "GET", .path = "/board/decide", .roles = NODE, .who = LOCAL, .serve = page_decide},
    {.method = "POST",
     .path = "/board/decide",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_decide_do,
     .always = true},
    {.method = "GET", .path = "/board/flag", .roles = NODE, .who = LOCAL, .serve = page_flag},
    {.method = "POST",
     .path = "/board/flag",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_flag_do,
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
    {.method = "GET", .path = "/board/moderation", .roles = NODE, .who = LOCAL, .serve = page_moderation},
    {.method = "POST",
     .path = "/board/moderation",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_moderation_look,
     .always = true},
    {.method = "GET", .path = "/counsellors", .roles = NODE, .who = LOCAL, .serve = page_counsellors},
    {.method = "GET", .path = "/counsellors/*", .roles = NODE, .who = LOCAL, .serve = page_counsel_calendar},
    {.method = "POST",
     .path = "/counsellors/back",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_counsel_back,
     .always = true},
    {.method = "POST",
     .path = "/counsellors/look",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_counsellors_look,
     .always = true},
    {.method = "GET", .path = "/counsellors/take", .roles = NODE, .who = LOCAL, .serve = page_counsel_take},
    {.method = "POST",
     .path = "/counsellors/take",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_counsel_take_do,
     .always = true},
    {.method = "GET", .path = "/circles", .roles = NODE, .who = LOCAL, .serve = page_circles},
    {.method = "GET", .path = "/circles/*", .roles = NODE, .who = LOCAL, .serve = page_circle},
    {.method = "POST",
     .path = "/circles/*",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_circle_do,
     .always = true},
    {.method = "POST",
     .path = "/circles/look",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_circles_look,
     .always = true},
    {.method = "GET", .path = "/circles/open", .roles = NODE, .who = LOCAL, .serve = page_circle_open},
    {.method = "POST",
     .path = "/circles/open",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_circle_open_do,
     .always = true},
    {.method = "GET",
     .path = "/help",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_help,
     .always = true,
     .bare = true},
    {.method = "POST", .path = "/help/own", .roles = NODE, .who = LOCAL, .serve = page_help_own},
    {.method = "POST", .path = "/help/region", .roles = NODE, .who = LOCAL, .serve = page_help_region},
    {.method = "GET", .path = "/letters", .roles = NODE, .who = LOCAL, .serve = page_letters},
    {.method = "GET", .path = "/letters/*", .roles = NODE, .who = LOCAL, .serve = page_letter},
    {.method = "POST",
     .path = "/letters/*",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_letter_do,
     .always = true},
    {.method = "POST",
     .path = "/letters/look",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_letters_look,
     .always = true},
    {.method = "GET", .path = "/letters/write", .roles = NODE, .who = LOCAL, .serve = page_letter_write},
    {.method = "POST",
     .path = "/letters/write",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_letter_write_do,
     .always = true},
    {.method = "GET", .path = "/listen", .roles = NODE, .who = LOCAL, .serve = page_listen},
    {.method = "POST",
     .path = "/listen",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_listen_do,
     .always = true},
    {.method = "GET", .path = "/write", .roles = NODE, .who = LOCAL, .serve = page_compose},
    {.method = "POST",
     .path = "/write",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_compose_do,
     .always = true},
    {.method = "GET",
     .path = "/v1/counsellors",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_counsellors,
     .about = "Open hours of counsellors, each signed by its counsellor, and which times are taken.",
     .gives = "application/json",
     .statuses = "200 401"},
    {.method = "POST",
     .path = "/v1/counsellors",
     .roles = BOARD,
     .who = PUBLIC,
     .serve = api_counsel,
     .about = "Open hours, signed by a counsellor's key; or, signed so, who took a time, or a batch of "
              "letters.",
     .takes = "application/json",
     .gives = "application/json",
     .statuses = "200 201 400 403 404 409 410 413 503"},
    {.method = "POST",
     .path = "/v1/moderation",
     .roles = BOARD,
     .who = PUBLIC,
     .serve = api_moderation,
     .about =
         "One decision about a post, signed by a moderator's key; or, signed so, what members wrote to the "
         "moderators.",
     .takes = "application/json",
     .gives = "application/json",
     .statuses = "200 201 400 403 409 413 503"},
    {0},
};

static const struct command commands[] = {
    {.name = "appeal",
     .aside = true,
     .example = N_("appeal.example", "respite appeal 3fa2 \"It names nobody; the project has that name.\""),
     .args = "POST TEXT",
     .help = N_("appeal.help", "Ask the moderators to undo what they did about a post, or a circle's words."),
     .options = appeal_options,
     .roles = NODE,
     .run = cmd_appeal},
    {.name = "circles",
     .example = N_("circles.example", "respite circles --theme \"first paper rejected\""),
     .args = "[CIRCLE [TEXT|-]]",
     .help = N_("circles.help", "Support circles: three to eight people around a theme, without names."),
     .options = circles_options,
     .roles = NODE,
     .run = cmd_circles},
    {.name = "counsel",
     .aside = true,
     .example = N_("counsel.example", "respite counsel --open --by \"telephone 030 1234\" 2026-11-26T14:00"),
     .args = "[TIME…]",
     .help =
         N_("counsel.help", "Be a counsellor: open times, and see who took one. No membership is needed."),
     .options = counsel_options,
     .roles = NODE,
     .run = cmd_counsel},
    {.name = "counsel letters",
     .aside = true,
     .example = N_("counsel.letters.example", "respite counsel letters 1 \"Next Tuesday suits me as well.\""),
     .args = "[N [TEXT|-]]",
     .help = N_("counsel.letters.help", "Read and write letters with those who took a time of yours."),
     .options = counsel_mail_options,
     .roles = NODE,
     .run = cmd_counsel_mail},
    {.name = "counsellors",
     .example = N_("counsellors.example", "respite counsellors 2 \"It is about leaving.\""),
     .args = "[N [TEXT|-]]",
     .help = N_("counsellors.help", "See a counsellor: take a time without a name, or give it back."),
     .options = counsellors_options,
     .roles = NODE,
     .run = cmd_counsellors},
    {.name = "flag",
     .aside = true,
     .example = N_("flag.example", "respite flag 3fa2 name \"Everybody knows who this is.\""),
     .args = "POST harm|name|spam|other [NOTE]",
     .help = N_("flag.help", "Tell the moderators about a post, or a circle's words, without your name."),
     .options = flag_options,
     .roles = NODE,
     .run = cmd_flag},
    {.name = "helpnow",
     .example = N_("help.now.example", "respite helpnow GB"),
     .args = "[COUNTRY]",
     .help = N_("help.now.help", "Crisis lines; asks nobody, and is not counted."),
     .roles = NODE,
     .run = cmd_help_now,
     .no_db = true},
    {.name = "lab counsellor",
     .example = N_("lab.counsellor.example", "respite lab counsellor eyJlbXBsb3llciI6…"),
     .args = "[LINE]",
     .help = N_("lab.counsellor.help", "Put a counsellor's key into the record, end a term, or list them."),
     .options = lab_person_options,
     .roles = BOARD,
     .run = cmd_lab_counsellor},
    {.name = "lab line",
     .example = N_("lab.line.example", "respite lab line \"Counselling service\" \"+49 30 1234567\" --hours "
                                       "\"Monday to Friday, 9:00 to 16:00\""),
     .args = "[NAME [NUMBER…]]",
     .help = N_("lab.line.help", "Add a help line of the lab's own to Help now, beside the national ones."),
     .options = lab_line_options,
     .roles = BOARD,
     .run = cmd_lab_line},
    {.name = "lab listener",
     .example = N_("lab.listener.example", "respite lab listener eyJmcm9tIjoiMjAyNi0x…"),
     .args = "[LINE]",
     .help = N_("lab.listener.help",
                "Put a listener whom somebody vouched for into the record, end a term, or list them."),
     .options = lab_person_options,
     .roles = BOARD,
     .run = cmd_lab_listener},
    {.name = "lab moderate",
     .example = N_("lab.moderate.example", "respite lab moderate"),
     .args = "",
     .help = N_("lab.moderate.help", "Who moderates this lab's board, and what they decided."),
     .options = lab_moderate_options,
     .roles = BOARD,
     .run = cmd_lab_moderate},
    {.name = "lab moderator",
     .example = N_("lab.moderator.example", "respite lab moderator eyJmcm9tIjoiMjAyNi0x…"),
     .args = "[LINE]",
     .help = N_("lab.moderator.help", "Put a moderator's key into the record, end a term, or list them."),
     .options = lab_person_options,
     .roles = BOARD,
     .run = cmd_lab_moderator},
    {.name = "lab voucher",
     .example = N_("lab.voucher.example", "respite lab voucher eyJmcm9tIjoiMjAyNi0x…"),
     .args = "[LINE]",
     .help = N_("lab.voucher.help",
                "Put the key of who vouches for listeners into the record, end a term, or list them."),
     .options = lab_person_options,
     .roles = BOARD,
     .run = cmd_lab_voucher},
    {.name = "letters",
     .example = N_("letters.example", "respite letters --to Lin \"Could I talk about leaving?\""),
     .args = "[N [TEXT|-]]",
     .help = N_("letters.help", "Talk to a listener by letters, without a name."),
     .options = letters_options,
     .roles = NODE,
     .run = cmd_letters},
    {.name = "listen",
     .aside = true,
     .example =
         N_("listen.example", "respite listen --open --languages en,zh --topics \"leaving, first paper\""),
     .args = "",
     .help = N_("listen.help", "Be a listener: available, paused, vouched for."),
     .options = listen_options,
     .roles = NODE,
     .run = cmd_listen},
    {.name = "moderate",
     .aside = true,
     .example = N_("moderate.example", "respite moderate hide 3fa2 \"it named a person\""),
     .args = "[hide|show|mute|drop POST REASON]",
     .help =
         N_("moderate.help", "What waits for a moderator, and deciding about a post, or a circle's words."),
     .options = moderate_options,
     .roles = NODE,
     .run = cmd_moderate},
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
    {.kind = "appeal", .series = "board", .accept = appeal_accept},
    {.kind = "card", .series = "board", .accept = card_accept},
    {.kind = "circle", .series = "board", .accept = circle_accept},
    {.kind = "circle_ask", .series = "board", .accept = circle_accept},
    {.kind = "circle_leave", .series = "board", .accept = circle_accept},
    {.kind = "circle_say", .series = "board", .accept = circle_accept},
    {.kind = "circle_stay", .series = "board", .accept = circle_accept},
    {.kind = "flag", .series = "board", .leaf_only = true, .accept = flag_accept},
    {.kind = "letter", .series = "letters", .accept = letter_accept},
    {.kind = "metoo", .series = "board", .leaf_only = true, .counted = true, .accept = metoo_accept},
    {.kind = "reply", .series = "board", .accept = reply_accept},
    {.kind = "retract", .series = "board", .takes_back = true, .accept = retract_accept},
    {.kind = "slot", .series = "board", .leaf_only = true, .accept = slot_accept},
    {.kind = "thread", .series = "board", .accept = post_accept},
    {0},
};

static const struct job jobs[] = {
    {.name = "counsel", .when = "beat", .roles = BOARD, .run = job_counsel_lab},
    {.name = "circles", .when = "hour", .roles = NODE, .run = job_circles},
    {.name = "letters", .when = "hour", .roles = NODE, .run = job_letters},
    {0},
};

static const struct errand_row errands[] = {
    {ERRAND_BOARD_LOOK, errand_board_look},
    {ERRAND_BOARD_SEND, errand_board_send},
    {ERRAND_DESK_DECIDE, errand_desk_decide},
    {ERRAND_DESK_LOOK, errand_desk_look},
    {0},
};

static const struct week_row week[] = {
    {.order = 5, .heading = N_("week.counsel", "With a counsellor"), .fill = week_counsel, .always = true},
    {0},
};

static const struct feed_row feed[] = {
    {.what = "circles", .fill = feed_circles},
    {.what = "counsellors", .fill = feed_counsel},
    {0},
};

static bool left(struct app *app, struct db *db, struct err *err)
{
    (void)app;
    return board_forget(db, err) && mailbox_forget(db, err) && db_run(db, err, "delete from card") &&
           db_run(db, err, "delete from own_key") && db_run(db, err, "delete from listening") &&
           circle_forget(db, err) && counsel_left(db, err);
}

static bool copied_work(struct db *copy, void *arg, struct err *err)
{
    (void)arg;
    return mailbox_copied(copy, err) && counsel_copied(copy, err);
}

static bool recovered(struct app *app, struct db *db, const struct history *own, struct err *err)
{
    (void)app;
    return moderate_recovered(db, own, err) && circle_recovered(db, err);
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
    {5, BOARD, MODERATE_LAB_TABLES},
    {6, NODE, MODERATE_TABLES},
    {7, NODE, CARD_TABLES},
    {8, NODE, OWN_KEY_TABLES},
    {9, NODE, LISTEN_TABLES},
    {10, BOARD, COUNSEL_LAB_TABLES},
    {11, NODE, COUNSEL_OWN_TABLES},
    {12, NODE, COUNSEL_TABLES},
    {13, NODE, HELP_OWN_TABLES},
    {14, NODE, CIRCLE_TABLES},
    {15, BOARD, CIRCLE_LAB_TABLES},
    {16, NODE, MAILBOX_MORE},
    {17, NODE, MAILBOX_KEEP},
    {18, NODE, COUNSEL_TALK},
    {0},
};

const struct room speak_room = {.name = "speak",
                                .routes = routes,
                                .commands = commands,
                                .acts = acts,
                                .jobs = jobs,
                                .errands = errands,
                                .feed = feed,
                                .migrations = migrations,
                                .week = week,
                                .doctor = help_doctor,
                                .copied = copied,
                                .verify = circles_verify,
                                .recovered = recovered,
                                .left = left,
                                .export_to = speak_export};
