#ifndef SPEAK_LETTERS_H
#define SPEAK_LETTERS_H
/* Letters as a person has them: who can be written to, conversations, and passing one on together. One set of
 * facts and acts for page and terminal. Nothing here asks the lab. */
#include "anon/spend_rule.h"
#include "speak/before.h"
#include "speak/cards.h"
#include "speak/listen.h"
#include "speak/mailbox.h"

struct letters {
    const struct known *known;
    struct before before; /* histories, crowd, words; what hinders */
    struct helpers helpers;
    struct conversations all; /* wiped by letters_clear */
    struct listening listening;
    const struct history_person *entry; /* own, as a listener, in force or to come; NULL: none */
    bool has_key, has_voucher_key;      /* of a listener, of a voucher, are here */
    const char *key_words, *key_line;   /* of the listener's key */
    struct mailbox_news news;
    day_t today;
    int64_t busy;
};
/* Take over what came (letters, cards), end what is over, and load. */
MUST bool letters_load(struct app *app, const struct known *known, bool at_once, struct letters *out,
                       struct err *err);
void letters_clear(struct letters *l);
/* The log that holds listeners. */
const struct history *letters_log(const struct letters *l);
/* Why nothing can be written now, or NULL. `at_once`: it would leave now. */
const char *letters_hindered(const struct letters *l, bool at_once);
/* The one with this number, or NULL. */
const struct conversation *letters_one(const struct letters *l, int64_t id);
/* Who helps in an asker's conversation, when a card is here: NULL else. */
const struct helper *letters_helper(const struct letters *l, const uint8_t pk[static 32]);

/* Write first, to a listener. E_REFUSED: paused. */
MUST bool letters_first(struct app *app, const struct letters *l, const struct helper *to, struct span text,
                        bool at_once, int64_t *conversation, int64_t *outbox, struct err *err);
/* Passing on together. The helper asks, by a letter; the asker says yes by writing a first letter to the
 * other, in words of their own, with keys of its own: nothing of this conversation goes along, and the helper
 * hears of it when the asker writes so. */
MUST bool letters_pass_on(struct app *app, const struct letters *l, int64_t conversation,
                          const struct helper *to, struct span text, bool at_once, int64_t *outbox,
                          struct err *err);
/* The question that is open in this conversation: the letter that asks and was not answered. NULL: none. */
const struct letter_kept *letters_asked(const struct letters_kept *kept);
MUST bool letters_agree(struct app *app, const struct letters *l, int64_t conversation,
                        const struct letter_kept *asked, struct span text, bool at_once, int64_t *begun,
                        int64_t *outbox, struct err *err);

/* "some letters ran out …", "a letter before this one is on its way", or NULL. */
const char *letter_gap(const struct letter_kept *letter);
/* How long the letters of a conversation are kept. */
const char *letters_days(const struct conversation *c);
/* How an own letter is doing: "waits …", "left", or NULL when it is published. */
MUST bool letter_state(struct app *app, const struct letter_kept *letter, const char **out, bool *again,
                       struct err *err);

/* Write in a conversation that is here. E_REFUSED: what counsel_letter_hindered says, or it is over. */
MUST bool letters_answer(struct app *app, const struct letters *l, const struct conversation *c,
                         struct span text, bool at_once, int64_t *outbox, struct err *err);
/* Put one own letter that the board did not take into the outbox again. */
MUST bool letter_resend(struct app *app, const struct known *known, int64_t conversation,
                        const struct letter_kept *l, int64_t *outbox, struct err *err);
/* Put own letters of a conversation that the board did not take into the outbox again. *n: how many; *outbox:
 * the last of them. */
MUST bool letters_resend(struct app *app, const struct letters *l, int64_t conversation, int *n,
                         int64_t *outbox, struct err *err);

/* The job: all that letters_load does, and the card of a new week. Makes no request. */
bool job_letters(struct app *app, struct err *err);
#endif
