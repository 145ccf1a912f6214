/* Text into words. Letters and digits of ASCII are taken eight at a time, what is between words goes through
 * a table of bytes; any other text is folded first and looked at by code point. */
#include "papers/tokens.h"

#include <string.h>

#include "base/map.h"
#include "codec/eight.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { END = 0, SKIP = 1, DASH = 2, TEX = 3, HIGH = 4 }; /* else the byte's lower case */

/* What a byte is: a letter or digit (its lower case), or one of the above. */
static const uint8_t kinds[256] = {
#define SAME(c) [c] = c
#define LOWER(c) [c] = (c) + 32
    ['$'] = SKIP, ['{'] = SKIP, ['}'] = SKIP, ['-'] = DASH, ['\\'] = TEX, SAME('0'),    SAME('1'),
    SAME('2'),    SAME('3'),    SAME('4'),    SAME('5'),    SAME('6'),    SAME('7'),    SAME('8'),
    SAME('9'),    SAME('a'),    SAME('b'),    SAME('c'),    SAME('d'),    SAME('e'),    SAME('f'),
    SAME('g'),    SAME('h'),    SAME('i'),    SAME('j'),    SAME('k'),    SAME('l'),    SAME('m'),
    SAME('n'),    SAME('o'),    SAME('p'),    SAME('q'),    SAME('r'),    SAME('s'),    SAME('t'),
    SAME('u'),    SAME('v'),    SAME('w'),    SAME('x'),    SAME('y'),    SAME('z'),    LOWER('A'),
    LOWER('B'),   LOWER('C'),   LOWER('D'),   LOWER('E'),   LOWER('F'),   LOWER('G'),   LOWER('H'),
    LOWER('I'),   LOWER('J'),   LOWER('K'),   LOWER('L'),   LOWER('M'),   LOWER('N'),   LOWER('O'),
    LOWER('P'),   LOWER('Q'),   LOWER('R'),   LOWER('S'),   LOWER('T'),   LOWER('U'),   LOWER('V'),
    LOWER('W'),   LOWER('X'),   LOWER('Y'),   LOWER('Z'),
#define FOUR(c) [c] = HIGH, [(c) + 1] = HIGH, [(c) + 2] = HIGH, [(c) + 3] = HIGH
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)
    SIXTEEN(128), SIXTEEN(144), SIXTEEN(160), SIXTEEN(176), SIXTEEN(192), SIXTEEN(208), SIXTEEN(224),
    SIXTEEN(240),
#undef SAME
#undef LOWER
#undef FOUR
#undef SIXTEEN
};

static uint8_t kind_of(char c)
{
    return kinds[(uint8_t)c];
}

static uint8_t kind_at(const struct tokens *t, const char *p)
{
    return p < t->end ? kind_of(*p) : END;
}

static bool is_word(uint8_t kind)
{
    return kind > HIGH;
}

/* True when a word goes on at `p`. */
static bool word_at(const struct tokens *t, const char *p)
{
    uint8_t kind = kind_at(t, p);
    if (kind != HIGH)
        return is_word(kind);
    struct span rest = {p, (size_t)(t->end - p)};
    enum utf8_kind high = utf8_kind(utf8_next(&rest));
    return high == UTF8_LETTER || high == UTF8_DIGIT;
}

static bool is_ascii(struct span text)
{
    uint64_t all = 0;
    size_t i = 0;
    for (; i + 8 <= text.n; i += 8)
        all |= eight_load(text.p + i);
    for (; i < text.n; i++)
        all |= (uint8_t)text.p[i];
    return !(all & EIGHT_HIGHS);
}

void tokens_begin(struct tokens *t, struct span text, struct buf *folded)
{
    if (!is_ascii(text)) {
        buf_reset(folded);
        utf8_fold(folded, text);
        text = buf_span(folded);
    }
    t->p = text.p;
    t->end = text.p + text.n;
    t->n = t->join_n = t->cjk_first = 0;
    t->parts = 0;
    t->folded = folded;
}

static void add(struct tokens *t, const char *bytes, size_t n)
{
    if (t->n + n <= TOKEN_MOST) {
        memcpy(t->text + t->n, bytes, n);
        t->n += n;
    }
}

/* The last eight bytes end in zeros where the word does not fill them. */
static bool give_whole(struct tokens *t, const char *text, size_t n, bool joined)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i += 8) {
        hash = (hash ^ eight_load(text + i)) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    t->word = (struct span){text, n};
    t->hash = hash;
    t->joined = joined;
    return true;
}

static bool give(struct tokens *t, char *text, size_t n, bool joined)
{
    memset(text + n, 0, TOKEN_PAD);
    return give_whole(t, text, n, joined);
}

/* Over `\command` and the accent of `\'e`; true when it was an accent: the word goes on behind it. */
static bool skip_tex(struct tokens *t)
{
    const char *p = t->p + 1;
    if (p < t->end && ((*p | 32) < 'a' || (*p | 32) > 'z')) {
        t->p = p + 1;
        return *p == '\'' || *p == '"' || *p == '`' || *p == '^' || *p == '~' || *p == '=' || *p == '.';
    }
    while (p < t->end && (*p | 32) >= 'a' && (*p | 32) <= 'z')
        p++;
    t->p = p;
    return false;
}

/* One code point of a folded text. True when it ends the word (and was taken, if it is no part of one). */
static bool take_high(struct tokens *t)
{
    struct span rest = {t->p, (size_t)(t->end - t->p)};
    enum utf8_kind kind = utf8_kind(utf8_next(&rest));
    size_t bytes = (size_t)(rest.p ? rest.p - t->p : t->end - t->p);
    if (kind == UTF8_CJK && t->n && !t->cjk_first)
        return true;
    if (kind == UTF8_LETTER || kind == UTF8_DIGIT)
        add(t, t->p, bytes);
    t->p += bytes;
    return kind == UTF8_OTHER;
}

static bool starts_cjk(const struct tokens *t)
{
    struct span rest = {t->p, (size_t)(t->end - t->p)};
    return rest.n && (uint8_t)*t->p >= 0x80 && utf8_kind(utf8_next(&rest)) == UTF8_CJK;
}

static size_t take_character(struct tokens *t)
{
    struct span rest = {t->p, (size_t)(t->end - t->p)};
    utf8_next(&rest);
    size_t bytes = (size_t)(rest.p ? rest.p - t->p : t->end - t->p);
    add(t, t->p, bytes);
    t->p += bytes;
    return bytes;
}

/* The next pair of a run of CJK characters; a run of one gives that one. */
static bool next_cjk(struct tokens *t)
{
    bool alone = !t->cjk_first;
    if (alone) {
        t->n = 0;
        t->cjk_first = take_character(t);
    }
    if (starts_cjk(t)) {
        size_t drop = alone ? 0 : t->cjk_first;
        if (!alone) {
            memmove(t->text, t->text + drop, t->n - drop);
            t->n -= drop;
            t->cjk_first = t->n;
        }
        take_character(t);
        return give(t, t->text, t->n, false);
    }
    t->cjk_first = 0;
    return alone ? give(t, t->text, t->n, false) : false;
}

/* To where a word begins; false at the end of the text. */
static bool find_word(struct tokens *t)
{
    while (t->p < t->end) {
        uint8_t kind = kind_of(*t->p);
        if (is_word(kind))
            return true;
        if (kind == TEX) {
            if (skip_tex(t))
                return t->p < t->end;
        } else if (kind == HIGH) {
            struct span rest = {t->p, (size_t)(t->end - t->p)};
            if (utf8_kind(utf8_next(&rest)) != UTF8_OTHER)
                return true;
            t->p = rest.p ? rest.p : t->end;
        } else {
            t->p++;
        }
    }
    return false;
}

/* The letters and digits from here on that are ASCII, lower case: most words whole. */
static void take_ascii(struct tokens *t)
{
    const char *p = t->p, *end = t->end;
    char *to = t->text, *most = t->text + TOKEN_MOST;
    for (size_t n = 8; n == 8 && to < most; p += n, to += n) {
        char last[8] = {0};
        bool whole = end - p >= 8;
        if (!whole)
            memcpy(last, p, (size_t)(end - p));
        uint64_t eight = eight_lower(eight_load(whole ? p : last));
        uint64_t others = ~(eight_within(eight, 'a', 'z') | eight_within(eight, '0', '9')) & EIGHT_HIGHS;
        n = others ? (size_t)__builtin_ctzll(others) / 8 : 8;
        eight_store(to, n < 8 ? eight & (((uint64_t)1 << 8 * n) - 1) : eight);
    }
    t->p = p;
    t->n = (size_t)(to - t->text);
}

static void take_word(struct tokens *t)
{
    while (t->p < t->end) {
        uint8_t kind = kind_of(*t->p);
        if (is_word(kind)) {
            if (t->n < TOKEN_MOST)
                t->text[t->n++] = (char)kind;
            t->p++;
        } else if (kind == SKIP) {
            t->p++;
        } else if (kind == HIGH) {
            const char *before = t->p;
            if (take_high(t) || t->p == before)
                return;
        } else if (kind != TEX || !skip_tex(t)) {
            return;
        }
    }
}

/* A trailing 's goes; `-` before another letter or digit makes a join. */
static void look_behind(struct tokens *t)
{
    if (t->p + 1 < t->end && t->p[0] == '\'' && (t->p[1] | 32) == 's' && !word_at(t, t->p + 2))
        t->p += 2;
    bool dash = kind_at(t, t->p) == DASH && word_at(t, t->p + 1);
    if (dash || t->parts) {
        size_t room = TOKEN_MOST - t->join_n, n = t->n < room ? t->n : room;
        memcpy(t->join + t->join_n, t->text, n);
        t->join_n += n;
        t->parts = dash ? t->parts + 1 : UINT32_MAX; /* UINT32_MAX: whole, to be given next */
    }
}

bool tokens_next(struct tokens *t)
{
    if (t->parts == UINT32_MAX) {
        size_t n = t->join_n;
        t->parts = 0;
        t->join_n = 0;
        return give(t, t->join, n, true);
    }
    if (t->cjk_first && next_cjk(t))
        return true;
    while (find_word(t)) {
        t->n = 0;
        if (starts_cjk(t))
            return next_cjk(t);
        take_ascii(t);
        size_t n = t->n;
        take_word(t);
        look_behind(t);
        if (t->n)
            return t->n == n ? give_whole(t, t->text, n, false) : give(t, t->text, t->n, false);
    }
    return false;
}
