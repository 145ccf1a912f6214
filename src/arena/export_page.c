/* A kept board as a file: CSV, JSON, or a picture. */
#include "arena/pages.h"
#include "arena/rank_draw.h"
#include "ui/reply.h"

#include "base/banned.h"

static bool body(struct app *app, const struct request *request, const struct asked_board *asked,
                 struct reply *reply, const char **name, struct err *err)
{
    struct votes v;
    struct ranking r;
    struct kept_row row;
    struct span json, as = request_query(request, "as");
    bool found;
    if (!kept_made(app->db, app->arena, asked->name, asked->day, &row, &v, &r, &json, &found, err))
        return false;
    if (!found)
        return fail(err, E_MISSING, tr("err.arena.no_day", "There is no board of that day or before it."));
    if (span_is(as, "svg")) {
        reply->type = "image/svg+xml; charset=utf-8";
        *name = "board.svg";
        return rank_svg(app->arena, &r, &reply->body, err);
    }
    if (span_is(as, "json")) {
        reply->type = "application/json";
        *name = "board.json";
        buf_add(&reply->body, json);
        return buf_ok(&reply->body, err);
    }
    if (!span_is(as, "csv"))
        return fail(err, E_MISSING, tr("err.arena.as", "A board comes as csv, json or svg."));
    reply->type = "text/csv; charset=utf-8";
    *name = "board.csv";
    return rank_csv(&r, &reply->body, err);
}

void page_arena_export(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct asked_board asked;
    const char *name = NULL;
    if (!asked_board(app, request, reply, &asked))
        return;
    if (!body(app, request, &asked, reply, &name, &err) || (!arena_ok(app->arena) && !fail_memory(&err))) {
        reply->type = NULL;
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    reply->status = 200;
    reply_header(reply, request->arena, "Content-Disposition",
                 arena_printf(request->arena, "attachment; filename=\"%s\"", name));
    reply_header(reply, request->arena, "Content-Security-Policy",
                 "default-src 'none'; style-src 'unsafe-inline'");
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    reply_header(reply, request->arena, "Cross-Origin-Resource-Policy", "same-origin");
}
