#ifndef SPEAK_MODERATE_ACT_H
#define SPEAK_MODERATE_ACT_H
/* What members tell the moderators, each for a pass (PROTOCOL section 4): a flag on a post, which nobody but
 * the moderators reads, and an appeal against a decision, which everybody reads. Checked with the same code
 * where it is written and where it arrives. */
#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/words.h"

enum flag_reason { FLAG_HARM, FLAG_NAME, FLAG_SPAM, FLAG_OTHER, FLAG_REASONS };
enum { FLAG_NOTE = 280 /* characters */, APPEAL_TEXT = 2000 /* bytes as written in JSON */ };
/* "name" */
const char *flag_name(enum flag_reason reason);
bool flag_named(struct span name, enum flag_reason *out);
/* The same for a person: "somebody can be recognised". In the language of this thread. */
const char *flag_say(enum flag_reason reason);

struct flag {
    uint8_t target[16];
    enum flag_reason reason;
    struct span note; /* one line; may be empty */
};
MUST bool flag_check(const json_t *act, struct flag *out, struct err *err);
/* The act; NULL: no memory. */
json_t *flag_act(const struct flag *flag);
/* target: the log index of the entry `moderation` that it is against. */
MUST bool appeal_check(const json_t *act, int64_t *target, struct span *text, struct err *err);
json_t *appeal_act(int64_t target, struct span text);

struct app;
struct db;
struct item;
struct problem;
/* The rows of these kinds, on the board, inside the transaction of redeem(). A flag is on a post whose words
 * are there, an appeal against a decision that took something away. */
bool flag_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err);
bool appeal_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err);
#endif
