/* What moved > Digest: the page of a week. It prints on one sheet, and nothing on it counts what was not
 * read. */
#include "base/words.h"
#include "codec/form.h"
#include "codec/scan.h"
#include "papers/digest.h"
#include "papers/digest_feed.h"
#include "papers/moved.h"
#include "papers/papers_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { ADDRESS_MOST = 2048, WEEKS = 12 };

static const char *week_path(struct app *app, day_t monday)
{
    char week[16];
    return arena_printf(app->arena, "/digest?week=%s", isoweek_text(monday, week));
}

static void draw_item(struct html *h, struct app *app, const struct digest *d, const struct digest_item *item)
{
    html_raw(h, "<li>");
    moved_title(h, app, &item->shown);
    html_raw(h, "<p>");
    html_text(h, item->why);
    html_raw(h, "</p>\n");
    moved_keep(h, app, item->shown.paper, week_path(app, d->monday));
    html_raw(h, "</li>\n");
}

/* Each theme leads to a search in the days of the page. */
static void draw_themes(struct html *h, struct app *app, const struct digest *d)
{
    char from[16], to[16];
    html_raw(h, "<h2>");
    html_text(h, tr("digest.themes", "The others by theme"));
    html_raw(h, "</h2>\n<ul class=\"links plain\">");
    for (size_t i = 0; i < d->themes; i++) {
        const struct digest_theme *t = &d->theme[i];
        AUTO_BUF struct buf words, path;
        buf_init(&words, ADDRESS_MOST);
        buf_init(&path, ADDRESS_MOST);
        if (t->words)
            buf_printf(&words, "\"%s\" ", t->words);
        buf_printf(&words, "date:%s..%s", day_text(d->from, from), day_text(d->to, to));
        buf_add_text(&path, "/search?q=");
        form_write(&path, buf_span(&words));
        html_raw(h, "<li><a href=\"");
        html_text(h, buf_text(&path));
        html_raw(h, "\">");
        html_text(h, t->words ? t->words : tr("digest.rest", "of no one theme"));
        html_raw(h, "</a> ");
        html_text(h, say_number(app->arena, t->papers));
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

static void draw_lasted(struct html *h, struct app *app, const struct digest *d)
{
    html_raw(h, "<h2>");
    html_text(h, DIGEST_LASTED);
    html_raw(h, "</h2>\n<ul class=\"lines\">\n");
    for (size_t i = 0; i < d->themes; i++)
        if (d->theme[i].lasted) {
            html_raw(h, "<li>");
            html_text(h, digest_lasted(app, &d->theme[i]));
            html_raw(h, "</li>\n");
        }
    html_raw(h, "</ul>\n");
}

static void draw_days(struct html *h, struct app *app, int64_t day)
{
    html_raw(h, "<label>");
    html_text(h, tr("digest.day", "made on"));
    html_raw(h, " <select name=\"day\">");
    for (int i = 0; i < 7; i++) {
        html_raw(h, "<option value=\"");
        html_int(h, i);
        html_raw(h, "\"");
        if (i == day)
            html_raw(h, " selected");
        html_raw(h, ">");
        html_text(h, say_weekday(app->arena, i));
        html_raw(h, "</option>");
    }
    html_raw(h, "</select></label>\n");
}

static bool draw_settings(struct html *h, struct app *app, const struct digest *d, struct err *err)
{
    int64_t cap, day;
    bool feed;
    if (!digest_cap(app->db, app->arena, &cap, err) || !digest_day(app->db, app->arena, &day, err) ||
        !digest_feed_on(app, &feed, err))
        return false;
    html_raw(h, "<div class=\"aside noprint\">\n<p>");
    html_say(h, tr("digest.cap", "Your cap is {k}."), {"k", say_number(app->arena, cap)});
    html_raw(h, "</p>\n<details><summary>");
    html_text(h, tr("digest.change", "Change"));
    html_raw(h, "</summary>\n");
    form_open(h, app, "/digest");
    html_raw(h, "<p class=\"times\"><input type=\"hidden\" name=\"back\" value=\"");
    html_text(h, week_path(app, d->monday));
    html_raw(h, "\"><label>");
    html_text(h, tr("digest.most", "papers a page, at most"));
    html_raw(h, " <input type=\"number\" name=\"cap\" min=\"1\" max=\"20\" required value=\"");
    html_int(h, cap);
    html_raw(h, "\"></label>\n");
    draw_days(h, app, day);
    html_raw(h, "</p>\n<p><label><input type=\"checkbox\" name=\"feed\" value=\"on\"");
    if (feed)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_say(h, tr("digest.feed", "Keep the last pages as an Atom file: {path}"),
             {"path", digest_feed_path(app)});
    html_raw(h, "</label></p>\n<p class=\"buttons\">");
    form_button(h, NULL, NULL, tr("digest.save", "Save"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    html_raw(h, "</details>\n</div>\n");
    return true;
}

static bool draw_weeks(struct html *h, struct app *app, const struct digest *d, struct err *err)
{
    day_t *monday;
    size_t n;
    if (!digest_list(app->db, app->arena, WEEKS, &monday, &n, err))
        return false;
    if (n < 2)
        return true;
    html_raw(h, "<details class=\"noprint\"><summary>");
    html_text(h, tr("digest.before", "Other pages"));
    html_raw(h, "</summary>\n<ul class=\"links plain\">");
    for (size_t i = 0; i < n; i++)
        if (monday[i] != d->monday) {
            html_raw(h, "<li><a href=\"");
            html_text(h, week_path(app, monday[i]));
            html_raw(h, "\">");
            html_say(h, tr("week.title", "Week of {day}"), {"day", say_day_year(app->arena, monday[i])});
            html_raw(h, "</a></li>\n");
        }
    html_raw(h, "</ul></details>\n");
    return true;
}

static void draw_empty(struct html *h)
{
    bit_paragraph(h, tr("empty.moved", "Pick a field, or import an arXiv/OPML/BibTeX file."));
    bit_small(h, tr("digest.how", "`respite papers import FILE` takes papers in, `respite papers fetch` asks "
                                  "for those of your categories."));
}

static bool draw_digest(struct html *h, struct app *app, const struct digest *d, struct err *err)
{
    int64_t here;
    if (!shown_count(app->db, &here, err))
        return false;
    if (d->after_quiet)
        bit_paragraph(h, tr("quiet.over", "Welcome back. Here is the page. It is short."));
    html_raw(h, "<h2>");
    html_text(h, digest_title(app, d));
    html_raw(h, "</h2>\n");
    if (!here) {
        draw_empty(h);
        return true;
    }
    bit_paragraph(h, digest_head(app, d));
    if (!d->known && d->items)
        bit_small(h, DIGEST_SPREAD);
    if (!d->stored && d->papers)
        bit_small(h, tr("digest.open", "This week is not over: the page may change until it is."));
    if (d->items)
        html_raw(h, "<ol class=\"lines papers\">\n");
    for (size_t i = 0; i < d->items; i++)
        draw_item(h, app, d, &d->item[i]);
    if (d->items)
        html_raw(h, "</ol>\n");
    if (d->themes)
        draw_themes(h, app, d);
    if (digest_any_lasted(d))
        draw_lasted(h, app, d);
    return draw_weeks(h, app, d, err) && draw_settings(h, app, d, err);
}

static void draw_quiet(struct html *h, struct app *app, const struct digest *d)
{
    html_raw(h, "<p>");
    html_say(h, tr("digest.quiet", "Quiet until {day}. No page is made, and nothing is being counted."),
             {"day", say_day(app->arena, d->quiet_until)});
    html_raw(h, "</p>\n");
    bit_paragraph(h,
                  tr("quiet.after", "When it ends you get one page with what truly moved. You will not have "
                                    "to catch up."));
}

void page_digest(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct digest d = {0};
    day_t day = 0;
    struct span week = request_query(request, "week");
    if ((week.n && !day_read(week, &day, &err)) ||
        !(week.n ? digest_of(app, day, &d, &err) : digest_now(app, &d, &err))) {
        reply_error(app, request, reply, err.code == E_USAGE || err.code == E_FORMAT ? 400 : 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("digest.title", "Digest"), "/digest");
    if (d.quiet_until) {
        draw_quiet(&h, app, &d);
        frame_close(&h, app, NULL);
        return;
    }
    if (!draw_digest(&h, app, &d, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, d.papers ? DIGEST_END : NULL);
}

void page_digest_set(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    int64_t cap = 0, day = 0;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span caps = form_value(&form, "cap"), days = form_value(&form, "day");
    if (!scan_i64(&caps, &cap) || caps.n || cap < 1 || cap > CHOOSE_MOST || !scan_i64(&days, &day) ||
        days.n || day < 0 || day > 6) {
        (void)fail(&err, E_USAGE, "%s", tr("err.papers.cap", "A page holds 1 to 20 papers."));
        reply_error(app, request, reply, 400, &err);
        return;
    }
    if (!digest_cap_put(app->db, cap, &err) || !digest_day_put(app->db, day, &err) ||
        !digest_feed_put(app, form_has(&form, "feed", "on"), &err) || !digest_feed_write(app, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    reply_to(reply, request, moved_back(app, &form));
}

/* This week: how many there were and where they are. */
bool week_papers(struct app *app, struct week *week, struct err *err)
{
    struct digest d;
    bool there;
    if (!digest_stored(app, &d, &there, err))
        return false;
    if (!there || !d.papers)
        return true;
    if (!week_line(app, week, NULL, digest_head(app, &d), "/digest"))
        return fail_memory(err);
    for (size_t i = 0; i < d.items && i < 3; i++)
        if (!week_line(app, week, NULL, d.item[i].shown.title,
                       arena_printf(app->arena, "/paper/%lld", (long long)d.item[i].shown.paper)))
            return fail_memory(err);
    return true;
}
