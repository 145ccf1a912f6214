#ifndef PAPERS_TEXTS_DB_H
#define PAPERS_TEXTS_DB_H
/* The papers that are kept here as texts for counting terms. */
#include "io/db.h"
#include "papers/texts.h"

/* All of them whose year is known, settled; withdrawn ones are left out. A paper without a venue stands under
 * its first category, "arxiv/cs.lg". `texts` was begun with texts_init. */
MUST bool texts_of_db(struct db *db, struct texts *texts, struct err *err);
#endif
