/* RFC 9474 on OpenSSL's numbers. Its RSA signs and verifies; padding and blinding are ours, since the calls
 * it had for them are deprecated and draw their own salt. A signature with its check costs 0.39 ms of
 * one core, a blinding 0.13 ms in a batch of 64 (0.34 ms alone: the inverse is shared), a verification 0.03
 * ms. */
#include "crypt/brsa.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/mem.h"
#include "base/words.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { HASH = 48, E = 65537 }; /* SHA-384 */

struct brsa_public {
    size_t size, salt;
    BIGNUM *n, *e;
    BN_MONT_CTX *mont;
    EVP_PKEY *pkey;
};

struct brsa_secret {
    EVP_PKEY *pkey;
    struct brsa_public *public;
};

struct brsa_signer {
    const struct brsa_public *public;
    EVP_PKEY_CTX *ctx;
    BN_CTX *numbers;
    BIGNUM *s, *m;
};

/* OpenSSL did not do what it always does: memory, or a build without the algorithm. */
static bool fail_library(struct err *err)
{
    ERR_clear_error();
    return fail(err, E_SYSTEM,
                tr("err.crypt.library",
                   "OpenSSL on this machine could not do the calculation, so nothing was sent."));
}

static bool fail_key(struct err *err)
{
    ERR_clear_error();
    return fail(
        err, E_FORMAT,
        tr("err.crypt.rsa_key", "The issuer's key is not an RSA key of the form passes are made with."));
}

/* Padding -------------------------------------------------------------------------------------------- */
static bool sha384(const uint8_t *bytes, size_t n, uint8_t out[static HASH])
{
    return EVP_Digest(bytes, n, out, NULL, EVP_sha384(), NULL) == 1;
}

/* bytes ^= MGF1(seed, n) */
static bool mask(const uint8_t seed[static HASH], uint8_t *bytes, size_t n)
{
    uint8_t block[HASH + 4] = {0}, pad[HASH];
    memcpy(block, seed, HASH);
    bool ok = true;
    for (size_t at = 0; at < n; at += HASH, block[HASH + 3]++) {
        ok &= sha384(block, sizeof block, pad);
        for (size_t i = 0; i < HASH && at + i < n; i++)
            bytes[at + i] ^= pad[i];
    }
    secret_wipe(block, sizeof block);
    secret_wipe(pad, sizeof pad);
    return ok;
}

bool brsa_pss(struct span msg, struct span salt, size_t size, uint8_t *em, struct err *err)
{
    assert(salt.n <= BRSA_SALT && size >= BRSA_LEAST && size <= BRSA_MOST);
    uint8_t m[8 + HASH + BRSA_SALT] = {0}; /* M' = 8 zeros, mHash, salt */
    size_t db = size - HASH - 1;           /* DB = zeros, 01, salt */
    bool ok = sha384((const uint8_t *)msg.p, msg.n, m + 8);
    if (salt.n > 0)
        memcpy(m + 8 + HASH, salt.p, salt.n);
    uint8_t *hash = em + db;
    ok &= sha384(m, 8 + HASH + salt.n, hash);
    memset(em, 0, db);
    em[db - salt.n - 1] = 1;
    if (salt.n > 0)
        memcpy(em + db - salt.n, salt.p, salt.n);
    ok &= mask(hash, em, db);
    em[0] &= 0x7f;
    em[size - 1] = 0xbc;
    secret_wipe(m, sizeof m);
    return ok || fail_library(err);
}

/* Public keys ---------------------------------------------------------------------------------------- */
static EVP_PKEY *public_pkey(const BIGNUM *n, const BIGNUM *e)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (bld && ctx && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) && (params = OSSL_PARAM_BLD_to_param(bld)) &&
        EVP_PKEY_fromdata_init(ctx) == 1 && EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(bld);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static bool public_fill(struct brsa_public *key, struct span n)
{
    BN_CTX *ctx = BN_CTX_new();
    key->n = BN_bin2bn((const uint8_t *)n.p, (int)n.n, NULL);
    key->e = BN_new();
    key->mont = BN_MONT_CTX_new();
    bool ok = ctx && key->n && key->e && key->mont && BN_set_word(key->e, E) &&
              BN_MONT_CTX_set(key->mont, key->n, ctx) && (key->pkey = public_pkey(key->n, key->e));
    BN_CTX_free(ctx);
    return ok;
}

bool brsa_public_new(struct span n, size_t salt, struct brsa_public **out, struct err *err)
{
    assert(salt == BRSA_SALT || salt == 0);
    if ((n.n != BRSA_LEAST && n.n != 384 && n.n != BRSA_MOST) || !(n.p[0] & 0x80) || !(n.p[n.n - 1] & 1))
        return fail_key(err);
    struct brsa_public *key = mem_get(sizeof *key);
    if (!key)
        return fail_memory(err);
    *key = (struct brsa_public){.size = n.n, .salt = salt};
    if (!public_fill(key, n)) {
        brsa_public_free(key);
        return fail_library(err);
    }
    *out = key;
    return true;
}

void brsa_public_free(struct brsa_public *key)
{
    if (!key)
        return;
    BN_free(key->n);
    BN_free(key->e);
    BN_MONT_CTX_free(key->mont);
    EVP_PKEY_free(key->pkey);
    mem_free(key);
}

size_t brsa_size(const struct brsa_public *key)
{
    return key->size;
}

void brsa_modulus(const struct brsa_public *key, uint8_t *n)
{
    int written = BN_bn2binpad(key->n, n, (int)key->size);
    assert(written == (int)key->size);
    (void)written;
}

/* Blinding ------------------------------------------------------------------------------------------- */
bool brsa_draw(const struct brsa_public *key, struct brsa_item *item, struct err *err)
{
    rand_bytes(item->salt, sizeof item->salt);
    BIGNUM *r = BN_new();
    bool ok = r != NULL;
    do
        ok = ok && BN_priv_rand_range(r, key->n);
    while (ok && BN_is_zero(r));
    ok = ok && BN_bn2binpad(r, item->r, (int)key->size) == (int)key->size;
    BN_clear_free(r);
    return ok || fail_library(err);
}

/* The numbers of one item. All are secret. */
struct row {
    BIGNUM *m, *r, *a; /* the padded message, its factor, and m * r */
    BIGNUM *before;    /* the product of all a up to this row */
};

static void rows_free(struct row *row, size_t count)
{
    for (size_t i = 0; row && i < count; i++) {
        BN_clear_free(row[i].m);
        BN_clear_free(row[i].r);
        BN_clear_free(row[i].a);
        BN_clear_free(row[i].before);
    }
    mem_free(row);
}

/* blinded = m * r^e mod n, and the row's numbers for the inverse. `last`: the row before, or NULL. */
static bool blind_row(const struct brsa_public *key, struct brsa_item *item, struct row *row,
                      const struct row *last, BN_CTX *ctx, struct err *err)
{
    uint8_t em[BRSA_MOST];
    if (!brsa_pss(item->msg, (struct span){(const char *)item->salt, key->salt}, key->size, em, err))
        return false;
    row->m = BN_bin2bn(em, (int)key->size, NULL);
    row->r = BN_bin2bn(item->r, (int)key->size, NULL);
    row->a = BN_new();
    row->before = BN_new();
    secret_wipe(em, sizeof em);
    if (!row->m || !row->r || !row->a || !row->before)
        return fail_library(err);
    BN_set_flags(row->m, BN_FLG_CONSTTIME);
    BN_set_flags(row->r, BN_FLG_CONSTTIME);
    bool ok = BN_mod_exp_mont(row->a, row->r, key->e, key->n, ctx, key->mont) &&
              BN_mod_mul(row->a, row->a, row->m, key->n, ctx) &&
              BN_bn2binpad(row->a, item->blinded, (int)key->size) == (int)key->size &&
              BN_mod_mul(row->a, row->m, row->r, key->n, ctx) &&
              (last ? BN_mod_mul(row->before, last->before, row->a, key->n, ctx) != 0
                    : BN_copy(row->before, row->a) != NULL);
    return ok || fail_library(err);
}

/* inv of every item from the one inverse of the last product: taking a row's a out of it leaves the inverse
 * of the product before, and 1/a * m = 1/r. An inverse that exists proves every m and r coprime
 * to n, and so r not 0: asking about each would be a branch on it. */
static bool invert_rows(const struct brsa_public *key, struct brsa_item *item, const struct row *row,
                        size_t count, BN_CTX *ctx)
{
    BIGNUM *rest = BN_new(), *one = BN_new();
    bool ok = rest && one;
    if (ok) {
        BN_set_flags(row[count - 1].before, BN_FLG_CONSTTIME);
        ok = BN_mod_inverse(rest, row[count - 1].before, key->n, ctx) != NULL;
    }
    for (size_t i = count; ok && i-- > 0;)
        ok = (i > 0 ? BN_mod_mul(one, rest, row[i - 1].before, key->n, ctx) != 0
                    : BN_copy(one, rest) != NULL) &&
             BN_mod_mul(rest, rest, row[i].a, key->n, ctx) && BN_mod_mul(one, one, row[i].m, key->n, ctx) &&
             BN_bn2binpad(one, item[i].inv, (int)key->size) == (int)key->size;
    BN_clear_free(rest);
    BN_clear_free(one);
    return ok;
}

bool brsa_blind(const struct brsa_public *key, struct brsa_item *item, size_t count, struct err *err)
{
    assert(count > 0 && count < 4096);
    struct row *row = mem_get(count * sizeof *row);
    if (!row)
        return fail_memory(err);
    BN_CTX *ctx = BN_CTX_new();
    bool ok = ctx || fail_library(err);
    for (size_t i = 0; ok && i < count; i++)
        ok = blind_row(key, &item[i], &row[i], i > 0 ? &row[i - 1] : NULL, ctx, err);
    if (ok && !invert_rows(key, item, row, count, ctx))
        ok = fail_library(err);
    BN_CTX_free(ctx);
    rows_free(row, count);
    return ok;
}

/* out = a * b mod n, in bytes */
static bool multiply(const struct brsa_public *key, const uint8_t *a, const uint8_t *b, uint8_t *out)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *x = BN_bin2bn(a, (int)key->size, NULL), *y = BN_bin2bn(b, (int)key->size, NULL);
    bool ok = ctx && x && y && BN_mod_mul(x, x, y, key->n, ctx) &&
              BN_bn2binpad(x, out, (int)key->size) == (int)key->size;
    BN_clear_free(x);
    BN_clear_free(y);
    BN_CTX_free(ctx);
    return ok;
}

static bool fail_signature(struct err *err)
{
    ERR_clear_error();
    return fail(err, E_REFUSED, tr("err.crypt.rsa_sig", "The issuer's signature does not fit this pass."));
}

bool brsa_finalize(const struct brsa_public *key, struct span msg, const uint8_t *inv, struct span answer,
                   uint8_t *sig, struct err *err)
{
    if (answer.n != key->size)
        return fail_signature(err);
    uint8_t made[BRSA_MOST];
    bool ok = multiply(key, (const uint8_t *)answer.p, inv, made) || fail_library(err);
    ok = ok && brsa_verify(key, msg, (struct span){(const char *)made, key->size}, err);
    if (ok)
        memcpy(sig, made, key->size);
    secret_wipe(made, sizeof made);
    return ok;
}

bool brsa_verify(const struct brsa_public *key, struct span msg, struct span sig, struct err *err)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL; /* belongs to ctx */
    bool ready = ctx && EVP_DigestVerifyInit(ctx, &how, EVP_sha384(), NULL, key->pkey) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
                 EVP_PKEY_CTX_set_rsa_mgf1_md(how, EVP_sha384()) == 1 &&
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(how, (int)key->salt) == 1;
    bool good =
        ready && EVP_DigestVerify(ctx, (const uint8_t *)sig.p, sig.n,
                                  msg.n > 0 ? (const uint8_t *)msg.p : (const uint8_t *)"", msg.n) == 1;
    EVP_MD_CTX_free(ctx);
    if (!ready)
        return fail_library(err);
    return good || fail_signature(err);
}

/* Secret keys ---------------------------------------------------------------------------------------- */
/* The public half of a key that says it is RSA: with the exponent and size that ours have. */
static bool public_of(EVP_PKEY *pkey, struct brsa_public **out, struct err *err)
{
    BIGNUM *n = NULL, *e = NULL;
    uint8_t bytes[BRSA_MOST];
    bool ok = EVP_PKEY_is_a(pkey, "RSA") && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
              EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1 && BN_is_word(e, E) &&
              BN_num_bytes(n) <= BRSA_MOST;
    size_t size = ok ? (size_t)BN_bn2bin(n, bytes) : 0;
    BN_free(n);
    BN_free(e);
    if (!ok)
        return fail_key(err);
    return brsa_public_new((struct span){(const char *)bytes, size}, BRSA_SALT, out, err);
}

/* Takes `pkey` over, also when it fails. */
static bool secret_of(EVP_PKEY *pkey, struct brsa_secret **out, struct err *err)
{
    struct brsa_secret *key = mem_get(sizeof *key);
    if (!key) {
        EVP_PKEY_free(pkey);
        return fail_memory(err);
    }
    *key = (struct brsa_secret){.pkey = pkey};
    if (!public_of(pkey, &key->public, err)) {
        brsa_secret_free(key);
        return false;
    }
    *out = key;
    return true;
}

bool brsa_secret_make(struct brsa_secret **out, struct err *err)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)8 * BRSA_LEAST);
    return pkey ? secret_of(pkey, out, err) : fail_library(err);
}

bool brsa_secret_read(struct span der, struct brsa_secret **out, struct err *err)
{
    const uint8_t *at = (const uint8_t *)der.p;
    EVP_PKEY *pkey = der.n <= 1 << 16 ? d2i_AutoPrivateKey(NULL, &at, (long)der.n) : NULL;
    if (!pkey || at != (const uint8_t *)der.p + der.n) {
        EVP_PKEY_free(pkey);
        return fail_key(err);
    }
    return secret_of(pkey, out, err);
}

bool brsa_secret_write(const struct brsa_secret *key, struct buf *out, struct err *err)
{
    int n = i2d_PrivateKey(key->pkey, NULL);
    if (n <= 0)
        return fail_library(err);
    uint8_t *to = (uint8_t *)buf_space(out, (size_t)n);
    if (!to)
        return buf_ok(out, err);
    if (i2d_PrivateKey(key->pkey, &to) != n)
        return fail_library(err);
    buf_grew(out, (size_t)n);
    return true;
}

void brsa_secret_free(struct brsa_secret *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey); /* wipes its numbers */
    brsa_public_free(key->public);
    mem_free(key);
}

const struct brsa_public *brsa_secret_public(const struct brsa_secret *key)
{
    return key->public;
}

/* Signing -------------------------------------------------------------------------------------------- */
bool brsa_signer_new(const struct brsa_secret *key, struct brsa_signer **out, struct err *err)
{
    struct brsa_signer *signer = mem_get(sizeof *signer);
    if (!signer)
        return fail_memory(err);
    *signer = (struct brsa_signer){
        .public = key->public,
        .ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL),
        .numbers = BN_CTX_new(),
        .s = BN_new(),
        .m = BN_new(),
    };
    if (!signer->ctx || !signer->numbers || !signer->s || !signer->m ||
        EVP_PKEY_sign_init(signer->ctx) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(signer->ctx, RSA_NO_PADDING) != 1) {
        brsa_signer_free(signer);
        return fail_library(err);
    }
    *out = signer;
    return true;
}

void brsa_signer_free(struct brsa_signer *signer)
{
    if (!signer)
        return;
    EVP_PKEY_CTX_free(signer->ctx);
    BN_CTX_free(signer->numbers);
    BN_clear_free(signer->s);
    BN_free(signer->m);
    mem_free(signer);
}

/* s^e mod n == m */
static bool fits(struct brsa_signer *signer, const uint8_t *s, const BIGNUM *m)
{
    const struct brsa_public *key = signer->public;
    return BN_bin2bn(s, (int)key->size, signer->s) && BN_ucmp(signer->s, key->n) < 0 &&
           BN_mod_exp_mont(signer->s, signer->s, key->e, key->n, signer->numbers, key->mont) &&
           BN_ucmp(signer->s, m) == 0;
}

bool brsa_sign(struct brsa_signer *signer, struct span blinded, uint8_t *out, struct err *err)
{
    const struct brsa_public *key = signer->public;
    if (blinded.n != key->size)
        return fail(err, E_FORMAT,
                    tr("err.crypt.blinded", "A blinded message is not one for this week's key."));
    const uint8_t *in = (const uint8_t *)blinded.p;
    if (!BN_bin2bn(in, (int)key->size, signer->m))
        return fail_library(err);
    if (BN_ucmp(signer->m, key->n) >= 0)
        return fail(err, E_FORMAT,
                    tr("err.crypt.blinded", "A blinded message is not one for this week's key."));
    uint8_t s[BRSA_MOST];
    size_t n = sizeof s;
    bool ok =
        EVP_PKEY_sign(signer->ctx, s, &n, in, key->size) == 1 && n == key->size && fits(signer, s, signer->m);
    if (ok)
        memcpy(out, s, key->size);
    secret_wipe(s, sizeof s);
    return ok || fail_library(err);
}
