/* app/door.c: who is let in, and how often. */
#include "test/test.h"

#include <sys/stat.h>

#include "app/door.h"
#include "test/app/hall.h"

#include "base/banned.h"

struct gate {
    struct hall hall;
    struct door door;
    struct reply reply;
    struct span key; /* of the address shown last */
};

static void new_key(struct gate *g)
{
    struct err err = {0};
    const char *url;
    assert_ok(door_key(g->hall.arena, g->hall.paths.data, g->door.port, &url, &err), &err);
    assert_true(span_starts(span_of(url), SPAN("http://127.0.0.1:20464/?key=")));
    g->key = span_from(span_of(url), strlen("http://127.0.0.1:20464/?key="));
    assert_int_equal(g->key.n, 32);
}

static void gate_make(struct gate *g)
{
    *g = (struct gate){0};
    hall_make(&g->hall, rooms);
    door_open(&g->door, 20464);
    new_key(g);
}

static void gate_clear(struct gate *g)
{
    buf_clear(&g->reply.body);
    hall_clear(&g->hall);
}

struct visit {
    const char *method, *path;
    struct span key;
    const char *cookie, *origin, *site;
};

static bool let_in(struct gate *g, struct visit v)
{
    struct pair headers[3], query = {SPAN("key"), v.key};
    size_t n = 0;
    if (v.cookie)
        headers[n++] = (struct pair){SPAN("Cookie"), span_of(v.cookie)};
    if (v.origin)
        headers[n++] = (struct pair){SPAN("origin"), span_of(v.origin)};
    if (v.site)
        headers[n++] = (struct pair){SPAN("Sec-Fetch-Site"), span_of(v.site)};
    struct request request = {.arena = g->hall.arena,
                              .method = span_of(v.method ? v.method : "GET"),
                              .path = span_of(v.path ? v.path : "/"),
                              .query = {&query, v.key.p ? 1 : 0, 1},
                              .headers = {headers, n, 3}};
    buf_clear(&g->reply.body);
    g->reply = (struct reply){.status = 0};
    buf_init(&g->reply.body, 1 << 16);
    bool in = door_let_in(&g->door, g->hall.paths.data, &request, &g->reply);
    if (in)
        assert_int_equal(g->reply.body.n, 0);
    else
        assert_true(g->reply.status == 403 || g->reply.status == 200);
    return in;
}

/* The cookie of this run, as a browser would send it. */
static const char *cookie(struct gate *g)
{
    struct buf AUTO_BUF text;
    buf_init(&text, 256);
    buf_printf(&text, "other=1; %s=%s", g->door.cookie_name, g->door.session);
    return arena_text(g->hall.arena, buf_span(&text));
}

static struct span set_cookie(const struct reply *reply)
{
    for (size_t i = 0; i < reply->headers.n; i++)
        if (span_is(reply->headers.at[i].name, "Set-Cookie"))
            return reply->headers.at[i].value;
    return SPAN("");
}

void test_door__the_key_opens_once(void **state)
{
    (void)state;
    struct gate g;
    struct stat st;
    gate_make(&g);
    assert_int_equal(stat(file_join(g.hall.arena, g.hall.paths.data, "key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(let_in(&g, (struct visit){.key = g.key}));
    assert_int_equal(g.reply.status, 200);
    struct span set = set_cookie(&g.reply);
    assert_true(span_starts(set, SPAN("respite_20464=")));
    assert_true(span_find(set, span_of(g.door.session)) > 0);
    assert_true(span_find(set, SPAN("; HttpOnly")) > 0 && span_find(set, SPAN("; SameSite=Strict")) > 0 &&
                span_find(set, SPAN("; Path=/")) > 0);
    assert_true(span_find(buf_span(&g.reply.body), g.key) < 0);
    assert_false(let_in(&g, (struct visit){.key = g.key}));
    assert_int_equal(g.reply.status, 403);
    assert_int_equal(set_cookie(&g.reply).n, 0);
    assert_true(
        let_in(&g, (struct visit){.key = g.key, .cookie = cookie(&g)})); /* the same link, in that browser */
    gate_clear(&g);
}

void test_door__a_second_key_takes_the_place_of_the_first(void **state)
{
    (void)state;
    struct gate g;
    gate_make(&g);
    struct span first = g.key;
    new_key(&g);
    assert_false(span_eq(first, g.key));
    assert_false(let_in(&g, (struct visit){.key = first}));
    assert_int_equal(g.reply.status, 403);
    assert_false(let_in(&g, (struct visit){.key = g.key})); /* a wrong one did not use it up */
    assert_int_equal(g.reply.status, 200);
    gate_clear(&g);
}

void test_door__a_key_is_whole_and_on_the_first_page(void **state)
{
    (void)state;
    struct gate g;
    gate_make(&g);
    const struct visit bad[] = {{.key = span_first(g.key, 31)},
                                {.key = SPAN("00000000000000000000000000000000")},
                                {.key = SPAN("")},
                                {.key = g.key, .path = "/rest/hours"},
                                {.key = g.key, .method = "POST"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(let_in(&g, bad[i]));
        assert_int_equal(g.reply.status, 403);
    }
    assert_false(let_in(&g, (struct visit){.key = g.key}));
    assert_int_equal(g.reply.status, 200);
    gate_clear(&g);
}

void test_door__without_the_cookie_of_this_run_there_is_no_way_in(void **state)
{
    (void)state;
    struct gate g;
    struct door earlier;
    gate_make(&g);
    struct buf AUTO_BUF text;
    buf_init(&text, 512);
    door_open(&earlier, 20464);
    assert_string_not_equal(earlier.session, g.door.session);
    assert_memory_not_equal(earlier.form_key, g.door.form_key, 32);
    buf_printf(&text, "respite_20464=%s", earlier.session);
    assert_false(let_in(&g, (struct visit){.cookie = buf_text(&text)}));
    buf_reset(&text);
    buf_printf(&text, "respite_7464=%s", g.door.session); /* another port's */
    assert_false(let_in(&g, (struct visit){.cookie = buf_text(&text)}));
    buf_reset(&text);
    buf_printf(&text, "respite_20464=%.63s", g.door.session);
    assert_false(let_in(&g, (struct visit){.cookie = buf_text(&text)}));
    assert_false(let_in(&g, (struct visit){.path = "/help"}));
    assert_true(span_find(buf_span(&g.reply.body), SPAN("Type `respite`")) > 0);
    assert_true(let_in(&g, (struct visit){.cookie = cookie(&g)}));
    gate_clear(&g);
}

void test_door__a_form_comes_from_our_own_page_or_does_nothing(void **state)
{
    (void)state;
    struct gate g;
    gate_make(&g);
    const char *in = cookie(&g), *own = "http://127.0.0.1:20464";
    struct visit v = {.method = "POST", .path = "/settings/lang", .cookie = in, .origin = own};
    assert_true(let_in(&g, v));
    v.site = "same-origin";
    assert_true(let_in(&g, v));
    static const char *const sites[] = {"cross-site", "same-site", "none", "same-origin, cross-site"};
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        v.site = sites[i];
        assert_false(let_in(&g, v));
        assert_int_equal(g.reply.status, 403);
    }
    v.site = NULL;
    static const char *const origins[] = {NULL,
                                          "null",
                                          "http://127.0.0.1",
                                          "http://127.0.0.1:20465",
                                          "https://127.0.0.1:20464",
                                          "http://localhost:20464",
                                          "http://127.0.0.1:20464.evil.example"};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        v.origin = origins[i];
        assert_false(let_in(&g, v));
        assert_int_equal(g.reply.status, 403);
    }
    v.origin = own, v.cookie = NULL;
    assert_false(let_in(&g, v));
    assert_true(let_in(&g, (struct visit){.cookie = in, .site = "cross-site"})); /* looking changes nothing */
    gate_clear(&g);
}
