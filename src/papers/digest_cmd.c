/* respite papers digest [WEEK]. */
#include "base/words.h"
#include "papers/digest.h"
#include "papers/digest_feed.h"
#include "papers/papers_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 20, COLUMNS = 80 };

const struct cli_option digest_options[] = {
    {"cap", "N", N_("digest.opt.cap", "from now on at most N papers a page, 1 to 20")},
    {"day", "DAY", N_("digest.opt.day", "from now on made on this day: mon, tue, wed, thu, fri, sat, sun")},
    {"feed", "on|off", N_("digest.opt.feed", "keep an Atom file of the last pages in the data folder")},
    {0}};

static void say(struct buf *out, size_t indent, const char *text)
{
    if (*text)
        wrap_text(out, text, COLUMNS, indent);
}

static void print_item(struct app *app, struct buf *out, const struct digest_item *item, size_t number)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    buf_printf(&line, "%2zu  %s", number, item->shown.title);
    say(out, 4, buf_text(&line));
    buf_reset(&line);
    buf_printf(&line, "    %s  %s  %s", item->shown.date, item->shown.id,
               shown_authors(app->arena, item->shown.authors));
    say(out, 4, buf_text(&line));
    buf_reset(&line);
    buf_printf(&line, "    %s", item->why);
    say(out, 4, buf_text(&line));
}

static void print_quiet(struct app *app, const struct digest *d, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1000);
    words_say(&line, tr("digest.quiet", "Quiet until {day}. No page is made, and nothing is being counted."),
              {"day", say_day(app->arena, d->quiet_until)});
    say(out, 0, buf_text(&line));
    say(out, 0,
        tr("quiet.after",
           "When it ends you get one page with what truly moved. You will not have to catch up."));
}

static void print_lasted(struct app *app, const struct digest *d, struct buf *out)
{
    if (digest_any_lasted(d))
        say(out, 0, DIGEST_LASTED);
    for (size_t i = 0; i < d->themes; i++)
        if (d->theme[i].lasted) {
            buf_add_text(out, "  ");
            say(out, 2, digest_lasted(app, &d->theme[i]));
        }
}

static void print_digest(struct app *app, const struct digest *d, struct buf *out)
{
    AUTO_BUF struct buf cap;
    buf_init(&cap, 400);
    if (d->after_quiet)
        say(out, 0, tr("quiet.over", "Welcome back. Here is the page. It is short."));
    say(out, 0, digest_title(app, d));
    say(out, 0, digest_head(app, d));
    if (!d->known && d->items)
        say(out, 0, DIGEST_SPREAD);
    for (size_t i = 0; i < d->items; i++)
        print_item(app, out, &d->item[i], i + 1);
    say(out, 0, digest_others(app, d));
    print_lasted(app, d, out);
    words_say(&cap, tr("digest.cap", "Your cap is {k}."), {"k", say_number(app->arena, d->cap)});
    say(out, 0, buf_text(&cap));
    say(out, 0, DIGEST_END);
}

static bool day_named(const char *text, int64_t *out)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int64_t i = 0; i < 7; i++)
        if (span_eq_nocase(span_first(span_of(text), 3), span_of(days[i]))) {
            *out = i;
            return true;
        }
    return false;
}

static bool settings(struct app *app, struct err *err)
{
    long cap;
    int64_t day;
    const char *named = cli_value(app->cli, "day"), *feed = cli_value(app->cli, "feed");
    if (cli_has(app->cli, "cap") && (!cli_number(app->cli, "cap", CHOOSE_USUAL, 1, CHOOSE_MOST, &cap, err) ||
                                     !digest_cap_put(app->db, cap, err)))
        return false;
    if (named && !day_named(named, &day))
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.day", "Name a day of the week: mon, tue, wed, thu, fri, sat or sun."));
    if (feed && strcmp(feed, "on") != 0 && strcmp(feed, "off") != 0)
        return fail(err, E_USAGE, "%s", tr("err.papers.feed", "Say --feed on or --feed off."));
    return (!named || digest_day_put(app->db, day, err)) &&
           (!feed || digest_feed_put(app, strcmp(feed, "on") == 0, err));
}

static bool find(struct app *app, struct digest *d, struct err *err)
{
    day_t day;
    if (app->cli->words_n == 0)
        return digest_now(app, d, err);
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.one_week", "Name one week, 2026-W48, or none for the last."));
    return day_read(span_of(app->cli->words[0]), &day, err) && digest_of(app, day, d, err);
}

int cmd_papers_digest(struct app *app)
{
    struct err err = {0};
    struct digest d = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!settings(app, &err))
        return cmd_failed(&err);
    if (!find(app, &d, &err))
        return err.code == E_FORMAT ? (cmd_failed(&err), 2) : cmd_failed(&err);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = digest_json(&d);
        if (!o || !json_write(o, &out, &err))
            return cmd_failed(&err);
    } else if (d.quiet_until) {
        print_quiet(app, &d, &out);
    } else {
        print_digest(app, &d, &out);
    }
    return digest_feed_write(app, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
