#ifndef ANON_BATCH_TEXT_H
#define ANON_BATCH_TEXT_H
/* The acts of one batch, and its bytes as every node gets them: {"day","first","items","metoo","n",
 * "series","tokens","v":1}, canonical. For anon/batch.c alone. */
#include "anon/batch.h"
#include "anon/token.h"

struct batch_act {
    uint8_t id[16], c[32], key_id[32], token[TOKEN_SIZE];
    bool has_item, has_thread, is_counted, has_takes;
    uint8_t thread[16], counted[16], takes[16]; /* takes: whose content goes when this is published */
    int64_t gone_by;                            /* the leaf that takes the content of this one, or -1 */
    struct span item;                           /* canonical; in the text's own memory */
};
struct batch_text {
    struct arena *arena;
    const struct batch_facts *facts;
    struct batch_act act[BATCH_ACTS]; /* ascending by id */
    size_t acts;
    bool placed; /* their items are looked up by id and read by thread */
};
/* Within db_write: the first acts that wait in a series, as many as fit one batch. */
MUST bool batch_text_gather(struct db *db, const char *series, const struct batch_facts *facts,
                            struct batch_text **out, struct err *err);
void batch_text_free(struct batch_text *text);
/* How many of them were paid for with the passes of which epoch. */
void batch_text_keys(const struct batch_text *text, struct entry_batch *out);
/* `first`: the index of their first leaf. Notes in `text` which of them are taken back by another of them. */
MUST bool batch_text_write(struct batch_text *text, const char *series, int64_t n, day_t day, uint64_t first,
                           struct buf *out, struct err *err);
/* Within db_write: they wait no more, their items can be read by thread, and what they take back is gone. */
MUST bool batch_text_done(struct db *db, const struct batch_text *text, int64_t n, uint64_t first,
                          struct err *err);
#endif
