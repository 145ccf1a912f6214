/* Beside the national line: lines that the lab put into its record, with the day; numbers of one's own; and,
 * in a lab, the people who listen. All of it is read from this computer, and opening the page writes none. */
#include "speak/help_more.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/known.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/help_line.h"
#include "speak/help_own.h"
#include "ui/form.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { DAY = 86400, OLD_DAYS = 183 }; /* as the list that is shipped */

static void clean(struct html *h, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    utf8_clean(&out, text);
    html_text(h, buf_text(&out));
}

static void number_draw(struct html *h, struct span number)
{
    html_raw(h, "<p class=\"help-number\">");
    clean(h, number);
    html_raw(h, "</p>");
}

const char *help_lab_since(struct app *app, const struct help_lab_line *line)
{
    bool old = app->now - line->at > (int64_t)OLD_DAYS * DAY;
    AUTO_BUF struct buf said;
    buf_init(&said, 4096);
    words_say(&said,
              old ? tr("help.lab.old", "Put there by the lab on {date}. It may be out of date.")
                  : tr("help.lab.since", "Put there by the lab on {date}; every member sees the same."),
              {"date", say_day_year(app->arena, moment_day(clock_local(line->at)))});
    const char *kept = buf_keep(&said, app->arena);
    return kept ? kept : "";
}

static void lab_line_draw(struct html *h, struct app *app, const struct help_lab_line *line)
{
    html_raw(h, "<section class=\"card help-line\"><h3>");
    clean(h, line->name);
    html_raw(h, "</h3>");
    for (size_t i = 0; i < line->numbers; i++)
        number_draw(h, line->number[i]);
    if (line->hours.n) {
        html_raw(h, "<p>");
        clean(h, line->hours);
        html_raw(h, "</p>");
    }
    html_raw(h, "<p class=\"small\">");
    html_text(h, help_lab_since(app, line));
    html_raw(h, "</p></section>\n");
}

static void lab_draw(struct html *h, struct app *app)
{
    struct help_lab_lines lines;
    struct known *known;
    struct err ignored = {0};
    if (!help_lines_load(app->db, app->arena, &lines, &ignored) || lines.n == 0 ||
        !known_load(app->db, app->arena, &known, &ignored) || !known)
        return;
    html_raw(h, "<h2>");
    html_say(h, tr("help.lab", "From your lab, {lab}"), {"lab", known->name});
    html_raw(h, "</h2>\n");
    for (size_t i = 0; i < lines.n; i++)
        lab_line_draw(h, app, &lines.at[i]);
}

static void own_draw(struct html *h, struct app *app, const struct help_own *own)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, own->id);
    html_raw(h, "<section class=\"card help-line\">");
    if (own->name.n) {
        html_raw(h, "<h3>");
        clean(h, own->name);
        html_raw(h, "</h3>");
    }
    number_draw(h, own->number);
    form_open(h, app, "/help/own");
    form_button(h, "remove", id, tr("help.own.remove", "Remove"), false);
    form_close(h);
    html_raw(h, "</section>\n");
}

static void owns_draw(struct html *h, struct app *app)
{
    struct help_owns owns;
    struct err ignored = {0};
    if (!help_own_list(app->db, app->arena, &owns, &ignored))
        return;
    bit_heading(h, tr("help.own", "Numbers of your own"));
    for (size_t i = 0; i < owns.n; i++)
        own_draw(h, app, &owns.at[i]);
    if (owns.n >= HELP_OWN_MOST)
        return;
    html_raw(h, "<details");
    if (owns.n == 0)
        html_raw(h, " class=\"small\"");
    html_raw(h, "><summary>");
    html_text(h, tr("help.own.add", "Keep a number here: a friend, a doctor, somebody on campus"));
    html_raw(h, "</summary>\n");
    form_open(h, app, "/help/own");
    html_raw(h, "<p><label for=\"own-name\">");
    html_text(h, tr("help.own.name", "Who it is"));
    html_raw(h, "</label><br><input id=\"own-name\" name=\"name\" type=\"text\" maxlength=\"60\" "
                "autocomplete=\"off\"></p>\n<p><label for=\"own-number\">");
    html_text(h, tr("help.own.number", "The number"));
    html_raw(h,
             "</label><br><input id=\"own-number\" name=\"number\" type=\"text\" maxlength=\"60\" required "
             "autocomplete=\"off\"></p>\n");
    form_button(h, NULL, NULL, tr("help.own.keep", "Keep it"), false);
    form_close(h);
    bit_small(h, tr("priv.card", "Stays on this computer."));
    html_raw(h, "</details>\n");
}

/* A page that this program has and that leads to people; those that it does not have are not named. */
static void people_link(struct html *h, struct app *app, const char *path, const char *label)
{
    bool other;
    if (!route_find(app, SPAN("GET"), span_of(path), &other))
        return;
    bit_button(h, path, label);
}

static void people_draw(struct html *h, struct app *app)
{
    struct known *known;
    struct err ignored = {0};
    if (!known_load(app->db, app->arena, &known, &ignored) || !known)
        return;
    html_raw(h, "<div class=\"buttons\">");
    people_link(h, app, "/letters", tr("listen.link", "Talk to a listener"));
    people_link(h, app, "/counsellors", tr("help.counsellor", "See a counsellor"));
    html_raw(h, "</div>\n");
}

void help_more_draw(struct html *h, struct app *app)
{
    if (!app->db)
        return;
    lab_draw(h, app);
    owns_draw(h, app);
    people_draw(h, app);
}

void page_help_own(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    uint64_t id;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span remove = form_value(&form, "remove");
    bool done;
    if (remove.p)
        done = !scan_u64(&remove, &id, INT64_MAX) || help_own_drop(app->db, (int64_t)id, &err);
    else
        done = help_own_put(app->db, form_value(&form, "name"), form_value(&form, "number"), &err);
    if (done)
        reply_to(reply, request, "/help");
    else
        reply_error(app, request, reply, err.code == E_USAGE || err.code == E_FORMAT ? 400 : 500, &err);
}
