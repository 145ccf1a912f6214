#ifndef CRYPT_RAND_H
#define CRYPT_RAND_H
/* Bytes nobody can guess, from the kernel through libsodium. */
#include <stddef.h>

/* Call once before any other function of crypt/; ends the process with a sentence when the kernel gives no
 * randomness. */
void rand_start(void);
void rand_bytes(void *out, size_t n);
/* 2*n lower-case hex digits and a NUL. */
void rand_hex(char *out, size_t n);
#endif
