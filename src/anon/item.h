#ifndef ANON_ITEM_H
#define ANON_ITEM_H
/* An act as it crosses the wire and stands in the record (PROTOCOL section 4): one canonical JSON object,
 * signed by a key of its own, padded with spaces to one of three sizes. Node and board read it with the same
 * code; what stands in "act" is its room's affair. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypt/sign.h"
#include "ui/problem.h"

enum { ITEM_SMALL = 4096, ITEM_MIDDLE = 8192, ITEM_LARGE = 24576 };

struct item {
    struct span kind, lab; /* lab: the board's origin */
    uint8_t salt[16], pass[32], head[32], pk[32], sig[64];
    const json_t *act; /* of `json` */
    json_t *json;      /* the whole object, the item's own: item_free */
    struct span bytes; /* canonical, without padding: the item */
    uint8_t c[32];     /* SHA-256(bytes) */
    uint8_t leaf[32];  /* hash of its leaf {"c":…,"t":"act"} */
    uint8_t id[16];    /* the first 16 bytes of leaf */
};
void item_free(struct item *item);
#define AUTO_ITEM __attribute__((cleanup(item_free)))

/* Take the padding off a body of one of the three sizes: PROBLEM_BAD_SIZE. */
MUST bool item_unpad(struct span body, struct span *bytes, struct problem *p);
/* Read canonical bytes (borrowed). The signature is checked: PROBLEM_BAD_JSON, _BAD_FIELD, _BAD_SIG. `item`
 * is to be freed whatever comes. */
MUST bool item_read(struct span bytes, struct item *out, struct problem *p, struct err *err);

/* What a node keeps of an act until it is sent: no pass, no head, no signature. */
struct item_draft {
    struct span kind, lab;
    uint8_t salt[16];
    json_t *act; /* borrowed */
};
/* Complete and sign it: append the canonical bytes. E_LIMIT when they fit no size. */
MUST bool item_make(const struct item_draft *draft, const uint8_t pass[static 32],
                    const uint8_t head[static 32], const struct sign_key *key, struct buf *out,
                    struct err *err);
/* Pad it to its class; `least`: at least this class (0: the smallest that fits). */
MUST bool item_pad(struct buf *body, size_t least, struct err *err);

/* The key of a thread in an epoch (PROTOCOL 4): HKDF of the node's 32-byte local secret. */
void item_thread_key(const uint8_t secret[static 32], const uint8_t thread[static 16], day_t epoch,
                     struct sign_key *out);
/* The word a name is shown as: its index in the list of 256. */
uint8_t item_name(const uint8_t thread[static 16], const uint8_t pk[static 32]);
/* A 16-byte id as 32 lower-case hex digits and a NUL, and back (exactly 32 digits). */
void item_hex(const uint8_t id[static 16], char out[static 33]);
bool item_hex_read(struct span text, uint8_t id[static 16]);

/* The board's signed promise (PROTOCOL 4, Receipt): "<log origin>/promise\npromise <day>\n<b64 leaf>\n" under
 * the promise key. */
struct promise {
    day_t day;
    uint8_t leaf[32];
};
MUST bool promise_write(struct span origin, const struct sign_key *key, const struct promise *promise,
                        struct buf *note, struct err *err);
/* E_REFUSED unless `vkey` (from genesis) signed it. */
MUST bool promise_read(struct span note, struct span origin, struct span vkey, struct promise *out,
                       struct err *err);
/* The whole receipt {"id":…,"promise":…} padded to 1,024 bytes, and back. */
MUST bool receipt_write(const uint8_t id[static 16], struct span note, struct buf *out, struct err *err);
MUST bool receipt_read(struct span body, struct arena *arena, uint8_t id[static 16], struct span *note,
                       struct err *err);
#endif
