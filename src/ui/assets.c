/* Finding an embedded file by its name; the rows themselves are made by ui/assets.S. */
#include "ui/assets.h"

#include <assert.h>
#include <stddef.h>

#include "base/banned.h"

extern const struct asset asset_rows[] __attribute__((visibility("hidden")));

/* The assembler writes four words a row: name, type, first byte, number of bytes. */
static_assert(sizeof(struct asset) == 32 && offsetof(struct asset, type) == 8 &&
                  offsetof(struct asset, bytes) == 16 && offsetof(struct span, n) == 8,
              "ui/assets.S lays rows out for this shape");

const struct asset *asset_find(struct span name)
{
    for (const struct asset *a = asset_rows; a->name; a++)
        if (span_is(name, a->name))
            return a;
    return NULL;
}
