#ifndef ANON_FOLLOW_LISTS_H
#define ANON_FOLLOW_LISTS_H
/* The lists behind the record: who is a member and who holds passes, as hashes (PROTOCOL section 5, Roster).
 */
#include "anon/history.h"
#include "anon/known.h"

/* Fetch those of the epochs that live at `now` and hold them against the record: numbers, roots, order, none
 * twice, our own hash in the roster. Without the crowd key nothing is asked. A list that does not fit is kept
 * as a finding, and is not taken over. */
MUST bool follow_lists(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                       struct err *err);
/* The crowd key to show at `now`: that of the last epoch that began an hour ago or more. *have is false when
 * it is not here. */
MUST bool follow_crowd(struct db *db, int64_t now, uint8_t out[static 32], bool *have, struct err *err);
#endif
