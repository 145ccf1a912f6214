#ifndef SPEAK_HELP_OWN_H
#define SPEAK_HELP_OWN_H
/* Numbers that a person keeps for Help now: a friend, a doctor, a counsellor on campus. They stay on this
 * computer, and stand beside the lines of the list. */
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "io/db.h"

/* Migration of the room "speak". */
#define HELP_OWN_TABLES \
    "create table help_own(id integer primary key, name text not null, number text not null)"

enum { HELP_OWN_MOST = 12, HELP_OWN_NAME = 120, HELP_OWN_NUMBER = 120 /* bytes */ };
struct help_own {
    int64_t id;
    struct span name, number;
};
struct help_owns {
    struct help_own *at;
    size_t n, room;
};
/* In the order in which they were kept. */
MUST bool help_own_list(struct db *db, struct arena *arena, struct help_owns *out, struct err *err);
/* Keep one, tidied (codec/plain.h); the name may be empty. E_USAGE: no number, too long, or HELP_OWN_MOST are
 * here. */
MUST bool help_own_put(struct db *db, struct span name, struct span number, struct err *err);
/* Remove one; what is not there is no failure. */
MUST bool help_own_drop(struct db *db, int64_t id, struct err *err);
#endif
