/* Looking whether a crowd key is one of now. All live keys are compared, so that the time says nothing. */
#include "anon/crowd.h"

#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

void crowd_hash(const uint8_t key[static 32], uint8_t out[static 32])
{
    hash_tagged(SPAN("respite/crowd/v1\n"), (struct span){(const char *)key, 32}, out);
}

bool crowd_good(const struct history *issuer, const uint8_t key[static 32], int64_t now)
{
    uint8_t hash[32];
    bool in = false;
    crowd_hash(key, hash);
    for (size_t i = 0; i < issuer->keys.n; i++) {
        const struct history_key *k = &issuer->keys.at[i];
        const struct windows *w = &k->key.windows;
        if (k->good && !k->key.survey && w->spend_from <= now && now < w->spend_to)
            in |= secret_eq(hash, k->key.crowd, 32);
    }
    return in;
}
