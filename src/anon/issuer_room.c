/* The issuer's routes, commands, jobs and tables. */
#include "anon/issuer_room.h"

#include "anon/cosign.h"
#include "anon/invite.h"
#include "anon/issuer.h"
#include "anon/issuer_base.h"
#include "anon/member.h"
#include "anon/roster.h"
#include "anon/rotate.h"
#include "anon/stats.h"

#include "base/banned.h"

#define JSON "application/json"

static const struct route routes[] = {
    {.method = "GET",
     .path = "/.well-known/private-token-issuer-directory",
     .roles = ISSUER,
     .who = PUBLIC,
     .serve = api_directory,
     .about = "The keys that passes are signed with (RFC 9578); the log has them too.",
     .gives = "application/private-token-issuer-directory",
     .statuses = "200"},
    {.method = "POST",
     .path = "/v1/join",
     .roles = ISSUER,
     .who = PUBLIC,
     .serve = api_join,
     .about = "Become a member with the code of an invitation.",
     .takes = JSON,
     .gives = JSON,
     .statuses = "200 201 400 403 409"},
    {.method = "GET",
     .path = "/v1/member",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_member_get,
     .about = "What the lab keeps of this member.",
     .gives = JSON,
     .statuses = "200 401"},
    {.method = "PATCH",
     .path = "/v1/member",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_member_patch,
     .about = "Another name, or another secret.",
     .takes = JSON,
     .gives = JSON,
     .statuses = "200 400 401"},
    {.method = "DELETE",
     .path = "/v1/member",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_member_delete,
     .about = "Leave the lab.",
     .statuses = "204 401"},
    {.method = "POST",
     .path = "/token-request",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_token_request,
     .about = "Passes for a key, signed without being seen: the whole quota, once.",
     .takes = "application/private-token-generic-batch-request",
     .gives = "application/private-token-generic-batch-response",
     .statuses = "200 401 403 409 422 425"},
    {.method = "GET",
     .path = "/v1/epochs/*",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_epoch,
     .about = "The key for reading that all members share in a week.",
     .part = "epoch",
     .gives = JSON,
     .statuses = "200 401 404"},
    {.method = "POST",
     .path = "/v1/cosignatures",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_cosign,
     .about = "A member's cosignature under the head of an epoch.",
     .takes = JSON,
     .statuses = "204 400 401 409"},
    {.method = "GET",
     .path = "/v1/rosters/*",
     .roles = LAB,
     .who = CROWD,
     .serve = api_roster,
     .about = "The lists behind the record of an epoch, the same bytes for everybody.",
     .part = "epoch",
     .gives = JSON,
     .statuses = "200 401 404"},
    {0}};

static const struct cli_option db_option[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")}, {0}};
static const struct cli_option stats_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")},
    {"bench-issue", NULL,
     N_("lab.opt.bench", "measure for three seconds how many passes one core of this machine signs")},
    {0}};

static const struct command commands[] = {
    {.name = "lab invite",
     .example = N_("lab.invite.example", "respite lab invite Wei Mara Lin"),
     .args = "NAME…",
     .help = N_("lab.invite.help", "Make an invitation for each name, to be handed over by hand."),
     .options = db_option,
     .roles = ISSUER,
     .run = cmd_lab_invite},
    {.name = "lab remove",
     .example = N_("lab.remove.example", "respite lab remove Wei"),
     .args = "NAME",
     .help = N_("lab.remove.help", "Take a member out of the lab, as if they had left."),
     .options = db_option,
     .roles = ISSUER,
     .run = cmd_lab_remove},
    {.name = "lab stats",
     .example = N_("lab.stats.example", "respite lab stats"),
     .args = "",
     .help = N_("lab.stats.help", "How many members, invitations and passes the lab has."),
     .options = stats_options,
     .roles = LAB,
     .run = cmd_lab_stats},
    {0}};

static const struct job jobs[] = {{.name = "rotate", .when = "beat", .roles = ISSUER, .run = rotate_beat},
                                  {0}};

const struct room issuer_room = {
    .name = "issuer", .routes = routes, .commands = commands, .jobs = jobs, .migrations = issuer_migrations};
