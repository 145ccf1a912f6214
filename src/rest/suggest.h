#ifndef REST_SUGGEST_H
#define REST_SUGGEST_H
/* Addresses that may be the person's: asked on the first page, never taken by themselves. */
#include "rest/signs.h"

#include "base/err.h"
#include "base/mem.h"

/* Add a copy of `mail` unless it is empty or there. False: no memory. */
bool mails_add(struct arena *arena, struct mails *mails, struct span mail);
/* NUMBER+user@users.noreply.github.com and the like. */
bool suggest_noreply(struct span mail, const struct mails *mine);
/* Addresses that .mailmap in the folder `repo` sets beside one of `mine`, added to `asked`. No such file is
 * no failure. */
MUST bool suggest_mailmap(struct arena *arena, const char *repo, const struct mails *mine,
                          struct mails *asked, struct err *err);
#endif
