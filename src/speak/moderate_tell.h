#ifndef SPEAK_MODERATE_TELL_H
#define SPEAK_MODERATE_TELL_H
/* Flags and appeals of who uses this computer, put into the outbox under a key that is used for nothing
 * else. */
#include "anon/known.h"
#include "base/mem.h"
#include "speak/moderate_act.h"

struct telling {
    bool is_flag;            /* else an appeal */
    enum flag_reason reason; /* of a flag */
    uint8_t target[16];      /* the post, circle or ask */
    int64_t entry;           /* of an appeal: the decision; -1: nothing stands */
    struct span text;        /* as typed: note, or why it should be undone */
};
MUST bool telling_put(struct db *db, struct arena *arena, const struct known *known,
                      const struct telling *telling, bool at_once, int64_t now, int64_t *outbox,
                      struct err *err);
#endif
