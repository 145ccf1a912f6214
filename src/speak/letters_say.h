#ifndef SPEAK_LETTERS_SAY_H
#define SPEAK_LETTERS_SAY_H
/* What `letters` and `counsel letters` print: a row of the list, a conversation, one letter; and the words
 * that were typed. */
#include <jansson.h>

#include "speak/mailbox.h"
#include "ui/room.h"

/* A sentence, wrapped, so many blanks in; NULL: nothing. */
void say_line(struct buf *out, const char *text, size_t indent);
void talk_say(struct app *app, const struct conversation *c, struct buf *out);
/* {"id","name","role","side","waits","ended","last"}: new reference, NULL without memory; the same with
 * "letters", written to `out`. */
json_t *talk_row_json(struct app *app, const struct conversation *c);
MUST bool talk_json(struct app *app, const struct conversation *c, const struct letters_kept *kept,
                    struct buf *out, struct err *err);
/* `asks`: the name of who it asks to pass the conversation on to, or NULL. */
MUST bool letter_say(struct app *app, const struct conversation *c, const struct letter_kept *k,
                     const char *asks, struct buf *out, struct err *err);
/* The words of the command line from `from` on, or standard input for "-". */
MUST bool words_typed(struct app *app, size_t from, struct buf *out, struct err *err);
/* That it is done, in a sentence; --json: {"ok","id"}. */
MUST bool ok_said(struct app *app, const char *sentence, int64_t conversation, struct err *err);
#endif
