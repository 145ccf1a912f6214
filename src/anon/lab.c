/* The lab as one process knows itself: what the key file says, and, once its log has begun, the addresses in
 * its first entry. */
#include "anon/lab.h"

#include <stdlib.h>

#include "anon/lab_key.h"
#include "crypt/secret.h"

#include "base/banned.h"

/* ---- addresses and what follows from them ---- */

static int by_bytes(const void *a, const void *b)
{
    return span_order(*(const struct span *)a, *(const struct span *)b);
}

/* host[:port] of every board, sorted, comma between, each once. */
static const char *origins_of(struct arena *arena, const char *const *url)
{
    struct span host[LAB_LIST];
    size_t n = 0;
    struct buf AUTO_BUF text;
    buf_init(&text, 4096);
    for (; url[n] && n < LAB_LIST; n++) {
        struct span all = span_of(url[n]);
        host[n] = span_from(all, (size_t)span_find(all, SPAN("://")) + 3);
    }
    qsort(host, n, sizeof *host, by_bytes);
    for (size_t i = 0; i < n; i++) {
        if (i && span_eq(host[i], host[i - 1]))
            continue;
        if (text.n)
            buf_add_byte(&text, ',');
        buf_add(&text, host[i]);
    }
    return text.failed ? NULL : arena_text(arena, buf_span(&text));
}

static const char *host_of(const char *url)
{
    return url ? strstr(url, "://") + 3 : NULL;
}

static const char *joined(struct arena *arena, const char *a, const char *b)
{
    struct buf AUTO_BUF text;
    buf_init(&text, 1024);
    buf_printf(&text, "%s%s", a, b);
    return text.failed ? NULL : arena_text(arena, buf_span(&text));
}

/* Origin and vkey of this process's own log, and of its promises. */
static bool name_own(struct lab *lab, const char **origin, const char **vkey, struct err *err)
{
    bool split = lab->role != LAB;
    const char *host = host_of(lab->role & ISSUER ? lab->issuer[0] : lab->board[0]);
    *origin = joined(lab->arena, host,
                     !split                ? "/respite"
                     : lab->role == ISSUER ? "/respite-issuer"
                                           : "/respite-board");
    *vkey = *origin ? lab_vkey(lab->arena, *origin, &lab->log.key) : NULL;
    lab->log.origin = *origin;
    lab->log.vkey = *vkey;
    if (*vkey && lab->role & BOARD) {
        const char *name = joined(lab->arena, *origin, "/promise");
        lab->promise_vkey = name ? lab_vkey(lab->arena, name, &lab->promise) : NULL;
        return lab->promise_vkey || fail_memory(err);
    }
    return *vkey || fail_memory(err);
}

/* Everything that follows from issuer[] and board[]. */
static bool derive(struct lab *lab, struct err *err)
{
    const char *origin, *vkey;
    if (!lab->issuer[0] || !lab->board[0])
        return true;
    lab->issuer_name = host_of(lab->issuer[0]);
    lab->board_origin = host_of(lab->board[0]);
    lab->origin_info = origins_of(lab->arena, lab->board);
    if (!lab->origin_info)
        return fail_memory(err);
    if (!name_own(lab, &origin, &vkey, err))
        return false;
    if (lab->role & ISSUER)
        lab->issuer_log = origin, lab->issuer_vkey = vkey;
    if (lab->role & BOARD)
        lab->board_log = origin, lab->board_vkey = vkey;
    return true;
}

/* The other operator's key: its name is the origin of the other log. */
static bool set_peer(struct lab *lab, const struct lab_key *key, struct err *err)
{
    struct note_sig_key v;
    const char *origin, *vkey;
    if (lab->role == LAB || key->peer_log.n == 0)
        return true;
    if (!note_sig_key_read(key->peer_log, &v, err))
        return false;
    origin = arena_text(lab->arena, v.name);
    vkey = arena_text(lab->arena, key->peer_log);
    if (!origin || !vkey)
        return fail_memory(err);
    if (lab->role == BOARD) {
        lab->issuer_log = origin, lab->issuer_vkey = vkey;
        return true;
    }
    lab->board_log = origin, lab->board_vkey = vkey;
    lab->promise_vkey = key->peer_promise.n ? arena_text(lab->arena, key->peer_promise) : NULL;
    return lab->promise_vkey || !key->peer_promise.n || fail_memory(err);
}

static bool take_urls(struct lab *lab, const char **out, const struct span *url, size_t n, struct err *err)
{
    for (size_t i = 0; i < LAB_LIST + 1; i++)
        out[i] = NULL;
    for (size_t i = 0; i < n && i < LAB_LIST; i++) {
        struct span good, origin;
        if (!lab_url_read(url[i], &good, &origin, err))
            return false;
        out[i] = arena_text(lab->arena, good);
        if (!out[i])
            return fail_memory(err);
    }
    return true;
}

bool lab_at(struct lab *lab, const char *url, struct err *err)
{
    struct span one = span_of(url);
    return take_urls(lab, lab->issuer, &one, 1, err) && take_urls(lab, lab->board, &one, 1, err) &&
           derive(lab, err);
}

/* ---- the first entry ---- */

static bool from_genesis(struct lab *lab, struct span bytes, struct err *err)
{
    struct entry e;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena || !entry_read(bytes, arena, &e, err))
        return arena ? false : fail_memory(err);
    if (e.kind != ENTRY_GENESIS)
        return fail(err, E_FORMAT,
                    tr("err.lab.genesis", "The record of the lab does not begin as one. Put back a backup of "
                                          "its database."));
    const struct entry_genesis *g = &e.genesis;
    if (!take_urls(lab, lab->issuer, g->issuer.at, g->issuer.n, err) ||
        !take_urls(lab, lab->board, g->board.at, g->board.n, err) || !derive(lab, err))
        return false;
    if (g->log.n == 0 || !span_is(g->log.at[0], lab->log.vkey) || g->trial != lab->trial)
        return fail(err, E_REFUSED,
                    tr("err.lab.other_key", "This database is the record of another lab than the one of this "
                                            "key file, so nothing was touched. Name the right one with --db "
                                            "or --data."));
    return true;
}

bool lab_settle(struct lab *lab, struct db *db, struct err *err)
{
    uint64_t size;
    struct span bytes;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    if (!tlog_size(db, &size, err))
        return false;
    return size == 0 || (tlog_entry(db, arena, 0, &bytes, err) && from_genesis(lab, bytes, err));
}

/* The database may be new, and have no table of the log yet. */
static bool settle_from(struct lab *lab, const char *db_url, struct err *err)
{
    struct db *db = NULL;
    int64_t ran = 0;
    struct err none = {0};
    if (!db_url && !file_exists(lab->db_url))
        return true;
    if (!db_open_read(&db, lab->db_url, err))
        return false;
    bool begun = db_number(db, &ran, 0, &none, "select count(*) from migration where room = 'log'") && ran;
    bool done = !begun || lab_settle(lab, db, err);
    db_close(db);
    return done;
}

/* ---- loading ---- */

static bool take_texts(struct lab *lab, const struct paths *paths, const char *db_url,
                       const struct lab_key *key, struct err *err)
{
    const char *dir = file_join(lab->arena, paths->data, "lab");
    lab->name = arena_text(lab->arena, key->name);
    lab->by = arena_text(lab->arena, key->by);
    lab->zone = arena_text(lab->arena, key->zone);
    lab->head_file = dir ? file_join(lab->arena, dir, "head") : NULL;
    lab->db_url = !dir     ? NULL
                  : db_url ? arena_text(lab->arena, span_of(db_url))
                           : file_join(lab->arena, dir, "lab.db");
    return (lab->name && lab->by && lab->zone && lab->head_file && lab->db_url) || fail_memory(err);
}

static bool fill(struct lab *lab, const struct paths *paths, const char *db_url, const struct lab_key *key,
                 struct err *err)
{
    lab->role = key->role;
    lab->trial = key->trial;
    lab->quota = key->quota;
    memcpy(lab->seal, key->seal, 32);
    sign_key_init(&lab->log.key, key->log);
    sign_key_init(&lab->promise, key->promise);
    return take_texts(lab, paths, db_url, key, err) &&
           take_urls(lab, lab->issuer, key->issuer, key->issuers, err) &&
           take_urls(lab, lab->board, key->board, key->boards, err) && derive(lab, err) &&
           set_peer(lab, key, err) && settle_from(lab, db_url, err);
}

bool lab_load(struct arena *arena, const struct paths *paths, const char *db_url, struct lab **out,
              struct err *err)
{
    struct lab_key key;
    if (!lab_key_read(arena, paths, &key, err))
        return false;
    struct lab *lab = secret_pages(sizeof *lab);
    if (!lab) {
        secret_wipe(&key, sizeof key);
        return fail_memory(err);
    }
    lab->arena = arena;
    pthread_rwlock_init(&lab->facts, NULL);
    bool done = fill(lab, paths, db_url, &key, err);
    secret_wipe(&key, sizeof key);
    if (!done) {
        lab_free(lab);
        return false;
    }
    *out = lab;
    return true;
}

void lab_free(struct lab *lab)
{
    if (!lab)
        return;
    history_free(lab->own);
    history_free(lab->peer);
    pthread_rwlock_destroy(&lab->facts);
    secret_free(lab);
}
