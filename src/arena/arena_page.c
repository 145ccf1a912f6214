/* The boards that are kept here: what each last said, in one line. */
#include "arena/pages.h"
#include "arena/rank_draw.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { SHOWN_MOST = 100 };

/* "Places 1 to 3 cannot be told apart.", the second of the board's own sentences. */
static const char *verdict(struct app *app, const struct kept_row *row, struct err *err)
{
    struct votes v;
    struct ranking r;
    struct sayings said = {0};
    struct kept_row got;
    struct span json;
    bool found;
    if (!kept_made(app->db, app->arena, row->name, row->day, &got, &v, &r, &json, &found, err))
        return NULL;
    if (!found || !rank_say(app->arena, &v, &r, &said)) {
        fail_memory(err);
        return NULL;
    }
    return said.at[said.n > 1 ? 1 : 0];
}

static bool draw_row(struct html *h, struct app *app, const struct kept_row *row, struct err *err)
{
    const char *said = verdict(app, row, err);
    if (!said)
        return false;
    html_raw(h, "<li><p class=\"head\"><strong>");
    arena_link(h, board_path(app->arena, "/arena/board", row->name, DAY_MAX),
               arena_name(app->arena, row->name));
    html_raw(h, "</strong> ");
    html_text(h, said);
    html_raw(h, "</p>\n<p class=\"small\">");
    html_say(h,
             trn("arena.row", "Board of {day}, {n} vote.", "Board of {day}, {n} votes.",
                 (unsigned long)row->votes),
             {"day", say_day_year(app->arena, row->day)}, {"n", say_number(app->arena, row->votes)});
    html_raw(h, "</p></li>\n");
    return true;
}

/* The newest day of each, or how to make the first one. */
static bool draw_all(struct html *h, struct app *app, const struct kept_rows *rows, struct err *err)
{
    if (rows->n == 0) {
        bit_paragraph(h, tr("empty.arena", "Not enough votes to say anything. That is an answer too."));
        html_raw(h, "<p>");
        html_say(h, tr("arena.how", "A board is kept from a file of votes: {command}"),
                 {"command", "respite arena add ours votes.csv"});
        html_raw(h, "</p>\n");
        return true;
    }
    html_raw(h, "<ul class=\"lines\">\n");
    size_t shown = 0;
    for (size_t i = 0; i < rows->n && shown < SHOWN_MOST; i++) {
        if (i && strcmp(rows->at[i].name, rows->at[i - 1].name) == 0)
            continue;
        shown++;
        if (!draw_row(h, app, &rows->at[i], err))
            return false;
    }
    html_raw(h, "</ul>\n");
    return true;
}

void page_arena(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct kept_rows rows = {0};
    if (!kept_list(app->db, app->arena, &rows, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("arena.title", "Arena"), "/arena");
    html_raw(&h, "<h1>");
    html_text(&h, tr("arena.title", "Arena"));
    html_raw(&h, "</h1>\n");
    bit_paragraph(&h, tr("arena.about",
                         "Boards that are kept on this computer, from votes between two models. A place "
                         "is given as the range that the votes allow."));
    if (!draw_all(&h, app, &rows, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}
