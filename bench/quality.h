#ifndef BENCH_QUALITY_H
#define BENCH_QUALITY_H
/* The parts of the quality harness. Each prints what it saw and appends its last lines to `ends`, which come
 * at the very end. */
#include "papers/texts.h"

/* Verdicts on words of titles, or of titles and abstracts (nothing where few papers have one): walk-forward,
 * and leave-one-origin-out where no origin has enough behind it. */
MUST bool quality_verdicts(const struct texts *texts, bool abstracts, struct buf *ends, struct err *err);
/* The scoop check, where the folder holds scoop_groups*.json. table: print src/papers/near_table.c instead of
 * the last lines. */
MUST bool quality_scoop(const struct texts *texts, const char *folder, bool table, struct buf *ends,
                        struct err *err);
#endif
