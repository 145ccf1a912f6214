#ifndef PAPERS_TEXTS_H
#define PAPERS_TEXTS_H
/* The papers of several fields as rows of numbers, for counting terms over the years (PAPERS section 6):
 * words, authors and venues are numbered, texts are rows of word numbers, papers stand in the order of their
 * years. 150,000 papers with abstracts take about 120 MB.
 *
 * Where a field is counted by quarters, a "year" is a quarter all through: quarter_unit() gives each a number
 * of its own, four to a year, and all rules of section 6 hold as they stand.
 *
 * A word here is [a-z0-9]+(-[a-z0-9]+)* of the lower-case text: not the index's token (tokens.h), for titles
 * of a field are compared over decades by their spelling. */
#include "base/day.h"
#include "papers/corpus.h"
#include "papers/vocabulary.h"

enum {
    TEXTS_WORDS = (1 << 21) - 2,
    TEXTS_PAPERS = 4 << 20,
    TEXT_LEAST = 100 /* bytes of an abstract that counts */,
    QUARTER_END = 14,
    UNIT_START = 2000, /* the year, and the number of its first quarter */
    UNIT_FROM = 1850,
    UNITS = 400
};
/* The number of a quarter (1 to 4), between UNIT_FROM and UNIT_FROM + UNITS: 2000 is that of 2000Q1, 2101
 * that of 2025Q2. Earlier and later ones are put at the ends. */
int quarter_unit(int year, int quarter);
int quarter_of(day_t day);
/* "2025" or "2025Q2", appended; and read whole, `*quarters` told. False when it is neither. */
void unit_add(struct buf *out, int unit, bool quarters);
bool unit_read(struct span text, int *unit, bool *quarters);

struct texts_paper {
    uint64_t at;              /* its title begins at word[at], its abstract right behind */
    uint16_t title, abstract; /* how many words */
    int16_t year;             /* settled by quarters: its quarter_unit() */
    int16_t quarter; /* quarter_unit(); of a paper whose day is not known the last of its year, when all know
                        it */
    uint16_t venue;
    uint32_t first, last; /* authors, NAME_NONE when not known */
    bool has_abstract;    /* one longer than TEXT_LEAST */
    uint8_t part; /* its day: 1, 2, 3: month of the quarter; 4: its last QUARTER_END days; 0: not known */
};
struct texts {
    struct texts_paper *paper;
    uint32_t *word;
    size_t n, room, words, words_room;
    struct vocabulary words_of, authors, venues;
    bool quarters; /* set before texts_settle: by quarters */
    bool titles;   /* set before the first: words of abstracts are not kept */
    bool settled;
};
void texts_init(struct texts *texts);
void texts_free(struct texts *texts);
#define AUTO_TEXTS __attribute__((cleanup(texts_free)))
/* Take in a paper: nothing of it is borrowed. Its venue gets the family's name: lower case, ICCV and ECCV
 * one, the volume's letters for the ACL Anthology ("acl/p" of P18-1). */
MUST bool texts_add(struct texts *texts, const struct corpus_paper *paper, struct err *err);
/* All papers of a file; lines that are no good are counted in *bad, and `why` (may be NULL) tells of the
 * first. */
MUST bool texts_add_file(struct texts *texts, const char *path, uint64_t *bad, struct err *why,
                         struct err *err);
/* After the last one: papers in the order of their years, and all numbers given anew in that order, so that
 * what is worked out for a year has the same bits whether later papers are there or not. */
MUST bool texts_settle(struct texts *texts, struct err *err);
/* Papers before `year` (they are the first so many). Settled texts. */
size_t texts_before(const struct texts *texts, int year);
/* The next word of a lower-cased text, or false; *text moves on. `word` has WORD_MOST bytes, *n its length.
 */
enum { WORD_MOST = 96 };
bool texts_word(struct span *text, char *word, size_t *n);
/* Append the family's name of a venue. */
void texts_family(struct span venue, struct span vol, struct buf *out);
#endif
