/* Telling the kinds of request apart. Headers first: none twice, no cookie, nothing that changes what the
 * body is; on anonymous and public routes the fixed set and nothing else, so that no proxy can add who asked.
 * Then the one credential, by its scheme. */
#include "anon/kind_form.h"

#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

static bool is_one_of(struct span name, const char *const *list)
{
    for (; *list; list++)
        if (span_eq_nocase(name, span_of(*list)))
            return true;
    return false;
}

static bool not_allowed(const struct request *r, struct span name, struct problem *p)
{
    return problem(p, PROBLEM_HEADER, arena_text(r->arena, name));
}

/* Two headers of one name: two credentials are mixed kinds, whatever they are; any other is named. */
static bool each_once(const struct request *r, struct problem *p)
{
    for (size_t i = 0; i < r->headers.n; i++)
        for (size_t k = i + 1; k < r->headers.n; k++) {
            struct span name = r->headers.at[i].name;
            if (!span_eq_nocase(name, r->headers.at[k].name))
                continue;
            if (span_eq_nocase(name, SPAN("Authorization")))
                return problem(p, PROBLEM_MIXED, NULL);
            return not_allowed(r, name, p);
        }
    return true;
}

static bool headers_good(enum who who, const struct request *r, struct problem *p)
{
    static const char *const fixed[] = {"Host",         "User-Agent",     "Accept",     "Authorization",
                                        "Content-Type", "Content-Length", "Connection", NULL};
    static const char *const never[] = {"Cookie", "Cookie2",          "Transfer-Encoding",
                                        "Expect", "Content-Encoding", NULL};
    for (size_t i = 0; i < r->headers.n; i++) {
        struct span name = r->headers.at[i].name;
        if (is_one_of(name, never) || (who != IDENTIFIED && !is_one_of(name, fixed)))
            return not_allowed(r, name, p);
    }
    return true;
}

static bool is_secret(struct span text)
{
    uint8_t key[AUTH_KEY];
    bool good = auth_key_read(text, key);
    secret_wipe(key, sizeof key);
    return good;
}

/* The one scheme a route takes, and what is said when it is missing or not of its form. */
static bool credential_good(enum who who, bool given, enum auth_scheme scheme, struct span value,
                            struct problem *p)
{
    enum auth_scheme wanted = who == IDENTIFIED  ? AUTH_BEARER
                              : who == ANONYMOUS ? AUTH_PRIVATE_TOKEN
                                                 : AUTH_CROWD;
    enum problem_type missing = who == IDENTIFIED  ? PROBLEM_NO_BEARER
                                : who == ANONYMOUS ? PROBLEM_NO_PASS
                                                   : PROBLEM_NO_CROWD;
    if (!given)
        return who == PUBLIC || problem(p, missing, NULL);
    if (scheme == AUTH_OTHER)
        return problem(p, who == PUBLIC ? PROBLEM_MIXED : missing, NULL);
    if (scheme != wanted)
        return problem(p, PROBLEM_MIXED, NULL);
    if (scheme == AUTH_PRIVATE_TOKEN || is_secret(value))
        return true;
    return problem(p, who == IDENTIFIED ? PROBLEM_BAD_BEARER : PROBLEM_NO_CROWD, NULL);
}

bool kind_form(enum who who, const struct request *r, struct span *value, struct problem *p)
{
    struct span header = request_header(r, "Authorization"), rest = {NULL, 0};
    if (!each_once(r, p) || !headers_good(who, r, p))
        return false;
    enum auth_scheme scheme = header.p ? auth_scheme(header, &rest) : AUTH_OTHER;
    if (!credential_good(who, header.p != NULL, scheme, rest, p))
        return false;
    if (who == ANONYMOUS && r->query.n)
        return problem(p, PROBLEM_BAD_REQUEST, NULL);
    if (r->body.n > KIND_BODY_MOST)
        return problem(p, PROBLEM_TOO_LARGE, NULL);
    *value = rest;
    return true;
}
