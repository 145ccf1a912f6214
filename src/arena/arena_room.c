/* What the room Arena offers. */
#include "arena/arena_room.h"

#include "arena/arena_cmd.h"
#include "arena/arena_db.h"
#include "arena/pages.h"

#include "base/banned.h"

static const struct command commands[] = {
    {.name = "arena rank",
     .example = N_("rank.example", "respite arena rank votes.csv"),
     .args = "FILE…",
     .help = N_("rank.help", "Ratings from votes, each with its interval and the places it may truly have."),
     .options = rank_options,
     .roles = NODE,
     .run = cmd_arena_rank,
     .no_db = true},
    {.name = "arena compare",
     .example = N_("compare.example", "respite arena compare votes-october.csv votes-november.csv"),
     .args = "OLD NEW",
     .help = N_("compare.help", "What changed between two boards beyond chance, why, and what did not."),
     .options = compare_options,
     .roles = NODE,
     .run = cmd_arena_compare,
     .no_db = true},
    {.name = "arena screen",
     .example = N_("screen.example", "respite arena screen votes.csv"),
     .args = "FILE…",
     .help = N_("screen.help",
                "Voters whose votes honest taste does not explain, with a held rate of false alarms."),
     .options = screen_options,
     .roles = NODE,
     .run = cmd_arena_screen},
    {.name = "arena add",
     .example = N_("add.example", "respite arena add ours votes-today.csv"),
     .args = "BOARD FILE…",
     .help = N_("add.help", "Keep a board here and add votes to it; without FILE, show it."),
     .options = add_options,
     .roles = NODE,
     .run = cmd_arena_add},
    {.name = "arena board",
     .example = N_("board.example", "respite arena board ours"),
     .args = "[BOARD]",
     .help = N_("board.help", "The boards that are kept here, or one of them as it was shown."),
     .options = arena_board_options,
     .roles = NODE,
     .run = cmd_arena_board},
    {0}};

static const struct route routes[] = {
    {.method = "GET",
     .path = "/arena",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_arena,
     .nav = N_("arena.title", "Arena"),
     .under = "/moved",
     .order = 50},
    {.method = "GET", .path = "/arena/board", .roles = NODE, .who = LOCAL, .serve = page_arena_board},
    {.method = "GET", .path = "/arena/changes", .roles = NODE, .who = LOCAL, .serve = page_arena_changes},
    {.method = "GET", .path = "/arena/export", .roles = NODE, .who = LOCAL, .serve = page_arena_export},
    {.method = "GET", .path = "/arena/screen", .roles = NODE, .who = LOCAL, .serve = page_arena_screen},
    {0}};

static const struct week_row week[] = {
    {.order = 10, .heading = N_("nav.moved", "What moved"), .fill = week_arena}, {0}};

const struct room arena_room = {.name = "arena",
                                .routes = routes,
                                .commands = commands,
                                .migrations = arena_migrations,
                                .week = week};
