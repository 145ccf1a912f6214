#ifndef SPEAK_MAILBOX_H
#define SPEAK_MAILBOX_H
/* Conversations by letters (PROTOCOL section 6): two one-way mailboxes whose addresses are used once, so that
 * the lab cannot tell which letters belong together. Every node takes every batch of letters and looks here
 * for its own. One side is the asker, who stays without a name; the other the helper: a listener, or a
 * counsellor. Who the helper is and how a first letter finds its key is the caller's. */
#include "anon/history.h"
#include "anon/known.h"
#include "base/vec.h"
#include "speak/box_key.h"
#include "speak/circle_letter.h"

enum {
    MAILBOX_AHEAD = 4096,  /* addresses looked ahead, past the last letter that came */
    MAILBOX_FEW = 64,      /* the same before a first letter is answered: a flood of those stays cheap */
    MAILBOX_DAYS = 14,     /* after the last letter of either side nothing of a conversation is left */
    MAILBOX_WAITING = 500, /* first letters kept that were not answered: what comes beyond is not taken */
    MAILBOX_TWO = 2,       /* conversations a helper has at a time */
};

/* Migration of the room "speak". conversation: side: of enum mailbox_side; role: of the helper; other: the
 * helper's key, of an asker's conversation; named: of a helper's, the made-up name of the asker; next: the
 * number of the own letter that comes next; acked: the other side has written to own_pk; over: ended here, by
 * the person. letter: day 0: own, and not published yet; addr: own, until it is; ask: of a letter that asks
 * whether to pass the conversation on; told: of such a one, answered; seq: the order in
 * which this computer saw them. mail: letters of the last 14 days that
 * are not known to be for this node; tried: with every box key. */
#define MAILBOX_TABLES \
    "create table conversation(id integer primary key, side integer not null, role text not null, other " \
    "blob, name text not null, named integer not null, k blob not null unique, own_pk blob not null, " \
    "own_secret blob not null, their_pk blob not null, box_pk blob not null, acked integer not null, next " \
    "integer not null, began integer not null, last integer not null, over integer not null);" \
    "create table letter(conversation integer not null, own integer not null, n integer not null, day " \
    "integer not null, text text not null, ask blob, told integer not null default 0, addr blob, outbox " \
    "integer, primary key(conversation, own, n)) without rowid;" \
    "create table mail(item blob primary key, day integer not null, addr blob not null, tried integer not " \
    "null) without rowid"
/* keep: the day until which it is kept though nothing is written. */
#define MAILBOX_KEEP "alter table conversation add column keep integer not null default 0"
#define MAILBOX_MORE "alter table letter add column seq integer not null default 0"

enum mailbox_side { MAILBOX_ASKER, MAILBOX_HELPER };
struct conversation {
    int64_t id;
    enum mailbox_side side;
    const char *role;  /* of the helper: "listener", MAILBOX_COUNSELLOR; between members of a circle:
                          circle_role() */
    uint8_t other[32]; /* the helper's key; in a circle, on both sides, that of the other member */
    const char *name;  /* asker: the helper's name as it was; helper: "" */
    uint8_t named;     /* helper: the asker's made-up name, an index of name_word() */
    uint8_t k[32], own_pk[32], own_secret[32], their_pk[32], box_pk[32];
    bool acked, over;
    int64_t next;       /* own letters so far */
    day_t began, last;  /* last: day of the newest letter of either side that was published, or began */
    int64_t came, most; /* letters that came; the highest of their numbers + 1: more, and there is a gap */
    day_t keep;         /* with a counsellor: the day of the time that was taken */
    bool waits;         /* helper: a first letter that was not answered */
    bool silent;        /* with a counsellor: nothing was written yet */
};
struct conversations {
    struct conversation *at;
    size_t n, room;
};
/* All that are here, the one with the newest letter first; `id`: that one, or -1. Holds secrets:
 * conversations_wipe when done. */
MUST bool conversations_list(struct db *db, struct arena *arena, int64_t id, struct conversations *out,
                             struct err *err);
void conversations_wipe(struct conversations *all);
/* The name to show, in the language of this thread, in the arena. */
const char *conversation_name(struct arena *arena, const struct conversation *c);
/* How many conversations this helper has taken on and not ended. */
MUST bool conversations_busy(struct db *db, const char *role, int64_t *n, struct err *err);

struct letter_kept {
    bool own, asks; /* asks: "may I pass this on?", to `ask` */
    bool told;      /* of such a one: it was answered */
    int64_t n, outbox;
    day_t day; /* 0: own, not published yet */
    struct span text;
    uint8_t ask[32];
    bool gap, late; /* letters before it, of its direction, did not come; late: and will not any more */
};
struct letters_kept {
    struct letter_kept *at;
    size_t n, room;
};
/* The letters of a conversation as they are to be read. `today`: mailbox_clock's. */
MUST bool letters_list(struct db *db, struct arena *arena, int64_t conversation, day_t today,
                       struct letters_kept *out, struct err *err);

/* Look through the letters that came since the last call: those of conversations that are here, and, with the
 * box keys that are here, first letters. Then end what is over, by the lab's clock as it was last seen: a
 * clock here that is wrong by days removes nothing early. Costs next to nothing when nothing came. */
struct mailbox_news {
    int64_t letters, first; /* letters that came; of those, first ones */
    int64_t ended;          /* conversations that were removed */
};
MUST bool mailbox_look(struct db *db, const struct known *known, const struct history *issuer,
                       const struct history *board, int64_t now, struct mailbox_news *out, struct err *err);
/* The second half of it: end what is over. *ended: how many conversations. */
MUST bool mailbox_tidy(struct db *db, int64_t now, int64_t *ended, struct err *err);
/* The time that counts for letters: the lab's, as it was at the last fetch, and at least `now` less 14 days.
 */
MUST bool mailbox_clock(struct db *db, int64_t now, int64_t *out, struct err *err);

/* With a counsellor: it begins when a time is taken, with the keys in the time's box, which counts as the
 * first letter of the asker; whoever took none cannot begin one. */
#define MAILBOX_COUNSELLOR "counsellor"
bool mailbox_with_counsellor(const char *role);
/* Within db_write. Begin one: `c` with role, side, keys, names, began, keep. The other fields are set here.
 * *fresh: there was none with this secret. */
MUST bool mailbox_counsel(struct db *db, struct conversation *c, bool *fresh, struct err *err);
/* Within db_write. The time was given back, or not taken after all: nothing can be written any more.
 * `for_good`: a conversation in which nothing was written goes. `open`: it was not given back after all. */
MUST bool mailbox_counsel_end(struct db *db, int64_t conversation, bool for_good, struct err *err);
MUST bool mailbox_counsel_open(struct db *db, int64_t conversation, struct err *err);

/* Conversations with this role are between two members of a circle: no side helps, and none is counted. */
bool mailbox_in_circle(const char *role);

/* Writing. A letter is put into the outbox like any act: nothing leaves here. Texts are tidied; E_FORMAT,
 * E_LIMIT in a sentence. */
struct mailbox_to {
    const char *role, *name;
    const uint8_t *pk, *box_pk;          /* the helper's own key, and the one on this week's card */
    const struct mailbox_circle *circle; /* NULL: it is not to a member of a circle */
};
struct mailbox_circle {
    const uint8_t *circle;      /* 16 bytes, its id */
    const struct sign_key *key; /* own, in this circle: signs a first letter */
    struct meets meets;         /* n 0: none are told */
};
MUST bool mailbox_begin(struct db *db, const struct known *known, const struct mailbox_to *to,
                        struct span text, bool at_once, int64_t now, int64_t *conversation, int64_t *outbox,
                        struct err *err);
/* Answer. `ask`: NULL, or the key of who the helper would like to pass the conversation on to. A helper's
 * first answer takes the conversation on: E_REFUSED with MAILBOX_TWO already. */
MUST bool mailbox_send(struct db *db, const struct known *known, int64_t conversation, struct span text,
                       const uint8_t *ask, bool at_once, int64_t now, int64_t *outbox, struct err *err);
/* The same to another member of a circle, with the times of meetings. */
MUST bool mailbox_send_meets(struct db *db, const struct known *known, int64_t conversation, struct span text,
                             const struct meets *meets, bool at_once, int64_t now, int64_t *outbox,
                             struct err *err);
/* End it here: nothing is sent, and it takes no place any more. Its letters go when they would have gone;
 * what comes to it until then can be read, since whoever writes does not know, and keeps it no longer. A
 * first letter that was not answered is removed at once. */
MUST bool mailbox_end(struct db *db, int64_t conversation, bool *there, struct err *err);
/* Own letter `n`, which the board did not take, is in the outbox once more under this number. */
MUST bool mailbox_resent(struct db *db, int64_t conversation, int64_t n, int64_t outbox, struct err *err);
/* The question in letter `n` was answered, either way. */
MUST bool mailbox_told(struct db *db, int64_t conversation, int64_t n, struct err *err);

/* Within db_write. forget: the lab was left. copied: a backup holds no letter and no key that opens one. */
MUST bool mailbox_forget(struct db *db, struct err *err);
MUST bool mailbox_copied(struct db *copy, struct err *err);
#endif
