/* Papers as rows of numbers. */
#include "papers/texts.h"

#include "base/mem.h"
#include "base/words.h"
#include "codec/scan.h"

#include "base/banned.h"

void texts_init(struct texts *t)
{
    *t = (struct texts){
        .words_of.most = TEXTS_WORDS, .authors.most = TEXTS_PAPERS * 2, .venues.most = UINT16_MAX - 1};
}

void texts_free(struct texts *t)
{
    mem_free(t->paper);
    mem_free(t->word);
    vocabulary_free(&t->words_of);
    vocabulary_free(&t->authors);
    vocabulary_free(&t->venues);
    texts_init(t);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool texts_word(struct span *text, char *word, size_t *n)
{
    size_t i = 0, k = 0;
    while (i < text->n && !in_word(lower(text->p[i])))
        i++;
    for (; i < text->n; i++) {
        char c = lower(text->p[i]);
        bool hyphen = c == '-' && i + 1 < text->n && in_word(lower(text->p[i + 1]));
        if (!in_word(c) && !hyphen)
            break;
        if (k < WORD_MOST)
            word[k++] = c;
    }
    *text = span_from(*text, i);
    *n = k;
    return k > 0;
}

static bool words_add(struct texts *t, struct span text, uint16_t *count, struct err *err)
{
    char word[WORD_MOST];
    size_t n;
    for (*count = 0; *count < UINT16_MAX && texts_word(&text, word, &n); ++*count) {
        if (!rows_room(&t->word, t->words, 1, &t->words_room, sizeof *t->word, err) ||
            !vocabulary_add(&t->words_of, (struct span){word, n}, &t->word[t->words], err))
            return false;
        t->words++;
    }
    return true;
}

/* First and last of "A. Noether; E. Lasker". */
static bool authors_add(struct texts *t, struct span authors, struct texts_paper *p, struct err *err)
{
    struct span name, first = {0}, last = {0};
    p->first = p->last = NAME_NONE;
    while (authors.n) {
        span_cut(&authors, ';', &name);
        name = span_trim(name);
        first = first.n ? first : name;
        last = name.n ? name : last;
    }
    return last.n == 0 || (vocabulary_add(&t->authors, first, &p->first, err) &&
                           vocabulary_add(&t->authors, last, &p->last, err));
}

/* The letters of a volume of the ACL Anthology: P of P18-1, acl of 2020.acl-main. */
static struct span vol_letters(struct span vol)
{
    if (vol.n > 5 && vol.p[4] == '.') {
        struct span rest = span_from(vol, 5), name;
        span_cut(&rest, '-', &name);
        return name;
    }
    return span_first(vol, 1);
}

void texts_family(struct span venue, struct span vol, struct buf *out)
{
    size_t from = out->n;
    buf_add(out, span_trim(venue));
    if (vol.n) {
        buf_add_byte(out, '/');
        buf_add(out, vol_letters(vol));
    }
    if (out->failed)
        return;
    for (size_t i = from; i < out->n; i++)
        out->p[i] = lower(out->p[i]);
    struct span name = span_from(buf_span(out), from);
    const char *family = span_is(name, "eccv") ? "iccv" : span_is(name, "neurips") ? "nips" : NULL;
    if (family) {
        out->n = from;
        buf_add_text(out, family);
    }
}

int quarter_unit(int year, int quarter)
{
    int unit = UNIT_START + 4 * (year - UNIT_START) + quarter - 1;
    return unit < UNIT_FROM ? UNIT_FROM : unit >= UNIT_FROM + UNITS ? UNIT_FROM + UNITS - 1 : unit;
}

int quarter_of(day_t day)
{
    struct ymd d = day_ymd(day);
    return quarter_unit(d.year, (d.month + 2) / 3);
}

void unit_add(struct buf *out, int unit, bool quarters)
{
    int behind = unit - UNIT_START, year = quarters ? (behind - (behind & 3)) / 4 + UNIT_START : unit;
    buf_printf(out, "%d", year);
    if (quarters)
        buf_printf(out, "Q%d", (behind & 3) + 1);
}

bool unit_read(struct span text, int *unit, bool *quarters)
{
    int64_t year, quarter = 0;
    if (!scan_i64(&text, &year) || year < UNIT_FROM || year >= UNIT_FROM + UNITS)
        return false;
    *quarters = text.n > 0;
    if (*quarters && (text.n != 2 || (text.p[0] != 'Q' && text.p[0] != 'q')))
        return false;
    text = span_from(text, *quarters);
    if (*quarters && (!scan_i64(&text, &quarter) || text.n || quarter < 1 || quarter > 4))
        return false;
    *unit = *quarters ? quarter_unit((int)year, (int)quarter) : (int)year;
    return true;
}

/* Its quarter by its day, where that is of its year. */
static void place_in_time(const struct corpus_paper *in, struct texts_paper *p)
{
    struct err none = {0};
    day_t day;
    p->year = (int16_t)in->year;
    p->quarter = (int16_t)quarter_unit(in->year, 4);
    if (in->date.n != 10 || !day_read(in->date, &day, &none) || day_ymd(day).year != in->year)
        return;
    p->quarter = (int16_t)quarter_of(day);
    p->part = quarter_of(day + QUARTER_END) != p->quarter ? 4 : (uint8_t)((day_ymd(day).month + 2) % 3 + 1);
}

bool texts_add(struct texts *t, const struct corpus_paper *in, struct err *err)
{
    struct texts_paper p = {.at = t->words};
    AUTO_BUF struct buf family;
    uint32_t venue;
    if (t->n >= TEXTS_PAPERS)
        return fail(err, E_LIMIT, tr("err.papers.texts", "More papers than %d are not compared at once."),
                    TEXTS_PAPERS);
    buf_init(&family, 8000);
    texts_family(in->venue, in->vol, &family);
    if (!buf_ok(&family, err) || !vocabulary_add(&t->venues, buf_span(&family), &venue, err) ||
        !words_add(t, in->title, &p.title, err) ||
        (!t->titles && !words_add(t, in->abstract, &p.abstract, err)) ||
        !authors_add(t, in->authors, &p, err) ||
        !rows_room(&t->paper, t->n, 1, &t->room, sizeof *t->paper, err))
        return false;
    place_in_time(in, &p);
    p.venue = (uint16_t)venue;
    p.has_abstract = in->abstract.n > TEXT_LEAST;
    t->paper[t->n++] = p;
    t->settled = false;
    return true;
}

bool texts_add_file(struct texts *t, const char *path, uint64_t *bad, struct err *why, struct err *err)
{
    AUTO_CORPUS struct corpus c = {0};
    struct corpus_paper p;
    bool bad_line;
    if (!corpus_open(&c, path, err))
        return false;
    for (;;) {
        struct err here = {0};
        if (corpus_next(&c, &p, &bad_line, &here)) {
            if (!texts_add(t, &p, err))
                return false;
        } else if (bad_line) {
            ++*bad;
            if (why)
                fail(why, here.code, "%s", here.text);
        } else if (here.code) {
            return fail(err, here.code, "%s", here.text);
        } else {
            return true;
        }
    }
}

/* Give `names` new numbers in the order in which they are asked for: renumbering `old` to `map[old]`. */
struct anew {
    struct vocabulary names;
    uint32_t *map;
};

static bool anew_begin(struct anew *a, const struct vocabulary *old, struct err *err)
{
    *a = (struct anew){.names.most = old->most, .map = mem_get((old->n + 1) * sizeof *a->map)};
    if (!a->map)
        return fail_memory(err);
    memset(a->map, 0xff, old->n * sizeof *a->map);
    return true;
}

static bool anew_give(struct anew *a, const struct vocabulary *old, uint32_t *number, struct err *err)
{
    if (*number == NAME_NONE)
        return true;
    uint32_t *to = &a->map[*number];
    if (*to == NAME_NONE && !vocabulary_add(&a->names, vocabulary_at(old, *number), to, err))
        return false;
    *number = *to;
    return true;
}

/* The new names take the place of the old when `ok`. */
static bool anew_end(struct anew *a, struct vocabulary *old, bool ok)
{
    mem_free(a->map);
    vocabulary_free(ok ? old : &a->names);
    if (ok)
        *old = a->names;
    return ok;
}

static bool words_anew(struct texts *t, struct err *err)
{
    struct anew a;
    uint32_t *word = mem_get((t->words + 1) * sizeof *word);
    bool ok = word ? anew_begin(&a, &t->words_of, err) : fail_memory(err);
    size_t k = 0;
    if (!ok) {
        mem_free(word);
        return false;
    }
    for (size_t i = 0; ok && i < t->n; i++) {
        struct texts_paper *p = &t->paper[i];
        size_t n = (size_t)p->title + p->abstract;
        memcpy(word + k, t->word + p->at, n * sizeof *word);
        p->at = k;
        for (size_t j = 0; ok && j < n; j++)
            ok = anew_give(&a, &t->words_of, &word[k + j], err);
        k += n;
    }
    mem_free(t->word);
    t->word = word;
    t->words_room = t->words + 1;
    return anew_end(&a, &t->words_of, ok);
}

static bool people_anew(struct texts *t, struct err *err)
{
    struct anew a, v;
    bool ok = anew_begin(&a, &t->authors, err);
    if (!ok)
        return false;
    for (size_t i = 0; ok && i < t->n; i++)
        ok = anew_give(&a, &t->authors, &t->paper[i].first, err) &&
             anew_give(&a, &t->authors, &t->paper[i].last, err);
    if (!anew_end(&a, &t->authors, ok) || !anew_begin(&v, &t->venues, err))
        return false;
    for (size_t i = 0; ok && i < t->n; i++) {
        uint32_t venue = t->paper[i].venue;
        ok = anew_give(&v, &t->venues, &venue, err);
        t->paper[i].venue = (uint16_t)venue;
    }
    return anew_end(&v, &t->venues, ok);
}

/* By year, those of a year in the order in which they came. */
static bool sort_by_year(struct texts *t, struct err *err)
{
    size_t start[UNITS + 1] = {0};
    struct texts_paper *sorted = mem_get((t->n + 1) * sizeof *sorted);
    if (!sorted)
        return fail_memory(err);
    for (size_t i = 0; i < t->n && t->quarters; i++)
        t->paper[i].year = t->paper[i].quarter;
    for (size_t i = 0; i < t->n; i++)
        start[t->paper[i].year - UNIT_FROM + 1]++;
    for (size_t y = 0; y < UNITS; y++)
        start[y + 1] += start[y];
    for (size_t i = 0; i < t->n; i++)
        sorted[start[t->paper[i].year - UNIT_FROM]++] = t->paper[i];
    mem_free(t->paper);
    t->paper = sorted;
    t->room = t->n + 1;
    return true;
}

bool texts_settle(struct texts *t, struct err *err)
{
    t->settled = t->settled || (sort_by_year(t, err) && words_anew(t, err) && people_anew(t, err));
    return t->settled;
}

size_t texts_before(const struct texts *t, int year)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->paper[mid].year < year)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
