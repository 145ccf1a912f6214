/* Sealed rows, by libsodium. */
#include "crypt/seal.h"

#include <assert.h>
#include <sodium.h>

#include "base/ckd.h"
#include "base/words.h"
#include "crypt/rand.h"

#include "base/banned.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
static_assert(SEAL_OVER == NONCE + TAG && crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32, "sizes");

bool seal(struct span plain, const uint8_t key[static 32], struct span purpose, struct buf *out)
{
    size_t n;
    if (ckd_add(&n, plain.n, (size_t)SEAL_OVER))
        n = SIZE_MAX;
    unsigned char *to = (unsigned char *)buf_space(out, n);
    if (!to)
        return false;
    rand_bytes(to, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(to + NONCE, NULL, (const unsigned char *)plain.p, plain.n,
                                               (const unsigned char *)purpose.p, purpose.n, NULL, to, key);
    buf_grew(out, n);
    return true;
}

bool seal_open(struct span sealed, const uint8_t key[static 32], struct span purpose, struct buf *out,
               struct err *err)
{
    unsigned char *to = NULL;
    const unsigned char *from = (const unsigned char *)sealed.p;
    if (sealed.n >= SEAL_OVER) {
        to = (unsigned char *)buf_space(out, sealed.n - SEAL_OVER);
        if (!to)
            return buf_ok(out, err);
    }
    if (!to || crypto_aead_xchacha20poly1305_ietf_decrypt(to, NULL, NULL, from + NONCE, sealed.n - NONCE,
                                                          (const unsigned char *)purpose.p, purpose.n, from,
                                                          key) != 0)
        return fail(err, E_REFUSED,
                    tr("err.crypt.seal", "A row that was sealed does not open with the key that is here."));
    buf_grew(out, sealed.n - SEAL_OVER);
    return true;
}
