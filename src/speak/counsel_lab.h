#ifndef SPEAK_COUNSEL_LAB_H
#define SPEAK_COUNSEL_LAB_H
/* Counsellors' hours on the board (PROTOCOL section 6.7): records that counsellors signed, the times in them,
 * and who took one: a closed box and a key used once, until the time is over. */
#include <jansson.h>
#include <stdint.h>

#include "anon/guest_ask.h"
#include "ui/room.h"

/* Migration of the room "speak": `{n, BOARD, COUNSEL_LAB_TABLES}`.
 *
 * counsel_hours: the newest record of a counsellor and week, and its entry in the log. counsel_slot: the
 * times that can be taken. counsel_taken: those that are; id and pk are of the act that took it, freed: of
 * the one that gave it back, which counts once it is published. Rows go when their time is over. */
#define COUNSEL_LAB_TABLES \
    "create table counsel_hours(counsellor blob not null, week integer not null, n integer not null, idx " \
    "integer not null, record text not null, primary key(counsellor, week)) without rowid;" \
    "create table counsel_slot(slot blob primary key, counsellor blob not null, week integer not null, " \
    "begins integer not null, until integer not null) without rowid;" \
    "create table counsel_taken(slot blob primary key, counsellor blob not null, id blob not null, pk blob " \
    "not null, box blob not null, begins integer not null, until integer not null, freed blob) without " \
    "rowid"

enum {
    COUNSEL_SOON = 24 * 3600,        /* before its time, whoever took it is told to the counsellor at once */
    COUNSEL_DESK = 4096,             /* the answer is padded to a multiple of it */
    COUNSEL_TAKEN = 4 * 1024 * 1024, /* bytes of such an answer */
};
/* GET /v1/counsellors: {"hours":[<record>…],"taken":[<slot>…],"v":1}, the same bytes for all. */
void api_counsellors(struct app *app, const struct request *request, struct reply *reply);
/* POST /v1/counsellors, signed by a counsellor's key: {"do":"hours","hours":<record>,"v":1} → {"index"}, or
 * (anon/guest_ask.h) do "read" → {"taken":[{"box","slot"}],"v":1}, do "letters" → the bytes of that batch. */
void api_counsel(struct app *app, const struct request *request, struct reply *reply);

struct item;
struct problem;
/* The row of `slot`, inside the transaction of redeem(): a time that is open and has not begun. The first one
 * has it; the other is told 409 `taken`. */
bool slot_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err);
/* Within the transaction of a `retract` of `target` by `pk`: it took a time. *was: it did, and from the next
 * batch on the time is free again. `by`: the id of the retract. */
MUST bool slot_give_back(struct db *db, const uint8_t target[static 16], const uint8_t pk[static 32],
                         const uint8_t by[static 16], bool *was, struct err *err);
/* The job: who came is forgotten when the time is over. */
bool job_counsel_lab(struct app *app, struct err *err);
/* Within db_write: this counsellor's term was ended; nothing more can be taken. */
MUST bool counsel_ended(struct db *db, const uint8_t pk[static 32], struct err *err);

/* The act {"box","slot"}: new reference, NULL without memory; and its reading, the box of 1,024 bytes. */
json_t *slot_act(const uint8_t slot[static 16], struct span box);
MUST bool slot_act_read(const json_t *act, uint8_t slot[static 16], uint8_t box[static 1024],
                        struct err *err);
#endif
