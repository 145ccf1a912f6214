/* A board for a terminal: a table, and around it what it means in plain sentences (arena/rank_say.c). */
#include <math.h>

#include "arena/rank_draw.h"
#include "base/words.h"
#include "ui/lang.h"
#include "ui/table.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 6, BAR = 20, WIDTH = 80 };

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
        row[0] = rank_places(arena, m);
        row[1] = rank_name(arena, m->name);
        row[2] = arena_printf(arena, "%.0f", m->rating);
        row[3] = arena_printf(arena, "%.0f .. %.0f", m->low, m->high);
        row[4] = say_number(arena, m->votes);
        row[5] = bar(arena, m, low, high);
    }
    table_text(out,
               &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = r->rated});
    return true;
}

bool rank_text(struct arena *arena, const struct votes *votes, const struct ranking *r, struct buf *out,
               struct err *err)
{
    struct sayings said = {0};
    if (!rank_say(arena, votes, r, &said))
        return fail_memory(err);
    for (size_t i = 0; i < said.n; i++) {
        if (i == said.head && r->rated && !draw_table(arena, r, out))
            return fail_memory(err);
        wrap_text(out, said.at[i], WIDTH, 0);
    }
    for (size_t i = 0; i < r->warnings; i++)
        wrap_text(out, r->warning[i], WIDTH, 2);
    return buf_ok(out, err);
}
