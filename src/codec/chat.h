#ifndef CODEC_CHAT_H
#define CODEC_CHAT_H
/* One answer of a chat endpoint in the manner that many servers share (ARENA section 14): an event stream of
 * chunks, or one JSON object where a server does not stream. Names, ids and counts of tokens in it are not
 * looked at; what a model writes for itself ("reasoning_content") is dropped. */
#include "codec/sse.h"

/* Why it ended. CHAT_OPEN: it did not say. */
enum chat_finish { CHAT_OPEN, CHAT_STOP, CHAT_LENGTH, CHAT_FILTER, CHAT_TOOLS };
struct chat {
    struct sse sse;
    struct buf whole, text; /* whole: of an answer that is no stream */
    enum chat_finish finish;
    bool refusal;      /* the model declined, in the field made for that */
    bool begun, plain; /* plain: one JSON object */
    bool done;         /* the stream said that this is all */
    bool some;         /* at least one chunk of an answer came */
};
/* `most`: bytes of the answer's text. */
void chat_init(struct chat *chat, size_t most);
void chat_clear(struct chat *chat);
/* Take the next piece, cut anywhere. False: E_REFUSED, the server says that it failed, also inside a stream
 * that began well; E_FORMAT, it is no such answer; E_LIMIT, it is longer than `most`. */
MUST bool chat_feed(struct chat *chat, struct span piece, struct err *err);
/* No more bytes come. E_FORMAT when it is not whole: cut off before it said why it ended. */
MUST bool chat_end(struct chat *chat, struct err *err);
/* What a server says that failed, {"error":…}, as E_REFUSED: its message, cleaned, in a sentence. */
bool chat_failed(struct span body, struct err *err);
#endif
