/* num/twin.c and num/lanes.c against plain loops. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "num/lanes.h"
#include "num/twin.h"

enum { WORDS = 60, DIMS = 16, PAPERS = 21, PLACES = 5 };

struct made {
    struct twin_batch b;
    uint32_t start[2 * PAPERS + 1], word[2 * PAPERS * PLACES];
    float x[2 * PAPERS * PLACES];
};

static void make(struct made *m, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    *m = (struct made){.b = {.n = PAPERS, .start = m->start, .word = m->word, .x = m->x}};
    for (uint32_t i = 0, k = 0; i < 2 * PAPERS; i++) {
        double squares = 0;
        uint32_t first = k, n = i == 4 ? 0 : 1 + (uint32_t)rng_below(&rng, PLACES);
        for (uint32_t j = 0; j < n; j++, k++) {
            m->word[k] = (uint32_t)rng_below(&rng, WORDS);
            m->x[k] = (float)(.2 + rng_unit(&rng));
            squares += (double)m->x[k] * (double)m->x[k];
        }
        for (uint32_t j = first; j < k; j++)
            m->x[j] /= (float)sqrt(squares);
        m->start[i + 1] = k;
    }
}

static double slow_loss(const struct made *m, const double *e)
{
    double u[2 * PAPERS][DIMS] = {{0}}, loss = 0, z[PAPERS][PAPERS];
    for (size_t i = 0; i < 2 * PAPERS; i++) {
        double length = 0;
        for (uint32_t k = m->start[i]; k < m->start[i + 1]; k++)
            for (size_t d = 0; d < DIMS; d++)
                u[i][d] += (double)m->x[k] * e[m->word[k] * DIMS + d];
        for (size_t d = 0; d < DIMS; d++)
            length += u[i][d] * u[i][d];
        for (size_t d = 0; d < DIMS && length > 0; d++)
            u[i][d] /= sqrt(length);
    }
    for (size_t i = 0; i < PAPERS; i++)
        for (size_t j = 0; j < PAPERS; j++) {
            z[i][j] = 0;
            for (size_t d = 0; d < DIMS; d++)
                z[i][j] += 20 * u[i][d] * u[PAPERS + j][d];
        }
    for (size_t i = 0; i < PAPERS; i++) {
        double row = 0, column = 0;
        for (size_t j = 0; j < PAPERS; j++) {
            row += exp(z[i][j]);
            column += exp(z[j][i]);
        }
        loss += (log(row) + log(column) - 2 * z[i][i]) / 2;
    }
    return loss / PAPERS;
}

/* What a step did to a word, undone: e falls by rate g / √squares. */
void test_twin__gradient_equals_finite_differences(void **state)
{
    (void)state;
    struct made m;
    struct twin before, after;
    struct err err = {0};
    double e[WORDS * DIMS], loss, largest = 0;
    make(&m, 4);
    assert_true(twin_make(&before, WORDS, DIMS, 9, &err) && twin_make(&after, WORDS, DIMS, 9, &err));
    struct twin_work *work = twin_work_new(PAPERS, DIMS, WORDS, &err);
    assert_non_null(work);
    assert_true(twin_step(&after, &m.b, .5f, work, NULL, &loss, &err));
    for (size_t i = 0; i < WORDS * DIMS; i++)
        e[i] = (double)before.e[i];
    assert_true(fabs(loss - slow_loss(&m, e)) < 1e-4);
    for (size_t i = 0; i < WORDS * DIMS; i++) {
        double was = e[i], h = 1e-5, up, down;
        e[i] = was + h;
        up = slow_loss(&m, e);
        e[i] = was - h;
        down = slow_loss(&m, e);
        e[i] = was;
        double slope = (up - down) / (2 * h);
        double moved = (double)(before.e[i] - after.e[i]) * sqrt((double)after.squares[i / DIMS]) / .5;
        largest = fmax(largest, fabs(slope));
        assert_true(fabs(slope - moved) < 2e-5 + 1e-3 * fabs(slope));
    }
    assert_true(largest > .01);
    for (size_t w = 0; w < WORDS; w++) { /* squares grow by the mean of g² */
        double mean = 0;
        for (size_t d = 0; d < DIMS; d++)
            mean += pow((double)(before.e[w * DIMS + d] - after.e[w * DIMS + d]) / .5, 2) / DIMS;
        assert_true(fabs(mean * (double)after.squares[w] - ((double)after.squares[w] - 1e-8)) < 1e-6);
    }
    twin_free(&before);
    twin_free(&after);
    twin_work_free(work);
}

/* The parts one after the other, the last first. */
static void backwards(void *crew, void (*work)(void *, unsigned, unsigned), void *arg)
{
    unsigned parts = *(unsigned *)crew;
    for (unsigned part = parts; part-- > 0;)
        work(arg, part, parts);
}

void test_twin__bits_do_not_depend_on_the_parts(void **state)
{
    (void)state;
    struct made m;
    struct err err = {0};
    struct twin one;
    double loss, first = 0;
    make(&m, 5);
    assert_true(twin_make(&one, WORDS, DIMS, 2, &err));
    struct twin_work *work = twin_work_new(PAPERS, DIMS, WORDS, &err);
    for (int step = 0; step < 4; step++)
        assert_true(twin_step(&one, &m.b, .08f, work, NULL, step ? &loss : &first, &err));
    assert_true(loss < first);
    for (unsigned parts = 2; parts <= 5; parts++) {
        struct twin other;
        double again;
        struct twin_crew crew = {parts, backwards, &parts};
        assert_true(twin_make(&other, WORDS, DIMS, 2, &err));
        for (int step = 0; step < 4; step++)
            assert_true(twin_step(&other, &m.b, .08f, work, &crew, &again, &err));
        assert_memory_equal(other.e, one.e, WORDS * DIMS * sizeof *one.e);
        assert_memory_equal(other.squares, one.squares, WORDS * sizeof *one.squares);
        assert_memory_equal(&again, &loss, sizeof loss);
        twin_free(&other);
    }
    twin_free(&one);
    twin_work_free(work);
}

void test_twin__products_equal_plain_sums(void **state)
{
    (void)state;
    enum { M = 23, N = 40, K = 600 };
    struct rng rng;
    rng_seed(&rng, 8);
    float *a = mem_get(M * K * sizeof *a), *b = mem_get(K * N * sizeof *b), *c = mem_get(M * N * sizeof *c);
    for (size_t i = 0; i < M * K; i++)
        a[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < K * N; i++)
        b[i] = (float)rng_normal(&rng);
    for (int turned = 0; turned < 2; turned++) {
        lanes_product(&(struct lanes_product){.c = c,
                                              .ldc = N,
                                              .a = a,
                                              .a_row = turned ? 1 : K,
                                              .a_col = turned ? M : 1,
                                              .b = b,
                                              .ldb = N,
                                              .b_panel = LANES_PANEL,
                                              .m = M,
                                              .n = N,
                                              .k = K});
        for (size_t i = 0; i < M; i++)
            for (size_t j = 0; j < N; j++) {
                float sum = 0;
                for (size_t k = 0; k < K; k++)
                    sum += a[turned ? k * M + i : i * K + k] * b[k * N + j];
                assert_true(sum == c[i * N + j]); /* the same order: the same bits */
            }
    }
    mem_free(a);
    mem_free(b);
    mem_free(c);
}

void test_twin__small_loops_equal_plain_ones(void **state)
{
    (void)state;
    float z[48], sums[48] = {0}, x[48];
    int8_t bytes[48];
    uint8_t p[16], q[16];
    unsigned bits = 0;
    for (int i = 0; i < 48; i++) {
        z[i] = x[i] = 1 - (float)i / 23;
        bytes[i] = (int8_t)(i * 5 - 100);
        if (i < 16) {
            p[i] = (uint8_t)(i * 37);
            q[i] = (uint8_t)(i * 91 + 5);
            bits += (unsigned)__builtin_popcount(p[i] ^ q[i]);
        }
    }
    float sum = lanes_exp(z, 20, 43, 48, sums);
    double slow = 0, dot = 0, mixed = 0;
    for (int i = 0; i < 48; i++) {
        double power = 20 * ((double)x[i] - 1), e = i < 43 ? exp(power) : 0;
        slow += e;
        dot += (double)x[i] * (double)x[47 - i];
        mixed += (double)x[i] * bytes[i];
        /* a float's power is off by half its last place */
        assert_true(fabs((double)z[i] - e) <= (1e-6 + fabs(power) * 0x1p-23) * e);
        assert_true(sums[i] == z[i]);
    }
    float turned[48];
    for (int i = 0; i < 48; i++)
        turned[i] = x[47 - i];
    assert_true(fabs((double)sum - slow) < 1e-6);
    assert_true(fabs((double)lanes_dot(x, turned, 48) - dot) < 1e-4);
    assert_true(fabs((double)lanes_dot_bytes(x, bytes, 48) - mixed) < 1e-2);
    assert_int_equal(lanes_apart(p, q, 16), bits);
}
