#ifndef NUM_DENSE_H
#define NUM_DENSE_H
/* Small dense matrices, row by row, for systems of a few hundred unknowns: Cholesky, inverse, products. The
 * inner loops run along rows, so that the compiler makes vectors of them. Pure; the caller owns all memory.
 * Golub and Van Loan 2013, "Matrix Computations", chapter 4. */
#include <stdbool.h>
#include <stddef.h>

/* A = UᵀU of the symmetric `a` (n by n, its upper triangle is read): U takes the place of the upper triangle,
 * what is below is left alone. False when a pivot falls under 1e-13 of the largest diagonal entry: `a` is not
 * positive definite; then `*at` (may be NULL) is the row where it fell. */
bool dense_cholesky(double *a, size_t n, size_t *at);
/* Solve UᵀU x = b in place. */
void dense_solve(const double *u, size_t n, double *b);
/* The inverse of UᵀU, whole and symmetric, into `out`; `work` has n*n places. */
void dense_invert(const double *u, size_t n, double *out, double *work);
/* out = b s b for symmetric b and s: the sandwich. `work` has n*n places. */
void dense_sandwich(const double *b, const double *s, size_t n, double *out, double *work);
/* Copy the upper triangle below the diagonal. */
void dense_mirror(double *a, size_t n);
/* out = a x for a whole symmetric `a`. */
void dense_times(const double *a, size_t n, const double *x, double *out);
/* Eigenvalues into `value` and eigenvectors into the rows of `vector` of the whole symmetric `a`, which is
 * destroyed; Jacobi's rotations, for a few hundred rows at most. */
void dense_eigen(double *a, size_t n, double *value, double *vector);
/* Vectors whose sums of squares make up `a` (whole, symmetric, not negative): a = Σ_r f_r f_rᵀ, rows f_r of
 * `factor` (n by n), by Cholesky with the largest pivot first; returns how many there are (the rank). `a` is
 * destroyed. */
size_t dense_factor(double *a, size_t n, double *factor);
#endif
