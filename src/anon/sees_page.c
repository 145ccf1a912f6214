/* What the lab can see (screen t): what stands beside this member's name in the lab's database, what is there
 * without a name, what a watcher of the running server sees, and what is not there. Known here without
 * asking; the lab says the same of itself by `respite lab sees`. */
#include "anon/epoch.h"
#include "anon/known.h"
#include "anon/pages.h"
#include "anon/sees.h"
#include "ui/frame.h"
#include "ui/page_bits.h"
#include "ui/reply.h"
#include "ui/table.h"

#include "base/banned.h"

static void named_draw(struct html *h, const struct known *known)
{
    char week[16];
    bit_heading(h, tr("sees.named", "Everything in the lab's database that has your name on it"));
    if (!known) {
        bit_paragraph(h, tr("sees.nobody", "Nothing: you are in no lab."));
        return;
    }
    epoch_text(epoch_of(known->joined_at), week);
    html_raw(h, "<p>");
    html_text(h, known->own_name);
    html_raw(h, "</p>\n<ul>\n<li>");
    html_say(h, tr("sees.member", "member since week {week}"), {"week", week});
    html_raw(h, "</li>\n");
    bit_item(h, tr("sees.member.passes", "collected this week's passes"));
    html_raw(h, "</ul>\n");
    bit_paragraph(h,
                  tr("sees.member.known", "The lab knows this of every member; who used a pass, of none."));
}

/* The rows of one kind, as `respite lab sees` has them. */
static void rows_draw(struct html *h, enum sees_kind kind)
{
    bit_heading(h, sees_heading(kind));
    html_raw(h, "<ul>\n");
    for (const struct sees_row *row = sees_rows; row->where; row++)
        if (row->kind == kind)
            bit_item(h, words_of(row->what));
    html_raw(h, "</ul>\n");
}

static void watch_draw(struct html *h)
{
    bit_heading(h, tr("sees.watch", "Whoever watches the running server also sees:"));
    html_raw(h, "<ul>\n");
    bit_item(h, tr("sees.watch.1",
                   "the time and the address of each request (through a proxy or Tor: not yours)"));
    bit_item(h, tr("sees.watch.2", "that this computer was on at up to two moments of a weekday"));
    bit_item(h, tr("sees.watch.3", "answers without names, before a release"));
    html_raw(h, "</ul>\n");
    bit_paragraph(h, tr("sees.net", "The network sees: that you talk to the lab; padded sizes; moments drawn "
                                    "beforehand."));
}

/* Names with commas between. */
static const char *listed(struct arena *arena, const char *names)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1024);
    for (; *names; names++)
        if (*names == ' ')
            buf_add_text(&out, ", ");
        else
            buf_add_byte(&out, *names);
    return buf_keep(&out, arena);
}

/* Every row, with the tables of the lab's database that it stands for. */
static bool all_draw(struct html *h, struct arena *arena, struct err *err)
{
    const struct table_column columns[2] = {{tr("sees.row", "what"), false},
                                            {tr("sees.where", "table"), false}};
    size_t n = 0, rows = 0;
    while (sees_rows[rows].where)
        rows++;
    const char **cells = arena_array(arena, rows * 2, sizeof *cells);
    if (!cells)
        return fail_memory(err);
    for (size_t i = 0; i < rows; i++)
        if (*sees_rows[i].where) {
            cells[n * 2] = words_of(sees_rows[i].what);
            cells[n++ * 2 + 1] = listed(arena, sees_rows[i].where);
        }
    html_raw(h, "<details><summary>");
    html_text(h, tr("sees.rows", "Show the rows"));
    html_raw(h, "</summary>\n");
    table_html(h, &(struct table){.columns = columns, .columns_n = 2, .cells = cells, .rows_n = n});
    html_raw(h, "</details>\n");
    bit_small(h, tr("sees.same", "The lab checks the same with `respite lab sees`."));
    return true;
}

static bool page_draw(struct html *h, struct app *app, struct err *err)
{
    struct known *known;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    html_raw(h, "<h1>");
    html_text(h, tr("foot.sees", "What the lab can see"));
    html_raw(h, "</h1>\n");
    named_draw(h, known);
    rows_draw(h, SEES_BARE);
    watch_draw(h);
    rows_draw(h, SEES_UNSOLVED);
    rows_draw(h, SEES_ABSENT);
    if (!all_draw(h, app->arena, err))
        return false;
    html_raw(h, "<p class=\"links\"><a href=\"/sent\">");
    html_text(h, tr("sees.sent", "Everything that left this computer"));
    html_raw(h, "</a></p>\n");
    return true;
}

void page_sees(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("foot.sees", "What the lab can see"), "/sees");
    if (!page_draw(&h, app, &err))
        reply_error(app, request, reply, 500, &err);
    else
        frame_close(&h, app, NULL);
}
