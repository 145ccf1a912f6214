/* Posting lists: what was written is read, at every density; blocks are passed over; broken bytes end a list.
 */
#include "test/test.h"

#include "base/mem.h"
#include "num/post.h"
#include "num/rng.h"

#include "base/banned.h"

enum { DOCS = 200000 };

static size_t draw_list(struct rng *rng, uint32_t gap, size_t most, uint32_t *doc, uint8_t *tf,
                        uint8_t *bound)
{
    size_t n = 0;
    for (uint32_t d = (uint32_t)rng_below(rng, gap); d < DOCS && n < most;
         d += 1 + (uint32_t)rng_below(rng, gap)) {
        doc[n] = d;
        tf[n] = (uint8_t)(rng_below(rng, 20) ? 1 + rng_below(rng, 17) : 1 + rng_below(rng, 255));
        bound[n] = (uint8_t)rng_below(rng, 256);
        n++;
    }
    return n;
}

static void check_read(struct span bytes, const uint32_t *doc, const uint8_t *tf, size_t n)
{
    static struct post p;
    assert_true(post_open(&p, bytes, (uint32_t)n, DOCS));
    for (size_t i = 0; i < n; i++) {
        assert_true(post_seek(&p, i ? doc[i - 1] + 1 : 0));
        assert_int_equal(p.doc[p.at], doc[i]);
        assert_int_equal(p.tf[p.at], tf[i]);
    }
    assert_false(post_seek(&p, doc[n - 1] + 1));
    assert_false(p.broken);
}

static void check_jumps(struct rng *rng, struct span bytes, const uint32_t *doc, const uint8_t *bound,
                        size_t n)
{
    static struct post p;
    assert_true(post_open(&p, bytes, (uint32_t)n, DOCS));
    size_t i = 0;
    for (uint32_t to = 0; to < DOCS; to += 1 + (uint32_t)rng_below(rng, 3000)) {
        while (i < n && doc[i] < to)
            i++;
        if (i == n)
            break;
        if (post_shallow(&p, doc[i])) {
            size_t block = i / POST_BLOCK * POST_BLOCK;
            assert_true(post_bound(&p) >= bound[i]);
            assert_int_equal(post_next_block(&p), block + POST_BLOCK < n ? doc[block + POST_BLOCK] : DOCS);
        }
        assert_true(post_seek(&p, to));
        assert_int_equal(p.doc[p.at], doc[i]);
    }
}

void test_post__what_is_written_is_read(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct rng rng;
    rng_seed(&rng, 7);
    uint32_t *doc = arena_array(arena, DOCS, sizeof *doc);
    uint8_t *tf = arena_array(arena, DOCS, 1), *bound = arena_array(arena, DOCS, 1);
    static const uint32_t gaps[] = {1, 2, 3, 50, 1000, 100000};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
        for (size_t most = 1; most <= DOCS; most = most * 3 + 1) {
            AUTO_BUF struct buf out;
            buf_init(&out, 1 << 24);
            size_t n = draw_list(&rng, gaps[g], most, doc, tf, bound);
            if (!n)
                continue;
            post_write(&out, doc, tf, bound, n);
            buf_add(&out, span_bytes("\0\0\0\0\0\0\0\0", POST_PAD));
            assert_true(buf_ok(&out, NULL));
            check_read(buf_span(&out), doc, tf, n);
            check_jumps(&rng, buf_span(&out), doc, bound, n);
        }
    }
}

void test_post__broken_bytes_end_the_list(void **state)
{
    (void)state;
    static uint32_t doc[300];
    static uint8_t tf[300], bound[300];
    static struct post p;
    struct rng rng;
    rng_seed(&rng, 11);
    for (uint32_t i = 0; i < 300; i++) {
        doc[i] = i * 5;
        tf[i] = (uint8_t)(1 + i % 30);
    }
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    post_write(&out, doc, tf, bound, 300);
    buf_add(&out, span_bytes("\0\0\0\0\0\0\0\0", POST_PAD));
    for (int round = 0; round < 20000; round++) {
        AUTO_BUF struct buf bad;
        buf_init(&bad, 1 << 16);
        buf_add(&bad, buf_span(&out));
        bad.p[rng_below(&rng, bad.n)] = (char)rng_below(&rng, 256);
        if (round % 2)
            bad.n = rng_below(&rng, bad.n);
        if (!post_open(&p, buf_span(&bad), 300, 1496))
            continue;
        uint32_t last = 0;
        for (uint32_t d = 0; post_seek(&p, d); d = last + 1) {
            last = p.doc[p.at];
            assert_true(last >= d && last < 1496);
        }
    }
}
