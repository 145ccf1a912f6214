#ifndef SPEAK_POST_H
#define SPEAK_POST_H
/* What a member posts, as it stands in "act" (PROTOCOL section 4): checked with the same code where it is
 * written and where it arrives. */
#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { POST_TITLE = 120 /* characters */, POST_TEXT = 16000 /* bytes as written in JSON */, POST_ROOM = 40 };
struct post {
    struct span title; /* may be empty: lists then show the first line */
    struct span text;
    struct span room; /* which part of the board; "": the whole lab */
};
/* Read the act of a `thread`: just these three members. Spans live as long as `act`. False in one sentence
 * for who wrote it: E_LIMIT for what is too long, E_FORMAT else. */
MUST bool post_check(const json_t *act, struct post *out, struct err *err);
/* The act of a `thread`: what post_check takes. New reference, NULL when there is no memory. */
json_t *post_act(const struct post *post);

/* The same of a `reply` {text, thread}, and of what names one item: `metoo`, `retract` {target}. */
MUST bool reply_check(const json_t *act, uint8_t thread[static 16], struct span *text, struct err *err);
json_t *reply_act(const uint8_t thread[static 16], struct span text);
MUST bool target_check(const json_t *act, uint8_t target[static 16], struct err *err);
json_t *target_act(const uint8_t target[static 16]);

struct app;
struct db;
struct item;
struct problem;
/* The rows of these kinds, on the board, inside the transaction of redeem(). Nothing is kept beside the act
 * itself. A reply names a thread that the board has (also one whose first post was taken back: the others
 * talk on); a "me too" a post whose words are there; a `retract` is signed by the key of what it takes back.
 */
bool post_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err);
bool reply_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                  struct err *err);
bool metoo_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                  struct err *err);
bool retract_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                    struct err *err);
#endif
