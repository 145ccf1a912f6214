#ifndef ANON_FOLLOW_AGAIN_H
#define ANON_FOLLOW_AGAIN_H
/* What goes on after following has stopped (anon/follow.h), each by the person's own act: looking again, and
 * agreeing to go on behind a `break`, the lab's word that it has lost entries of its record for good
 * (PROTOCOL section 4, "Kept, lost, brought back"). The evidence is kept either way. */
#include "anon/follow.h"

struct follow_broken {
    int log;
    uint64_t index, size; /* of the entry `break` in the record as it is now; of the record that was lost */
    uint8_t leaf[32];     /* of that entry: what the person agrees to */
    uint64_t lost;        /* entries that are here and that the record as it is now does not have */
    const char *said;     /* all of that and the lab's reason, in a sentence */
};
/* Ask the logs once more. True: they fit (what had stopped is over), or *there, and the record goes on behind
 * a break: then nothing was taken over. E_REFUSED: it does not fit, as before. */
MUST bool follow_again(struct db *db, const struct known *known, int64_t now, struct arena *arena,
                       struct follow_broken *out, bool *there, int64_t *date, struct err *err);
/* Go on behind the break whose entry has this leaf, fetching the record once more: entries that are in it no
 * more are put aside, receipts of acts among them stay and are marked as lost; passes stay. E_REFUSED: that
 * break is not there any more. */
MUST bool follow_go_on(struct db *db, const struct known *known, int64_t now, const uint8_t leaf[static 32],
                       struct err *err);
/* "On 2026-11-25 the lab wrote that …" of a break entry; `lost` as above. In the arena. */
MUST bool follow_broken_say(const struct history_break *b, uint64_t lost, struct arena *arena,
                            const char **out, struct err *err);
/* Whether the person has agreed to the break at this index; and whether a record of `size` entries is one of
 * those that were lost by it. */
MUST bool follow_agreed(struct db *db, int log, uint64_t index, bool *yes, struct err *err);
MUST bool follow_agree(struct db *db, int log, uint64_t index, uint64_t size, int64_t now, struct err *err);
MUST bool follow_was_lost(struct db *db, int log, uint64_t size, bool *yes, struct err *err);
#endif
