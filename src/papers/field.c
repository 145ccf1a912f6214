/* A field from its name. */
#include "papers/field.h"

#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

#define ABSTRACTS .9
/* Family names: NeurIPS is nips, ECCV goes with iccv (texts_family). */
static const char *const ml[] = {"iclr",    "icml", "nips", "cvpr", "iccv",
                                 "aistats", "colt", "uai",  "acml", NULL};

static bool is_ml(struct span family)
{
    for (size_t i = 0; ml[i]; i++)
        if (span_is(family, ml[i]))
            return true;
    return false;
}

bool field_names(const struct vocabulary *families, struct span name, bool *mine)
{
    size_t ml_venues = 0, found = 0;
    AUTO_BUF struct buf family;
    buf_init(&family, CORPUS_TITLE * 2);
    texts_family(name, (struct span){0}, &family);
    struct span asked = buf_span(&family);
    for (uint32_t v = 0; v < families->n; v++)
        ml_venues += is_ml(vocabulary_at(families, v));
    bool usual = asked.n == 0 || span_is(asked, FIELD_USUAL);
    bool by_list = span_is(asked, "ml") || (usual && ml_venues), all = usual || span_is(asked, FIELD_EVERY);
    for (uint32_t v = 0; v < families->n; v++) {
        struct span venue = vocabulary_at(families, v);
        /* "acl" is all of "acl/p", "acl/d" …; "cs.lg" is "arxiv/cs.lg" */
        bool part = venue.n > asked.n && span_starts(venue, asked) && venue.p[asked.n] == '/';
        bool category = span_starts(venue, SPAN("arxiv/")) && span_eq(span_from(venue, 6), asked);
        mine[v] = by_list ? is_ml(venue) : all || span_eq(venue, asked) || part || category;
        found += mine[v];
    }
    return found > 0;
}

bool field_has_abstracts(const struct texts *t, const bool *mine)
{
    double all = 0, with = 0;
    for (size_t i = texts_before(t, PANEL_START); i < t->n; i++)
        if (mine[t->paper[i].venue]) {
            all++;
            with += t->paper[i].has_abstract;
        }
    return all > 0 && with >= ABSTRACTS * all;
}

bool field_is_arxiv(const struct texts *t, const bool *mine)
{
    bool any = false;
    for (uint32_t v = 0; v < t->venues.n; v++) {
        if (mine[v] && !span_starts(vocabulary_at(&t->venues, v), SPAN("arxiv")))
            return false;
        any |= mine[v];
    }
    return any;
}

/* Elsewhere is every other venue, arXiv apart: what is there comes to a conference later. */
static void tell_apart(struct field *f, const struct texts *t)
{
    for (uint32_t v = 0; v < t->venues.n; v++) {
        f->other[v] = !f->mine[v] && !span_starts(vocabulary_at(&t->venues, v), SPAN("arxiv"));
        f->take[v] = f->mine[v] || f->other[v];
    }
}

static bool begin(struct field *out, const struct texts *t, struct err *err)
{
    *out = (struct field){.arena = arena_new()};
    out->mine = arena_array(out->arena, t->venues.n + 1, sizeof *out->mine);
    out->other = arena_array(out->arena, t->venues.n + 1, sizeof *out->other);
    out->take = arena_array(out->arena, t->venues.n + 1, sizeof *out->take);
    return out->mine && out->other && out->take ? true : fail_memory(err);
}

bool field_missing(struct span name, struct err *err)
{
    AUTO_BUF struct buf shown;
    buf_init(&shown, 4096);
    utf8_clean(&shown, span_first(name, 100));
    return fail(
        err, E_MISSING,
        tr("err.papers.field", "There are no papers of “%s” here. A field is a venue, a category, or ml."),
        buf_text(&shown));
}

/* Its venues are known: everything else. What was made of it is freed when it fails. */
static bool work_out(struct field *out, const struct texts *t, bool abstracts, struct err *err)
{
    tell_apart(out, t);
    if (terms_count(&out->terms, t, out->take, out->mine, abstracts, err) &&
        panel_make(&out->panel, &out->terms, out->mine, out->other, err) &&
        features_make(&out->features, &out->panel, err) &&
        trends_make(out->arena, &out->features, &out->trends, err))
        return true;
    field_free(out);
    return false;
}

bool field_make(struct field *out, const struct texts *t, struct span name, bool abstracts, struct err *err)
{
    if (begin(out, t, err) && (field_venues(t, name, out->mine) || field_missing(name, err)))
        return work_out(out, t, abstracts, err);
    field_free(out);
    return false;
}

bool field_make_rest(struct field *out, const struct texts *t, const struct field *but, struct err *err)
{
    if (!begin(out, t, err)) {
        field_free(out);
        return false;
    }
    memcpy(out->mine, but->other, t->venues.n * sizeof *out->mine);
    return work_out(out, t, but->terms.abstracts, err);
}

void field_free(struct field *f)
{
    features_free(&f->features);
    panel_free(&f->panel);
    terms_free(&f->terms);
    arena_free(f->arena);
    *f = (struct field){0};
}
