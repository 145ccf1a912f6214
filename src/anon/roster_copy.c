/* Copying lists from the issuer. The record is brought up to date first, so that what a member has read there
 * is here too; a list that does not have the number and the root of its entry is not taken. */
#include "anon/roster_copy.h"

#include <stdatomic.h>
#include <stdio.h>

#include "anon/issuer_base.h"
#include "anon/lab.h"
#include "anon/peer.h"
#include "anon/roster.h"
#include "anon/send_public.h"
#include "base/vec.h"
#include "codec/auth_header.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "io/clock.h"

#include "base/banned.h"

enum { COPY_MOST = 4 << 20, WAIT_MS = 2000 };

/* A list that the record speaks of. */
struct wanted {
    enum roster_kind kind;
    uint64_t index;
    int64_t n;
    uint8_t root[32];
    struct leaves leaves;
    bool found;
};
struct copying {
    struct app *app;
    day_t epoch;
    struct {
        struct wanted *at;
        size_t n, room;
    } wanted;
};

static bool get(void *arg, const char *path, size_t most, struct buf *out, struct err *err)
{
    const struct app *app = arg;
    return public_get(app->db, NULL, app->lab->issuer[0], path, NULL, most, out, NULL, err);
}

static bool want(struct copying *c, enum roster_kind kind, const struct history_list *list)
{
    if (list->list.epoch != c->epoch)
        return true;
    struct wanted *w = VEC_PUSH(c->app->arena, &c->wanted);
    if (!w)
        return false;
    *w = (struct wanted){.kind = kind, .index = list->index, .n = list->list.n};
    memcpy(w->root, list->list.root, 32);
    return true;
}

static bool want_all(struct copying *c, struct err *err)
{
    const struct history *issuer, *board;
    bool done = true;
    if (!lab_facts(c->app->lab, c->app->db, &issuer, &board, err))
        return false;
    for (size_t i = 0; done && i < issuer->rosters.n; i++)
        done = want(c, ROSTER_MEMBERS, &issuer->rosters.at[i]);
    for (size_t i = 0; done && i < issuer->opens.n; i++)
        done = want(c, ROSTER_HOLDERS, &issuer->opens.at[i]);
    lab_facts_done(c->app->lab);
    return done || fail_memory(err);
}

static bool take(struct copying *c, struct span body, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!json_read(body, COPY_MOST, "lists", &o, err))
        return false;
    for (size_t i = 0; i < c->wanted.n; i++) {
        struct wanted *w = &c->wanted.at[i];
        const json_t *all = json_object_get(o, w->kind == ROSTER_MEMBERS ? "rosters" : "opens");
        uint8_t root[32];
        bool sound;
        if (!leaves_read(leaves_at(all, w->index), c->app->arena, &w->leaves, &sound, err))
            return false;
        roster_root(&w->leaves, root);
        w->found = sound && (int64_t)w->leaves.n == w->n && memcmp(root, w->root, 32) == 0;
    }
    return true;
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct copying *c = arg;
    for (size_t i = 0; i < c->wanted.n; i++) {
        const struct wanted *w = &c->wanted.at[i];
        int64_t there;
        if (!db_number(db, &there, 0, err, "select count(*) from roster_list where idx = $1",
                       V_INT((int64_t)w->index)))
            return false;
        if (w->found && there == 0 && !roster_keep(db, w->kind, c->epoch, w->index, &w->leaves, err))
            return false;
    }
    return true;
}

static bool copy(struct copying *c, const uint8_t crowd[static 32], struct err *err)
{
    struct app *app = c->app;
    char path[64], text[16];
    int64_t there;
    AUTO_BUF struct buf body;
    buf_init(&body, COPY_MOST);
    snprintf(path, sizeof path, "/v1/rosters/%s", epoch_text(c->epoch, text));
    if (!peer_look(app, get, app, err) || !want_all(c, err) ||
        !db_number(app->db, &there, 0, err, "select count(*) from roster_list where epoch = $1",
                   V_INT(c->epoch)))
        return false;
    if (there == (int64_t)c->wanted.n)
        return true;
    return public_get(app->db, NULL, app->lab->issuer[0], path, crowd, COPY_MOST, &body, NULL, err) &&
           take(c, buf_span(&body), err) && issuer_write(app, 0, keep_work, c, err);
}

/* One look in WAIT_MS, whoever asks. */
static bool may_look(void)
{
    static _Atomic int64_t last;
    int64_t now = clock_boot_ms(), before = last;
    return (before == 0 || now - before >= WAIT_MS) && atomic_compare_exchange_strong(&last, &before, now);
}

void roster_copy(struct app *app, const struct request *request, day_t epoch)
{
    struct copying c = {.app = app, .epoch = epoch};
    struct err err = {0};
    struct span value;
    uint8_t crowd[AUTH_KEY];
    if (auth_scheme(request_header(request, "Authorization"), &value) != AUTH_CROWD ||
        !auth_key_read(value, crowd))
        return;
    bool done = !may_look() || copy(&c, crowd, &err);
    secret_wipe(crowd, sizeof crowd);
    (void)done; /* what is kept is served */
}
