#ifndef SPEAK_COUNSEL_LETTERS_H
#define SPEAK_COUNSEL_LETTERS_H
/* When letters can go between a person and a counsellor: after a time was taken, while it is not given back,
 * and while the counsellor stands in the record. */
#include "anon/history.h"
#include "speak/mailbox.h"
#include "ui/room.h"

/* Why no letter can be written in this conversation now, in a sentence; NULL: one can be, or it is with
 * nobody who counsels. `log`: that with the entries of counsellors. */
MUST bool counsel_letter_hindered(struct app *app, const struct history *log, const struct conversation *c,
                                  const char **why, struct err *err);
#endif
