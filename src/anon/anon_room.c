/* The table of a node that is, or may become, a member of a lab. Its pages are anon/pages_room.c. */
#include "anon/anon_room.h"

#include "anon/anon_cmd.h"
#include "anon/anon_db.h"
#include "anon/anon_keep.h"
#include "anon/fetch.h"
#include "anon/join_cmd.h"
#include "anon/outside.h"

#include "base/banned.h"

static const struct command commands[] = {
    {.name = "join",
     .example = N_("join.example", "respite join 'https://lab.example/join#…'"),
     .args = "URL",
     .help = N_("join.help", "Become a member of a lab, with the invitation that somebody handed to you."),
     .options = join_options,
     .roles = NODE,
     .run = cmd_join},
    {.name = "sent",
     .example = N_("sent.example", "respite sent"),
     .args = "",
     .help = N_("sent.help", "List every request that left this computer, newest first."),
     .roles = NODE,
     .run = cmd_sent},
    {.name = "verify",
     .example = N_("verify.example", "respite verify"),
     .args = "",
     .help =
         N_("verify.help", "Check whether the lab keeps one record for everybody, with your posts in it."),
     .options = verify_options,
     .roles = NODE,
     .run = cmd_verify},
    {.name = "witness",
     .aside = true,
     .example =
         N_("witness.example", "respite witness 'union.example/respite/witness+…' https://union.example"),
     .args = "[KEY URL]",
     .help = N_("witness.help", "Name who outside the lab is asked about the lab's record."),
     .options = outside_options,
     .roles = NODE,
     .run = cmd_witness},
    {0}};

/* They make requests, so they never run in the serving process, which has no way out. */
static const struct job jobs[] = {
    {.name = "lab fetch", .when = "minute", .roles = NODE, .asks = true, .run = job_fetch},
    {.name = "lab acts", .when = "minute", .roles = NODE, .asks = true, .run = job_acts},
    {0}};

const struct room anon_room = {.name = "anon",
                               .commands = commands,
                               .jobs = jobs,
                               .migrations = anon_migrations,
                               .doctor = anon_doctor,
                               .start = anon_start,
                               .copied = anon_copied,
                               .restored = anon_restored};
