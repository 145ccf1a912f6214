/* Canonical JSON: one way of being written, and no other taken. */
#include "test/test.h"

#include "base/mem.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

static enum err_code code_of(struct span text)
{
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    bool read = canon_read(text, 4096, &o, &err);
    assert_int_equal(read, o != NULL);
    assert_int_equal(read, err.code == E_NONE);
    return err.code;
}

void test_canon__reads_and_writes_the_same_bytes(void **state)
{
    (void)state;
    const struct span good[] = {
        SPAN("{}"),
        SPAN("[]"),
        SPAN("{\"\":1,\"A\":true,\"a\":\"\",\"aa\":[false,-1,0]}"),
        SPAN("[9007199254740991,-9007199254740991]"),
        SPAN("{\"text\":\"a\\n\\\"\\\\/ \x7f é 你 \xF0\x9F\x98\x80\"}"),
        SPAN("[[[[[[[[1]]]]]]]]"),
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct err err = {0};
        AUTO_JSON json_t *o = NULL;
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        assert_ok(canon_read(good[i], good[i].n, &o, &err), &err);
        assert_ok(canon_write(o, &out, &err), &err);
        assert_true(span_eq(buf_span(&out), good[i]));
    }
}

void test_canon__refuses_every_other_way_of_writing(void **state)
{
    (void)state;
    const struct span bad[] = {
        SPAN(""),
        SPAN("{} "),
        SPAN(" {}"),
        SPAN("{}\n"),
        SPAN("{\"a\": 1}"),
        SPAN("{\"b\":1,\"a\":2}"),
        SPAN("{\"a\":1,\"a\":1}"),
        SPAN("[-0]"),
        SPAN("[1.0]"),
        SPAN("[1e2]"),
        SPAN("[null]"),
        SPAN("null"),
        SPAN("1"),
        SPAN("[\"\\u00e9\"]"),
        SPAN("[\"\\/\"]"),
        SPAN("[\"\\u000a\"]"),
        SPAN("[\"\\t\"]"),
        SPAN("[\"\\u001f\"]"),
        SPAN("[\"\\u0000\"]"),
        SPAN("{\"\xC3\xA9\":1}"),
        SPAN("{\"\\n\":1}"),
        SPAN("[\"\xFF\"]"),
        SPAN("[\"\\ud83d\\ude00\"]"),
        SPAN("{}{}"),
        SPAN("{\"\x7f\":1}"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(code_of(bad[i]), E_FORMAT);
}

void test_canon__has_limits(void **state)
{
    (void)state;
    assert_int_equal(code_of(SPAN("[[[[[[[[[]]]]]]]]]")), E_LIMIT);
    assert_int_equal(code_of(SPAN("{\"a\":[[[[[[[{}]]]]]]]}")), E_LIMIT);
    assert_int_equal(code_of(SPAN("[9007199254740992]")), E_LIMIT);
    assert_int_equal(code_of(SPAN("[-9007199254740992]")), E_LIMIT);
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    assert_false(canon_read(SPAN("[1]"), 2, &o, &err));
    assert_int_equal(err.code, E_LIMIT);
}

/* As code_of, for a tree that was made here. */
static enum err_code write_code(json_t *o)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 10);
    buf_add_byte(&out, 'x');
    bool done = canon_write(o, &out, &err);
    assert_true(done || (out.n == 1 && span_is(buf_span(&out), "x")));
    json_decref(o);
    return err.code;
}

void test_canon__writes_nothing_that_would_not_be_read(void **state)
{
    (void)state;
    assert_int_equal(write_code(json_pack("[s]", "x\ty")), E_FORMAT);
    assert_int_equal(write_code(json_pack("[f]", 1.5)), E_FORMAT);
    assert_int_equal(write_code(json_pack("[n]")), E_FORMAT);
    assert_int_equal(write_code(json_pack("{s:i}", "é", 1)), E_FORMAT);
    assert_int_equal(write_code(json_pack("[I]", (json_int_t)CANON_END)), E_LIMIT);
    assert_int_equal(write_code(json_pack("[s]", "too long for it")), E_LIMIT);
    assert_int_equal(write_code(json_integer(7)), E_NONE);
    assert_int_equal(write_code(NULL), E_FORMAT);
}

void test_canon__no_other_members(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b", NULL}, *const none[] = {NULL};
    AUTO_JSON json_t *o = json_pack("{s:i,s:i}", "a", 1, "b", 2);
    AUTO_JSON json_t *list = json_array();
    struct err err = {0};
    assert_ok(canon_only(o, keys, &err), &err);
    json_object_set_new(o, "c", json_true());
    assert_false(canon_only(o, keys, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_false(canon_only(o, none, NULL));
    assert_false(canon_only(list, keys, NULL));
    assert_false(canon_only(NULL, keys, NULL));
}

void test_canon__bytes_as_base64_and_hex(void **state)
{
    (void)state;
    uint8_t bytes[3] = {0};
    struct err err = {0};
    AUTO_JSON json_t *o = json_object();
    assert_true(canon_put_b64(o, "k", "\x01\xff\x10", 3));
    assert_string_equal(json_string_value(json_object_get(o, "k")), "Af8Q");
    assert_ok(canon_b64(o, "k", bytes, 3, &err), &err);
    assert_memory_equal(bytes, "\x01\xff\x10", 3);
    assert_false(canon_b64(o, "k", bytes, 2, NULL));
    assert_false(canon_b64(o, "k", bytes, 4, &err));
    assert_int_equal(err.code, E_FORMAT);
    json_object_set_new(o, "h", json_string("01ff10"));
    memset(bytes, 0, 3);
    err_clear(&err);
    assert_ok(canon_hex(o, "h", bytes, 3, &err), &err);
    assert_memory_equal(bytes, "\x01\xff\x10", 3);
    static const char *const bad[] = {"01FF10", "01ff1", "01ff1g", "01ff 0", "", "01ff1010"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_object_set_new(o, "h", json_string(bad[i]));
        assert_false(canon_hex(o, "h", bytes, 3, NULL));
        json_object_set_new(o, "k", json_string(bad[i]));
        assert_false(canon_b64(o, "k", bytes, 3, NULL));
    }
    assert_false(canon_hex(o, "missing", bytes, 3, NULL));
}

void test_canon__without_memory_it_says_so(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        json_t *o = NULL;
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        mem_fail_at(nth, true);
        bool done = canon_read(SPAN("{\"a\":[1,2],\"b\":\"c\"}"), 100, &o, &err) &&
                    canon_write(o, &out, &err) && (canon_put_b64(o, "z", "abc", 3) || fail_memory(&err));
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        json_decref(o);
        if (asked < nth) {
            assert_ok(done, &err);
            break;
        }
        assert_false(done);
        assert_int_equal(err.code, E_MEMORY);
    }
}
