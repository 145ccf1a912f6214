/* The two forms are told apart by the first byte that is no blank, since what a server calls its answer is
 * not to be relied on. A chunk without choices (counts of tokens at the end: an empty list, null, or nothing)
 * says nothing here. */
#include "codec/chat.h"

#include "base/words.h"
#include "codec/json.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { EVENT_MOST = 1 << 20, WHOLE_MOST = 4 << 20, SAID_MOST = 200 };

void chat_init(struct chat *chat, size_t most)
{
    *chat = (struct chat){0};
    sse_init(&chat->sse, EVENT_MOST);
    buf_init(&chat->whole, WHOLE_MOST);
    buf_init(&chat->text, most);
}

void chat_clear(struct chat *chat)
{
    sse_clear(&chat->sse);
    buf_clear(&chat->whole);
    buf_clear(&chat->text);
}

/* What went wrong there ------------------------------------------------------------------------------- */
static bool server_said(struct span message, struct err *err)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4 * SAID_MOST + 16);
    utf8_clean(&clean, span_first(message, SAID_MOST));
    return fail(err, E_REFUSED, tr("err.codec.chat", "The model's server says that it failed: %.300s"),
                clean.n ? buf_text(&clean) : tr("err.codec.chat_none", "it gave no reason"));
}

static struct span text_of(const json_t *v)
{
    return json_is_string(v) ? span_bytes(json_string_value(v), json_string_length(v)) : SPAN("");
}

/* {"error":{"message":…}}, {"error":"…"}, {"object":"error","message":…}; a code may be a number or a text.
 */
static bool is_error(const json_t *o, struct err *err)
{
    const json_t *e = json_object_get(o, "error");
    if (json_is_object(e))
        server_said(text_of(json_object_get(e, "message")), err);
    else if (e && !json_is_null(e))
        server_said(text_of(e), err);
    else if (span_is(text_of(json_object_get(o, "object")), "error"))
        server_said(text_of(json_object_get(o, "message")), err);
    else
        return false;
    return true;
}

bool chat_failed(struct span body, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    if (json_read(body, WHOLE_MOST, "error", &o, &none) && is_error(o, err))
        return false;
    return server_said(SPAN(""), err);
}

/* What it answers ------------------------------------------------------------------------------------- */
static enum chat_finish finish_of(const json_t *v)
{
    struct span why = text_of(v);
    return span_is(why, "length")                                        ? CHAT_LENGTH
           : span_is(why, "content_filter")                              ? CHAT_FILTER
           : span_is(why, "tool_calls") || span_is(why, "function_call") ? CHAT_TOOLS
           : why.n                                                       ? CHAT_STOP
                                                                         : CHAT_OPEN;
}

/* A text, or a list of parts of which those of type "text" are taken. */
static void add_content(struct chat *chat, const json_t *v)
{
    size_t i;
    json_t *part;
    buf_add(&chat->text, text_of(v));
    json_array_foreach(v, i, part)
    {
        if (span_is(text_of(json_object_get(part, "type")), "text"))
            buf_add(&chat->text, text_of(json_object_get(part, "text")));
    }
}

/* `o`: a chunk, or a whole answer. Of several choices the first is taken. */
static bool take(struct chat *chat, const json_t *o, struct err *err)
{
    if (is_error(o, err))
        return false;
    const json_t *choice = json_array_get(json_object_get(o, "choices"), 0);
    if (!json_is_object(choice) || json_integer_value(json_object_get(choice, "index")) != 0)
        return true;
    const json_t *said = json_object_get(choice, "delta");
    if (!json_is_object(said))
        said = json_object_get(choice, "message");
    chat->some = true;
    add_content(chat, json_object_get(said, "content"));
    struct span refusal = text_of(json_object_get(said, "refusal"));
    chat->refusal |= refusal.n > 0;
    buf_add(&chat->text, refusal);
    enum chat_finish finish = finish_of(json_object_get(choice, "finish_reason"));
    if (finish != CHAT_OPEN)
        chat->finish = finish;
    if (chat->text.over)
        return fail(err, E_LIMIT, tr("err.codec.chat_long", "The answer is longer than Respite takes."));
    return buf_ok(&chat->text, err);
}

static bool take_text(struct chat *chat, struct span text, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    return json_read(text, WHOLE_MOST, tr("codec.chat", "The answer"), &o, err) && take(chat, o, err);
}

static bool take_event(struct chat *chat, struct span data, struct err *err)
{
    if (span_is(span_trim(data), "[DONE]"))
        chat->done = true;
    return chat->done || span_trim(data).n == 0 || take_text(chat, data, err);
}

bool chat_feed(struct chat *chat, struct span piece, struct err *err)
{
    struct span data;
    struct err mine = {0};
    for (size_t i = 0; !chat->begun && i < piece.n; i++)
        if (!strchr(" \t\r\n", piece.p[i])) {
            chat->begun = true;
            chat->plain = piece.p[i] == '{';
        }
    if (chat->plain) {
        buf_add(&chat->whole, piece);
        return buf_ok(&chat->whole, err);
    }
    while (!chat->done && sse_next(&chat->sse, &piece, &data, &mine))
        if (!take_event(chat, data, err))
            return false;
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

bool chat_end(struct chat *chat, struct err *err)
{
    struct span data;
    if (chat->plain && !take_text(chat, buf_span(&chat->whole), err))
        return false;
    if (!chat->plain && !chat->done && sse_last(&chat->sse, &data) && !take_event(chat, data, err))
        return false;
    if (chat->some && (chat->done || chat->plain || chat->finish != CHAT_OPEN))
        return true;
    return fail(err, E_FORMAT,
                chat->some ? tr("err.codec.chat_cut", "The answer ended in the middle.")
                           : tr("err.codec.chat_form", "The server's answer holds none of a model."));
}
