/* The same crowd key that batches are read with: the board sees that some member asks, and for which handle,
 * which it knew from the act. */
#include "anon/battle_road.h"

#include <stdio.h>

#include "anon/follow_lists.h"
#include "anon/item.h"
#include "anon/send_public.h"
#include "base/words.h"
#include "codec/auth_header.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { ANSWER_MOST = 2 << 20, URL_ROOM = 600 };

void battle_handle(const uint8_t salt[static 16], uint8_t out[static 16])
{
    uint8_t hash[32];
    hash_tagged(SPAN("respite/battle/v1\n"), span_bytes(salt, 16), hash);
    memcpy(out, hash, 16);
}

void battle_digest(struct span board, uint8_t out[static 32])
{
    hash_sha256(board, out);
}

void battle_random(void *out, size_t n)
{
    rand_bytes(out, n);
}

static bool crowd_key(struct db *db, int64_t now, uint8_t out[static 32], struct err *err)
{
    bool have;
    return follow_crowd(db, now, out, &have, err) &&
           (have || fail(err, E_MISSING,
                         tr("err.anon.no_crowd_key",
                            "The key for reading this week is not here yet. It comes with the passes.")));
}

static void path_of(const uint8_t handle[static 16], char out[static 64])
{
    char hex[33];
    item_hex(handle, hex);
    snprintf(out, 64, "/v1/battles/%s", hex);
}

static bool get(struct db *db, const struct known *known, const char *path, size_t most, int64_t now,
                struct buf *out, struct err *err)
{
    uint8_t crowd[32];
    if (!crowd_key(db, now, crowd, err))
        return false;
    bool done = public_get(db, known->via, known->board[0], path, crowd, most, out, NULL, err);
    secret_wipe(crowd, sizeof crowd);
    return done;
}

bool battle_get(struct db *db, const struct known *known, const uint8_t handle[static 16], int64_t now,
                struct buf *out, struct err *err)
{
    char path[64];
    path_of(handle, path);
    return get(db, known, path, ANSWER_MOST, now, out, err);
}

bool battle_board(struct db *db, const struct known *known, int64_t now, struct buf *out, struct err *err)
{
    return get(db, known, "/v1/arena/board", BATTLE_BOARD_MOST, now, out, err);
}

bool battle_again(struct db *db, const struct known *known, const uint8_t handle[static 16], int64_t now,
                  struct err *err)
{
    uint8_t crowd[32];
    char path[64], url[URL_ROOM];
    AUTO_BUF struct buf credential;
    struct httpc_answer answer = {0};
    buf_init(&credential, 128);
    path_of(handle, path);
    if (!crowd_key(db, now, crowd, err))
        return false;
    auth_key_write(&credential, AUTH_CROWD, crowd);
    secret_wipe(crowd, sizeof crowd);
    snprintf(url, sizeof url, "%s%s", known->board[0], path);
    bool sent = buf_ok(&credential, err) &&
                httpc_send(&(struct httpc_options){.kind = HTTPC_PUBLIC, .db = db, .via = known->via},
                           &(struct httpc_request){.url = url,
                                                   .authorization = buf_text(&credential),
                                                   .method = "POST",
                                                   .content_type = "application/json",
                                                   .body = SPAN("{}")},
                           &answer, err);
    if (credential.n)
        secret_wipe(credential.p, credential.n);
    buf_clear(&answer.body);
    return sent && (answer.status == 200 ||
                    fail(err, answer.status == 404 ? E_MISSING : E_REFUSED,
                         tr("err.anon.battle_again",
                            "The lab did not take the question up again (%d). Ask a new one later."),
                         answer.status));
}
