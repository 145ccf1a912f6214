#ifndef ANON_WITNESS_ASK_H
#define ANON_WITNESS_ASK_H
/* Asking others to witness this lab's log (the log's side of C2SP tlog-witness): each is shown the checkpoint
 * with the proof that it continues the one that it signed last. What they sign, members' computers fetch from
 * them and not from here. */
#include "ui/room.h"

/* Within db_write: ask the witness at this base URL from now on. One that is asked already stays. */
MUST bool witness_ask_put(struct db *db, const char *url, struct err *err);
/* Whether there is anybody to ask. */
MUST bool witness_ask_any(struct db *db, bool *any, struct err *err);
/* Send `body` to base + "/witness/add-checkpoint": the status and what came back. */
typedef bool witness_post(void *arg, const char *base, struct span body, int *status, struct buf *answer,
                          struct err *err);
/* Ask whoever is due: not asked within the last ten minutes, and the log has grown since it signed. False,
 * when all were asked, with the first sentence about one that did not sign; E_REFUSED also when one knows a
 * longer log than this database. */
MUST bool witness_ask(struct app *app, witness_post *post, void *arg, struct err *err);
/* The job: the same over the network. */
MUST bool witness_ask_beat(struct app *app, struct err *err);
#endif
