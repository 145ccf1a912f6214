/* The ledger's side of the board. The key is a post's id. A page that is opened again and again finds in a
 * few look-ups that all it shows was delivered, and writes nothing. */
#include "speak/board_rest.h"

#include "base/vec.h"
#include "io/sched.h"

#include "base/banned.h"

#define SOURCE "board"

bool board_arrived(struct db *db, struct arena *arena, const uint8_t id[static 16],
                   struct board_arrivals *out, struct err *err)
{
    int64_t own;
    if (!db_number(db, &own, 0, err, "select exists(select 1 from outbox where item = $1)",
                   V_BLOB(span_bytes(id, 16))))
        return false;
    if (own)
        return true;
    struct span *at = VEC_PUSH(arena, out);
    if (at)
        *at = arena_span(arena, span_bytes(id, 16));
    return (at && at->p) || fail_memory(err);
}

bool board_received(struct db *db, const struct board_arrivals *arrivals, int64_t now, struct err *err)
{
    return held_receive_all(db, SOURCE, arrivals->at, arrivals->n, now, err);
}

static bool shown_work(struct db *db, void *arg, struct err *err)
{
    const struct board_threads *all = arg;
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->at[i].posts.n; k++)
            if (!held_deliver(db, SOURCE, span_bytes(all->at[i].posts.at[k].id, 16), err))
                return false;
    return true;
}

bool board_shown(struct db *db, const struct board_threads *threads, struct err *err)
{
    int64_t n = 0;
    for (size_t i = 0; i < threads->n && !n; i++)
        for (size_t k = 0; k < threads->at[i].posts.n && !n; k++)
            if (!db_number(db, &n, 0, err,
                           "select count(*) from held where source = $1 and key = $2 and state < 2",
                           V_STR(SOURCE), V_BLOB(span_bytes(threads->at[i].posts.at[k].id, 16))))
                return false;
    return !n || db_write(db, shown_work, (void *)(uintptr_t)threads, err);
}

bool board_rest_forget(struct db *db, struct err *err)
{
    return db_run(db, err,
                  "update received set n = n - (select count(*) from held where source = $1) where one = 1",
                  V_STR(SOURCE)) &&
           db_run(db, err, "delete from held where source = $1", V_STR(SOURCE));
}
