/* Secrets, compared, wiped and kept. */
#include "crypt/secret.h"

#include <sodium.h>

#include "base/banned.h"

bool secret_eq(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void secret_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

void *secret_pages(size_t n)
{
    void *p = sodium_malloc(n);
    if (p)
        sodium_memzero(p, n);
    return p;
}

void secret_free(void *p)
{
    sodium_free(p);
}
