/* respite papers fetch [CATEGORY…], the job that does it once a weekday, and the errand of the page. */
#include <stdio.h>

#include "base/note.h"
#include "codec/json.h"
#include "io/clock.h"
#include "io/moments.h"
#include "papers/chosen.h"
#include "papers/fetch_run.h"
#include "papers/fetch_state.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { WAIT_ASKED = 900, WAIT_ALONE = 60, DAY_FROM = 600, DAY_TO = 960 /* minutes */ };

const struct cli_option fetch_options[] = {
    {"list", NULL, N_("papers.fetch.opt.list", "show what is chosen and when it was fetched; ask nobody")},
    {"remove", "CATEGORY", N_("papers.fetch.opt.remove", "take a category off the list; ask nobody")},
    {"via", "PROXY", N_("papers.fetch.opt.via", "go through a proxy, such as socks5h://127.0.0.1:9050")},
    {0}};

/* ---- words ---- */

void fetch_say(struct app *app, struct buf *out, const struct fetch_sums *s)
{
    const char *added = say_number(app->arena, s->kept.added);
    unsigned long n = (unsigned long)s->kept.added;
    char day[16];
    if (s->unchanged)
        words_say(out, tr("papers.fetch.same", "arXiv has announced nothing since the last fetch."));
    else if (s->empty)
        words_say(out, tr("papers.fetch.empty", "arXiv announces nothing today: a weekend or a holiday."));
    else
        words_say(out,
                  trn("papers.fetch.done",
                      "Announcements of {day} are here: {added} paper new, {changed} changed.",
                      "Announcements of {day} are here: {added} papers new, {changed} changed.", n),
                  {"day", s->day == PAPER_NO_DAY ? "?" : day_text(s->day, day)}, {"added", added},
                  {"changed", say_number(app->arena, s->kept.changed)});
    if ((s->unchanged || s->empty) && s->filled) {
        buf_add_byte(out, ' ');
        words_say(out,
                  trn("papers.fetch.filled", "From the days before, {added} paper is new.",
                      "From the days before, {added} papers are new.", n),
                  {"added", added});
    }
}

bool fetch_say_state(struct app *app, struct buf *out, struct err *err)
{
    struct fetch_categories all;
    struct fetch_state state;
    char day[16];
    AUTO_BUF struct buf list;
    buf_init(&list, 4000);
    if (!fetch_categories(app->db, app->arena, &all, err) || !fetch_state(app->db, app->arena, &state, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", all.at[i].name);
    if (all.n == 0)
        buf_add_text(out, tr("papers.fetch.none", "No category of arXiv is chosen, so nothing is fetched."));
    else
        words_say(out, tr("papers.fetch.list", "Chosen: {list}."), {"list", buf_text(&list)});
    if (state.done_at) {
        buf_add_byte(out, ' ');
        words_say(out, tr("papers.fetch.last", "The last fetch was on {day}."),
                  {"day", day_text(moment_day(clock_local(state.done_at)), day)});
    }
    if (*state.said) {
        buf_add_byte(out, ' ');
        words_say(out, tr("papers.fetch.said", "The last try did not come to its end: {why}"),
                  {"why", state.said});
    }
    return true;
}

/* ---- the command ---- */

static void say(void *arg, const char *sentence)
{
    (void)arg;
    complaint("%s", sentence);
}

static bool choose(struct app *app, struct err *err)
{
    bool there;
    const char *gone = cli_value(app->cli, "remove");
    if (gone && !chosen_remove(app->db, span_of(gone), &there, err))
        return false;
    if (gone && !there)
        return fail(err, E_MISSING, tr("err.papers.not_chosen", "“%.40s” is not on the list."), gone);
    for (size_t i = 0; i < app->cli->words_n; i++)
        if (!chosen_add(app->db, span_of(app->cli->words[i]), &there, err))
            return false;
    return true;
}

static bool state_json(struct app *app, struct buf *out, struct err *err)
{
    struct fetch_categories all;
    struct fetch_state state;
    char day[16];
    if (!fetch_categories(app->db, app->arena, &all, err) || !fetch_state(app->db, app->arena, &state, err))
        return false;
    AUTO_JSON json_t *list = json_array();
    for (size_t i = 0; i < all.n; i++) {
        const struct fetch_category *c = &all.at[i];
        json_t *one = json_pack("{s:s,s:s?,s:b}", "category", c->name, "day",
                                c->last == FETCH_NO_DAY ? NULL : day_text(c->last, day), "complete",
                                c->last != FETCH_NO_DAY && c->from == FETCH_NO_DAY);
        if (!list || json_array_append_new(list, one) != 0)
            return fail_memory(err);
    }
    AUTO_JSON json_t *o = json_pack(
        "{s:O,s:s?,s:s}", "categories", list, "last",
        state.done_at ? day_text(moment_day(clock_local(state.done_at)), day) : NULL, "said", state.said);
    return (o || fail_memory(err)) && json_write(o, out, err);
}

static bool sums_json(const struct fetch_sums *s, struct buf *out, struct err *err)
{
    char day[16];
    AUTO_JSON json_t *o = json_pack("{s:s?,s:I,s:I,s:I,s:I,s:I,s:b,s:b}", "day",
                                    s->day == PAPER_NO_DAY ? NULL : day_text(s->day, day), "added",
                                    (json_int_t)s->kept.added, "changed", (json_int_t)s->kept.changed, "same",
                                    (json_int_t)s->kept.same, "filled", (json_int_t)s->filled, "requests",
                                    (json_int_t)s->requests, "unchanged", s->unchanged, "empty", s->empty);
    return (o || fail_memory(err)) && json_write(o, out, err);
}

static bool fetch(struct app *app, struct buf *out, struct err *err)
{
    bool json = cli_has(app->cli, "json");
    struct fetch_sums sums;
    if (!choose(app, err))
        return false;
    if (cli_has(app->cli, "list") || cli_has(app->cli, "remove")) {
        if (json)
            return state_json(app, out, err);
        if (!fetch_say_state(app, out, err))
            return false;
        buf_add_byte(out, '\n');
        return true;
    }
    struct fetch_ask ask = {.via = cli_value(app->cli, "via"),
                            .wait_most = WAIT_ASKED,
                            .say = cli_has(app->cli, "quiet") || json ? NULL : say};
    if (!fetch_run(app, &ask, &sums, err))
        return false;
    if (json)
        return sums_json(&sums, out, err);
    fetch_say(app, out, &sums);
    buf_add_byte(out, '\n');
    return true;
}

int cmd_papers_fetch(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    return fetch(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}

bool errand_papers_fetch(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct fetch_sums sums;
    struct fetch_ask ask = {.wait_most = WAIT_ALONE};
    (void)argument;
    if (!fetch_run(app, &ask, &sums, err))
        return false;
    fetch_say(app, answer, &sums);
    return true;
}

/* ---- the job ---- */

/* Feeds are built anew at midnight of New York. */
static bool at_rebuild(int64_t now)
{
    int minutes;
    struct err none = {0};
    return clock_zone_of("America/New_York", now, &minutes, &none) &&
           moment_minute((struct moment){now, minutes}) < 60;
}

struct draw {
    day_t day;
    int64_t start;
};

static bool draw_work(struct db *db, void *arg, struct err *err)
{
    const struct draw *d = arg;
    return moments_draw(db, d->day, d->start + DAY_FROM * 60, (DAY_TO - DAY_FROM) * 60, err);
}

/* In a lab the moments are those at which the node speaks to it; else they are drawn here. */
static bool is_due(struct app *app, day_t today, bool *due, struct err *err)
{
    int64_t awake, at[MOMENTS];
    size_t n;
    struct draw d = {today, clock_day_start(today)};
    *due = false;
    if (!moments_look(app->db, app->now, &awake, err) ||
        !moments_between(app->db, d.start, d.start + 86400, at, &n, err))
        return false;
    if (n == 0 && (!db_write(app->db, draw_work, &d, err) ||
                   !moments_between(app->db, d.start, d.start + 86400, at, &n, err)))
        return false;
    for (size_t i = 0; i < n; i++)
        *due = *due || moments_due(at[i], app->now, awake);
    *due = *due && !at_rebuild(app->now);
    return true;
}

static bool gave_up(const struct fetch_state *state, struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.papers.gave_up", "Papers could not be fetched on %d days, so Respite has stopped "
                                         "trying by itself. `respite papers fetch` tries again. The reason: "
                                         "%.300s"),
                state->failing, state->said);
}

bool job_papers_fetch(struct app *app, struct err *err)
{
    struct chosen chosen;
    struct fetch_state state;
    struct fetch_sums sums;
    day_t today = moment_day(clock_local(app->now));
    bool due;
    if (!chosen_list(app->db, app->arena, &chosen, err) || chosen.n == 0 || day_weekday(today) > 4)
        return err->code == E_NONE;
    if (!fetch_state(app->db, app->arena, &state, err))
        return false;
    if (state.tried == today || state.failing >= FETCH_FAILING)
        return true;
    if (!is_due(app, today, &due, err) || !due)
        return err->code == E_NONE;
    /* Noted before it is tried: a moment is used once, whatever comes of it. */
    struct fetch_ask ask = {.wait_most = WAIT_ALONE};
    if (!fetch_tried(app->db, today, err))
        return false;
    if (fetch_run(app, &ask, &sums, err))
        return true;
    if (state.failing + 1 >= FETCH_FAILING) {
        state.failing++;
        state.said = arena_text(app->arena, span_of(err->text));
        err_clear(err);
        return gave_up(&state, err);
    }
    return false;
}

bool papers_want_out(struct app *app, bool *wants, struct err *err)
{
    struct chosen chosen;
    if (!chosen_list(app->db, app->arena, &chosen, err))
        return false;
    *wants = chosen.n > 0;
    return true;
}
