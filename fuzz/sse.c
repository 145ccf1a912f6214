/* An event stream, and the answer in it: cut into pieces at places the input chooses it reads as it does in
 * one piece, and whatever comes, it is an answer within its bounds or a sentence. */
#include "fuzz/fuzz.h"

#include "codec/chat.h"

#include "base/banned.h"

enum { MOST = 5000 };

static bool read_in(struct chat *chat, struct span all, size_t piece, struct err *err)
{
    chat_init(chat, MOST);
    while (all.n) {
        struct span now = span_first(all, piece);
        all = span_from(all, now.n);
        if (!chat_feed(chat, now, err))
            return false;
    }
    return chat_end(chat, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct span all = {(const char *)data + 1, size - 1};
    struct chat one, cut;
    struct err why = {0}, why_cut = {0};
    bool a = read_in(&one, all, size, &why), b = read_in(&cut, all, 1 + data[0] % 16u, &why_cut);
    must(a == b && why.code == why_cut.code);
    must(a || (said(&why) && said(&why_cut)));
    must(span_eq(buf_span(&one.text), buf_span(&cut.text)) && one.finish == cut.finish &&
         one.refusal == cut.refusal);
    must(one.text.n <= MOST);
    chat_clear(&one);
    chat_clear(&cut);
    return 0;
}
