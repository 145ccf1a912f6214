#ifndef ANON_RECOVER_BATCH_H
#define ANON_RECOVER_BATCH_H
/* One batch out of a member's file: looked at, then put back. For anon/recover.c alone. */
#include "anon/history.h"
#include "io/db.h"

/* Within db_write, its leaves being in the log: keep it when it is missing, mark its passes as spent, and let
 * its acts wait no more. `issuer` knows the keys. E_REFUSED when it is not the batch that the log speaks of.
 */
MUST bool recover_batch(struct db *db, const struct history *issuer, const struct history_batch *batch,
                        struct span bytes, bool *missing, int64_t *passes, struct err *err);
#endif
