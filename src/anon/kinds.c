/* The centre's question before each route. What the record has to be asked for is here; what the request says
 * by itself is anon/kind_form.c. */
#include "anon/kinds.h"

#include "anon/crowd.h"
#include "anon/kind_form.h"
#include "anon/lab.h"
#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { ANONYMOUS_ANSWER = 1024 };

static bool crowd_known(struct app *app, struct span value, struct problem *p, struct err *err)
{
    const struct history *issuer, *board;
    uint8_t key[AUTH_KEY];
    if (!auth_key_read(value, key))
        return problem(p, PROBLEM_NO_CROWD, NULL);
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool in = crowd_good(issuer, key, app->now);
    lab_facts_done(app->lab);
    secret_wipe(key, sizeof key);
    return in || problem(p, PROBLEM_NO_CROWD, NULL);
}

bool kind_let_in(struct app *app, const struct route *route, const struct request *request, struct problem *p,
                 struct err *err)
{
    struct span value;
    if (!kind_form(route->who, request, &value, p))
        return false;
    return route->who != CROWD || crowd_known(app, value, p, err);
}

/* A challenge for each general key that can be spent now, newest first. */
static void challenge_passes(struct app *app, const struct request *request, struct reply *reply)
{
    struct auth_challenge list[4];
    size_t n = 0;
    const struct history *issuer, *board;
    struct err err = {0};
    AUTO_BUF struct buf header;
    buf_init(&header, AUTH_HEADER_MOST);
    if (!lab_facts(app->lab, app->db, &issuer, &board, &err))
        return;
    for (size_t i = issuer->keys.n; i > 0 && n < sizeof list / sizeof list[0]; i--) {
        const struct history_key *k = &issuer->keys.at[i - 1];
        const struct windows *w = &k->key.windows;
        if (k->good && !k->key.survey && w->spend_from <= app->now && app->now < w->spend_to)
            list[n++] = (struct auth_challenge){.challenge = k->key.challenge,
                                                .key = {(const char *)k->key.spki, sizeof k->key.spki},
                                                .max_age = -1};
    }
    auth_challenges_write(&header, list, n);
    lab_facts_done(app->lab);
    if (n > 0 && buf_ok(&header, &err))
        reply_header(reply, request->arena, "WWW-Authenticate", buf_keep(&header, request->arena));
}

void kind_refuse(struct app *app, const struct route *route, const struct request *request,
                 const struct problem *p, struct reply *reply)
{
    reply_problem(reply, request, p, route->who == ANONYMOUS ? ANONYMOUS_ANSWER : 0);
    if (p->type == PROBLEM_NO_BEARER)
        reply_header(reply, request->arena, "WWW-Authenticate", "Bearer realm=\"respite\"");
    else if (p->type == PROBLEM_BAD_BEARER)
        reply_header(reply, request->arena, "WWW-Authenticate",
                     "Bearer realm=\"respite\", error=\"invalid_token\"");
    else if (p->type == PROBLEM_NO_PASS)
        challenge_passes(app, request, reply);
}
