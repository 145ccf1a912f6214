/* What the room Arena offers. */
#include "arena/arena_room.h"

#include "arena/arena_cmd.h"
#include "arena/arena_db.h"
#include "arena/battle.h"
#include "arena/battle_cmd.h"
#include "arena/battle_mine.h"
#include "arena/battle_page.h"
#include "arena/battle_run.h"
#include "arena/blind_cmd.h"
#include "arena/blind_mine.h"
#include "arena/blind_publish.h"
#include "arena/model_cmd.h"
#include "arena/pages.h"

#include "base/banned.h"

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
    {.method = "GET", .path = "/arena/battle", .roles = NODE, .who = LOCAL, .serve = page_battle},
    /* always: it may wait for the lab's server, and no other page waits for it */
    {.method = "POST",
     .path = "/arena/battle",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_battle_do,
     .always = true},
    {.method = "GET",
     .path = "/arena/lab",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_blind,
     .nav = N_("blind.title", "The lab's arena"),
     .under = "/moved",
     .order = 58},
    {.method = "POST",
     .path = "/arena/lab",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_blind_do,
     .always = true},
    {.method = "GET",
     .path = "/v1/arena/board",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_arena_board,
     .about =
         "The newest board of the blind arena, with the votes it rests on; the same bytes for everybody.",
     .gives = "application/json",
     .statuses = "200 401 404 503"},
    {.method = "GET",
     .path = "/v1/battles/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_battle,
     .about =
         "One battle of the blind arena, for who knows its handle; answers without names until the vote.",
     .part = "handle",
     .gives = "application/json",
     .statuses = "200 401 404 503"},
    {.method = "POST",
     .path = "/v1/battles/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_battle_again,
     .about = "The same, after asking the models anew when the battle is void.",
     .part = "handle",
     .takes = "application/json",
     .gives = "application/json",
     .statuses = "200 401 404 503"},
    {0}};

static const struct command commands[] = {
    {.name = "arena battle",
     .example = N_("battle.example", "respite arena battle \"Explain attention sinks to a new student.\""),
     .args = "[TEXT|-]",
     .help = N_("battle.help", "Ask two of the lab's models, see both answers without names, and vote."),
     .options = battle_options,
     .roles = NODE,
     .run = cmd_arena_battle},
    {.name = "arena lab",
     .example = N_("blind.example", "respite arena lab"),
     .args = "",
     .help = N_("blind.help", "The board of the lab's own arena: what changed, what did not."),
     .options = blind_options,
     .roles = NODE,
     .run = cmd_arena_lab},
    {.name = "lab model",
     .example = N_("model.example", "respite lab model add north --url https://models.lab.example"),
     .args = "[list|add NAME|withdraw NAME]",
     .help = N_("model.help", "The models of the lab's blind arena."),
     .options = lab_model_options,
     .roles = BOARD,
     .run = cmd_lab_model},
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

static const struct week_row week[] = {
    {.order = 10, .heading = N_("nav.moved", "What moved"), .fill = week_arena}, {0}};

static const struct act acts[] = {
    {.kind = "prompt", .series = "board", .leaf_only = true, .accept = prompt_accept},
    {.kind = "vote", .series = "board", .leaf_only = true, .accept = vote_accept},
    {0}};

static const struct job jobs[] = {{.name = "arena", .when = "beat", .roles = BOARD, .run = blind_beat},
                                  {.name = "battles", .when = "beat", .roles = BOARD, .run = battle_beat},
                                  {0}};

static const struct errand_row errands[] = {
    {ERRAND_BATTLE, errand_battle}, {ERRAND_BLIND, errand_blind}, {0}};

/* A battle under way names acts of the outbox that no copy holds. */
static bool copied(struct app *app, struct db *copy, struct err *err)
{
    (void)app;
    return battle_mine_copied(copy, err);
}

static bool left(struct app *app, struct db *db, struct err *err)
{
    (void)app;
    return battle_mine_drop(db, err) && blind_mine_drop(db, err);
}

const struct room arena_room = {.name = "arena",
                                .routes = routes,
                                .commands = commands,
                                .acts = acts,
                                .jobs = jobs,
                                .errands = errands,
                                .migrations = arena_migrations,
                                .week = week,
                                .connects = battle_connects,
                                .verify = blind_verify,
                                .copied = copied,
                                .lab_copied = battle_lab_copied,
                                .left = left};
