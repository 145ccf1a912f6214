/* The page of the room (screen k): lately, planned. Facts from signs bound a rest from above; nothing here
 * says "free" or "rested". */
#include <stdio.h>

#include "io/clock.h"
#include "rest/feed.h"
#include "rest/pages.h"
#include "rest/picture.h"
#include "rest/quiet.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

static void paragraph_open(struct html *h)
{
    html_raw(h, "<p>");
}
static void paragraph_close(struct html *h)
{
    html_raw(h, "</p>\n");
}

static void draw_sentence(struct html *h, const char *text)
{
    if (!text)
        return;
    paragraph_open(h);
    html_text(h, text);
    paragraph_close(h);
}

static void draw_rests(struct html *h, struct app *app, const struct picture *p,
                       const struct week_hours *last)
{
    if (last->night.any) {
        char minutes[8];
        int64_t upward = (last->night.seconds + 59) / 60; /* a bound from above is rounded up */
        snprintf(minutes, sizeof minutes, "%02d", (int)(upward % 60));
        paragraph_open(h);
        html_say(h, tr("rest.night", "Signs at {a} and at {b}: the rest between them was at most {h} h {m}."),
                 {"a", say_weekday_clock(app->arena, last->night.from)},
                 {"b", say_weekday_clock(app->arena, last->night.to)},
                 {"h", say_number(app->arena, upward / 60)}, {"m", minutes});
        paragraph_close(h);
    }
    if (p->unrested > 0) {
        paragraph_open(h);
        html_say(h,
                 trn("rest.unrested",
                     "On {n} day of last week no rest of 11 hours was left between your signs.",
                     "On {n} days of last week no rest of 11 hours was left between your signs.",
                     (unsigned long)p->unrested),
                 {"n", say_number(app->arena, p->unrested)});
        paragraph_close(h);
    }
}

static void draw_lately(struct html *h, struct app *app, const struct picture *p)
{
    const struct week_hours *last = picture_last_week(p);
    const char *evenings = picture_evenings(app, p);
    html_raw(h, "<h2>");
    html_text(h, tr("rest.head.lately", "Lately"));
    html_raw(h, "</h2>\n");
    draw_sentence(h, evenings
                         ? evenings
                         : tr("rest.unknown", "Last week is before the history that is here, so nothing is "
                                              "known of it."));
    draw_sentence(h, picture_longest(app, p));
    draw_rests(h, app, p, last);
    paragraph_open(h);
    if (p->wish.day[6])
        html_say(h, tr("rest.sundays", "Sundays without signs of work: {n} of {weeks}."),
                 {"n", say_number(app->arena, p->shown.sundays_of - p->shown.sundays)},
                 {"weeks", say_number(app->arena, p->shown.sundays_of)});
    else
        html_say(h, tr("rest.wish", "Sundays without signs of work: {n} of {weeks}. Your wish: {w}."),
                 {"n", say_number(app->arena, p->shown.sundays_of - p->shown.sundays)},
                 {"weeks", say_number(app->arena, p->shown.sundays_of)},
                 {"w", tr("rest.wish.every", "every one")});
    paragraph_close(h);
    html_raw(h, "<p class=\"links\"><a href=\"/rest/hours\">");
    html_text(h, tr("rest.picture", "The picture of 12 weeks"));
    html_raw(h, "</a> <a href=\"/rest/setup\">");
    html_text(h, tr("card.change", "Change folders, addresses and hours"));
    html_raw(h, "</a></p>\n");
}

static void draw_date(struct html *h, const char *name, const char *label, day_t day)
{
    char text[16];
    html_raw(h, "<label>");
    html_text(h, label);
    html_raw(h, " <input type=\"date\" name=\"");
    html_text(h, name);
    html_raw(h, "\" value=\"");
    html_text(h, day_text(day, text));
    html_raw(h, "\" required></label>\n");
}

static bool draw_planned(struct html *h, struct app *app, struct err *err)
{
    struct quiets q = {0};
    day_t today = moment_day(clock_local(app->now)), monday = day_monday(today) + 7;
    if (!sched_quiets(app->db, app->arena, today, &q, err))
        return false;
    html_raw(h, "<h2>");
    html_text(h, tr("rest.head.planned", "Planned"));
    html_raw(h, "</h2>\n");
    if (q.n == 0) {
        paragraph_open(h);
        html_text(h, tr("rest.noquiet", "No quiet week is planned."));
        paragraph_close(h);
    }
    for (size_t i = 0; i < q.n; i++) {
        form_open(h, app, "/rest/quiet/end");
        paragraph_open(h);
        html_text(h, quiet_text(app, &q.at[i]));
        html_raw(h, " <input type=\"hidden\" name=\"id\" value=\"");
        html_int(h, q.at[i].id);
        html_raw(h, "\">");
        form_button(h, NULL, NULL,
                    q.at[i].from <= today ? tr("quiet.endnow", "End it now")
                                          : tr("quiet.takeback", "Take it back"),
                    false);
        paragraph_close(h);
        form_close(h);
    }
    html_raw(h, "<h3>");
    html_text(h, tr("rest.plan.quiet", "A quiet week of my own"));
    html_raw(h, "</h3>\n<p>");
    html_text(h, QUIET_HELD);
    if (words_lang() == LANG_EN) /* Chinese sentences follow each other without a blank */
        html_raw(h, " ");
    html_text(h, QUIET_AFTER);
    html_raw(h, "</p>\n");
    form_open(h, app, "/rest/quiet");
    html_raw(h, "<p class=\"times\">");
    draw_date(h, "from", tr("quiet.first", "first day"), monday);
    draw_date(h, "to", tr("quiet.last", "last day"), monday + 6);
    html_raw(h, "</p>\n<p class=\"buttons\">");
    form_button(h, NULL, NULL, tr("quiet.plan", "Plan it"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    return true;
}

static bool draw_feed(struct html *h, struct app *app, struct err *err)
{
    struct feed feed;
    if (!feed_load(app->db, app->arena, &feed, err))
        return false;
    html_raw(h, "<h2>");
    html_text(h, tr("set.feed", "Calendar feed"));
    html_raw(h, "</h2>\n");
    draw_sentence(h, feed.on ? tr("rest.feed.is_on", "It is on. It says “away”, never why.")
                             : tr("rest.feed.is_off", "It is off. When it is on it says “away”, never why."));
    html_raw(h, "<p class=\"links\"><a href=\"/settings#feed\">");
    html_text(h, tr("foot.settings", "Settings"));
    html_raw(h, "</a></p>\n");
    return true;
}

static bool draw_page(struct html *h, struct app *app, struct err *err)
{
    struct repo_set set;
    struct picture p;
    day_t until;
    if (!picture_chosen(app, &set, err) ||
        !picture_load(app, set, this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN, &p, err) ||
        !sched_hushed(app->db, app->now, &until, err))
        return false;
    if (set.n == 0) {
        html_raw(h, "<p>");
        html_text(h, tr("rest.nothing", "Nothing is read yet, so there is nothing to say about lately."));
        html_raw(h, "</p>\n<p class=\"buttons\"><a class=\"button\" href=\"/rest/setup\">");
        html_text(h, tr("hours.choose", "Choose folders"));
        html_raw(h, "</a></p>\n");
    } else if (until == 0) {
        draw_lately(h, app, &p);
    }
    return draw_planned(h, app, err) && draw_feed(h, app, err);
}

void page_rest(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("nav.rest", "Rest"), "/rest");
    html_raw(&h, "<h1>");
    html_text(&h, tr("nav.rest", "Rest"));
    html_raw(&h, "</h1>\n<p class=\"private\">");
    html_text(&h, tr("priv.card", "Stays on this computer."));
    html_raw(&h, "</p>\n");
    if (!draw_page(&h, app, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}
