#ifndef CODEC_SSE_H
#define CODEC_SSE_H
/* Event streams (WHATWG HTML, 9.2.6) as bytes come from a network, cut anywhere: the data of one event after
 * the other. Lines end in LF, CRLF or CR; lines that begin with a colon keep a connection alive and say
 * nothing; several data lines of an event are joined with LF; other fields are of no use here. */
#include "base/buf.h"

struct sse {
    struct buf line, data;
    bool has_data, after_cr, begun;
};
/* `event_most`: bytes of one event's data, and of one line. */
void sse_init(struct sse *sse, size_t event_most);
void sse_clear(struct sse *sse);
/* Read from *in up to the end of the next event. True: *data is that of a whole event, valid until the next
 * call, and *in goes on behind it. False: all of *in is used up, or, with err set, a line or event is too
 * long (E_LIMIT). */
bool sse_next(struct sse *sse, struct span *in, struct span *data, struct err *err);
/* At the end of the stream: an event that no empty line ended. False when there is none. */
bool sse_last(struct sse *sse, struct span *data);
#endif
