#ifndef TEST_PAPERS_PLANTED_H
#define TEST_PAPERS_PLANTED_H
/* A field that never was: titles of words as frequent as Zipf says, in three venues, and among them planted
 * terms that rise in some year and then stay or go. Later papers come first, as files do not ask for an
 * order. */
#include "papers/texts.h"

enum { PLANTED_FROM = 2000, PLANTED_TO = 2018, PLANTED_TERMS = 90 };

/* Add the papers of the years up to `last` to `texts`; the same seed gives the same field. With
 * texts->quarters set a "year" is a quarter: papers of arXiv with a day in it, and beside them a conference
 * of which the year alone is known. */
void planted_papers(struct texts *texts, uint64_t seed, int last);
/* A planted term's word, and whether it stays. */
const char *planted_word(unsigned i, char *out);
bool planted_stays(unsigned i);
#endif
