/* The issuer of a lab as rows: its routes, its job, its commands. It knows the members and sees blinded
 * bytes; what is posted it never sees. */
#include "anon/issuer_room.h"

#include "anon/cosign.h"
#include "anon/invite.h"
#include "anon/issuer.h"
#include "anon/issuer_base.h"
#include "anon/member.h"
#include "anon/roster.h"
#include "anon/rotate.h"
#include "anon/sees.h"
#include "anon/stats.h"
#include "base/words.h"

#include "base/banned.h"

#define JSON "application/json"

static const struct route routes[] = {
    {.method = "GET",
     .path = "/.well-known/private-token-issuer-directory",
     .roles = ISSUER,
     .who = PUBLIC,
     .serve = api_directory,
     .about = "The keys that passes are signed with (RFC 9578).",
     .gives = "application/private-token-issuer-directory",
     .statuses = "200"},
    {.method = "POST",
     .path = "/v1/join",
     .roles = ISSUER,
     .who = PUBLIC,
     .serve = api_join,
     .about = "Become a member with the code of an invitation; the same body again gets the same answer.",
     .takes = JSON,
     .gives = JSON,
     .statuses = "200 201 400 403 409"},
    {.method = "GET",
     .path = "/v1/member",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_member_get,
     .about = "All that the lab keeps of the member who asks, but for hashes of secrets.",
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
     .about = "Leave the lab; passes that were collected stay good to the end of their week.",
     .statuses = "204 401"},
    {.method = "POST",
     .path = "/token-request",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_token_request,
     .about = "The passes of a week, all in one request; the same request again gets the same answer.",
     .takes = "application/private-token-generic-batch-request",
     .gives = "application/private-token-generic-batch-response",
     .statuses = "200 401 403 409 422 425"},
    {.method = "POST",
     .path = "/v1/counsellors/passes",
     .roles = ISSUER,
     .who = PUBLIC,
     .serve = api_guest_passes,
     .about = "The passes of a week for a counsellor, who need not be a member, signed with the key in the "
              "record; the same request again gets the same answer.",
     .takes = JSON,
     .gives = "application/private-token-generic-batch-response",
     .statuses = "200 400 403 409 413 422 425"},
    {.method = "GET",
     .path = "/v1/epochs/*",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_epoch,
     .about = "The key that all members read with in a week.",
     .part = "epoch",
     .gives = JSON,
     .statuses = "200 401 404"},
    {.method = "POST",
     .path = "/v1/cosignatures",
     .roles = ISSUER,
     .who = IDENTIFIED,
     .serve = api_cosign,
     .about = "A member's signature under the head of a week.",
     .takes = JSON,
     .statuses = "204 400 401 409"},
    {.method = "GET",
     .path = "/v1/rosters/*",
     .roles = LAB,
     .who = CROWD,
     .serve = api_roster,
     .about = "The lists of a week that the record has the roots of, the same bytes for everybody.",
     .part = "epoch",
     .gives = JSON,
     .statuses = "200 401 404"},
    {0}};

static const struct cli_option invite_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")}, {0}};

static const struct cli_option stats_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")},
    {"bench-issue", NULL,
     N_("lab.opt.bench", "measure for three seconds how many passes one core of this machine signs")},
    {0}};

static const struct command commands[] = {
    {
        .name = "lab invite",
        .example = N_("lab.invite.example", "respite lab invite \"Wei Zhang\" \"Ada Moreau\""),
        .args = "NAME…",
        .help =
            N_("lab.invite.help", "Make an invitation for each name, good for seven days and one computer."),
        .options = invite_options,
        .roles = ISSUER,
        .run = cmd_lab_invite,
    },
    {
        .name = "lab remove",
        .example = N_("lab.remove.example", "respite lab remove \"Wei Zhang\""),
        .args = "NAME",
        .help = N_("lab.remove.help", "Take a member off the list, as if they had left."),
        .options = invite_options,
        .roles = ISSUER,
        .run = cmd_lab_remove,
    },
    {
        .name = "lab stats",
        .example = N_("lab.stats.example", "respite lab stats"),
        .args = "",
        .help = N_("lab.stats.help", "How many members, invitations and passes the lab has."),
        .options = stats_options,
        .roles = LAB,
        .run = cmd_lab_stats,
    },
    {
        .name = "lab sees",
        .example = N_("lab.sees.example", "respite lab sees"),
        .args = "",
        .help = N_("lab.sees.help", "What this lab can see of its members, and what it cannot."),
        .roles = LAB,
        .run = cmd_lab_sees,
        .no_db = true,
    },
    {0}};

static const struct job jobs[] = {{.name = "rotate", .when = "beat", .roles = LAB, .run = rotate_beat}, {0}};

const struct room issuer_room = {
    .name = "issuer", .routes = routes, .commands = commands, .jobs = jobs, .migrations = issuer_migrations};
