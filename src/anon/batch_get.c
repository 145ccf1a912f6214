/* Batches and threads as they are served: batches are stored bytes; a thread is put together from its items,
 * which are stored by thread for that (the tables of anon/board_room.c). */
#include "anon/batch_get.h"

#include <inttypes.h>

#include "anon/batch.h"
#include "anon/item.h"
#include "codec/scan.h"
#include "ui/problem.h"

#include "base/banned.h"

static void refuse(const struct request *request, struct reply *reply, enum problem_type type)
{
    reply_problem(reply, request, &(struct problem){.type = type}, 0);
}

static void answer_json(const struct request *request, struct reply *reply, const char *cache)
{
    reply->type = "application/json";
    if (cache)
        reply_header(reply, request->arena, "Cache-Control", cache);
}

/* First and last number of a series; none: 1 and 0. */
static bool range(struct db *db, const char *series, int64_t *first, int64_t *last, struct err *err)
{
    int64_t next;
    if (!db_number(db, &next, 1, err, "select n from series where name = $1", V_STR(series)) ||
        !db_number(db, first, next, err, "select min(n) from batch where series = $1", V_STR(series)))
        return false;
    *last = next - 1;
    return true;
}

void api_batches(struct app *app, const struct request *request, struct reply *reply)
{
    static const char *const all[] = {"answers", "board", "letters"};
    struct err err = {0};
    for (size_t i = 0; i < 3; i++) {
        int64_t first, last;
        if (!range(app->db, all[i], &first, &last, &err)) {
            refuse(request, reply, PROBLEM_BUSY);
            return;
        }
        buf_printf(&reply->body, "%s\"%s\":{\"first\":%" PRId64 ",\"last\":%" PRId64 "}", i ? "," : "{",
                   all[i], first, last);
    }
    buf_add_byte(&reply->body, '}');
    answer_json(request, reply, NULL);
}

/* "/v1/batches/board/12" */
static bool read_path(struct span path, const char **series, int64_t *n)
{
    static const char *const all[] = {"answers", "board", "letters"};
    struct span name;
    uint64_t number;
    if (!scan_lit(&path, SPAN("/v1/batches/")) || !scan_until(&path, '/', &name, 8) ||
        !scan_u64(&path, &number, INT64_MAX) || !scan_end(&path))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (span_is(name, all[i])) {
            *series = all[i];
            *n = (int64_t)number;
            return true;
        }
    return false;
}

void batch_find(struct db *db, const char *series, int64_t n, struct buf *out, enum problem_type *type)
{
    int64_t first, last;
    struct err err = {0}, inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *type = PROBLEM_BUSY;
    if (!db_query(db, &q, &err, "select bytes from batch where series = $1 and n = $2", V_STR(series),
                  V_INT(n)))
        return;
    if (db_next(q, &inner)) {
        buf_add(out, db_text(q, 0));
        *type = buf_ok(out, &err) ? PROBLEM_NONE : PROBLEM_BUSY;
    } else if (!inner.code && range(db, series, &first, &last, &err)) {
        *type = n >= 1 && n < first ? PROBLEM_GONE : PROBLEM_NOT_FOUND;
    }
}

void api_batch(struct app *app, const struct request *request, struct reply *reply)
{
    const char *series;
    int64_t n;
    enum problem_type type = PROBLEM_NOT_FOUND;
    if (read_path(request->path, &series, &n))
        batch_find(app->db, series, n, &reply->body, &type);
    if (type == PROBLEM_NONE)
        answer_json(request, reply, "private, max-age=3600");
    else
        refuse(request, reply, type);
}

void api_thread(struct app *app, const struct request *request, struct reply *reply)
{
    struct span hex = request->path;
    uint8_t id[16];
    struct err err = {0}, inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    if (!scan_lit(&hex, SPAN("/v1/threads/")) || !item_hex_read(hex, id)) {
        refuse(request, reply, PROBLEM_NOT_FOUND);
        return;
    }
    if (!db_query(app->db, &q, &err, "select item from thread_item where thread = $1 order by n, id",
                  V_BLOB(((struct span){(const char *)id, sizeof id})))) {
        refuse(request, reply, PROBLEM_BUSY);
        return;
    }
    size_t n = 0;
    for (; db_next(q, &inner); n++) {
        buf_add_text(&reply->body, n ? "," : "{\"items\":[");
        buf_add(&reply->body, db_text(q, 0));
    }
    if (inner.code || n == 0) {
        refuse(request, reply, inner.code ? PROBLEM_BUSY : PROBLEM_NOT_FOUND);
        return;
    }
    buf_printf(&reply->body, "],\"thread\":\"%.*s\",\"v\":1}", SPAN_ARG(hex));
    answer_json(request, reply, "private, max-age=3600");
}
