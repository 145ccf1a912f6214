/* A byte at a time up to the end of a line, since a line may come in pieces; the byte order mark that a
 * stream may begin with is dropped. An event without data is none. */
#include "codec/sse.h"

#include "base/words.h"

#include "base/banned.h"

void sse_init(struct sse *sse, size_t event_most)
{
    *sse = (struct sse){0};
    buf_init(&sse->line, event_most + sizeof "data: ");
    buf_init(&sse->data, event_most);
}

void sse_clear(struct sse *sse)
{
    buf_clear(&sse->line);
    buf_clear(&sse->data);
}

static bool too_long(struct err *err)
{
    return fail(err, E_LIMIT, tr("err.codec.sse", "One event of an answer is longer than Respite takes."));
}

/* A whole line that is not empty. */
static void take_line(struct sse *sse)
{
    struct span line = buf_span(&sse->line);
    if (span_is(line, "data"))
        line = SPAN("data:");
    if (!span_starts(line, SPAN("data:")))
        return;
    line = span_from(line, strlen("data:"));
    if (span_starts(line, SPAN(" ")))
        line = span_from(line, 1);
    if (sse->has_data)
        buf_add_byte(&sse->data, '\n');
    buf_add(&sse->data, line);
    sse->has_data = true;
}

/* The end of a line: true when it ends an event. */
static bool end_line(struct sse *sse)
{
    if (!sse->begun && span_starts(buf_span(&sse->line), SPAN("\xEF\xBB\xBF")))
        buf_drop(&sse->line, 3);
    sse->begun = true;
    if (sse->line.n) {
        take_line(sse);
        buf_reset(&sse->line);
        return false;
    }
    bool whole = sse->has_data;
    sse->has_data = false;
    return whole;
}

bool sse_next(struct sse *sse, struct span *in, struct span *data, struct err *err)
{
    if (!sse->has_data)
        buf_reset(&sse->data);
    while (in->n) {
        char c = in->p[0];
        *in = span_from(*in, 1);
        bool second = sse->after_cr && c == '\n';
        sse->after_cr = c == '\r';
        if (second)
            continue;
        if (c != '\n' && c != '\r')
            buf_add_byte(&sse->line, c);
        else if (end_line(sse)) {
            *data = buf_span(&sse->data);
            return true;
        }
        if (sse->line.failed || sse->data.failed)
            return sse->line.over || sse->data.over ? too_long(err) : fail_memory(err);
    }
    return false;
}

bool sse_last(struct sse *sse, struct span *data)
{
    if (sse->line.n)
        (void)end_line(sse);
    if (!sse->has_data)
        return false;
    sse->has_data = false;
    *data = buf_span(&sse->data);
    return !sse->data.failed;
}
