/* Letters: what a person who can write to this computer may put inside a box, and the act it came in. What is
 * read is written again as it was. */
#include "fuzz/fuzz.h"

#include "codec/json.h"
#include "crypt/box.h"
#include "speak/card.h"
#include "speak/letter.h"

#include "base/banned.h"

static void try_act(struct span bytes)
{
    struct err err = {0};
    uint8_t to[16];
    struct card card;
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf box;
    buf_init(&box, BOX_LARGE);
    if (!json_read(bytes, 32768, "act", &o, &err))
        return;
    if (letter_act_read(o, to, &box, &err)) {
        AUTO_JSON json_t *again = letter_act(to, buf_span(&box));
        must(again && json_equal(o, again));
    } else {
        must(said(&err));
    }
    err_clear(&err);
    if (card_read(o, &card, &err)) {
        AUTO_JSON json_t *again = card_act(&card);
        must(again && json_equal(o, again));
    } else {
        must(said(&err));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct letter letter;
    struct span bytes = {(const char *)data, size};
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf again;
    buf_init(&again, BOX_LARGE);
    try_act(bytes);
    if (!letter_read(bytes, arena, &letter, &err)) {
        must(said(&err));
        return 0;
    }
    must(letter.n <= LETTER_N_MOST && letter.head.n <= LETTER_HEAD);
    must(letter_write(&letter, &again, &err) && span_eq(buf_span(&again), bytes));
    return 0;
}
