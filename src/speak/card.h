#ifndef SPEAK_CARD_H
#define SPEAK_CARD_H
/* The card of a listener (PROTOCOL section 6.1): the key that this week's first letters are sealed to, the
 * languages and topics, open or paused; signed with the listener's own key. A pass alone proves no helper:
 * whether somebody vouched for that key stands in the record. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/err.h"
#include "base/span.h"
#include "crypt/sign.h"

enum {
    CARD_LIST = 6 /* languages, topics */,
    CARD_WORD = 40 /* characters of each */,
    CARD_N_MOST = 1000000
};
struct card {
    uint8_t listener[32], box_pk[32], lsig[64];
    day_t week;  /* an epoch: its Monday */
    int64_t n;   /* from 1: of a listener's cards of a week, the highest counts */
    bool paused; /* needs no reason */
    size_t languages, topics;
    struct span language[CARD_LIST], topic[CARD_LIST];
};
/* Sign it for this lab ("lab" of acts): listener and lsig are set. */
MUST bool card_sign(struct card *card, struct span lab, const struct sign_key *key, struct err *err);
/* *good: signed by the listener it names, for this lab. False: no memory. */
MUST bool card_good(const struct card *card, struct span lab, bool *good, struct err *err);
/* The act. New reference, NULL when there is no memory. */
json_t *card_act(const struct card *card);
/* Read it: just these members, within the limits; spans live as long as `act`. The signature is not looked
 * at. */
MUST bool card_read(const json_t *act, struct card *out, struct err *err);
/* Fill a list of a card from "one, two": each trimmed, looked at as the board will. Spans into `text`. */
MUST bool card_list(struct span text, struct span list[static CARD_LIST], size_t *n, struct err *err);

struct app;
struct db;
struct item;
struct problem;
/* The row of `card` on the board: signed, of this week, the one before or the next. */
bool card_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err);
#endif
