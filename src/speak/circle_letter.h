#ifndef SPEAK_CIRCLE_LETTER_H
#define SPEAK_CIRCLE_LETTER_H
/* What a letter between two members of a circle holds beside its words: the first one who writes, signed with
 * the key of that member in the circle, since anybody can seal a box; and any one the times of the next
 * meetings, which nobody but the circle is to know. */
#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "crypt/sign.h"

enum {
    MEETS_MOST = 8,
    MEET_LEAST = 5 * 60,      /* seconds */
    MEET_LONGEST = 12 * 3600, /* the same */
    MEET_N_MOST = 1 << 20,    /* how often a circle can change its times */
    MEET_WEEKS = 26,          /* no farther ahead than so many */
};
struct meet {
    int64_t from, until; /* Unix seconds */
};
struct meets {
    int64_t n; /* the higher counts; 0: nothing is said of meetings */
    size_t count;
    struct meet at[MEETS_MOST]; /* ascending, not one in another */
};
/* Member "circle" of a letter: {"by":b64?,"meet":[[from,until]…]?,"n"?,"sig":b64?}. */
struct letter_circle {
    bool there, has_by;
    uint8_t by[32], sig[64];
    struct meets meets;
};
MUST bool letter_circle_put(json_t *letter, const struct letter_circle *c, struct err *err);
/* E_FORMAT. */
MUST bool letter_circle_get(const json_t *letter, struct letter_circle *out, struct err *err);
/* E_FORMAT unless they are ascending, apart, and each of a fitting length. */
MUST bool meets_check(const struct meets *meets, struct err *err);

/* What is signed: who writes to whom in which circle, and the keys of the conversation that begins with it.
 * The words are not: nobody can show others what was said. */
struct circle_seal {
    const uint8_t *circle, *to, *pk, *k; /* 16, 32, 32, 32 bytes; to: the key in the circle of who reads */
};
void letter_circle_sign(struct letter_circle *c, const struct circle_seal *seal, const struct sign_key *key);
bool letter_circle_good(const struct letter_circle *c, const struct circle_seal *seal);
#endif
