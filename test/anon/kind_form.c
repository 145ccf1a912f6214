/* anon/kind_form.c: every kind of route with every kind of credential, and the headers that never pass. */
#include "test/test.h"

#include "anon/kind_form.h"
#include "base/vec.h"

#define KEY43 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct request with(struct arena *arena, const char *const *lines)
{
    struct request r = {.arena = arena, .method = SPAN("GET"), .path = SPAN("/x")};
    for (; *lines; lines += 2) {
        struct pair *p = VEC_PUSH(arena, &r.headers);
        assert_non_null(p);
        *p = (struct pair){span_of(lines[0]), span_of(lines[1])};
    }
    return r;
}
#define WITH(arena, ...) with((arena), (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

/* PROBLEM_NONE: let in. */
static enum problem_type tried(enum who who, const struct request *r, const char **name)
{
    struct problem p = {0};
    struct span value = SPAN("before");
    bool in = kind_form(who, r, &value, &p);
    assert_int_equal(in, p.type == PROBLEM_NONE);
    assert_true(in || span_is(value, "before"));
    if (name)
        *name = p.name;
    return p.type;
}

void test_kind_form__mixed_kinds_table(void **state)
{
    (void)state;
    enum { NONE = PROBLEM_NONE, MIXED = PROBLEM_MIXED, BEARER = PROBLEM_NO_BEARER, PASS = PROBLEM_NO_PASS };
    enum { CROWD_KEY = PROBLEM_NO_CROWD, BAD = PROBLEM_BAD_BEARER };
    static const struct {
        const char *credential;
        int on[4]; /* PUBLIC, CROWD, IDENTIFIED, ANONYMOUS */
    } table[] = {
        {NULL, {NONE, CROWD_KEY, BEARER, PASS}},
        {"Bearer " KEY43, {MIXED, MIXED, NONE, MIXED}},
        {"bearer  " KEY43 " ", {MIXED, MIXED, NONE, MIXED}},
        {"Crowd " KEY43, {NONE, NONE, MIXED, MIXED}},
        {"PrivateToken token=\"AAAA\"", {MIXED, MIXED, MIXED, NONE}},
        {"Basic dTpw", {MIXED, CROWD_KEY, BEARER, PASS}},
        {"Bearer " KEY43 "=", {MIXED, MIXED, BAD, MIXED}},
        {"Bearer", {MIXED, MIXED, BAD, MIXED}},
        {"Crowd AAAA", {CROWD_KEY, CROWD_KEY, MIXED, MIXED}},
        {"", {MIXED, CROWD_KEY, BEARER, PASS}},
    };
    static const enum who whos[] = {PUBLIC, CROWD, IDENTIFIED, ANONYMOUS};
    struct arena *AUTO_ARENA arena = arena_new();
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        for (size_t k = 0; k < 4; k++) {
            const char *credential = table[i].credential;
            struct request r =
                credential ? WITH(arena, "Host", "a", "Authorization", credential) : WITH(arena, "Host", "a");
            assert_int_equal(tried(whos[k], &r, NULL), table[i].on[k]);
        }
    for (size_t i = 1; i < 5; i++)
        for (size_t j = 1; j < 5; j++)
            for (size_t k = 0; k < 4; k++) {
                struct request r =
                    WITH(arena, "Authorization", table[i].credential, "authorization", table[j].credential);
                assert_int_equal(tried(whos[k], &r, NULL), PROBLEM_MIXED);
            }
}

void test_kind_form__proxy_header_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"X-Forwarded-For", "Via",           "Forwarded", "X-Real-IP",
                                         "Accept-Encoding", "Cache-Control", "Origin",    "Referer",
                                         "Accept-Language", "traceparent",   "Hosts",     "Accep"};
    struct arena *AUTO_ARENA arena = arena_new();
    const char *name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct request r = WITH(arena, "Authorization", "PrivateToken token=x", others[i], "1");
        assert_int_equal(tried(ANONYMOUS, &r, &name), PROBLEM_HEADER);
        assert_string_equal(name, others[i]);
        r = WITH(arena, others[i], "1");
        assert_int_equal(tried(PUBLIC, &r, &name), PROBLEM_HEADER);
        r = WITH(arena, "Authorization", "Crowd " KEY43, others[i], "1");
        assert_int_equal(tried(CROWD, &r, &name), PROBLEM_HEADER);
        r = WITH(arena, "Authorization", "Bearer " KEY43, others[i], "1");
        assert_int_equal(tried(IDENTIFIED, &r, &name), PROBLEM_NONE);
    }
}

void test_kind_form__the_fixed_set_passes_in_any_case(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct request r = WITH(arena, "HOST", "a", "user-agent", "respite", "Accept", "*/*", "authorization",
                            "PrivateToken token=x", "Content-Type", "application/json", "content-length", "1",
                            "connection", "close");
    assert_int_equal(tried(ANONYMOUS, &r, NULL), PROBLEM_NONE);
}

void test_kind_form__no_cookie_and_no_other_body_anywhere(void **state)
{
    (void)state;
    static const char *const never[] = {"Cookie", "cookie2", "Transfer-Encoding", "Expect",
                                        "Content-Encoding"};
    static const enum who whos[] = {PUBLIC, CROWD, IDENTIFIED, ANONYMOUS};
    static const char *const credentials[] = {"Crowd " KEY43, "Crowd " KEY43, "Bearer " KEY43,
                                              "PrivateToken token=x"};
    struct arena *AUTO_ARENA arena = arena_new();
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
            const char *name;
            struct request r = WITH(arena, "Authorization", credentials[k], never[i], "x");
            assert_int_equal(tried(whos[k], &r, &name), PROBLEM_HEADER);
            assert_string_equal(name, never[i]);
        }
        struct request twice = WITH(arena, "Authorization", credentials[k], "Accept", "a", "accept", "a");
        assert_int_equal(tried(whos[k], &twice, NULL), PROBLEM_HEADER);
    }
}

void test_kind_form__query_on_the_anonymous_route_and_large_bodies_refused(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct request r = WITH(arena, "Authorization", "PrivateToken token=x");
    struct pair *q = VEC_PUSH(arena, &r.query);
    assert_non_null(q);
    assert_int_equal(tried(ANONYMOUS, &r, NULL), PROBLEM_BAD_REQUEST);
    static char body[KIND_BODY_MOST + 1];
    r = WITH(arena, "Accept", "*/*");
    r.body = (struct span){body, KIND_BODY_MOST};
    assert_int_equal(tried(PUBLIC, &r, NULL), PROBLEM_NONE);
    r.body.n++;
    assert_int_equal(tried(PUBLIC, &r, NULL), PROBLEM_TOO_LARGE);
}
