#ifndef ANON_GUEST_H
#define ANON_GUEST_H
/* A counsellor's computer and a lab it is no member of. It follows the record, which is public, and asks for
 * the rest with the key that stands there (anon/guest_ask.h): batches of letters, whole as members have them,
 * and passes, so that an answer is paid for and looks like every other letter. */
#include "anon/known.h"
#include "anon/send_public.h"
#include "ui/room.h"

/* Ask the lab whose board is at `board` what it is, follow its record, and fill what a member would know: no
 * secrets, and `guest`, which is `key` (borrowed). E_REFUSED: the record does not continue the one that is
 * here, or this computer is a member of another lab. In the arena. */
MUST bool guest_known(struct db *db, struct arena *arena, const char *board, const struct sign_key *key,
                      int64_t now, struct known **out, struct err *err);
/* What is new: passes of the weeks that are given out now, letters, proofs of what was sent; then send what
 * could not be sent on an earlier day. */
MUST bool guest_fetch(struct app *app, const struct known *known, struct err *err);
/* One request of a guest. The status is the caller's to look at. */
struct guest_wish {
    enum { GUEST_WANTS_LETTERS, GUEST_WANTS_PASSES } what;
    int64_t n;           /* letters: which batch */
    struct span request; /* passes */
    int64_t now;
    size_t most; /* bytes of the answer */
};
MUST bool guest_send(struct db *db, const struct known *known, const struct guest_wish *wish,
                     struct httpc_answer *answer, struct err *err);
#endif
