#ifndef SPEAK_COUNSEL_H
#define SPEAK_COUNSEL_H
/* Seeing a counsellor, as a member (EXPERIENCE screen h): whose hours are open, taking a time with a pass,
 * and giving it back. The counsellor sees a made-up name, the time, and the words one chose. One set of facts
 * and acts for page and terminal; nothing here asks the lab. */
#include "anon/hours_fetch.h"
#include "anon/spend_rule.h"
#include "speak/before.h"

/* Migration of the room "speak". Times that were taken here: outbox: the act; back: of the one that gave it
 * back, or 0; pk: a key made for this time, of which the made-up name is made. Rows go when the time is over.
 */
#define COUNSEL_TABLES \
    "create table counsel_mine(slot blob primary key, outbox integer not null, back integer not null, " \
    "counsellor blob not null, name text not null, begins integer not null, until integer not null, how " \
    "text not null, named integer not null) without rowid"

/* Later: the conversation that began with it; 0: none. */
#define COUNSEL_TALK "alter table counsel_mine add column conversation integer not null default 0"

enum { COUNSEL_WORDS = 2000 /* bytes typed; how many fit is said by counsel_room */ };
struct counsel_slot {
    size_t number; /* in the list of all that are open, from 1 */
    uint8_t slot[16];
    int64_t from, to;
    struct span by;
    bool taken;
};
struct counsellor {
    uint8_t pk[32], box_pk[32];                  /* box_pk: of the week of the first slot here */
    const char *name, *employer, *where, *words; /* as in the record; words: the key, six */
    day_t since;
    struct counsel_slot *at; /* that begin after now, by time */
    size_t n, room, open;    /* open: not taken */
};
enum counsel_state {
    COUNSEL_WAITS,     /* it is to be sent, or tried again */
    COUNSEL_HAS,       /* the board has it */
    COUNSEL_LOST,      /* somebody was faster, or the board did not take it: said once, then gone */
    COUNSEL_BACK,      /* given back, and that is to be sent */
    COUNSEL_GIVEN,     /* given back */
    COUNSEL_WITHDRAWN, /* the counsellor has closed it */
};
struct counsel_mine {
    uint8_t slot[16];
    enum counsel_state state;
    int64_t outbox, back, begins, until;
    int status; /* of the board's answer: 409 taken */
    const char *name;
    struct span how;
    uint8_t named;        /* the made-up name the counsellor sees, of name_word() */
    int64_t conversation; /* that letters can be written in; 0: none, or it was ended */
};
struct counsel {
    const struct known *known;
    struct before before;
    struct {
        struct counsellor *at;
        size_t n, room;
    } all;
    struct {
        struct counsel_mine *at;
        size_t n, room;
    } mine;
    size_t open, this_week; /* times that can be taken; of those, this week's */
    int64_t next;           /* when the first of them begins that is not in this week; 0: none */
    bool some;              /* the record has a counsellor in force */
};
MUST bool counsel_load(struct app *app, const struct known *known, struct counsel *out, struct err *err);
void counsel_clear(struct counsel *c);
/* By its number in the list. NULL: none. */
const struct counsel_slot *counsel_numbered(const struct counsel *c, size_t number,
                                            const struct counsellor **whose);
const struct counsel_slot *counsel_slot_of(const struct counsel *c, const uint8_t slot[static 16],
                                           const struct counsellor **whose);
const struct counsel_mine *counsel_mine_of(const struct counsel *c, const uint8_t slot[static 16]);
/* Why none can be taken now, or NULL. */
const char *counsel_hindered(const struct counsel *c);

/* Put the taking into the outbox; it is to leave at once (PROTOCOL section 3). `words`: may be empty. */
MUST bool counsel_take_slot(struct app *app, const struct counsel *c, const uint8_t slot[static 16],
                            struct span words, int64_t *outbox, struct err *err);
/* The same of giving back. *outbox: 0 when the taking had not left, and nothing has to be sent. */
MUST bool counsel_give(struct app *app, const struct counsel *c, const uint8_t slot[static 16],
                       int64_t *outbox, struct err *err);
/* What came of it: E_REFUSED in a sentence when the board did not take it; then nothing is left of it. */
MUST bool counsel_after(struct app *app, const uint8_t slot[static 16], struct err *err);
/* Append it as a calendar file (RFC 5545) for one's own calendar: “away”, never why, and nothing in it leads
 * back to the time that was open. */
MUST bool counsel_calendar(const struct counsel *c, const struct counsel_mine *mine, struct buf *out,
                           struct err *err);
/* Sentences, in the language of this thread: "by letter"; "waits" for --json; how it stands (NULL: as it
 * should); that nothing is open; what the counsellor sees. */
/* The calendar feed: times one took, and, of a counsellor, times that somebody took. */
struct bookings;
bool feed_counsel(struct app *app, struct bookings *out, struct err *err);
const char *counsel_how(struct arena *arena, struct span by);
const char *counsel_state_name(enum counsel_state state);
const char *counsel_state_said(struct arena *arena, const struct counsel_mine *m);
/* The time is one's own, also when the counsellor has closed it: letters can be written. */
bool counsel_can_write(const struct counsel_mine *m);
const char *counsel_none(struct app *app, const struct counsel *c);
const char *counsel_what(void);
/* The made-up name that the counsellor knows one by: one needs it at the telephone. */
const char *counsel_named(struct arena *arena, const struct counsel_mine *mine);
/* Remove what is over, with its act and receipt. Within db_write. */
MUST bool counsel_over(struct db *db, int64_t now, struct err *err);
MUST bool counsel_left(struct db *db, struct err *err);
#endif
