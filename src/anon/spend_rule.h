#ifndef ANON_SPEND_RULE_H
#define ANON_SPEND_RULE_H
/* The crowd that an act would hide in, and whether what the lab says of it can be so. */
#include "anon/history.h"
#include "anon/known.h"

struct spend_crowd {
    day_t epoch;            /* whose passes would be taken */
    int64_t passes;         /* of them here */
    int64_t fetched_at;     /* when; 0: never */
    int64_t holders, floor; /* as logged; -1: nothing was */
};
/* The newest epoch whose passes may be spent at `now`, with those that are here. *epoch stays 0 when there
 * are none. */
MUST bool spend_crowd(struct db *db, const struct history *issuer, int64_t now, struct spend_crowd *out,
                      struct err *err);
/* What is wrong with the list of those who hold passes of an epoch, in a sentence, or NULL: more than
 * members, another number than is logged, this node in it without passes or with passes not in it. *why is
 * also set, to a sentence without blame, when the list is not here yet; then *lie is false. */
MUST bool spend_list_lies(struct db *db, const struct known *known, const struct history *issuer, day_t epoch,
                          struct arena *arena, bool *lie, const char **why, struct err *err);
/* The four words are another matter: whether the epoch's head was confirmed, by the person's click “a
 * colleague sees the same words” or by as many witnesses outside the lab as are needed (anon/confirmed.h);
 * and that click. */
MUST bool spend_confirmed(struct db *db, const uint8_t head[static 32], bool *yes, struct err *err);
MUST bool spend_confirm(struct db *db, const uint8_t head[static 32], struct err *err);
#endif
