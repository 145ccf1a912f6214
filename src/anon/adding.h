#ifndef ANON_ADDING_H
#define ANON_ADDING_H
/* Entries that the issuer is about to append, with the lists that belong to them: gathered first, then
 * written as one. For anon/rotate.c and what is beside it. */
#include "anon/entry.h"
#include "anon/issuer_key.h"
#include "anon/roster.h"

enum { ADDING_MOST = 48 };
struct adding {
    struct db *db;
    const struct lab *lab;
    struct arena *arena;
    int64_t now;
    struct span entry[ADDING_MOST];
    size_t n;
    struct {
        enum roster_kind kind;
        day_t epoch;
        struct leaves leaves;
        size_t entry;
    } list[ADDING_MOST];
    size_t lists;
};
MUST bool adding_entry(struct adding *a, const struct entry *entry, struct err *err);
MUST bool adding_bytes(struct adding *a, struct span entry, struct err *err);
/* The roster of an epoch as it is now, when it grew or `first`; *leaves: its list either way. */
MUST bool adding_roster(struct adding *a, day_t epoch, bool first, struct leaves *leaves, struct err *err);
/* Who of `roster` holds passes, when that grew or `first`. */
MUST bool adding_open(struct adding *a, day_t epoch, const uint8_t key_id[static 32], bool late, bool first,
                      const struct leaves *roster, struct err *err);
/* A general key. */
MUST bool adding_key(struct adding *a, const struct issuer_key *key, day_t epoch, struct err *err);
/* The challenge that the passes of this lab answer; `context`: of a survey, or NULL. */
MUST bool adding_challenge(const struct lab *lab, const uint8_t *context, struct buf *out, struct err *err);
/* Append them. Nothing to append is fine; *first is then 0. */
MUST bool adding_done(struct adding *a, uint64_t *first, struct err *err);
#endif
