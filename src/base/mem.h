#ifndef BASE_MEM_H
#define BASE_MEM_H
/* Memory. Work (a request, a command, a job) gets one arena; what it makes dies with it, on every path.
 * Long-lived things use mem_* and are freed by their x_free. Every request for memory in Respite passes here,
 * so that a test can make each fail in turn. */
#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* As calloc (zeroed), realloc (what is new is not), free; NULL when there is none. */
void *mem_get(size_t size);
void *mem_resize(void *p, size_t size);
void mem_free(void *p);
/* A NUL-ended copy of `s`, or NULL. Caller frees. */
char *mem_copy(const char *s);

/* What was freed goes back to the system: after a large page, after a flood. Any thread. */
void mem_give_back(void);

/* For tests: the `nth` request from now on fails (1 = the next), and so does each after it when `for_good`; 0
 * turns it off. mem_asked() counts requests since the last call of mem_fail_at. */
void mem_fail_at(size_t nth, bool for_good);
size_t mem_asked(void);

struct arena;
/* A new, empty arena, or NULL. arena_free takes NULL. */
struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* False once a request of it was refused: what was built from it may lack something. Who draws a page asks
 * once, at its end, as with buf_ok. */
bool arena_ok(const struct arena *arena);
/* Something that was meant for it was lost elsewhere: arena_ok is false from now on. NULL is fine. */
void arena_lose(struct arena *arena);
/* `size` zeroed bytes, aligned for any type, alive as long as the arena; NULL when there are none, size
 * overflows, or `arena` is NULL because arena_new had no memory. */
void *arena_get(struct arena *arena, size_t size);
/* `count` zeroed things of `size` bytes. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A NUL-ended copy of the bytes of `s`, NULL when there is no memory. */
char *arena_text(struct arena *arena, struct span s);
/* The same, its span ({NULL,0} when there is no memory). */
struct span arena_span(struct arena *arena, struct span s);
#define ARENA_NEW(arena, type) ((type *)arena_get((arena), sizeof(type)))

static inline void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
}
/* struct arena *AUTO_ARENA a = arena_new(); freed at the end of the scope. */
#define AUTO_ARENA __attribute__((cleanup(arena_cleanup)))
#endif
