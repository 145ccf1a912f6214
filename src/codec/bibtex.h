#ifndef CODEC_BIBTEX_H
#define CODEC_BIBTEX_H
/* BibTeX: @type{key, field = {…}, …} with strings in braces or quotes, numbers, @string names and #. What
 * stands between entries is comment, as BibTeX has it. Values come as written, white space as it is; TeX in
 * them is codec/tex.h's. */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

enum { BIBTEX_FIELDS = 64, BIBTEX_VALUE = 1 << 20, BIBTEX_STRINGS = 4096 };

struct bibtex_field {
    struct span name, value; /* name in lower case */
};
struct bibtex_entry {
    struct span type, key; /* type in lower case */
    struct bibtex_field field[BIBTEX_FIELDS];
    size_t fields;
    uint64_t line; /* on which it begins, from 1 */
};
struct bibtex_strings {
    struct bibtex_field *at;
    size_t n, room;
};
struct bibtex {
    struct span rest;
    uint64_t line;
    struct arena *strings_in;
    struct bibtex_strings strings;
};
/* `text` is borrowed; `strings` holds what @string defines. */
void bibtex_begin(struct bibtex *b, struct span text, struct arena *strings);
/* The next entry; @string, @comment and @preamble are passed over. Texts are in `arena`, or point into the
 * text. False at the end, or with a sentence about this entry, without its line (out->line has it); the
 * caller may clear the error and go on behind it. */
bool bibtex_next(struct bibtex *b, struct arena *arena, struct bibtex_entry *out, struct err *err);
/* The value of a field, or an empty span. */
struct span bibtex_field(const struct bibtex_entry *entry, const char *name);
/* Cut the next name off a list of names ("Noether, Emmy and {The Group} and …"): false at the end. */
bool bibtex_name(struct span *names, struct span *name);
#endif
