#ifndef NUM_LANES_H
#define NUM_LANES_H
/* Loops over floats, eight lanes at a time, for the vectors of words (num/twin.h). Every sum has its own
 * fixed order, and no product is fused with a sum, so that a machine with AVX2, which does eight lanes in one
 * step, gives the same bits as one without. Pure; pointers need no alignment but a float's. */
#include <stddef.h>
#include <stdint.h>

enum { LANES = 8, LANES_PANEL = 16 };

/* c (m by n, rows `ldc` apart) = a b, or += with `add`: a(i, k) is a[i * a_row + k * a_col]; b holds panels
 * of 16 columns, `b_panel` apart, of rows `ldb` apart. n is a multiple of 8. Each sum runs over k upwards. */
struct lanes_product {
    float *c;
    const float *a, *b;
    size_t ldc, a_row, a_col, ldb, b_panel, m, n, k;
};
void lanes_product(const struct lanes_product *p);
/* z[i] = e^(scale (z[i] - 1)) for z <= 1 up to roundings; z[n..room) = 0; room is a multiple of 8. Adds z to
 * `sums`; returns the sum of the row, lane by lane, then the lanes in order. */
float lanes_exp(float *z, float scale, size_t n, size_t room, float *sums);
/* z[i] *= by + sums[i], `room` a multiple of 8. */
void lanes_weigh(float *z, float by, const float *sums, size_t room);
/* to += by x; n is a multiple of 8. */
void lanes_add(float *to, const float *x, float by, size_t n);
/* Σ x y, lane by lane, then the lanes in order; n is a multiple of 8. */
float lanes_dot(const float *x, const float *y, size_t n);
void lanes_scale(float *x, float by, size_t n);
/* Σ x y of floats and bytes; the same order. */
float lanes_dot_bytes(const float *x, const int8_t *y, size_t n);
/* How many bits differ; n is a multiple of 8. */
unsigned lanes_apart(const uint8_t *x, const uint8_t *y, size_t n);
#endif
