/* The reader of corpora: io/lines cuts and unpacks, codec/json_scan looks at the members of each line that
 * are wanted and passes over the others, so that an abstract is copied once. */
#include "papers/corpus.h"

#include <stdio.h>

#include "base/words.h"
#include "codec/json_scan.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { YEAR_LEAST = 1900, YEAR_MOST = 2199 };

void corpus_texts_init(struct corpus_texts *t)
{
    buf_init(&t->venue, CORPUS_TITLE);
    buf_init(&t->id, CORPUS_TITLE);
    buf_init(&t->title, CORPUS_TITLE);
    buf_init(&t->abstract, CORPUS_TEXT);
    buf_init(&t->date, CORPUS_TITLE);
    buf_init(&t->vol, CORPUS_TITLE);
    buf_init(&t->authors, CORPUS_AUTHORS);
    buf_init(&t->categories, CORPUS_TITLE);
}

void corpus_texts_clear(struct corpus_texts *t)
{
    struct buf *all[] = {&t->venue, &t->id,  &t->title,   &t->abstract,
                         &t->date,  &t->vol, &t->authors, &t->categories};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_clear(all[i]);
}

static void texts_reset(struct corpus_texts *t)
{
    struct buf *all[] = {&t->venue, &t->id,  &t->title,   &t->abstract,
                         &t->date,  &t->vol, &t->authors, &t->categories};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_reset(all[i]);
}

static bool is_null(struct span value)
{
    return span_is(value, "null");
}

/* A text, a whole number in digits, or nothing for null; the last of two members of a name stands. */
static bool text_into(struct span value, struct buf *out)
{
    int64_t n;
    buf_reset(out);
    if (is_null(value))
        return true;
    if (json_int(value, &n)) {
        buf_printf(out, "%lld", (long long)n);
        return true;
    }
    return json_text(value, out);
}

/* A text as it is, or the elements of a list one after the other: names, or objects that have one. */
static bool list_into(struct span value, const char *between, struct buf *out)
{
    if (value.n == 0 || value.p[0] != '[')
        return text_into(value, out);
    struct span element, name;
    bool bad;
    buf_reset(out);
    while (json_element(&value, &element, &bad)) {
        if (out->n)
            buf_add_text(out, between);
        if (element.n && element.p[0] == '{') {
            if (!json_find(element, "name", &name) || !json_text(name, out))
                return false;
        } else if (!json_text(element, out)) {
            return false;
        }
    }
    return !bad;
}

/* "2014" as a number or a text; null is none. */
static bool year_of(struct span value, int *year)
{
    int64_t n;
    if (is_null(value))
        return true;
    if (value.n > 2 && value.p[0] == '"') {
        struct span digits = {value.p + 1, value.n - 2};
        if (!scan_i64(&digits, &n) || digits.n)
            return false;
    } else if (!json_int(value, &n)) {
        return false;
    }
    if (n < YEAR_LEAST || n > YEAR_MOST)
        return false;
    *year = (int)n;
    return true;
}

static bool member_into(struct span key, struct span value, struct corpus_texts *t, int *year)
{
    if (span_is(key, "year"))
        return year_of(value, year);
    if (span_is(key, "authors"))
        return list_into(value, "; ", &t->authors);
    if (span_is(key, "categories"))
        return list_into(value, " ", &t->categories);
    const struct {
        const char *key;
        struct buf *out;
    } plain[] = {{"venue", &t->venue},       {"id", &t->id},     {"title", &t->title},
                 {"abstract", &t->abstract}, {"date", &t->date}, {"vol", &t->vol}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (span_is(key, plain[i].key))
            return text_into(value, plain[i].out);
    return true;
}

/* The year with which a date begins, 0 when it begins with none. */
static int date_year(struct span date)
{
    struct span digits = span_first(date, 4);
    int64_t n;
    return date.n >= 4 && scan_i64(&digits, &n) && digits.n == 0 && n >= YEAR_LEAST && n <= YEAR_MOST ? (int)n
                                                                                                      : 0;
}

static bool texts_over(const struct corpus_texts *t)
{
    return t->venue.failed || t->id.failed || t->title.failed || t->abstract.failed || t->date.failed ||
           t->vol.failed || t->authors.failed || t->categories.failed;
}

static bool texts_fit(struct corpus_texts *t, struct err *err)
{
    const struct buf *all[] = {&t->venue, &t->id,  &t->title,   &t->abstract,
                               &t->date,  &t->vol, &t->authors, &t->categories};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i]->failed && !all[i]->over)
            return fail_memory(err);
    if (texts_over(t))
        return fail(err, E_LIMIT,
                    tr("err.papers.corpus_long", "one of its texts is longer than there is room for"));
    return true;
}

bool corpus_read(struct span line, struct corpus_texts *t, struct corpus_paper *out, struct err *err)
{
    struct span rest = span_trim(line), key, value;
    int year = 0;
    bool bad = false, known = true;
    texts_reset(t);
    if (rest.n == 0 || rest.p[0] != '{')
        return fail(err, E_FORMAT, tr("err.papers.corpus_object", "it is not a JSON object"));
    while (known && json_member(&rest, &key, &value, &bad))
        known = member_into(key, value, t, &year);
    if (!texts_fit(t, err))
        return false;
    if (!known)
        return fail(err, E_FORMAT, tr("err.papers.corpus_kind", "“%.*s” is not what it should be"),
                    SPAN_ARG(span_first(key, 40)));
    if (bad || span_trim(rest).n)
        return fail(err, E_FORMAT, tr("err.papers.corpus_json", "it cannot be read as JSON"));
    *out = (struct corpus_paper){.venue = span_trim(buf_span(&t->venue)),
                                 .id = span_trim(buf_span(&t->id)),
                                 .title = span_trim(buf_span(&t->title)),
                                 .abstract = span_trim(buf_span(&t->abstract)),
                                 .date = span_trim(buf_span(&t->date)),
                                 .vol = span_trim(buf_span(&t->vol)),
                                 .authors = span_trim(buf_span(&t->authors)),
                                 .categories = span_trim(buf_span(&t->categories)),
                                 .year = year ? year : date_year(span_trim(buf_span(&t->date)))};
    if (out->title.n == 0)
        return fail(err, E_FORMAT, tr("err.papers.corpus_title", "it has no title"));
    if (!out->year)
        return fail(err, E_FORMAT, tr("err.papers.corpus_year", "it has no year"));
    return true;
}

bool corpus_open(struct corpus *out, const char *path, struct err *err)
{
    struct lines *lines;
    const char *name = strrchr(path, '/');
    if (!lines_open(&lines, path, CORPUS_LINE, err))
        return false;
    *out = (struct corpus){.lines = lines};
    corpus_texts_init(&out->texts);
    snprintf(out->name, sizeof out->name, "%s", name ? name + 1 : path);
    return true;
}

void corpus_close(struct corpus *c)
{
    lines_close(c->lines);
    c->lines = NULL;
    corpus_texts_clear(&c->texts);
}

bool corpus_next(struct corpus *c, struct corpus_paper *out, bool *bad_line, struct err *err)
{
    struct span line;
    struct err why = {0};
    *bad_line = false;
    do
        if (!lines_next(c->lines, &line, err))
            return false;
    while (span_trim(line).n == 0);
    if (corpus_read(line, &c->texts, out, &why))
        return true;
    *bad_line = why.code == E_FORMAT || why.code == E_LIMIT;
    if (!*bad_line) {
        *err = why;
        return false;
    }
    return fail(err, why.code, tr("err.papers.corpus_line", "%s, line %llu: %s."), c->name,
                (unsigned long long)lines_number(c->lines), why.text);
}
