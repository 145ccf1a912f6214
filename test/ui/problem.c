/* ui/problem.c: what PROTOCOL section 9 lists, as bytes. */
#include "test/test.h"

#include <jansson.h>

#include "codec/json.h"
#include "ui/problem.h"

struct made {
    struct arena *arena;
    struct reply reply;
    struct request request;
};

static void make(struct made *m, struct problem p, size_t pad)
{
    *m = (struct made){.arena = arena_new()};
    m->request.arena = m->arena;
    buf_init(&m->reply.body, 1 << 16);
    reply_problem(&m->reply, &m->request, &p, pad);
}

static void drop(struct made *m)
{
    buf_clear(&m->reply.body);
    arena_free(m->arena);
}

static struct span header(const struct made *m, const char *name)
{
    struct request r = {.headers = m->reply.headers};
    return request_header(&r, name);
}

void test_problem__every_type_has_name_status_and_sentences(void **state)
{
    (void)state;
    for (int type = PROBLEM_NONE + 1; type < PROBLEM_TYPES; type++) {
        struct made m;
        struct err err = {0};
        make(&m, (struct problem){.type = (enum problem_type)type, .name = "act.text"}, 1024);
        assert_int_equal(m.reply.body.n, 1024);
        assert_string_equal(m.reply.type, "application/problem+json");
        assert_int_equal(m.reply.status, problem_status((enum problem_type)type));
        assert_true(m.reply.status >= 400 && m.reply.status <= 503);
        AUTO_JSON json_t *o = NULL;
        assert_ok(json_read(buf_span(&m.reply.body), 1024, "problem", &o, &err), &err);
        char urn[80];
        snprintf(urn, sizeof urn, "urn:respite:error:%s", problem_name((enum problem_type)type));
        assert_string_equal(json_string_value(json_object_get(o, "type")), urn);
        assert_int_equal(json_integer_value(json_object_get(o, "status")), m.reply.status);
        assert_true(strlen(json_string_value(json_object_get(o, "title"))) > 10);
        assert_true(strlen(json_string_value(json_object_get(o, "detail"))) > 10);
        drop(&m);
    }
}

/* The table of PROTOCOL section 9, and the statuses that the others have there. */
void test_problem__statuses_are_those_of_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int status;
    } table[] = {
        {"bad-json", 400},      {"bad-size", 400},
        {"bad-field", 400},     {"bad-sig", 400},
        {"mixed-kinds", 400},   {"header-not-allowed", 400},
        {"no-bearer", 401},     {"no-pass", 401},
        {"no-crowd", 401},      {"bad-code", 403},
        {"not-in-group", 403},  {"not-moderator", 403},
        {"muted", 403},         {"below-floor", 403},
        {"quota-used", 409},    {"code-used", 409},
        {"pass-spent", 409},    {"taken", 409},
        {"other-history", 409}, {"closed", 409},
        {"bad-proof", 422},     {"bad-token-request", 422},
        {"bad-pass", 422},      {"not-found", 404},
        {"method", 405},        {"gone", 410},
        {"too-large", 413},     {"not-yet", 425},
        {"busy", 503},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bool there = false;
        for (int type = PROBLEM_NONE + 1; type < PROBLEM_TYPES; type++)
            if (strcmp(problem_name((enum problem_type)type), table[i].name) == 0) {
                there = true;
                assert_int_equal(problem_status((enum problem_type)type), table[i].status);
            }
        assert_true(there);
    }
}

void test_problem__the_example_of_the_protocol(void **state)
{
    (void)state;
    struct made m;
    make(&m, (struct problem){.type = PROBLEM_QUOTA_USED}, 0);
    assert_true(span_starts(
        buf_span(&m.reply.body),
        SPAN("{\"type\":\"urn:respite:error:quota-used\",\"title\":\"This week's passes were already "
             "collected.\",\"status\":409,\"detail\":\"")));
    drop(&m);
}

void test_problem__a_name_is_said_and_cannot_leave_its_place(void **state)
{
    (void)state;
    struct made m;
    make(&m, (struct problem){PROBLEM_HEADER, "X-Forwarded-For"}, 0);
    assert_true(span_ends(buf_span(&m.reply.body), SPAN("\"header\":\"X-Forwarded-For\"}")));
    drop(&m);
    make(&m, (struct problem){PROBLEM_BAD_FIELD, "a\"b\\c\nd"}, 0);
    assert_true(span_ends(buf_span(&m.reply.body), SPAN("\"field\":\"a?b?c?d\"}")));
    drop(&m);
    char longer[3000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    make(&m, (struct problem){PROBLEM_HEADER, longer}, 1024);
    assert_int_equal(m.reply.body.n, 1024);
    drop(&m);
    make(&m, (struct problem){PROBLEM_MIXED, "Cookie"}, 0); /* no other type says a name */
    assert_true(span_find(buf_span(&m.reply.body), SPAN("Cookie")) < 0);
    drop(&m);
}

void test_problem__the_first_one_stands_and_ours_is_busy(void **state)
{
    (void)state;
    struct problem p = {0};
    assert_false(problem(&p, PROBLEM_TAKEN, NULL));
    assert_false(problem(&p, PROBLEM_CLOSED, NULL));
    assert_int_equal(p.type, PROBLEM_TAKEN);
    struct made m;
    make(&m, (struct problem){0}, 1024);
    assert_int_equal(m.reply.status, 503);
    assert_span(header(&m, "Retry-After"), "600");
    drop(&m);
    make(&m, (struct problem){.type = PROBLEM_NOT_YET}, 0);
    assert_span(header(&m, "Retry-After"), "3600");
    drop(&m);
}

void test_problem__what_was_begun_is_forgotten(void **state)
{
    (void)state;
    struct made m;
    make(&m, (struct problem){.type = PROBLEM_TAKEN}, 0);
    buf_add(&m.reply.body, SPAN("half a page"));
    reply_header(&m.reply, m.arena, "Location", "/");
    reply_problem(&m.reply, &m.request, &(struct problem){.type = PROBLEM_GONE}, 0);
    assert_true(span_starts(buf_span(&m.reply.body), SPAN("{\"type\":\"urn:respite:error:gone\"")));
    assert_int_equal(m.reply.headers.n, 0);
    drop(&m);
}
