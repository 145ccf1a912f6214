#ifndef BENCH_QUALITY_H
#define BENCH_QUALITY_H
/* The parts of the quality harness. Each prints what it saw and appends its last lines to `ends`, which come
 * at the very end. */
#include "papers/texts.h"

/* Verdicts: walk-forward, and leave-one-origin-out where no origin has enough behind it. */
MUST bool quality_verdicts(const struct texts *texts, struct buf *ends, struct err *err);
#endif
