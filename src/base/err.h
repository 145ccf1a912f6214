#ifndef BASE_ERR_H
#define BASE_ERR_H
/* What went wrong, said once, as a whole sentence ready for the person reading it (STYLE 6). A function that
 * can fail returns bool, is marked MUST, takes `struct err *` last and leaves its results untouched when it
 * returns false. */
#include <stdarg.h>
#include <stdbool.h>

#define MUST __attribute__((warn_unused_result))
#define PRINTS(f, a) __attribute__((format(printf, f, a)))

enum err_code {
    E_NONE = 0,
    E_USAGE,   /* the person's words are off: exit status 2 */
    E_FORMAT,  /* bytes from outside are not what they should be */
    E_LIMIT,   /* more than we take */
    E_MEMORY,  /* the machine has no more */
    E_SYSTEM,  /* the system refused: errno's words are in the text */
    E_BUSY,    /* somebody else holds it */
    E_FULL,    /* no space left */
    E_NEWER,   /* made by a newer Respite */
    E_MISSING, /* not there */
    E_REFUSED, /* we may not, or will not */
    E_STOPPED, /* asked to stop (Ctrl-C, SIGTERM) */
};

struct err {
    enum err_code code;
    char text[600]; /* UTF-8, one sentence, no line end */
};

/* Write the first failure into `err` (a later one does not overwrite it) and return false, so that `return
 * fail(…)` reads well. `err` may be NULL. */
bool fail(struct err *err, enum err_code code, const char *format, ...) PRINTS(3, 4);
/* The one failure that everything shares: "The machine has no memory left for this." */
bool fail_memory(struct err *err);
/* Forget a failure, for a caller that goes on. */
void err_clear(struct err *err);
/* "the disk is full" and friends: the system's words for errno `number`, in `out` of `size` bytes;
 * thread-safe. Returns out. */
const char *err_system(int number, char *out, unsigned size);
#endif
