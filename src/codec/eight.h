#ifndef CODEC_EIGHT_H
#define CODEC_EIGHT_H
/* Eight bytes of a text at once, as a number with the first byte lowest: for loops that go over whole
 * libraries of abstracts. */
#include <endian.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_ONES 0x0101010101010101u
#define EIGHT_HIGHS 0x8080808080808080u

static inline uint64_t eight_load(const char *from)
{
    uint64_t eight;
    memcpy(&eight, from, sizeof eight);
    return le64toh(eight);
}

static inline void eight_store(char *to, uint64_t eight)
{
    eight = htole64(eight);
    memcpy(to, &eight, sizeof eight);
}

/* The highest bit of each byte that lies from `low` to `high`, both of ASCII. */
static inline uint64_t eight_within(uint64_t eight, uint8_t low, uint8_t high)
{
    uint64_t seven = eight & ~EIGHT_HIGHS;
    return (seven + EIGHT_ONES * (128u - low)) & ~(seven + EIGHT_ONES * (127u - high)) & ~eight & EIGHT_HIGHS;
}

/* Capital letters of ASCII made small. */
static inline uint64_t eight_lower(uint64_t eight)
{
    return eight | eight_within(eight, 'A', 'Z') >> 2;
}
#endif
