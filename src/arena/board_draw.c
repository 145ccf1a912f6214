/* Intervals and history of a board, each a picture with its table. */
#include "arena/board_draw.h"

#include <math.h>

#include "base/words.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { COLUMNS = 6, NEEDS_SHOWN = 5 };

static const char *places(struct arena *arena, const struct ranking *r, const struct ranked *m)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 200);
    if (!r->sets_known)
        return "";
    if (m->place_low == m->place_high)
        return say_number(arena, (int64_t)m->place_low);
    words_say(&line, tr("chart.range", "{a} to {b}"), {"a", say_number(arena, (int64_t)m->place_low)},
              {"b", say_number(arena, (int64_t)m->place_high)});
    return buf_keep(&line, arena);
}

static const char *whole(struct arena *arena, double x)
{
    return say_number(arena, (int64_t)llround(x));
}

static const char *interval(struct arena *arena, double low, double high)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 200);
    words_say(&line, tr("chart.range", "{a} to {b}"), {"a", whole(arena, low)}, {"b", whole(arena, high)});
    return buf_keep(&line, arena);
}

bool board_draw(struct html *h, struct arena *arena, const struct ranking *r, struct err *err)
{
    const struct table_column columns[COLUMNS] = {
        {tr("rank.model", "model"), false},
        {tr("rank.places", "places"), true},
        {tr("rank.rating", "rating"), true},
        {/* xgettext:no-c-format */ tr("rank.interval", "95 % interval"), true},
        {tr("rank.votes", "votes"), true},
        {tr("rank.bad", "both bad"), true}};
    const char **cells = arena_array(arena, r->rated * COLUMNS + 1, sizeof *cells);
    struct intervals c;
    if (!cells)
        return fail_memory(err);
    if (!rank_chart(arena, r, &c, err))
        return false;
    for (size_t i = 0; i < r->rated; i++) {
        const struct ranked *m = &r->at[i];
        const char **row = cells + i * COLUMNS;
        row[0] = rank_name(arena, m->name);
        row[1] = places(arena, r, m);
        row[2] = whole(arena, m->rating);
        row[3] = interval(arena, m->low, m->high);
        row[4] = say_number(arena, m->votes);
        row[5] = isfinite(m->bad_share) ? arena_printf(arena, "%.0f %%", 100 * m->bad_share) : "";
    }
    chart_intervals(
        h, arena, &c,
        &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = r->rated});
    return true;
}

void board_needs(struct html *h, struct arena *arena, const struct ranking *r)
{
    size_t near = 0, shown = 0;
    for (size_t i = 0; i < r->needs; i++)
        near += isinf(r->need[i].votes);
    if (r->needs == 0)
        return;
    html_raw(h, "<h2>");
    html_text(h, tr("rank.needs", "What would tell them apart"));
    html_raw(h, "</h2>\n<ul class=\"lines\">\n");
    for (size_t i = 0; i < r->needs && shown < NEEDS_SHOWN; i++) {
        const struct rank_need *n = &r->need[i];
        if (isinf(n->votes))
            continue;
        shown++;
        html_raw(h, "<li>");
        html_say(h, tr("rank.need", "{a} and {b}: about {n} more votes between the two."),
                 {"a", rank_name(arena, r->at[n->a].name)}, {"b", rank_name(arena, r->at[n->b].name)},
                 {"n", say_number(arena, (int64_t)fmin(ceil(n->votes), 1e15))});
        html_raw(h, "</li>\n");
    }
    if (near) {
        html_raw(h, "<li>");
        html_say(h,
                 trn("rank.near", "{n} pair of neighbours is nearer than 3 points: not worth asking.",
                     "{n} pairs of neighbours are nearer than 3 points: not worth asking.",
                     (unsigned long)near),
                 {"n", say_number(arena, (int64_t)near)});
        html_raw(h, "</li>\n");
    }
    if (r->nexts) {
        html_raw(h, "<li>");
        html_say(h, tr("rank.next", "The next vote says most between {a} and {b}."),
                 {"a", rank_name(arena, r->at[r->next[0].a].name)},
                 {"b", rank_name(arena, r->at[r->next[0].b].name)});
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* ---- over time ---- */

struct history {
    size_t days, rows;
    day_t *day;
    struct line_point *point; /* rows by days */
    struct line_row row[LINES_MOST];
};

static bool history_day(struct db *db, struct arena *arena, const struct kept_row *kept, struct history *t,
                        size_t d, const struct ranking *last, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct votes v;
    struct ranking r;
    struct kept_row got;
    struct span json;
    bool found;
    (void)arena;
    t->day[d] = kept->day;
    if (!kept_made(db, own, kept->name, kept->day, &got, &v, &r, &json, &found, err))
        return false;
    for (size_t i = 0; i < t->rows; i++) {
        size_t at = rank_named(&r, last->at[i].name);
        if (at < r.rated)
            t->point[i * t->days + d] =
                (struct line_point){true, r.at[at].low, r.at[at].rating, r.at[at].high};
    }
    return true;
}

static void history_table(struct html *h, struct arena *arena, const struct history *t,
                          const struct lines_chart *c)
{
    struct table_column columns[1 + LINES_MOST] = {{tr("over.day", "day"), false}};
    size_t n = 1 + t->rows;
    const char **cells = arena_array(arena, t->days * n + 1, sizeof *cells);
    if (!cells) {
        h->out->failed = true;
        return;
    }
    for (size_t i = 0; i < t->rows; i++)
        columns[1 + i] = (struct table_column){t->row[i].label, true};
    for (size_t d = 0; d < t->days; d++) {
        cells[d * n] = say_day_year(arena, t->day[d]);
        for (size_t i = 0; i < t->rows; i++) {
            const struct line_point *p = &t->point[i * t->days + d];
            cells[d * n + 1 + i] = p->known ? arena_printf(arena, "%s (%s)", whole(arena, p->at),
                                                           interval(arena, p->low, p->high))
                                            : tr("over.none", "not rated");
        }
    }
    chart_lines(h, arena, c,
                &(struct table){.columns = columns, .columns_n = n, .cells = cells, .rows_n = t->days});
}

bool board_history(struct html *h, struct db *db, struct arena *arena, const struct ranking *last,
                   const struct kept_rows *days, struct err *err)
{
    struct history t = {.days = days->n < HISTORY_MOST ? days->n : HISTORY_MOST,
                        .rows = last->rated < LINES_MOST ? last->rated : LINES_MOST};
    if (t.days < 2 || t.rows == 0)
        return true;
    t.day = arena_array(arena, t.days + 1, sizeof *t.day);
    t.point = arena_array(arena, t.rows * t.days + 1, sizeof *t.point);
    if (!t.day || !t.point)
        return fail_memory(err);
    for (size_t d = 0; d < t.days; d++)
        if (!history_day(db, arena, &days->at[t.days - 1 - d], &t, d, last, err))
            return false;
    for (size_t i = 0; i < t.rows; i++)
        t.row[i] = (struct line_row){rank_name(arena, last->at[i].name), t.point + i * t.days};
    struct lines_chart c = {.day = t.day,
                            .days = t.days,
                            .row = t.row,
                            .rows = t.rows,
                            .unit = tr("rank.rating", "rating"),
                            .sentence =
                                tr("over.sentence", "The first of the last board over time. Where bands lie "
                                                    "over each other, the order may be chance.")};
    html_raw(h, "<h2>");
    html_text(h, tr("over.title", "Over time"));
    html_raw(h, "</h2>\n");
    history_table(h, arena, &t, &c);
    return true;
}
