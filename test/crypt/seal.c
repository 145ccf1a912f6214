/* Sealed rows: only the same key and purpose open them. */
#include "test/test.h"

#include "base/mem.h"
#include "crypt/rand.h"
#include "crypt/seal.h"

#include "base/banned.h"

static const uint8_t key[32] = {1, 2, 3};

static bool opens(struct span sealed, const uint8_t *with, struct span purpose, const char *text)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    buf_add_byte(&out, '>');
    bool open = seal_open(sealed, with, purpose, &out, &err);
    assert_int_equal(err.code, open ? E_NONE : E_REFUSED);
    assert_string_equal(buf_text(&out) + 1, open ? text : "");
    return open;
}

void test_seal__opens_under_its_key_and_purpose_alone(void **state)
{
    (void)state;
    rand_start();
    static const char *const texts[] = {"", "a", "a row of some length"};
    for (size_t i = 0; i < 3; i++) {
        uint8_t other[32] = {1, 2, 4};
        AUTO_BUF struct buf sealed;
        buf_init(&sealed, 100);
        assert_true(seal(span_of(texts[i]), key, SPAN("row"), &sealed));
        assert_int_equal(sealed.n, strlen(texts[i]) + SEAL_OVER);
        assert_true(opens(buf_span(&sealed), key, SPAN("row"), texts[i]));
        assert_false(opens(buf_span(&sealed), other, SPAN("row"), NULL));
        assert_false(opens(buf_span(&sealed), key, SPAN("rows"), NULL));
        assert_false(opens(buf_span(&sealed), key, SPAN(""), NULL));
        for (size_t n = 0; n < sealed.n; n++) {
            assert_false(opens(span_first(buf_span(&sealed), n), key, SPAN("row"), NULL));
            sealed.p[n] ^= 1;
            assert_false(opens(buf_span(&sealed), key, SPAN("row"), NULL));
            sealed.p[n] ^= 1;
        }
        buf_add_byte(&sealed, 'x');
        assert_false(opens(buf_span(&sealed), key, SPAN("row"), NULL));
    }
}

void test_seal__never_the_same_twice(void **state)
{
    (void)state;
    rand_start();
    AUTO_BUF struct buf one, two;
    buf_init(&one, 100);
    buf_init(&two, 100);
    assert_true(seal(SPAN("row"), key, SPAN(""), &one) && seal(SPAN("row"), key, SPAN(""), &two));
    assert_false(span_eq(buf_span(&one), buf_span(&two)));
}

void test_seal__no_room(void **state)
{
    (void)state;
    rand_start();
    struct err err = {0};
    AUTO_BUF struct buf out, sealed;
    buf_init(&out, SEAL_OVER + 2);
    assert_false(seal(SPAN("row"), key, SPAN(""), &out));
    assert_true(out.over && out.n == 0);
    buf_reset(&out);
    buf_init(&sealed, 100);
    assert_true(seal(SPAN("row"), key, SPAN(""), &sealed));
    buf_clear(&out);
    buf_init(&out, 2);
    assert_false(seal_open(buf_span(&sealed), key, SPAN(""), &out, &err));
    assert_int_equal(err.code, E_LIMIT);
    buf_clear(&out);
    buf_init(&out, 100);
    mem_fail_at(1, true);
    bool done = seal(SPAN("row"), key, SPAN(""), &out);
    mem_fail_at(0, false);
    assert_true(!done && out.failed && !out.over);
}
