#ifndef ANON_ERRAND_H
#define ANON_ERRAND_H
/* What a page or a job of the serving process wants done on the network. That process is in a sandbox and can
 * connect to nothing; it writes the errand down and calls app->wake, and the keeper starts a process that
 * runs it (app/errands.c) by the rows of ui/room.h. One errand is run once, by whoever takes it first. */
#include <stdint.h>

#include "base/mem.h"
#include "base/words.h"
#include "io/db.h"

enum errand_state { ERRAND_WAITS, ERRAND_RUNS, ERRAND_DONE, ERRAND_FAILED };
struct errand {
    int64_t id;
    enum errand_state state;
    const char *what, *argument, *text; /* text: what came of it, or a sentence why it did not work */
    enum lang lang;                     /* that sentences are wanted in */
};
/* Write one down; those of the same kind that were written before are forgotten. */
MUST bool errand_put(struct db *db, const char *what, const char *argument, int64_t *id, struct err *err);
/* The errand of that kind written last; *out is zeroed when there is none. */
MUST bool errand_last(struct db *db, struct arena *arena, const char *what, struct errand *out,
                      struct err *err);
/* Wait until it is run, at most so many seconds: then it may still be under way (ERRAND_RUNS). */
MUST bool errand_wait(struct db *db, struct arena *arena, const char *what, int seconds, struct errand *out,
                      struct err *err);
/* Write it down, wake the keeper, wait: what a page does. */
struct app;
MUST bool errand_do(struct app *app, const char *what, const char *argument, int seconds, struct errand *out,
                    struct err *err);
MUST bool errand_drop(struct db *db, const char *what, struct err *err);

/* For who runs them. *there: one was waiting, and is ours now. */
MUST bool errand_take(struct db *db, struct arena *arena, struct errand *out, bool *there, struct err *err);
MUST bool errand_end(struct db *db, int64_t id, bool done, const char *text, struct err *err);
#endif
