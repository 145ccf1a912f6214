/* Replies that every room gives alike. */
#include "ui/reply.h"

#include "ui/frame.h"

#include "base/banned.h"

void reply_to(struct reply *reply, const struct request *request, const char *path)
{
    bool ours = path && path[0] == '/' && path[1] != '/' && path[1] != '\\';
    reply->status = 303;
    reply_header(reply, request->arena, "Location", ours ? path : "/");
}

void reply_error(struct app *app, const struct request *request, struct reply *reply, int status,
                 const struct err *err)
{
    struct html h = {&reply->body};
    const char *title =
        status == 404 ? tr("error.missing", "There is no such page") : tr("error.title", "This did not work");
    buf_reset(&reply->body);
    reply->headers.n = 0; /* those of a page that was begun */
    frame_open(&h, app, request, reply, title, NULL);
    reply->status = err->code == E_MEMORY ? 500 : status; /* whatever was asked, it was not the asking */
    html_raw(&h, "<h1>");
    html_text(&h, title);
    html_raw(&h, "</h1>\n<p class=\"error\" role=\"alert\">");
    html_text(&h, err->text);
    html_raw(&h, "</p>\n<p><a class=\"button\" href=\"/\">");
    html_text(&h, tr("error.back", "Back to this week"));
    html_raw(&h, "</a></p>\n");
    frame_close_failed(&h, app);
}
