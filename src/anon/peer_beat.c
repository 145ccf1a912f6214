/* The job that follows the other operator's log: whose turn it is, and the road there. */
#include "anon/peer.h"

#include <pthread.h>

#include "anon/send_public.h"
#include "io/clock.h"

#include "base/banned.h"

enum { WAIT = 60, REST_MS = 5000 }; /* seconds between two looks; between two that requests asked for */

/* The turn to look: nobody had it within the last minute. */
struct turn {
    int64_t now;
    bool ours;
};

static bool turn_work(struct db *db, void *arg, struct err *err)
{
    struct turn *t = arg;
    if (!db_run(db, err,
                "insert into issuer_head(id, at, size, first_size, note) values (1, 0, 0, 0, $1) on conflict "
                "do nothing",
                V_BLOB(SPAN(""))) ||
        !db_run(db, err, "update issuer_head set at = $1 where id = 1 and (at <= $2 or at > $1)",
                V_INT(t->now), V_INT(t->now - WAIT)))
        return false;
    t->ours = db_changed(db) == 1;
    return true;
}

static bool get(void *arg, const char *path, size_t most, struct buf *out, struct err *err)
{
    const struct app *app = arg;
    const char *base = app->lab->role == ISSUER ? app->lab->board[0] : app->lab->issuer[0];
    return public_get(app->db, NULL, base, path, NULL, most, out, NULL, err);
}

bool peer_look_now(struct app *app, struct err *err)
{
    return peer_look(app, get, app, err);
}

bool peer_look_for(struct app *app)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t last_ms = -REST_MS;
    struct err missed = {0};
    bool looked = false;
    pthread_mutex_lock(&lock);
    if (clock_boot_ms() - last_ms >= REST_MS) {
        looked = peer_look_now(app, &missed);
        last_ms = clock_boot_ms();
    }
    pthread_mutex_unlock(&lock);
    return looked;
}

bool peer_beat(struct app *app, struct err *err)
{
    const struct lab *lab = app->lab;
    struct turn turn = {.now = app->now};
    int64_t before;
    if (lab->role == LAB || !lab->issuer[0] || !lab->board[0] || !lab->issuer_vkey || !lab->board_vkey)
        return true; /* not split, or not paired yet */
    if (!db_number(app->db, &before, 0, err, "select at from issuer_head where id = 1"))
        return false;
    if (before <= app->now && before > app->now - WAIT)
        return true;
    bool taken = lab->writer ? writer_do(lab->writer, turn_work, &turn, err)
                             : db_write(app->db, turn_work, &turn, err);
    return taken && (!turn.ours || peer_look_now(app, err));
}
