#ifndef ANON_HISTORY_H
#define ANON_HISTORY_H
/* What a log says, read from its first entry on: the rules in force, the keys with their windows, rosters,
 * opens, closes, batches, the tree. Pure: bytes in, facts out; node and board read it with the same code. It
 * grows at its end. What breaks a rule of PROTOCOL is kept as a finding, with its place and in a sentence,
 * and the thing it was about is not usable (a second key of an epoch, one that was logged too late); reading
 * goes on, so that evidence is whole. */
#include <stdint.h>

#include "anon/entry.h"
#include "crypt/merkle.h"

struct history_key {
    struct entry_key key;
    uint64_t index;
    int64_t at;
    bool good; /* logged in time, alone in its epoch, a sound SPKI and challenge: may be used */
};
struct history_list {
    struct entry_list list;
    uint64_t index;
    int64_t at;
};
struct history_batch {
    struct entry_batch batch;
    uint64_t index; /* its leaves are index + 1 … index + count */
};
struct history_close {
    struct entry_close close;
    uint64_t index;
};
/* Sums are taken and roots computed as entries come; `head` is the tree before that entry was added + it. */
struct history_head {
    day_t epoch;
    uint64_t size; /* index of the epoch's first roster entry (split, board's log: first peer entry) + 1 */
    uint8_t root[32];
};
struct history_finding {
    uint64_t index;
    const char *text; /* in the language it was made in */
};
struct history {
    struct arena *arena;
    struct merkle tree;
    struct entry_genesis genesis;
    bool has_genesis;
    uint64_t first_size; /* size of the first checkpoint: entries below it are exempt from the waits */
    int64_t last_at;
    struct {
        struct {
            struct entry_rules rules;
            uint64_t index;
            int64_t at;
        } * at;
        size_t n, room;
    } rules;
    struct {
        struct history_key *at;
        size_t n, room;
    } keys;
    struct {
        struct history_list *at;
        size_t n, room;
    } rosters, opens;
    struct {
        struct history_close *at;
        size_t n, room;
    } closes;
    struct {
        struct history_batch *at;
        size_t n, room;
    } batches;
    struct {
        struct history_head *at;
        size_t n, room;
    } heads;
    struct {
        struct history_finding *at;
        size_t n, room;
    } findings;
};
MUST bool history_new(struct history **out, struct err *err);
void history_free(struct history *history);
/* The next entry, number history->tree.size. `first_size` of the history has to be set before the first (the
 * size of the first checkpoint ever seen; 0: no entry is exempt). E_FORMAT: no entry at all (also kept as a
 * finding, and counted into the tree). */
MUST bool history_add(struct history *history, struct span entry, struct err *err);

/* The rules that apply at `epoch` (those logged before it began, or in the first checkpoint; trial: the
 * newest); NULL when there are none. */
const struct entry_rules *history_rules(const struct history *history, day_t epoch);
/* By token_key_id, good or not; the good general key of an epoch; a survey's. NULL: none. */
const struct history_key *history_key(const struct history *history, const uint8_t key_id[static 32]);
const struct history_key *history_general(const struct history *history, day_t epoch);
/* The newest roster or open of an epoch; the largest member count of its rosters; NULL or 0: none. */
const struct history_list *history_roster(const struct history *history, day_t epoch);
const struct history_list *history_open(const struct history *history, day_t epoch);
int64_t history_members(const struct history *history, day_t epoch);

/* The epoch's head (PROTOCOL 3): `board` is the board's log in a split lab, else NULL. `text` may be NULL.
 * False when the log has none yet. */
bool history_head(const struct history *issuer, const struct history *board, day_t epoch, struct buf *text,
                  uint8_t out[static 32]);
#endif
