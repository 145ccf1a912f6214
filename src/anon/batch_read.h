#ifndef ANON_BATCH_READ_H
#define ANON_BATCH_READ_H
/* One published batch as a node reads it (PROTOCOL section 4, Batches), and what it is held against: the
 * entry and the leaves of the log, the keys of the record, the head that everybody has. */
#include "anon/history.h"
#include "anon/token.h"

enum { BATCH_READ_MOST = 16 * 1024 * 1024 };
struct batch_item {
    struct span bytes, kind; /* bytes: canonical; empty when it is gone */
    bool gone, has_thread, has_target;
    bool fits;          /* set by batch_check: it is the act of leaf `index` */
    uint64_t index, by; /* by: of a gone one, the index of the leaf that says so */
    uint8_t id[16], c[32], leaf[32], pass[32], head[32], pk[32];
    uint8_t thread[16], target[16]; /* of its act */
};
struct batch_metoo {
    uint8_t target[16];
    int64_t n;
};
struct batch_read {
    struct span series;
    int64_t n;
    day_t day;
    uint64_t first;
    struct batch_item *item;
    struct token *token;
    struct batch_metoo *metoo;
    size_t items, tokens, metoos;
};
/* Read one, whole, each item with its signature; what it points into lives in the arena. E_FORMAT, E_LIMIT.
 */
MUST bool batch_read(struct span bytes, struct arena *arena, struct batch_read *out, struct err *err);

/* The answer of GET /v1/batches: the first number of "board", "letters", "answers" that is there. */
enum { BATCHES_MOST = 4096 };
MUST bool batches_first_read(struct span body, int64_t first[static 3], struct err *err);

struct batch_ground {
    const struct history *issuer, *board; /* board: NULL when not split */
    /* The hash of leaf `index` of the log that holds the acts. */
    bool (*leaf)(void *arg, uint64_t index, uint8_t out[static 32], struct err *err);
    /* Note a pass as published; *twice: it was before, at another place. */
    bool (*seen)(void *arg, const struct token *token, uint64_t index, bool *twice, struct err *err);
    void *arg;
};
/* *why: the first thing that does not fit, as a sentence, or NULL. False: it could not be looked at. */
MUST bool batch_check(struct batch_read *batch, const struct batch_ground *ground, struct arena *arena,
                      const char **why, struct err *err);
/* The entry of a batch in the log that holds the acts, or NULL. */
const struct history_batch *batch_entry(const struct history *log, struct span series, int64_t n);
#endif
