#ifndef ARENA_SAYINGS_H
#define ARENA_SAYINGS_H
/* Plain sentences one after the other: a terminal wraps them, a page makes a paragraph of each. */
#include "base/buf.h"
#include "base/mem.h"

struct sayings {
    const char **at;
    size_t n, room, head;
    bool failed; /* a sentence is missing for want of memory */
};
/* One more (copied). */
void sayings_add(struct arena *arena, struct sayings *out, const struct buf *line);
#endif
