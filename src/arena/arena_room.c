/* What the room Arena offers. */
#include "arena/arena_room.h"

#include "arena/arena_cmd.h"

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
    {0}};

const struct room arena_room = {.name = "arena", .commands = commands};
