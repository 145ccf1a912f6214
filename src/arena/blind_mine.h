#ifndef ARENA_BLIND_MINE_H
#define ARENA_BLIND_MINE_H
/* The lab's boards, on the node: fetched when the person asks, held against the record by their digest, and
 * worked out again from the published rows. */
#include "anon/known.h"
#include "arena/blind.h"
#include "arena/compare.h"
#include "ui/room.h"

/* Migration of the room "arena": `{n, NODE, BLIND_MINE_TABLES}`. The newest board and the one before it. */
#define BLIND_MINE_TABLES "create table blind_mine(n integer primary key, bytes blob not null)"

enum blind_trust {
    BLIND_NONE,   /* there is none here */
    BLIND_GOOD,   /* in the record, and its figures come out of its rows */
    BLIND_ABSENT, /* its digest is not in the record as it is here */
    BLIND_OTHER,  /* the figures are not what comes out */
};
struct blind_mine {
    enum blind_trust trust;
    struct blind_doc doc;
    struct votes votes; /* of `ranking`: votes_free */
    struct ranking ranking;
    bool ranked; /* else there are too few votes, or no one scale, to say anything */
    struct comparison changed;
    struct votes old, new; /* of `changed`: votes_free */
    bool compared;         /* with the board before */
};
MUST bool blind_mine_load(struct app *app, const struct known *known, struct blind_mine *out,
                          struct err *err);
void blind_mine_free(struct blind_mine *mine);
/* A sentence; NULL for BLIND_NONE. */
const char *blind_trust_said(enum blind_trust trust);
/* On the network, for a person who asked: the record, then the newest board. */
MUST bool blind_mine_look(struct app *app, const struct known *known, struct err *err);
/* Within db_write, or alone: forget them. */
MUST bool blind_mine_drop(struct db *db, struct err *err);
#endif
