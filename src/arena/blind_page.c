/* The page of the lab's board. Opening it asks nobody; "Look now" does. */
#include "anon/errand.h"
#include "arena/blind_cmd.h"
#include "arena/blind_mine.h"
#include "arena/rank_draw.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"
#include "ui/table.h"

#include "base/banned.h"

enum { WAIT_SECONDS = 30, COLUMNS = 5 };
static const char path[] = "/arena/lab";

bool errand_blind(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    (void)argument, (void)answer;
    return known_load(app->db, app->arena, &known, err) && (!known || blind_mine_look(app, known, err));
}

/* What changed --------------------------------------------------------------------------------------------
 */
static void changed_draw(struct html *h, struct app *app, const struct comparison *c)
{
    size_t same = 0, moved = 0;
    for (size_t i = 0; i < c->n; i++) {
        same += c->at[i].old_place == c->at[i].new_place;
        moved += c->at[i].significant;
    }
    bit_heading(h, tr("blind.changed", "What changed since the last board"));
    html_raw(h, "<p>");
    html_say(h, tr("blind.same", "Not changed: {k} of {n} models stand where they stood."),
             {"k", say_number(app->arena, (int64_t)same)}, {"n", say_number(app->arena, (int64_t)c->n)});
    html_raw(h, "</p>\n");
    if (!moved)
        bit_paragraph(h, tr("changed.none", "Nothing that can be told from chance."));
    for (size_t i = 0; i < c->n; i++) {
        if (!c->at[i].significant)
            continue;
        html_raw(h, "<p>");
        html_say(
            h,
            c->at[i].delta > 0 ? tr("blind.up", "{model} is {d} points higher, more than chance makes.")
                               : tr("blind.down", "{model} is {d} points lower, more than chance makes."),
            {"model", arena_text(app->arena, c->at[i].name)},
            {"d", arena_printf(app->arena, "%.0f", c->at[i].delta < 0 ? -c->at[i].delta : c->at[i].delta)});
        html_raw(h, "</p>\n");
    }
    bit_small(
        h, tr("changed.daily", "You may look at this every day; the error rate stated holds all the same."));
}

/* The board ------------------------------------------------------------------------------------------------
 */
static const char *places(struct app *app, const struct ranking *r, const struct ranked *m)
{
    if (!r->sets_known)
        return "";
    return m->place_low == m->place_high
               ? arena_printf(app->arena, "%zu", m->place_low)
               : arena_printf(app->arena, tr("blind.places", "%zu to %zu"), m->place_low, m->place_high);
}

static const char *shown_name(struct app *app, const struct blind_doc *d, struct span name)
{
    for (size_t i = 0; i < d->models; i++)
        if (span_eq(d->model[i].name, name) && d->model[i].to)
            return arena_printf(app->arena, tr("blind.over", "%s (withdrawn)"), arena_text(app->arena, name));
    return arena_text(app->arena, name);
}

static void table_draw(struct html *h, struct app *app, const struct blind_mine *m)
{
    const struct ranking *r = &m->ranking;
    const struct table_column columns[COLUMNS] = {{tr("blind.col.model", "Model"), false},
                                                  {tr("blind.col.places", "Places"), true},
                                                  {tr("blind.col.rating", "Rating"), true},
                                                  {tr("blind.col.interval", "Interval, 95 %"), true},
                                                  {tr("blind.col.votes", "Votes"), true}};
    const char **cells = arena_array(app->arena, r->rated * COLUMNS + 1, sizeof *cells);
    size_t n = 0;
    if (!cells) {
        arena_lose(app->arena);
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        const struct ranked *x = &r->at[i];
        if (!x->rated)
            continue;
        cells[n++] = shown_name(app, &m->doc, x->name);
        cells[n++] = places(app, r, x);
        cells[n++] = arena_printf(app->arena, "%.0f", x->rating);
        cells[n++] = arena_printf(app->arena, tr("blind.interval", "%.0f to %.0f"), x->low, x->high);
        cells[n++] = say_number(app->arena, x->votes);
    }
    table_html(
        h, &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = n / COLUMNS});
}

static void tied_draw(struct html *h, struct app *app, const struct ranking *r)
{
    for (size_t i = 0; r->sets_known && i < r->rated;) {
        size_t k = i;
        while (k + 1 < r->rated && r->at[k + 1].tier == r->at[i].tier)
            k++;
        if (k > i) {
            html_raw(h, "<p>");
            html_say(h, tr("blind.tied", "Places {a} to {b} cannot be told apart."),
                     {"a", arena_printf(app->arena, "%zu", r->at[i].place_low)},
                     {"b", arena_printf(app->arena, "%zu", r->at[k].place_high)});
            html_raw(h, "</p>\n");
        }
        i = k + 1;
    }
}

static void facts_draw(struct html *h, struct app *app, const struct blind_mine *m)
{
    const struct rank_lead *lead = &m->ranking.lead;
    if (m->ranked && lead->known && lead->flip_known && lead->flip.removed) {
        html_raw(h, "<p>");
        html_say(h, tr("arena.frail", "Dropping {k} of {n} votes ({p} %) would swap the first two."),
                 {"k", say_number(app->arena, lead->flip.removed)},
                 {"n", say_number(app->arena, lead->flip.votes)},
                 {"p", arena_printf(app->arena, "%.2f",
                                    100.0 * (double)lead->flip.removed / (double)lead->flip.votes)});
        html_raw(h, "</p>\n");
    }
    bit_small(h,
              m->doc.figures.style
                  ? tr("arena.style", "Length and layout of the answers are taken out.")
                  : tr("blind.style", "Length and layout of the answers are taken out from 300 votes on."));
    html_raw(h, "<p class=\"small\">");
    if (m->doc.figures.flagged)
        html_say(h,
                 tr("blind.screen",
                    "Days or weeks whose votes honest taste does not explain: {n}. None was taken "
                    "out. A few hundred careful votes can go unseen."),
                 {"n", say_number(app->arena, m->doc.figures.flagged)});
    else
        html_text(h, tr("blind.screen.none",
                        "No day or week of votes stands out. A few hundred careful votes can go "
                        "unseen: this is no guarantee."));
    html_raw(h, "</p>\n");
}

static void blind_draw(struct html *h, struct app *app, const struct blind_mine *m)
{
    html_raw(h, "<p class=\"lead\">");
    html_say(h, tr("blind.head", "The lab's blind arena: board {n}, of {date}."),
             {"n", say_number(app->arena, m->doc.n)}, {"date", say_day_year(app->arena, m->doc.day)});
    html_raw(h, "</p>\n");
    if (m->trust == BLIND_GOOD)
        bit_small(h, blind_trust_said(m->trust));
    else
        bit_notice(h, blind_trust_said(m->trust));
    if (m->compared)
        changed_draw(h, app, &m->changed);
    bit_heading(h, tr("blind.board", "The board"));
    if (m->ranked) {
        tied_draw(h, app, &m->ranking);
        table_draw(h, app, m);
        facts_draw(h, app, m);
    } else {
        bit_paragraph(h, tr("empty.arena", "Not enough votes to say anything. That is an answer too."));
    }
    if (m->doc.next) {
        html_raw(h, "<p>");
        html_say(h, tr("arena.next", "Next board: {date}. Never in a quiet week."),
                 {"date", say_day_year(app->arena, m->doc.next)});
        html_raw(h, "</p>\n");
    }
}

static void look_draw(struct html *h, const struct app *app)
{
    form_open(h, app, path);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("look.now", "Look now"), false);
    bit_button(h, "/arena/battle", tr("battle.title", "Compare two answers"));
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("look.now.what", "The lab then sees that this computer was on this minute."));
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct blind_mine m = {0};
    if (!known_load(app->db, app->arena, &known, &err) || (known && !blind_mine_load(app, known, &m, &err))) {
        blind_mine_free(&m);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("blind.title", "The lab's arena"), path);
    html_raw(&h, "<h1>");
    html_text(&h, tr("blind.title", "The lab's arena"));
    html_raw(&h, "</h1>\n");
    bit_problem(&h, problem);
    if (!known)
        bit_paragraph(&h, tr("empty.lab", "You are not in a lab. Everything else works without one."));
    else if (m.trust == BLIND_NONE)
        bit_paragraph(&h, tr("blind.none", "The lab has published no board of its arena yet."));
    else
        blind_draw(&h, app, &m);
    if (known)
        look_draw(&h, app);
    blind_mine_free(&m);
    frame_close(&h, app, NULL);
}

void page_blind(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

void page_blind_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand done = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!errand_do(app, ERRAND_BLIND, "", WAIT_SECONDS, &done, &err) || done.state == ERRAND_FAILED)
        draw(app, request, reply, err.code ? err.text : done.text);
    else
        reply_to(reply, request, path);
}
