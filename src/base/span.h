#ifndef BASE_SPAN_H
#define BASE_SPAN_H
/* A borrowed run of bytes with its length. It owns nothing and is valid as long as what it points into. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *p;
    size_t n;
};

#define SPAN(literal) ((struct span){"" literal "", sizeof(literal) - 1})
/* `n` bytes of anything. */
static inline struct span span_bytes(const void *p, size_t n)
{
    return (struct span){p, n};
}
/* For printf("%.*s", SPAN_ARG(s)). */
#define SPAN_ARG(s) (int)((s).n > 4096 ? 4096 : (s).n), ((s).p ? (s).p : "")

static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}
static inline bool span_eq(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool span_is(struct span a, const char *text)
{
    return span_eq(a, span_of(text));
}
static inline bool span_starts(struct span a, struct span with)
{
    return a.n >= with.n && (with.n == 0 || memcmp(a.p, with.p, with.n) == 0);
}
static inline bool span_ends(struct span a, struct span with)
{
    return a.n >= with.n && (with.n == 0 || memcmp(a.p + (a.n - with.n), with.p, with.n) == 0);
}
/* The same bytes from `from` on (nothing when past the end). */
static inline struct span span_from(struct span a, size_t from)
{
    return from >= a.n ? (struct span){NULL, 0} : (struct span){a.p + from, a.n - from};
}
/* The first `n` bytes (all when there are fewer). */
static inline struct span span_first(struct span a, size_t n)
{
    return (struct span){a.p, a.n < n ? a.n : n};
}
/* Equal but for ASCII case. */
bool span_eq_nocase(struct span a, struct span b);
/* Without ASCII white space on both sides. */
struct span span_trim(struct span a);
/* Where `what` first stands in `a`, or -1. */
ptrdiff_t span_find(struct span a, struct span what);
/* Cut at the first `by`: the bytes before it go to *head, those after stay in *rest. False when `by` is not
 * there: then all goes to *head and *rest is empty. */
bool span_cut(struct span *rest, char by, struct span *head);
/* Byte order as memcmp, shorter first: for qsort and binary search. */
int span_order(struct span a, struct span b);
#endif
