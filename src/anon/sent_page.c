/* Sent (screen s): everything that left this computer, newest first, from the rows that stand there before
 * each connection (io/httpc.h). The list itself never leaves. */
#include "anon/pages.h"
#include "anon/sent.h"
#include "io/clock.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"
#include "ui/table.h"

#include "base/banned.h"

enum { COLUMNS = 5, ROWS_SHOWN = 500, MONTH = 31 };

static bool table_draw(struct html *h, struct app *app, const struct sent_rows *rows, struct err *err)
{
    const struct table_column columns[COLUMNS] = {
        {tr("sent.day", "day"), false},    {tr("sent.to", "to"), false},     {tr("sent.kind", "kind"), false},
        {tr("sent.bytes", "bytes"), true}, {tr("sent.what", "what"), false},
    };
    size_t n = rows->n < ROWS_SHOWN ? rows->n : ROWS_SHOWN;
    const char **cells = arena_array(app->arena, n * COLUMNS, sizeof *cells);
    if (!cells)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct sent_row *r = &rows->at[i];
        const char **cell = cells + i * COLUMNS;
        cell[0] = say_day_short(app->arena, r->day);
        cell[1] = r->to;
        cell[2] = r->kind;
        cell[3] = say_number(app->arena, r->bytes);
        cell[4] = r->what;
    }
    table_html(h, &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = n});
    if (rows->n > n)
        bit_small(h, tr("sent.newest", "These are the newest. `respite sent` lists all of them."));
    return true;
}

static bool page_draw(struct html *h, struct app *app, struct err *err)
{
    struct sent_rows rows = {0};
    if (!sent_load(app->db, app->arena, ROWS_SHOWN + 1, &rows, err))
        return false;
    html_raw(h, "<h1>");
    html_text(h, tr("sent.title", "Sent"));
    html_raw(h, "</h1>\n");
    bit_paragraph(h, tr("sent.head", "Everything that left this computer, newest first"));
    if (rows.n == 0)
        bit_paragraph(h, tr("sent.none", "Nothing has left this computer."));
    else if (!table_draw(h, app, &rows, err))
        return false;
    bit_paragraph(
        h, tr("sent.same", "The same list: `respite sent`. A packet capture shows the same requests."));
    html_raw(h, "<p class=\"private\">");
    html_text(h, tr("sent.stays", "The list stays on this computer."));
    html_raw(h, "</p>\n");
    if (rows.n) {
        form_open(h, app, "/sent/remove");
        form_button(h, NULL, NULL, tr("sent.remove", "Remove entries older than a month"), false);
        form_close(h);
    }
    return true;
}

void page_sent(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("sent.title", "Sent"), "/lab");
    if (!page_draw(&h, app, &err))
        reply_error(app, request, reply, 500, &err);
    else
        frame_close(&h, app, NULL);
}

void page_sent_remove(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!sent_remove(app->db, moment_day(clock_local(app->now)) - MONTH, &err))
        reply_error(app, request, reply, 500, &err);
    else
        reply_to(reply, request, "/sent");
}
