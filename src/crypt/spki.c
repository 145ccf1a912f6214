/* The 342 bytes of an issuer's key. */
#include "crypt/spki.h"

#include <assert.h>

#include "crypt/hash.h"

#include "base/banned.h"

/* SEQUENCE { SEQUENCE { id-RSASSA-PSS, { [0] SHA-384, [1] MGF1 { SHA-384 }, [2] 48 } },
 *            BIT STRING { SEQUENCE { INTEGER n, INTEGER 65537 } } }, up to the modulus and after it. */
static const uint8_t head[] = {
    0x30, 0x82, 0x01, 0x52, 0x30, 0x3d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
    0x30, 0x30, 0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02,
    0xa1, 0x1a, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0b,
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0xa2, 0x03, 0x02, 0x01, 0x30, 0x03,
    0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00};
static const uint8_t tail[] = {0x02, 0x03, 0x01, 0x00, 0x01};

static_assert(sizeof head + SPKI_MODULUS + sizeof tail == SPKI_SIZE, "342 bytes");

void spki_write(const uint8_t n[static SPKI_MODULUS], uint8_t out[static SPKI_SIZE])
{
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, n, SPKI_MODULUS);
    memcpy(out + sizeof head + SPKI_MODULUS, tail, sizeof tail);
}

bool spki_read(struct span spki, uint8_t n[static SPKI_MODULUS])
{
    if (spki.n != SPKI_SIZE)
        return false;
    const uint8_t *bytes = (const uint8_t *)spki.p, *modulus = bytes + sizeof head;
    if (memcmp(bytes, head, sizeof head) != 0 || memcmp(modulus + SPKI_MODULUS, tail, sizeof tail) != 0 ||
        !(modulus[0] & 0x80) || !(modulus[SPKI_MODULUS - 1] & 1))
        return false;
    memcpy(n, modulus, SPKI_MODULUS);
    return true;
}

void spki_key_id(const uint8_t spki[static SPKI_SIZE], uint8_t out[static 32])
{
    hash_sha256((struct span){(const char *)spki, SPKI_SIZE}, out);
}
