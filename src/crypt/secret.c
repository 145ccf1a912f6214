/* Secrets, compared and wiped. */
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
