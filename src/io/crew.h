#ifndef IO_CREW_H
#define IO_CREW_H
/* A few threads that do the parts of a piece of work at the same time, over and over: for long sums. All
 * signals but those of faults are blocked in them. */
#include "base/err.h"

enum { CREW_MOST = 8 };

struct crew;
/* `hands` threads work, the caller's among them: 1 … CREW_MOST; 0: as many as there are processors, at most
 * CREW_MOST. NULL with a sentence. */
struct crew *crew_new(unsigned hands, struct err *err);
/* NULL is fine. */
void crew_free(struct crew *crew);
unsigned crew_hands(const struct crew *crew);
/* Run work(arg, part, parts) for each of as many parts as there are hands; returns when all are done. */
void crew_run(void *crew, void (*work)(void *arg, unsigned part, unsigned parts), void *arg);
static inline void crew_cleanup(struct crew **crew)
{
    crew_free(*crew);
}
#define AUTO_CREW __attribute__((cleanup(crew_cleanup)))
#endif
