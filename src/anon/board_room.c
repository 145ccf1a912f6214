/* The board of a lab as rows: its tables, its routes, its jobs. Every table that holds anything of a member
 * is without rowid and keyed by a hash or by what is published anyway, and knows a day at most. */
#include "anon/board_room.h"

#include "anon/act.h"
#include "anon/batch.h"
#include "anon/batch_get.h"
#include "anon/board_db.h"
#include "anon/lab.h"
#include "anon/peer.h"
#include "anon/quiet_cmd.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "POST",
     .path = "/v1/acts",
     .roles = BOARD,
     .who = ANONYMOUS,
     .serve = api_act,
     .about = "One act, paid with one pass; the answer is a signed promise that it will be in the log.",
     .takes = "application/json",
     .gives = "application/json",
     .statuses = "200 400 401 403 409 413 422 503"},
    {.method = "GET",
     .path = "/v1/batches",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batches,
     .about = "First and last number of the batches of each series.",
     .gives = "application/json",
     .statuses = "200 401"},
    {.method = "GET",
     .path = "/v1/batches/board/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "One batch of the board, the same bytes for everybody.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {.method = "GET",
     .path = "/v1/batches/letters/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "One batch of letters; they are kept for fourteen days.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404 410"},
    {.method = "GET",
     .path = "/v1/batches/answers/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "The passes that the answers to a survey were paid with.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {.method = "GET",
     .path = "/v1/threads/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_thread,
     .about = "One thread, for other readers; the node of a member takes whole batches and never asks here.",
     .part = "id",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {0}};

static const struct job jobs[] = {{.name = "batch", .when = "beat", .roles = BOARD, .run = batch_beat}, {0}};

static const struct command commands[] = {
    {.name = "lab quiet",
     .example = N_("lab.quiet.example", "respite lab quiet 2026-12-21..2026-12-27"),
     .args = "[FIRST..LAST]",
     .help = N_("lab.quiet.help",
                "A quiet week for the whole lab, in the record; without days, which there are."),
     .options = lab_quiet_options,
     .roles = BOARD,
     .run = cmd_lab_quiet},
    {0}};

const struct room board_room = {
    .name = "board", .routes = routes, .commands = commands, .jobs = jobs, .migrations = board_migrations};
