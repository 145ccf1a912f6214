#ifndef CRYPT_SECRET_H
#define CRYPT_SECRET_H
/* Comparing and wiping secrets: time and branches do not depend on their bytes (libsodium). */
#include <stdbool.h>
#include <stddef.h>

/* True when both runs of n bytes are the same. */
bool secret_eq(const void *a, const void *b, size_t n);
void secret_wipe(void *p, size_t n);
#endif
