#ifndef UI_HTML_H
#define UI_HTML_H
/* Markup: literals by us, values escaped. html_raw takes string literals only ("" s "" in the macro: anything
 * else does not compile); all else is escaped for text and attribute alike (& < > " ' ; bytes that are not
 * UTF-8 become U+FFFD). Appends into a struct buf, which keeps the failure for the end. */
#include <stdint.h>

#include "base/buf.h"
#include "base/words.h"

struct html {
    struct buf *out;
};
#define html_raw(h, literal) buf_add((h)->out, SPAN(literal))
void html_text(struct html *h, const char *text);        /* escaped; NULL prints nothing */
void html_span(struct html *h, struct span text);        /* escaped */
void html_int(struct html *h, int64_t n);                /* plain digits, for attributes and cells */
void html_fixed(struct html *h, double x, int decimals); /* "12.3": for SVG coordinates */
/* A translated sentence with its values, everything escaped: html_say(h, tr("key", "… {n} …"), {"n", "9"}).
 */
void html_fill(struct html *h, const char *pattern, const struct arg *args);
#define html_say(h, pattern, ...) \
    html_fill((h), (pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#endif
