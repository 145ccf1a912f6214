#ifndef ANON_STATS_H
#define ANON_STATS_H
/* What those who run a lab can count. */
#include "ui/room.h"

/* respite lab stats: counts for those who run the lab; nothing in them is about one act. */
int cmd_lab_stats(struct app *app);
#endif
