/* Verdicts in words. */
#include "papers/trends_draw.h"

#include <math.h>
#include <stdlib.h>

#include "base/words.h"
#include "codec/form.h"
#include "papers/authors_say.h"
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
    out->papers_n = papers;
    out->papers = say_number(arena, papers);
    out->verdict = verdict_said(verdict);
    return out->term && of_100(arena, row, out) ? true : fail_memory(err);
}

/* All but the rows. */
static bool read_head(struct arena *arena, const json_t *verdicts, struct trends_shown *out, struct err *err)
{
    const json_t *terms, *fit = json_object_get(verdicts, "fit");
    struct span field;
    *out = (struct trends_shown){.complete = json_is_true(json_object_get(verdicts, "complete"))};
    if (!json_get_array(verdicts, "terms", 1 << 20, &terms, err) ||
        !json_get_text(verdicts, "field", 4 * TRENDS_TERM, &field, err) ||
        !json_get_int(verdicts, "candidates", 0, INT32_MAX, &out->candidates, err))
        return false;
    if (json_is_object(fit) && (!json_get_int(fit, "cases", 0, INT32_MAX, &out->cases, err) ||
                                !json_get_int(fit, "lasting", 0, INT32_MAX, &out->lasting, err)))
        return false;
    if (!verdicts_unit(json_object_get(verdicts, "origin"), &out->origin, &out->quarters))
        return fail(err, E_FORMAT, "origin");
    out->when = trends_when(arena, out->origin, out->quarters);
    const json_t *norm = json_object_get(verdicts, "norm");
    int64_t norm_year = 0;
    if (json_is_object(norm) && (!json_get_int(norm, "year", 0, 9999, &norm_year, err) ||
                                 !json_get_int(norm, "median", 0, INT32_MAX, &out->norm, err)))
        return false;
    out->norm_year = (int)norm_year;
    out->field = arena_text(arena, field);
    out->all = json_array_size(terms);
    return out->field && out->when ? true : fail_memory(err);
}

bool trends_shown(struct arena *arena, const json_t *verdicts, struct trends_shown *out, struct err *err)
{
    const json_t *terms = json_object_get(verdicts, "terms"), *early = json_object_get(verdicts, "early");
    if (!read_head(arena, verdicts, out, err))
        return false;
    out->n = out->all < TRENDS_SHOWN ? out->all : TRENDS_SHOWN;
    size_t young = json_array_size(early) < TRENDS_EARLY ? json_array_size(early) : TRENDS_EARLY;
    out->rows = out->n + young;
    out->at = arena_array(arena, out->rows + 1, sizeof *out->at);
    if (!out->at)
        return fail_memory(err);
    for (size_t i = 0; i < out->n; i++)
        if (!read_term(arena, json_array_get(terms, i), &out->at[i], err))
            return false;
    for (size_t i = 0; i < young; i++)
        if (!read_term(arena, json_array_get(early, i), &out->at[out->n + i], err))
            return false;
    return true;
}

bool trends_shown_term(struct arena *arena, const json_t *verdicts, struct span term,
                       struct trends_shown *out, struct err *err)
{
    static const char *const lists[] = {"terms", "early"};
    if (!read_head(arena, verdicts, out, err))
        return false;
    for (size_t k = 0; k < 2; k++) {
        size_t i;
        json_t *row;
        json_array_foreach(json_object_get(verdicts, lists[k]), i, row)
        {
            const char *name = json_string_value(json_object_get(row, "term"));
            if (out->rows || !name || !span_is(term, name))
                continue;
            if (!(out->at = arena_array(arena, 1, sizeof *out->at)))
                return fail_memory(err);
            out->rows = 1;
            if (!read_term(arena, row, &out->at[0], err))
                return false;
        }
    }
    return true;
}

const char *trends_head(struct arena *arena, const struct trends_shown *t)
{
    if (t->all == 0)
        return SAY(arena, tr("trends.none", "Nothing rose in {year} beyond what is usual in this field."),
                   {"year", t->when});
    return SAY(arena,
               trn("trends.rose", "{n} term rose in {year} beyond what is usual in this field.",
                   "{n} terms rose in {year} beyond what is usual in this field.", t->all),
               {"n", say_number(arena, (int64_t)t->all)}, {"year", t->when});
}

const char *trends_base(struct arena *arena, const struct trends_shown *t, const struct term_shown *term)
{
    if (t->cases == 0)
        return tr("trends.untaught", "There are too few cases whose end is known here, so nothing is said of "
                                     "what will last.");
    if (!t->complete)
        return t->quarters
                   ? tr("trends.incomplete.quarter", "The papers of this quarter are not all here, so "
                                                     "it is too early for all of them.")
                   : tr("trends.incomplete", "The year is not over, so it is too early for all of "
                                             "them.");
    if (!term || !term->told)
        return NULL;
    if (term->like == 0) /* of this field's own cases none is known yet: they are those of the others */
        return SAY(arena,
                   t->quarters
                       ? tr("trends.base.other.quarter",
                            "Of {b} terms that rose in other fields, {a} were at half strength or "
                            "more a year later.")
                       : tr("trends.base.other", "Of {b} terms that rose in other fields, {a} were at "
                                                 "half strength or more four years later."),
                   {"a", say_number(arena, t->lasting)}, {"b", say_number(arena, t->cases)});
    return SAY(arena,
               t->quarters ? tr("trends.base.quarter",
                                "Of {n} terms that rose like “{term}”, {k} were at half strength or more a "
                                "year later. For any rising term it is {a} of {b}.")
                           : tr("trends.base", "Of {n} terms that rose like “{term}”, {k} were at half "
                                               "strength or more four years later. For any rising term it is "
                                               "{a} of {b}."),
               {"n", say_number(arena, term->like)}, {"term", term->term},
               {"k", say_number(arena, term->like_lasting)}, {"a", say_number(arena, t->lasting)},
               {"b", say_number(arena, t->cases)});
}

const char *trends_when(struct arena *arena, int unit, bool quarters)
{
    if (!quarters)
        return say_year(arena, unit);
    AUTO_BUF struct buf text;
    buf_init(&text, 16);
    unit_add(&text, unit, true);
    const char *label = buf_text(&text); /* 2025Q2 */
    return SAY(arena, tr("trends.quarter", "quarter {q} of {year}"), {"q", label + strlen(label) - 1},
               {"year", say_year(arena, (int)strtol(label, NULL, 10))});
}

const char *trends_papers(struct arena *arena, int64_t papers, int origin, bool quarters)
{
    const char *pattern = quarters ? trn("trends.papers.quarter", "{n} paper in the half-year up to {year}.",
                                         "{n} papers in the half-year up to {year}.", (unsigned long)papers)
                                   : trn("trends.papers", "{n} paper in the two years up to {year}.",
                                         "{n} papers in the two years up to {year}.", (unsigned long)papers);
    return SAY(arena, pattern, {"n", say_number(arena, papers)},
               {"year", trends_when(arena, origin, quarters)});
}

void trends_address(struct buf *out, const char *field, const char *term)
{
    buf_add_text(out, "/terms/term?field=");
    form_write(out, span_of(field));
    buf_add_text(out, "&term=");
    form_write(out, span_of(term));
}

const char *trends_norm(struct arena *arena, const struct trends_shown *t, int this_year)
{
    return t->norm_year == this_year - 1 ? authors_norm_line(arena, t->field, t->norm) : NULL;
}

bool trends_table(struct arena *arena, const struct trends_shown *t, struct table *out)
{
    struct table_column *columns = arena_array(arena, COLUMNS, sizeof *columns);
    const char **cells = arena_array(arena, t->rows * COLUMNS + 1, sizeof *cells);
    if (!columns || !cells)
        return false;
    columns[0] = (struct table_column){tr("trends.col.term", "term"), false};
    columns[1] = (struct table_column){t->quarters ? tr("trends.col.papers.quarter", "papers in two quarters")
                                                   : tr("trends.col.papers", "papers in two years"),
                                       true};
    columns[2] = (struct table_column){tr("trends.col.verdict", "verdict"), false};
    columns[3] = (struct table_column){tr("trends.col.odds", "odds that it lasts"), true};
    columns[4] = (struct table_column){tr("trends.col.band", "between"), true};
    for (size_t i = 0; i < t->rows; i++) {
        const struct term_shown *term = &t->at[i];
        const char *row[COLUMNS] = {term->term, term->papers, term->verdict, term->odds, term->band};
        memcpy(cells + i * COLUMNS, row, sizeof row);
    }
    *out = (struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = t->rows};
    return true;
}
