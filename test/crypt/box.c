/* Letters: the classes and figures of PROTOCOL section 6, and that only the right key opens. */
#include "test/test.h"

#include <sodium.h>

#include "base/mem.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

/* The block of a class holds a byte of padding at least. */
void test_box__letter_classes(void **state)
{
    (void)state;
    static const size_t sealed[] = {976, 4048, 16336}, later[] = {984, 4056, 16344},
                        class[] = {1024, 4096, 16384};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(box_class(sealed[i] - 1, BOX_SEALED_OVER), class[i]);
        assert_int_equal(box_class(sealed[i], BOX_SEALED_OVER), i < 2 ? class[i + 1] : 0);
        assert_int_equal(box_class(later[i] - 1, BOX_OVER), class[i]);
        assert_int_equal(box_class(later[i], BOX_OVER), i < 2 ? class[i + 1] : 0);
    }
    assert_int_equal(box_class(0, BOX_SEALED_OVER), 1024);
    assert_int_equal(box_class(SIZE_MAX, BOX_OVER), 0);
}

static struct pair {
    uint8_t pk[32], secret[32];
} asker, listener;

static void new_pairs(void)
{
    rand_start();
    box_pair(asker.pk, asker.secret);
    box_pair(listener.pk, listener.secret);
}

static bool make(bool sealed, struct span text, struct buf *box, struct err *err)
{
    return sealed ? box_seal(text, listener.pk, box, err)
                  : box_make(text, listener.pk, asker.secret, box, err);
}

static bool open_with(bool sealed, struct span box, const struct pair *who, struct buf *text, struct err *err)
{
    return sealed ? box_seal_open(box, who->pk, who->secret, text, err)
                  : box_open(box, asker.pk, who->secret, text, err);
}

void test_box__what_was_put_in_comes_out(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 500, 975, 976, 983, 984, 4047, 4048, 16000, 16335, 16343};
    static char text[BOX_LARGE];
    new_pairs();
    rand_bytes(text, sizeof text);
    text[499] = (char)0x80; /* as the padding begins */
    for (int sealed = 0; sealed < 2; sealed++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            struct err err = {0};
            AUTO_BUF struct buf box, out;
            buf_init(&box, BOX_LARGE);
            buf_init(&out, BOX_LARGE);
            size_t class = box_class(sizes[i], sealed ? BOX_SEALED_OVER : BOX_OVER);
            bool fits = make(sealed, (struct span){text, sizes[i]}, &box, &err);
            assert_int_equal(fits, class != 0);
            if (!fits) {
                assert_int_equal(err.code, E_LIMIT);
                assert_int_equal(box.n, 0);
                continue;
            }
            assert_int_equal(box.n, class);
            assert_ok(open_with(sealed, buf_span(&box), &listener, &out, &err), &err);
            assert_true(span_eq(buf_span(&out), (struct span){text, sizes[i]}));
        }
}

void test_box__only_whole_and_with_its_key(void **state)
{
    (void)state;
    new_pairs();
    for (int sealed = 0; sealed < 2; sealed++) {
        struct err err = {0};
        AUTO_BUF struct buf box, twice, out;
        buf_init(&box, BOX_LARGE);
        buf_init(&twice, BOX_LARGE);
        buf_init(&out, BOX_LARGE);
        assert_ok(make(sealed, SPAN("Are you there?"), &box, &err), &err);
        assert_ok(make(sealed, SPAN("Are you there?"), &twice, &err), &err);
        assert_false(span_eq(buf_span(&box), buf_span(&twice)));
        assert_false(open_with(sealed, buf_span(&box), &asker, &out, &err) && out.n == 0);
        assert_int_equal(err.code, E_REFUSED);
        err_clear(&err);
        assert_ok(open_with(sealed, buf_span(&box), &listener, &out, &err), &err);
        buf_reset(&out);
        char *stale = buf_space(&out, BOX_SMALL); /* good padding stands where nothing will be written */
        assert_non_null(stale);
        memset(stale, 0, BOX_SMALL);
        stale[20] = (char)0x80;
        for (size_t i = 0; i < box.n; i += i < 80 ? 1 : 97) {
            err_clear(&err);
            box.p[i] ^= 0x10;
            assert_false(open_with(sealed, buf_span(&box), &listener, &out, &err));
            assert_int_equal(err.code, E_REFUSED);
            box.p[i] ^= 0x10;
        }
        for (size_t n = 0; n < box.n; n += 93)
            assert_false(open_with(sealed, span_first(buf_span(&box), n), &listener, &out, &err));
        assert_int_equal(out.n, 0);
    }
}

/* A key of small order gives a secret that anybody knows. */
void test_box__a_bad_key_is_not_written_to(void **state)
{
    (void)state;
    new_pairs();
    struct err err = {0};
    AUTO_BUF struct buf box;
    buf_init(&box, BOX_LARGE);
    uint8_t zero[32] = {0};
    assert_false(box_make(SPAN("Hello"), zero, asker.secret, &box, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_false(box_seal(SPAN("Hello"), zero, &box, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(box.n, 0);
}

void test_box__no_memory_is_said(void **state)
{
    (void)state;
    new_pairs();
    for (int sealed = 0; sealed < 2; sealed++) {
        struct err err = {0};
        AUTO_BUF struct buf box, out;
        buf_init(&box, BOX_LARGE);
        buf_init(&out, BOX_LARGE);
        mem_fail_at(1, true);
        bool made = make(sealed, SPAN("Hello"), &box, &err);
        mem_fail_at(0, false);
        assert_false(made);
        assert_int_equal(err.code, E_MEMORY);
        buf_reset(&box);
        err_clear(&err);
        assert_ok(make(sealed, SPAN("Hello"), &box, &err), &err);
        mem_fail_at(1, true);
        bool opened = open_with(sealed, buf_span(&box), &listener, &out, &err);
        mem_fail_at(0, false);
        assert_false(opened);
        assert_int_equal(err.code, E_MEMORY);
    }
}

void test_box__addresses_never_repeat(void **state)
{
    (void)state;
    uint8_t key[32], other[32], address[16], seen[2][64][16];
    memset(key, 1, sizeof key);
    memset(other, 2, sizeof other);
    for (uint8_t d = 0; d < 2; d++)
        for (uint64_t n = 0; n < 64; n++) {
            box_address(key, d, n, seen[d][n]);
            box_address(key, d, n, address);
            assert_memory_equal(address, seen[d][n], 16);
            box_address(other, d, n, address);
            assert_memory_not_equal(address, seen[d][n], 16);
            for (uint64_t k = 0; k < n; k++)
                assert_memory_not_equal(seen[d][k], seen[d][n], 16);
            for (uint64_t k = 0; d == 1 && k < 64; k++)
                assert_memory_not_equal(seen[0][k], seen[1][n], 16);
        }
    /* BLAKE2b with a key of 32 bytes 01 and 16 bytes out, over "respite/mailbox/v1" || 01 || u64 258: by
     * another implementation. */
    uint8_t want[16];
    box_address(key, 1, 258, address);
    unhex(SPAN("efea1352ff734f96c5f34793280c2faa"), want, 16);
    assert_memory_equal(address, want, 16);
}

/* Whoever writes a letter may leave the padding out. */
void test_box__a_box_without_padding_is_refused(void **state)
{
    (void)state;
    new_pairs();
    static unsigned char block[BOX_SMALL - BOX_SEALED_OVER], box[BOX_SMALL];
    for (int with = 0; with < 2; with++) {
        struct err err = {0};
        AUTO_BUF struct buf out;
        buf_init(&out, BOX_LARGE);
        block[3] = with ? 0x80 : 0;
        assert_int_equal(crypto_box_seal(box, block, sizeof block, listener.pk), 0);
        bool opened = box_seal_open(bytes_span(box, sizeof box), listener.pk, listener.secret, &out, &err);
        assert_int_equal(opened, with);
        assert_int_equal(err.code, with ? E_NONE : E_REFUSED);
        assert_int_equal(out.n, with ? 3 : 0);
    }
}
