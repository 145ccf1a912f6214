#ifndef SPEAK_CARDS_H
#define SPEAK_CARDS_H
/* The listeners of a lab as a node knows them: the newest card of each, and whether somebody vouched for them
 * in the record. */
#include "anon/batches.h"
#include "anon/history.h"
#include "anon/known.h"
#include "ui/room.h"

/* Migration of the room "speak": cards as they came; of a listener and week the one with the highest n. */
#define CARD_TABLES \
    "create table card(listener blob not null, week integer not null, n integer not null, box_pk blob not " \
    "null, paused integer not null, languages text not null, topics text not null, primary key(listener, " \
    "week)) without rowid"

/* Within db_write: take over a card that was fetched; one that its listener did not sign is none. */
MUST bool card_take(struct db *db, const struct kept_item *item, struct err *err);
/* The highest n of a listener's cards of a week here; 0: none. */
MUST bool card_last(struct db *db, const uint8_t listener[static 32], day_t week, int64_t *n,
                    struct err *err);

struct helper {
    uint8_t pk[32], box_pk[32];
    const char *name; /* as in the record; made up where there is none */
    bool vouched, paused, own;
    const char *voucher; /* who vouched, and since when it counts */
    day_t since;
    const char *words;             /* the key in six words */
    struct span languages, topics; /* with commas between */
    day_t week;
    int64_t n;
};
struct helpers {
    struct helper *at;
    size_t n, room;
    size_t vouched; /* the first so many are vouched for */
};
/* Listeners with a card of this week or the one before, those vouched for first, by name; paused ones are
 * among them. `log`: that with the entries of listeners, the board's. All in app->arena. */
MUST bool helpers_list(struct app *app, const struct history *log, struct helpers *out, struct err *err);
/* By the name, the number in that list from 1, or the first two of its six words or more. E_MISSING,
 * E_USAGE. */
MUST bool helper_named(struct app *app, const struct helpers *all, const char *text,
                       const struct helper **out, struct err *err);
/* A key in six words of this thread's language, in the arena. */
const char *key_in_words(struct arena *arena, const uint8_t pk[static 32]);
#endif
