/* app/openapi.c against the tables of routes it is made from, for each role: the same rows, no more, each
 * with its kind, its body and its statuses. */
#include "test/test.h"

#include "app/lab_room.h"
#include "app/rooms.h"
#include "codec/json.h"

static json_t *of_role(enum role role)
{
    struct err err = {0};
    struct app app = {.rooms = rooms, .role = role};
    struct buf AUTO_BUF text;
    json_t *o = NULL;
    buf_init(&text, 1 << 20);
    assert_ok(openapi_write(&app, &text, &err), &err);
    assert_ok(json_read(buf_span(&text), 1 << 20, "openapi", &o, &err), &err);
    return o;
}

static const char *scheme_of(enum who who)
{
    return who == IDENTIFIED ? "bearer" : who == ANONYMOUS ? "pass" : who == CROWD ? "crowd" : NULL;
}

/* "/v1/rosters/{epoch}" of the row that ends in a star. */
static void path_of(const struct route *r, char *out, size_t size)
{
    size_t n = strlen(r->path);
    if (r->path[n - 1] == '*')
        snprintf(out, size, "%.*s{%s}", (int)n - 1, r->path, r->part ? r->part : "rest");
    else
        snprintf(out, size, "%s", r->path);
}

static void same(const json_t *one, const struct route *r)
{
    const json_t *security = json_object_get(one, "security");
    const char *scheme = scheme_of(r->who);
    assert_int_equal(json_array_size(security), scheme ? 1 : 0);
    if (scheme)
        assert_non_null(json_object_get(json_array_get(security, 0), scheme));
    assert_string_equal(json_string_value(json_object_get(one, "summary")), r->about);
    const json_t *content = json_object_get(json_object_get(one, "requestBody"), "content");
    assert_int_equal(r->takes != NULL, json_object_get(content, r->takes ? r->takes : "x") != NULL);
    assert_int_equal(strchr(r->path, '*') != NULL, json_object_get(one, "parameters") != NULL);
    assert_true(!strchr(r->path, '*') || r->part);
    struct span rest = span_of(r->statuses), word;
    assert_true(rest.n > 0);
    for (bool more = true; more;) {
        char status[8];
        more = span_cut(&rest, ' ', &word);
        snprintf(status, sizeof status, "%.*s", SPAN_ARG(word));
        assert_non_null(json_object_get(json_object_get(one, "responses"), status));
    }
}

static void compare(enum role role)
{
    size_t rows = 0, said = 0;
    json_t *all = of_role(role), *item;
    const json_t *paths = json_object_get(all, "paths");
    for (const struct room *const *room = rooms; *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++) {
            char path[200], method[16] = "";
            if (!(r->roles & (unsigned)role))
                continue;
            path_of(r, path, sizeof path);
            for (size_t i = 0; r->method[i] && i + 1 < sizeof method; i++)
                method[i] = (char)(r->method[i] | 0x20);
            const json_t *one = json_object_get(json_object_get(paths, path), method);
            if (!one)
                print_error("%s %s is not described\n", r->method, path);
            assert_non_null(one);
            same(one, r);
            rows++;
        }
    const char *name;
    json_object_foreach(json_object_get(all, "paths"), name, item) said += json_object_size(item);
    assert_int_equal(said, rows);
    assert_true(rows >= 8);
    json_decref(all);
}

void test_openapi__is_the_table_of_routes(void **state)
{
    (void)state;
    compare(ISSUER);
    compare(BOARD);
    compare(LAB);
}

void test_openapi__has_nothing_of_the_node(void **state)
{
    (void)state;
    json_t *all = of_role(LAB);
    struct err err = {0};
    struct buf AUTO_BUF text;
    buf_init(&text, 1 << 20);
    assert_ok(json_write(all, &text, &err), &err);
    assert_true(span_find(buf_span(&text), SPAN("/settings")) < 0);
    assert_true(span_find(buf_span(&text), SPAN("/rest/")) < 0);
    json_decref(all);
}
