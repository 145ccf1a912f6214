#ifndef ARENA_MODELS_H
#define ARENA_MODELS_H
/* The models of a lab's blind arena, and asking one (ARENA section 14). Where they are reached and with which
 * key stands in one file, DATA/lab/models.json (0600), never in the database: there, and in the record, are
 * names and days alone. On the lab's side. */
#include <stdint.h>

#include "codec/chat.h"
#include "io/file.h"

enum {
    MODELS_LIST = 64,
    MODEL_WORDS = 32,
    MODEL_NAME = 80,
    MODEL_ANSWER = 256 << 10, /* bytes of an answer */
};
struct model {
    const char *name; /* as members see it after their vote */
    const char *url;  /* base: the call goes to url + "/v1/chat/completions" */
    const char *id;   /* what the endpoint calls it */
    const char *key;  /* "" : none */
    /* Words that name it or its maker, besides its name: an answer that holds one is no vote for the board.
     */
    const char *word[MODEL_WORDS];
    size_t words;
};
struct models {
    struct model at[MODELS_LIST];
    size_t n;
    int64_t max_tokens, temperature; /* the same for all; temperature in hundredths */
    const char *path;
};
/* Read the file; there is none: no models. E_REFUSED when others can read it. All in the arena. */
MUST bool models_load(const struct paths *paths, struct arena *arena, struct models *out, struct err *err);
MUST bool models_save(const struct models *models, struct err *err);
struct model *models_named(struct models *models, struct span name);
/* A name fit for the record: 1 to 80 visible characters of ASCII, no blank at either end. */
MUST bool model_name_ok(struct span name, struct err *err);

/* One answer. */
struct model_answer {
    struct buf text; /* plain: no control characters, nothing invisible */
    enum chat_finish finish;
    bool refusal;
};
void model_answer_clear(struct model_answer *answer);
/* Ask: at most two attempts, the second at once or, after a 429 or 503, when the server said; connect within
 * 5 s, first byte within 60, 30 between two pieces, 180 in all. Blocks; outside any transaction. False: both
 * failed; the sentence is for whoever runs the lab. */
MUST bool model_ask(const struct models *models, const struct model *model, struct span prompt,
                    struct model_answer *out, struct err *err);
#endif
