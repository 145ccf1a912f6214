/* What people publish, in words. */
#include "papers/authors_say.h"

#include <math.h>

#include "base/words.h"
#include "papers/field.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { VENUES_SAID = 12, COLUMNS = 4, AGE_COLUMNS = 5, TEXT_MOST = 1 << 14 };

static const char *filled(struct arena *arena, const char *pattern, const struct arg *args)
{
    AUTO_BUF struct buf text;
    buf_init(&text, TEXT_MOST);
    words_fill(&text, pattern, args);
    return buf_keep(&text, arena);
}
#define SAY(arena, pattern, ...) filled((arena), (pattern), (const struct arg[]){__VA_ARGS__, {0}})

/* ---- sentences ---- */

/* Small numbers as words, as in running text. */
static const char *count_said(struct arena *arena, int64_t n)
{
    static const struct words small[] = {
        N_("number.1", "one"),  N_("number.2", "two"), N_("number.3", "three"), N_("number.4", "four"),
        N_("number.5", "five"), N_("number.6", "six"), N_("number.7", "seven"), N_("number.8", "eight"),
        N_("number.9", "nine"), N_("number.10", "ten")};
    return n >= 1 && n <= (int64_t)(sizeof small / sizeof *small) ? words_of(small[n - 1])
                                                                  : say_number(arena, n);
}

const char *authors_sentence(struct arena *arena, const struct authors_found *f)
{
    const struct counts *c = &f->y.now.by[AUTHORS_EXACT];
    const char *half = c->at[COUNT_50] == 1 ? tr("authors.one", "one paper")
                                            : SAY(arena, tr("authors.fewer", "{n} papers or fewer"),
                                                  {"n", count_said(arena, c->at[COUNT_50])});
    return SAY(arena,
               tr("authors.sentence", "In {year}, half of the names in these venues had {half}; one in a "
                                      "hundred had {n} or more."),
               {"year", say_year(arena, f->y.year)}, {"half", half},
               {"n", count_said(arena, c->at[COUNT_99])});
}

const char *authors_venues(struct arena *arena, const struct authors_found *f)
{
    AUTO_BUF struct buf list;
    buf_init(&list, TEXT_MOST);
    for (size_t i = 0; i < f->venues && i < VENUES_SAID; i++) {
        if (i)
            buf_add_text(&list, tr("authors.comma", ", "));
        buf_add_text(&list, f->venues == 1
                                ? f->venue[i].name
                                : SAY(arena, tr("authors.venue", "{venue} {n}"), {"venue", f->venue[i].name},
                                      {"n", say_number(arena, f->venue[i].papers)}));
    }
    if (f->venues > VENUES_SAID)
        buf_add_text(&list, SAY(arena, tr("authors.more_venues", " and {n} more"),
                                {"n", say_number(arena, (int64_t)(f->venues - VENUES_SAID))}));
    return SAY(arena,
               trn("authors.venues", "{venues}: {n} paper with {m} names as they are written.",
                   "{venues}: {n} papers with {m} names as they are written.", (unsigned long)f->y.papers),
               {"venues", buf_keep(&list, arena)}, {"n", say_number(arena, f->y.papers)},
               {"m", say_number(arena, f->y.now.by[AUTHORS_EXACT].n)});
}

const char *authors_young(struct arena *arena, const struct authors_found *f)
{
    return f->complete ? NULL
                       : SAY(arena, tr("authors.young", "{year} is not over, so these numbers will change."),
                             {"year", say_year(arena, f->y.year)});
}

const char *authors_reading(struct arena *arena, const struct authors_found *f)
{
    return SAY(arena,
               tr("authors.reading",
                  "Names are not people. Between: at least, papers of one full name are one person's where a "
                  "co-author, or a venue and rare words of the title, join them; at most, one surname with "
                  "one first initial is one person. By chance: 95 of 100 times, when the papers are drawn "
                  "anew {n} times."),
               {"n", say_number(arena, (int64_t)f->draws)});
}

static const char *from_to(struct arena *arena, int64_t low, int64_t high)
{
    return low == high ? say_number(arena, low)
                       : SAY(arena, tr("authors.from_to", "{a} to {b}"), {"a", say_number(arena, low)},
                             {"b", say_number(arena, high)});
}

const char *authors_own_line(struct arena *arena, const struct authors_found *f)
{
    AUTO_BUF struct buf years;
    buf_init(&years, TEXT_MOST);
    if (!f->me)
        return NULL;
    if (f->own.said == OWN_NONE)
        return SAY(arena,
                   tr("authors.own_none", "There is no paper under the name “{name}” in these venues."),
                   {"name", f->me});
    if (f->own.said == OWN_SHARED)
        return SAY(arena,
                   tr("authors.own_shared", "The name “{name}” may be more than one person's, so nothing is "
                                            "said of it alone."),
                   {"name", f->me});
    for (int i = 0; i < AUTHORS_YEARS; i++) {
        if (i)
            buf_add_text(&years, tr("authors.comma", ", "));
        buf_add_text(&years, SAY(arena, tr("authors.own_year", "{year}: {n}"),
                                 {"year", say_year(arena, f->own.from + i)},
                                 {"n", from_to(arena, f->own.low[i], f->own.high[i])}));
    }
    return SAY(arena, tr("authors.own", "Papers under the name “{name}”, beside nobody else's: {years}."),
               {"name", f->me}, {"years", buf_keep(&years, arena)});
}

const char *authors_norm_line(struct arena *arena, const char *field, int64_t median)
{
    if (median <= 0)
        return NULL;
    if (span_is(span_of(field), FIELD_USUAL))
        field = tr("authors.these", "these venues");
    return SAY(arena,
               trn("trends.norm", "Half of the authors in {field} published {n} paper or fewer last year.",
                   "Half of the authors in {field} published {n} papers or fewer last year.",
                   (unsigned long)median),
               {"field", field}, {"n", say_number(arena, median)});
}

/* ---- numbers ---- */

static void widen(double *low, double *high, double a, double b)
{
    *low = a < *low ? a : *low;
    *high = b > *high ? b : *high;
}

/* From the least to the greatest of the three ways, where there is anybody; with the draws: of their
 * intervals as well. */
static const char *between(struct arena *arena, const struct authors_spread *s, int q, bool draws)
{
    double low = INFINITY, high = 0;
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        const struct counts *c = &s->by[k];
        if (!c->n)
            continue;
        widen(&low, &high, c->at[q], c->at[q]);
        if (draws)
            widen(&low, &high, c->low[q], c->high[q]);
    }
    return low <= high ? from_to(arena, (int64_t)low, (int64_t)high) : NULL;
}

static const char *percent(struct arena *arena, double low, double high)
{
    return SAY(arena, tr("authors.percent", "{n} %"),
               {"n", from_to(arena, llround(100 * low), llround(100 * high))});
}

static const char *between_ones(struct arena *arena, const struct authors_spread *s, bool draws)
{
    double low = 1, high = 0;
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        const struct counts *c = &s->by[k];
        if (!c->n)
            continue;
        widen(&low, &high, c->one, c->one);
        if (draws)
            widen(&low, &high, c->one_low, c->one_high);
    }
    return percent(arena, low, high);
}

/* ---- tables ---- */

static const char *mark_said(int q)
{
    static const struct words marks[COUNT_MARKS] = {
        N_("authors.q25", "a quarter: at most"), N_("authors.q50", "half: at most"),
        N_("authors.q75", "three quarters: at most"), N_("authors.q90", "nine in ten: at most"),
        N_("authors.q99", "99 in 100: at most")};
    return words_of(marks[q]);
}

static bool spread_table(struct arena *arena, const struct authors_spread *s, const char *caption,
                         struct table *out)
{
    enum { ROWS = COUNT_MARKS + 2 };
    struct table_column *columns = arena_array(arena, COLUMNS, sizeof *columns);
    const char **cells = arena_array(arena, ROWS * COLUMNS, sizeof *cells);
    const struct counts *c = &s->by[AUTHORS_EXACT];
    if (!columns || !cells)
        return false;
    columns[0] = (struct table_column){tr("authors.col.of", "of the names"), false};
    columns[1] = (struct table_column){tr("authors.col.written", "as written"), true};
    columns[2] = (struct table_column){tr("authors.col.between", "between"), true};
    columns[3] = (struct table_column){tr("authors.col.chance", "by chance"), true};
    for (int q = 0; q < COUNT_MARKS; q++) {
        const char *row[COLUMNS] = {mark_said(q), say_number(arena, c->at[q]), between(arena, s, q, false),
                                    from_to(arena, c->low[q], c->high[q])};
        memcpy(cells + q * COLUMNS, row, sizeof row);
    }
    const char *ones[COLUMNS] = {tr("authors.ones", "with exactly one"), percent(arena, c->one, c->one),
                                 between_ones(arena, s, false), percent(arena, c->one_low, c->one_high)};
    memcpy(cells + COUNT_MARKS * COLUMNS, ones, sizeof ones);
    int64_t least = c->n, most = c->n;
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        least = s->by[k].n < least ? s->by[k].n : least;
        most = s->by[k].n > most ? s->by[k].n : most;
    }
    const char *names[COLUMNS] = {tr("authors.names", "how many there are"), say_number(arena, c->n),
                                  from_to(arena, least, most), NULL};
    memcpy(cells + (COUNT_MARKS + 1) * COLUMNS, names, sizeof names);
    *out = (struct table){
        .caption = caption, .columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = ROWS};
    return true;
}

bool authors_table_now(struct arena *arena, const struct authors_found *f, struct table *out)
{
    return spread_table(arena, &f->y.now,
                        SAY(arena, tr("authors.now", "Names with at least one paper in {year}"),
                            {"year", say_year(arena, f->y.year)}),
                        out);
}

bool authors_table_five(struct arena *arena, const struct authors_found *f, struct table *out)
{
    return spread_table(
        arena, &f->y.five,
        SAY(arena,
            tr("authors.five", "Papers in {year} of names with at least one since {from}, zeros "
                               "included"),
            {"year", say_year(arena, f->y.year)}, {"from", say_year(arena, f->y.year - AUTHORS_YEARS + 1)}),
        out);
}

static const char *age_said(struct arena *arena, int g)
{
    const struct authors_age *age = &authors_ages[g];
    if (age->to == 0)
        return tr("authors.age.first", "the first year");
    if (age->to == INT32_MAX)
        return SAY(arena, tr("authors.age.more", "{n} or more"), {"n", say_number(arena, age->from)});
    return from_to(arena, age->from, age->to);
}

bool authors_table_ages(struct arena *arena, const struct authors_found *f, struct table *out)
{
    struct table_column *columns = arena_array(arena, AGE_COLUMNS, sizeof *columns);
    const char **cells = arena_array(arena, AUTHORS_AGES * AGE_COLUMNS, sizeof *cells);
    size_t rows = 0;
    if (!columns || !cells)
        return false;
    columns[0] = (struct table_column){tr("authors.col.years", "years since the first"), false};
    columns[1] = (struct table_column){tr("authors.col.names", "names"), true};
    columns[2] = (struct table_column){tr("authors.col.half", "half: at most"), true};
    columns[3] = (struct table_column){tr("authors.col.nine", "nine in ten"), true};
    columns[4] = (struct table_column){tr("authors.col.ones", "exactly one"), true};
    for (int g = 0; g < AUTHORS_AGES; g++) {
        const struct authors_spread *s = &f->y.age[g];
        if (!s->by[AUTHORS_EXACT].n)
            continue;
        const char *row[AGE_COLUMNS] = {age_said(arena, g), say_number(arena, s->by[AUTHORS_EXACT].n),
                                        between(arena, s, COUNT_50, true), between(arena, s, COUNT_90, true),
                                        between_ones(arena, s, true)};
        memcpy(cells + rows++ * AGE_COLUMNS, row, sizeof row);
    }
    *out = (struct table){.caption = SAY(arena,
                                         tr("authors.ages", "By years since the first paper here; the "
                                                            "papers here begin in {year}"),
                                         {"year", say_year(arena, f->y.first)}),
                          .columns = columns,
                          .columns_n = AGE_COLUMNS,
                          .cells = cells,
                          .rows_n = rows};
    return true;
}

bool authors_chart(struct arena *arena, const struct authors_found *f, struct intervals *out)
{
    struct interval_row *rows = arena_array(arena, COUNT_MARKS, sizeof *rows);
    if (!rows)
        return false;
    for (int q = 0; q < COUNT_MARKS; q++) {
        rows[q] = (struct interval_row){.label = mark_said(q), .at = f->y.now.by[AUTHORS_EXACT].at[q]};
        rows[q].low = rows[q].high = rows[q].at;
        for (int k = 0; k < AUTHORS_KINDS; k++)
            widen(&rows[q].low, &rows[q].high, f->y.now.by[k].at[q], f->y.now.by[k].at[q]);
    }
    *out = (struct intervals){.at = rows,
                              .n = COUNT_MARKS,
                              .sentence = authors_sentence(arena, f),
                              .unit = tr("authors.unit", "papers in the year")};
    return true;
}
