#ifndef ANON_ROTATE_PLAN_H
#define ANON_ROTATE_PLAN_H
/* What is due, from the record and the time alone. For anon/rotate.c. */
#include "anon/history.h"
#include "anon/lab.h"

enum { ROTATE_CLOSES = 16, ROTATE_KEYS = 3 };
/* Whose sum is due. */
struct rotate_close {
    uint8_t key_id[32], survey_id[16];
    bool survey;
    day_t epoch;
    int64_t quota;
};
struct rotate_plan {
    uint64_t size; /* of the log it is made for */
    bool trial;
    int64_t slot; /* when the batch slot began in which we are: rosters may grow once in each */
    struct {
        day_t epoch;
        bool there, due; /* due: there is none and there should be */
        bool lost;       /* it is in the record, and the list behind it is not here any more */
    } roster[2];         /* of the running and the next epoch */
    struct {
        uint8_t key_id[32];
        bool possible, there; /* of the running epoch */
    } open;
    struct rotate_close close[ROTATE_CLOSES];
    size_t closes;
    day_t key[ROTATE_KEYS]; /* epochs whose key is due */
    size_t keys;
    bool taken[256]; /* last bytes of ids that a new key may not have */
    bool rules;      /* the batches were asked to go at another pace */
};
/* `h`: the log of this process's lab; `issuer`: the process is one. */
void rotate_plan_make(const struct lab *lab, const struct history *h, bool issuer, int64_t now,
                      struct rotate_plan *out);
/* Something is due whatever the members did. */
bool rotate_plan_due(const struct rotate_plan *plan);
/* From 12 hours before the epoch on: the other operator has time to write down that it saw it. */
bool rotate_roster_due(day_t epoch, int64_t now);
/* Take out what cannot be written truly, since what it would say was lost with the database: the lists and
 * the sums of weeks whose key is in the record and not here. */
MUST bool rotate_plan_lost(struct db *db, struct rotate_plan *plan, struct err *err);
/* The next epoch for which a key can be logged: none is in the record, and it would be in time. */
day_t rotate_next_key(const struct history *h, int64_t now);
/* The rules of a lab as it is started. */
void rotate_rules(const struct lab *lab, struct entry_rules *out);
#endif
