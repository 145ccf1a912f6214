/* Keys of the issuer. In memory each has one place with its secret and the signers that rest, one for each
 * thread that signed at the same time as others; a lock guards the places and is not held while anything is
 * signed. */
#include "anon/issuer_key.h"

#include <pthread.h>

#include "anon/crowd.h"
#include "base/words.h"
#include "crypt/brsa.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/seal.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { PLACES = 16, SIGNERS = 32, DER_MOST = 4096, TRIES = 4096, EPOCHS_BACK = 2 };

/* ---- making ---- */

bool issuer_key_make(bool taken[static 256], struct issuer_key *out, struct err *err)
{
    struct issuer_key key = {0};
    uint8_t n[SPKI_MODULUS];
    for (int tries = 0; tries < TRIES; tries++) {
        if (!brsa_secret_make(&key.secret, err))
            return false;
        brsa_modulus(brsa_secret_public(key.secret), n);
        spki_write(n, key.spki);
        spki_key_id(key.spki, key.key_id);
        if (!taken[key.key_id[31]]) {
            taken[key.key_id[31]] = true;
            rand_bytes(key.crowd, sizeof key.crowd);
            *out = key;
            return true;
        }
        brsa_secret_free(key.secret);
    }
    return fail(err, E_SYSTEM, tr("err.issuer.key", "No new key could be made for the passes."));
}

void issuer_key_clear(struct issuer_key *key)
{
    brsa_secret_free(key->secret);
    secret_wipe(key, sizeof *key);
}

void issuer_key_taken(const struct history *h, int64_t now, bool taken[static 256])
{
    for (size_t i = 0; i < h->keys.n; i++) {
        const struct entry_key *k = &h->keys.at[i].key;
        if (k->windows.spend_to > now - EPOCHS_BACK * EPOCH_SECONDS)
            taken[k->key_id[31]] = true;
    }
}

/* ---- in the database ---- */

/* What a sealed column is for: its name and the key's id, so that two cannot be exchanged. */
static struct span purpose(char out[static 96], const char *column, const uint8_t key_id[static 32])
{
    char hex[65];
    hash_hex(key_id, hex);
    int n = snprintf(out, 96, "lab/%s/%s", column, hex);
    return (struct span){out, (size_t)n};
}

static bool seal_secret(const struct lab *lab, const struct issuer_key *key, struct buf *out, struct err *err)
{
    struct buf AUTO_BUF der;
    char name[96];
    buf_init(&der, DER_MOST);
    bool done =
        brsa_secret_write(key->secret, &der, err) &&
        (seal(buf_span(&der), lab->seal, purpose(name, "pass key", key->key_id), out) || buf_ok(out, err));
    secret_wipe(der.p, der.n);
    return done;
}

bool issuer_key_save(struct db *db, const struct lab *lab, const struct issuer_key *key, day_t epoch,
                     int64_t roster, struct err *err)
{
    struct buf AUTO_BUF sealed, crowd;
    char name[96];
    buf_init(&sealed, DER_MOST + SEAL_OVER);
    buf_init(&crowd, 32 + SEAL_OVER);
    if (!seal_secret(lab, key, &sealed, err))
        return false;
    if (!seal(span_bytes(key->crowd, 32), lab->seal, purpose(name, "crowd key", key->key_id), &crowd))
        return fail_memory(err);
    struct span id = span_bytes(key->key_id, 32);
    return db_run(db, err,
                  "insert into issuer_key(key_id, epoch, roster, sealed, crowd) values ($1, $2, $3, $4, $5)",
                  V_BLOB(id), V_INT(epoch), roster < 0 ? V_NULL : V_INT(roster), V_BLOB(buf_span(&sealed)),
                  roster < 0 ? V_BLOB(buf_span(&crowd)) : V_NULL) &&
           db_run(db, err, "insert into issuing(key_id) values ($1)", V_BLOB(id));
}

/* The row of `issuing` first: who gives out passes of this key has it until that is kept. */
bool issuer_key_close(struct db *db, const uint8_t key_id[static 32], int64_t *issued, int64_t *counsellors,
                      struct err *err)
{
    struct span id = span_bytes(key_id, 32);
    if (!db_run(db, err, "delete from issuing where key_id = $1", V_BLOB(id)) ||
        !db_number(db, counsellors, 0, err,
                   "select count(*) from issued where key_id = $1 and member like 'counsellor/%'",
                   V_BLOB(id)) ||
        !db_run(db, err, "delete from issued where key_id = $1", V_BLOB(id)))
        return false;
    *issued = db_changed(db);
    return db_run(
               db, err,
               "delete from roster_left where epoch in (select epoch from issuer_key where key_id = $1 and "
               "roster is null)",
               V_BLOB(id)) &&
           db_run(db, err, "update issuer_key set sealed = null where key_id = $1", V_BLOB(id));
}

static bool fail_gone(struct err *err)
{
    return fail(err, E_MISSING, tr("err.issuer.gone", "The key for these passes is not there any more."));
}

/* Append what a sealed column of a key holds. */
static bool open_row(const struct lab *lab, struct stmt *q, const char *column,
                     const uint8_t key_id[static 32], struct buf *out, struct err *err)
{
    struct err mine = {0};
    char name[96];
    if (!db_next(q, &mine))
        return mine.code ? fail(err, mine.code, "%s", mine.text) : fail_gone(err);
    if (db_is_null(q, 0))
        return fail_gone(err);
    return seal_open(db_text(q, 0), lab->seal, purpose(name, column, key_id), out, err);
}

bool issuer_key_crowd(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                      uint8_t out[static 32], struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct buf AUTO_BUF plain;
    buf_init(&plain, 32);
    if (!db_query(db, &q, err, "select crowd from issuer_key where key_id = $1",
                  V_BLOB(span_bytes(key_id, 32))) ||
        !open_row(lab, q, "crowd key", key_id, &plain, err))
        return false;
    if (plain.n != 32)
        return fail_gone(err);
    memcpy(out, plain.p, 32);
    secret_wipe(plain.p, plain.n);
    return true;
}

static bool load(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                 struct brsa_secret **out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct buf AUTO_BUF der;
    buf_init(&der, DER_MOST);
    if (!db_query(db, &q, err, "select sealed from issuer_key where key_id = $1",
                  V_BLOB(span_bytes(key_id, 32))))
        return false;
    bool done = buf_space(&der, DER_MOST) ? open_row(lab, q, "pass key", key_id, &der, err) &&
                                                brsa_secret_read(buf_span(&der), out, err)
                                          : fail_memory(err);
    if (der.p)
        secret_wipe(der.p, der.n);
    return done;
}

/* ---- in memory ---- */

struct place {
    uint8_t key_id[32];
    struct brsa_secret *secret; /* NULL: free */
    struct brsa_signer *idle[SIGNERS];
    size_t idles;
    unsigned users;
    bool over; /* free it when the last user is done */
};
static struct {
    pthread_mutex_t lock;
    struct place place[PLACES];
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void empty(struct place *p)
{
    while (p->idles > 0)
        brsa_signer_free(p->idle[--p->idles]);
    brsa_secret_free(p->secret);
    *p = (struct place){0};
}

static struct place *place_of(const uint8_t key_id[static 32])
{
    for (size_t i = 0; i < PLACES; i++)
        if (kept.place[i].secret && !kept.place[i].over && memcmp(kept.place[i].key_id, key_id, 32) == 0)
            return &kept.place[i];
    return NULL;
}

/* A place without a key, or one whose key nobody uses. */
static struct place *free_place(void)
{
    struct place *rested = NULL;
    for (size_t i = 0; i < PLACES; i++) {
        if (!kept.place[i].secret)
            return &kept.place[i];
        if (kept.place[i].users == 0)
            rested = &kept.place[i];
    }
    if (rested)
        empty(rested);
    return rested;
}

/* The place of a key with one more user; NULL when there is none. Takes over *secret when it is used. */
static struct place *enter(const uint8_t key_id[static 32], struct brsa_secret **secret)
{
    pthread_mutex_lock(&kept.lock);
    struct place *p = place_of(key_id);
    if (!p && *secret && (p = free_place())) {
        memcpy(p->key_id, key_id, 32);
        p->secret = *secret;
        *secret = NULL;
    }
    if (p)
        p->users++;
    pthread_mutex_unlock(&kept.lock);
    return p;
}

static struct brsa_signer *rested_signer(struct place *p)
{
    pthread_mutex_lock(&kept.lock);
    struct brsa_signer *signer = p->idles > 0 ? p->idle[--p->idles] : NULL;
    pthread_mutex_unlock(&kept.lock);
    return signer;
}

static void leave(struct place *p, struct brsa_signer *signer)
{
    pthread_mutex_lock(&kept.lock);
    if (signer && !p->over && p->idles < SIGNERS)
        p->idle[p->idles++] = signer;
    else
        brsa_signer_free(signer);
    if (--p->users == 0 && p->over)
        empty(p);
    pthread_mutex_unlock(&kept.lock);
}

void issuer_key_forget(const uint8_t key_id[static 32])
{
    pthread_mutex_lock(&kept.lock);
    struct place *p = place_of(key_id);
    if (p && p->users == 0)
        empty(p);
    else if (p)
        p->over = true;
    pthread_mutex_unlock(&kept.lock);
}

static bool find_place(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                       struct place **out, struct err *err)
{
    struct brsa_secret *secret = NULL;
    *out = enter(key_id, &secret);
    if (*out)
        return true;
    if (!load(lab, db, key_id, &secret, err))
        return false;
    *out = enter(key_id, &secret);
    brsa_secret_free(secret);
    return *out || fail(err, E_BUSY, tr("err.lab.busy", "The lab is busy. Try again in a minute."));
}

bool issuer_key_sign(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                     const struct token_request *item, size_t n, uint8_t *sig, struct err *err)
{
    struct place *place;
    if (!find_place(lab, db, key_id, &place, err))
        return false;
    struct brsa_signer *signer = rested_signer(place);
    bool done = signer || brsa_signer_new(place->secret, &signer, err);
    for (size_t i = 0; done && i < n; i++)
        done = brsa_sign(signer, item[i].blinded, sig + i * TOKEN_SIG, err);
    leave(place, signer);
    return done;
}
