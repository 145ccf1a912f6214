/* The calendar feed on the settings page: on, off, another address. */
#include "app/feed.h"
#include "ui/form.h"
#include "ui/html.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

static void address_draw(struct html *h, struct app *app, const struct feed *feed)
{
    bit_small(h, tr("set.feed.address", "Its address, for a calendar program on this computer:"));
    html_raw(h, "<p class=\"address\"><code>");
    html_text(h, feed_address(app, feed));
    html_raw(h, "</code></p>\n<p><a href=\"/feed/");
    html_text(h, feed->token);
    html_raw(h, ".ics\">");
    html_text(h, tr("set.feed.file", "The same as a file"));
    html_raw(h, "</a></p>\n");
    bit_small(h, tr("set.feed.hosted", "A calendar on the web cannot reach this computer: give it the file. "
                                       "Whoever has the address, on this computer and as you, can read the "
                                       "feed."));
}

void settings_feed_draw(struct html *h, struct app *app)
{
    struct feed feed;
    struct err ignored = {0};
    /* The example has no calendar of its own. */
    if (app->example || !feed_load(app->db, app->arena, &feed, &ignored))
        return;
    form_open(h, app, "/settings/feed");
    html_raw(h, "<fieldset id=\"feed\"><legend>");
    html_text(h, tr("set.feed", "Calendar feed"));
    html_raw(h, "</legend>\n");
    bit_small(h, tr("rest.feed", "When the calendar feed is on it says “away”, never why."));
    bit_small(h, tr("set.feed.what", "In it: quiet weeks, yours and the lab's, times with a counsellor, "
                                     "meetings of circles for which you asked so, and, by their names, "
                                     "deadlines you follow."));
    if (feed.on)
        address_draw(h, app, &feed);
    html_raw(h, "<div class=\"buttons\">");
    if (feed.on) {
        form_button(h, "do", "off", tr("set.feed.off", "Turn it off"), false);
        form_button(h, "do", "new", tr("set.feed.new", "Another address"), false);
    } else {
        form_button(h, "do", "on", tr("set.feed.on", "Turn it on"), false);
    }
    html_raw(h, "</div></fieldset>");
    form_close(h);
}

void page_set_feed(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    bool on = form_has(&form, "do", "on"), off = form_has(&form, "do", "off");
    if (!on && !off && !form_has(&form, "do", "new")) {
        (void)fail(&err, E_USAGE, "%s",
                   tr("err.set.choice", "That is none of the choices there are, so nothing was changed."));
        reply_error(app, request, reply, 400, &err);
    } else if (!feed_switch(app, on ? FEED_ON : off ? FEED_OFF : FEED_NEW, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        reply_to(reply, request, "/settings#feed");
    }
}
