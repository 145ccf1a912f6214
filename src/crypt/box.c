/* Boxes: padding, libsodium, sizes. Text is padded inside the box's own bytes, so that no copy of it is left
 * behind. */
#include "crypt/box.h"

#include <assert.h>
#include <sodium.h>

#include "base/words.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

static_assert(BOX_SEALED_OVER == crypto_box_SEALBYTES, "sealed");
static_assert(BOX_OVER == crypto_box_NONCEBYTES + crypto_box_MACBYTES, "nonce and tag");

void box_pair(uint8_t pk[static 32], uint8_t secret[static 32])
{
    crypto_box_keypair(pk, secret);
}

size_t box_class(size_t n, size_t over)
{
    static const size_t classes[] = {BOX_SMALL, BOX_MIDDLE, BOX_LARGE};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (n < classes[i] - over)
            return classes[i];
    return 0;
}

/* Room for a box of `text` at the end of `out`, with the text padded at `at` in it; NULL, and `err` says why.
 */
static unsigned char *padded(struct span text, size_t over, size_t at, struct buf *out, size_t *block,
                             struct err *err)
{
    size_t size = box_class(text.n, over), n = 0;
    if (size == 0) {
        (void)!fail(err, E_LIMIT,
                    tr("err.crypt.letter_long",
                       "The letter is longer than the %zu bytes there is room for. Please make it shorter."),
                    (size_t)BOX_LARGE - over - 1);
        return NULL;
    }
    unsigned char *to = (unsigned char *)buf_space(out, size);
    if (!to) {
        (void)!buf_ok(out, err);
        return NULL;
    }
    if (text.n > 0)
        memcpy(to + at, text.p, text.n);
    int refused = sodium_pad(&n, to + at, text.n, size - over, size - over);
    assert(refused == 0 && n == size - over);
    (void)refused;
    *block = n;
    return to;
}

bool box_seal(struct span text, const uint8_t to[static 32], struct buf *out, struct err *err)
{
    size_t n;
    unsigned char *box = padded(text, BOX_SEALED_OVER, BOX_SEALED_OVER, out, &n, err);
    if (!box)
        return false;
    if (crypto_box_seal(box, box + BOX_SEALED_OVER, n, to) != 0) {
        secret_wipe(box, n + BOX_SEALED_OVER);
        return fail(err, E_REFUSED,
                    tr("err.crypt.box_key", "The key this letter should be locked with is not a good one."));
    }
    buf_grew(out, n + BOX_SEALED_OVER);
    return true;
}

bool box_make(struct span text, const uint8_t to[static 32], const uint8_t secret[static 32], struct buf *out,
              struct err *err)
{
    size_t n;
    unsigned char *box = padded(text, BOX_OVER, BOX_OVER, out, &n, err);
    if (!box)
        return false;
    rand_bytes(box, crypto_box_NONCEBYTES);
    if (crypto_box_easy(box + crypto_box_NONCEBYTES, box + BOX_OVER, n, box, to, secret) != 0) {
        secret_wipe(box, n + BOX_OVER);
        return fail(err, E_REFUSED,
                    tr("err.crypt.box_key", "The key this letter should be locked with is not a good one."));
    }
    buf_grew(out, n + BOX_OVER);
    return true;
}

static bool is_class(size_t n)
{
    return n == BOX_SMALL || n == BOX_MIDDLE || n == BOX_LARGE;
}

static bool fail_open(struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.crypt.box_other", "This letter is not for the key it was tried with."));
}

/* `text` holds `n` opened bytes at the end of `out`: cut the padding. */
static bool unpadded(unsigned char *text, size_t n, struct buf *out, struct err *err)
{
    size_t length;
    if (sodium_unpad(&length, text, n, n) != 0) {
        secret_wipe(text, n);
        return fail_open(err);
    }
    buf_grew(out, length);
    return true;
}

bool box_seal_open(struct span box, const uint8_t pk[static 32], const uint8_t secret[static 32],
                   struct buf *out, struct err *err)
{
    if (!is_class(box.n))
        return fail_open(err);
    size_t n = box.n - BOX_SEALED_OVER;
    unsigned char *text = (unsigned char *)buf_space(out, n);
    if (!text)
        return buf_ok(out, err);
    if (crypto_box_seal_open(text, (const unsigned char *)box.p, box.n, pk, secret) != 0)
        return fail_open(err);
    return unpadded(text, n, out, err);
}

bool box_open(struct span box, const uint8_t from[static 32], const uint8_t secret[static 32],
              struct buf *out, struct err *err)
{
    if (!is_class(box.n))
        return fail_open(err);
    size_t n = box.n - BOX_OVER;
    const unsigned char *bytes = (const unsigned char *)box.p;
    unsigned char *text = (unsigned char *)buf_space(out, n);
    if (!text)
        return buf_ok(out, err);
    if (crypto_box_open_easy(text, bytes + crypto_box_NONCEBYTES, box.n - crypto_box_NONCEBYTES, bytes, from,
                             secret) != 0)
        return fail_open(err);
    return unpadded(text, n, out, err);
}

void box_address(const uint8_t k[static 32], uint8_t direction, uint64_t n, uint8_t out[static 16])
{
    static const char what[] = "respite/mailbox/v1";
    unsigned char bytes[sizeof what - 1 + 1 + 8];
    memcpy(bytes, what, sizeof what - 1);
    bytes[sizeof what - 1] = direction;
    for (size_t i = 0; i < 8; i++)
        bytes[sizeof what + i] = (unsigned char)(n >> 8 * (7 - i));
    crypto_generichash(out, 16, bytes, sizeof bytes, k, 32);
}
