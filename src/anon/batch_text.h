#ifndef ANON_BATCH_TEXT_H
#define ANON_BATCH_TEXT_H
/* The acts of one batch, and its bytes as every node gets them: {"day","first","items","metoo","n",
 * "series","tokens","v":1}, canonical. For anon/batch.c alone. */
#include "anon/batch.h"
#include "anon/token.h"

struct batch_act {
    uint8_t id[16], c[32], key_id[32], token[TOKEN_SIZE];
    bool has_item, has_thread, is_counted;
    uint8_t thread[16], counted[16];
    struct span item; /* canonical; in the text's own memory */
};
struct batch_text {
    struct arena *arena;
    const struct batch_facts *facts;
    struct batch_act act[BATCH_ACTS]; /* ascending by id */
    size_t acts;
};
/* Within db_write: the first acts that wait in a series, as many as fit one batch. */
MUST bool batch_text_gather(struct db *db, const char *series, const struct batch_facts *facts,
                            struct batch_text **out, struct err *err);
void batch_text_free(struct batch_text *text);
/* How many of them were paid for with the passes of which epoch. */
void batch_text_keys(const struct batch_text *text, struct entry_batch *out);
MUST bool batch_text_write(const struct batch_text *text, const char *series, int64_t n, day_t day,
                           uint64_t first, struct buf *out, struct err *err);
/* Within db_write: they wait no more, and their items can be read by thread. */
MUST bool batch_text_done(struct db *db, const struct batch_text *text, int64_t n, struct err *err);
#endif
