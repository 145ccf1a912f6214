#ifndef PAPERS_TRAITS_H
#define PAPERS_TRAITS_H
/* What a paper looks like to a profile: its stems, pairs of stems that stand side by side, authors and
 * categories, each hashed to one of 2^18 places, with (1 + ln count) * idf as value and unit length (PAPERS
 * section 4). Pure. */
#include <stdint.h>

#include "base/buf.h"
#include "papers/index_build.h"

enum { TRAITS = 1 << 18, TRAITS_LEAST = 4 /* papers that must have a trait for it to count */ };
#define TRAITS_SHARE .12 /* of all papers: what more of them have tells nothing */

struct trait {
    uint32_t at;
    float value;
};
struct traits { /* of one paper */
    struct trait *at;
    size_t n, room;
};
void traits_free(struct traits *t);

struct traits_paper {
    struct span title, abstract, authors, categories;
};
/* Reads papers. Keeps each distinct word's stem. */
struct traits_reader;
struct traits_reader *traits_reader_new(struct err *err);
void traits_reader_free(struct traits_reader *r); /* NULL is fine */
/* The counts of a paper's traits, a title's words twice, ascending by place. */
MUST bool traits_count(struct traits_reader *r, const struct traits_paper *paper, struct traits *out,
                       struct err *err);
/* Counts into values by `idf` (TRAITS of them, 0: no trait); those without value go. */
void traits_weigh(struct traits *t, const float *idf);
/* The same for all papers: from how many have each trait. */
void traits_idf(const uint32_t *df, uint32_t papers, float *idf);
float traits_dot(const struct traits *a, const struct traits *b);

/* Each trait of a paper with the words it is of: "attention sinks", "E. Noether", "cs.LG". */
enum trait_kind { TRAIT_WORD, TRAIT_PAIR, TRAIT_AUTHOR, TRAIT_CATEGORY };
typedef bool traits_named(uint32_t at, enum trait_kind kind, struct span words, void *arg);
/* Call `named` for each, in the order of the text, again where one comes again; words written as one
 * ("multihead" of multi-head) are left out. False when it said so. */
bool traits_names(struct traits_reader *r, const struct traits_paper *paper, traits_named *named, void *arg);
/* The place of an author or a category, and of one or two words, as traits_count() has them. */
uint32_t traits_author(struct span name);
uint32_t traits_category(struct span name);
bool traits_words(struct traits_reader *r, struct span words, uint32_t *at);
#endif
