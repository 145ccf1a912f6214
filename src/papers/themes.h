#ifndef PAPERS_THEMES_H
#define PAPERS_THEMES_H
/* What the papers of a week are about, folded into a few themes: words or pairs of words of titles that
 * belong to some categories rather than to all, the largest first; each paper counts for one theme. Pure. */
#include "base/mem.h"
#include "papers/traits.h"

enum { THEMES_MOST = 8 };

struct theme_paper {
    struct span title;
    struct traits counts; /* of title and abstract, not weighed */
    uint32_t category;
    bool left_out; /* it is shown by itself, so no theme counts it */
};
struct theme {
    const char *words; /* in the arena, as most titles write it */
    int64_t papers;
};
/* Themes into `out`, largest first, THEMES_MOST at most; `*rest` is how many papers are in none. */
MUST bool themes_find(struct arena *arena, struct traits_reader *reader, const struct theme_paper *papers,
                      size_t n, size_t categories, struct theme *out, size_t *themes, int64_t *rest,
                      struct err *err);
#endif
