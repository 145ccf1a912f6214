#ifndef SPEAK_COUNSEL_MAIL_H
#define SPEAK_COUNSEL_MAIL_H
/* Letters on a counsellor's computer: one conversation for each time that was taken, with the keys that stood
 * in its box. The rows are those of the mailbox; what differs is the road (anon/guest.h), unless the
 * counsellor is a member, whose letters go as a member's do. */
#include "anon/history.h"
#include "anon/known.h"
#include "speak/counsel_own.h"
#include "speak/mailbox.h"

struct counsel_mail {
    struct counsel_self self;
    struct own_key own;  /* wiped by counsel_mail_clear */
    struct known *known; /* NULL before counsel_mail_ask: nothing was asked */
    struct history *issuer, *board;
    struct conversations all;
    day_t today;
};
/* What is here, after what is over was removed. */
MUST bool counsel_mail_load(struct app *app, struct counsel_mail *out, struct err *err);
void counsel_mail_clear(struct counsel_mail *m);
/* Ask the lab: its record, who took a time, letters, passes; and load again. */
MUST bool counsel_mail_ask(struct app *app, struct counsel_mail *m, struct err *err);
/* Write in a conversation, after counsel_mail_ask; it leaves at once. E_REFUSED: in a sentence. */
MUST bool counsel_mail_write(struct app *app, struct counsel_mail *m, const struct conversation *c,
                             struct span text, int64_t *outbox, struct err *err);
/* Put letters that the board did not take into the outbox again, and send them. *n: how many. */
MUST bool counsel_mail_resend(struct app *app, struct counsel_mail *m, const struct conversation *c, int *n,
                              struct err *err);
const struct conversation *counsel_mail_one(const struct counsel_mail *m, int64_t id);
/* What the lab showed that does not fit its record, or NULL. */
MUST bool counsel_mail_finding(struct app *app, const char **out, struct err *err);

/* Within db_write, of the answer that says who took a time: begin the conversation of a box; which ones there
 * were before, and close those of them whose time was given back. */
struct counsel_box {
    const uint8_t *slot, *box_pk; /* 16, 32 bytes */
    const uint8_t *k, *pk;        /* 32 bytes each, out of the box */
    uint8_t named;
};
MUST bool counsel_mail_begin(struct db *db, const struct counsel_box *box, int64_t now, struct err *err);
struct counsel_held { /* conversations */
    int64_t *at;
    size_t n, room;
};
MUST bool counsel_mail_held(struct db *db, struct arena *arena, int64_t now, struct counsel_held *out,
                            struct err *err);
MUST bool counsel_mail_given_back(struct db *db, const struct counsel_held *held, struct err *err);
#endif
