/* Verdicts in words. */
#include "papers/trends_draw.h"

#include <math.h>
#include <stdlib.h>

#include "base/words.h"
#include "codec/form.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { COLUMNS = 5 };

static const char *verdict_said(struct span word)
{
    if (span_is(word, verdict_word(VERDICT_LASTING)))
        return tr("trends.lasting", "lasting");
    if (span_is(word, verdict_word(VERDICT_FADED)))
        return tr("trends.faded", "faded");
    if (span_is(word, verdict_word(VERDICT_UNCLEAR)))
        return tr("trends.unclear", "unclear");
    return tr("trends.early", "too early to tell");
}

static const char *filled(struct arena *arena, const char *pattern, const struct arg *args)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 14);
    words_fill(&text, pattern, args);
    return buf_keep(&text, arena);
}
#define SAY(arena, pattern, ...) filled((arena), (pattern), (const struct arg[]){__VA_ARGS__, {0}})

static bool of_100(struct arena *arena, const json_t *row, struct term_shown *t)
{
    double p = json_number_value(json_object_get(row, "p_lasting")),
           low = json_number_value(json_object_get(row, "low")),
           high = json_number_value(json_object_get(row, "high"));
    t->told = json_is_number(json_object_get(row, "p_lasting"));
    t->odds = t->band = "";
    if (!t->told)
        return true;
    t->odds = SAY(arena, tr("trends.of_100", "{p} of 100"), {"p", say_number(arena, llround(100 * p))});
    t->band = SAY(arena, tr("trends.band", "{a} to {b}"), {"a", say_number(arena, llround(100 * low))},
                  {"b", say_number(arena, llround(100 * high))});
    return t->odds && t->band;
}

static bool read_term(struct arena *arena, const json_t *row, struct term_shown *out, struct err *err)
{
    struct span term, verdict;
    int64_t papers;
    const json_t *like = json_object_get(row, "like");
    *out = (struct term_shown){.row = row};
    if (!json_get_text(row, "term", TRENDS_TERM, &term, err) ||
        !json_get_text(row, "verdict", 100, &verdict, err) ||
        !json_get_int(row, "papers", 0, INT32_MAX, &papers, err) ||
        !json_get_int(like, "n", 0, INT32_MAX, &out->like, err) ||
        !json_get_int(like, "lasting", 0, INT32_MAX, &out->like_lasting, err))
        return false;
    out->term = arena_text(arena, term);
    out->papers = say_number(arena, papers);
    out->verdict = verdict_said(verdict);
    return out->term && of_100(arena, row, out) ? true : fail_memory(err);
}

bool trends_shown(struct arena *arena, const json_t *verdicts, struct trends_shown *out, struct err *err)
{
    const json_t *terms, *fit = json_object_get(verdicts, "fit");
    struct span field;
    int64_t origin;
    *out = (struct trends_shown){.complete = json_is_true(json_object_get(verdicts, "complete"))};
    if (!json_get_array(verdicts, "terms", 1 << 20, &terms, err) ||
        !json_get_text(verdicts, "field", 4 * TRENDS_TERM, &field, err) ||
        !json_get_int(verdicts, "origin", 0, 9999, &origin, err) ||
        !json_get_int(verdicts, "candidates", 0, INT32_MAX, &out->candidates, err))
        return false;
    if (json_is_object(fit) && (!json_get_int(fit, "cases", 0, INT32_MAX, &out->cases, err) ||
                                !json_get_int(fit, "lasting", 0, INT32_MAX, &out->lasting, err)))
        return false;
    out->origin = (int)origin;
    out->field = arena_text(arena, field);
    out->all = json_array_size(terms);
    out->n = out->all < TRENDS_SHOWN ? out->all : TRENDS_SHOWN;
    out->at = arena_array(arena, out->n + 1, sizeof *out->at);
    if (!out->field || !out->at)
        return fail_memory(err);
    for (size_t i = 0; i < out->n; i++)
        if (!read_term(arena, json_array_get(terms, i), &out->at[i], err))
            return false;
    return true;
}

const char *trends_head(struct arena *arena, const struct trends_shown *t)
{
    if (t->all == 0)
        return SAY(arena, tr("trends.none", "Nothing rose in {year} beyond what is usual in this field."),
                   {"year", say_year(arena, t->origin)});
    return SAY(arena,
               trn("trends.rose", "{n} term rose in {year} beyond what is usual in this field.",
                   "{n} terms rose in {year} beyond what is usual in this field.", t->all),
               {"n", say_number(arena, (int64_t)t->all)}, {"year", say_year(arena, t->origin)});
}

const char *trends_base(struct arena *arena, const struct trends_shown *t, const struct term_shown *term)
{
    if (t->cases == 0)
        return tr("trends.untaught", "There are too few cases whose end is known here, so nothing is said of "
                                     "what will last.");
    if (!t->complete)
        return tr("trends.incomplete", "The year is not over, so it is too early for all of them.");
    if (!term || !term->told)
        return NULL;
    return SAY(arena,
               tr("trends.base", "Of {n} terms that rose like “{term}”, {k} were at half strength or more "
                                 "four years later. For any rising term it is {a} of {b}."),
               {"n", say_number(arena, term->like)}, {"term", term->term},
               {"k", say_number(arena, term->like_lasting)}, {"a", say_number(arena, t->lasting)},
               {"b", say_number(arena, t->cases)});
}

const char *trends_papers(struct arena *arena, int64_t papers, const char *origin)
{
    return SAY(arena,
               trn("trends.papers", "{n} paper in the two years up to {year}.",
                   "{n} papers in the two years up to {year}.", (unsigned long)papers),
               {"n", say_number(arena, papers)}, {"year", say_year(arena, (int)strtol(origin, NULL, 10))});
}

void trends_address(struct buf *out, const char *field, const char *term)
{
    buf_add_text(out, "/terms/term?field=");
    form_write(out, span_of(field));
    buf_add_text(out, "&term=");
    form_write(out, span_of(term));
}

bool trends_table(struct arena *arena, const struct trends_shown *t, struct table *out)
{
    struct table_column *columns = arena_array(arena, COLUMNS, sizeof *columns);
    const char **cells = arena_array(arena, t->n * COLUMNS + 1, sizeof *cells);
    if (!columns || !cells)
        return false;
    columns[0] = (struct table_column){tr("trends.col.term", "term"), false};
    columns[1] = (struct table_column){tr("trends.col.papers", "papers in two years"), true};
    columns[2] = (struct table_column){tr("trends.col.verdict", "verdict"), false};
    columns[3] = (struct table_column){tr("trends.col.odds", "odds that it lasts"), true};
    columns[4] = (struct table_column){tr("trends.col.band", "between"), true};
    for (size_t i = 0; i < t->n; i++) {
        const struct term_shown *term = &t->at[i];
        const char *row[COLUMNS] = {term->term, term->papers, term->verdict, term->odds, term->band};
        memcpy(cells + i * COLUMNS, row, sizeof row);
    }
    *out = (struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = t->n};
    return true;
}
