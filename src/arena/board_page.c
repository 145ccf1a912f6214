/* One kept board, as of its last day or of a day that is asked for. */
#include "arena/board_draw.h"
#include "arena/pages.h"
#include "arena/screen_kept.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { DAYS_SHOWN = 31 };

struct view {
    struct asked_board asked;
    struct kept_row row;
    struct votes votes;
    struct ranking r;
    struct sayings said;
    bool screened;
};

static void draw_exports(struct html *h, struct app *app, const struct view *v)
{
    static const char *const kinds[] = {"csv", "json", "svg"}, *const names[] = {"CSV", "JSON", "SVG"};
    html_raw(h, "<p class=\"links\"><span>");
    html_text(h, tr("arena.export", "This board as a file:"));
    html_raw(h, "</span> ");
    for (int k = 0; k < 3; k++) {
        const char *path = board_path(app->arena, "/arena/export", v->row.name, v->row.day);
        arena_link(h, arena_printf(app->arena, "%s&as=%s", path, kinds[k]), names[k]);
    }
    html_raw(h, "</p>\n");
}

static void draw_links(struct html *h, struct app *app, const struct view *v)
{
    const struct kept_rows *days = &v->asked.days;
    html_raw(h, "<p class=\"buttons\">");
    if (days->n > 1) {
        bit_button(h, changes_path(app->arena, v->row.name, DAY_MAX, v->row.day),
                   tr("arena.changed", "What changed"));
    }
    if (v->screened) {
        bit_button(h, board_path(app->arena, "/arena/screen", v->row.name, DAY_MAX),
                   tr("arena.screen", "Votes that stand out"));
    }
    html_raw(h, "</p>\n");
}

/* Its other days, at most a month of them. */
static void draw_days(struct html *h, struct app *app, const struct view *v)
{
    const struct kept_rows *days = &v->asked.days;
    if (days->n < 2)
        return;
    html_raw(h, "<details><summary>");
    html_text(h, tr("arena.days", "Other days of this board"));
    html_raw(h, "</summary>\n<ul class=\"plain\">\n");
    for (size_t i = 0; i < days->n && i < DAYS_SHOWN; i++) {
        html_raw(h, "<li>");
        arena_link(h, board_path(app->arena, "/arena/board", v->row.name, days->at[i].day),
                   say_day_year(app->arena, days->at[i].day));
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul></details>\n");
}

static bool draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    html_raw(h, "<h1>");
    html_text(h, arena_name(app->arena, v->row.name));
    html_raw(h, "</h1>\n<p class=\"small\">");
    arena_link(h, "/arena", tr("arena.title", "Arena"));
    html_say(h, tr("arena.of", "Board of {day}"), {"day", say_day_year(app->arena, v->row.day)});
    html_raw(h, "</p>\n");
    arena_say(h, &v->said, 0, v->said.head);
    if (v->r.rated && !board_draw(h, app->arena, &v->r, err))
        return false;
    arena_say(h, &v->said, v->said.head, v->said.n);
    bit_small(h, tr("arena.counts",
                    "A kept board holds counts by pair of models, not the votes: it knows neither who "
                    "voted nor how long an answer was."));
    draw_links(h, app, v);
    board_needs(h, app->arena, &v->r);
    if (!board_history(h, app->db, app->arena, &v->r, &v->asked.days, err))
        return false;
    draw_exports(h, app, v);
    draw_days(h, app, v);
    return true;
}

static bool load(struct app *app, struct view *v, struct err *err)
{
    struct span json;
    bool found;
    if (!kept_made(app->db, app->arena, v->asked.name, v->asked.day, &v->row, &v->votes, &v->r, &json, &found,
                   err) ||
        !screen_is_kept(app->db, v->asked.name, &v->screened, err))
        return false;
    if (!found)
        return fail(err, E_MISSING, tr("err.arena.no_day", "There is no board of that day or before it."));
    return rank_say(app->arena, &v->votes, &v->r, &v->said) || fail_memory(err);
}

void page_arena_board(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view v = {.screened = false};
    if (!asked_board(app, request, reply, &v.asked))
        return;
    if (!load(app, &v, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("arena.title", "Arena"), "/arena");
    if (!draw(&h, app, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}
