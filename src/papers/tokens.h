#ifndef PAPERS_TOKENS_H
#define PAPERS_TOKENS_H
/* The words of a title, an abstract or a query, as the index has them before stemming (PAPERS section 3):
 * runs of letters and digits, lower case; `a-b` gives a, b and ab; a trailing 's goes; of TeX, `$`, braces,
 * accents and the names of commands go; Chinese, Japanese and Korean runs give overlapping pairs of
 * characters. Other than ASCII is folded first (utf8_fold). */
#include <stdint.h>

#include "base/buf.h"

enum { TOKEN_MOST = 64 /* bytes; what is longer is cut there */, TOKEN_PAD = 8 };

struct tokens {
    struct span word; /* the token, lower case: valid until the next call */
    uint64_t hash;    /* of its bytes, the same on every run; not for keeping */
    bool joined;      /* `ab` of `a-b`: not a word in its place */
    const char *p, *end;
    struct buf *folded; /* the caller's, for text that is not ASCII */
    char text[TOKEN_MOST + TOKEN_PAD], join[TOKEN_MOST + TOKEN_PAD];
    size_t n, join_n;
    unsigned parts;   /* of the join that is being made */
    size_t cjk_first; /* bytes of the first character of the pair in `text`; 0: none */
};
/* Begin with `text`, which must live as long; `folded` is room for it (reset here) and belongs to the caller.
 */
void tokens_begin(struct tokens *t, struct span text, struct buf *folded);
/* The next one, or false at the end. */
bool tokens_next(struct tokens *t);
#endif
