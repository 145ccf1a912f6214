/* The fixed list of refusals of PROTOCOL section 9. Titles and details are the same bytes for everybody and
 * in every language of the reader: a node shows its own words for the type, and these are for whoever talks
 * to the lab with other tools. What came with the request is not repeated; the name of a field is ours, the
 * name of a header is cut to the letters that a header has. */
#include "ui/problem.h"

#include "base/banned.h"

enum { NAME_MOST = 64 };

struct said {
    const char *name, *title, *detail;
    int status;
    const char *named; /* the member that `name` of struct problem goes into */
    const char *later; /* Retry-After, in whole minutes: seconds */
};
static const struct said said[PROBLEM_TYPES] = {
    [PROBLEM_BAD_JSON] = {"bad-json", "The body is not the JSON that is expected here.",
                          "Send canonical JSON: sorted keys, no blanks, integers, nothing twice.", 400, NULL,
                          NULL},
    [PROBLEM_BAD_SIZE] = {"bad-size", "The body does not have one of the sizes that are taken.",
                          "Pad an act with spaces to exactly 4096, 8192 or 24576 bytes.", 400, NULL, NULL},
    [PROBLEM_BAD_FIELD] = {"bad-field", "One field is missing, unknown, or not of its form.",
                           "Look at the member named in field.", 400, "field", NULL},
    [PROBLEM_BAD_SIG] = {"bad-sig", "The signature does not fit the content.",
                         "Sign the canonical JSON without its sig member, with the key in pk.", 400, NULL,
                         NULL},
    [PROBLEM_HEADER] = {"header-not-allowed", "The request carries a header that is not taken here.",
                        "Send the fixed set, each once, and let no proxy add to it.", 400, "header", NULL},
    [PROBLEM_MIXED] = {"mixed-kinds",
                       "The request carries a credential of another kind than this route takes.",
                       "Send one credential, of the kind that the route names.", 400, NULL, NULL},
    [PROBLEM_BAD_REQUEST] = {"bad-request", "The request is not one that this route takes.",
                             "Look at /openapi.json for what it takes.", 400, NULL, NULL},
    [PROBLEM_NO_BEARER] = {"no-bearer", "This route is for members.",
                           "Send the secret that was made when this computer joined.", 401, NULL, NULL},
    [PROBLEM_BAD_BEARER] = {"no-bearer", "This secret belongs to no member.",
                            "Ask the lab for a new invitation if you have left or lost it.", 401, NULL, NULL},
    [PROBLEM_NO_PASS] = {"no-pass", "This route takes a pass and nothing else.",
                         "Send one pass of this week in the Authorization header.", 401, NULL, NULL},
    [PROBLEM_NO_CROWD] = {"no-crowd", "Reading here takes the key that all members share.",
                          "Send the crowd key of the running week in the Authorization header.", 401, NULL,
                          NULL},
    [PROBLEM_BAD_CODE] = {"bad-code", "This invitation is not known, or its seven days are over.",
                          "Ask the lab for a new one.", 403, NULL, NULL},
    [PROBLEM_NOT_IN_GROUP] = {"not-in-group", "These passes are for another group.",
                              "Who belongs to it was fixed before they were given out.", 403, NULL, NULL},
    [PROBLEM_NOT_MODERATOR] = {"not-moderator", "This key is not, or not yet, that of a moderator.",
                               "A moderator's key is in force 72 hours after it was logged.", 403, NULL,
                               NULL},
    [PROBLEM_NOT_COUNSELLOR] = {"not-counsellor", "This key is not, or not yet, that of a counsellor.",
                                "A counsellor's key is in force 72 hours after it was logged.", 403, NULL,
                                NULL},
    [PROBLEM_MUTED] = {"muted", "This name is held back in this thread.",
                       "The reason is in the record; an appeal can be sent.", 403, NULL, NULL},
    [PROBLEM_BELOW_FLOOR] = {"below-floor", "There are fewer people here than this takes.",
                             "The number is fixed in the rules of the lab.", 403, NULL, NULL},
    [PROBLEM_NOT_FOUND] = {"not-found", "There is nothing at this address.",
                           "Look at /openapi.json for what there is.", 404, NULL, NULL},
    [PROBLEM_METHOD] = {"method", "This address is not asked in this way.",
                        "The Allow header names the methods that it takes.", 405, NULL, NULL},
    [PROBLEM_QUOTA_USED] = {"quota-used", "This week's passes were already collected.",
                            "Everybody gets the same number, once; the same request gets the same answer.",
                            409, NULL, NULL},
    [PROBLEM_CODE_USED] = {"code-used", "This invitation was used already.", "Ask the lab for a new one.",
                           409, NULL, NULL},
    [PROBLEM_PASS_SPENT] = {"pass-spent", "This pass was spent on something else.",
                            "Send the act with another pass.", 409, NULL, NULL},
    [PROBLEM_TAKEN] = {"taken", "Somebody else has it already.", "Choose another one.", 409, NULL, NULL},
    [PROBLEM_OTHER_HISTORY] = {"other-history", "This was made for another record than the one kept here.",
                               "Read the log again, and compare the words with a colleague.", 409, NULL,
                               NULL},
    [PROBLEM_CLOSED] = {"closed", "The time for this is over.", "The windows stand in the log.", 409, NULL,
                        NULL},
    [PROBLEM_GONE] = {"gone", "This was here and has been removed after its time.",
                      "Letters stay for fourteen days.", 410, NULL, NULL},
    [PROBLEM_TOO_LARGE] = {"too-large", "The request is larger than what is taken here.",
                           "Send at most 32768 bytes.", 413, NULL, NULL},
    [PROBLEM_BAD_TOKEN_REQUEST] = {"bad-token-request", "The request for passes is not well formed.",
                                   "All of it is refused when one item is; nothing was counted.", 422, NULL,
                                   NULL},
    [PROBLEM_BAD_PROOF] = {"bad-proof", "The proof does not show that one record continues the other.",
                           "Make it again from the sizes that are named.", 422, NULL, NULL},
    [PROBLEM_BAD_PASS] = {"bad-pass", "This pass is not good here.",
                          "It may be of another lab, kind or week, or not fit the act it came with.", 422,
                          NULL, NULL},
    [PROBLEM_NOT_YET] = {"not-yet", "It is too early for this.", "The windows stand in the log.", 425, NULL,
                         "3600"},
    [PROBLEM_BUSY] = {"busy", "This could not be done now.", "Nothing was kept. Try again later.", 503, NULL,
                      "600"},
};

static const struct said *said_of(enum problem_type type)
{
    return &said[type > PROBLEM_NONE && type < PROBLEM_TYPES ? type : PROBLEM_BUSY];
}

bool problem(struct problem *p, enum problem_type type, const char *name)
{
    if (p->type == PROBLEM_NONE)
        *p = (struct problem){type, name};
    return false;
}

int problem_status(enum problem_type type)
{
    return said_of(type)->status;
}

const char *problem_name(enum problem_type type)
{
    return said_of(type)->name;
}

/* Letters, digits and what else stands in names of headers and fields; others become "?". */
static void add_name(struct buf *out, struct span name)
{
    for (size_t i = 0; i < name.n && i < NAME_MOST; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || c == '.';
        buf_add_byte(out, plain ? c : '?');
    }
}

static void add_body(struct buf *out, const struct said *s, const char *name)
{
    buf_printf(out, "{\"type\":\"urn:respite:error:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"",
               s->name, s->title, s->status, s->detail);
    if (s->named && name) {
        buf_printf(out, ",\"%s\":\"", s->named);
        add_name(out, span_of(name));
        buf_add_byte(out, '"');
    }
    buf_add_byte(out, '}');
}

void reply_problem(struct reply *reply, const struct request *request, const struct problem *p, size_t pad)
{
    const struct said *s = said_of(p->type);
    buf_reset(&reply->body);
    reply->headers.n = 0;
    reply->status = s->status;
    reply->type = "application/problem+json";
    add_body(&reply->body, s, p->name);
    while (reply->body.n < pad && !reply->body.failed)
        buf_add_byte(&reply->body, ' ');
    if (s->later)
        reply_header(reply, request->arena, "Retry-After", s->later);
}
