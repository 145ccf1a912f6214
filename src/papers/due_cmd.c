/* respite papers deadlines: dates to come, venues chosen by being named, editions pinned. */
#include "codec/json.h"
#include "io/clock.h"
#include "papers/due_say.h"
#include "papers/papers_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 4 << 20, COLUMNS = 80, LINE_MOST = 1 << 14, IN = 2 };

const struct cli_option deadlines_options[] = {
    {"list", NULL, N_("due.opt.list", "show the venues there are, and which you chose")},
    {"remove", "NAME", N_("due.opt.remove", "take a venue off those you chose")},
    {"pin", NULL,
     N_("due.opt.pin", "follow this edition, by its id: it stands in This week and in your feed")},
    {"unpin", NULL, N_("due.opt.unpin", "follow it no more")},
    {0}};

static void line(struct buf *out, const char *text, size_t indent)
{
    for (size_t i = 0; text && i < indent; i++)
        buf_add_byte(out, ' ');
    if (text)
        wrap_text(out, text, COLUMNS, indent);
}

/* ---- as JSON ---- */

static json_t *day_json(day_t day)
{
    char text[16];
    return day == DEADLINE_NO_DAY ? json_null() : json_string(day_text(day, text));
}

/* "2027-01-29T11:59:59Z": `second` of the day on some clock. */
static json_t *moment_json(int64_t at, const char *after)
{
    char day[16];
    day_t d = moment_day((struct moment){at, 0});
    int second = (int)(at - (int64_t)d * 86400);
    return json_sprintf("%sT%02d:%02d:%02d%s", day_text(d, day), second / 3600, second / 60 % 60, second % 60,
                        after);
}

static json_t *due_json(const struct due *d, day_t today)
{
    int64_t here = d->moment + (int64_t)clock_zone(d->moment) * 60;
    return json_pack("{s:s,s:s,s:s,s:i,s:s,s:o,s:o,s:o,s:s,s:b,s:I,s:b,s:b,s:s,s:s,s:o,s:o}", "id", d->id,
                     "venue", d->name, "kind", d->kind, "year", d->year, "subject", d->subject, "at",
                     moment_json(d->moment, "Z"), "here", moment_json(here, ""), "there",
                     moment_json(d->wall, ""), "zone", d->zone, "zone_known", d->zone_known, "working_days",
                     (json_int_t)day_working(today, due_day(d)), "chosen", d->chosen, "pinned", d->pinned,
                     "place", d->place, "link", d->link, "start", day_json(d->start), "end",
                     day_json(d->end));
}

static bool to_json(const struct dues *dues, const struct due_frees *frees, const struct due_counts *counts,
                    day_t today, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack("{s:o,s:[],s:[],s:I,s:I,s:I}", "day", day_json(today), "deadlines",
                                    "any_time", "later", (json_int_t)dues->later, "over",
                                    (json_int_t)counts->over, "chosen", (json_int_t)counts->chosen);
    bool ok = o != NULL;
    for (size_t i = 0; ok && i < dues->n; i++)
        ok = json_array_append_new(json_object_get(o, "deadlines"), due_json(&dues->at[i], today)) == 0;
    for (size_t i = 0; ok && i < frees->n; i++)
        ok = json_array_append_new(json_object_get(o, "any_time"),
                                   json_pack("{s:s,s:s,s:s}", "venue", frees->at[i].name, "when",
                                             frees->at[i].when, "link", frees->at[i].link)) == 0;
    return ok ? json_write(o, out, err) : fail_memory(err);
}

/* ---- in words ---- */

static void say_due(struct app *app, const struct due *d, day_t today, struct buf *out)
{
    AUTO_BUF struct buf text;
    const char *there = due_there(app->arena, d), *meeting = due_meeting(app->arena, d);
    buf_init(&text, LINE_MOST);
    buf_printf(&text, "%s · %s", due_title(app->arena, d), due_far(app->arena, d, today));
    if (d->pinned)
        buf_printf(&text, " · %s", tr("due.pinned", "pinned"));
    line(out, buf_text(&text), 0);
    buf_reset(&text);
    words_say(&text, tr("due.here", "{moment} here"), {"moment", due_here(app->arena, d)});
    if (there)
        buf_printf(&text, " · %s", there);
    line(out, buf_text(&text), IN);
    buf_reset(&text);
    buf_printf(&text, "%s%s%s", d->id, meeting ? " · " : "", meeting ? meeting : "");
    line(out, buf_text(&text), IN);
}

static void say_frees(const struct due_frees *frees, struct buf *out)
{
    buf_add_byte(out, '\n');
    line(out, tr("due.free", "Venues without a yearly deadline:"), 0);
    for (size_t i = 0; i < frees->n; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, LINE_MOST);
        buf_printf(&text, "%s %s", frees->at[i].name, due_free_said(&frees->at[i]));
        line(out, buf_text(&text), IN);
    }
}

static void say_later(struct app *app, const struct dues *dues, struct buf *out)
{
    AUTO_BUF struct buf text;
    buf_init(&text, LINE_MOST);
    if (!dues->later)
        return;
    words_say(&text,
              trn("due.later", "{n} later date is not shown.", "{n} later dates are not shown.",
                  (unsigned long)dues->later),
              {"n", say_number(app->arena, dues->later)});
    line(out, buf_text(&text), 0);
}

static bool show(struct app *app, struct buf *out, struct err *err)
{
    struct dues dues;
    struct due_counts counts;
    struct due_frees frees;
    day_t today = moment_day(clock_local(app->now));
    if (!due_count(app->db, app->now, &counts, err) ||
        !dues_load(app->db, app->arena, counts.chosen ? DUE_FOLLOWED : DUE_ALL, app->now, INT64_MAX,
                   DUE_SHOWN, &dues, err) ||
        !due_frees(app->arena, &frees, err))
        return false;
    if (cli_has(app->cli, "json"))
        return to_json(&dues, &frees, &counts, today, out, err);
    line(out, due_head(app->arena, &counts, dues.n), 0);
    for (size_t i = 0; i < dues.n; i++) {
        if (i == 0)
            buf_add_byte(out, '\n');
        say_due(app, &dues.at[i], today, out);
    }
    say_later(app, &dues, out);
    say_frees(&frees, out);
    if (dues.n) {
        buf_add_byte(out, '\n');
        line(out, due_about(), 0);
    }
    return buf_ok(out, err);
}

static bool list(struct app *app, struct buf *out, struct err *err)
{
    struct due_venues v;
    AUTO_JSON json_t *o = json_pack("{s:[]}", "venues");
    if (!due_venues(app->db, app->arena, app->now, &v, err))
        return false;
    for (size_t i = 0; o && i < v.n; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, LINE_MOST);
        json_array_append_new(json_object_get(o, "venues"),
                              json_pack("{s:s,s:I,s:b}", "venue", v.at[i].name, "dates",
                                        (json_int_t)v.at[i].coming, "chosen", v.at[i].chosen));
        buf_printf(&text, "%s%s%s", v.at[i].name, v.at[i].chosen ? " · " : "",
                   v.at[i].chosen ? tr("due.is_chosen", "chosen") : "");
        if (!cli_has(app->cli, "json"))
            line(out, buf_text(&text), 0);
    }
    if (cli_has(app->cli, "json"))
        return o ? json_write(o, out, err) : fail_memory(err);
    if (v.n == 0)
        line(out, tr("due.no_venues", "No venue with a date to come is here."), 0);
    return buf_ok(out, err);
}

/* Pin or unpin each that is named; all of them, or none. */
static bool pin_work(struct db *db, void *arg, struct err *err)
{
    struct app *app = arg;
    bool on = cli_has(app->cli, "pin");
    for (size_t i = 0; i < app->cli->words_n; i++) {
        struct due d;
        if (!due_named(db, app->arena, app->now, app->cli->words[i], &d, err) ||
            !due_pin(db, d.venue, d.year, d.entry, on, err))
            return false;
    }
    return true;
}

static bool choose_work(struct db *db, void *arg, struct err *err)
{
    struct app *app = arg;
    for (size_t i = 0; i < app->cli->words_n; i++)
        if (!due_choose(db, app->arena, span_of(app->cli->words[i]), true, err))
            return false;
    return true;
}

static bool act(struct app *app, struct err *err)
{
    const char *gone = cli_value(app->cli, "remove");
    bool pins = cli_has(app->cli, "pin") || cli_has(app->cli, "unpin");
    if (pins && (app->cli->words_n == 0 || (cli_has(app->cli, "pin") && cli_has(app->cli, "unpin"))))
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.due_pin",
                       "Name what to pin or unpin by its id, which the list has, as in `respite papers "
                       "deadlines --pin neurips27`."));
    if (gone && !due_choose(app->db, app->arena, span_of(gone), false, err))
        return false;
    return db_write(app->db, pins ? pin_work : choose_work, app, err);
}

int cmd_papers_deadlines(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    bool ok = act(app, &err) && (cli_has(app->cli, "list") ? list(app, &out, &err) : show(app, &out, &err));
    return ok && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
