/* Owned bytes with a ceiling. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include "base/ckd.h"
#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

void buf_init(struct buf *b, size_t most)
{
    *b = (struct buf){.most = most};
}

void buf_clear(struct buf *b)
{
    mem_free(b->p);
    *b = (struct buf){.most = b->most};
}

void buf_reset(struct buf *b)
{
    b->n = 0;
    b->failed = b->over = false;
    if (b->p)
        b->p[0] = '\0';
}

char *buf_space(struct buf *b, size_t n)
{
    size_t need;
    if (b->failed)
        return NULL;
    if (ckd_add(&need, b->n, n) || need > b->most) {
        b->failed = b->over = true;
        return NULL;
    }
    if (b->p && need < b->room)
        return b->p + b->n;
    size_t room = b->room < 128 ? 256 : b->room * 2;
    if (room > b->most)
        room = b->most;
    if (room < need)
        room = need;
    char *p = ckd_add(&room, room, 1u) ? NULL : mem_resize(b->p, room);
    if (!p) {
        b->failed = true;
        return NULL;
    }
    b->p = p;
    b->room = room;
    b->p[b->n] = '\0';
    return b->p + b->n;
}

void buf_grew(struct buf *b, size_t n)
{
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_add(struct buf *b, struct span s)
{
    if (s.n == 0)
        return;
    char *to = buf_space(b, s.n);
    if (!to)
        return;
    memcpy(to, s.p, s.n);
    buf_grew(b, s.n);
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, span_of(text));
}

void buf_add_byte(struct buf *b, char c)
{
    buf_add(b, (struct span){&c, 1});
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        b->failed = true;
    char *to = n < 0 ? NULL : buf_space(b, (size_t)n);
    if (to) {
        vsnprintf(to, (size_t)n + 1, format, again);
        buf_grew(b, (size_t)n);
    }
    va_end(again);
}

void buf_drop(struct buf *b, size_t n)
{
    if (n > b->n)
        n = b->n;
    if (n == 0)
        return;
    memmove(b->p, b->p + n, b->n - n + 1);
    b->n -= n;
}

struct span buf_span(const struct buf *b)
{
    return (struct span){b->p, b->n};
}

const char *buf_text(const struct buf *b)
{
    return b->p ? b->p : "";
}

const char *buf_keep(const struct buf *b, struct arena *arena)
{
    const char *copy = arena_text(arena, buf_span(b));
    if (b->failed && !b->over)
        arena_lose(arena);
    return copy ? copy : "";
}

const char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : arena_get(arena, (size_t)n + 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text ? text : "";
}

bool buf_ok(const struct buf *b, struct err *err)
{
    if (!b->failed)
        return true;
    if (b->over)
        return fail(err, E_LIMIT,
                    tr("err.base.limit", "This is longer than the %zu bytes there is room for."), b->most);
    return fail_memory(err);
}
