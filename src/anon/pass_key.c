/* Verifying a pass (PSS, 38 microseconds) with keys that are made once (some 50 more) and kept, a few, under
 * a lock that is not held while a signature is looked at: a place that is in use is not given away. */
#include "anon/pass_key.h"

#include <pthread.h>

#include "crypt/brsa.h"

#include "base/banned.h"

enum { PLACES = 16 };

struct place {
    uint8_t key_id[32];
    struct brsa_public *key; /* NULL: free */
    unsigned users;
    uint64_t used;
};
static struct {
    pthread_mutex_t lock;
    struct place place[PLACES];
    uint64_t clock;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool make(const struct entry_key *key, struct brsa_public **out, struct err *err)
{
    uint8_t n[SPKI_MODULUS];
    if (!spki_read((struct span){(const char *)key->spki, sizeof key->spki}, n))
        return fail(err, E_FORMAT, "A key of the record was taken for a good one and is none.");
    return brsa_public_new((struct span){(const char *)n, sizeof n}, BRSA_SALT, out, err);
}

/* The place that holds the key, else the one that rested longest, else NULL. */
static struct place *place_for(const uint8_t key_id[static 32])
{
    struct place *rested = NULL;
    for (size_t i = 0; i < PLACES; i++) {
        struct place *p = &kept.place[i];
        if (p->key && memcmp(p->key_id, key_id, 32) == 0)
            return p;
        if (p->users == 0 && (!rested || p->used < rested->used))
            rested = p;
    }
    return rested;
}

/* *place is NULL when all are in use: then *out is the caller's own. */
static bool take(const struct entry_key *key, struct brsa_public **out, struct place **place, struct err *err)
{
    bool done = true;
    pthread_mutex_lock(&kept.lock);
    struct place *p = place_for(key->key_id);
    if (!p || !p->key || memcmp(p->key_id, key->key_id, 32) != 0) {
        done = make(key, out, err);
        if (done && p) {
            brsa_public_free(p->key);
            p->key = *out;
            memcpy(p->key_id, key->key_id, 32);
        }
    } else {
        *out = p->key;
    }
    if (done && p) {
        p->users++;
        p->used = ++kept.clock;
    }
    *place = p;
    pthread_mutex_unlock(&kept.lock);
    return done;
}

static void give_back(struct brsa_public *key, struct place *place)
{
    if (!place) {
        brsa_public_free(key);
        return;
    }
    pthread_mutex_lock(&kept.lock);
    place->users--;
    pthread_mutex_unlock(&kept.lock);
}

bool pass_key_good(const struct entry_key *key, const struct token *token, bool *good, struct err *err)
{
    uint8_t input[TOKEN_INPUT];
    struct brsa_public *public;
    struct place *place;
    struct err bad = {0};
    if (!take(key, &public, &place, err))
        return false;
    token_input(token, input);
    bool holds = brsa_verify(public, (struct span){(const char *)input, sizeof input},
                             (struct span){(const char *)token->sig, sizeof token->sig}, &bad);
    give_back(public, place);
    if (!holds && bad.code != E_REFUSED)
        return fail(err, bad.code, "%s", bad.text);
    *good = holds;
    return true;
}
