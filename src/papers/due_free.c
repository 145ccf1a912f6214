/* Venues without a yearly deadline, from data/venues.txt: whoever sends a paper there waits for no date. */
#include "base/vec.h"
#include "base/words.h"
#include "papers/due_say.h"
#include "ui/assets.h"

#include "base/banned.h"

bool due_frees(struct arena *arena, struct due_frees *out, struct err *err)
{
    const struct asset *list = asset_find(SPAN("venues.txt"));
    struct span text = list ? list->bytes : SPAN(""), line, name, when;
    *out = (struct due_frees){0};
    while (text.n) {
        span_cut(&text, '\n', &line);
        if (line.n == 0 || line.p[0] == '#' || !span_cut(&line, '\t', &name) || !span_cut(&line, '\t', &when))
            continue;
        struct due_free *f = VEC_PUSH(arena, out);
        if (!f)
            return fail_memory(err);
        *f = (struct due_free){arena_text(arena, name), arena_text(arena, when), arena_text(arena, line)};
    }
    return arena_ok(arena) || fail_memory(err);
}

const char *due_free_said(const struct due_free *f)
{
    if (strcmp(f->when, "month") == 0)
        return tr("due.free.month", "takes papers on the first of each month");
    if (strcmp(f->when, "two") == 0)
        return tr("due.free.two", "takes papers about every two months");
    return tr("due.free.any", "takes papers at any time");
}
