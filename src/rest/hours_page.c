/* The picture of the last twelve weeks (screen a2), and the question whether it looks right. */
#include "io/clock.h"
#include "io/sched.h"
#include "rest/hours_draw.h"
#include "rest/pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

static void paragraph(struct html *h, const char *text)
{
    html_raw(h, "<p>");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

static void draw_question(struct html *h, const struct app *app, const char *looks)
{
    if (looks[0]) {
        paragraph(
            h, strcmp(looks, "right") == 0
                   ? tr("card.thanks", "You said this looks about right. It is kept here and goes nowhere.")
                   : tr("card.notreally", "You said this does not look right. Which folders are read, which "
                                          "addresses count and which hours are yours can be changed:"));
        html_raw(h, "<p><a href=\"/rest/setup\">");
        html_text(h, tr("card.change", "Change folders, addresses and hours"));
        html_raw(h, "</a></p>\n");
        return;
    }
    form_open(h, app, "/rest/looks");
    html_raw(h, "<p class=\"question\">");
    html_text(h, tr("card.right", "Does this look about right?"));
    html_raw(h, "</p>\n<p class=\"buttons\">");
    form_button(h, "looks", "right", tr("card.right.yes", "About right"), false);
    form_button(h, "looks", "not", tr("card.right.no", "Not really"), false);
    html_raw(h, "</p>\n");
    form_close(h);
}

/* Commits that a coding agent marked are set apart; whether they are the person's time is asked once, and
 * they can say it again. */
static bool draw_agents(struct html *h, struct app *app, const struct picture *p, struct err *err)
{
    const char *said;
    if (!setting_get(app->db, app->arena, "rest.agents", "", &said, err))
        return false;
    if (p->excluded[CLASS_AGENTS] == 0 && strcmp(said, "yes") != 0)
        return true;
    form_open(h, app, "/rest/agents");
    html_raw(h, "<p class=\"question\">");
    if (strcmp(said, "yes") == 0)
        html_text(h, tr("agents.counted", "Commits that a coding agent marked are counted as your time."));
    else
        html_say(
            h,
            trn("agents.ask",
                "{n} commit was marked by a coding agent and is set apart. Count such commits as your time?",
                "{n} commits were marked by a coding agent and are set apart. Count such commits as your "
                "time?",
                (unsigned long)p->excluded[CLASS_AGENTS]),
            {"n", say_number(app->arena, p->excluded[CLASS_AGENTS])});
    html_raw(h, "</p>\n<p class=\"buttons\">");
    if (strcmp(said, "yes") != 0)
        form_button(h, "agents", "yes", tr("agents.yes", "Count them"), false);
    if (strcmp(said, "no") != 0)
        form_button(h, "agents", "no", tr("agents.no", "Leave them apart"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    return true;
}

/* One line while the whole history is not read yet: the resident page does that by itself. */
static bool draw_reading(struct html *h, struct app *app, struct err *err)
{
    struct repo_rows rows = {0};
    bool waiting = false;
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        waiting = waiting || (rows.at[i].chosen == CHOSEN_YES && (!rows.at[i].read || rows.at[i].since > 0));
    if (waiting && !app->example)
        paragraph(h,
                  tr("hours.reading",
                     "The weeks shown and those before them are read. The rest of the history is read in the "
                     "background while this page is open."));
    return true;
}

static bool draw_held(struct html *h, struct app *app, bool *held, struct err *err)
{
    day_t until;
    if (!sched_hushed(app->db, app->now, &until, err))
        return false;
    *held = until != 0;
    if (*held) {
        html_raw(h, "<p>");
        html_say(h,
                 tr("quiet.heldpage",
                    "A quiet week is on, until {day}. The picture rests too. It can be opened on purpose:"),
                 {"day", say_day(app->arena, until)});
        html_raw(h, "</p>\n<p class=\"buttons\"><a class=\"button\" href=\"/rest/hours?open=1\">");
        html_text(h, tr("quiet.open", "Open it"));
        html_raw(h, "</a></p>\n");
    }
    return true;
}

/* What came since the last look is read when the page is opened. A repository that cannot be read, or no git
 * at all, costs a sentence: what was read before is drawn. */
static bool look_first(struct html *h, struct app *app, struct err *err)
{
    struct look l;
    struct err inner = {0};
    day_t first = this_monday(app) - 7 * (WEEKS_SHOWN - 1);
    if (app->example)
        return true;
    if (!look_again(app, picture_since(first, WEEKS_SHOWN), &l, &inner)) {
        if (inner.code == E_MEMORY || inner.code == E_STOPPED)
            return fail(err, inner.code, "%s", inner.text);
        paragraph(h, inner.text);
        return true;
    }
    for (size_t i = 0; i < l.repos.n; i++)
        if (l.repos.at[i].problem || l.repos.at[i].partly)
            paragraph(h, l.repos.at[i].problem ? l.repos.at[i].problem : l.repos.at[i].partly);
    return true;
}

static bool draw_page(struct html *h, struct app *app, const struct request *request, struct err *err)
{
    struct repo_set set;
    struct picture p;
    const char *looks;
    bool held = false;
    if (!request_query(request, "open").n && !draw_held(h, app, &held, err))
        return false;
    if (held)
        return true;
    if (!look_first(h, app, err) || !picture_chosen(app, &set, err) ||
        !picture_load(app, set, this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN, &p, err) ||
        !setting_get(app->db, app->arena, "rest.looks", "", &looks, err))
        return false;
    if (set.n == 0) {
        paragraph(h, tr("hours.nofolder", "No folder is chosen yet, so there is nothing to draw."));
        html_raw(h, "<p class=\"buttons\"><a class=\"button\" href=\"/rest/setup\">");
        html_text(h, tr("hours.choose", "Choose folders"));
        html_raw(h, "</a></p>\n");
        return true;
    }
    hours_draw(h, app, &p);
    if (!draw_reading(h, app, err) || !draw_agents(h, app, &p, err))
        return false;
    draw_question(h, app, looks);
    return true;
}

void page_hours(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("card.title", "Your last 12 weeks"), "/rest");
    html_raw(&h, "<h1>");
    html_text(&h, tr("card.title", "Your last 12 weeks"));
    html_raw(&h, "</h1>\n");
    if (!draw_page(&h, app, request, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(
        &h, app,
        tr("first.end", "That is all. Once a week there will be one page here. Nothing will pop up."));
}

void page_looks(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    if (!form_read(app, request, &form, &err) ||
        !setting_put(app->db, "rest.looks", span_is(form_value(&form, "looks"), "right") ? "right" : "not",
                     &err)) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    reply_to(reply, request, "/rest/hours");
}

void page_agents(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    if (!form_read(app, request, &form, &err) ||
        !setting_put(app->db, "rest.agents", span_is(form_value(&form, "agents"), "yes") ? "yes" : "no",
                     &err)) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    reply_to(reply, request, "/rest/hours");
}
