#ifndef BENCH_TEXTS_H
#define BENCH_TEXTS_H
/* Papers for measuring: one a line, title, tab, abstract and, where they are known, tab, authors with ";"
 * between, tab, categories with blanks. And the clocks that the figures are read from. */
#include <stddef.h>

#include "base/span.h"

struct text {
    struct span title, abstract, authors, categories;
};
struct texts {
    struct text *at;
    size_t n;
};
/* All of a file, held until the program ends; ends it with a sentence when it cannot be read. */
struct texts texts_read(const char *path);
size_t texts_bytes(const struct texts *texts, size_t from, size_t to);

double seconds_cpu(void);
double seconds_wall(void);
/* The peak of this program; that of getrusage() has who started it in it. */
double resident_mb(void);
#endif
