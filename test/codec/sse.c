/* Event streams and the answers in them: every trap of ARENA section 14 that is in the bytes, each read in
 * one piece and in pieces of every size. */
#include "test/test.h"

#include "codec/chat.h"

#include "base/banned.h"

enum { MOST = 4096 };

static bool read_by(struct chat *chat, struct span all, size_t piece, struct err *err)
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

/* The same answer however it is cut. */
static void reads(const char *stream, const char *text, enum chat_finish finish)
{
    for (size_t piece = 1; piece <= strlen(stream); piece++) {
        struct chat chat;
        struct err err = {0};
        assert_ok(read_by(&chat, span_of(stream), piece, &err), &err);
        assert_string_equal(buf_text(&chat.text), text);
        assert_int_equal(chat.finish, finish);
        chat_clear(&chat);
    }
}

static void fails(const char *stream, enum err_code code, const char *says)
{
    for (size_t piece = 1; piece <= strlen(stream); piece++) {
        struct chat chat;
        struct err err = {0};
        assert_false(read_by(&chat, span_of(stream), piece, &err));
        assert_int_equal(err.code, code);
        assert_non_null(strstr(err.text, says));
        chat_clear(&chat);
    }
}

#define SAY(text) \
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"},\"finish_reason\":null}]}"
#define STOP "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"

void test_sse__three_line_ends_and_characters_cut_in_two(void **state)
{
    (void)state;
    reads(SAY("你") "\n\n" SAY("好 🙂") "\n\n" STOP "\n\ndata: [DONE]\n\n", "你好 🙂", CHAT_STOP);
    reads(SAY("你") "\r\n\r\n" SAY("好") "\r\n\r\n" STOP "\r\n\r\ndata: [DONE]\r\n\r\n", "你好", CHAT_STOP);
    reads(SAY("a") "\r\r" SAY("b") "\r\r" STOP "\r\rdata: [DONE]\r\r", "ab", CHAT_STOP);
}

void test_sse__keep_alives_other_fields_and_a_byte_order_mark(void **state)
{
    (void)state;
    reads("\xEF\xBB\xBF: hello\n\n:\n\nevent: message\nid: 7\nretry: 10\n" SAY("a") "\n\n: ping\n\n" STOP
                                                                                    "\n\n",
          "a", CHAT_STOP);
    reads("data:{\"choices\":[{\"delta\":{\"content\":\"no blank\"},\"finish_reason\":\"stop\"}]}\n\n",
          "no blank", CHAT_STOP);
    reads("data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"two "
          "lines\"},\"finish_reason\":\"stop\"}]}\n\n",
          "two lines", CHAT_STOP);
}

void test_sse__counts_of_tokens_come_with_empty_null_or_no_choices(void **state)
{
    (void)state;
    reads(SAY("a") "\n\n" STOP
                   "\n\ndata: {\"choices\":[],\"usage\":{\"total_tokens\":2}}\n\ndata: [DONE]\n\n",
          "a", CHAT_STOP);
    reads(SAY("a") "\n\n" STOP "\n\ndata: {\"choices\":null,\"usage\":{}}\n\ndata: [DONE]\n\n", "a",
          CHAT_STOP);
    reads(SAY("a") "\n\n" STOP "\n\ndata: {\"usage\":{}}\n\ndata: [DONE]\n\n", "a", CHAT_STOP);
}

void test_sse__an_error_inside_a_good_answer_is_one(void **state)
{
    (void)state;
    fails(SAY("a") "\n\ndata: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n", E_REFUSED,
          "out of memory");
    fails(SAY("a") "\n\ndata: {\"error\":{\"message\":\"slow down\",\"code\":\"rate\"}}\n\ndata: [DONE]\n\n",
          E_REFUSED, "slow down");
    fails("{\"error\":\"busy\"}", E_REFUSED, "busy");
    fails("{\"object\":\"error\",\"message\":\"no such model\",\"code\":404}", E_REFUSED, "no such model");
}

void test_sse__an_answer_without_a_stream(void **state)
{
    (void)state;
    reads("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},\"finish_"
          "reason\":"
          "\"length\"}],\"usage\":{}}",
          "whole", CHAT_LENGTH);
    reads(" \n{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\","
          "\"text\":\"b\"}]}}]}",
          "ab", CHAT_OPEN);
}

void test_sse__done_may_be_missing_but_not_the_reason(void **state)
{
    (void)state;
    reads(SAY("a") "\n\n" STOP "\n\n", "a", CHAT_STOP);
    reads(SAY("a") "\n\n" STOP, "a", CHAT_STOP);
    reads(SAY("a") "\n\ndata: [DONE]\n\n" SAY("never read") "\n\n", "a", CHAT_OPEN);
    fails(SAY("a") "\n\n", E_FORMAT, "in the middle");
    fails(SAY("a") "\n\n: keep-alive\n\n", E_FORMAT, "in the middle");
    fails("<html>hello</html>", E_FORMAT, "none of a model");
    fails("data: {\"cho\n\n", E_FORMAT, "");
}

void test_sse__refusals_reasoning_and_second_choices(void **state)
{
    (void)state;
    struct chat chat;
    struct err err = {0};
    static const char refused[] =
        "data: {\"choices\":[{\"delta\":{\"refusal\":\"I would rather not\"}}]}\n\n" STOP "\n\n";
    assert_ok(read_by(&chat, span_of(refused), 7, &err), &err);
    assert_true(chat.refusal);
    chat_clear(&chat);
    reads("data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n"
          "data: "
          "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\",\"content\":null}}]}\n\n" SAY(
              "a") "\n\n" STOP "\n\n",
          "a", CHAT_STOP);
    reads("data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"content_filter\"}]}\n\n",
          "a", CHAT_FILTER);
}

void test_sse__an_answer_has_a_bound(void **state)
{
    (void)state;
    struct chat chat;
    struct err err = {0};
    AUTO_BUF struct buf long_one;
    buf_init(&long_one, 1 << 20);
    for (int i = 0; i < MOST / 4; i++)
        buf_add(&long_one, SPAN(SAY("12345") "\n\n"));
    assert_false(read_by(&chat, buf_span(&long_one), 1000, &err));
    assert_int_equal(err.code, E_LIMIT);
    chat_clear(&chat);
}
