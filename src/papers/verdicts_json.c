/* A field's verdicts as JSON: for people's own programs, and kept for the pages. */
#include <math.h>

#include "papers/verdicts.h"

#include "base/banned.h"

static json_t *real_or_null(double x)
{
    return isnan(x) ? json_null() : json_real(x);
}

/* A list that lacks what there was no memory for is none. */
static void append(json_t **list, json_t *one)
{
    if (!*list)
        json_decref(one);
    else if (json_array_append_new(*list, one) != 0) {
        json_decref(*list);
        *list = NULL;
    }
}

json_t *verdicts_unit_json(int unit, bool quarters)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 16);
    unit_add(&text, unit, quarters);
    return text.failed ? NULL : quarters ? json_string(buf_text(&text)) : json_integer(unit);
}

bool verdicts_unit(const json_t *x, int *unit, bool *quarters)
{
    *quarters = json_is_string(x);
    if (*quarters)
        return unit_read(span_of(json_string_value(x)), unit, quarters);
    *unit = (int)json_integer_value(x);
    return json_is_integer(x) && json_integer_value(x) >= 0 && json_integer_value(x) < UNIT_FROM + UNITS;
}

static bool by_quarters(const struct verdicts *v)
{
    return v->field->panel.texts->quarters;
}

/* [[2009, 3], …]: years in which there is something; quarters as "2025Q2". */
static json_t *years_json(const struct verdicts *v, const double *n)
{
    json_t *list = json_array();
    int from = v->field->panel.first;
    for (int y = from; list && y <= v->origin; y++)
        if (n[y - from] > 0)
            append(&list, json_pack("[oI]", verdicts_unit_json(y, by_quarters(v)), (json_int_t)n[y - from]));
    return list;
}

static json_t *row_json(const struct verdicts *v, const struct verdict_row *r)
{
    json_t *also = json_array();
    for (size_t i = 0; r->also[i]; i++)
        append(&also, json_string(r->also[i]));
    return json_pack("{s:s,s:o,s:o,s:o,s:s,s:I,s:I,s:o,s:{s:i,s:i},s:o,s:o}", "term", r->term, "p_lasting",
                     real_or_null(r->p), "low", real_or_null(r->low), "high", real_or_null(r->high),
                     "verdict", verdict_word(r->verdict), "papers", (json_int_t)r->papers, "last_year",
                     (json_int_t)r->last, "base_rate", real_or_null(v->taught ? v->fit.model.base : NAN),
                     "like", "n", (int)r->like, "lasting", (int)r->like_lasting, "also", also, "years",
                     years_json(v, r->year));
}

/* Of two columns of the cases [from, to), the AUC against what became of them; NAN where all came out alike.
 */
static bool auc(const struct trends *t, size_t from, size_t to, bool burst, double *out)
{
    struct verdict_score s = {.auc = NAN};
    double *x = mem_get((to - from + 1) * sizeof *x);
    bool *lasting = mem_get(to - from + 1), ok = x && lasting;
    for (size_t i = from; ok && i < to; i++) {
        x[i - from] = burst ? t->at[i].burst : t->at[i].share;
        lasting[i - from] = t->at[i].lasting;
    }
    ok = ok && verdict_score(x, lasting, NULL, to - from, &s, NULL);
    *out = s.auc;
    mem_free(x);
    mem_free(lasting);
    return ok;
}

/* What became of the candidates of each year that is resolved by the origin: those of the years before the
 * first one that counts too, which nothing is learned from. */
static json_t *origins_json(const struct verdicts *v)
{
    const struct trends *t = &v->field->trends;
    json_t *list = json_array();
    size_t from, to;
    trends_known(t, v->origin, &from, &to);
    to = trends_before(t, v->origin - PANEL_OUTCOME + 1);
    for (size_t i = 0, end; list && i < to; i = end) {
        double burst, share, lasting = 0;
        end = trends_before(t, t->at[i].year + 1);
        for (size_t k = i; k < end; k++)
            lasting += t->at[k].lasting;
        if (!auc(t, i, end, true, &burst) || !auc(t, i, end, false, &share)) {
            json_decref(list);
            return NULL;
        }
        append(&list,
               json_pack("{s:o,s:I,s:f,s:o,s:o,s:b}", "origin",
                         verdicts_unit_json(t->at[i].year, by_quarters(v)), "candidates",
                         (json_int_t)(end - i), "lasting", lasting / (double)(end - i), "auc_burst",
                         real_or_null(burst), "auc_share", real_or_null(share), "learned_from", i >= from));
    }
    return list;
}

static json_t *fit_json(const struct verdicts *v)
{
    if (!v->taught)
        return json_null();
    const struct verdict_model *m = &v->fit.model;
    json_t *list = json_array();
    for (size_t j = 0; j < v->fit.features; j++)
        append(&list, json_pack("{s:s,s:f,s:f,s:f}", "name",
                                j + v->fit.pooled < v->fit.features ? feature_names[v->fit.feature[j]]
                                                                    : "other_field",
                                "mean", m->mean[j], "sd", m->sd[j], "weight", m->weight[j]));
    return json_pack("{s:I,s:I,s:b,s:f,s:o}", "cases", (json_int_t)v->fit.cases, "lasting",
                     (json_int_t)v->lasting, "other_fields", v->fit.pooled, "intercept", m->intercept,
                     "features", list);
}

json_t *verdicts_json(const struct verdicts *v, const char *name)
{
    const struct panel *p = &v->field->panel;
    json_t *terms = json_array(), *early = json_array();
    double total[PANEL_YEARS] = {0};
    for (size_t i = 0; i < v->n; i++)
        append(&terms, row_json(v, &v->at[i]));
    for (size_t i = 0; i < v->early_n; i++)
        append(&early, row_json(v, &v->early[i]));
    for (int y = p->first; y <= v->origin; y++)
        total[y - p->first] = panel_total(p, y);
    return json_pack("{s:s,s:o,s:s,s:b,s:s,s:I,s:o,s:o,s:o,s:o,s:o}", "field", name, "origin",
                     verdicts_unit_json(v->origin, by_quarters(v)), "unit",
                     by_quarters(v) ? "quarter" : "year", "complete", v->complete, "text",
                     v->field->terms.abstracts ? "titles and abstracts" : "titles", "candidates",
                     (json_int_t)v->candidates, "terms", terms, "early", early, "years", years_json(v, total),
                     "origins", origins_json(v), "fit", fit_json(v));
}
