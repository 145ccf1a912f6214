/* Borrowed bytes: comparing, trimming, cutting. */
#include "base/span.h"

#include "base/banned.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool span_eq_nocase(struct span a, struct span b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_trim(struct span a)
{
    while (a.n && blank(a.p[0]))
        a.p++, a.n--;
    while (a.n && blank(a.p[a.n - 1]))
        a.n--;
    return a;
}

ptrdiff_t span_find(struct span a, struct span what)
{
    if (what.n == 0)
        return 0;
    if (a.n < what.n)
        return -1;
    const char *found = memmem(a.p, a.n, what.p, what.n);
    return found ? found - a.p : -1;
}

bool span_cut(struct span *rest, char by, struct span *head)
{
    const char *at = rest->n ? memchr(rest->p, by, rest->n) : NULL;
    if (!at) {
        *head = *rest;
        *rest = (struct span){NULL, 0};
        return false;
    }
    struct span all = *rest;
    size_t n = (size_t)(at - all.p);
    *head = (struct span){all.p, n};
    *rest = (struct span){at + 1, all.n - n - 1};
    return true;
}

int span_order(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}
