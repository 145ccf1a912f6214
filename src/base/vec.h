#ifndef BASE_VEC_H
#define BASE_VEC_H
/* A growing array that lives in an arena. Declare `struct commits { struct commit *at; size_t n, room; };`
 * and push: struct commit *c = VEC_PUSH(arena, &commits);     NULL when there is no memory; else a zeroed new
 * last element Elements move when the array grows: keep indices, not pointers. */
#include <stddef.h>

#include "base/mem.h"

#define VEC_PUSH(arena, v) \
    ((__typeof__((v)->at))(vec_room((arena), (void **)&(v)->at, &(v)->n, &(v)->room, sizeof *(v)->at) \
                               ? (void *)&(v)->at[(v)->n++] \
                               : NULL))

/* Room for one more element of `size`: grows by doubling, copying into new arena memory. False when there is
 * none. */
bool vec_room(struct arena *arena, void **at, size_t *n, size_t *room, size_t size);
#endif
