/* Cholesky in its outer-product form: each step takes one row out of those below it, along contiguous memory.
 * A panel of rows at a time, and of these four
 * in one pass, since what is slow is going through memory. */
#include "num/dense.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

#define TINY 1e-13
enum { PANEL = 16 }; /* so many rows stay in the nearest cache while they are taken out of the others */

/* y -= c x, n places. */
static void take(double *restrict y, const double *restrict x, double c, size_t n)
{
    for (size_t k = 0; k < n; k++)
        y[k] -= c * x[k];
}

/* y -= c[0] x0 + c[1] x1 + … of four rows: one pass over y for four products. */
static void take4(double *restrict y, const double *restrict x0, const double *restrict x1,
                  const double *restrict x2, const double *restrict x3, const double *c, size_t n)
{
    double c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    for (size_t k = 0; k < n; k++)
        y[k] -= (c0 * x0[k] + c1 * x1[k]) + (c2 * x2[k] + c3 * x3[k]);
}

/* Rows first..last-1 out of the rows from `last` on. */
static void take_panel(double *a, size_t n, size_t first, size_t last)
{
    for (size_t i = last; i < n; i++) {
        size_t k = first;
        for (; k + 4 <= last; k += 4) {
            const double *x = a + k * n + i;
            double c[4] = {x[0], x[n], x[2 * n], x[3 * n]};
            take4(a + i * n + i, x, x + n, x + 2 * n, x + 3 * n, c, n - i);
        }
        for (; k < last; k++)
            take(a + i * n + i, a + k * n + i, a[k * n + i], n - i);
    }
}

bool dense_cholesky(double *a, size_t n, size_t *at)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, a[i * n + i]);
    for (size_t first = 0; first < n; first += PANEL) {
        size_t last = n - first < PANEL ? n : first + PANEL;
        for (size_t k = first; k < last; k++) {
            double *row = a + k * n, pivot = row[k];
            if (!(pivot > TINY * most)) {
                if (at)
                    *at = k;
                return false;
            }
            double by = 1 / sqrt(pivot);
            for (size_t j = k; j < n; j++)
                row[j] *= by;
            for (size_t i = k + 1; i < last; i++)
                take(a + i * n + i, row + i, row[i], n - i);
        }
        take_panel(a, n, first, last);
    }
    return true;
}

void dense_solve(const double *u, size_t n, double *b)
{
    for (size_t k = 0; k < n; k++) {
        b[k] /= u[k * n + k];
        take(b + k + 1, u + k * n + k + 1, b[k], n - k - 1);
    }
    for (size_t k = n; k-- > 0;) {
        double sum = b[k];
        for (size_t j = k + 1; j < n; j++)
            sum -= u[k * n + j] * b[j];
        b[k] = sum / u[k * n + k];
    }
}

void dense_mirror(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            a[i * n + j] = a[j * n + i];
}

/* W = U⁻ᵀ is lower triangular, made row by row; the inverse is WᵀW, a sum over the rows of W, four at a time.
 */
void dense_invert(const double *u, size_t n, double *out, double *work)
{
    memset(work, 0, n * n * sizeof *work);
    memset(out, 0, n * n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        double *row = work + i * n, by = 1 / u[i * n + i];
        size_t k = 0;
        row[i] = 1;
        for (; k + 4 <= i; k += 4) {
            const double *x = work + k * n, *c = u + k * n + i;
            double by4[4] = {c[0], c[n], c[2 * n], c[3 * n]};
            take4(row, x, x + n, x + 2 * n, x + 3 * n, by4, k + 4);
        }
        for (; k < i; k++)
            take(row, work + k * n, u[k * n + i], k + 1);
        for (size_t j = 0; j <= i; j++)
            row[j] *= by;
    }
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        const double *x = work + k * n;
        for (size_t i = 0; i < k + 4; i++) {
            double c[4] = {-x[i], -x[n + i], -x[2 * n + i], -x[3 * n + i]};
            take4(out + i * n + i, x + i, x + n + i, x + 2 * n + i, x + 3 * n + i, c, k + 4 - i);
        }
    }
    for (; k < n; k++)
        for (size_t i = 0; i <= k; i++)
            take(out + i * n + i, work + k * n + i, -work[k * n + i], k + 1 - i);
    dense_mirror(out, n);
}

/* Two rows of `out` by four rows of `b`, columns from `first` on: eight products for each eight touches of
 * memory, and all factors in registers. `c` is a block of the other factor, its rows n apart. */
static void tile(double *out, const double *c, const double *b, size_t n, size_t first)
{
    double *restrict o0 = out, *restrict o1 = out + n;
    const double *restrict x0 = b, *restrict x1 = b + n, *restrict x2 = x1 + n, *restrict x3 = x2 + n;
    double c00 = c[0], c01 = c[1], c02 = c[2], c03 = c[3], c10 = c[n], c11 = c[n + 1], c12 = c[n + 2],
           c13 = c[n + 3];
    for (size_t j = first; j < n; j++) {
        double v0 = x0[j], v1 = x1[j], v2 = x2[j], v3 = x3[j];
        o0[j] += (c00 * v0 + c01 * v1) + (c02 * v2 + c03 * v3);
        o1[j] += (c10 * v0 + c11 * v1) + (c12 * v2 + c13 * v3);
    }
}

/* Four rows of the product at a time, so that each row of `b` is fetched once for them; its columns from
 * `first` on. */
static void rows_times(const double *a, const double *b, size_t n, size_t from, size_t first, double *out)
{
    size_t rows = n - from < 4 ? n - from : 4;
    memset(out + from * n, 0, rows * n * sizeof *out);
    if (rows < 4) {
        for (size_t i = from; i < n; i++)
            for (size_t k = 0; k < n; k++)
                take(out + i * n + first, b + k * n + first, -a[i * n + k], n - first);
        return;
    }
    const double *row = a + from * n;
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        tile(out + from * n, row + k, b + k * n, n, first);
        tile(out + (from + 2) * n, row + 2 * n + k, b + k * n, n, first);
    }
    for (; k < n; k++)
        for (size_t i = 0; i < 4; i++)
            take(out + (from + i) * n + first, b + k * n + first, -row[i * n + k], n - first);
}

void dense_sandwich(const double *b, const double *s, size_t n, double *out, double *work)
{
    for (size_t i = 0; i < n; i += 4)
        rows_times(b, s, n, i, 0, work);
    for (size_t i = 0; i < n;
         i += 4) /* the product is symmetric: what stands left of the diagonal is mirrored */
        rows_times(work, b, n, i, i, out);
    dense_mirror(out, n);
}

void dense_times(const double *a, size_t n, const double *x, double *out)
{
    memset(out, 0, n * sizeof *out);
    for (size_t k = 0; k < n; k++)
        take(out, a + k * n, -x[k], n);
}

/* Turn rows p and q (and columns) so that a[p][q] is gone. */
static void rotate(double *a, size_t n, size_t p, size_t q, double *vector)
{
    double apq = a[p * n + q], tau = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    double t = (tau >= 0 ? 1 : -1) / (fabs(tau) + sqrt(1 + tau * tau)), c = 1 / sqrt(1 + t * t), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = vector[p * n + k], y = vector[q * n + k];
        vector[p * n + k] = c * x - s * y;
        vector[q * n + k] = s * x + c * y;
    }
}

void dense_eigen(double *a, size_t n, double *value, double *vector)
{
    memset(vector, 0, n * n * sizeof *vector);
    double whole = 0;
    for (size_t i = 0; i < n; i++) {
        vector[i * n + i] = 1;
        for (size_t j = 0; j < n; j++)
            whole += a[i * n + j] * a[i * n + j];
    }
    for (int sweep = 0; sweep < 60; sweep++) {
        double off = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                off += a[p * n + q] * a[p * n + q];
        if (!(off > 1e-26 * whole))
            break;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                if (a[p * n + q] * a[p * n + q] > 1e-30 * whole / (double)(n * n))
                    rotate(a, n, p, q, vector);
    }
    for (size_t i = 0; i < n; i++)
        value[i] = a[i * n + i];
}

size_t dense_factor(double *a, size_t n, double *factor)
{
    double first = 0;
    for (size_t rank = 0; rank < n; rank++) {
        size_t p = 0;
        for (size_t i = 1; i < n; i++)
            if (a[i * n + i] > a[p * n + p])
                p = i;
        double pivot = a[p * n + p];
        if (rank == 0)
            first = pivot;
        if (!(pivot > 1e-11 * first) || first <= 0)
            return rank;
        double *f = factor + rank * n, by = 1 / sqrt(pivot);
        for (size_t j = 0; j < n; j++)
            f[j] = a[p * n + j] * by;
        for (size_t i = 0; i < n; i++)
            if (f[i] != 0)
                take(a + i * n, f, f[i], n);
    }
    return n;
}
