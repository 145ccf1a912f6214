/* Loops over floats, eight lanes at a time. Each is written once and compiled twice: for any amd64, and for
 * AVX2 (without FMA, which would round differently). The vector types are the compiler's own (GCC and clang
 * both have them); what is one step with AVX2 is two with SSE2. */
#include "num/lanes.h"

#include <stdbool.h>
#include <string.h>

#include "base/banned.h"

typedef float lanes __attribute__((vector_size(32), aligned(4), may_alias));
typedef int8_t lanes_b __attribute__((vector_size(8), aligned(1), may_alias));
typedef int32_t lanes_i __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))
enum { ROWS = 6, DEPTH = 256 };

/* `rows` by `panels` * 8 of c, over k of one block of depth. */
INLINE void tile(const struct lanes_product *p, size_t i, size_t j, size_t k0, size_t k1, size_t rows,
                 size_t halves)
{
    lanes sum[ROWS][2];
    const float *b = p->b + j / LANES_PANEL * p->b_panel + j % LANES_PANEL;
    const float *a = p->a + i * p->a_row;
    for (size_t r = 0; r < rows; r++)
        for (size_t h = 0; h < halves; h++)
            sum[r][h] = k0 ? *(const lanes *)(p->c + (i + r) * p->ldc + j + h * LANES)
                           : (lanes){0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t k = k0; k < k1; k++) {
        lanes row[2];
        for (size_t h = 0; h < halves; h++)
            row[h] = *(const lanes *)(b + k * p->ldb + h * LANES);
        for (size_t r = 0; r < rows; r++) {
            float by = a[r * p->a_row + k * p->a_col];
            for (size_t h = 0; h < halves; h++)
                sum[r][h] += by * row[h];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t h = 0; h < halves; h++)
            *(lanes *)(p->c + (i + r) * p->ldc + j + h * LANES) = sum[r][h];
}

INLINE void product(const struct lanes_product *p)
{
    for (size_t k0 = 0; k0 < p->k; k0 += DEPTH) {
        size_t k1 = k0 + DEPTH < p->k ? k0 + DEPTH : p->k;
        for (size_t j = 0; j < p->n; j += LANES_PANEL) {
            bool whole = j + LANES_PANEL <= p->n;
            size_t i = 0;
            if (whole)
                for (; i + ROWS <= p->m; i += ROWS)
                    tile(p, i, j, k0, k1, ROWS, 2);
            else
                for (; i + ROWS <= p->m; i += ROWS)
                    tile(p, i, j, k0, k1, ROWS, 1);
            for (; i < p->m; i++)
                if (whole)
                    tile(p, i, j, k0, k1, 1, 2);
                else
                    tile(p, i, j, k0, k1, 1, 1);
        }
    }
}

/* e^x for -80 <= x <= 1: 2^n of the nearest whole number of ln 2 in it, and a polynomial of the rest (Cephes'
 * expf has this form; the coefficients are Taylor's, good to 2e-7 for |r| <= ln 2 / 2). */
INLINE void exp_lanes(lanes *at)
{
    const float least = -80;
    lanes x = *at;
    lanes_i low = x < least;
    lanes t = x * 1.44269504f - .5f; /* truncation towards 0 rounds the negative ones to the nearest */
    lanes_i n = __builtin_convertvector(t, lanes_i);
    lanes whole = __builtin_convertvector(n, lanes), r = x - whole * .693359375f;
    r -= whole * -2.12194440e-4f;
    lanes p = r * (1.f / 720) + 1.f / 120;
    p = p * r + 1.f / 24;
    p = p * r + 1.f / 6;
    p = p * r + .5f;
    p = p * r + 1.f;
    p = p * r + 1.f;
    lanes_i scale = ((n + 127) << 23) & ~low;
    lanes two;
    memcpy(&two, &scale, sizeof two);
    *at = p * two;
}

INLINE float sum_of(const lanes *s)
{
    float sum = 0;
    for (size_t i = 0; i < LANES; i++)
        sum += (*s)[i];
    return sum;
}

INLINE float exp_row(float *z, float scale, size_t n, size_t room, float *sums)
{
    lanes sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < room; i += LANES) {
        lanes e = (*(const lanes *)(z + i) - 1.f) * scale;
        exp_lanes(&e);
        *(lanes *)(z + i) = e;
        if (i + LANES > n) {
            memset(z + (n > i ? n : i), 0, (room - (n > i ? n : i)) * sizeof *z);
            e = *(const lanes *)(z + i);
        }
        sum += e;
        *(lanes *)(sums + i) += e;
        if (i + LANES > n)
            break;
    }
    return sum_of(&sum);
}

INLINE void weigh(float *z, float by, const float *sums, size_t room)
{
    for (size_t i = 0; i < room; i += LANES)
        *(lanes *)(z + i) *= by + *(const lanes *)(sums + i);
}

INLINE void add(float *to, const float *x, float by, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        *(lanes *)(to + i) += by * *(const lanes *)(x + i);
}

INLINE float dot(const float *x, const float *y, size_t n)
{
    lanes sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < n; i += LANES)
        sum += *(const lanes *)(x + i) * *(const lanes *)(y + i);
    return sum_of(&sum);
}

INLINE void scale(float *x, float by, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        *(lanes *)(x + i) *= by;
}

INLINE float dot_bytes(const float *x, const int8_t *y, size_t n)
{
    lanes sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < n; i += LANES) {
        lanes_b bytes = *(const lanes_b *)(y + i);
        sum += *(const lanes *)(x + i) * __builtin_convertvector(bytes, lanes);
    }
    return sum_of(&sum);
}

INLINE unsigned apart(const uint8_t *x, const uint8_t *y, size_t n)
{
    unsigned bits = 0;
    for (size_t i = 0; i < n; i += LANES) {
        uint64_t a, b;
        memcpy(&a, x + i, sizeof a);
        memcpy(&b, y + i, sizeof b);
        bits += (unsigned)__builtin_popcountll(a ^ b);
    }
    return bits;
}

#if defined(__x86_64__)
#define TWICE(result, back, name, inner, parameters, ...) \
    __attribute__((target("avx2,popcnt"))) static result name##_avx2 parameters \
    { \
        back inner(__VA_ARGS__); \
    } \
    static result name##_any parameters \
    { \
        back inner(__VA_ARGS__); \
    } \
    result name parameters \
    { \
        if (__builtin_cpu_supports("avx2")) \
            back name##_avx2(__VA_ARGS__); \
        else \
            back name##_any(__VA_ARGS__); \
    }
#else
#define TWICE(result, back, name, inner, parameters, ...) \
    result name parameters \
    { \
        back inner(__VA_ARGS__); \
    }
#endif

TWICE(void, , lanes_product, product, (const struct lanes_product *p), p)
TWICE(float, return, lanes_exp, exp_row, (float *z, float by, size_t n, size_t room, float *sums), z, by, n,
      room, sums)
TWICE(void, , lanes_weigh, weigh, (float *z, float by, const float *sums, size_t room), z, by, sums, room)
TWICE(void, , lanes_add, add, (float *to, const float *x, float by, size_t n), to, x, by, n)
TWICE(float, return, lanes_dot, dot, (const float *x, const float *y, size_t n), x, y, n)
TWICE(void, , lanes_scale, scale, (float *x, float by, size_t n), x, by, n)
TWICE(float, return, lanes_dot_bytes, dot_bytes, (const float *x, const int8_t *y, size_t n), x, y, n)
TWICE(unsigned, return, lanes_apart, apart, (const uint8_t *x, const uint8_t *y, size_t n), x, y, n)
