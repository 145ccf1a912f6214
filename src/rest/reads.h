#ifndef REST_READS_H
#define REST_READS_H
/* What the room must be able to read once the serving process is sandboxed. */
#include "ui/room.h"

bool rest_reads(struct app *app, struct trees *out, struct err *err);
#endif
