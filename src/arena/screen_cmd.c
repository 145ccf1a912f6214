/* respite arena screen FILE. */
#include <math.h>
#include <stdio.h>

#include "arena/arena_cmd.h"
#include "arena/screen.h"
#include "arena/votes_read.h"
#include "codec/utf8.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20, WIDTH = 80 };

const struct cli_option screen_options[] = {
    {"voter", "COLUMN",
     N_("screen.opt.voter", "the column that says who voted; else judge, worker or the like is looked for")},
    {"rate", "PERCENT",
     N_("screen.opt.level", "of those named, at most so many in a hundred are honest, on average; 5")},
    {"skip-bad", NULL, N_("rank.opt.skip_bad", "leave out and count rows that cannot be read")},
    {0}};

static const char *kind_name(enum screen_kind kind)
{
    static const char *const names[] = {"for", "against", "coin", "anti", "left", "right"};
    return names[kind];
}

static json_t *suspect_json(const struct screening *s, const struct suspect *p)
{
    json_t *o = json_object();
    json_object_set_new(o, s->by_day ? "when" : "voter", json_shown(span_of(p->name)));
    json_object_set_new(o, "flagged", json_boolean(p->flagged));
    json_object_set_new(o, "log10_e", json_real(p->log_e / log(10)));
    json_object_set_new(o, "e", p->log_e < 700 ? json_real(exp(p->log_e)) : json_null());
    json_object_set_new(o, "alternative", json_string(kind_name(p->kind)));
    json_object_set_new(o, "model", p->model.n ? json_shown(p->model) : json_null());
    if (p->other.n)
        json_object_set_new(o, "against_model", json_shown(p->other));
    json_object_set_new(o, "votes", json_integer((json_int_t)p->votes));
    return o;
}

static json_t *board_json(const struct screening *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->with.rated; i++) {
        const struct ranked *m = &s->with.at[i];
        json_t *o = json_object();
        json_object_set_new(o, "name", json_shown(m->name));
        json_object_set_new(o, "rating", json_real(m->rating));
        size_t at = s->without_known ? rank_named(&s->without, m->name) : SIZE_MAX;
        json_object_set_new(o, "rating_without",
                            at != SIZE_MAX && s->without.at[at].rated ? json_real(s->without.at[at].rating)
                                                                      : json_null());
        json_array_append_new(list, o);
    }
    return list;
}

json_t *screen_json(const struct screening *s)
{
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < s->n; i++)
        json_array_append_new(list, suspect_json(s, &s->at[i]));
    json_object_set_new(o, "suspects", list);
    json_object_set_new(o, "flagged", json_integer((json_int_t)s->flagged));
    json_object_set_new(o, "votes_flagged", json_integer((json_int_t)s->votes_flagged));
    json_object_set_new(o, "tested", json_integer((json_int_t)s->tested));
    json_object_set_new(o, "unit", json_string(s->by_day ? "day" : "voter"));
    json_object_set_new(o, "false_discovery_rate", json_real(s->alpha));
    json_object_set_new(o, "board", board_json(s));
    return o;
}

static const char *shown(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, text);
    return buf_keep(&clean, arena);
}

static const char *reason(enum screen_kind kind)
{
    switch (kind) {
    case SCREEN_FOR:
        return tr("screen.for", "{voter}: {n} votes, as if always for {model} (evidence 10^{e}).");
    case SCREEN_AGAINST:
        return tr("screen.against", "{voter}: {n} votes, as if always against {model} (evidence 10^{e}).");
    case SCREEN_COIN:
        return tr("screen.coin", "{voter}: {n} votes, as if by a coin (evidence 10^{e}).");
    case SCREEN_ANTI:
        return tr("screen.anti", "{voter}: {n} votes, as if turned round (evidence 10^{e}).");
    case SCREEN_LEFT:
        return tr("screen.left", "{voter}: {n} votes, as if always for the left side (evidence 10^{e}).");
    default:
        return tr("screen.right", "{voter}: {n} votes, as if always for the right side (evidence 10^{e}).");
    }
}

static void say(struct arena *arena, const struct screening *s, const struct suspect *p, struct buf *out)
{
    char e[32];
    snprintf(e, sizeof e, "%.0f", p->log_e / log(10));
    const char *pattern =
        s->by_day ? tr("screen.day",
                       "{voter}: {n} votes, more one-sided for {model} than on other days (evidence 10^{e}).")
                  : reason(p->kind);
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    words_say(&line, pattern, {"voter", shown(arena, span_of(p->name))},
              {"n", say_number(arena, (int64_t)p->votes)}, {"model", shown(arena, p->model)}, {"e", e});
    wrap_text(out, buf_text(&line), WIDTH, 2);
}

bool screen_text(struct arena *arena, const struct screening *s, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    if (s->by_day)
        wrap_text(
            out, tr("screen.no_voters", "No column says who voted, so days and weeks are looked at instead."),
            WIDTH, 0);
    words_say(&line,
              s->by_day ? tr("screen.tested_days", "{n} cells of days and weeks looked at, {k} stand out.")
                        : tr("screen.tested", "{n} voters looked at, {k} stand out."),
              {"n", say_number(arena, (int64_t)s->tested)}, {"k", say_number(arena, (int64_t)s->flagged)});
    wrap_text(out, buf_text(&line), WIDTH, 0);
    for (size_t i = 0; i < s->n && i < 100; i++)
        if (s->at[i].flagged)
            say(arena, s, &s->at[i], out);
    wrap_text(out,
              tr("screen.kept",
                 "Nothing was taken out. --json has the board with and without these votes; whether they "
                 "stay is for a person to decide."),
              WIDTH, 0);
    wrap_text(out,
              tr("screen.no_guarantee", "A few hundred careful votes can go unseen: this is no guarantee."),
              WIDTH, 0);
    return buf_ok(out, err);
}

static bool screen(struct app *app, struct votes *votes, struct buf *out, struct err *err)
{
    struct screening s;
    long level;
    const char *voter = cli_value(app->cli, "voter");
    struct votes_ask ask = {.clusters = 1,
                            .cluster = {voter ? voter : "voter"},
                            .cluster_texts = true,
                            .or_day = !voter,
                            .skip_bad = cli_has(app->cli, "skip-bad")};
    if (app->cli->words_n == 0)
        return fail(err, E_USAGE,
                    tr("err.arena.no_screen", "Name a file of votes: respite arena screen FILE."));
    if (!cli_number(app->cli, "rate", 5, 1, 50, &level, err) || !votes_begin(votes, app->arena, &ask, err))
        return false;
    for (size_t i = 0; i < app->cli->words_n; i++)
        if (!votes_read(votes, app->cli->words[i], !cli_has(app->cli, "quiet"), err))
            return false;
    if (!screen_make(app->arena, votes, (double)level / 100, 1, &s, err))
        return false;
    if (!cli_has(app->cli, "json"))
        return screen_text(app->arena, &s, out, err);
    AUTO_JSON json_t *o = screen_json(&s);
    return json_write_exact(o, out, err);
}

int cmd_arena_screen(struct app *app)
{
    struct err err = {0};
    struct votes AUTO_VOTES votes = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return screen(app, &votes, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
