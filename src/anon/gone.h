#ifndef ANON_GONE_H
#define ANON_GONE_H
/* Posts that were taken back, or that the moderators removed: their content goes, their leaf stays, and
 * another leaf has to say why (PROTOCOL section 4, Gone). */
#include "anon/batch_read.h"
#include "io/db.h"

/* Within db_write: note those of a batch that are gone; and for each `retract` in it by the key of its
 * target, drop the copy that is kept here. */
MUST bool gone_keep(struct db *db, const struct batch_read *batch, struct err *err);
/* Within db_write: drop the copies of what the moderators of `log` removed for being unlawful, and note it. A
 * decision that does not count (history.h) drops nothing. */
MUST bool gone_dropped(struct db *db, const struct history *log, struct err *err);
/* Whether each that is gone has its leaf in the kept log `which` (follow.h). *why: NULL or a sentence. */
MUST bool gone_check(struct db *db, int which, const char **why, struct err *err);
#endif
