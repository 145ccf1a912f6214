/* What moved: papers and ranks. The page lists what the rooms have there and leads to their pages; nothing on
 * it is counted, and it is the same in a quiet week, since it is opened on purpose. */
#include "app/home.h"
#include "io/clock.h"
#include "ui/frame.h"
#include "ui/reply.h"

#include "base/banned.h"

void page_moved(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct week_parts parts = {0};
    if (!moved_gather(app, day_monday(moment_day(clock_local(app->now))), &parts, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("nav.moved", "What moved"), "/moved");
    html_raw(&h, "<h1>");
    html_text(&h, tr("nav.moved", "What moved"));
    html_raw(&h, "</h1>\n");
    week_draw(&h, &parts);
    frame_close(&h, app, tr("moved.end", "That is all. Nothing here has to be followed."));
}
