#ifndef BASE_WORDS_H
#define BASE_WORDS_H
/* The words people read, in their language. Every sentence stands in the source as tr("key", "English"), is
 * collected by xgettext (keyword tr:1c,2) into po/respite.pot with the key as msgctxt, and is looked up at
 * run time. Any folder may use tr(); only ui/lang.c knows gettext and plugs it in with words_plug(). Two
 * kinds of sentence:
 *   - for fail() and printf: with %s and friends, checked by the compiler and by msgfmt -c;
 *   - for pages and the terminal: with {name}, filled by words_fill() below, so that a translation may change
 * the order. */
#include <stdint.h>

#include "base/buf.h"

enum lang { LANG_EN, LANG_ZH };

/* The language of this thread; LANG_EN until set, and as long as no catalogue is plugged in. */
void words_set(enum lang lang);
enum lang words_lang(void);

#define tr(key, english) \
    words_find("" key "" \
               "\004" \
               "" english "", \
               english)
/* Singular or plural: trn("card.commits", "{n} commit by you", "{n} commits by you", n). */
#define trn(key, one, many, n) \
    words_find_n("" key "" \
                 "\004" \
                 "" one "", \
                 one, many, (n))

const char *words_find(const char *context_and_english, const char *english) __attribute__((format_arg(2)));
const char *words_find_n(const char *context_and_one, const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(2)));

/* ui/lang.c gives its two look-ups; without them (unit tests of low folders) English is what comes back. */
typedef const char *words_lookup(const char *context_and_english, const char *english);
typedef const char *words_lookup_n(const char *context_and_one, const char *one, const char *many,
                                   unsigned long n);
void words_plug(words_lookup *one, words_lookup_n *many);

struct arg {
    const char *name;
    const char *text; /* NUL-ended; NULL prints nothing */
};
/* Append `pattern` to `out` with each {name} replaced. An unknown {name} stays as it stands, so that a test
 * can find it. `args` ends with a zeroed row; use the macro: words_say(out, tr(…), {"n", "9"}, {"k", "3"}).
 */
void words_fill(struct buf *out, const char *pattern, const struct arg *args);
#define words_say(out, pattern, ...) \
    words_fill((out), (pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* The same parsed: the next piece of `*pattern`, either text or a {name}; for writers that treat values
 * differently (ui/html.c escapes them). False at the end. */
struct piece {
    struct span text; /* literal text, or the name */
    bool is_name;
};
bool words_next(struct span *pattern, struct piece *out);
const char *words_arg(const struct arg *args, struct span name); /* NULL when there is none of that name */
/* A sentence that stands in a table: marked for xgettext, looked up when it is shown. words_find(w.key,
 * w.english). */
struct words {
    const char *key, *english;
};
#define N_(key, english) \
    { \
        "" key "" \
        "\004" \
        "" english "", \
            "" english "" \
    }
static inline const char *words_of(struct words w)
{
    return w.key ? words_find(w.key, w.english) : "";
}
#endif
