/* respite papers trends [FIELD]: which rising terms last. */
#include "io/clock.h"
#include "papers/papers_cmd.h"
#include "papers/trends_draw.h"
#include "papers/verdicts_keep.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 64 << 20, WIDTH = 80 };

const struct cli_option trends_options[] = {
    {"at", "WHEN",
     N_("trends.opt.at", "as it stood at the end of 2024, or of 2025Q2; else of the last whole one")},
    {"text", "titles|abstracts", N_("trends.opt.text", "count terms of titles, or of titles and abstracts")},
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
    if (shown.rows)
        table_text(out, &table);
    line(out, trends_base(app->arena, &shown, shown.n ? &shown.at[0] : NULL));
    line(out, trends_norm(app->arena, &shown, day_ymd(moment_day(clock_local(app->now))).year));
    line(out, tr("trends.words",
                 "A verdict is about words in titles and abstracts, never about a person or a lab."));
    line(out, tr("trends.end", "Nothing here has to be followed."));
    return true;
}

static struct span value_of(struct app *app, const char *option)
{
    const char *value = cli_value(app->cli, option);
    return span_of(value ? value : "");
}

static bool text_asked(struct app *app, enum verdict_text *out, struct err *err)
{
    struct span text = value_of(app, "text");
    *out = span_is(text, "titles") ? TEXT_TITLES : span_is(text, "abstracts") ? TEXT_ABSTRACTS : TEXT_USUAL;
    return text.n == 0 || *out != TEXT_USUAL ||
           fail(err, E_USAGE, tr("err.papers.text", "Say --text titles or --text abstracts."));
}

static bool trends(struct app *app, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *verdicts = NULL;
    struct verdicts_asked asked;
    struct span field = span_of(app->cli->words_n ? app->cli->words[0] : "");
    day_t today = moment_day(clock_local(app->now));
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE,
                    tr("err.papers.one_field", "Name one field, in quotes when it has blanks: respite papers "
                                               "trends \"ACL Findings\"."));
    asked = (struct verdicts_asked){.field = field, .at = value_of(app, "at"), .today = today};
    if (!text_asked(app, &asked.text, err) || !verdicts_of_db(app->db, &asked, &verdicts, err))
        return false;
    /* What the page shows is the present, and the text that is usual. */
    if (!asked.at.n && asked.text == TEXT_USUAL && !verdicts_keep(app->db, field, today, verdicts, err))
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
