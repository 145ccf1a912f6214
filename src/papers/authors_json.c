/* What people publish, for --json. */
#include "papers/authors_db.h"

#include "base/banned.h"

static const char *const kinds[] = {"split", "exact", "merge"};

/* One number in the three ways, the interval over those in which there is anybody, and the bootstrap's
 * intervals. */
struct figure {
    bool any[AUTHORS_KINDS];
    double at[AUTHORS_KINDS], low[AUTHORS_KINDS], high[AUTHORS_KINDS];
    bool whole;
};

static json_t *number(const struct figure *f, double x)
{
    return f->whole ? json_integer((json_int_t)x) : json_real(x);
}

static json_t *figure_json(const struct figure *f)
{
    json_t *all = json_object(), *draws = json_object();
    double lower = f->any[AUTHORS_EXACT] ? f->at[AUTHORS_EXACT] : 0, upper = lower;
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        json_object_set_new(all, kinds[k], number(f, f->at[k]));
        json_object_set_new(draws, kinds[k], json_pack("[o,o]", number(f, f->low[k]), number(f, f->high[k])));
        lower = f->any[k] && f->at[k] < lower ? f->at[k] : lower;
        upper = f->any[k] && f->at[k] > upper ? f->at[k] : upper;
    }
    json_object_set_new(all, "lower", number(f, lower));
    json_object_set_new(all, "upper", number(f, upper));
    json_object_set_new(all, "ci95", draws);
    return all;
}

static json_t *spread_json(const struct authors_spread *s)
{
    static const char *const names[] = {"q25", "median", "q75", "p90", "p99"};
    json_t *all = json_object(), *people = json_object(), *ones = json_object();
    struct figure one = {.whole = false};
    for (int k = 0; k < AUTHORS_KINDS; k++) {
        const struct counts *c = &s->by[k];
        json_object_set_new(people, kinds[k], json_integer(c->n));
        json_object_set_new(ones, kinds[k], json_integer(c->ones));
        one.any[k] = c->n > 0;
        one.at[k] = c->one;
        one.low[k] = c->one_low;
        one.high[k] = c->one_high;
    }
    json_object_set_new(all, "names", people);
    for (int q = 0; q < COUNT_MARKS; q++) {
        struct figure f = {.whole = true};
        for (int k = 0; k < AUTHORS_KINDS; k++) {
            f.any[k] = s->by[k].n > 0;
            f.at[k] = s->by[k].at[q];
            f.low[k] = s->by[k].low[q];
            f.high[k] = s->by[k].high[q];
        }
        json_object_set_new(all, names[q], figure_json(&f));
    }
    json_object_set_new(all, "with_one", ones);
    json_object_set_new(all, "share_one", figure_json(&one));
    return all;
}

static json_t *ages_json(const struct authors_year *y)
{
    json_t *list = json_array();
    for (int g = 0; g < AUTHORS_AGES; g++) {
        json_t *row = spread_json(&y->age[g]);
        json_object_set_new(row, "from", json_integer(authors_ages[g].from));
        json_object_set_new(row, "to",
                            authors_ages[g].to == INT32_MAX ? json_null() : json_integer(authors_ages[g].to));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *own_json(const struct authors_found *f)
{
    static const char *const said[] = {"said", "none", "shared"};
    json_t *years = json_array();
    for (int i = 0; f->own.said == OWN_SAID && i < AUTHORS_YEARS; i++)
        json_array_append_new(years,
                              json_pack("{s:i,s:I,s:I}", "year", f->own.from + i, "lower",
                                        (json_int_t)f->own.low[i], "upper", (json_int_t)f->own.high[i]));
    return json_pack("{s:s,s:s,s:o}", "name", f->me, "said", said[f->own.said], "years", years);
}

json_t *authors_json(const struct authors_found *f)
{
    json_t *venues = json_array();
    for (size_t i = 0; i < f->venues; i++)
        json_array_append_new(venues, json_pack("{s:o,s:I}", "venue", json_shown(span_of(f->venue[i].name)),
                                                "papers", (json_int_t)f->venue[i].papers));
    json_t *all = json_pack(
        "{s:s,s:i,s:b,s:I,s:I,s:i,s:o,s:I,s:o,s:o,s:o}", "field", f->field, "year", f->y.year, "complete",
        f->complete, "papers", (json_int_t)f->y.papers, "papers_five_years", (json_int_t)f->y.papers_in_all,
        "first_year", f->y.first, "venues", venues, "draws", (json_int_t)f->draws, "this_year",
        spread_json(&f->y.now), "five_years", spread_json(&f->y.five), "since_first", ages_json(&f->y));
    if (all && f->me)
        json_object_set_new(all, "own", own_json(f));
    return all;
}
