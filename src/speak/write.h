#ifndef SPEAK_WRITE_H
#define SPEAK_WRITE_H
/* What a person says, made into an act that waits in the outbox (anon/spend.h): nothing leaves by itself
 * here. */
#include "anon/known.h"
#include "anon/outbox_db.h"
#include "base/span.h"

enum { WRITE_MOST = 256 * 1024 /* bytes of what is typed or read, before it is looked at */ };
struct writing {
    struct span text, title, part; /* as typed: they are tidied */
    bool is_reply;
    uint8_t thread[16]; /* of a reply */
    bool keep_name;     /* in this thread, the name of the last time */
    bool now;
};
/* Look at it as the board will, without keeping it: E_FORMAT, E_LIMIT in a sentence; a reply needs its thread
 * here (E_MISSING). */
MUST bool writing_check(struct db *db, struct arena *arena, const struct writing *writing, struct err *err);
/* What is taken out of it before it is signed, in a sentence in the arena; NULL: nothing. */
const char *writing_taken(struct arena *arena, const struct writing *writing);
/* E_REFUSED also for an answer under a name that the moderators muted in its thread. */
MUST bool writing_put(struct db *db, struct arena *arena, const struct known *known,
                      const struct writing *writing, int64_t now, int64_t *outbox, struct err *err);
/* “Me too” to a post that is here, once from this computer, under a key that is used for nothing else. */
MUST bool metoo_put(struct db *db, struct arena *arena, const struct known *known,
                    const uint8_t target[static 16], bool at_once, int64_t now, int64_t *outbox,
                    struct err *err);
/* Take one's own post back, signed by the key it was written with. */
MUST bool retract_put(struct db *db, struct arena *arena, const struct known *known,
                      const uint8_t target[static 16], bool at_once, int64_t now, int64_t *outbox,
                      struct err *err);
/* Whether this computer wrote in the thread in an earlier week than the one of `now`, so that there is a name
 * to keep. */
MUST bool name_to_keep(struct db *db, const uint8_t thread[static 16], int64_t now, bool *yes,
                       struct err *err);

/* How an act stands that was to leave at once: *said is `left` when it left, or that it is tried again.
 * E_REFUSED, saying how to send it again, when the board did not take it. */
MUST bool act_left(struct db *db, struct arena *arena, int64_t outbox, const char *left, const char **said,
                   struct err *err);

/* The text of an act in the outbox; "" for kinds that have none. In the arena. */
MUST bool act_text(struct arena *arena, const struct outbox_act *act, struct span *out, struct err *err);
/* The post that an act is about (`metoo`, `retract`: its target; `reply`: its thread). */
bool act_about(const struct outbox_act *act, uint8_t out[static 16]);
#endif
