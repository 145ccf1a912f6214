/* Copying the issuer's lists. One request at a time asks the issuer; those that waited meanwhile find what
 * was asked after they came. After a failure it is left alone for a while, so that a board whose issuer is
 * away answers at once. */
#include "anon/roster_copy.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>

#include "anon/kinds.h"
#include "anon/lab.h"
#include "anon/list_check.h"
#include "anon/peer.h"
#include "anon/send_public.h"
#include "base/words.h"
#include "codec/auth_header.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "io/clock.h"

#include "base/banned.h"

enum {
    REST_MS = 15 * 1000, /* after a failure */
    LINES = 300,         /* seconds after which signatures under a head are asked for again */
};

static struct {
    pthread_mutex_t lock;
    int64_t asked_ms, failed_ms; /* when the last attempt began; when one failed */
} issuer = {.lock = PTHREAD_MUTEX_INITIALIZER, .asked_ms = -1, .failed_ms = -REST_MS};

/* What is kept ------------------------------------------------------------------------------------------ */
struct copy {
    day_t epoch;
    int64_t at, lists;
    struct span bytes;
};

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    const struct copy *c = arg;
    return db_run(
        db, err,
        "insert into roster_copy(epoch, at, lists, bytes) values ($1, $2, $3, $4) on "
        "conflict(epoch) do update set at = $2, lists = $3, bytes = $4 where roster_copy.lists <= $3",
        V_INT(c->epoch), V_INT(c->at), V_INT(c->lists), V_BLOB(c->bytes));
}

/* Every list of one kind that the record has of the epoch, as JSON; none of them may be missing. */
static bool checked(const json_t *all, const struct history_list *at, size_t n, day_t epoch,
                    struct arena *arena, json_t *into, int64_t *lists, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct leaves leaves;
        bool good;
        size_t k;
        json_t *one;
        if (at[i].list.epoch != epoch)
            continue;
        if (!list_check(all, &at[i], arena, &leaves, &good, err))
            return false;
        if (!good)
            return fail(
                err, E_REFUSED,
                tr("err.anon.roster_copy", "The issuer's lists are not those that its record speaks of."));
        json_array_foreach(all, k, one)
        {
            if (json_integer_value(json_object_get(one, "index")) != (json_int_t)at[i].index)
                continue;
            AUTO_JSON json_t *kept = json_pack("{s:I,s:O}", "index", (json_int_t)at[i].index, "leaves",
                                               json_object_get(one, "leaves"));
            if (!kept || json_array_append(into, kept) != 0)
                return fail_memory(err);
            break;
        }
        ++*lists;
    }
    return true;
}

/* Lines are signatures under heads: whoever reads them looks at the keys. */
static bool copy_lines(const json_t *lines, json_t *into, struct err *err)
{
    struct span origin, line;
    for (size_t i = 0; i < json_array_size(lines) && i < LINES_MOST; i++) {
        if (!list_line(lines, i, &origin, &line))
            continue;
        AUTO_JSON json_t *kept =
            json_pack("{s:s%,s:s%}", "line", line.p, line.n, "origin", origin.p, origin.n);
        if (!kept || json_array_append(into, kept) != 0)
            return fail_memory(err);
    }
    return true;
}

static json_t *empty_copy(day_t epoch)
{
    char text[16];
    return json_pack("{s:s,s:[],s:[],s:[],s:[],s:i}", "epoch", epoch_text(epoch, text), "groups", "lines",
                     "opens", "rosters", "v", 1);
}

static bool compose(struct app *app, const struct history *record, day_t epoch, const json_t *o,
                    struct buf *out, int64_t *lists, struct err *err)
{
    AUTO_JSON json_t *copy = empty_copy(epoch);
    if (!copy)
        return fail_memory(err);
    *lists = 0;
    return checked(json_object_get(o, "rosters"), record->rosters.at, (size_t)record->rosters.n, epoch,
                   app->arena, json_object_get(copy, "rosters"), lists, err) &&
           checked(json_object_get(o, "opens"), record->opens.at, record->opens.n, epoch, app->arena,
                   json_object_get(copy, "opens"), lists, err) &&
           copy_lines(json_object_get(o, "lines"), json_object_get(copy, "lines"), err) &&
           canon_write(copy, out, err);
}

bool roster_copy_take(struct app *app, day_t epoch, struct span body, struct err *err)
{
    const struct history *record, *board;
    struct copy c = {.epoch = epoch, .at = app->now};
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, LIST_BYTES);
    if (!json_read(body, LIST_BYTES, "lists", &o, err) || !lab_facts(app->lab, app->db, &record, &board, err))
        return false;
    bool done = compose(app, record, epoch, o, &bytes, &c.lists, err);
    lab_facts_done(app->lab);
    c.bytes = buf_span(&bytes);
    return done && (app->lab->writer ? writer_do(app->lab->writer, keep_work, &c, err)
                                     : db_write(app->db, keep_work, &c, err));
}

/* Bringing it up to date ------------------------------------------------------------------------------- */
static int64_t lists_of(const struct history_list *at, size_t n, day_t epoch)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += at[i].list.epoch == epoch;
    return sum;
}

/* Whether the record has a list that the copy lacks, or the copy is old. */
static bool is_due(struct app *app, day_t epoch, bool *due, struct err *err)
{
    const struct history *record, *board;
    int64_t have, at;
    if (!db_number(app->db, &have, 0, err, "select lists from roster_copy where epoch = $1", V_INT(epoch)) ||
        !db_number(app->db, &at, 0, err, "select at from roster_copy where epoch = $1", V_INT(epoch)) ||
        !lab_facts(app->lab, app->db, &record, &board, err))
        return false;
    int64_t want = lists_of(record->rosters.at, record->rosters.n, epoch) +
                   lists_of(record->opens.at, record->opens.n, epoch);
    lab_facts_done(app->lab);
    *due = want > 0 && (want > have || at + LINES <= app->now);
    return true;
}

static bool ask_issuer(struct app *app, day_t epoch, const uint8_t crowd[static 32], struct err *err)
{
    char path[48], text[16];
    bool due;
    AUTO_BUF struct buf body;
    buf_init(&body, LIST_BYTES);
    if (!peer_look_now(app, err) || !is_due(app, epoch, &due, err))
        return false;
    if (!due)
        return true;
    snprintf(path, sizeof path, "/v1/rosters/%s", epoch_text(epoch, text));
    return public_get(app->db, NULL, app->lab->issuer[0], path, crowd, LIST_BYTES, &body, NULL, err) &&
           roster_copy_take(app, epoch, buf_span(&body), err);
}

static bool bring_up(struct app *app, day_t epoch, const uint8_t crowd[static 32], int64_t came_ms,
                     struct err *err)
{
    static day_t asked_for;
    bool done = true;
    pthread_mutex_lock(&issuer.lock);
    int64_t now_ms = clock_boot_ms();
    if (now_ms - issuer.failed_ms >= REST_MS && (issuer.asked_ms < came_ms || asked_for != epoch)) {
        issuer.asked_ms = now_ms;
        asked_for = epoch;
        done = ask_issuer(app, epoch, crowd, err);
        if (!done)
            issuer.failed_ms = clock_boot_ms();
    }
    pthread_mutex_unlock(&issuer.lock);
    return done;
}

/* The route -------------------------------------------------------------------------------------------- */
static bool read_crowd(const struct request *request, uint8_t crowd[static 32])
{
    struct span value;
    return auth_scheme(request_header(request, "Authorization"), &value) == AUTH_CROWD &&
           auth_key_read(value, crowd);
}

static bool answer(struct app *app, day_t epoch, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(app->db, &q, err, "select bytes from roster_copy where epoch = $1", V_INT(epoch)))
        return false;
    if (db_next(q, &mine))
        buf_add(out, db_text(q, 0));
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

void api_roster_copy(struct app *app, const struct request *request, struct reply *reply)
{
    static const struct route self = {.path = "/v1/rosters/*", .who = CROWD};
    struct problem p = {.type = PROBLEM_NOT_FOUND};
    struct err err = {0}, missed = {0};
    uint8_t crowd[AUTH_KEY];
    day_t epoch;
    int64_t came_ms = clock_boot_ms();
    bool named = epoch_read(span_from(request->path, sizeof "/v1/rosters/" - 1), &epoch);
    bool there = named && read_crowd(request, crowd);
    bool fresh = there && bring_up(app, epoch, crowd, came_ms, &missed);
    secret_wipe(crowd, sizeof crowd);
    if (there && (!answer(app, epoch, &reply->body, &err) || (!fresh && reply->body.n == 0)))
        p.type = PROBLEM_BUSY;
    if (reply->body.n == 0 || p.type == PROBLEM_BUSY) {
        kind_refuse(app, &self, request, &p, reply);
        return;
    }
    reply->type = "application/json";
    reply_header(reply, request->arena, "Cache-Control", "private, max-age=60");
}
