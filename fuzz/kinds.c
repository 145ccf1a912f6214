/* A request's headers, "name: value" on lines, behind one letter for the kind of route: what is let in
 * carries one credential of that kind, no header twice and none outside the fixed set; what is not says why,
 * once, in a whole answer. */
#include "fuzz/fuzz.h"

#include "anon/kind_form.h"
#include "base/vec.h"

#include "base/banned.h"

static void look_at_let_in(enum who who, const struct request *r)
{
    size_t credentials = 0;
    for (size_t i = 0; i < r->headers.n; i++) {
        struct span name = r->headers.at[i].name;
        credentials += span_eq_nocase(name, SPAN("Authorization"));
        must(!span_eq_nocase(name, SPAN("Cookie")) && !span_eq_nocase(name, SPAN("Expect")));
        must(who == IDENTIFIED || !span_eq_nocase(name, SPAN("Via")));
    }
    must(credentials == 1 || (credentials == 0 && who == PUBLIC));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum who whos[] = {PUBLIC, CROWD, IDENTIFIED, ANONYMOUS};
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena || size < 1)
        return 0;
    struct request r = {.arena = arena, .path = SPAN("/v1/acts")};
    struct span in = {(const char *)data + 1, size - 1}, line;
    while (in.n && r.headers.n < 100) {
        span_cut(&in, '\n', &line);
        struct pair *p = VEC_PUSH(arena, &r.headers);
        if (!p)
            return 0;
        span_cut(&line, ':', &p->name);
        p->value = span_trim(line);
    }
    enum who who = whos[data[0] % 4];
    struct problem p = {0};
    struct span value = {NULL, 0};
    if (kind_form(who, &r, &value, &p)) {
        must(p.type == PROBLEM_NONE);
        look_at_let_in(who, &r);
        return 0;
    }
    must(p.type != PROBLEM_NONE);
    struct reply reply = {.status = 200};
    buf_init(&reply.body, 4096);
    reply_problem(&reply, &r, &p, 1024);
    must(reply.body.n == 1024 && reply.status >= 400);
    buf_clear(&reply.body);
    return 0;
}
