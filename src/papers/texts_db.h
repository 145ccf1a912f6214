#ifndef PAPERS_TEXTS_DB_H
#define PAPERS_TEXTS_DB_H
/* The papers that are kept here as texts for counting terms. */
#include "io/db.h"
#include "papers/texts.h"

/* All of them whose year is known and has begun by `today`; withdrawn ones are left out. A paper without a
 * venue stands under its first category, "arxiv/cs.lg"; one of the ACL Anthology under its volume, "acl/p".
 * `texts` was begun with texts_init (and texts->titles set where these are enough), and is settled by the
 * caller. */
MUST bool texts_of_db(struct db *db, day_t today, struct texts *texts, struct err *err);
#endif
