#ifndef TEST_APP_HALL_H
#define TEST_APP_HALL_H
/* All rooms, a data folder of a test's own and a database in memory or in that folder; requests are handed to
 * routes as the node hands them. NOW is a Wednesday noon. All static: tools/gentests.awk wants a test in each
 * .c here. */
#include <stdlib.h>
#include <unistd.h>

#include "app/home.h"
#include "app/rooms.h"
#include "app/schema.h"
#include "io/file.h"
#include "ui/form.h"

enum { NOW = 1795003200 }; /* 2026-11-18 12:00 UTC */

struct hall {
    char top[64];
    struct arena *arena;
    struct paths paths;
    struct cli cli;
    struct app app;
};

static const uint8_t hall_key[32] = {7, 4, 6, 4};

static inline void hall_make(struct hall *h, const struct room *const *with)
{
    struct err err = {0};
    char *real;
    *h = (struct hall){.arena = arena_new(), .top = "/tmp/respite-app-XXXXXX"};
    assert_non_null(mkdtemp(h->top));
    assert_ok(file_real(h->arena, h->top, &real, &err), &err);
    snprintf(h->top, sizeof h->top, "%s", real);
    h->paths.data = file_join(h->arena, h->top, "data");
    h->paths.db = file_join(h->arena, h->paths.data, "respite.db");
    h->paths.home = file_join(h->arena, h->top, "home");
    setenv("HOME", h->paths.home, 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", file_join(h->arena, h->paths.home, ".gitconfig"), 1);
    h->app = (struct app){.rooms = with,
                          .role = NODE,
                          .arena = h->arena,
                          .paths = &h->paths,
                          .cli = &h->cli,
                          .now = NOW,
                          .theme = "auto",
                          .keys = true,
                          .form_key = hall_key};
    assert_ok(file_make_dir(h->paths.data, true, &err) && file_make_dir(h->paths.home, true, &err), &err);
}

static inline void hall_db(struct hall *h, const char *path)
{
    struct err err = {0};
    assert_ok(db_open(&h->app.db, path, &err) && schema_migrate(&h->app, h->app.db, NULL, &err), &err);
}

static inline void hall_clear(struct hall *h)
{
    struct err err = {0};
    db_close(h->app.db);
    assert_ok(file_remove(h->top, &err), &err);
    arena_free(h->arena);
}

/* The body of a form that our own page at `path` would send, in the hall's arena. */
static inline struct span hall_form(struct hall *h, const char *path, const char *fields)
{
    struct buf AUTO_BUF form, body;
    buf_init(&form, 4096);
    buf_init(&body, 1 << 16);
    form_open(&(struct html){&form}, &h->app, path);
    const char *proof = strstr(buf_text(&form), "value=\"");
    assert_non_null(proof);
    buf_printf(&body, "form_proof=%.64s&%s", proof + 7, fields);
    return arena_span(h->arena, buf_span(&body));
}

static inline struct span hall_location(const struct reply *reply)
{
    for (size_t i = 0; i < reply->headers.n; i++)
        if (span_is(reply->headers.at[i].name, "Location"))
            return reply->headers.at[i].value;
    return SPAN("");
}

/* Ask as a page would; `fields` NULL: GET. reply->body is the caller's to clear. */
static inline void hall_ask(struct hall *h, const char *path, const char *fields, struct reply *reply)
{
    bool other;
    const char *method = fields ? "POST" : "GET";
    struct request request = {.arena = h->arena, .method = span_of(method), .path = span_of(path)};
    if (fields)
        request.body = hall_form(h, path, fields);
    *reply = (struct reply){.status = 200};
    buf_init(&reply->body, 4 << 20);
    const struct route *route = route_find(&h->app, request.method, request.path, &other);
    assert_non_null(route);
    route->serve(&h->app, &request, reply);
}
#endif
