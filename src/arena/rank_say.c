/* What a board means, in plain sentences: the same in the terminal and on its page. */
#include <math.h>

#include "arena/rank_draw.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "ui/lang.h"

#include "base/banned.h"

const char *rank_format_name(enum votes_format format)
{
    static const char *const names[] = {"csv", "evalica",   "fastchat", "json-lines",
                                        "log", "leaderbot", "choix"};
    return names[format];
}

const char *rank_name(struct arena *arena, struct span name)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, name);
    return buf_keep(&clean, arena);
}

const char *rank_places(struct arena *arena, const struct ranked *m)
{
    if (m->place_low == m->place_high)
        return arena_printf(arena, "%zu", m->place_low);
    return arena_printf(arena, "%zu-%zu", m->place_low, m->place_high);
}

/* Chinese sentences follow each other without a blank. */
static void next(struct buf *line)
{
    if (words_lang() == LANG_EN)
        buf_add_byte(line, ' ');
}

static void say_first(struct arena *arena, const struct votes *v, const struct ranking *r,
                      struct sayings *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    words_say(&line,
              trn("rank.head", "{n} vote, {k} models, {p} pairs that were compared.",
                  "{n} votes, {k} models, {p} pairs that were compared.", v->kept),
              {"n", say_number(arena, (int64_t)v->kept)}, {"k", say_number(arena, (int64_t)r->n)},
              {"p", say_number(arena, (int64_t)v->pairs)});
    if (r->rated == r->n)
        buf_add_text(&line, tr("rank.one_group", " One connected group."));
    sayings_add(arena, out, &line);
    out->head = out->n;
    if (r->rated)
        return;
    buf_reset(&line);
    buf_add_text(&line, tr("empty.arena", "Not enough votes to say anything. That is an answer too."));
    sayings_add(arena, out, &line);
}

/* Tiers of several models: "Places 1 to 3 cannot be told apart." */
static void say_tiers(struct arena *arena, const struct ranking *r, struct sayings *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    if (r->sets_known && r->rated) {
        const struct ranked *top = &r->at[0];
        if (top->place_high > 1)
            words_say(&line, tr("rank.tied", "Places {a} to {b} cannot be told apart."),
                      {"a", arena_printf(arena, "%zu", top->place_low)},
                      {"b", arena_printf(arena, "%zu", top->place_high)});
        else
            words_say(&line, tr("rank.first", "{name} is first."), {"name", rank_name(arena, top->name)});
        next(&line);
        buf_add_text(&line, tr("rank.sets", "Places hold for all models at once."));
        sayings_add(arena, out, &line);
    }
}

/* "Dropping 23 of 41,208 votes (0.06 %) would swap the first two." */
static void say_frail(struct arena *arena, const struct ranking *r, struct sayings *out)
{
    const struct flip *f = &r->lead.flip;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!r->lead.flip_known || f->removed == 0)
        return;
    words_say(&line, tr("arena.frail", "Dropping {k} of {n} votes ({p} %) would swap the first two."),
              {"k", say_number(arena, f->removed)}, {"n", say_number(arena, f->votes)},
              {"p", arena_printf(arena, "%.2g", 100 * (double)f->removed / (double)f->votes)});
    sayings_add(arena, out, &line);
}

static void say_method(struct arena *arena, const struct votes *v, const struct ranking *r,
                       struct sayings *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    buf_add_text(&line, r->ask.ties == BT_HALF       ? tr("rank.half", "Ties count as half.")
                        : r->ask.ties == BT_DAVIDSON ? tr("rank.davidson", "Ties: Davidson.")
                                                     : tr("rank.kupper", "Ties: Rao-Kupper."));
    next(&line);
    buf_add_text(&line, r->ask.bad_is_tie ? tr("rank.bad_tie", "“Both are bad” counts as a tie.")
                                          : tr("rank.bad_apart", "“Both are bad” is kept apart."));
    next(&line);
    if (v->ask.clusters)
        words_say(&line, tr("rank.clustered", "Errors clustered by {column}, {n} clusters."),
                  {"column", v->cluster_column[0] ? v->cluster_column[0] : v->ask.cluster[0]},
                  {"n", say_number(arena, (int64_t)r->clusters[0])});
    else
        buf_add_text(&line, tr("rank.plain", "Each vote stands for itself in the errors."));
    next(&line);
    buf_add_text(&line, r->style.used  ? tr("arena.style", "Length and layout of the answers are taken out.")
                        : v->has_style ? tr("rank.style_unasked", "Style is not taken out; --style does.")
                                       : tr("arena.no_style", "Style is not taken out: no columns."));
    sayings_add(arena, out, &line);
    if (!r->style.side)
        return;
    size_t last = r->style.features - 1;
    buf_reset(&line);
    words_say(&line, tr("rank.side", "The left side's advantage, {d} points (error {se}), is taken out."),
              {"d", arena_printf(arena, "%+.0f", BT_ELO * r->style.at[last].value)},
              {"se", arena_printf(arena, "%.0f", BT_ELO * r->style.at[last].se)});
    sayings_add(arena, out, &line);
}

/* Those without a rating, each with its reason. */
static void say_apart(struct arena *arena, const struct ranking *r, struct sayings *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    size_t said = 0;
    for (size_t i = r->rated; i < r->n && said < 20; i++, said++) {
        const struct ranked *m = &r->at[i];
        const char *name = rank_name(arena, m->name);
        buf_reset(&line);
        if (m->bound != BOUND_NONE)
            words_say(
                &line,
                m->bound == BOUND_LEAST
                    ? tr("rank.won_all", "{name} won all {w} of its {n} battles; at least {r} (95 %).")
                    : tr("rank.lost_all", "{name} lost all {l} of its {n} battles; at most {r} (95 %)."),
                {"name", name}, {"w", say_number(arena, m->wins)}, {"l", say_number(arena, m->losses)},
                {"n", say_number(arena, m->votes)}, {"r", arena_printf(arena, "%.0f", m->bound_rating)});
        else if (m->island > 0)
            words_say(&line,
                      tr("rank.island",
                         "{name}: nobody compared it with the models above, not even by way of others."),
                      {"name", name});
        else
            words_say(&line,
                      tr("rank.one_way", "{name}: not on one scale with the models above; between its group "
                                         "and theirs all votes went one way."),
                      {"name", name});
        sayings_add(arena, out, &line);
    }
    if (r->n - r->rated > said) {
        buf_reset(&line);
        words_say(
            &line,
            tr("rank.more_apart", "{n} more models are not on one scale with these; --json lists them."),
            {"n", say_number(arena, (int64_t)(r->n - r->rated - said))});
        sayings_add(arena, out, &line);
    }
}

bool rank_say(struct arena *arena, const struct votes *votes, const struct ranking *r, struct sayings *out)
{
    say_first(arena, votes, r, out);
    say_tiers(arena, r, out);
    say_frail(arena, r, out);
    say_apart(arena, r, out);
    say_method(arena, votes, r, out);
    return !out->failed;
}
