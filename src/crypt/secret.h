#ifndef CRYPT_SECRET_H
#define CRYPT_SECRET_H
/* Secrets: compared and wiped so that time and branches do not depend on their bytes, and kept in guarded
 * pages (libsodium). */
#include <stdbool.h>
#include <stddef.h>

/* True when both runs of n bytes are the same. */
bool secret_eq(const void *a, const void *b, size_t n);
void secret_wipe(void *p, size_t n);
/* `n` zeroed bytes for a secret that lives long: in pages of their own that are not swapped out and not in a
 * core file, with guards on both sides, so that a read or write past them ends the process. NULL when there
 * are none. secret_free wipes them and takes NULL. */
void *secret_pages(size_t n);
void secret_free(void *p);
#endif
