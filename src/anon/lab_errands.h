#ifndef ANON_LAB_ERRANDS_H
#define ANON_LAB_ERRANDS_H
/* What the pages about the lab want done on the network (anon/errand.h), one click each. */
#include "ui/room.h"

#define ERRAND_LOOK "lab look"   /* argument: the invitation; the answer: struct lab_found */
#define ERRAND_JOIN "lab join"   /* argument: the invitation */
#define ERRAND_LEAVE "lab leave" /* no argument */
#define ERRAND_TRY "lab try"     /* argument: a proxy; asks the lab's server for its name through it */
extern const struct errand_row lab_errands[];

/* What a look found, as the page shows it. */
struct lab_found {
    const char *name, *by, *issuer_vkey, *board_vkey;
    int64_t members;
    bool trial;
};
MUST bool lab_found_read(struct span answer, struct arena *arena, struct lab_found *out, struct err *err);
#endif
