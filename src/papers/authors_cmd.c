/* respite papers authors [FIELD]: how many papers people really publish. */
#include "io/clock.h"
#include "papers/authors_say.h"
#include "papers/papers_cmd.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 16 << 20, WIDTH = 80, YEAR_LEAST = 1900, YEAR_MOST = 2199 };

const struct cli_option authors_options[] = {
    {"year", "YEAR", N_("authors.opt.year", "of this year; else of the last one that is over")},
    {"me", "NAME", N_("authors.opt.me", "say beside it what is under your name; it is not kept")},
    {0}};

static void line(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, WIDTH, 0);
}

static void add_table(struct buf *out, const struct table *table)
{
    buf_add_byte(out, '\n');
    table_text(out, table);
}

static bool text(struct app *app, const struct authors_found *f, struct buf *out, struct err *err)
{
    struct table now, five, ages;
    if (!authors_table_now(app->arena, f, &now) || !authors_table_five(app->arena, f, &five) ||
        !authors_table_ages(app->arena, f, &ages))
        return fail_memory(err);
    line(out, authors_sentence(app->arena, f));
    line(out, authors_venues(app->arena, f));
    line(out, authors_young(app->arena, f));
    add_table(out, &now);
    add_table(out, &five);
    add_table(out, &ages);
    buf_add_byte(out, '\n');
    line(out, authors_own_line(app->arena, f));
    line(out, authors_reading(app->arena, f));
    line(out, tr("trends.end", "Nothing here has to be followed."));
    return arena_ok(app->arena) || fail_memory(err);
}

static bool json(const struct authors_found *f, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *all = authors_json(f);
    return all ? json_write_exact(all, out, err) : fail_memory(err);
}

static bool authors(struct app *app, struct buf *out, struct err *err)
{
    struct authors_found found;
    long year;
    const char *me = cli_value(app->cli, "me");
    int this_year = day_ymd(moment_day(clock_local(app->now))).year;
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE,
                    tr("err.papers.one_field_authors",
                       "Name one field, in quotes when it has blanks: respite "
                       "papers authors \"ACL Findings\"."));
    if (me && !span_trim(span_of(me)).n)
        return fail(err, E_USAGE,
                    tr("err.papers.me", "--me takes a name as it stands on a paper: --me "
                                        "\"Emmy Noether\"."));
    struct span field = span_of(app->cli->words_n ? app->cli->words[0] : "");
    if (!cli_number(app->cli, "year", 0, YEAR_LEAST, YEAR_MOST, &year, err) ||
        !authors_of_db(app->db, app->arena, field, (int)year, this_year, span_of(me), &found, err))
        return false;
    return cli_has(app->cli, "json") ? json(&found, out, err) : text(app, &found, out, err);
}

int cmd_papers_authors(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return authors(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
