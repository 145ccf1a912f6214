#ifndef REST_MESSAGES_H
#define REST_MESSAGES_H
/* The messages of the person's own commits, for one comparison (ui/room.h, own_texts): read when they click,
 * handed on in memory, never kept. The only place that reads what a commit says. */
#include "ui/room.h"

enum { MESSAGES_MOST = 20000 /* newest commits of a repository */, MESSAGES_BYTES = 8 << 20 /* in all */ };
/* Of the repositories the person chose, by the addresses that count as theirs. */
MUST bool rest_messages(struct app *app, struct own_texts *out, struct err *err);
#endif
