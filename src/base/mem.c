/* Memory: counted requests (for the torture tests) and arenas of growing blocks. An arena of a page is one or
 * two blocks of 16 kB; an import of 100,000 commits a dozen. */
#define BASE_MAY_ALLOCATE
#include "base/mem.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ckd.h"

#include "base/banned.h"

static atomic_size_t asked, fail_at;
static atomic_bool fail_for_good;

void mem_fail_at(size_t nth, bool for_good)
{
    asked = 0;
    fail_for_good = for_good;
    fail_at = nth;
}

size_t mem_asked(void)
{
    return asked;
}

static bool refused(void)
{
    size_t n = ++asked, at = fail_at;
    return at != 0 && (n == at || (fail_for_good && n > at));
}

void *mem_get(size_t size)
{
    return refused() ? NULL : calloc(1, size ? size : 1);
}

void *mem_resize(void *p, size_t size)
{
    return refused() ? NULL : realloc(p, size ? size : 1);
}

void mem_free(void *p)
{
    free(p);
}

/* glibc's malloc prepares itself at the first request, which main() sees done. Under AddressSanitizer it
 * serves nobody: several first calls of malloc_trim race then, on bins that are not there yet. */
void mem_give_back(void)
{
#ifndef __SANITIZE_ADDRESS__
    malloc_trim(0);
#endif
}

char *mem_copy(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = mem_get(n);
    if (copy)
        memcpy(copy, s, n);
    return copy;
}

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *head;
    bool refused;
};

enum { FIRST_BLOCK = 16 * 1024, LARGEST_STEP = 1024 * 1024 };

struct arena *arena_new(void)
{
    return mem_get(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *b = arena->head, *next; b; b = next) {
        next = b->next;
        mem_free(b);
    }
    mem_free(arena);
}

bool arena_ok(const struct arena *arena)
{
    return arena && !arena->refused;
}

void arena_lose(struct arena *arena)
{
    if (arena)
        arena->refused = true;
}

static struct block *arena_grow(struct arena *arena, size_t size)
{
    size_t step = arena->head ? arena->head->size * 2 : FIRST_BLOCK;
    if (step > LARGEST_STEP)
        step = LARGEST_STEP;
    if (step < size)
        step = size;
    size_t whole;
    if (ckd_add(&whole, step, sizeof(struct block)))
        return NULL;
    struct block *b = mem_get(whole);
    if (!b)
        return NULL;
    b->size = step;
    b->next = arena->head;
    arena->head = b;
    return b;
}

void *arena_get(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    size_t rounded;
    if (!arena)
        return NULL;
    if (ckd_add(&rounded, size ? size : 1, unit - 1)) {
        arena->refused = true;
        return NULL;
    }
    rounded &= ~(unit - 1);
    struct block *b = arena->head;
    if (fail_at && refused()) /* a test: any request may be the one that needs a new block */
        b = NULL;
    else if (!b || b->size - b->used < rounded)
        b = arena_grow(arena, rounded);
    if (!b) {
        arena->refused = true;
        return NULL;
    }
    void *p = b->bytes + b->used;
    b->used += rounded;
    return p;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t whole;
    return ckd_mul(&whole, count, size) ? NULL : arena_get(arena, whole);
}

char *arena_text(struct arena *arena, struct span s)
{
    size_t n;
    char *copy = ckd_add(&n, s.n, 1) ? NULL : arena_get(arena, n);
    if (copy && s.n)
        memcpy(copy, s.p, s.n);
    return copy;
}

struct span arena_span(struct arena *arena, struct span s)
{
    char *copy = arena_text(arena, s);
    return copy ? (struct span){copy, s.n} : (struct span){NULL, 0};
}
