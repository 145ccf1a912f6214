#ifndef SPEAK_LETTER_H
#define SPEAK_LETTER_H
/* A letter as bytes (PROTOCOL section 6): what stands inside its box, and the act it travels in. Whoever is
 * written to decides what the words inside look like, so reading them is strict and bounded. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "speak/circle_letter.h"

enum {
    LETTER_N_MOST = 1 << 20, /* letters one side of a conversation can write */
    LETTER_TEXT = 16000,     /* bytes as written in JSON; less fits beside a long address (letter_room) */
    LETTER_HEAD = 1024,
};
/* {"ask":b64?,"circle":{…}?,"head","k":b64?,"n","pk":b64,"text","v":1}, canonical. */
struct letter {
    uint64_t n; /* of its direction, from 0 */
    struct span text, head;
    uint8_t pk[32]; /* the writer's key for this conversation: answers are boxed to it */
    bool has_k;     /* the first letter of all: the secret that addresses are made of */
    uint8_t k[32];
    bool has_ask; /* "may I pass this on together?": the key of the listener or counsellor it would be to */
    uint8_t ask[32];
    struct letter_circle circle; /* between members of a circle */
};
MUST bool letter_write(const struct letter *letter, struct buf *out, struct err *err);
/* Read the bytes of an opened box; spans live in the arena. E_FORMAT: not a letter, or with characters that
 * cannot be seen. */
MUST bool letter_read(struct span bytes, struct arena *arena, struct letter *out, struct err *err);
/* The same; the text may be empty: a counsellor's time that was taken without words. */
MUST bool letter_read_slot(struct span bytes, struct arena *arena, struct letter *out, struct err *err);
/* How many bytes of text (as written in JSON) the largest class has room for beside this head. */
size_t letter_room(const struct letter *letter);

/* The act: {"box":b64,"to":hex}. New reference, NULL when there is no memory. */
json_t *letter_act(const uint8_t to[static 16], struct span box);
/* Read it: just these two members, the box of one of the three sizes. The box is appended to `box`. */
MUST bool letter_act_read(const json_t *act, uint8_t to[static 16], struct buf *box, struct err *err);

struct app;
struct db;
struct item;
struct problem;
/* The row of `letter` on the board: its form, and nothing else can be seen of it. */
bool letter_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err);
#endif
