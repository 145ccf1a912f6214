#ifndef SPEAK_CIRCLE_KEEP_H
#define SPEAK_CIRCLE_KEEP_H
/* Circles on a node: their acts as they were fetched, and which of them this computer takes part in. */
#include "anon/batches.h"
#include "anon/known.h"
#include "speak/circle_fold.h"
#include "speak/letter.h"
#include "speak/mailbox.h"

/* Migration of the room "speak". circle_act: as published, kind of enum circle_kind; gone: its words were
 * taken out of the record. circle_mine: seed: what the key of this circle is made of, with key_epoch; circle:
 * null for one that was opened here; week: of the last box key that was written; sign: the act it went with;
 * ended: 1 left, 2 seen that it is over. circle_meet: the times that were told last, and who told them.
 * circle_sent: letters that were written as one to all: the first of them. */
#define CIRCLE_TABLES \
    "create table circle_act(idx integer primary key, id blob not null unique, batch integer not null, day " \
    "integer not null, kind integer not null, circle blob, pk blob not null, about blob, yes integer not " \
    "null, box_pk blob, week integer not null, theme text not null, line text not null, gone integer not " \
    "null default 0);" \
    "create table circle_mine(seed blob primary key, key_epoch integer not null, circle blob, outbox " \
    "integer " \
    "not null, began integer not null, week integer not null, sign integer not null, ended integer not " \
    "null, " \
    "feed integer not null) without rowid;" \
    "create table circle_meet(seed blob not null, n integer not null, told blob not null, begins integer " \
    "not " \
    "null, until integer not null, primary key(seed, begins)) without rowid;" \
    "create table circle_sent(conversation integer not null, n integer not null, word integer not null, " \
    "primary key(conversation, n)) without rowid"

/* Within db_write: take over an act that was fetched; *took: it is of a circle. What cannot be read is none.
 */
MUST bool circle_take(struct db *db, const struct kept_item *item, bool *took, struct err *err);
/* The words of an act are gone. */
MUST bool circle_gone(struct db *db, const uint8_t id[static 16], struct err *err);
/* All acts, in the order of the log. Spans live in the arena. */
MUST bool circle_rows_load(struct db *db, struct arena *arena, struct circle_rows *out, struct err *err);

enum circle_place {
    PLACE_OPENS, /* opened here, and not published yet */
    PLACE_ASKS,  /* the ask is not published yet */
    PLACE_ASKED, /* those who are in can say yes */
    PLACE_IN,
    PLACE_LEAVES, /* the leaving is not published yet */
    PLACE_OUT,    /* left, or out, or the ask was not answered */
};
struct circle_own {
    uint8_t seed[16], circle[16], pk[32];
    bool has_circle, left, feed;
    bool refused; /* not published, and the board did not take it */
    day_t key_epoch, week;
    int64_t outbox, began, sign;
    enum circle_place place;
    const char *role;       /* of its box keys and conversations */
    const struct circle *c; /* NULL while it is not published */
};
struct circle_owns {
    struct circle_own *at;
    size_t n, room;
};
MUST bool circle_owns_load(struct db *db, const struct known *known, const struct circles *all,
                           struct arena *arena, struct circle_owns *out, struct err *err);
const struct circle_own *circle_own_of(const struct circle_owns *all, const struct circle *c);
MUST bool circle_own_put(struct db *db, const struct circle_own *own, struct err *err);
/* The key that signs in this circle: wipe it. */
void circle_key(const struct known *known, const struct circle_own *own, struct sign_key *key);

/* The times of a circle's meetings as they are known here. */
MUST bool circle_meets_load(struct db *db, const uint8_t seed[static 16], struct meets *out, struct err *err);
/* Within db_write: `told` by that member. Of equal n the one of the smaller key stands, on all computers. */
MUST bool circle_meets_put(struct db *db, const uint8_t seed[static 16], const uint8_t told[static 32],
                           const struct meets *meets, struct err *err);

/* For the mailbox, within db_write. Whether a first letter that was sealed to the box key of this role is
 * from somebody who is in. */
MUST bool circle_hears(struct db *db, const struct known *known, const char *role,
                       const struct letter *letter, day_t day, bool *yes, struct err *err);
/* What a letter of a circle says of its meetings is taken over. */
MUST bool circle_heard(struct db *db, const char *role, const uint8_t from[static 32],
                       const struct meets *meets, struct err *err);

/* Within db_write: conversations with who is not in any more end, what waits for them goes; of circles that
 * are over here keys and rows go. */
MUST bool circle_tidy(struct db *db, const struct circle_owns *all, struct err *err);
MUST bool circle_forget(struct db *db, struct err *err);
/* A backup holds which circles one is in, and no letter and no box key. */
#endif
