/* speak/circle_letter.c: the part of a letter that is of its circle. */
#include "test/test.h"

#include <stdlib.h>

#include "crypt/box.h"
#include "speak/letter.h"

#include "base/banned.h"

static const uint8_t circle[16] = {1}, to[32] = {2}, pk[32] = {3}, k[32] = {4};
static const struct circle_seal seal = {circle, to, pk, k};

static struct letter letter_of(void)
{
    struct sign_key key;
    struct letter l = {.text = SPAN("hello"), .head = SPAN("head"), .pk = {3}, .has_k = true, .k = {4}};
    sign_key_init(&key, (const uint8_t[32]){9});
    letter_circle_sign(&l.circle, &seal, &key);
    l.circle.meets = (struct meets){.n = 3, .count = 2, .at = {{1000, 4600}, {10000, 13600}}};
    return l;
}

void test_circle_letter__read_as_it_was_written(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct letter read, l = letter_of();
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, BOX_LARGE);
    assert_ok(letter_write(&l, &bytes, &err) && letter_read(buf_span(&bytes), arena, &read, &err), &err);
    assert_true(read.circle.there && read.circle.has_by && read.circle.meets.n == 3);
    assert_int_equal(read.circle.meets.at[1].until, 13600);
    assert_true(letter_circle_good(&read.circle, &seal));
    l.text = SPAN(""); /* times alone are a letter */
    buf_reset(&bytes);
    assert_ok(letter_write(&l, &bytes, &err) && letter_read(buf_span(&bytes), arena, &read, &err), &err);
    l.circle = (struct letter_circle){.there = true};
    buf_reset(&bytes);
    assert_ok(letter_write(&l, &bytes, &err), &err);
    assert_false(letter_read(buf_span(&bytes), arena, &read, &err));
}

/* Whoever got it cannot pass it on as written to another, in another circle, or with other keys. */
void test_circle_letter__signed_for_one_reader_and_conversation(void **state)
{
    (void)state;
    static const uint8_t other[32] = {77};
    struct letter l = letter_of();
    assert_true(letter_circle_good(&l.circle, &seal));
    assert_false(letter_circle_good(&l.circle, &(struct circle_seal){other, to, pk, k}));
    assert_false(letter_circle_good(&l.circle, &(struct circle_seal){circle, other, pk, k}));
    assert_false(letter_circle_good(&l.circle, &(struct circle_seal){circle, to, other, k}));
    assert_false(letter_circle_good(&l.circle, &(struct circle_seal){circle, to, pk, other}));
    l.circle.by[0] ^= 1;
    assert_false(letter_circle_good(&l.circle, &seal));
    assert_false(letter_circle_good(&(struct letter_circle){.there = true}, &seal));
}

static bool reads(const char *json)
{
    struct err err = {0};
    struct letter_circle c;
    json_t *o = json_loads(json, 0, NULL);
    assert_non_null(o);
    bool ok = letter_circle_get(o, &c, &err);
    assert_true(ok || *err.text);
    json_decref(o);
    return ok;
}

void test_circle_letter__times_have_limits(void **state)
{
    (void)state;
    assert_true(reads("{}"));
    assert_true(reads("{\"circle\":{}}"));
    assert_true(reads("{\"circle\":{\"meet\":[],\"n\":1}}"));
    assert_true(reads("{\"circle\":{\"meet\":[[1000,1300],[1300,1600]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,1299]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,44201]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,1600],[1500,2000]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,900]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,\"x\"]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[-5,1000]],\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[[1000,1300]]}}"));
    assert_false(reads("{\"circle\":{\"n\":1}}"));
    assert_false(reads("{\"circle\":{\"meet\":[],\"n\":0}}"));
    assert_false(reads("{\"circle\":{\"by\":\"AAAA\"}}"));
    assert_false(reads("{\"circle\":{\"name\":\"Ana\"}}"));
    assert_false(reads("{\"circle\":[]}"));
    assert_false(
        reads("{\"circle\":{\"meet\":[[1,400],[400,800],[800,1200],[1200,1600],[1600,2000],[2000,2400],"
              "[2400,2800],[2800,3200],[3200,3600]],\"n\":1}}"));
}
