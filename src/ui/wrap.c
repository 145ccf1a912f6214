/* Text broken into lines for a terminal. */
#include "ui/wrap.h"

#include "codec/utf8.h"

#include "base/banned.h"

/* One character's bytes at the front (1 when they are no UTF-8). */
static size_t front_bytes(struct span s)
{
    unsigned char c = (unsigned char)s.p[0];
    size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return n < s.n ? n : s.n;
}

/* Marks that close or follow: a line does not begin with one. */
static bool closes(struct span at)
{
    static const char *const marks[] = {"，", "。", "、", "；", "：", "？", "！", "”",
                                        "’",  "）", "》", "］", "】", "…",  "·"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(at, span_of(marks[i])))
            return true;
    return false;
}

static bool opens(struct span character)
{
    static const char *const marks[] = {"“", "‘", "（", "《", "［", "【"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_is(character, marks[i]))
            return true;
    return false;
}

/* May a line end between `before` and what stands at `after`? */
static bool may_break(struct span before, struct span after)
{
    if (after.n == 0 || after.p[0] == ' ')
        return true;
    if (before.p[0] == ' ')
        return true;
    struct span next = span_first(after, front_bytes(after));
    return (utf8_width(before) == 2 || utf8_width(next) == 2) && !closes(after) && !opens(before);
}

/* Where the line `text` (no line end in it), too wide for `columns`, is best cut. */
static size_t cut(struct span text, size_t columns)
{
    size_t fits = utf8_front(text, columns).n, best = 0;
    if (fits == 0)
        return front_bytes(text);
    for (size_t i = 0; i < fits;) {
        size_t n = front_bytes(span_from(text, i));
        if (i + n <= fits && may_break((struct span){text.p + i, n}, span_from(text, i + n)))
            best = i + n;
        i += n;
    }
    return best ? best : fits;
}

struct span wrap_next(struct span *rest, size_t columns)
{
    struct span text = *rest, line;
    const char *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
    line = end ? span_first(text, (size_t)(end - text.p)) : text;
    if (utf8_width(line) <= columns) {
        *rest = span_from(text, line.n + (end != NULL));
    } else {
        line = span_first(line, cut(line, columns));
        *rest = span_from(text, line.n);
        while (rest->n && rest->p[0] == ' ')
            *rest = span_from(*rest, 1);
    }
    while (line.n && line.p[line.n - 1] == ' ')
        line.n--;
    return line;
}

void wrap_text(struct buf *out, const char *text, size_t columns, size_t indent)
{
    struct span rest = span_of(text);
    bool first = true;
    do {
        size_t in = first ? 0 : indent;
        if (!first)
            buf_printf(out, "\n%*s", (int)in, "");
        buf_add(out, wrap_next(&rest, columns > in + 8 ? columns - in : 8));
        first = false;
    } while (rest.n);
    buf_add_byte(out, '\n');
}
