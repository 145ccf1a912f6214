#ifndef ANON_AGAIN_H
#define ANON_AGAIN_H
/* Looking again and going on, as the person asks for it in the terminal or on the page: the logs
 * (anon/follow_again.h), and when they go on, everything that is fetched otherwise. */
#include "anon/follow_again.h"
#include "ui/room.h"

/* *there: there is a break to agree to, and nothing else was fetched. */
MUST bool again(struct app *app, const struct known *known, struct follow_broken *out, bool *there,
                struct err *err);
MUST bool again_go_on(struct app *app, const struct known *known, const uint8_t leaf[static 32],
                      struct err *err);
#endif
