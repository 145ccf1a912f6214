#ifndef PAPERS_DIGEST_FEED_H
#define PAPERS_DIGEST_FEED_H
/* The last pages as an Atom file (RFC 4287) in the data folder, papers.atom: for a reader of feeds on this
 * computer. Off unless it was asked for. A file, for no reader elsewhere can reach 127.0.0.1, and one here
 * needs no port for it. */
#include "ui/room.h"

MUST bool digest_feed_on(struct app *app, bool *on, struct err *err);
/* Switched off, the file is removed. */
MUST bool digest_feed_put(struct app *app, bool on, struct err *err);
/* Write it anew when it is on. */
MUST bool digest_feed_write(struct app *app, struct err *err);
const char *digest_feed_path(struct app *app);
/* The text of the feed alone. */
MUST bool digest_feed_text(struct app *app, struct buf *out, struct err *err);
#endif
