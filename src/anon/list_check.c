/* Holding a served list against the record. */
#include "anon/list_check.h"

#include <string.h>

#include "codec/b64.h"

#include "base/banned.h"

static const json_t *by_index(const json_t *all, uint64_t index)
{
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        if (json_integer_value(json_object_get(one, "index")) == (json_int_t)index)
            return one;
    }
    return NULL;
}

/* Sorted, none twice. */
static bool read_leaves(const json_t *list, struct leaves *out)
{
    for (size_t i = 0; i < out->n; i++) {
        const json_t *v = json_array_get(list, i);
        struct span text = {json_string_value(v), json_string_length(v)};
        if (!text.p || !b64_exact(text, B64_URL, out->at[i], 32) ||
            (i > 0 && memcmp(out->at[i - 1], out->at[i], 32) >= 0))
            return false;
    }
    return true;
}

bool list_line(const json_t *lines, size_t i, struct span *origin, struct span *line)
{
    const json_t *one = json_array_get(lines, i), *a = json_object_get(one, "origin"),
                 *b = json_object_get(one, "line");
    *origin = (struct span){json_string_value(a), json_string_length(a)};
    *line = (struct span){json_string_value(b), json_string_length(b)};
    return i < LINES_MOST && origin->p && line->p && origin->n <= LINE_BYTES && line->n <= LINE_BYTES &&
           !memchr(origin->p, 0, origin->n) && !memchr(line->p, 0, line->n);
}

bool list_check(const json_t *all, const struct history_list *h, struct arena *arena, struct leaves *out,
                bool *good, struct err *err)
{
    const json_t *list = json_object_get(by_index(all, h->index), "leaves");
    struct leaves leaves = {.n = json_array_size(list)};
    uint8_t root[32];
    *good = false;
    if (!json_is_array(list) || leaves.n > LIST_MOST || (int64_t)leaves.n != h->list.n)
        return true;
    leaves.at = arena_array(arena, leaves.n + 1, 32);
    if (!leaves.at)
        return fail_memory(err);
    if (!read_leaves(list, &leaves))
        return true;
    roster_root(&leaves, root);
    *good = memcmp(root, h->list.root, 32) == 0;
    if (*good)
        *out = leaves;
    return true;
}
