/* A board for a terminal: a table, then what it means in plain sentences. */
#include <math.h>
#include <stdio.h>

#include "arena/rank_draw.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "ui/lang.h"
#include "ui/table.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 6, BAR = 20, WIDTH = 80, NAME_MOST = 28 };

const char *rank_format_name(enum votes_format format)
{
    static const char *const names[] = {"csv", "evalica",   "fastchat", "json-lines",
                                        "log", "leaderbot", "choix"};
    return names[format];
}

static const char *name_shown(struct arena *arena, struct span name)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, name);
    return buf_keep(&clean, arena);
}

static const char *places(struct arena *arena, const struct ranked *m)
{
    if (m->place_low == m->place_high)
        return arena_printf(arena, "%zu", m->place_low);
    return arena_printf(arena, "%zu-%zu", m->place_low, m->place_high);
}

/* |--o--| between the lowest and the highest end of all intervals. */
static const char *bar(struct arena *arena, const struct ranked *m, double low, double high)
{
    char text[BAR + 1];
    double by = high > low ? (BAR - 1) / (high - low) : 0;
    int from = (int)lround((m->low - low) * by), at = (int)lround((m->rating - low) * by),
        to = (int)lround((m->high - low) * by);
    memset(text, ' ', BAR);
    for (int i = from; i <= to && i < BAR; i++)
        text[i] = '-';
    text[from] = text[to] = '|';
    text[at] = 'o';
    text[to + 1] = '\0';
    return arena_printf(arena, "%s", text);
}

static bool draw_table(struct arena *arena, const struct ranking *r, struct buf *out)
{
    const struct table_column columns[COLUMNS] = {
        {tr("rank.places", "places"), false},
        {tr("rank.model", "model"), false},
        {tr("rank.rating", "rating"), true},
        {/* xgettext:no-c-format */ tr("rank.interval", "95 % interval"), false},
        {tr("rank.votes", "votes"), true},
        {"", false}};
    const char **cells = arena_array(arena, r->rated * COLUMNS + 1, sizeof *cells);
    double low = INFINITY, high = -INFINITY;
    if (!cells)
        return false;
    for (size_t i = 0; i < r->rated; i++) {
        low = fmin(low, r->at[i].low);
        high = fmax(high, r->at[i].high);
    }
    for (size_t i = 0; i < r->rated; i++) {
        const struct ranked *m = &r->at[i];
        const char **row = cells + i * COLUMNS;
        row[0] = places(arena, m);
        row[1] = name_shown(arena, m->name);
        row[2] = arena_printf(arena, "%.0f", m->rating);
        row[3] = arena_printf(arena, "%.0f .. %.0f", m->low, m->high);
        row[4] = say_number(arena, m->votes);
        row[5] = bar(arena, m, low, high);
    }
    table_text(out,
               &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = r->rated});
    return true;
}

static void sentence(struct buf *out, const struct buf *line)
{
    wrap_text(out, buf_text(line), WIDTH, 0);
}

static void say_first(struct arena *arena, const struct votes *v, const struct ranking *r, struct buf *out)
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
    sentence(out, &line);
}

/* Tiers of several models: "Places 1 to 3 cannot be told apart." */
static void say_tiers(struct arena *arena, const struct ranking *r, struct buf *out)
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
            words_say(&line, tr("rank.first", "{name} is first."), {"name", name_shown(arena, top->name)});
        buf_add_byte(&line, ' ');
        buf_add_text(&line, tr("rank.sets", "Places hold for all models at once."));
        sentence(out, &line);
    }
}

/* "Dropping 23 of 41,208 votes (0.06 %) would swap the first two." */
static void say_frail(struct arena *arena, const struct ranking *r, struct buf *out)
{
    const struct flip *f = &r->lead.flip;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!r->lead.flip_known || f->removed == 0)
        return;
    words_say(&line, tr("arena.frail", "Dropping {k} of {n} votes ({p} %) would swap the first two."),
              {"k", say_number(arena, f->removed)}, {"n", say_number(arena, f->votes)},
              {"p", arena_printf(arena, "%.2g", 100 * (double)f->removed / (double)f->votes)});
    sentence(out, &line);
}

static void say_method(struct arena *arena, const struct votes *v, const struct ranking *r, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    buf_add_text(&line, r->ask.ties == BT_HALF       ? tr("rank.half", "Ties count as half.")
                        : r->ask.ties == BT_DAVIDSON ? tr("rank.davidson", "Ties: Davidson.")
                                                     : tr("rank.kupper", "Ties: Rao-Kupper."));
    buf_add_byte(&line, ' ');
    buf_add_text(&line, r->ask.bad_is_tie ? tr("rank.bad_tie", "“Both are bad” counts as a tie.")
                                          : tr("rank.bad_apart", "“Both are bad” is kept apart."));
    buf_add_byte(&line, ' ');
    if (v->ask.clusters)
        words_say(&line, tr("rank.clustered", "Errors clustered by {column}, {n} clusters."),
                  {"column", v->cluster_column[0] ? v->cluster_column[0] : v->ask.cluster[0]},
                  {"n", say_number(arena, (int64_t)r->clusters[0])});
    else
        buf_add_text(&line, tr("rank.plain", "Each vote stands for itself in the errors."));
    buf_add_byte(&line, ' ');
    buf_add_text(&line, r->style.used  ? tr("arena.style", "Length and layout of the answers are taken out.")
                        : v->has_style ? tr("rank.style_unasked", "Style is not taken out; --style does.")
                                       : tr("arena.no_style", "Style is not taken out: no columns."));
    sentence(out, &line);
}

/* Those without a rating, each with its reason. */
static void say_apart(struct arena *arena, const struct ranking *r, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    size_t said = 0;
    for (size_t i = r->rated; i < r->n && said < 20; i++, said++) {
        const struct ranked *m = &r->at[i];
        const char *name = name_shown(arena, m->name);
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
        sentence(out, &line);
    }
    if (r->n - r->rated > said) {
        buf_reset(&line);
        words_say(
            &line,
            tr("rank.more_apart", "{n} more models are not on one scale with these; --json lists them."),
            {"n", say_number(arena, (int64_t)(r->n - r->rated - said))});
        sentence(out, &line);
    }
}

bool rank_text(struct arena *arena, const struct votes *votes, const struct ranking *r, struct buf *out,
               struct err *err)
{
    say_first(arena, votes, r, out);
    if (r->rated && !draw_table(arena, r, out))
        return fail_memory(err);
    if (r->rated == 0)
        wrap_text(out, tr("empty.arena", "Not enough votes to say anything. That is an answer too."), WIDTH,
                  0);
    say_tiers(arena, r, out);
    say_frail(arena, r, out);
    say_apart(arena, r, out);
    say_method(arena, votes, r, out);
    for (size_t i = 0; i < r->warnings; i++)
        wrap_text(out, r->warning[i], WIDTH, 2);
    return buf_ok(out, err);
}
