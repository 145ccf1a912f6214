#ifndef ANON_HISTORY_H
#define ANON_HISTORY_H
/* What a log says, read from its first entry on: the rules in force, the keys with their windows, rosters,
 * opens, closes, batches, the tree. Pure: bytes in, facts out; node and board read it with the same code. It
 * grows at its end. What breaks a rule of PROTOCOL is kept as a finding, with its place and in a sentence,
 * and the thing it was about is not usable (a second key of an epoch, one that was logged too late); reading
 * goes on, so that evidence is whole. Acts and answers are looked at and not kept. */
#include <stdint.h>

#include "anon/entry.h"
#include "crypt/merkle.h"

struct history_key {
    struct entry_key key;
    uint64_t index;
    int64_t at;
    bool good; /* logged in time, alone in its epoch, a sound SPKI and challenge: may be used */
    /* Of a survey, in an issuer's own log: good but for the survey, which stands in the board's; and whether
     * it was said that they do not fit. */
    bool sound, said;
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
struct history_survey {
    uint8_t id[16], context[32]; /* context: of the challenge of its passes */
    uint64_t index;
    int64_t at;
    struct entry_survey survey;
};
/* A moderator, voucher, listener or counsellor: somebody with a key that is not the lab's. */
struct history_person {
    enum entry_kind kind;
    struct entry_person person;
    uint64_t index;
    int64_t from;  /* Unix seconds from which the key is in force: 72 h after it was logged, and the term */
    int64_t until; /* and until which: the end of the term, or the `end` of the lab */
    bool ended;    /* by the lab, before the term was over */
    bool good;     /* nothing was found against the entry */
    struct span voucher; /* of a listener: the name, and the key, of who vouched */
    uint8_t voucher_pk[32];
    struct span employer, where; /* of a counsellor */
};
struct history_hours {
    struct entry_hours hours;
    uint64_t index;
    int64_t at;
    bool good; /* of a counsellor in force */
};
struct history_moderation {
    struct moderation moderation;
    uint64_t index;
    int64_t at;
    int64_t by; /* which of history.people signed it, or -1 */
    bool good;  /* signed by a moderator in force, and not used twice: it counts */
};
/* The tree up to and with the entry that makes an epoch's head. */
struct history_head {
    day_t epoch;
    uint64_t size; /* index of the epoch's first roster entry (split, board's log: first peer entry) + 1 */
    uint8_t root[32];
};
struct history_break {    /* the lab's word that entries are lost for good */
    uint64_t index, size; /* size, root: of the record as it was shown before */
    uint8_t root[32];
    int64_t at;
    struct span reason;
};
/* An entry that a room knows and this folder does not: `quiet`, `model`, `arena` (its canonical JSON). */
struct history_other {
    struct span t, bytes;
    uint64_t index;
    int64_t at;
};
/* The days of one that is `quiet`; false for another, and for one without days. */
bool history_quiet(const struct history_other *other, day_t *from, day_t *to);
struct history_finding {
    uint64_t index;
    const char *text; /* in the language it was made in */
};
struct history {
    struct arena *arena;
    struct merkle tree;
    struct entry_genesis genesis;
    bool has_genesis;
    uint64_t first_size; /* size of the first checkpoint: entries below it are exempt from the waits. Who did
                            not see it leaves 0: then those are that follow genesis at the same second */
    int64_t last_at;
    /* Unix seconds at which the entries that are added now were fetched, and at which the log was fetched
     * before; 0: not known, then times are compared with each other alone. */
    int64_t now, before;
    int64_t began;       /* `at` of genesis */
    bool first;          /* entries are still those of the first checkpoint */
    uint64_t due;        /* leaves that the last batch has still to bring */
    uint8_t last_id[16]; /* item id of its last leaf */
    struct {
        struct {
            struct entry_rules rules;
            uint64_t index;
            int64_t at;
            bool first; /* of the first checkpoint: in force at once */
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
        struct history_survey *at;
        size_t n, room;
    } surveys;
    struct {
        struct history_person *at;
        size_t n, room;
    } people;
    struct {
        struct history_moderation *at;
        size_t n, room;
    } moderations;
    struct {
        struct history_hours *at;
        size_t n, room;
    } hours;
    struct {
        struct history_head *at;
        size_t n, room;
    } heads;
    struct {
        struct history_break *at;
        size_t n, room;
    } breaks;
    struct {
        struct history_other *at;
        size_t n, room;
    } others;
    struct {
        struct history_finding *at;
        size_t n, room;
    } findings;
};
enum { HISTORY_FLOOR = 10, HISTORY_FINDINGS = 256 };
MUST bool history_new(struct history **out, struct err *err);
void history_free(struct history *history);
/* The next entry, number history->tree.size. `first_size` of the history has to be set before the first.
 * E_FORMAT, E_LIMIT, E_NEWER: no entry that can be read (also kept as a finding, and counted into the tree).
 * After E_MEMORY the history is not whole: free it. Findings after the first HISTORY_FINDINGS are dropped. */
MUST bool history_add(struct history *history, struct span entry, struct err *err);

/* The rules that apply at `epoch` (those logged before it began, or in the first checkpoint; trial: the
 * newest); NULL when there are none. */
const struct entry_rules *history_rules(const struct history *history, day_t epoch);
/* The crowd that is enough to speak in: what the rules say, and never fewer than HISTORY_FLOOR. */
int64_t history_floor(const struct history *history, day_t epoch);
/* By token_key_id, good or not; the good general key of an epoch, or of a survey. NULL: none. */
const struct history_key *history_key(const struct history *history, const uint8_t key_id[static 32]);
const struct history_key *history_general(const struct history *history, day_t epoch);
const struct history_key *history_survey_key(const struct history *history, const uint8_t id[static 16]);
/* The newest roster or open of an epoch; the largest member count of its rosters; NULL or 0: none. */
const struct history_list *history_roster(const struct history *history, day_t epoch);
const struct history_list *history_open(const struct history *history, day_t epoch);
int64_t history_members(const struct history *history, day_t epoch);
/* How many acts the batches so far say were paid with passes of an epoch; what the issuer has closed it with,
 * and the board (NULL: not yet). */
int64_t history_spent(const struct history *history, day_t epoch);
const struct history_close *history_issued(const struct history *history, day_t epoch);
const struct history_close *history_closed(const struct history *history, day_t epoch);
/* Of two logs: false when the board has closed an epoch or a survey, `spent` of its log, with more than the
 * issuer. (In one log that is a finding.) */
bool history_sums_hold(const struct history *issuer, const struct entry_close *spent);
/* Of two logs: a survey stands in the board's, the key for its answers in the issuer's. Makes those keys good
 * whose survey says the same; one that says something else is a finding of the issuer's, and with `all`, when
 * the board's log is no older than the issuer's, so is one without a survey. To be called again when either
 * grew. */
void history_match(struct history *issuer, const struct history *board, bool all);
const struct history_survey *history_survey(const struct history *history, const uint8_t id[static 16]);
/* Whose key of this kind it is at `at` (Unix seconds), or NULL: nobody's, or not in force then. */
const struct history_person *history_in_force(const struct history *history, enum entry_kind kind,
                                              const uint8_t pk[static 32], int64_t at);
/* Whether so many counsellors as a `close` of the issuer says had passes were in force while they were given
 * out. `history`: the log with the entries of counsellors. */
bool history_counsellors_hold(const struct history *history, const struct entry_close *issued);
/* The newest good `hours` of a counsellor and week: what counts. NULL: none. */
const struct history_hours *history_hours(const struct history *history, const uint8_t counsellor[static 32],
                                          day_t week);
/* Index of the last entry `moderation` on a post, good or not; -1: none. */
int64_t history_moderated(const struct history *history, const uint8_t target[static 16]);
/* Origin of the log: the name of its vkey in genesis; empty when there is none. */
struct span history_origin(const struct history *history);

/* The epoch's head (PROTOCOL 3): `board` is the board's log in a split lab, else NULL. `text` may be NULL.
 * False when the log has none yet. */
bool history_head(const struct history *issuer, const struct history *board, day_t epoch, struct buf *text,
                  uint8_t out[static 32]);
#endif
