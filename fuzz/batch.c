/* A published batch: what is read has no more items than passes could pay for, points into its own memory,
 * and holding it against an empty record says that it does not fit. */
#include "fuzz/fuzz.h"

#include "anon/batch_read.h"

#include "base/banned.h"

static bool leaf_of(void *arg, uint64_t index, uint8_t out[static 32], struct err *err)
{
    (void)arg;
    (void)err;
    memset(out, (int)index, 32);
    return true;
}

static bool seen(void *arg, const struct token *token, uint64_t index, bool *twice, struct err *err)
{
    (void)arg;
    (void)err;
    *twice = token->nonce[0] == index;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct batch_read batch;
    struct arena *AUTO_ARENA arena = arena_new();
    struct span bytes = {(const char *)data, size};
    const char *why = NULL;
    if (!arena)
        return 0;
    if (!batch_read(bytes, arena, &batch, &err)) {
        must(err.code != E_NONE && err.text[0]);
        return 0;
    }
    must(batch.items <= ENTRY_ACTS_MOST && batch.tokens <= ENTRY_ACTS_MOST &&
         batch.metoos <= ENTRY_ACTS_MOST);
    for (size_t i = 0; i < batch.items; i++)
        must(batch.item[i].gone ? batch.item[i].bytes.n == 0 : batch.item[i].bytes.n > 0);
    struct history *history = NULL;
    if (!history_new(&history, &err))
        return 0;
    struct history_batch entry = {.index = batch.first - 1};
    entry.batch = (struct entry_batch){
        .series = batch.series, .n = batch.n, .day = batch.day, .count = (int64_t)batch.tokens};
    struct batch_ground ground = {.issuer = history, .leaf = leaf_of, .seen = seen};
    must(batch_check(&batch, &ground, arena, &why, &err) && why);
    history->batches.at = &entry;
    history->batches.n = 1;
    history->tree.size = batch.first < UINT64_MAX / 2 ? batch.first + batch.tokens : 0;
    why = NULL;
    must(batch_check(&batch, &ground, arena, &why, &err));
    must(why || (batch.items == 0 && batch.tokens == 0));
    history_free(history);
    return 0;
}
