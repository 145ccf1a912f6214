/* A screen for programs and for the terminal. */
#include <math.h>

#include "arena/rank_draw.h"
#include "arena/screen_kept.h"
#include "base/words.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { WIDTH = 80 };

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

const char *screen_reason(struct arena *arena, bool by_day, const char *kind, const char *who,
                          const char *model, int64_t votes, double log10_e)
{
    enum screen_kind of = SCREEN_FOR;
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    while (of < SCREEN_RIGHT && strcmp(kind_name(of), kind) != 0)
        of++;
    const char *pattern =
        by_day ? tr("screen.day",
                    "{voter}: {n} votes, more one-sided for {model} than on other days (evidence 10^{e}).")
               : reason(of);
    words_say(&line, pattern, {"voter", rank_name(arena, span_of(who))}, {"n", say_number(arena, votes)},
              {"model", rank_name(arena, span_of(model))}, {"e", arena_printf(arena, "%.0f", log10_e)});
    return buf_keep(&line, arena);
}

static void say(struct arena *arena, const struct screening *s, const struct suspect *p, struct buf *out)
{
    const char *model = arena_text(arena, p->model);
    wrap_text(out,
              screen_reason(arena, s->by_day, kind_name(p->kind), p->name, model ? model : "",
                            (int64_t)p->votes, p->log_e / log(10)),
              WIDTH, 2);
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
