#ifndef UI_FRAME_H
#define UI_FRAME_H
/* The shell of every page (EXPERIENCE screen 0): skip link, navigation from the rooms' tables, Help now, the
 * bars of example data and of a trial lab, the page (at most 72 characters wide), the foot. Sets status, type
 * and the security headers: Content-Security-Policy default-src 'none'; style-src 'self'; img-src 'self';
 * script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted- types-for
 * 'script'. Referrer-Policy no-referrer, X-Content-Type-Options nosniff, Cross-Origin-* same-origin,
 * no-store. The page itself says <meta name=referrer content=same-origin>, so that our own forms send an
 * Origin that can be checked and nobody else gets any. */
#include "ui/html.h"
#include "ui/room.h"

/* Begin a page: everything up to and with <main>. `h->out` becomes the reply's body. `title` is translated
 * text and stands in <title>; the page draws its own <h1>. `here` is the path of the navigation entry to
 * mark, or NULL. */
void frame_open(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                const char *title, const char *here);
/* The end line (translated text; `end` NULL: "That is all."), </main>, then the foot. */
void frame_close(struct html *h, struct app *app, const char *end);
/* The same for a page that tells of a failure. frame_close gives up a page (500) for which memory was
 * refused, since a word or a figure may be missing in it; this one has none to miss. */
void frame_close_failed(struct html *h, struct app *app);
#endif
