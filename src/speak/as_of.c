/* Sentences about the last fetch, for the ends of lists and the heads of pages. */
#include "speak/as_of.h"

#include "anon/fetched.h"
#include "io/clock.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, LINE_MOST = 4096 };

bool as_of_load(struct app *app, struct as_of *out, struct err *err)
{
    int64_t ahead;
    return fetched_last(app->db, &out->at, &ahead, err) &&
           fetched_clock(app->db, app->arena, &out->clock, err);
}

static const char *never(void)
{
    return tr("board.never", "Nothing was fetched from the lab yet.");
}

void as_of_say(const struct as_of *a, bool looked, const char *how, struct buf *out)
{
    char day[16];
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    if (a->clock)
        wrap_text(out, a->clock, COLUMNS, 0);
    if (looked)
        return;
    if (a->at)
        words_say(&line, tr("cli.offline", "As of {date}; nothing was fetched."),
                  {"date", day_text(moment_day(clock_local(a->at)), day)});
    else
        buf_add_text(&line, never());
    wrap_text(out, buf_text(&line), COLUMNS, 0);
    if (!how)
        return;
    buf_reset(&line);
    words_say(&line, tr("look.how", "To fetch what is new: {command}"), {"command", how});
    wrap_text(out, buf_text(&line), COLUMNS, 0);
}

void as_of_draw(struct html *h, const struct as_of *a)
{
    bit_notice(h, a->clock);
    if (!a->at)
        bit_paragraph(h, never());
}
