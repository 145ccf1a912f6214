#ifndef SPEAK_LISTEN_H
#define SPEAK_LISTEN_H
/* Being a listener: the card of the week, open until a day, paused without a reason. A card is an act like
 * any other; its key (speak/box_key.h) is new every week, so while somebody is available their computer
 * writes one each week, at a moment drawn as for every act. */
#include "anon/known.h"
#include "base/mem.h"
#include "io/db.h"

/* Migration of the room "speak": one row. week, n: of the card written last; outbox: its act. */
#define LISTEN_TABLES \
    "create table listening(one integer primary key check (one = 1), languages text not null, topics text " \
    "not null, open integer not null, until integer not null, week integer not null, n integer not null, " \
    "outbox integer not null)"

enum { LISTEN_DAYS = 26 * 7 };
struct listening {
    bool there, open; /* there: a card was written once */
    struct span languages, topics;
    day_t until; /* available to the end of that day */
    day_t week;
    int64_t n, outbox;
};
MUST bool listening_load(struct db *db, struct arena *arena, struct listening *out, struct err *err);
/* Write a card: `want` says open, until, languages, topics. The key is drawn when there is none. A card that
 * waits in the outbox is taken out of it. */
MUST bool listen_card(struct db *db, const struct known *known, const struct listening *want, bool at_once,
                      int64_t now, int64_t *outbox, struct err *err);
/* The card of a new week, while available; a paused one when the day is over. *outbox: 0 when none is due. */
MUST bool listen_renew(struct db *db, const struct known *known, int64_t now, int64_t *outbox,
                       struct err *err);
#endif
