#ifndef PAPERS_STEMS_H
#define PAPERS_STEMS_H
/* Papers as rows of numbered stems, for learning vectors and for weighing words (PAPERS section 7). A word
 * here is [a-z][a-z0-9]+ or [0-9]+[a-z][a-z0-9]* of the lower-case text; the usual English stop words are
 * left out, the others go through Porter2. Stems get their numbers in the order in which they are first seen.
 */
#include "papers/vocabulary.h"

enum { STEMS_MOST = 1 << 22, STEM_WORD = 64 };

struct stems_paper {
    uint64_t at;              /* its title's stems begin at stem[at], its abstract's right behind */
    uint16_t title, abstract; /* how many, each as often as it stands there */
};
struct stems {
    struct vocabulary of;
    struct stems_paper *paper;
    uint32_t *stem;
    size_t n, room, stems, stems_room;
    struct vocabulary words; /* words as they were written; `known` has the stem of each, NAME_NONE: none */
    uint32_t *known;
    size_t known_room;
    void *stemmer;
};
MUST bool stems_init(struct stems *stems, struct err *err);
void stems_free(struct stems *stems);
#define AUTO_STEMS __attribute__((cleanup(stems_free)))
/* Take in a paper; of either text at most `words` words are read. */
MUST bool stems_add(struct stems *stems, struct span title, struct span abstract, size_t words,
                    struct err *err);
/* Forget the papers, keep the stems: for one draft after another. */
void stems_drop(struct stems *stems, size_t papers);
/* A stem of a paper: how often it stands in the title and in the abstract, 255 at most each. */
struct stems_place {
    uint32_t stem;
    uint8_t title, abstract;
};
enum { STEMS_PLACES = 4096 };
/* The stems of a paper, ascending, at most STEMS_PLACES; returns how many. number: by stem, of `stems` of
 * them, gives each another number (NAME_NONE: left out); NULL: as they are. */
size_t stems_places(const struct stems *s, const struct stems_paper *p, const uint32_t *number, size_t stems,
                    struct stems_place *out);
bool stem_is_stop(struct span word);
/* A byte that belongs to a word: a letter or digit of ASCII. */
static inline bool stem_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
#endif
