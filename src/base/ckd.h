#ifndef BASE_CKD_H
#define BASE_CKD_H
/* Checked sums under the names C23 gives them. Each stores a+b, a-b or a*b in *r and returns true when it did
 * NOT fit. */
#define ckd_add(r, a, b) __builtin_add_overflow((a), (b), (r))
#define ckd_sub(r, a, b) __builtin_sub_overflow((a), (b), (r))
#define ckd_mul(r, a, b) __builtin_mul_overflow((a), (b), (r))
#endif
