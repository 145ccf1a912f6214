/* This week: the one page that gathers the rooms. It is finite. The page, the terminal and the print view
 * draw the same parts. */
#include <stdlib.h>

#include "app/home.h"
#include "base/vec.h"
#include "codec/json.h"
#include "io/clock.h"
#include "io/sched.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"
#include "ui/wrap.h"

#include "base/banned.h"

#define QUIET_REST \
    tr("quiet.rest.now", "This page is resting, and so is all that would show up by itself. Nothing is " \
                         "being counted. Help now stays open.")

enum { COLUMNS = 80, LEAD_COLUMNS = 16 };

static int by_order(const void *a, const void *b)
{
    const struct week_part *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

bool week_gather(struct app *app, day_t monday, struct week_parts *out, struct err *err)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct week_row *row = (*room)->week; row && row->fill; row++) {
            struct week_part part = {
                .order = row->order, .heading = words_of(row->heading), .always = row->always};
            struct week week = {monday, &part};
            struct err inner = {0};
            if (!row->fill(app, &week, &inner) && !week_line(app, &week, NULL, inner.text, NULL))
                return fail_memory(err);
            if (part.n == 0)
                continue;
            struct week_part *at = VEC_PUSH(app->arena, out);
            if (!at)
                return fail_memory(err);
            *at = part;
        }
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_order);
    return true;
}

static const char *title(struct app *app, day_t monday)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 256);
    words_say(&out, tr("week.title", "Week of {day}"), {"day", say_day(app->arena, monday)});
    return buf_keep(&out, app->arena);
}

static day_t monday_now(const struct app *app)
{
    return day_monday(moment_day(clock_local(app->now)));
}

static void draw_line(struct html *h, const struct week_line *line)
{
    html_raw(h, "<li>");
    if (line->lead) {
        html_raw(h, "<b>");
        html_text(h, line->lead);
        html_raw(h, "</b> ");
    }
    html_text(h, line->text);
    if (line->path) {
        html_raw(h, " <a class=\"more\" href=\"");
        html_text(h, line->path);
        html_raw(h, "\">");
        html_text(h, tr("week.more", "Look closer"));
        html_raw(h, "</a>");
    }
    html_raw(h, "</li>\n");
}

static void draw_parts(struct html *h, const struct week_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++) {
        const struct week_part *part = &parts->at[i];
        if (i == 0 || strcmp(part->heading, parts->at[i - 1].heading) != 0) {
            html_raw(h, "<h2>");
            html_text(h, part->heading);
            html_raw(h, "</h2>\n");
        }
        html_raw(h, "<ul class=\"lines\">\n");
        for (size_t k = 0; k < part->n; k++)
            draw_line(h, &part->at[k]);
        html_raw(h, "</ul>\n");
    }
    if (parts->n == 0) {
        html_raw(h, "<p>");
        html_text(h, tr("week.none", "Nothing moved this week that needs you."));
        html_raw(h, "</p>\n");
    }
}

/* What a quiet week does not hold. */
static void keep_always(struct week_parts *parts)
{
    size_t n = 0;
    for (size_t i = 0; i < parts->n; i++)
        if (parts->at[i].always)
            parts->at[n++] = parts->at[i];
    parts->n = n;
}

/* A quiet week: the page rests, and opens on purpose. */
static void draw_quiet(struct html *h, struct app *app, struct week_parts *parts, day_t until)
{
    html_raw(h, "<h1>");
    html_say(h, tr("quiet.until", "Quiet until {day}"), {"day", say_day(app->arena, until)});
    html_raw(h, "</h1>\n<p>");
    html_text(h, QUIET_REST);
    html_raw(h, "</p>\n<p>");
    html_text(h, tr("quiet.after",
                    "When it ends you get one page with what truly moved. You will not have to catch up."));
    html_raw(h, "</p>\n");
    keep_always(parts);
    draw_parts(h, parts);
    html_raw(h, "<p class=\"buttons\"><a class=\"button\" href=\"/?open=1\">");
    html_text(h, tr("quiet.need", "I need one thing today"));
    html_raw(h, "</a></p>\n");
}

/* A room that has to be set up first says where. */
static const char *welcome_path(struct app *app)
{
    for (const struct room *const *room = app->rooms; *room; room++) {
        const char *path = (*room)->welcome ? (*room)->welcome(app) : NULL;
        if (path)
            return path;
    }
    return NULL;
}

void page_week(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct week_parts parts = {0};
    day_t until = 0, monday = monday_now(app);
    const char *first = welcome_path(app);
    if (first) {
        reply_to(reply, request, first);
        return;
    }
    if (!sched_hushed(app->db, app->now, &until, &err) || !week_gather(app, monday, &parts, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("nav.week", "This week"), "/");
    if (until && !request_query(request, "open").n) {
        draw_quiet(&h, app, &parts, until);
        frame_close(&h, app, NULL);
        return;
    }
    html_raw(&h, "<h1>");
    html_text(&h, title(app, monday));
    html_raw(&h, "</h1>\n");
    draw_parts(&h, &parts);
    frame_close(&h, app, tr("week.end", "That is all for this week. The rest will keep."));
}

/* `before`: the part above it, or NULL: one heading for both when they have the same. */
static void print_part(struct buf *out, const struct week_part *part, const struct week_part *before)
{
    size_t lead = 0;
    for (size_t k = 0; k < part->n; k++)
        if (part->at[k].lead)
            lead = LEAD_COLUMNS;
    if (!before || strcmp(before->heading, part->heading) != 0)
        wrap_text(out, part->heading, COLUMNS, 0);
    for (size_t k = 0; k < part->n; k++) {
        struct buf AUTO_BUF line;
        buf_init(&line, 1 << 16);
        buf_add_text(&line, "  ");
        if (part->at[k].lead)
            buf_printf(&line, "%s  ", part->at[k].lead);
        buf_add_text(&line, part->at[k].text);
        wrap_text(out, buf_text(&line), COLUMNS, lead ? lead : 2);
    }
}

/* until: of a quiet week, or 0. */
static bool week_json(day_t monday, day_t until, const struct week_parts *parts, struct buf *out,
                      struct err *err)
{
    char name[16], day[16];
    AUTO_JSON json_t *o = json_pack("{s:s,s:[]}", "week", isoweek_text(monday, name), "parts");
    for (size_t i = 0; o && i < parts->n; i++) {
        json_t *lines = json_array();
        for (size_t k = 0; k < parts->at[i].n; k++) {
            const struct week_line *l = &parts->at[i].at[k];
            json_array_append_new(
                lines, json_pack("{s:s*,s:s,s:s*}", "lead", l->lead, "text", l->text, "path", l->path));
        }
        json_array_append_new(json_object_get(o, "parts"),
                              json_pack("{s:s,s:o}", "heading", parts->at[i].heading, "lines", lines));
    }
    if (o && until && json_object_set_new(o, "quiet_until", json_string(day_text(until, day))) != 0)
        return fail_memory(err);
    return o ? json_write(o, out, err) : fail_memory(err);
}

/* The sentences of a quiet week; opened on purpose, the rooms' own commands show the same as ever. */
static bool quiet(struct app *app, day_t monday, day_t until, struct buf *out, struct err *err)
{
    struct buf AUTO_BUF title;
    struct week_parts parts = {0};
    buf_init(&title, 1024);
    if (!week_gather(app, monday, &parts, err))
        return false;
    keep_always(&parts);
    if (cli_has(app->cli, "json"))
        return week_json(monday, until, &parts, out, err);
    words_say(&title, tr("quiet.until", "Quiet until {day}"), {"day", say_day(app->arena, until)});
    wrap_text(out, buf_text(&title), COLUMNS, 0);
    wrap_text(out, QUIET_REST, COLUMNS, 0);
    for (size_t i = 0; i < parts.n; i++)
        print_part(out, &parts.at[i], i ? &parts.at[i - 1] : NULL);
    return buf_ok(out, err);
}

static bool week(struct app *app, struct buf *out, struct err *err)
{
    struct week_parts parts = {0};
    day_t monday = monday_now(app), until = 0;
    if (!cmd_folders(app, &app->here, err))
        return false;
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->look && !(*room)->look(app, err))
            return false;
    if (!sched_hushed(app->db, app->now, &until, err))
        return false;
    if (until)
        return quiet(app, monday, until, out, err);
    if (!week_gather(app, monday, &parts, err))
        return false;
    if (cli_has(app->cli, "json"))
        return week_json(monday, 0, &parts, out, err);
    wrap_text(out, title(app, monday), COLUMNS, 0);
    for (size_t i = 0; i < parts.n; i++)
        print_part(out, &parts.at[i], i ? &parts.at[i - 1] : NULL);
    if (parts.n == 0 && welcome_path(app))
        wrap_text(out,
                  tr("week.unset",
                     "Nothing is read yet. `respite week FOLDER` reads one, `respite` opens the page."),
                  COLUMNS, 0);
    else if (parts.n == 0)
        wrap_text(out, tr("week.none", "Nothing moved this week that needs you."), COLUMNS, 0);
    wrap_text(out, tr("week.end", "That is all for this week. The rest will keep."), COLUMNS, 0);
    return buf_ok(out, err);
}

int cmd_week(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, 4 << 20);
    if (!week(app, &out, &err) || !cmd_print(&out, &err))
        return cmd_failed(&err);
    return 0;
}
