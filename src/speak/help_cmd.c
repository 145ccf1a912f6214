/* helpnow: what the page Help now shows, in a terminal, for who has no browser at hand. It opens the
 * database for reading alone, shows the list when that cannot be done, asks nobody and writes nothing. */
#include "speak/help_cmd.h"

#include "anon/known.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "io/file.h"
#include "speak/help.h"
#include "speak/help_more.h"
#include "speak/help_own.h"
#include "speak/help_page.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, OUT_MOST = 1 << 20, LINE_MOST = 8192 };

struct view {
    struct help help;
    const struct help_line *chosen; /* the first line of the country, or NULL */
    struct help_lab_lines lab;
    struct help_owns own;
    bool old, member;
};

/* Loading -------------------------------------------------------------------------------------------- */
/* A country by its code or its name, in the list's English or as it is said here. */
static bool country(struct app *app, const char *word, const struct help *help, const struct help_line **out,
                    struct err *err)
{
    for (size_t i = 0; i < help->n; i++) {
        const struct help_line *line = &help->at[i];
        if (span_eq_nocase(line->cc, span_of(word)) || span_eq_nocase(line->country, span_of(word)) ||
            strcmp(help_say(app->arena, line->country), word) == 0) {
            *out = line;
            return true;
        }
    }
    return fail(err, E_USAGE, "%s",
                tr("err.help.region", "That region is not in the list; please choose one from it."));
}

/* What stands in the database, as far as it can be read: none of it may keep the list from being shown. */
static void mine_load(struct app *app, struct view *v, struct span *cc)
{
    struct err ignored = {0};
    struct known *known = NULL;
    *cc = SPAN("");
    if (!file_exists(app->paths->db) || !db_open_read(&app->db, app->paths->db, &ignored))
        return;
    *cc = help_chosen(app);
    err_clear(&ignored);
    if (!help_lines_load(app->db, app->arena, &v->lab, &ignored))
        v->lab = (struct help_lab_lines){0};
    err_clear(&ignored);
    if (!help_own_list(app->db, app->arena, &v->own, &ignored))
        v->own = (struct help_owns){0};
    err_clear(&ignored);
    v->member = known_load(app->db, app->arena, &known, &ignored) && known;
    db_close(app->db);
    app->db = NULL;
}

static bool view_load(struct app *app, struct view *v, struct err *err)
{
    struct span cc;
    *v = (struct view){0};
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE, "%s", tr("err.help.one", "Name one country or region, or none."));
    if (!help_shipped(app->arena, &v->help, err))
        return false;
    mine_load(app, v, &cc);
    v->old = help_old(&v->help, moment_day(clock_local(app->now)));
    v->chosen = help_find(&v->help, cc);
    return app->cli->words_n == 0 || country(app, app->cli->words[0], &v->help, &v->chosen, err);
}

/* Text ----------------------------------------------------------------------------------------------- */
static void say(struct buf *out, size_t indent, const char *text)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text);
    wrap_text(out, buf_text(&line), COLUMNS, indent);
}

/* "Hours: 24/7", when there is something to say. */
static void say_detail(struct buf *out, const char *name, const char *value)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    if (!value || !*value)
        return;
    words_say(&line, tr("help.detail", "{name}: {value}"), {"name", name}, {"value", value});
    say(out, 2, buf_text(&line));
}

/* A name and its numbers on one line, in large letters as far as a terminal has them: alone, at the left. */
static void say_line(struct buf *out, struct span name, const struct span *number, size_t n)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    utf8_clean(&line, name);
    for (size_t i = 0; i < n; i++) {
        if (help_number_at(name, number[i]) >= 0)
            continue;
        buf_add_text(&line, line.n ? "  " : "");
        utf8_clean(&line, number[i]);
    }
    say(out, 0, buf_text(&line));
}

static void say_listed(struct app *app, const struct help_line *one, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    say_line(out, one->name, one->numbers.at, one->numbers.n);
    say_detail(out, tr("help.hours", "Hours"), help_say(app->arena, one->hours));
    say_detail(out, tr("help.channels", "How"), help_say(app->arena, one->channels));
    say_detail(out, tr("help.languages", "Languages"), help_words_said(app->arena, &one->languages));
    words_say(&line, tr("help.checked", "Checked on {date}, on published pages of {source}, not by calling."),
              {"date", say_day_year(app->arena, one->seen)},
              {"source", help_published(app->arena, one->source_date)});
    say(out, 2, buf_text(&line));
}

static void say_emergency(struct app *app, const struct view *v, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    if (v->chosen && v->chosen->emergency.n)
        words_say(&line, tr("help.emergency", "If someone is in danger now: {number}."),
                  {"number", help_words_said(app->arena, &v->chosen->emergency)});
    else
        buf_add_text(&line, tr("help.emergency.words", "If someone is in danger now: your local emergency "
                                                       "number."));
    say(out, 0, buf_text(&line));
    if (!v->chosen)
        say(out, 0, tr("help.trusted", "Somebody you trust is help too: call them, or sit with them."));
}

static void say_regions(struct app *app, const struct view *v, struct buf *out)
{
    AUTO_BUF struct buf line, list;
    buf_init(&line, OUT_MOST);
    buf_init(&list, OUT_MOST);
    for (size_t i = 0; i < v->help.n; i++) {
        const struct help_line *one = &v->help.at[i];
        if (i && span_eq(one->cc, v->help.at[i - 1].cc))
            continue;
        if (list.n)
            buf_add_text(&list, tr("help.comma", ", "));
        buf_printf(&list, "%.*s %s", SPAN_ARG(one->cc), help_say(app->arena, one->country));
    }
    words_say(&line,
              v->chosen ? tr("help.other.how", "Those of another country, respite helpnow CODE: {list}.")
                        : tr("help.region.how", "The lines of a country, respite helpnow CODE: {list}."),
              {"list", buf_text(&list)});
    say(out, 0, buf_text(&line));
}

static bool view_said(struct app *app, const struct view *v, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    say(out, 0, tr("help.page", "You do not have to be sure it is serious. Call, or sit with someone."));
    words_say(&line, tr("help.old", "This list is from {date} and may be out of date."),
              {"date", say_day_year(app->arena, v->help.made)});
    if (v->old)
        say(out, 0, buf_text(&line));
    for (const struct help_line *one = v->chosen; one && one < v->help.at + v->help.n; one++)
        if (span_eq(one->cc, v->chosen->cc))
            say_listed(app, one, out);
    for (size_t i = 0; i < v->lab.n; i++) {
        say_line(out, v->lab.at[i].name, v->lab.at[i].number, v->lab.at[i].numbers);
        buf_reset(&line);
        utf8_clean(&line, v->lab.at[i].hours);
        say_detail(out, tr("help.hours", "Hours"), buf_text(&line));
        say(out, 2, help_lab_since(app, &v->lab.at[i]));
    }
    for (size_t i = 0; i < v->own.n; i++)
        say_line(out, v->own.at[i].name, &v->own.at[i].number, 1);
    say_emergency(app, v, out);
    if (v->member)
        say(out, 0,
            tr("help.people.how", "Talk to a listener: respite letters. See a counsellor: respite "
                                  "counsellors."));
    say_regions(app, v, out);
    say(out, 0, tr("circles.end", "That is all."));
    return buf_ok(out, err);
}

/* JSON ----------------------------------------------------------------------------------------------- */
static json_t *shown_list(const struct span *at, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        (void)json_array_append_new(list, json_shown(at[i]));
    return list;
}

static json_t *listed_json(const struct help_line *one)
{
    char day[16];
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:o}", "name", json_shown(one->name), "numbers",
                     shown_list(one->numbers.at, one->numbers.n), "hours", json_shown(one->hours), "how",
                     json_shown(one->channels), "languages", shown_list(one->languages.at, one->languages.n),
                     "checked", day_text(one->seen, day), "source", json_shown(one->source_date));
}

static json_t *lab_json(const struct help_lab_line *one)
{
    char day[16];
    return json_pack("{s:o,s:o,s:o,s:s}", "name", json_shown(one->name), "numbers",
                     shown_list(one->number, one->numbers), "hours", json_shown(one->hours), "day",
                     day_text(moment_day(clock_local(one->at)), day));
}

static bool view_json(const struct view *v, struct buf *out, struct err *err)
{
    const struct help_line *chosen = v->chosen;
    json_t *lines = json_array(), *lab = json_array(), *own = json_array();
    AUTO_JSON json_t *o =
        json_pack("{s:o,s:b,s:o,s:o,s:o,s:o}", "region", chosen ? json_shown(chosen->cc) : json_string(""),
                  "old", v->old, "lines", lines, "emergency",
                  chosen ? shown_list(chosen->emergency.at, chosen->emergency.n) : json_array(), "lab", lab,
                  "own", own);
    bool done = o != NULL;
    for (const struct help_line *one = chosen; done && one && one < v->help.at + v->help.n; one++)
        if (span_eq(one->cc, chosen->cc))
            done = json_array_append_new(lines, listed_json(one)) == 0;
    for (size_t i = 0; done && i < v->lab.n; i++)
        done = json_array_append_new(lab, lab_json(&v->lab.at[i])) == 0;
    for (size_t i = 0; done && i < v->own.n; i++)
        done = json_array_append_new(own, json_pack("{s:o,s:o}", "name", json_shown(v->own.at[i].name),
                                                    "number", json_shown(v->own.at[i].number))) == 0;
    return (done || fail_memory(err)) && json_write(o, out, err);
}

int cmd_help_now(struct app *app)
{
    struct err err = {0};
    struct view v;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    bool ok = view_load(app, &v, &err) &&
              (cli_has(app->cli, "json") ? view_json(&v, &out, &err) : view_said(app, &v, &out, &err)) &&
              cmd_print(&out, &err);
    return ok ? 0 : cmd_failed(&err);
}
