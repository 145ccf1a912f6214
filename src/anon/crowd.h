#ifndef ANON_CROWD_H
#define ANON_CROWD_H
/* The key that all members share for reading (PROTOCOL section 1): one value an epoch, whose hash stands in
 * the record. The board knows the hash alone. */
#include "anon/history.h"

void crowd_hash(const uint8_t key[static 32], uint8_t out[static 32]);
/* Whether `key` is that of an epoch whose passes can be spent at `now`. */
bool crowd_good(const struct history *issuer, const uint8_t key[static 32], int64_t now);
#endif
