/* Randomness of the kernel. */
#include "crypt/rand.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/note.h"

#include "base/banned.h"

void rand_start(void)
{
    if (sodium_init() < 0) {
        complaint("The system gives no random numbers, so nothing here could be kept safe. Stopped.");
        exit(1);
    }
}

void rand_bytes(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void rand_hex(char *out, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        unsigned char byte;
        randombytes_buf(&byte, 1);
        out[2 * i] = digit[byte >> 4];
        out[2 * i + 1] = digit[byte & 15];
    }
    out[2 * n] = '\0';
}
