#ifndef ANON_CONFIRMED_H
#define ANON_CONFIRMED_H
/* Who has confirmed an epoch's head (PROTOCOL section 3, Confirmed history): a colleague who sees the same
 * words, by the person's click; a letter that came with the same record; and witnesses outside the lab. What
 * is kept belongs to one head: another epoch, or another history, has another head and nobody who confirmed
 * it. */
#include "base/mem.h"
#include "io/db.h"

enum { CONFIRMED_MOST = 8, CONFIRMED_NEEDED = 1 }; /* witnesses that a node has; that are enough */
#define CONFIRMED_COLLEAGUE ""                     /* `who` of the person's click */
#define CONFIRMED_LETTER "(letter)"                /* of a letter whose record agrees (anon/seen_head.h) */
struct confirmed {
    bool colleague, letter;
    const char *witness[CONFIRMED_MOST]; /* names, by bytes, of those that the node still has */
    size_t witnesses;
    bool enough; /* the click, a letter, or as many witnesses as are needed */
};
MUST bool confirmed_load(struct db *db, struct arena *arena, const uint8_t head[static 32],
                         struct confirmed *out, struct err *err);
/* `who`: CONFIRMED_COLLEAGUE, CONFIRMED_LETTER or the name of a witness. Once is enough. */
MUST bool confirmed_add(struct db *db, const uint8_t head[static 32], const char *who, struct err *err);
/* "Confirmed by: a colleague; witness.example", or NULL when it is nobody. */
MUST bool confirmed_say(const struct confirmed *c, struct arena *arena, const char **out, struct err *err);
#endif
