/* An address that stood in a post: shown whole, and opened when the person says so. */
#include "speak/board_draw.h"
#include "speak/board_pages.h"
#include "ui/frame.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LINK_MOST = 2000 };

/* What a post's text can hold as an address: printable ASCII, http or https. */
static bool is_address(struct span to)
{
    if (!(span_starts(to, SPAN("https://")) || span_starts(to, SPAN("http://"))) || to.n > LINK_MOST)
        return false;
    for (size_t i = 0; i < to.n; i++)
        if ((unsigned char)to.p[i] <= ' ' || (unsigned char)to.p[i] >= 0x7F || to.p[i] == '"' ||
            to.p[i] == '<' || to.p[i] == '>')
            return false;
    return true;
}

void page_link(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct span to = request_query(request, "to");
    if (!to.p || !is_address(to)) {
        (void)fail(&err, E_FORMAT, tr("err.speak.link", "This is no address of a web page."));
        reply_error(app, request, reply, 400, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("link.title", "Open this address?"), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, tr("link.title", "Open this address?"));
    html_raw(&h, "</h1>\n<p>");
    html_text(&h, tr("link.what",
                     "It stood in a post. Respite opens nothing by itself; whoever runs the page will "
                     "see your computer's address, and perhaps that somebody in your lab came."));
    html_raw(&h, "</p>\n<pre class=\"address\">");
    html_span(&h, to);
    html_raw(
        &h,
        "</pre>\n<div class=\"buttons\"><a class=\"button\" rel=\"noreferrer noopener nofollow\" href=\"");
    html_span(&h, to);
    html_raw(&h, "\">");
    html_text(&h, tr("link.open", "Open it"));
    html_raw(&h, "</a>\n");
    bit_button(&h, "/board", tr("post.no", "Not today"));
    html_raw(&h, "</div>\n");
    frame_close(&h, app, NULL);
}
