/* One bar a week from the low to the high end of a range, over an axis that begins at 0. */
#include <math.h>

#include "ui/chart.h"
#include "ui/chart_draw.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { LEFT = 40, TOP = 34, PLOT = 190, RIGHT = 636, BELOW = 34, HEIGHT = TOP + PLOT + BELOW };

struct scale {
    double top;  /* value at the upper end of the axis */
    double step; /* between two lines */
    double wide; /* units a week */
};

/* The axis ends at a whole number of steps of 1, 2 or 5 times a power of ten, with four or five lines. */
static struct scale scale_of(const struct ranges *r)
{
    double most = 1;
    for (size_t i = 0; i < r->n; i++) {
        if (!r->at[i].known)
            continue;
        most = fmax(most, r->at[i].any ? r->at[i].high : 0);
        most = fmax(most, r->at[i].own);
    }
    double ten = pow(10, floor(log10(most / 4))), rough = most / 4 / ten;
    double step = (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10) * ten;
    return (struct scale){ceil(most / step) * step, step, (RIGHT - LEFT) / (double)(r->n ? r->n : 1)};
}

static double y_of(const struct scale *s, double value)
{
    return TOP + PLOT - PLOT * fmin(fmax(value, 0), s->top) / s->top;
}

static const char *rounded(struct arena *arena, double value)
{
    return say_number(arena, (int64_t)llround(value));
}

static void draw_axis(struct html *h, struct arena *arena, const struct ranges *r, const struct scale *s)
{
    draw_text(h, "unit", 0, 14, r->unit);
    for (int i = 0; i * s->step <= s->top + s->step / 2; i++) {
        double y = y_of(s, i * s->step);
        draw_line(h, i ? "grid" : "base", LEFT, y, RIGHT, y);
        if (s->step >= 1 || i == 0)
            draw_text(h, "value", LEFT - 8, y + 5, rounded(arena, i * s->step));
    }
}

/* What a week without a bar is called: the same words in picture and table. */
static const char *absence(const struct ranges *r, const struct range_bar *b)
{
    return !b->known ? tr("chart.unknown", "not known") : r->none ? r->none : tr("chart.none", "no signs");
}

static const char *range_text(struct arena *arena, const char *pattern, const struct range_bar *b)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 200);
    words_say(&text, pattern, {"a", rounded(arena, b->low)}, {"b", rounded(arena, b->high)});
    return buf_keep(&text, arena);
}

static bool has_bar(const struct range_bar *b)
{
    return b->known && b->any;
}

static void draw_bars(struct html *h, const struct ranges *r, const struct scale *s)
{
    double width = fmin(18, s->wide * 0.5);
    for (size_t i = 0; i < r->n; i++) {
        const struct range_bar *b = &r->at[i];
        double x = LEFT + s->wide * ((double)i + 0.5), low = y_of(s, b->low), high = y_of(s, b->high);
        if (has_bar(b))
            draw_rect(h, "interval", x - width / 2, high, width, fmax(low - high, 3), fmin(width / 2, 5));
        else
            draw_text_up(h, "gap", x + 5, TOP + PLOT - 10, absence(r, b));
        if (b->known && b->own >= 0)
            draw_circle(h, "estimate", x, y_of(s, b->own), 5);
    }
}

/* The last range in words, at the right edge above its bar; left out where a taller neighbour stands in its
 * place, since it would then seem to be about that one. The table has it all the same. */
static void draw_last(struct html *h, struct arena *arena, const struct ranges *r, const struct scale *s)
{
    enum { TEXT = 120, RAISED_MOST = 14 }; /* units the words need; how far from its bar they may stand */
    if (r->n == 0 || !has_bar(&r->at[r->n - 1]))
        return;
    double own = y_of(s, r->at[r->n - 1].high), y = own;
    for (size_t i = r->n; i > 0 && s->wide * (double)(r->n - i) < TEXT; i--)
        if (has_bar(&r->at[i - 1]))
            y = fmin(y, y_of(s, r->at[i - 1].high));
    if (own - y <= RAISED_MOST)
        draw_text(h, "last", RIGHT, y - 8,
                  range_text(arena, tr("chart.about", "about {a} to {b}"), &r->at[r->n - 1]));
}

/* Labels keep clear of each other: at most eight in a wide window, four on a telephone ("odd" ones are left
 * out there). Counted from the last week, which always has one. */
static void draw_labels(struct html *h, struct arena *arena, const struct ranges *r, const struct scale *s)
{
    size_t every = (r->n + 7) / 8, narrow = every * ((r->n / (every ? every : 1) + 3) / 4);
    for (size_t i = 0; i < r->n; i++) {
        size_t back = r->n - 1 - i;
        if (back % every)
            continue;
        draw_text(h, back % narrow ? "week odd" : "week", LEFT + s->wide * ((double)i + 0.5), TOP + PLOT + 22,
                  r->at[i].label);
    }
    draw_last(h, arena, r, s);
}

static bool has_own(const struct ranges *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->at[i].known && r->at[i].own >= 0)
            return true;
    return false;
}

/* What the dot is. */
static const char *own_name(const struct ranges *r)
{
    return r->own_name ? r->own_name : tr("chart.own", "your own answer");
}

static void draw_key(struct html *h, const struct ranges *r)
{
    html_raw(h, "<p class=\"key\"><span><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><rect "
                "class=\"interval\" x=\"4\" y=\"0\" "
                "width=\"8\" height=\"16\" rx=\"4\"/></svg> ");
    html_text(h, tr("chart.bar", "likely range"));
    html_raw(h, "</span> <span><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle class=\"estimate\" "
                "cx=\"8\" cy=\"8\" "
                "r=\"5.5\"/></svg> ");
    html_text(h, own_name(r));
    html_raw(h, "</span></p>\n");
}

static void draw_numbers(struct html *h, struct arena *arena, const struct ranges *r)
{
    const struct table_column columns[] = {
        {r->head ? r->head : tr("chart.week", "Week of"), false}, {r->unit, true}, {own_name(r), true}};
    bool own = has_own(r);
    size_t n = own ? 3 : 2;
    const char **cells = arena_array(arena, r->n * n + 1, sizeof *cells);
    if (!cells) {
        h->out->failed = true;
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        const struct range_bar *b = &r->at[i];
        cells[i * n] = b->label;
        cells[i * n + 1] = has_bar(b) ? range_text(arena, tr("chart.range", "{a} to {b}"), b) : absence(r, b);
        if (own)
            cells[i * n + 2] = b->known && b->own >= 0 ? rounded(arena, b->own) : "";
    }
    draw_table(h, &(struct table){.columns = columns, .columns_n = n, .cells = cells, .rows_n = r->n});
}

void chart_ranges(struct html *h, struct arena *arena, const struct ranges *r)
{
    struct scale s = scale_of(r);
    draw_begin(h, "ranges", r->sentence, HEIGHT);
    draw_axis(h, arena, r, &s);
    draw_bars(h, r, &s);
    draw_labels(h, arena, r, &s);
    draw_end(h);
    if (has_own(r))
        draw_key(h, r);
    draw_numbers(h, arena, r);
}
