#ifndef SPEAK_MODERATE_LAB_H
#define SPEAK_MODERATE_LAB_H
/* Moderation on the board (PROTOCOL sections 7 and 8): decisions come signed, are held against the record,
 * and enter it; what is muted or held back is looked up here when an act comes. Nothing that was published
 * changes but by `drop`. */
#include "anon/placed.h"
#include "ui/room.h"

/* Migration of the room "speak": `{n, BOARD, MODERATE_LAB_TABLES}`.
 *
 * moderated: what stands on a post: the last entry about it, its signature (the same decision sent again gets
 * the same answer), whose name in which thread. flag: what members wrote to the moderators; no batch has it.
 */
#define MODERATE_LAB_TABLES \
    "create table moderated(target blob primary key, idx integer not null, sig blob not null, thread blob, " \
    "pk blob not null, hidden integer not null, muted integer not null, dropped integer not null) without " \
    "rowid;" \
    "create table flag(id blob primary key, target blob not null, reason text not null, note text not " \
    "null, day integer not null) without rowid"

enum { FLAG_DAYS = 28 };
/* POST /v1/moderation */
void api_moderation(struct app *app, const struct request *request, struct reply *reply);
/* Inside the transaction of redeem(): a reply by `pk` in `thread`. Refused when this name is muted there;
 * held back when somebody is muted there and nothing of this name was published in it. */
MUST bool moderate_reply(struct db *db, const uint8_t id[static 16], const uint8_t thread[static 16],
                         const uint8_t pk[static 32], struct problem *p, struct err *err);
/* Within db_write, after `lab recover`: what the decisions of the record make of posts, and the words that
 * one of them removed are gone here too. Of a post that is gone the record has no key: its name is muted no
 * more. Flags are in no copy. */
struct history;
MUST bool moderate_recovered(struct db *db, const struct history *own, struct err *err);
/* A kind whose words everybody reads. */
bool moderate_is_words(const struct placed *placed);
#endif
