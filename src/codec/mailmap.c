/* .mailmap, read for its addresses alone. */
#include "codec/mailmap.h"

#include "base/banned.h"

/* The next <…> of a line: what stands in it, trimmed. */
static bool address(struct span *line, struct span *out)
{
    struct span before, inside;
    if (!span_cut(line, '<', &before) || !span_cut(line, '>', &inside))
        return false;
    *out = span_trim(inside);
    return out->n > 0;
}

bool mailmap_next(struct span *in, struct mailmap_line *out)
{
    while (in->n) {
        struct span line, code;
        struct mailmap_line found = {0};
        span_cut(in, '\n', &line);
        span_cut(&line, '#', &code);
        if (!address(&code, &found.proper))
            continue;
        if (!address(&code, &found.commit))
            found.commit = (struct span){0};
        *out = found;
        return true;
    }
    return false;
}
