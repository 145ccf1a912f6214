#ifndef UI_PAGE_BITS_H
#define UI_PAGE_BITS_H
/* Pieces that the pages of several rooms share. All texts are translated already. */
#include "ui/html.h"
#include "ui/room.h"

void bit_heading(struct html *h, const char *text);                   /* <h2> */
void bit_paragraph(struct html *h, const char *text);                 /* NULL: nothing */
void bit_small(struct html *h, const char *text);                     /* the same, in small letters */
void bit_notice(struct html *h, const char *text);                    /* set apart; NULL: nothing */
void bit_problem(struct html *h, const char *text);                   /* what did not work; NULL: nothing */
void bit_item(struct html *h, const char *text);                      /* <li> */
void bit_button(struct html *h, const char *path, const char *label); /* a link that looks like a button */
/* The same, to where something new is written: the key "n" opens it (web/keys.js). One a page. */
void bit_button_new(struct html *h, const char *path, const char *label);
/* Words that people compare ("harbor canyon …"), set apart. `pattern` holds {words}. */
void bit_words(struct html *h, const char *pattern, const char *words);
/* Sentences in one paragraph: a blank between them in English, none in Chinese. */
void bit_gap(struct html *h);
#endif
