#ifndef PAPERS_FETCH_H
#define PAPERS_FETCH_H
/* The one door from papers to public feeds, and the manners that arXiv asks for: one request after another,
 * three seconds from the end of one to the start of the next whatever the host, Retry-After obeyed, longer
 * and longer pauses after a failure, then no more for the day (PAPERS section 2). */
#include "base/buf.h"
#include "io/db.h"

enum {
    FETCH_GAP_MS = 3000,
    FETCH_TRIES = 5,
    FETCH_PAUSE_MOST = 900,  /* seconds, of our own */
    FETCH_RETRY_MOST = 3600, /* of Retry-After */
    FETCH_ANSWER = 64 << 20
};

struct fetch_door {
    struct db *db;
    const char *via;    /* a proxy, or NULL */
    unsigned wait_most; /* seconds to wait for one answer, however often it is asked for */
    int64_t ended_ms;   /* of the last request of this process, by clock_boot_ms; 0: none yet */
    unsigned requests;  /* so far */
    /* Told of a pause before the next try, and whether the server asks for it (else it gave no answer); may
     * be NULL. */
    void (*waits)(void *arg, bool asked, unsigned seconds);
    void *arg;
};
struct fetch_answer {
    bool unchanged; /* 304 */
    struct buf body;
    char modified[64], etag[128];
};
/* GET `url`. `modified` and `etag` are those of the last answer, NULL or "" when there was none. False in one
 * sentence: E_STOPPED, E_BUSY (more waiting is asked for than wait_most), or what went wrong at the last try.
 * `answer->body` is the caller's to clear on success. */
MUST bool fetch_get(struct fetch_door *door, const char *url, const char *modified, const char *etag,
                    struct fetch_answer *answer, struct err *err);
#endif
