/* The room's commands: hours, and rest quiet. */
#include "rest/rest_cmd.h"

#include <unistd.h>

#include "base/note.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "io/sched.h"
#include "rest/hours_draw.h"
#include "rest/quiet.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { WEEKS_DEFAULT = 12, WEEKS_MOST = 520, OUT_MOST = 8 << 20 };

const struct cli_option hours_options[] = {
    {"mine", "EMAIL",
     N_("hours.opt.mine", "an address of yours, beside those git is configured with; may be given again")},
    {"since", "DATE", N_("hours.opt.since", "begin with the week that holds DATE (2026-11-25, or 2026-W48)")},
    {"weeks", "N",
     N_("hours.opt.weeks", "how many weeks; 12, and those that end now, unless said otherwise")},
    {0}};

/* Which weeks were asked for. */
static bool weeks_asked(const struct app *app, day_t *first, int *weeks, struct err *err)
{
    long n;
    const char *since = cli_value(app->cli, "since");
    if (!cli_number(app->cli, "weeks", WEEKS_DEFAULT, 1, WEEKS_MOST, &n, err))
        return false;
    *weeks = (int)n;
    *first = this_monday(app) - 7 * (*weeks - 1);
    if (!since)
        return true;
    if (!day_read(span_of(since), first, err))
        return false;
    *first = day_monday(*first);
    if (*first > this_monday(app))
        return fail(err, E_USAGE,
                    tr("err.rest.future", "That week has not come yet. Weeks up to this one can be shown."));
    int left = (this_monday(app) - *first) / 7 + 1; /* weeks that have not come are not shown */
    *weeks = *weeks > left ? left : *weeks;
    return true;
}

static bool add_mine(struct app *app, struct err *err)
{
    bool changed;
    for (size_t i = 0; i < app->cli->given_n; i++)
        if (strcmp(app->cli->given[i].name, "mine") == 0) {
            struct span mail = span_trim(span_of(app->cli->given[i].value));
            if (!mail_ok(mail) || !utf8_valid(mail))
                return fail(
                    err, E_USAGE,
                    tr("err.rest.mine", "--mine needs an e-mail address as it stands in your commits."));
            if (!identity_add(app->db, mail, &changed, err))
                return false;
        }
    return true;
}

/* Folders named; else where the command was typed; else the repositories chosen on the page. */
static bool look_where_asked(struct app *app, int64_t since, struct look *out, struct err *err)
{
    const char *const *named = NULL;
    char here[4096];
    if (!cmd_folders(app, &named, err))
        return false;
    if (app->cli->words_n)
        return look(app, named, true, since, LOOK_KEEP, false, out, err);
    if (getcwd(here, sizeof here) &&
        !look(app, (const char *const[]){here, NULL}, false, since, LOOK_KEEP, false, out, err))
        return false;
    return out->repos.n > 0 || look_again(app, since, out, err);
}

/* One sentence for each repository that could not be read; when none could, now or before, the last is the
 * failure of the whole. */
static bool say_problems(struct app *app, const struct look *l, struct err *err)
{
    const char *last = NULL;
    size_t bad = 0;
    for (size_t i = 0; i < l->repos.n; i++) {
        if (l->repos.at[i].partly)
            complaint("%s", l->repos.at[i].partly);
        if (!l->repos.at[i].problem)
            continue;
        if (last)
            complaint("%s", last);
        last = l->repos.at[i].problem;
        bad++;
    }
    if (l->more)
        complaint("%s",
                  tr("rest.more",
                     "There are more folders here than I look through at once. Name the ones you mean."));
    if (app->cli->words_n && l->repos.n == 0)
        return fail(err, E_MISSING, tr("err.rest.norepo", "There is no git repository in %.300s."),
                    path_shown(app->arena, app->paths, app->cli->words[0]));
    if (last && bad == l->repos.n && !look_shows(l))
        return fail(err, E_FORMAT, "%s", last);
    if (last)
        complaint("%s", last);
    return true;
}

/* An address of the person's stands among those found: then there is nothing to ask, there was nothing in
 * these weeks. */
static bool is_known(const struct look *l, const struct look *whose)
{
    for (size_t i = 0; i < whose->authors.n; i++)
        if (mails_hold(&l->mine, whose->authors.at[i].mail))
            return true;
    return false;
}

static bool anything_own(const struct picture *p)
{
    for (int i = 0; i < p->weeks; i++)
        if (p->week[i].signs || p->before[i].signs)
            return true;
    for (enum sign_class c = CLASS_BOTS; c < CLASS_N; c++)
        if (p->excluded[c])
            return true;
    return false;
}

/* No commit is the person's: which addresses there are, and how to say which are theirs. */
static void print_whose(struct buf *out, struct app *app, const struct look *l)
{
    struct buf AUTO_BUF line;
    buf_init(&line, 1 << 16);
    if (l->authors.n == 0) {
        wrap_text(out, tr("whose.empty", "There are no commits in these weeks, by anybody."), 80, 0);
        return;
    }
    wrap_text(out,
              l->mine.n ? tr("whose.none",
                             "No commit in these weeks is by an address of yours. These addresses are there:")
                        : tr("whose.unset",
                             "git does not know your e-mail address here. These addresses are there:"),
              80, 0);
    for (size_t i = 0; i < l->authors.n; i++) {
        buf_add_text(out, "  ");
        utf8_clean(out, l->authors.at[i].mail);
        buf_add_byte(out, '\n');
    }
    words_say(
        &line, tr("whose.how", "Which are yours? Say it so: {command}   To look around first: {demo}"),
        {"command", app->cli->words_n ? "respite hours --mine EMAIL FOLDER" : "respite hours --mine EMAIL"},
        {"demo", tr("whose.demo", "respite, then “Look around with example data”.")});
    wrap_text(out, buf_text(&line), 80, 0);
}

static bool print_json(struct app *app, const struct picture *p, const struct look *l,
                       const struct look *whose, struct buf *out, struct err *err)
{
    (void)app;
    AUTO_JSON json_t *o = hours_json(p, l);
    json_t *found = json_array();
    for (size_t i = 0; i < whose->authors.n; i++)
        json_array_append_new(found, json_shown(whose->authors.at[i].mail));
    if (!o || json_object_set_new(o, "addresses_found", found) != 0)
        return fail_memory(err);
    return json_write(o, out, err);
}

static bool hours(struct app *app, struct buf *out, struct err *err)
{
    day_t first;
    int weeks;
    struct look l, whose = {0};
    struct repo_set set;
    struct picture p;
    if (!weeks_asked(app, &first, &weeks, err) || !add_mine(app, err) ||
        !look_where_asked(app, picture_since(first, weeks), &l, err) || !say_problems(app, &l, err) ||
        !look_set(app, &l, &set, err) || !picture_load(app, set, first, weeks, &p, err))
        return false;
    bool none = !anything_own(&p);
    if (none && l.repos.n) {
        const char **paths = arena_array(app->arena, l.repos.n + 1, sizeof *paths);
        for (size_t i = 0, n = 0; paths && i < l.repos.n; i++)
            if (!l.repos.at[i].problem)
                paths[n++] = l.repos.at[i].row.path;
        if (!look(app, paths, true, picture_since(first, weeks), LOOK_PREVIEW, false, &whose, err))
            return false;
    }
    if (is_known(&l, &whose))
        none = false, whose = (struct look){0};
    if (cli_has(app->cli, "json"))
        return print_json(app, &p, &l, &whose, out, err);
    if (l.repos.n == 0)
        wrap_text(out, tr("read.none", "No git history here. `respite FOLDER` reads one."), 80, 0);
    else if (none)
        print_whose(out, app, &whose);
    else
        hours_print(out, app, &p);
    return buf_ok(out, err);
}

int cmd_hours(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    if (!hours(app, &out, &err) || !cmd_print(&out, &err))
        return cmd_failed(&err);
    return 0;
}

/* "2026-12-21..2026-12-27", or one day. */
static bool read_days(const char *text, day_t *from, day_t *to, struct err *err)
{
    struct span rest = span_of(text), first;
    ptrdiff_t dots = span_find(rest, SPAN(".."));
    first = dots >= 0 ? span_first(rest, (size_t)dots) : rest;
    if (!day_read(first, from, err))
        return false;
    struct span last = dots >= 0 ? span_from(rest, (size_t)dots + 2) : first;
    if (!day_read(last, to, err))
        return false;
    if (span_find(last, SPAN("W")) >= 0) /* a week ends on its Sunday */
        *to += 6;
    return true;
}

static bool list_quiets(struct app *app, struct buf *out, struct err *err)
{
    struct quiets q = {0};
    AUTO_JSON json_t *o = json_pack("{s:[]}", "quiet");
    if (!sched_quiets(app->db, app->arena, moment_day(clock_local(app->now)), &q, err))
        return false;
    for (size_t i = 0; o && i < q.n; i++) {
        char from[16], to[16];
        json_array_append_new(json_object_get(o, "quiet"),
                              json_pack("{s:I,s:s,s:s}", "id", (json_int_t)q.at[i].id, "from",
                                        day_text(q.at[i].from, from), "to", day_text(q.at[i].to, to)));
        if (!cli_has(app->cli, "json")) {
            buf_add_text(out, quiet_text(app, &q.at[i]));
            buf_add_byte(out, '\n');
        }
    }
    if (cli_has(app->cli, "json"))
        return json_write(o, out, err);
    if (q.n == 0)
        wrap_text(out,
                  tr("quiet.none",
                     "No quiet week is planned. To plan one: respite rest quiet 2026-12-21..2026-12-27"),
                  80, 0);
    return true;
}

static bool plan_quiet(struct app *app, struct buf *out, struct err *err)
{
    day_t from, to;
    struct quiet q = {0};
    if (app->cli->words_n > 1)
        return fail(
            err, E_USAGE,
            tr("err.quiet.words", "One span of days at a time: respite rest quiet 2026-12-21..2026-12-27"));
    if (!read_days(app->cli->words[0], &from, &to, err) || !quiet_plan(app, from, to, &q, err))
        return false;
    if (cli_has(app->cli, "json"))
        return list_quiets(app, out, err);
    wrap_text(out, quiet_text(app, &q), 80, 0);
    wrap_text(out, QUIET_HELD, 80, 0);
    wrap_text(out, QUIET_AFTER, 80, 0);
    return true;
}

/* The one that is on, or the one that holds the day named. */
static bool end_quiet(struct app *app, struct buf *out, struct err *err)
{
    size_t ended = 0;
    day_t from = moment_day(clock_local(app->now)), to;
    if (app->cli->words_n > 0 && !read_days(app->cli->words[0], &from, &to, err))
        return false;
    if (!quiet_end(app, from, &ended, err))
        return false;
    if (cli_has(app->cli, "json"))
        return list_quiets(app, out, err);
    wrap_text(out,
              ended ? tr("quiet.ended", "The quiet week is over.")
                    : tr("quiet.notnow", "There is no quiet week on that day."),
              80, 0);
    return true;
}

const struct cli_option quiet_options[] = {
    {"end", NULL, N_("quiet.opt.end", "end the quiet week that is on, or take back the one that holds DAY")},
    {0}};

int cmd_rest_quiet(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    bool ok = cli_has(app->cli, "end") ? end_quiet(app, &out, &err)
              : app->cli->words_n == 0 ? list_quiets(app, &out, &err)
                                       : plan_quiet(app, &out, &err);
    if (!ok || !cmd_print(&out, &err))
        return cmd_failed(&err);
    return 0;
}
