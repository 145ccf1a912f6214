#ifndef SPEAK_LETTERS_PAGES_H
#define SPEAK_LETTERS_PAGES_H
/* The pages of letters (screens f and w). */
#include "speak/letters.h"
#include "ui/html.h"

void page_letters(struct app *app, const struct request *request, struct reply *reply); /* GET /letters */
void page_letters_look(struct app *app, const struct request *request,
                       struct reply *reply); /* POST /letters/look */
void page_letter(struct app *app, const struct request *request, struct reply *reply); /* GET /letters/<n> */
void page_letter_do(struct app *app, const struct request *request, struct reply *reply); /* POST the same */
void page_letter_write(struct app *app, const struct request *request,
                       struct reply *reply); /* GET /letters/write?to=… */
void page_letter_write_do(struct app *app, const struct request *request, struct reply *reply);
void page_listen(struct app *app, const struct request *request, struct reply *reply); /* GET /listen */
void page_listen_do(struct app *app, const struct request *request, struct reply *reply);

/* "English, Chinese" of "en, zh", cleaned, in the arena. */
const char *languages_said(struct app *app, struct span list);
/* Name, languages, topics; who vouched and the key's words, or the warning. */
void helper_draw(struct html *h, struct app *app, const struct helper *helper);
/* A text field of letters; the choice of when; what stands in the way. */
void letter_fields(struct html *h, struct span text, bool now);
/* A key of 32 bytes in a query or form. */
bool key_of_hex(struct span hex, uint8_t out[static 32]);
#endif
