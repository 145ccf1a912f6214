/* Sentences in a list. */
#include "arena/sayings.h"

#include "base/vec.h"

#include "base/banned.h"

void sayings_add(struct arena *arena, struct sayings *out, const struct buf *line)
{
    const char **at = VEC_PUSH(arena, out);
    if (line->failed || !at || !(*at = arena_text(arena, buf_span(line))))
        out->failed = true;
}
