/* The board of a lab as rows: its tables, its routes, its jobs. Every table that holds anything of a member
 * is without rowid and keyed by a hash or by what is published anyway, and knows a day at most. */
#include "anon/board_room.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/act.h"
#include "anon/batch.h"
#include "anon/batch_get.h"
#include "anon/board_db.h"
#include "anon/lab.h"
#include "anon/peer.h"
#include "base/words.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "POST",
     .path = "/v1/acts",
     .roles = BOARD,
     .who = ANONYMOUS,
     .serve = api_act,
     .about = "One act, paid with one pass; the answer is a signed promise that it will be in the log.",
     .takes = "application/json",
     .gives = "application/json",
     .statuses = "200 400 401 403 409 413 422 503"},
    {.method = "GET",
     .path = "/v1/batches",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batches,
     .about = "First and last number of the batches of each series.",
     .gives = "application/json",
     .statuses = "200 401"},
    {.method = "GET",
     .path = "/v1/batches/board/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "One batch of the board, the same bytes for everybody.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {.method = "GET",
     .path = "/v1/batches/letters/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "One batch of letters; they are kept for fourteen days.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404 410"},
    {.method = "GET",
     .path = "/v1/batches/answers/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_batch,
     .about = "The passes that the answers to a survey were paid with.",
     .part = "n",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {.method = "GET",
     .path = "/v1/threads/*",
     .roles = BOARD,
     .who = CROWD,
     .serve = api_thread,
     .about = "One thread, for other readers; the node of a member takes whole batches and never asks here.",
     .part = "id",
     .gives = "application/json",
     .statuses = "200 401 404"},
    {0}};

static const struct job jobs[] = {{.name = "batch", .when = "beat", .roles = BOARD, .run = batch_beat}, {0}};

bool board_stats(struct app *app, struct buf *out, struct err *err)
{
    const struct history *issuer, *board;
    struct batch_facts facts;
    int64_t waiting;
    if (!db_number(app->db, &waiting, 0, err, "select count(*) from waiting") ||
        !lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool known = batch_facts_of(issuer, board ? board : issuer, app->now, app->arena, &facts, err);
    lab_facts_done(app->lab);
    if (!known)
        return false;
    for (size_t i = 0; i < facts.keys; i++) {
        char epoch[16], n[24];
        if (facts.key[i].survey)
            continue;
        snprintf(n, sizeof n, "%" PRId64, facts.key[i].spent);
        words_say(out, tr("lab.stats.spent", "{epoch}: {n} passes spent."),
                  {"epoch", epoch_text(facts.key[i].epoch, epoch)}, {"n", n});
        buf_add_byte(out, '\n');
    }
    char n[24];
    snprintf(n, sizeof n, "%" PRId64, waiting);
    words_say(out,
              trn("lab.stats.waiting", "{n} act waits for the next batch.",
                  "{n} acts wait for the next batch.", (unsigned long)waiting),
              {"n", n});
    buf_add_byte(out, '\n');
    return buf_ok(out, err);
}

const struct room board_room = {
    .name = "board", .routes = routes, .jobs = jobs, .migrations = board_migrations};
