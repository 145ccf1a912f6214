/* The rules are a design guess, measured in the tests on prompts marked by hand. They look at the first turn
 * alone and know English and Chinese. */
#include "arena/battle_tag.h"

#include <ctype.h>

#include "base/buf.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { LONG_TOKENS = 768, FOLD_MOST = 8 << 20 };

const char *battle_tag_name(int which)
{
    static const char *const names[TAG_COUNT] = {"code",    "math",    "hard", "long",
                                                 "english", "chinese", "other"};
    return names[which];
}

static bool has(struct span text, const char *what)
{
    return span_find(text, span_of(what)) >= 0;
}

static int count(struct span text, const char *const *words)
{
    int n = 0;
    for (; *words; words++)
        n += has(text, *words);
    return n;
}

/* Code ------------------------------------------------------------------------------------------------- */
static bool has_source_file(struct span text)
{
    static const char *const suffixes[] = {".c",  ".h",  ".cc",   ".cpp", ".py", ".js", ".ts",  ".rs",
                                           ".go", ".rb", ".java", ".sh",  ".R",  ".jl", ".sql", NULL};
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] != '.' || !isalnum((unsigned char)text.p[i - 1]))
            continue;
        for (const char *const *s = suffixes; *s; s++) {
            struct span rest = span_from(text, i);
            size_t n = strlen(*s);
            if (span_starts(rest, span_of(*s)) && (rest.n == n || !isalnum((unsigned char)rest.p[n])))
                return true;
        }
    }
    return false;
}

static bool has_code_line(struct span text)
{
    struct span line;
    while (text.n) {
        span_cut(&text, '\n', &line);
        line = span_trim(line);
        if (span_ends(line, SPAN("{")) || span_ends(line, SPAN(";")))
            return true;
    }
    return false;
}

static bool is_code(struct span text)
{
    static const char *const words[] = {"def ", "class ", "import ", "#include", "function ", NULL};
    ptrdiff_t select = span_find(text, SPAN("SELECT "));
    bool query = select >= 0 && has(span_from(text, (size_t)select), " FROM");
    return has(text, "```") || has_code_line(text) + (count(text, words) > 0 || query) +
                                       (has(text, "()") || has(text, "=>") || has(text, "::")) +
                                       has_source_file(text) >=
                                   2;
}

/* Mathematics ------------------------------------------------------------------------------------------ */
static bool has_dollars(struct span text)
{
    struct span line, head;
    while (text.n) {
        span_cut(&text, '\n', &line);
        bool opened = span_cut(&line, '$', &head);
        bool letter = line.n && !isspace((unsigned char)line.p[0]) && !isdigit((unsigned char)line.p[0]);
        if (opened && letter && span_cut(&line, '$', &head) && head.n)
            return true;
    }
    return false;
}

static bool has_figures(struct span text)
{
    struct span line;
    while (text.n) {
        size_t sign = 0, all = 0, digits = 0;
        span_cut(&text, '\n', &line);
        for (size_t i = 0; i < line.n; i++) {
            unsigned char c = (unsigned char)line.p[i];
            all += !isspace(c);
            digits += isdigit(c) != 0;
            sign += isdigit(c) || (c && strchr("+-*/=^()<>.,", c));
        }
        if (all >= 5 && digits && sign * 10 >= all * 6)
            return true;
    }
    return false;
}

static bool is_math(struct span text, struct span folded)
{
    static const char *const marks[] = {"\\frac",   "\\sum", "\\int",  "\\sqrt",
                                        "\\begin{", "\\lim", "\\prod", NULL};
    static const char *const words[] = {"prove",   "solve", "integral", "derivative", "equation",
                                        "theorem", "matri", "probabil", NULL};
    static const char *const chinese[] = {"证明", "求解", "积分", "方程", "定理", "矩阵", "概率", NULL};
    return has_dollars(text) || count(text, marks) > 0 || has_figures(text) ||
           count(folded, words) + count(text, chinese) >= 2;
}

/* Language ---------------------------------------------------------------------------------------------- */
static unsigned language(struct span text, struct span folded)
{
    static const char *const stops[] = {" the ", " of ",   " and ",  " to ",   " is ",
                                        " a ",   " in ",   " what ", " how ",  " for ",
                                        " why ", " this ", " you ",  " that ", NULL};
    size_t letters = 0, han = 0, latin = 0;
    struct span rest = text;
    while (rest.n) {
        int32_t code = utf8_next(&rest);
        enum utf8_kind kind = code < 0 ? UTF8_OTHER : utf8_kind(code);
        letters += kind == UTF8_LETTER || kind == UTF8_CJK;
        han += code >= 0x4e00 && code < 0xa000;
        latin += kind == UTF8_LETTER && code < 0x250;
    }
    if (han * 10 >= letters * 3 && han)
        return TAG_CHINESE;
    return latin * 10 >= letters * 7 && count(folded, stops) >= 1 ? TAG_ENGLISH : TAG_OTHER;
}

static size_t words_in(struct span text)
{
    size_t n = 0;
    bool inside = false;
    while (text.n) {
        int32_t code = utf8_next(&text);
        enum utf8_kind kind = code < 0 ? UTF8_OTHER : utf8_kind(code);
        bool is = kind == UTF8_LETTER || kind == UTF8_DIGIT;
        n += kind == UTF8_CJK || (is && !inside);
        inside = is;
    }
    return n;
}

bool battle_is_long(struct span prompt, struct span answer)
{
    return words_in(prompt) + words_in(answer) >= LONG_TOKENS;
}

/* Folded, with a blank at either end, line ends as blanks: words are then found between blanks. */
static void fold(struct buf *out, struct span text)
{
    buf_add_byte(out, ' ');
    utf8_fold(out, text);
    buf_add_byte(out, ' ');
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] == '\n')
            out->p[i] = ' ';
}

unsigned battle_tags(struct span prompt, bool hard)
{
    AUTO_BUF struct buf folded;
    buf_init(&folded, FOLD_MOST);
    fold(&folded, prompt);
    return (is_code(prompt) ? TAG_CODE : 0u) | (is_math(prompt, buf_span(&folded)) ? TAG_MATH : 0u) |
           (hard ? TAG_HARD : 0u) | language(prompt, buf_span(&folded));
}

bool battle_names(struct span answer, struct span word)
{
    AUTO_BUF struct buf text, what;
    buf_init(&text, FOLD_MOST);
    buf_init(&what, 4096);
    fold(&text, answer);
    utf8_fold(&what, span_trim(word));
    struct span rest = buf_span(&text), wanted = buf_span(&what);
    if (text.failed || what.failed)
        return true; /* what could not be looked at does not count as blind */
    for (ptrdiff_t at; wanted.n && (at = span_find(rest, wanted)) >= 0;
         rest = span_from(rest, (size_t)at + 1)) {
        unsigned char before = at > 0 ? (unsigned char)rest.p[at - 1] : ' ';
        unsigned char after =
            (size_t)at + wanted.n < rest.n ? (unsigned char)rest.p[(size_t)at + wanted.n] : ' ';
        bool ascii = (unsigned char)wanted.p[0] < 0x80;
        if (!ascii || (!isalnum(before) && !isalnum(after)))
            return true;
    }
    return false;
}
