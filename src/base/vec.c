/* Growing arrays in an arena. The old copy stays in the arena until it is freed: at most as much again. */
#include "base/vec.h"

#include <string.h>

#include "base/ckd.h"

#include "base/banned.h"

bool vec_room(struct arena *arena, void **at, size_t *n, size_t *room, size_t size)
{
    if (*n < *room)
        return true;
    size_t more = *room ? *room : 8;
    size_t wanted;
    if (ckd_add(&wanted, *room, more))
        return false;
    void *grown = arena_array(arena, wanted, size);
    if (!grown)
        return false;
    if (*n)
        memcpy(grown, *at, *n * size);
    *at = grown;
    *room = wanted;
    return true;
}
