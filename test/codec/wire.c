/* Length-prefixed bytes: numbers and blocks both ways, and the framing of published batches. */
#include "test/test.h"

#include "codec/scan.h"
#include "codec/wire.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

#define STAYS(in, call) \
    do { \
        struct span before_ = (in); \
        assert_false(call); \
        assert_ptr_equal((in).p, before_.p); \
        assert_int_equal((in).n, before_.n); \
    } while (0)

void test_wire__numbers_are_big_endian(void **state)
{
    (void)state;
    struct span in = SPAN("\x01\x02\x03\x80\0\0\0\0\0\0\x07\xff");
    uint8_t a = 0;
    uint16_t b = 0;
    uint64_t c = 0;
    assert_true(wire_u8(&in, &a) && a == 1);
    assert_true(wire_u16(&in, &b) && b == 0x203);
    assert_true(wire_u64(&in, &c) && c == 0x8000000000000007u);
    STAYS(in, wire_u16(&in, &b));
    STAYS(in, wire_u64(&in, &c));
    assert_true(wire_u8(&in, &a) && a == 255 && scan_end(&in));
    STAYS(in, wire_u8(&in, &a));
    STAYS(in, wire_varint(&in, &c));
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    wire_put_u8(&out, 1);
    wire_put_u16(&out, 0x203);
    wire_put_u64(&out, 0x8000000000000007u);
    wire_put_u8(&out, 255);
    assert_true(span_eq(buf_span(&out), SPAN("\x01\x02\x03\x80\0\0\0\0\0\0\x07\xff")));
}

/* RFC 9000, appendix A.1. */
void test_wire__varints_of_rfc_9000(void **state)
{
    (void)state;
    const struct {
        struct span bytes;
        uint64_t value;
        bool shortest;
    } cases[] = {
        {SPAN("\xc2\x19\x7c\x5e\xff\x14\xe8\x8c"), 151288809941952652u, true},
        {SPAN("\x9d\x7f\x3e\x7d"), 494878333, true},
        {SPAN("\x7b\xbd"), 15293, true},
        {SPAN("\x25"), 37, true},
        {SPAN("\x40\x25"), 37, false},
        {SPAN("\x3f"), 63, true},
        {SPAN("\x40\x40"), 64, true},
        {SPAN("\x7f\xff"), 16383, true},
        {SPAN("\x80\0\x40\0"), 16384, true},
        {SPAN("\x80\0\x40\xc0"), 16576, true}, /* 64 passes */
        {SPAN("\xbf\xff\xff\xff"), 1073741823, true},
        {SPAN("\xc0\0\0\0\x40\0\0\0"), 1073741824, true},
        {SPAN("\xff\xff\xff\xff\xff\xff\xff\xff"), 4611686018427387903u, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span in = cases[i].bytes;
        uint64_t value = 0;
        assert_true(wire_varint(&in, &value) && scan_end(&in));
        assert_true(value == cases[i].value);
        for (size_t n = 0; n < cases[i].bytes.n; n++) {
            struct span cut = span_first(cases[i].bytes, n);
            STAYS(cut, wire_varint(&cut, &value));
        }
        AUTO_BUF struct buf out;
        buf_init(&out, 8);
        wire_put_varint(&out, value);
        assert_int_equal(span_eq(buf_span(&out), cases[i].bytes), cases[i].shortest);
    }
}

void test_wire__blocks_close_where_they_said(void **state)
{
    (void)state;
    struct span in = SPAN("\0\x03\x02xy!"), outer, inner;
    assert_true(wire_block(&in, 2, &outer) && outer.n == 3);
    assert_true(wire_block(&outer, 1, &inner));
    assert_span(inner, "xy");
    assert_true(scan_end(&outer) && !scan_end(&in));
    struct span cut = SPAN("\x04xyz"), whole = SPAN("\0"), loose = SPAN("\x02\x03xyz");
    STAYS(cut, wire_block(&cut, 1, &inner));
    STAYS(cut, wire_block(&cut, WIRE_VARINT, &inner));
    STAYS(whole, wire_block(&whole, 2, &inner));
    assert_true(wire_block(&loose, 1, &outer));
    STAYS(outer, wire_block(&outer, 1, &inner)); /* reaches past its own block */
    assert_true(wire_block(&whole, 1, &inner) && inner.n == 0 && scan_end(&whole));
    struct span huge = SPAN("\xff\xff\xff\xff\xff\xff\xff\xffx");
    STAYS(huge, wire_block(&huge, WIRE_VARINT, &inner));
}

void test_wire__bytes_are_taken_whole(void **state)
{
    (void)state;
    struct span in = SPAN("abcd"), part;
    char three[4] = "---";
    assert_true(wire_copy(&in, three, 3));
    assert_string_equal(three, "abc");
    STAYS(in, wire_copy(&in, three, 2));
    STAYS(in, wire_take(&in, 2, &part));
    assert_true(wire_take(&in, 1, &part) && scan_end(&in));
    assert_span(part, "d");
    assert_true(wire_take(&in, 0, &part) && wire_copy(&in, three, 0));
}

void test_wire__a_body_too_long_for_its_length_is_over(void **state)
{
    (void)state;
    static char many[65536];
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    wire_put_block(&out, 1, (struct span){many, 255});
    wire_put_block(&out, 2, (struct span){many, 65535});
    wire_put_block(&out, WIRE_VARINT, (struct span){many, 65536});
    assert_int_equal(out.n, 256 + 65537 + 65540);
    assert_true(buf_ok(&out, &err));
    wire_put_block(&out, 1, (struct span){many, 256});
    assert_false(buf_ok(&out, &err));
    assert_int_equal(err.code, E_LIMIT);
    buf_reset(&out);
    wire_put_block(&out, 2, (struct span){many, 65536});
    assert_false(buf_ok(&out, &err));
    assert_int_equal(out.n, 0);
}

/* Batched issuance, draft -06: each request is a type, a key byte and a blinded message, whose size the type
 * says; each answer is a byte "there", the type, and what the issuer made. */
static size_t frame(struct span request, struct span response, uint16_t types[static 8])
{
    struct span asked, made, part;
    size_t n = 0, answers = 0;
    assert_true(wire_block(&request, WIRE_VARINT, &asked) && scan_end(&request));
    assert_true(wire_block(&response, WIRE_VARINT, &made) && scan_end(&response));
    for (uint8_t key; !scan_end(&asked); n++) {
        assert_true(n < 8 && wire_u16(&asked, &types[n]) && wire_u8(&asked, &key));
        assert_true(wire_take(&asked, types[n] == 2 ? 256 : 49, &part));
    }
    uint8_t there;
    for (uint16_t type; !scan_end(&made); answers++) {
        assert_true(wire_u8(&made, &there) && there == 1);
        assert_true(wire_u16(&made, &type) && type == types[answers]);
        assert_true(wire_take(&made, type == 2 ? 256 : 145, &part));
    }
    assert_int_equal(n, answers);
    return n;
}

void test_wire__published_batches_are_framed(void **state)
{
    (void)state;
    size_t batches = 0, items = 0;
    for (int file = 0; file < 2; file++) {
        AUTO_JSON json_t *all = vectors_load(file ? "privacypass_batched_draft06_rust.json"
                                                  : "privacypass_batched_draft06_go.json");
        size_t i;
        json_t *one;
        json_array_foreach(all, i, one)
        {
            static uint8_t request[2000], response[2000];
            uint16_t types[8];
            const json_t *issued = json_object_get(one, "issuance");
            size_t n = frame(vector_hex(one, "token_request", request, sizeof request),
                             vector_hex(one, "token_response", response, sizeof response), types);
            assert_int_equal(n, json_array_size(issued));
            for (size_t k = 0; k < n; k++) {
                const json_t *row = json_array_get(issued, k);
                struct span type = vector_text(row, json_object_get(row, "type") ? "type" : "token_type");
                assert_span(type, types[k] == 2 ? "0002" : "0001");
            }
            batches++;
            items += n;
        }
    }
    assert_int_equal(batches, 7);
    assert_int_equal(items, 12);
}
