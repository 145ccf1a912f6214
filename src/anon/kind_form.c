/* Telling the kinds of request apart. Headers first: none twice, no cookie, nothing that changes what the
 * body is; on anonymous and public routes the fixed set and nothing else, so that no proxy can add who asked.
 * Then the one credential, by its scheme. */
#include "anon/kind_form.h"

#include "codec/scan.h"

#include "base/banned.h"

enum { SECRET_TEXT = 43 }; /* 32 bytes as base64url without padding */
enum scheme { SCHEME_NONE, SCHEME_BEARER, SCHEME_CROWD, SCHEME_PASS, SCHEME_OTHER };

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

static enum scheme scheme_of(struct span header, struct span *value)
{
    struct span word;
    *value = span_trim(header);
    if (!scan_word(value, &word, 32))
        return SCHEME_OTHER;
    *value = span_trim(*value);
    return span_eq_nocase(word, SPAN("Bearer"))         ? SCHEME_BEARER
           : span_eq_nocase(word, SPAN("Crowd"))        ? SCHEME_CROWD
           : span_eq_nocase(word, SPAN("PrivateToken")) ? SCHEME_PASS
                                                        : SCHEME_OTHER;
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
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_';
        if (!good)
            return false;
    }
    return text.n == SECRET_TEXT;
}

/* The one scheme a route takes, and what is said when it is missing or not of its form. */
static bool credential_good(enum who who, enum scheme scheme, struct span value, struct problem *p)
{
    enum scheme wanted = who == IDENTIFIED ? SCHEME_BEARER : who == ANONYMOUS ? SCHEME_PASS : SCHEME_CROWD;
    enum problem_type missing = who == IDENTIFIED  ? PROBLEM_NO_BEARER
                                : who == ANONYMOUS ? PROBLEM_NO_PASS
                                                   : PROBLEM_NO_CROWD;
    if (scheme == SCHEME_NONE)
        return who == PUBLIC || problem(p, missing, NULL);
    if (scheme == SCHEME_OTHER)
        return problem(p, who == PUBLIC ? PROBLEM_MIXED : missing, NULL);
    if (scheme != wanted)
        return problem(p, PROBLEM_MIXED, NULL);
    if (scheme == SCHEME_PASS || is_secret(value))
        return true;
    return problem(p, who == IDENTIFIED ? PROBLEM_BAD_BEARER : PROBLEM_NO_CROWD, NULL);
}

bool kind_form(enum who who, const struct request *r, struct span *value, struct problem *p)
{
    struct span header = request_header(r, "Authorization"), rest = {NULL, 0};
    if (!each_once(r, p) || !headers_good(who, r, p))
        return false;
    enum scheme scheme = header.p ? scheme_of(header, &rest) : SCHEME_NONE;
    if (!credential_good(who, scheme, rest, p))
        return false;
    if (who == ANONYMOUS && r->query.n)
        return problem(p, PROBLEM_BAD_REQUEST, NULL);
    if (r->body.n > KIND_BODY_MOST)
        return problem(p, PROBLEM_TOO_LARGE, NULL);
    *value = rest;
    return true;
}
