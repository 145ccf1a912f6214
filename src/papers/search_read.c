/* What a person typed, as terms of the index; and phrases, which are looked up in the texts of candidates. */
#include <string.h>

#include "base/words.h"
#include "papers/search.h"
#include "papers/tokens.h"

#include "base/banned.h"

enum { PHRASE_WORDS = 32, WORDS_MOST = 4096 };

static bool add_term(struct search *s, struct span text, bool must, bool field, struct err *err)
{
    for (size_t i = 0; i < s->terms; i++)
        if (span_eq(span_bytes(s->term[i].text, s->term[i].n), text)) {
            s->term[i].must = s->term[i].must || must;
            return true;
        }
    if (s->terms == SEARCH_TERMS)
        return fail(err, E_LIMIT, tr("err.papers.words", "A search takes up to %d different words."),
                    (int)SEARCH_TERMS);
    struct search_term *t = &s->term[s->terms++];
    memcpy(t->text, text.p, text.n);
    t->n = text.n;
    t->must = must;
    t->field = field;
    return true;
}

static bool add_words(struct search *s, struct index *index, struct span text, bool must, struct err *err)
{
    struct tokens t;
    AUTO_BUF struct buf folded;
    buf_init(&folded, 1 << 16);
    tokens_begin(&t, text, &folded);
    while (tokens_next(&t)) {
        char stem[TERM_MOST];
        size_t n = index_stem(index->stems, t.word, stem);
        if (!add_term(s, span_bytes(stem, n), must && !t.joined, false, err))
            return false;
    }
    return true;
}

static bool add_field(struct search *s, char kind, struct span text, struct err *err)
{
    char field[TERM_MOST];
    AUTO_BUF struct buf folded;
    buf_init(&folded, 1 << 16);
    if (kind == 'a')
        text = index_surname(text, &folded);
    size_t n = index_field(kind, text, field);
    return !n || add_term(s, span_bytes(field, n), true, true, err);
}

static const struct {
    const char *name;
    char kind;
} fields[] = {{"author:", 'a'}, {"cat:", 'c'}, {"category:", 'c'}, {"lang:", 'l'}};

/* The next piece of what was typed: a quoted phrase (without its quotes), or what stands up to a blank. */
static struct span piece(struct span *rest, bool *quoted)
{
    struct span one;
    *rest = span_trim(*rest);
    *quoted = rest->n && rest->p[0] == '"';
    if (*quoted) {
        *rest = span_from(*rest, 1);
        span_cut(rest, '"', &one);
    } else {
        span_cut(rest, ' ', &one);
    }
    return one;
}

/* author:"Emmy Noether": what stands in the quotes is taken whole. */
static struct span field_text(struct span *rest, struct span text)
{
    if (!text.n || text.p[0] != '"')
        return text;
    const char *end = rest->p ? rest->p + rest->n : text.p + text.n;
    struct span whole = {text.p + 1, (size_t)(end - text.p - 1)}, one;
    span_cut(&whole, '"', &one);
    *rest = whole;
    return one;
}

bool search_read(struct search *out, struct index *index, struct span words, struct err *err)
{
    *out = (struct search){.from = INT32_MIN, .to = INT32_MAX};
    words = span_first(words, WORDS_MOST);
    while (span_trim(words).n) {
        bool quoted;
        char kind = 0;
        struct span one = piece(&words, &quoted);
        for (size_t f = 0; f < sizeof fields / sizeof *fields && !quoted && !kind; f++)
            if (one.n > strlen(fields[f].name) &&
                span_eq_nocase(span_first(one, strlen(fields[f].name)), span_of(fields[f].name))) {
                kind = fields[f].kind;
                one = field_text(&words, span_from(one, strlen(fields[f].name)));
            }
        if (kind ? !add_field(out, kind, one, err) : !add_words(out, index, one, quoted, err))
            return false;
        if (quoted && out->phrases < SEARCH_PHRASES)
            out->phrase[out->phrases++] = one;
    }
    return out->terms > 0 ||
           fail(err, E_USAGE, "%s", tr("err.papers.nothing", "Name at least one word to search for."));
}

void search_all(struct search *search)
{
    search->all = true;
    for (size_t i = 0; i < search->terms; i++)
        search->term[i].must = true;
}

/* The stems of the words in their places, without joins. */
struct stem {
    char text[TERM_MOST];
    size_t n;
};

static bool next_stem(struct index_build *stems, struct tokens *t, struct stem *out)
{
    while (tokens_next(t))
        if (!t->joined) {
            out->n = index_stem(stems, t->word, out->text);
            return true;
        }
    return false;
}

bool search_has_phrase(struct index_build *stems, struct span text, struct span phrase)
{
    struct stem want[PHRASE_WORDS], ring[PHRASE_WORDS];
    size_t n = 0, seen = 0;
    struct tokens t;
    AUTO_BUF struct buf folded;
    buf_init(&folded, 64 << 20);
    tokens_begin(&t, phrase, &folded);
    while (n < PHRASE_WORDS && next_stem(stems, &t, &want[n]))
        n++;
    if (!n)
        return true;
    tokens_begin(&t, text, &folded);
    while (next_stem(stems, &t, &ring[seen % n])) {
        seen++;
        bool same = seen >= n;
        for (size_t i = 0; i < n && same; i++) {
            const struct stem *have = &ring[(seen - n + i) % n];
            same = span_eq(span_bytes(have->text, have->n), span_bytes(want[i].text, want[i].n));
        }
        if (same)
            return true;
    }
    return false;
}
