/* The routes of a lab as OpenAPI 3.1, made from the same rows that serve them, so that the two cannot differ.
 * A path that ends in "*" has one parameter, named by the row's `part`. */
#include <stdio.h>

#include "app/lab_room.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "ui/problem.h"

#include "base/banned.h"

/* Take over `value` (NULL: no memory) as a member; false when there was none. */
static bool put(json_t *o, const char *name, json_t *value)
{
    return value && json_object_set_new(o, name, value) == 0;
}

/* ---- who may ask ---- */

static json_t *security(enum who who)
{
    switch (who) {
    case IDENTIFIED:
        return json_pack("[{s:[]}]", "bearer");
    case ANONYMOUS:
        return json_pack("[{s:[]}]", "pass");
    case CROWD:
        return json_pack("[{s:[]}]", "crowd");
    default:
        return json_array();
    }
}

static json_t *schemes(void)
{
    return json_pack("{s:{s:s,s:s,s:s},s:{s:s,s:s,s:s,s:s},s:{s:s,s:s,s:s,s:s}}", "bearer", "type", "http",
                     "scheme", "bearer", "description",
                     "Bearer and 43 letters: the secret of one member's computer.", "pass", "type", "apiKey",
                     "in", "header", "name", "Authorization", "description",
                     "PrivateToken token=\"…\" (RFC 9577, type 2): one pass, spent with the act.", "crowd",
                     "type", "apiKey", "in", "header", "name", "Authorization", "description",
                     "Crowd and 43 letters: one key for all members of a week, for reading.");
}

/* ---- one row ---- */

static const char *said(int status)
{
    switch (status) {
    case 200:
        return "As asked.";
    case 201:
        return "Made.";
    case 204:
        return "Done; nothing more to say.";
    default:
        return "Refused; the type of the problem says why.";
    }
}

static json_t *content(const char *type)
{
    return json_pack("{s:{s:{s:s}}}", type, "schema", "type",
                     span_find(span_of(type), SPAN("json")) >= 0 ? "object" : "string");
}

static bool put_status(json_t *responses, const struct route *r, int status)
{
    char name[8];
    json_t *one = json_pack("{s:s}", "description", said(status));
    const char *type = status >= 400 ? "application/problem+json" : status == 204 ? NULL : r->gives;
    snprintf(name, sizeof name, "%d", status);
    if (one && type && !put(one, "content", content(type))) {
        json_decref(one);
        return false;
    }
    return put(responses, name, one);
}

/* The statuses of the row, and what any route may answer. */
static json_t *responses(const struct route *r)
{
    json_t *o = json_object();
    struct span rest = span_of(r->statuses), word;
    bool whole = o != NULL;
    while (whole && span_trim(rest).n) {
        uint64_t status = 0;
        span_cut(&rest, ' ', &word);
        whole = scan_u64(&word, &status, 599) && put_status(o, r, (int)status);
    }
    for (size_t i = 0; whole && i < 3; i++)
        whole = put_status(o, r, (const int[]){400, 413, 503}[i]);
    if (whole)
        return o;
    json_decref(o);
    return NULL;
}

static json_t *operation(const struct route *r)
{
    json_t *o = json_pack("{s:s,s:o?,s:o?}", "summary", r->about ? r->about : "", "responses", responses(r),
                          "security", security(r->who));
    bool whole = o != NULL;
    if (whole && r->takes)
        whole = put(o, "requestBody", json_pack("{s:b,s:o?}", "required", 1, "content", content(r->takes)));
    if (whole && r->part)
        whole = put(o, "parameters",
                    json_pack("[{s:s,s:s,s:b,s:{s:s}}]", "name", r->part, "in", "path", "required", 1,
                              "schema", "type", "string"));
    if (whole)
        return o;
    json_decref(o);
    return NULL;
}

/* A star becomes the name of the part it stands for, in braces; text behind it stays. */
static void path_of(const struct route *r, struct buf *out)
{
    for (const char *c = r->path; *c; c++)
        if (*c == '*')
            buf_printf(out, "{%s}", r->part ? r->part : "rest");
        else
            buf_add_byte(out, *c);
}

static bool put_route(json_t *paths, const struct route *r)
{
    struct buf AUTO_BUF path, method;
    buf_init(&path, 1024);
    buf_init(&method, 16);
    path_of(r, &path);
    for (const char *c = r->method; *c; c++)
        buf_add_byte(&method, (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c));
    json_t *item = json_object_get(paths, buf_text(&path));
    if (!item && !put(paths, buf_text(&path), item = json_object()))
        return false;
    return put(item, buf_text(&method), operation(r));
}

bool openapi_write(const struct app *app, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *paths = json_object();
    bool whole = paths != NULL;
    for (const struct room *const *room = app->rooms; whole && *room; room++)
        for (const struct route *r = (*room)->routes; whole && r && r->path; r++)
            if (r->roles & (unsigned)app->role & LAB)
                whole = put_route(paths, r);
    AUTO_JSON json_t *all =
        whole
            ? json_pack("{s:s,s:{s:s,s:s,s:s},s:O,s:{s:o?}}", "openapi", "3.1.0", "info", "title",
                        "Respite, a lab", "version", RESPITE_VERSION, "description",
                        "Made from the table of routes. Three kinds of request that are never mixed: with a "
                        "member's secret, with a pass, with the key that all share.",
                        "paths", paths, "components", "securitySchemes", schemes())
            : NULL;
    return all ? json_write(all, out, err) : fail_memory(err);
}
