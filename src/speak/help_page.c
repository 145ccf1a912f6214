/* Help now: the lines of the country the person chose, the emergency number or the words for it, and the
 * chooser. The page shows what it has even when the database cannot be read, since somebody may need it on
 * exactly that day. */
#include "speak/help_page.h"

#include "base/vec.h"
#include "io/clock.h"
#include "speak/help.h"
#include "speak/help_more.h"
#include "ui/assets.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

#define SETTING "help.country"

bool help_shipped(struct arena *arena, struct help *out, struct err *err)
{
    const struct asset *file = asset_find(SPAN("crisis.json"));
    if (!file)
        return fail(err, E_MISSING, "%s",
                    tr("err.help.missing", "This program was built without its list of crisis lines."));
    return help_read(arena, file->bytes, out, err);
}

struct span help_chosen(struct app *app)
{
    struct err ignored = {0};
    const char *cc = NULL;
    if (!app->db || !setting_get(app->db, app->arena, SETTING, "", &cc, &ignored) || !cc)
        cc = "";
    return span_of(cc);
}

const char *help_words_said(struct arena *arena, const struct help_words *words)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 2000);
    for (size_t i = 0; i < words->n; i++) {
        if (i)
            buf_add_text(&text, tr("help.comma", ", "));
        buf_add_text(&text, help_say(arena, words->at[i]));
    }
    return words->n ? buf_keep(&text, arena) : NULL;
}

static void detail_draw(struct html *h, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    html_raw(h, "<dt>");
    html_text(h, name);
    html_raw(h, "</dt><dd>");
    html_text(h, value);
    html_raw(h, "</dd>");
}

/* The line's own name. A number that is part of it is large there, and is not said again: its place in
 * `line->numbers`, or that of none. */
static size_t name_draw(struct html *h, const struct help_line *line)
{
    for (size_t i = 0; i < line->numbers.n; i++) {
        ptrdiff_t at = help_number_at(line->name, line->numbers.at[i]);
        if (at < 0)
            continue;
        html_span(h, span_first(line->name, (size_t)at));
        html_raw(h, "<span class=\"help-number\">");
        html_span(h, line->numbers.at[i]);
        html_raw(h, "</span>");
        html_span(h, span_from(line->name, (size_t)at + line->numbers.at[i].n));
        return i;
    }
    html_span(h, line->name);
    return line->numbers.n;
}

static void line_draw(struct html *h, struct arena *arena, const struct help_line *line)
{
    html_raw(h, "<section class=\"card help-line\"><h2");
    if (line->languages.n &&
        line->languages.at[0].n <= 3) { /* a code: the name is in the line's own language */
        html_raw(h, " lang=\"");
        html_span(h, line->languages.at[0]);
        html_raw(h, "\"");
    }
    html_raw(h, ">");
    size_t said = name_draw(h, line);
    html_raw(h, "</h2>");
    for (size_t i = 0; i < line->numbers.n; i++) {
        if (i == said)
            continue;
        html_raw(h, "<p class=\"help-number\">");
        html_span(h, line->numbers.at[i]);
        html_raw(h, "</p>");
    }
    html_raw(h, "<dl>");
    detail_draw(h, tr("help.hours", "Hours"), help_say(arena, line->hours));
    detail_draw(h, tr("help.channels", "How"), help_say(arena, line->channels));
    detail_draw(h, tr("help.languages", "Languages"), help_words_said(arena, &line->languages));
    html_raw(h, "</dl><p class=\"small\">");
    html_say(h, tr("help.checked", "Checked on {date}, on published pages of {source}, not by calling."),
             {"date", say_day_year(arena, line->seen)}, {"source", help_published(arena, line->source_date)});
    html_raw(h, "</p></section>\n");
}

static void emergency_draw(struct html *h, struct arena *arena, const struct help_line *line)
{
    html_raw(h, "<p>");
    if (line && line->emergency.n)
        html_say(h, tr("help.emergency", "If someone is in danger now: {number}."),
                 {"number", help_words_said(arena, &line->emergency)});
    else
        html_text(h, tr("help.emergency.words", "If someone is in danger now: your local emergency number."));
    html_raw(h, "</p>\n");
}

static void chooser_draw(struct html *h, struct app *app, const struct help *help,
                         const struct help_line *chosen)
{
    form_open(h, app, "/help/region");
    html_raw(h, "<p><label for=\"region\">");
    html_text(h, chosen ? tr("help.other", "Other region") : tr("help.region", "Country or region"));
    html_raw(h, "</label> <select id=\"region\" name=\"region\">");
    html_raw(h, "<option value=\"none\">");
    html_text(h, tr("help.none", "not in this list, or I would rather not say"));
    html_raw(h, "</option>");
    for (size_t i = 0; i < help->n; i++) {
        const struct help_line *line = &help->at[i];
        if (i && span_eq(line->cc, help->at[i - 1].cc))
            continue;
        html_raw(h, "<option value=\"");
        html_span(h, line->cc);
        html_raw(h, "\"");
        if (chosen && span_eq(chosen->cc, line->cc))
            html_raw(h, " selected");
        html_raw(h, ">");
        html_text(h, help_say(app->arena, line->country));
        html_raw(h, "</option>");
    }
    html_raw(h, "</select> ");
    form_button(h, NULL, NULL, tr("help.show", "Show"), false);
    html_raw(h, "</p><p class=\"small\">");
    html_text(
        h,
        tr("help.kept",
           "The region is kept on this computer, and is never guessed. Opening this page is not counted."));
    html_raw(h, "</p>");
    form_close(h);
}

static void lines_draw(struct html *h, struct app *app, const struct help *help)
{
    const struct help_line *chosen = help_find(help, help_chosen(app));
    if (help_old(help, moment_day(clock_local(app->now)))) {
        html_raw(h, "<p class=\"notice\" role=\"note\">");
        html_say(h, tr("help.old", "This list is from {date} and may be out of date."),
                 {"date", say_day_year(app->arena, help->made)});
        html_raw(h, "</p>\n");
    }
    for (const struct help_line *line = chosen; line && line < help->at + help->n; line++)
        if (span_eq(line->cc, chosen->cc))
            line_draw(h, app->arena, line);
    emergency_draw(h, app->arena, chosen);
    if (!chosen) {
        html_raw(h, "<p>");
        html_text(h, tr("help.trusted", "Somebody you trust is help too: call them, or sit with them."));
        html_raw(h, "</p>\n");
    }
    chooser_draw(h, app, help, chosen);
    help_more_draw(h, app);
}

/* `help` NULL: the words that need no list, and why. */
static void page_draw(struct app *app, const struct request *request, struct reply *reply,
                      const struct help *help, const struct err *why)
{
    struct html h = {&reply->body};
    buf_reset(&reply->body);
    reply->headers.n = 0;
    frame_open(&h, app, request, reply, tr("nav.help", "Help now"), "/help");
    html_raw(&h, "<h1>");
    html_text(&h, tr("nav.help", "Help now"));
    html_raw(&h, "</h1>\n<p class=\"lead\">");
    html_text(&h, tr("help.page", "You do not have to be sure it is serious. Call, or sit with someone."));
    html_raw(&h, "</p>\n");
    if (help) {
        lines_draw(&h, app, help);
        frame_close(&h, app, NULL);
        return;
    }
    emergency_draw(&h, app->arena, NULL);
    html_raw(&h, "<p>");
    html_text(&h, why->text);
    html_raw(&h, "</p>\n");
    frame_close_failed(&h, app);
}

void page_help(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct help help;
    bool whole = help_shipped(app->arena, &help, &err);
    if (whole) {
        page_draw(app, request, reply, &help, NULL);
        whole = !reply->body.failed || fail_memory(&err);
    }
    if (!whole)
        page_draw(app, request, reply, NULL, &err);
}

void page_help_region(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct help help;

    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span region = form_value(&form, "region");
    if (!help_shipped(app->arena, &help, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    const struct help_line *line = help_find(&help, region);
    if (!line && !span_is(region, "none")) {
        fail(&err, E_USAGE, "%s",
             tr("err.help.region", "That region is not in the list; please choose one from it."));
        reply_error(app, request, reply, 400, &err);
        return;
    }
    const char *cc = line ? arena_text(app->arena, line->cc) : "";
    if (!cc || !setting_put(app->db, SETTING, cc, &err)) {
        fail_memory(&err);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    reply_to(reply, request, "/help");
}

/* For `respite doctor`: the list is there, reads, and is not past its age. */
bool help_doctor(struct app *app, struct findings *findings, struct err *err)
{
    AUTO_BUF struct buf text = {0};
    struct help help;
    bool ok = help_shipped(app->arena, &help, err);
    if (!ok)
        return false;
    ok = !help_old(&help, moment_day(clock_local(app->now)));
    buf_init(&text, 600);
    words_say(&text,
              ok ? tr("doctor.help", "Crisis lines: list of {date}.")
                 : tr("doctor.help.old", "The list of crisis lines is from {date} and may be out of date; a "
                                         "newer Respite has a newer list."),
              {"date", say_day_year(app->arena, help.made)});
    struct finding *f = VEC_PUSH(app->arena, findings);
    const char *said = arena_text(app->arena, buf_span(&text));
    if (!f || !said)
        return fail_memory(err);
    *f = (struct finding){.name = "help-lines", .ok = ok, .text = said};
    return true;
}
