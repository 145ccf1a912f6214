/* What a person typed, as terms of the index; and phrases, which are looked up in the texts of candidates. */
#include <string.h>

#include "base/day.h"
#include "base/words.h"
#include "codec/scan.h"
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
} fields[] = {{"author:", 'a'}, {"cat:", 'c'},   {"category:", 'c'}, {"lang:", 'l'},
              {"since:", 's'},  {"until:", 'u'}, {"date:", 'd'}};

static bool is_days(char kind)
{
    return kind == 's' || kind == 'u' || kind == 'd';
}

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

/* The days that a text names: 2026-10-02, 2026-W40, 2026-10, 2026, or two of them with ".." between. */
static bool one_time(struct span text, int32_t *from, int32_t *to)
{
    struct span in = text;
    uint64_t year, month = 0;
    struct err ignored = {0};
    day_t day;
    bool week = span_find(text, SPAN("W")) >= 0 || span_find(text, SPAN("w")) >= 0;
    if (day_read(text, &day, &ignored)) {
        *from = day;
        *to = week ? day + 6 : day;
        return true;
    }
    if (!scan_u64(&in, &year, 9998) || year < 1 || (in.n && (!scan_byte(&in, '-') || in.n != 2)) ||
        (in.n && (!scan_u64(&in, &month, 12) || month < 1 || in.n)))
        return false;
    bool last = month == 12 || month == 0;
    *from = day_of((struct ymd){(int)year, month ? (int)month : 1, 1});
    *to = day_of((struct ymd){(int)year + last, last ? 1 : (int)month + 1, 1}) - 1;
    return true;
}

bool search_days(struct span text, int32_t *from, int32_t *to, struct err *err)
{
    int32_t a = INT32_MIN, b = INT32_MAX, ignored;
    ptrdiff_t dots = span_find(text, SPAN(".."));
    struct span first = dots < 0 ? text : span_first(text, (size_t)dots);
    struct span last = dots < 0 ? text : span_from(text, (size_t)dots + 2);
    bool good = dots < 0 ? one_time(text, &a, &b)
                         : (first.n || last.n) && (!first.n || one_time(first, &a, &ignored)) &&
                               (!last.n || one_time(last, &ignored, &b));
    if (!good || a > b)
        return fail(err, E_USAGE,
                    tr("err.papers.days",
                       "“%.*s” names no days. Write 2026-10-02, 2026-W40, 2026-10, 2026, or two of them with "
                       "two dots between: 2026-09..2026-11."),
                    SPAN_ARG(span_first(text, 60)));
    *from = a > *from ? a : *from;
    *to = b < *to ? b : *to;
    return true;
}

/* since:2026-09, until:2026-11, date:2026: a bound of days. */
static bool add_days(struct search *s, char kind, struct span text, struct err *err)
{
    int32_t from = INT32_MIN, to = INT32_MAX;
    if (!search_days(text, &from, &to, err))
        return false;
    if (kind != 'u' && from > s->from)
        s->from = from;
    if (kind != 's' && to < s->to)
        s->to = to;
    return true;
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
        if (is_days(kind) ? !add_days(out, kind, one, err)
            : kind        ? !add_field(out, kind, one, err)
                          : !add_words(out, index, one, quoted, err))
            return false;
        if (quoted && out->phrases < SEARCH_PHRASES)
            out->phrase[out->phrases++] = one;
    }
    return out->terms > 0 || out->from != INT32_MIN || out->to != INT32_MAX ||
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
