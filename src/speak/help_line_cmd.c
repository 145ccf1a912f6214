/* respite lab line: a help line of the lab's own, beside the national ones, in the record so that every
 * member has the same. */
#include "speak/help_line_cmd.h"

#include "anon/entry.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/help_line.h"
#include "speak/lab_append.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, OUT_MOST = 1 << 16 };

const struct cli_option lab_line_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")},
    {"hours", "TEXT", N_("lab.line.opt.hours", "when somebody answers, as members will read it")},
    {"withdraw", NULL, N_("lab.line.opt.back", "take the line of this name back")},
    {0}};

static bool lines_of_record(struct app *app, struct help_lab_lines *out, struct err *err)
{
    uint64_t size;
    if (!tlog_size(app->db, &size, err))
        return false;
    for (uint64_t i = 0; i < size; i++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct span entry;
        if (!arena)
            return fail_memory(err);
        if (!tlog_entry(app->db, arena, i, &entry, err) || !help_lines_add(out, entry, app->arena, err))
            return false;
    }
    return true;
}

static json_t *line_json(const struct help_lab_line *line)
{
    char day[16];
    json_t *numbers = json_array();
    json_t *o =
        json_pack("{s:s,s:o,s:o,s:o}", "day", day_text(moment_day(clock_local(line->at)), day), "hours",
                  json_shown(line->hours), "name", json_shown(line->name), "numbers", numbers);
    bool done = o != NULL;
    for (size_t i = 0; done && i < line->numbers; i++)
        done = json_array_append_new(numbers, json_shown(line->number[i])) == 0;
    if (!done)
        json_decref(o);
    return done ? o : NULL;
}

static void line_say(struct app *app, const struct help_lab_line *line, struct buf *out)
{
    AUTO_BUF struct buf text, name;
    buf_init(&text, OUT_MOST);
    buf_init(&name, LINE_NAME * 4);
    utf8_clean(&name, line->name);
    words_say(&text, tr("lab.line.one", "{name}, since {date}"), {"name", buf_text(&name)},
              {"date", say_day_year(app->arena, moment_day(clock_local(line->at)))});
    for (size_t i = 0; i < line->numbers; i++) {
        buf_add_text(&text, "  ");
        utf8_clean(&text, line->number[i]);
    }
    wrap_text(out, buf_text(&text), COLUMNS, 0);
}

static bool list(struct app *app, struct err *err)
{
    struct help_lab_lines lines = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!lines_of_record(app, &lines, err))
        return false;
    if (cli_has(app->cli, "json")) {
        json_t *all = json_array();
        AUTO_JSON json_t *o = json_pack("{s:o}", "lines", all);
        bool done = o != NULL;
        for (size_t i = 0; done && i < lines.n; i++)
            done = json_array_append_new(all, line_json(&lines.at[i])) == 0;
        return (done || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    for (size_t i = 0; i < lines.n; i++)
        line_say(app, &lines.at[i], &out);
    if (lines.n == 0)
        wrap_text(&out,
                  tr("lab.line.none", "The lab has no line of its own. Members see those of the country that "
                                      "each of them chose."),
                  COLUMNS, 0);
    return cmd_print(&out, err);
}

static bool tidy(struct app *app, const char *text, struct span *out, struct err *err)
{
    AUTO_BUF struct buf buf;
    buf_init(&buf, PLAIN_MOST);
    if (!plain_tidy(span_of(text), false, &buf, err) || !buf_ok(&buf, err))
        return false;
    *out = arena_span(app->arena, buf_span(&buf));
    return out->p || fail_memory(err);
}

static bool line_of_words(struct app *app, bool gone, struct help_lab_line *line, struct err *err)
{
    const struct cli *cli = app->cli;
    const char *hours = cli_value(cli, "hours");
    *line = (struct help_lab_line){.at = app->now, .hours = SPAN("")};
    if (gone ? cli->words_n != 1 : cli->words_n < 2 || cli->words_n > 1 + LINE_NUMBERS)
        return fail(err, E_USAGE,
                    tr("err.help.line_usage",
                       "Give a name and one to four numbers, or --withdraw and the name, "
                       "or nothing to see what is there."));
    if (!tidy(app, cli->words[0], &line->name, err) ||
        (hours && !gone && !tidy(app, hours, &line->hours, err)))
        return false;
    for (size_t i = 1; i < cli->words_n; i++)
        if (!tidy(app, cli->words[i], &line->number[line->numbers++], err))
            return false;
    return true;
}

/* A line that is not there is not taken back; and there is room for no more than are shown. */
static bool fits(struct app *app, const struct help_lab_line *line, struct err *err)
{
    struct help_lab_lines lines = {0};
    bool there = false;
    if (!lines_of_record(app, &lines, err))
        return false;
    for (size_t i = 0; i < lines.n; i++)
        there |= span_eq(lines.at[i].name, line->name);
    if (line->numbers == 0 && !there)
        return fail(err, E_MISSING, tr("err.help.line_none", "There is no line of the name “%.120s”."),
                    app->cli->words[0]);
    return there || lines.n < LINES_MOST ||
           fail(err, E_REFUSED, tr("err.help.line_many", "There are %d lines. Take one back first."),
                LINES_MOST);
}

static bool change(struct app *app, struct err *err)
{
    struct help_lab_line line;
    AUTO_BUF struct buf entry, out;
    buf_init(&entry, ENTRY_MOST);
    buf_init(&out, OUT_MOST);
    if (!line_of_words(app, cli_has(app->cli, "withdraw"), &line, err) ||
        !help_line_write(&line, &entry, err) || !fits(app, &line, err))
        return false;
    if (!cli_has(app->cli, "yes") &&
        !cli_agrees(app->cli,
                    tr("lab.line.ask", "Put it into the record? Have it called first: a wrong number here "
                                       "does harm.")))
        return fail(err, E_REFUSED,
                    tr("err.lab.mods_no",
                       "Nothing was put into the record. To agree without being asked, say "
                       "--yes."));
    if (!lab_append(app, buf_span(&entry), err))
        return false;
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        wrap_text(&out,
                  tr("lab.line.done", "It is in the record. Members see it in Help now, beside the line of "
                                      "their country, once their computers have fetched the record."),
                  COLUMNS, 0);
    return cmd_print(&out, err);
}

int cmd_lab_line(struct app *app)
{
    struct err err = {0};
    bool shows = app->cli->words_n == 0 && !cli_has(app->cli, "withdraw") && !cli_value(app->cli, "hours");
    return (shows ? list(app, &err) : change(app, &err)) ? 0 : cmd_failed(&err);
}
