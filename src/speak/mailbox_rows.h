#ifndef SPEAK_MAILBOX_ROWS_H
#define SPEAK_MAILBOX_ROWS_H
/* Inside of the mailbox (speak/mailbox.h): rows. For speak/mailbox*.c alone. */
#include "speak/letter.h"
#include "speak/mailbox.h"

enum { SECONDS_OF_DAY = 86400 };
bool mailbox_damaged(struct err *err);

/* Within db_write. A new conversation; *id is its number. */
MUST bool conversation_put(struct db *db, const struct conversation *c, int64_t *id, struct err *err);
/* What changes of one: next, their_pk, acked, last, over. */
MUST bool conversation_save(struct db *db, const struct conversation *c, struct err *err);
MUST bool conversation_drop(struct db *db, int64_t id, struct err *err);
struct letter_row {
    int64_t conversation, n, outbox;
    bool own;
    day_t day;
    struct span text;
    const uint8_t *ask, *addr; /* NULL: none */
};
MUST bool letter_put(struct db *db, const struct letter_row *row, struct err *err);

/* Own letters that are not published yet: their addresses. */
struct letter_sent {
    int64_t conversation, n;
    uint8_t addr[16];
};
struct letters_sent {
    struct letter_sent *at;
    size_t n, room;
};
MUST bool letters_sent(struct db *db, struct arena *arena, struct letters_sent *out, struct err *err);
MUST bool letter_published(struct db *db, int64_t conversation, int64_t n, day_t day, struct err *err);
/* The numbers of the letters that came in a conversation, ascending. */
struct letter_numbers {
    int64_t *at;
    size_t n, room;
};
MUST bool letters_came(struct db *db, struct arena *arena, int64_t conversation, struct letter_numbers *out,
                       struct err *err);
/* End what is over on `today`; the database's file is cleared of it. *n: how many. */
MUST bool mailbox_over(struct db *db, day_t today, int64_t *n, struct err *err);
#endif
