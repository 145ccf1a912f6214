#ifndef SPEAK_MODERATE_PAGES_H
#define SPEAK_MODERATE_PAGES_H
/* The pages of moderation. Everybody: the list of what was decided, a flag, an appeal. Who has a moderator's
 * key: what waits, and deciding. */
#include "speak/board_words.h"
#include "ui/html.h"
#include "ui/room.h"

void page_moderation(struct app *app, const struct request *request,
                     struct reply *reply); /* GET /board/moderation */
void page_moderation_look(struct app *app, const struct request *request,
                          struct reply *reply);                                      /* POST, the same path */
void page_flag(struct app *app, const struct request *request, struct reply *reply); /* GET /board/flag */
void page_flag_do(struct app *app, const struct request *request, struct reply *reply);
void page_appeal(struct app *app, const struct request *request, struct reply *reply); /* GET /board/appeal */
void page_appeal_do(struct app *app, const struct request *request, struct reply *reply);
void page_decide(struct app *app, const struct request *request, struct reply *reply); /* GET /board/decide */
void page_decide_do(struct app *app, const struct request *request, struct reply *reply);

/* "Hidden by the moderators: it named a person. Signed, in the record." in the arena; NULL: nothing to say.
 */
const char *decided_say(struct app *app, const struct moderate_state *decided);
/* Under what was decided about: why, and the way to ask for its undoing. */
void decided_draw(struct html *h, struct app *app, const uint8_t id[static 16],
                  const struct moderate_state *decided);
/* The moderator's part of the list's page, when this computer has a key. */
MUST bool desk_draw(struct html *h, struct app *app, struct err *err);
/* The way to tell the moderators about it. */
void flag_link_draw(struct html *h, const uint8_t id[static 16]);
/* Around words: a click away when they are hidden, never taken from who wants to read them. */
void hidden_open(struct html *h, bool hidden);
void hidden_close(struct html *h, bool hidden);
/* What it is, as a link to where it stands. */
void about_draw(struct html *h, struct app *app, const struct board_words *words);
/* The words that a page is about, from "post" of its query or form: 404 in a sentence when they are not here.
 */
bool words_asked(struct app *app, const struct request *request, struct reply *reply, struct span hex,
                 struct board_words *out);
#endif
