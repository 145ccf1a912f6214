#ifndef ANON_ROTATE_H
#define ANON_ROTATE_H
/* What a lab writes into its record as weeks go by: its first entries, keys, rosters, who holds passes, sums
 * (PROTOCOL sections 3 and 5). Secrets of keys are destroyed with the sums. */
#include "ui/room.h"

/* Within db_write, on an empty log: genesis and rules, and of an issuer the keys of the running and the next
 * epoch and the rosters that are due. */
MUST bool rotate_begin(struct app *app, struct db *db, struct err *err);
/* The job: what is due at app->now, in one transaction. */
MUST bool rotate_beat(struct app *app, struct err *err);

/* Log a survey and the key for its answers: passes of it are for those in the roster of the entry at
 * `roster`, from a day from now on (trial: at once) until `opens`, and can be spent from then until `closes`.
 * `entry` is the whole entry of the survey; *id is the survey's. E_MISSING: there is no such roster. On the
 * board of a split lab the survey alone is logged: its issuer reads it there and logs the key, for which the
 * entry has to say opens, closes and group (anon/entry.h). */
struct rotate_survey {
    struct span entry;
    uint64_t roster;
    int64_t opens, closes;
};
MUST bool rotate_survey_key(struct app *app, const struct rotate_survey *survey, uint8_t id[static 16],
                            struct err *err);
#endif
