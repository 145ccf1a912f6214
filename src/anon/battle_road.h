#ifndef ANON_BATTLE_ROAD_H
#define ANON_BATTLE_ROAD_H
/* What a battle of the lab's arena needs of the road (PROTOCOL sections 4 and 8): the handle that its sender
 * alone knows, and the requests by which a node reads answers and boards, as anybody, with the key that all
 * members share. */
#include "anon/known.h"
#include "base/buf.h"

/* First 16 bytes of SHA-256("respite/battle/v1\n" || salt of the act `prompt`). */
void battle_handle(const uint8_t salt[static 16], uint8_t out[static 16]);
/* SHA-256 of a published board, as the entry `arena` holds it. */
void battle_digest(struct span board, uint8_t out[static 32]);
/* Bytes nobody can guess: keys of rows, seeds. */
void battle_random(void *out, size_t n);

/* GET /v1/battles/<handle>: append what it answers. E_MISSING: the lab does not know it (any more). */
MUST bool battle_get(struct db *db, const struct known *known, const uint8_t handle[static 16], int64_t now,
                     struct buf *out, struct err *err);
/* POST there: ask the models again, for a battle that is void. No pass goes with it. */
MUST bool battle_again(struct db *db, const struct known *known, const uint8_t handle[static 16], int64_t now,
                       struct err *err);
enum { BATTLE_BOARD_MOST = 16 << 20 };
/* GET /v1/arena/board: append the newest board, as it was published. E_MISSING: there is none yet. */
MUST bool battle_board(struct db *db, const struct known *known, int64_t now, struct buf *out,
                       struct err *err);
#endif
