#ifndef ANON_LAB_ERRANDS_H
#define ANON_LAB_ERRANDS_H
/* What the pages about the lab want done on the network (anon/errand.h), one click each. */
#include "ui/room.h"

#define ERRAND_LOOK "lab look"   /* argument: the invitation; the answer: struct lab_found */
#define ERRAND_JOIN "lab join"   /* argument: the invitation */
#define ERRAND_LEAVE "lab leave" /* no argument */
#define ERRAND_AGAIN "lab again" /* no argument; the answer: struct lab_again */
#define ERRAND_GO_ON "lab go on" /* argument: the leaf that lab_again gave */
#define ERRAND_TRY "lab try"     /* argument: a proxy; asks the lab's server for its name through it */
extern const struct errand_row lab_errands[];

/* What a look found, as the page shows it. */
struct lab_found {
    const char *name, *by, *issuer_vkey, *board_vkey;
    const char *broken; /* the lab lost entries of its record, in a sentence; "": no */
    int64_t members;
    bool trial;
};
/* What looking again at a stopped log found. */
struct lab_again {
    const char *broken, *leaf; /* the break to agree to, in a sentence, and its leaf in base64; "": it fits */
};
MUST bool lab_again_read(struct span answer, struct arena *arena, struct lab_again *out, struct err *err);
MUST bool lab_found_read(struct span answer, struct arena *arena, struct lab_found *out, struct err *err);
#endif
