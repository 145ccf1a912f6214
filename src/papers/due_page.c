/* What moved > Deadlines: dates of the venues a person chose, pinned or not, beside venues that have none.
 * Dates and working days; no clock runs, and nothing is in another colour for being near. */
#include "codec/scan.h"
#include "io/clock.h"
#include "papers/due_pages.h"
#include "papers/due_say.h"
#include "papers/moved.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

struct view {
    struct dues dues;
    struct due_counts counts;
    struct due_venues venues;
    struct due_frees frees;
    day_t today;
};

static bool load(struct app *app, struct view *v, struct err *err)
{
    v->today = moment_day(clock_local(app->now));
    return due_count(app->db, app->now, &v->counts, err) &&
           dues_load(app->db, app->arena, v->counts.chosen ? DUE_FOLLOWED : DUE_ALL, app->now, INT64_MAX,
                     DUE_SHOWN, &v->dues, err) &&
           due_venues(app->db, app->arena, app->now, &v->venues, err) &&
           due_frees(app->arena, &v->frees, err);
}

static void hidden(struct html *h, const char *name, struct span value)
{
    html_raw(h, "<input type=\"hidden\" name=\"");
    html_text(h, name);
    html_raw(h, "\" value=\"");
    html_span(h, value);
    html_raw(h, "\">");
}

/* The edition is named by what the list calls it, byte for byte; what no form can carry is not pinned here.
 */
static void draw_pin(struct html *h, struct app *app, const struct due *d)
{
    form_open(h, app, "/deadlines");
    html_raw(h, "<p class=\"buttons\">");
    hidden(h, "venue", d->venue);
    hidden(h, "entry", d->entry);
    html_raw(h, "<input type=\"hidden\" name=\"year\" value=\"");
    html_int(h, d->year);
    html_raw(h, "\"><button type=\"submit\" name=\"do\" value=\"");
    html_text(h, d->pinned ? "unpin" : "pin");
    html_raw(h, "\" aria-pressed=\"");
    html_text(h, d->pinned ? "true" : "false");
    html_raw(h, "\" aria-label=\"");
    html_say(h, tr("due.follow.what", "Follow {venue}"), {"venue", d->name});
    html_raw(h, "\">");
    html_text(h, tr("due.follow", "Follow"));
    html_raw(h, "</button></p>\n");
    form_close(h);
}

static void draw_due(struct html *h, struct app *app, const struct due *d, day_t today)
{
    const char *there = due_there(app->arena, d), *meeting = due_meeting(app->arena, d);
    html_raw(h, "<li><p class=\"head\">");
    html_text(h, due_title(app->arena, d));
    html_raw(h, " · ");
    html_text(h, due_far(app->arena, d, today));
    html_raw(h, "</p>\n<p class=\"small\">");
    html_say(h, tr("due.here", "{moment} here"), {"moment", due_here(app->arena, d)});
    if (there) {
        html_raw(h, " · ");
        html_text(h, there);
    }
    html_raw(h, "</p>\n");
    bit_small(h, meeting);
    draw_pin(h, app, d);
    html_raw(h, "</li>\n");
}

static void draw_dates(struct html *h, struct app *app, const struct view *v)
{
    bit_paragraph(h, due_head(app->arena, &v->counts, v->dues.n));
    if (v->dues.n == 0)
        return;
    html_raw(h, "<ul class=\"lines papers\">\n");
    for (size_t i = 0; i < v->dues.n; i++)
        draw_due(h, app, &v->dues.at[i], v->today);
    html_raw(h, "</ul>\n");
    if (v->dues.later) {
        html_raw(h, "<p class=\"small\">");
        html_say(h,
                 trn("due.later", "{n} later date is not shown.", "{n} later dates are not shown.",
                     (unsigned long)v->dues.later),
                 {"n", say_number(app->arena, v->dues.later)});
        html_raw(h, "</p>\n");
    }
    bit_small(h, due_about());
    bit_small(h, tr("due.follow.why", "What you follow stands in This week, also in a quiet one, and in your "
                                      "calendar feed when that is on."));
}

static void draw_frees(struct html *h, const struct view *v)
{
    bit_heading(h, tr("due.free.head", "Without a yearly deadline"));
    html_raw(h, "<ul class=\"lines plain\">\n");
    for (size_t i = 0; i < v->frees.n; i++) {
        html_raw(h, "<li><b>");
        html_text(h, v->frees.at[i].name);
        html_raw(h, "</b> ");
        html_text(h, due_free_said(&v->frees.at[i]));
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* One box a venue, in a list that is folded once something is chosen. */
static void draw_venues(struct html *h, struct app *app, const struct view *v)
{
    if (v->venues.n == 0)
        return;
    html_raw(h, "<details");
    if (!v->counts.chosen)
        html_raw(h, " open");
    html_raw(h, "><summary>");
    html_text(h, tr("due.choose", "Choose venues"));
    html_raw(h, "</summary>\n");
    form_open(h, app, "/deadlines");
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("due.choose.which", "Venues whose dates are shown"));
    html_raw(h, "</legend>\n");
    for (size_t i = 0; i < v->venues.n; i++) {
        html_raw(h, "<label class=\"choice\"><input type=\"checkbox\" name=\"venue\" value=\"");
        html_span(h, v->venues.at[i].venue);
        html_raw(h, "\"");
        if (v->venues.at[i].chosen)
            html_raw(h, " checked");
        html_raw(h, "> <span class=\"name\">");
        html_text(h, v->venues.at[i].name);
        html_raw(h, "</span></label>\n");
    }
    html_raw(h, "</fieldset>\n<p>");
    form_button(h, "do", "choose", tr("set.keep", "Keep"), !v->counts.chosen);
    html_raw(h, "</p>\n");
    form_close(h);
    html_raw(h, "</details>\n");
}

void page_deadlines(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view v = {0};
    if (!load(app, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("nav.deadlines", "Deadlines"), "/deadlines");
    draw_dates(&h, app, &v);
    draw_venues(&h, app, &v);
    draw_frees(&h, &v);
    frame_close(&h, app, NULL);
}

/* ---- what its buttons do ---- */

struct chosen_venues {
    struct arena *arena;
    const struct form *form;
};

/* Exactly those that are ticked. A venue that is no longer in any list is passed over. */
static bool choose_work(struct db *db, void *arg, struct err *err)
{
    const struct chosen_venues *c = arg;
    if (!db_run(db, err, "delete from paper_venue"))
        return false;
    for (size_t i = 0; i < c->form->fields.n; i++) {
        const struct pair *field = &c->form->fields.at[i];
        struct err inner = {0};
        if (span_is(field->name, "venue") && !due_choose(db, c->arena, field->value, true, &inner) &&
            inner.code != E_MISSING)
            return fail(err, inner.code, "%s", inner.text);
    }
    return true;
}

static bool set_pin(struct app *app, const struct form *form, bool on, struct err *err)
{
    struct span digits = form_value(form, "year");
    int64_t year;
    if (!scan_i64(&digits, &year) || digits.n)
        return fail(err, E_MISSING, "%s", tr("err.papers.due_gone", "That deadline is not here any more."));
    return due_pin(app->db, form_value(form, "venue"), year, form_value(form, "entry"), on, err);
}

void page_deadlines_set(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct chosen_venues chosen = {app->arena, &form};
    bool pin = form_has(&form, "do", "pin"), unpin = form_has(&form, "do", "unpin");
    if (!pin && !unpin && !form_has(&form, "do", "choose"))
        (void)fail(&err, E_LIMIT, "%s",
                   tr("err.set.choice", "That is none of the choices there are, so nothing was changed."));
    else if (pin || unpin ? set_pin(app, &form, pin, &err) : db_write(app->db, choose_work, &chosen, &err)) {
        reply_to(reply, request, "/deadlines");
        return;
    }
    reply_error(app, request, reply, err.code == E_MISSING ? 404 : err.code == E_LIMIT ? 400 : 500, &err);
}
