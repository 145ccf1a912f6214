#ifndef SPEAK_BOARD_WORDS_H
#define SPEAK_BOARD_WORDS_H
/* Words that everybody in the lab reads, whatever holds them: a post, the theme of a circle with its line,
 * the line of somebody who asks to join one. So that what is told to the moderators, decided and undone has
 * one road for all of them. Nothing here asks the lab. */
#include "base/err.h"
#include "base/mem.h"
#include "io/db.h"
#include "speak/moderate.h"

enum words_of { WORDS_POST, WORDS_CIRCLE, WORDS_ASK };
struct board_words {
    enum words_of of;
    uint8_t id[16];
    const char *name; /* who wrote a post; NULL of the others */
    struct span text; /* as it came; of a circle the theme, then its line on a line of its own */
    bool gone;        /* taken back, or removed: no text */
    const struct moderate_state *decided; /* by the moderators, or NULL */
    const char *path;                     /* of the page where they stand */
};
/* By the id of the item that brought them, all in the arena. *there: they are here, or were. */
MUST bool board_words(struct db *db, struct arena *arena, const uint8_t id[static 16],
                      struct board_words *out, bool *there, struct err *err);
/* "a post by River", "the words of a circle": for a list, in the arena. */
const char *board_words_about(struct arena *arena, const struct board_words *words);
#endif
