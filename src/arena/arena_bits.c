/* What the pages of the room share. */
#include "arena/pages.h"
#include "arena/rank_draw.h"
#include "codec/form.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { NAME_MOST = 200 };

day_t asked_day(const struct request *request, const char *field, day_t otherwise)
{
    day_t day;
    struct err none = {0};
    struct span text = request_query(request, field);
    return text.n && day_read(text, &day, &none) ? day : otherwise;
}

bool asked_board(struct app *app, const struct request *request, struct reply *reply, struct asked_board *out)
{
    struct err err = {0};
    struct span name = request_query(request, "name");
    *out = (struct asked_board){.day = asked_day(request, "day", DAY_MAX)};
    bool fits = name.n > 0 && name.n <= NAME_MOST;
    if (fits && !(out->name = arena_text(app->arena, name)))
        fail_memory(&err);
    else if (fits && kept_days(app->db, app->arena, out->name, &out->days, &err) && out->days.n)
        return true;
    else if (err.code == E_NONE)
        fail(&err, E_MISSING, tr("err.arena.no_board", "No board of that name is kept here."));
    reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    return false;
}

static void add_day(struct buf *out, const char *field, day_t day)
{
    char text[16];
    if (day != DAY_MAX)
        buf_printf(out, "&%s=%s", field, day_text(day, text));
}

const char *board_path(struct arena *arena, const char *page, const char *name, day_t day)
{
    AUTO_BUF struct buf path;
    buf_init(&path, 4096);
    buf_printf(&path, "%s?name=", page);
    form_write(&path, span_of(name));
    add_day(&path, "day", day);
    return buf_keep(&path, arena);
}

const char *changes_path(struct arena *arena, const char *name, day_t old, day_t new)
{
    AUTO_BUF struct buf path;
    buf_init(&path, 4096);
    buf_add_text(&path, "/arena/changes?name=");
    form_write(&path, span_of(name));
    add_day(&path, "old", old);
    add_day(&path, "new", new);
    return buf_keep(&path, arena);
}

void arena_say(struct html *h, const struct sayings *said, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < said->n; i++)
        bit_paragraph(h, said->at[i]);
    h->out->failed |= said->failed;
}

void arena_link(struct html *h, const char *path, const char *text)
{
    html_raw(h, "<a href=\"");
    html_text(h, path);
    html_raw(h, "\">");
    html_text(h, text);
    html_raw(h, "</a> ");
}

const char *arena_name(struct arena *arena, const char *name)
{
    return rank_name(arena, span_of(name));
}
