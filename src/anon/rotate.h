#ifndef ANON_ROTATE_H
#define ANON_ROTATE_H
/* What the record says week after week without anybody's doing: keys, rosters, opens, closes (PROTOCOL
 * sections 3 and 5). All that is due at one moment is one transaction, which begins by holding the log and
 * does nothing when the log grew since it was looked at; so processes of one lab never say a thing twice. */
#include "ui/room.h"

/* Within db_write, on an empty log: genesis, rules and, by the issuer, the keys and rosters of the running
 * week and the next. What this first checkpoint holds is exempt from the waits. */
MUST bool rotate_begin(struct app *app, struct db *db, struct err *err);
/* The job. */
MUST bool rotate_beat(struct app *app, struct err *err);
#endif
