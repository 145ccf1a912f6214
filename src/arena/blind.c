/* Integers and days alone cross between lab and node; the floating-point work is done on either side anew. */
#include "arena/blind.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

enum { TEXT_MOST = 80, BYTES_MOST = 16 << 20, TENTHS = 10, NUMBERS = 11 };
static const double LEVEL = 0.05;

/* Reading ------------------------------------------------------------------------------------------------ */
static bool wrong(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.arena.blind_form", "The lab's board cannot be read."));
}

static bool get_day(const json_t *o, const char *key, bool may_lack, day_t *out, struct err *err)
{
    struct span text;
    *out = 0;
    if (may_lack && !json_object_get(o, key))
        return true;
    return json_get_text(o, key, 12, &text, err) && day_read(text, out, err);
}

static bool read_models(const json_t *list, struct arena *arena, struct blind_doc *d, struct err *err)
{
    static const char *const keys[] = {"from", "name", "to", NULL};
    const json_t *o;
    size_t i;
    d->models = json_array_size(list);
    d->model = arena_array(arena, d->models + 1, sizeof *d->model);
    if (!d->model)
        return fail_memory(err);
    json_array_foreach(list, i, o)
    {
        struct blind_model *m = &d->model[i];
        struct span name;
        if (!canon_only(o, keys, err) || !json_get_text(o, "name", TEXT_MOST, &name, err) ||
            !get_day(o, "from", false, &m->from, err) || !get_day(o, "to", true, &m->to, err))
            return false;
        m->name = arena_span(arena, name);
        if (!m->name.p || !name.n)
            return m->name.p ? wrong(err) : fail_memory(err);
        if (i && span_order(d->model[i - 1].name, m->name) >= 0)
            return wrong(err);
    }
    return true;
}

/* A list of `n` integers, each within its bounds. */
static bool numbers(const json_t *list, size_t n, const int64_t *most, int64_t *out)
{
    if (!json_is_array(list) || json_array_size(list) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        out[i] = json_integer_value(v);
        if (!json_is_integer(v) || out[i] > most[i] || out[i] < (most[i] == 1000 ? -1000 : 0))
            return false;
    }
    return true;
}

static bool read_rows(const json_t *list, struct arena *arena, struct blind_doc *d, struct err *err)
{
    const int64_t most[NUMBERS] = {(int64_t)d->models - 1,
                                   (int64_t)d->models - 1,
                                   VOTE_BAD,
                                   DAY_MAX,
                                   1000,
                                   1000,
                                   1000,
                                   1000,
                                   127,
                                   1000001,
                                   d->n};
    const json_t *v;
    size_t i;
    d->rows = json_array_size(list);
    d->row = arena_array(arena, d->rows + 1, sizeof *d->row);
    if (!d->row)
        return fail_memory(err);
    json_array_foreach(list, i, v)
    {
        struct blind_row *r = &d->row[i];
        int64_t x[NUMBERS];
        if (!numbers(v, NUMBERS, most, x) || x[0] == x[1] || x[10] < 1 || (i && d->row[i - 1].n > x[10]))
            return wrong(err);
        *r = (struct blind_row){
            x[0], x[1], (enum vote_outcome)x[2], (day_t)x[3], {x[4], x[5], x[6], x[7]}, x[8], x[9], x[10]};
    }
    return true;
}

static bool read_places(const json_t *list, struct arena *arena, struct blind_doc *d, struct err *err)
{
    const int64_t large = (int64_t)1 << 40;
    const int64_t most[7] = {(int64_t)d->models - 1, large, large, large, (int64_t)d->models,
                             (int64_t)d->models,     large};
    struct blind_figures *f = &d->figures;
    const json_t *v;
    size_t i;
    f->places = json_array_size(list);
    f->place = arena_array(arena, f->places + 1, sizeof *f->place);
    if (!f->place)
        return fail_memory(err);
    json_array_foreach(list, i, v)
    {
        int64_t x[7];
        if (!numbers(v, 7, most, x))
            return wrong(err);
        f->place[i] = (struct blind_place){x[0], x[1], x[2], x[3], x[4], x[5], x[6]};
    }
    return true;
}

bool blind_read(struct span bytes, struct arena *arena, struct blind_doc *out, struct err *err)
{
    static const char *const keys[] = {"day",    "flagged", "flip",  "models", "n", "next",
                                       "places", "rows",    "style", "tags",   "v", NULL};
    AUTO_JSON json_t *o = NULL;
    const json_t *models, *rows, *places;
    int64_t v;
    *out = (struct blind_doc){0};
    out->figures.style = false;
    if (!canon_read(bytes, BYTES_MOST, &o, err) || !canon_only(o, keys, err) ||
        !json_get_int(o, "v", 1, 1, &v, err) || !json_get_int(o, "n", 1, 1 << 20, &out->n, err) ||
        !json_get_int(o, "tags", 1, 1 << 10, &v, err) ||
        !json_get_int(o, "flip", 0, BLIND_ROWS, &out->figures.flip, err) ||
        !json_get_int(o, "flagged", 0, BLIND_ROWS, &out->figures.flagged, err) ||
        !get_day(o, "day", false, &out->day, err) || !get_day(o, "next", true, &out->next, err) ||
        !json_get_array(o, "models", BLIND_MODELS, &models, err) ||
        !json_get_array(o, "rows", BLIND_ROWS, &rows, err) ||
        !json_get_array(o, "places", BLIND_MODELS, &places, err))
        return false;
    out->figures.style = json_is_true(json_object_get(o, "style"));
    return read_models(models, arena, out, err) && read_rows(rows, arena, out, err) &&
           read_places(places, arena, out, err);
}

/* Writing ------------------------------------------------------------------------------------------------ */
static bool put_day(json_t *o, const char *key, day_t day)
{
    char text[16];
    return !day || json_object_set_new(o, key, json_string(day_text(day, text))) == 0;
}

static bool put_numbers(json_t *list, const int64_t *x, size_t n)
{
    json_t *row = json_array();
    bool done = row != NULL;
    for (size_t i = 0; done && i < n; i++)
        done = json_array_append_new(row, json_integer(x[i])) == 0;
    return json_array_append_new(list, row) == 0 && done;
}

static bool put_models(json_t *list, const struct blind_doc *d)
{
    bool done = true;
    for (size_t i = 0; done && i < d->models; i++) {
        const struct blind_model *m = &d->model[i];
        json_t *o = json_pack("{s:s#}", "name", m->name.p, (int)m->name.n);
        done = o && put_day(o, "from", m->from) && put_day(o, "to", m->to);
        done = json_array_append_new(list, o) == 0 && done;
    }
    return done;
}

bool blind_write(const struct blind_doc *d, struct buf *out, struct err *err)
{
    const struct blind_figures *f = &d->figures;
    AUTO_JSON json_t *o = json_pack("{s:i,s:I,s:i,s:[],s:[],s:[],s:b,s:I,s:I}", "v", 1, "n", (json_int_t)d->n,
                                    "tags", 1, "models", "rows", "places", "style", f->style, "flip",
                                    (json_int_t)f->flip, "flagged", (json_int_t)f->flagged);
    bool done = o && put_day(o, "day", d->day) && put_day(o, "next", d->next) &&
                put_models(json_object_get(o, "models"), d);
    for (size_t i = 0; done && i < d->rows; i++) {
        const struct blind_row *r = &d->row[i];
        const int64_t x[NUMBERS] = {r->a,     r->b,     r->outcome, r->day,    r->by[0], r->by[1],
                                    r->by[2], r->by[3], r->tags,    r->chance, r->n};
        done = put_numbers(json_object_get(o, "rows"), x, NUMBERS);
    }
    for (size_t i = 0; done && i < f->places; i++) {
        const struct blind_place *p = &f->place[i];
        const int64_t x[7] = {p->model, p->rating, p->low, p->high, p->from, p->to, p->votes};
        done = put_numbers(json_object_get(o, "places"), x, 7);
    }
    return done ? canon_write(o, out, err) : fail_memory(err);
}

/* Votes ---------------------------------------------------------------------------------------------------
 */
static size_t rows_upto(const struct blind_doc *d, int64_t upto)
{
    size_t n = 0;
    while (n < d->rows && d->row[n].n <= upto)
        n++;
    return n;
}

bool blind_votes(const struct blind_doc *d, int64_t upto, enum blind_clusters clusters, struct arena *arena,
                 struct votes *votes, const struct votes *before, struct err *err)
{
    size_t n = rows_upto(d, upto);
    struct votes_ask ask = {.style = clusters == BLIND_PLAIN && n >= BLIND_STYLE,
                            .clusters = clusters != BLIND_PLAIN,
                            .cluster = {clusters == BLIND_BY_DAY ? "day" : "row"},
                            .cluster_texts = clusters == BLIND_BY_DAY};
    if (!votes_begin(votes, arena, &ask, err))
        return false;
    if (before)
        votes_share_clusters(votes, (struct votes *)(uintptr_t)before);
    votes->has_style = true;
    votes->cluster_column[0] = clusters == BLIND_PLAIN ? NULL : ask.cluster[0];
    for (size_t i = 0; i < n; i++) {
        const struct blind_row *r = &d->row[i];
        char cluster[24];
        if (clusters == BLIND_BY_DAY)
            day_text(r->day, cluster);
        else
            snprintf(cluster, sizeof cluster, "%zu", i);
        struct vote v = {d->model[r->a].name, d->model[r->b].name, r->outcome, {span_of(cluster)}, {0}, 1};
        for (int k = 0; k < BLIND_FEATURES; k++)
            v.style[k] = (float)r->by[k] / 1000;
        if (!votes_add(votes, &v, i + 1, err))
            return false;
    }
    return true;
}

struct rank_ask blind_ask(void)
{
    return (struct rank_ask){.ties = BT_HALF, .seed = 1};
}

bool blind_rank(const struct blind_doc *d, int64_t upto, struct arena *arena, struct votes *votes,
                struct ranking *out, struct err *err)
{
    struct rank_ask ask = blind_ask();
    return blind_votes(d, upto, BLIND_PLAIN, arena, votes, NULL, err) &&
           rank_make(arena, votes, &ask, out, err);
}

/* Figures -------------------------------------------------------------------------------------------------
 */
static int64_t tenths(double x)
{
    return isfinite(x) && x > 0 ? (int64_t)(x * TENTHS + 0.5) : 0;
}

static int64_t model_of(const struct blind_doc *d, struct span name)
{
    for (size_t i = 0; i < d->models; i++)
        if (span_eq(d->model[i].name, name))
            return (int64_t)i;
    return 0;
}

static bool screen_days(const struct blind_doc *d, struct arena *arena, int64_t *out, struct err *err)
{
    struct votes AUTO_VOTES votes = {0};
    struct screening s;
    struct err why = {0};
    *out = 0;
    if (!blind_votes(d, d->n, BLIND_BY_DAY, arena, &votes, NULL, err))
        return false;
    if (screen_make(arena, &votes, LEVEL, 1, &s, &why))
        *out = (int64_t)s.flagged;
    return why.code != E_MEMORY || fail_memory(err);
}

bool blind_work(const struct blind_doc *d, struct arena *arena, struct blind_figures *out, struct err *err)
{
    struct votes AUTO_VOTES votes = {0};
    struct ranking r;
    *out = (struct blind_figures){.style = d->rows >= BLIND_STYLE};
    if (!blind_rank(d, d->n, arena, &votes, &r, err) || !screen_days(d, arena, &out->flagged, err))
        return false;
    out->place = arena_array(arena, r.n + 1, sizeof *out->place);
    if (!out->place)
        return fail_memory(err);
    for (size_t i = 0; i < r.n; i++) {
        const struct ranked *m = &r.at[i];
        if (m->rated)
            out->place[out->places++] = (struct blind_place){model_of(d, m->name),
                                                             tenths(m->rating),
                                                             tenths(m->low),
                                                             tenths(m->high),
                                                             r.sets_known ? (int64_t)m->place_low : 0,
                                                             r.sets_known ? (int64_t)m->place_high : 0,
                                                             m->votes};
    }
    out->flip = r.lead.known && r.lead.flip_known ? r.lead.flip.removed : 0;
    return true;
}

static bool near(int64_t a, int64_t b, int64_t most)
{
    return a - b <= most && b - a <= most;
}

static const struct blind_place *place_of(const struct blind_figures *f, int64_t model)
{
    for (size_t i = 0; i < f->places; i++)
        if (f->place[i].model == model)
            return &f->place[i];
    return NULL;
}

bool blind_agrees(const struct blind_figures *said, const struct blind_figures *found)
{
    if (said->places != found->places || said->style != found->style || said->flip != found->flip ||
        said->flagged != found->flagged)
        return false;
    for (size_t i = 0; i < said->places; i++) {
        const struct blind_place *a = &said->place[i], *b = place_of(found, a->model);
        if (!b || a->votes != b->votes || !near(a->rating, b->rating, 2) || !near(a->low, b->low, 2) ||
            !near(a->high, b->high, 2) || !near(a->from, b->from, 1) || !near(a->to, b->to, 1))
            return false;
    }
    return true;
}
