/* Names of authors, folded. */
#include "papers/author_name.h"

#include "codec/tex.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { WORDS = 32, ID_LEAST = 2, ID_MOST = 100, FOLD_MOST = 8 * AUTHOR_NAME };

/* ---- words ---- */

struct words_of {
    struct span at[WORDS];
    size_t n;
    bool cjk; /* nothing but Chinese, Japanese or Korean characters */
    bool dot; /* parted by a middle dot, as foreign names are in Chinese: the surname comes last */
};

static bool is_one_of(struct span word, const char *const *list)
{
    for (; *list; list++)
        if (span_is(word, *list))
            return true;
    return false;
}

/* "Jr." and what stands behind a name like it. */
static bool is_suffix(struct span word)
{
    static const char *const list[] = {"jr", "sr", "ii", "iii", "iv", "phd", "md", NULL};
    return is_one_of(word, list);
}

static bool is_number(struct span word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return word.n > 0;
}

/* Marks within a word: hyphens, apostrophes. */
static bool joins(int32_t c)
{
    return c == '-' || c == '\'' || c == '`' || c == 0xB4 || (c >= 0x2010 && c <= 0x2015) || c == 0x2018 ||
           c == 0x2019 || c == 0x2BC;
}

static bool is_dot(int32_t c)
{
    return c == 0xB7 || c == 0x30FB || c == 0x2022 || c == 0x2027;
}

/* Append the words of folded text, one blank between. */
static void add_words(struct buf *out, struct span text, struct words_of *w)
{
    bool within = false;
    w->cjk = true;
    while (text.n) {
        struct span at = text;
        int32_t c = utf8_next(&text);
        enum utf8_kind kind = c < 0 ? UTF8_OTHER : utf8_kind(c);
        if (kind == UTF8_OTHER) {
            within = within && joins(c);
            w->dot = w->dot || is_dot(c);
            continue;
        }
        if (!within && out->n)
            buf_add_byte(out, ' ');
        within = true;
        w->cjk = w->cjk && kind == UTF8_CJK;
        buf_add(out, span_first(at, at.n - text.n));
    }
}

static void cut_words(struct words_of *w, struct span text)
{
    w->n = 0;
    while (text.n && w->n < WORDS)
        span_cut(&text, ' ', &w->at[w->n++]);
}

static struct span first_character(struct span word)
{
    struct span rest = word;
    if (rest.n)
        utf8_next(&rest);
    return span_first(word, word.n - rest.n);
}

/* "王 伟" is "王伟": blanks between characters say nothing, and the surname stands first. */
static void close_up(struct buf *room)
{
    size_t n = 0;
    for (size_t i = 0; i < room->n; i++)
        if (room->p[i] != ' ')
            room->p[n++] = room->p[i];
    room->n = n;
}

/* ---- the two forms ---- */

/* Appended behind the full name; both are spans of `room` afterwards. */
static void add_key(struct buf *room, const struct words_of *w, bool close, struct author_name *out)
{
    size_t full = room->n, last = w->n;
    struct span surname, initial;
    while (last > 1 && (is_suffix(w->at[last - 1]) || is_number(w->at[last - 1])))
        last--;
    struct span word = w->at[last ? last - 1 : 0];
    out->one = close ? first_character(word).n == word.n : last < 2;
    surname = close ? first_character(word) : word;
    initial = first_character(close ? span_from(word, surname.n) : w->at[0]);
    /* Copied first: appending may move what the words point into. */
    char key[2 * AUTHOR_NAME];
    size_t n = surname.n < AUTHOR_NAME ? surname.n : AUTHOR_NAME;
    memcpy(key, surname.p, n);
    if (!out->one) {
        key[n++] = ' ';
        memcpy(key + n, initial.p, initial.n);
        n += initial.n;
    }
    buf_add(room, span_bytes(key, n));
    if (room->failed)
        return;
    out->full = span_first(buf_span(room), full);
    out->key = span_from(buf_span(room), full);
}

/* "Noether, Emmy": what stands behind the comma goes first, unless it is "Jr." */
static struct span turned(struct span name, struct buf *room)
{
    struct span rest = name, first, words;
    struct words_of w = {0};
    AUTO_BUF struct buf behind;
    buf_init(&behind, FOLD_MOST);
    if (!span_cut(&rest, ',', &first) || !span_trim(rest).n || !span_trim(first).n)
        return name;
    add_words(&behind, rest, &w);
    words = buf_span(&behind);
    cut_words(&w, words);
    if (behind.failed || w.n == 0 || is_suffix(w.at[0]))
        return name;
    buf_add(room, rest);
    buf_add_byte(room, ' ');
    buf_add(room, first);
    return buf_span(room);
}

bool author_name_fold(struct buf *room, struct span name, struct author_name *out)
{
    AUTO_BUF struct buf plain, folded, round;
    struct words_of w = {0};
    buf_init(&plain, FOLD_MOST);
    buf_init(&folded, FOLD_MOST);
    buf_init(&round, FOLD_MOST);
    buf_reset(room);
    *out = (struct author_name){.full = SPAN(""), .key = SPAN(""), .one = true};
    name = span_first(span_trim(name), AUTHOR_NAME);
    tex_plain(&plain, name);
    utf8_fold(&folded, buf_span(&plain));
    add_words(room, turned(buf_span(&folded), &round), &w);
    if (room->n == 0) {
        w.cjk = false;
        buf_add(room, name);
        w.at[0] = buf_span(room);
        w.n = name.n ? 1 : 0;
    }
    bool close = w.cjk && !w.dot;
    if (close)
        close_up(room);
    if (room->n && !(w.n == 1 && w.at[0].n == room->n))
        cut_words(&w, buf_span(room));
    bool whole = !plain.failed && !folded.failed && !round.failed && !room->failed;
    if (w.n && whole)
        add_key(room, &w, close, out);
    return whole && !room->failed;
}

/* ---- lists ---- */

/* Words of a part, by blanks; `first` and `only` are set when there are any. */
static size_t words_in(struct span part, struct span *first)
{
    size_t n = 0;
    for (part = span_trim(part); part.n; part = span_trim(part)) {
        struct span word;
        span_cut(&part, ' ', &word);
        if (n++ == 0)
            *first = word;
    }
    return n;
}

static bool is_particle(struct span word)
{
    static const char *const list[] = {"van", "von", "de",  "der", "den", "la",  "le", "du", "di", "da",
                                       "dos", "del", "ter", "ten", "bin", "ibn", "el", "al", NULL};
    return is_one_of(word, list);
}

/* "Jr.", "III": compared without point and case. */
static bool is_suffix_part(struct span part)
{
    char word[8];
    size_t n = 0;
    part = span_trim(part);
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] == '.')
            continue;
        if (n == sizeof word)
            return false;
        char c = part.p[i];
        word[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return is_suffix(span_bytes(word, n));
}

static bool cut_and(struct span *rest, struct span *part)
{
    ptrdiff_t comma = span_find(*rest, SPAN(",")), and = span_find(*rest, SPAN(" and "));
    if (and >= 0 && (comma < 0 || and < comma)) {
        *part = span_first(*rest, (size_t) and);
        *rest = span_from(*rest, (size_t) and +5);
        return true;
    }
    return span_cut(rest, ',', part);
}

bool author_list_next(struct span *rest, struct span *name)
{
    while (rest->n) {
        struct span part, more = *rest, suffix;
        const char *start = rest->p;
        cut_and(&more, &part);
        *rest = more;
        if (more.n) {
            cut_and(&more, &suffix);
            if (is_suffix_part(suffix)) {
                part = (struct span){start, (size_t)(suffix.p + suffix.n - start)};
                *rest = more;
            }
        }
        part = span_trim(part);
        if (span_starts(part, SPAN("and ")))
            part = span_trim(span_from(part, 4));
        if (part.n && !span_is(part, "and")) {
            *name = part;
            return true;
        }
    }
    return false;
}

bool author_list(struct span line)
{
    struct span rest = line, name, word = {NULL, 0};
    size_t parts = 0, words[2] = {0};
    bool particle = false;
    while (parts < 3 && author_list_next(&rest, &name)) {
        if (parts < 2)
            words[parts] = words_in(name, &word);
        particle = particle || (parts == 0 && is_particle(word));
        parts++;
    }
    if (parts == 2)
        return words[0] > 1 && words[1] > 1 && !particle;
    return parts > 2;
}

/* ---- ids ---- */

static bool profile(struct span text)
{
    bool digit = false;
    if (text.n < ID_LEAST || text.n > ID_MOST || text.p[0] != '~')
        return false;
    for (size_t i = 1; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c <= ' ' || c == '@' || c == 0x7F)
            return false;
        digit = c >= '0' && c <= '9';
    }
    return digit;
}

/* ISO 7064, 11-2. */
static bool orcid(struct span text)
{
    unsigned sum = 0;
    if (text.n != 19)
        return false;
    for (size_t i = 0; i < 19; i++) {
        char c = text.p[i];
        if (i == 4 || i == 9 || i == 14) {
            if (c != '-')
                return false;
        } else if (i == 18) {
            unsigned check = (12 - sum % 11) % 11;
            return check == 10 ? c == 'X' || c == 'x' : c == (char)('0' + check);
        } else {
            if (c < '0' || c > '9')
                return false;
            sum = (sum + (unsigned)(c - '0')) * 2;
        }
    }
    return false;
}

bool author_id_read(struct span text, struct buf *out)
{
    static const char *const leads[] = {
        "https://orcid.org/", "http://orcid.org/", "orcid.org/", "ORCID:", "orcid:", NULL};
    text = span_trim(text);
    for (size_t i = 0; leads[i]; i++)
        if (span_starts(text, span_of(leads[i]))) {
            text = span_trim(span_from(text, strlen(leads[i])));
            break;
        }
    if (orcid(text)) {
        buf_add(out, span_first(text, 18));
        buf_add_byte(out, text.p[18] == 'x' ? 'X' : text.p[18]);
        return !out->failed;
    }
    if (!profile(text))
        return false;
    buf_add(out, text);
    return !out->failed;
}
