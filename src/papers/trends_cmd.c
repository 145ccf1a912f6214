/* respite papers trends [FIELD]: which rising terms last. */
#include "io/clock.h"
#include "papers/papers_cmd.h"
#include "papers/trends_draw.h"
#include "papers/verdicts_keep.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 64 << 20, WIDTH = 80, YEAR_LEAST = 1900, YEAR_MOST = 2199 };

const struct cli_option trends_options[] = {
    {"at", "YEAR", N_("trends.opt.at", "as it stood at the end of this year; else of the last whole one")},
    {0}};

static void line(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, WIDTH, 0);
}

static bool text(struct app *app, const json_t *verdicts, struct buf *out, struct err *err)
{
    struct trends_shown shown;
    struct table table;
    if (!trends_shown(app->arena, verdicts, &shown, err))
        return false;
    if (!trends_table(app->arena, &shown, &table))
        return fail_memory(err);
    line(out, trends_head(app->arena, &shown));
    if (shown.n)
        table_text(out, &table);
    line(out, trends_base(app->arena, &shown, shown.n ? &shown.at[0] : NULL));
    line(out, tr("trends.words",
                 "A verdict is about words in titles and abstracts, never about a person or a lab."));
    line(out, tr("trends.end", "Nothing here has to be followed."));
    return true;
}

static bool trends(struct app *app, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *verdicts = NULL;
    long at;
    struct span field = span_of(app->cli->words_n ? app->cli->words[0] : "");
    day_t today = moment_day(clock_local(app->now));
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE,
                    tr("err.papers.one_field", "Name one field, in quotes when it has blanks: respite papers "
                                               "trends \"ACL Findings\"."));
    if (!cli_number(app->cli, "at", 0, YEAR_LEAST, YEAR_MOST, &at, err) ||
        !verdicts_of_db(app->db, field, (int)at, day_ymd(today).year, &verdicts, err))
        return false;
    /* What the page shows is the present. */
    if (!at && !verdicts_keep(app->db, field, today, verdicts, err))
        return false;
    return cli_has(app->cli, "json") ? json_write_exact(verdicts, out, err) : text(app, verdicts, out, err);
}

int cmd_papers_trends(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return trends(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
