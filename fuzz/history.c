/* A record of any entries, one a line: every line is counted into the tree, findings are sentences with their
 * place, and what is usable is what was found good. */
#include "fuzz/fuzz.h"

#include "anon/history.h"

#include "base/banned.h"

static void ask(const struct history *h)
{
    uint8_t head[32];
    for (size_t i = 0; i < h->keys.n; i++) {
        const struct history_key *key = &h->keys.at[i];
        must(history_key(h, key->key.key_id) != NULL);
        must(key->index < h->tree.size);
        if (key->good && !key->key.survey)
            must(history_general(h, key->key.epoch) != NULL);
    }
    for (size_t i = 0; i < h->opens.n; i++)
        must(h->opens.at[i].list.n <= history_members(h, h->opens.at[i].list.epoch));
    for (size_t i = 0; i < h->heads.n; i++)
        must(h->heads.at[i].size <= h->tree.size && history_head(h, NULL, h->heads.at[i].epoch, NULL, head));
    for (size_t i = 0; i < h->findings.n; i++)
        must(h->findings.at[i].index < h->tree.size && h->findings.at[i].text[0]);
    must(history_floor(h, 20780) >= HISTORY_FLOOR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct history *h = NULL;
    struct span rest = {(const char *)data, size}, line;
    uint64_t lines = 0;
    struct err err = {0};
    if (!history_new(&h, &err))
        return 0;
    while (rest.n > 0) {
        struct err mine = {0};
        span_cut(&rest, '\n', &line);
        bool read = history_add(h, line, &mine);
        must(read || said(&mine));
        must(h->tree.size == ++lines);
        must(read || h->findings.n > 0);
    }
    ask(h);
    history_free(h);
    return 0;
}
