#ifndef ANON_LOOK_NOW_H
#define ANON_LOOK_NOW_H
/* What is new at the lab: its record, its lists, what its board published; and what that says of this node's
 * own posts. For whoever may fetch: a drawn moment, or a person who asked. */
#include "anon/known.h"
#include "base/buf.h"

/* *items: how many new posts can be read. E_REFUSED: the record does not fit, and the evidence is kept. */
MUST bool look_now(struct db *db, const struct known *known, int64_t now, int *items, struct err *err);
#endif
