/* Terms of the kept verdicts, by their folded spelling. */
#include "papers/told.h"

#include "base/vec.h"
#include "base/words.h"
#include "papers/features.h"
#include "papers/verdicts_keep.h"

#include "base/banned.h"

enum { TERMS_MOST = 1 << 16, FOLDED_WORDS = 2 * TERM_WORDS, WORDS_MOST = 4096, FIELD_JSON = 4 * FIELD_MOST };

/* ---- as objects ---- */

static const char *const numbers[] = {"p_lasting", "low", "high", "base_rate"};

json_t *told_json(const struct told_term *t)
{
    return json_pack("{s:s,s:s,s:o,s:s,s:I,s:f,s:f,s:f,s:f}", "term", t->term, "field", t->field, "origin",
                     verdicts_unit_json(t->origin, t->quarters), "verdict", verdict_word(t->verdict),
                     "papers", (json_int_t)t->papers, numbers[0], t->p, numbers[1], t->low, numbers[2],
                     t->high, numbers[3], t->base);
}

static bool read_verdict(struct span word, enum verdict *out)
{
    for (enum verdict v = VERDICT_LASTING; v <= VERDICT_EARLY; v++)
        if (span_is(word, verdict_word(v))) {
            *out = v;
            return true;
        }
    return false;
}

/* A row of verdicts_json(), or what told_json() made; `told` is false where it has no odds. */
static bool read_row(struct arena *arena, const json_t *o, struct told_term *t, bool *told, struct err *err)
{
    struct span term, verdict;
    double *const to[] = {&t->p, &t->low, &t->high, &t->base};
    *told = true;
    if (!json_get_text(o, "term", TOLD_TERM, &term, err) ||
        !json_get_text(o, "verdict", TOLD_TERM, &verdict, err) ||
        !json_get_int(o, "papers", 0, INT32_MAX, &t->papers, err))
        return false;
    for (size_t i = 0; i < 4; i++) {
        const json_t *x = json_object_get(o, numbers[i]);
        *to[i] = json_number_value(x);
        *told = *told && json_is_number(x);
    }
    *told = read_verdict(verdict, &t->verdict) && t->verdict != VERDICT_EARLY && *told;
    t->term = arena_text(arena, term);
    return t->term || fail_memory(err);
}

bool told_read(struct arena *arena, const json_t *o, struct told_term *out, struct err *err)
{
    struct told_term t = {0};
    struct span field;
    bool told;
    if (!read_row(arena, o, &t, &told, err) || !json_get_text(o, "field", FIELD_JSON, &field, err))
        return false;
    if (!told || !verdicts_unit(json_object_get(o, "origin"), &t.origin, &t.quarters))
        return fail(err, E_FORMAT, "verdict");
    t.field = arena_text(arena, field);
    *out = t;
    return t.field || fail_memory(err);
}

/* ---- from what is kept ---- */

/* Words of a text with hyphens split and plurals folded, one blank between. */
static void fold_text(struct span text, struct buf *out)
{
    char word[WORD_MOST];
    size_t n;
    while (texts_word(&text, word, &n)) {
        if (out->n)
            buf_add_byte(out, ' ');
        features_fold((struct span){word, n}, out);
    }
}

static bool add(struct told *told, struct arena *arena, const struct told_term *t)
{
    AUTO_BUF struct buf fold;
    buf_init(&fold, 8 * TOLD_TERM);
    fold_text(span_of(t->term), &fold);
    struct told_term *one = VEC_PUSH(arena, told);
    int64_t *place = one ? map_at(&told->by_fold, arena_span(arena, buf_span(&fold))) : NULL;
    if (!place)
        return false;
    *one = *t;
    *place = *place ? *place : (int64_t)told->n;
    return true;
}

static bool add_field(struct told *told, struct arena *arena, struct span name, const json_t *verdicts,
                      struct err *err)
{
    const json_t *terms;
    struct told_term t = {.field = arena_text(arena, name)};
    bool is_told;
    if (!json_get_array(verdicts, "terms", TERMS_MOST, &terms, err))
        return false;
    if (!verdicts_unit(json_object_get(verdicts, "origin"), &t.origin, &t.quarters))
        return fail(err, E_FORMAT, "origin");
    if (!t.field)
        return fail_memory(err);
    for (size_t i = 0; i < json_array_size(terms); i++) {
        if (!read_row(arena, json_array_get(terms, i), &t, &is_told, err))
            return false;
        if (is_told && told->n < TERMS_MOST && !add(told, arena, &t))
            return fail_memory(err);
    }
    return true;
}

struct loading {
    struct arena *arena;
    struct told *told;
};

static bool load_field(struct span field, day_t made, const json_t *verdicts, void *arg, struct err *err)
{
    struct loading *l = arg;
    (void)made;
    return add_field(l->told, l->arena, field, verdicts, err);
}

bool told_load(struct db *db, struct arena *arena, struct told *out, struct err *err)
{
    struct loading l = {arena, out};
    *out = (struct told){0};
    map_init(&out->by_fold, arena, TERMS_MOST);
    return verdicts_each(db, load_field, &l, err);
}

bool told_count(struct told *told, struct span title, struct err *err)
{
    AUTO_BUF struct buf fold;
    size_t at[WORDS_MOST + 1], n = 0;
    buf_init(&fold, 1 << 16);
    fold_text(title, &fold);
    if (!buf_ok(&fold, err))
        return false;
    struct span text = buf_span(&fold);
    for (size_t i = 0; i < text.n && n < WORDS_MOST; i++)
        if (i == 0 || text.p[i - 1] == ' ')
            at[n++] = i;
    at[n] = text.n + 1;
    told->titles++;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 1; k <= FOLDED_WORDS && i + k <= n; k++) {
            const int64_t *found =
                map_find(&told->by_fold, span_bytes(text.p + at[i], at[i + k] - 1 - at[i]));
            struct told_term *t = found && *found ? &told->at[*found - 1] : NULL;
            if (t && t->last != told->titles) {
                t->here++;
                t->last = told->titles;
            }
        }
    return true;
}

const struct told_term *told_first(const struct told *told, enum verdict verdict)
{
    const struct told_term *best = NULL;
    for (size_t i = 0; i < told->n; i++) {
        const struct told_term *t = &told->at[i];
        if (t->verdict == verdict &&
            (!best || t->here > best->here || (t->here == best->here && t->papers > best->papers)))
            best = t;
    }
    return best;
}

/* Do the words of `part` stand side by side in `whole`? */
static bool holds(struct span whole, struct span part)
{
    for (size_t i = 0; i + part.n <= whole.n; i++)
        if ((i == 0 || whole.p[i - 1] == ' ') && memcmp(whole.p + i, part.p, part.n) == 0 &&
            (i + part.n == whole.n || whole.p[i + part.n] == ' '))
            return true;
    return false;
}

bool told_theme(const struct told *told, const char *words, const struct told_term **out, struct err *err)
{
    AUTO_BUF struct buf fold;
    buf_init(&fold, 8 * TOLD_TERM);
    fold_text(span_of(words), &fold);
    *out = NULL;
    if (!buf_ok(&fold, err) || fold.n == 0)
        return !err->code;
    const int64_t *exact = map_find(&told->by_fold, buf_span(&fold));
    for (size_t i = 0; !exact && i < told->by_fold.room; i++) {
        const struct map_entry *e = &told->by_fold.at[i];
        const struct told_term *t = e->used && e->value ? &told->at[e->value - 1] : NULL;
        if (!t || t->verdict != VERDICT_LASTING || !holds(e->key, buf_span(&fold)))
            continue;
        if (!*out || t->papers > (*out)->papers || (t->papers == (*out)->papers && t < *out))
            *out = t;
    }
    if (exact && *exact && told->at[*exact - 1].verdict == VERDICT_LASTING)
        *out = &told->at[*exact - 1];
    return true;
}
