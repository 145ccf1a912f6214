#ifndef ANON_BATCH_GET_H
#define ANON_BATCH_GET_H
/* Reading what is published: GET /v1/batches, /v1/batches/<series>/<n>, /v1/threads/<id>. Who asks is anybody
 * with the crowd key, and the answer is the same bytes for all. */
#include "ui/problem.h"
#include "ui/room.h"

/* Append the bytes of a published batch. *type: PROBLEM_NONE, or why there are none: PROBLEM_NOT_FOUND,
 * _GONE, _BUSY. */
void batch_find(struct db *db, const char *series, int64_t n, struct buf *out, enum problem_type *type);
void api_batches(struct app *app, const struct request *request, struct reply *reply);
void api_batch(struct app *app, const struct request *request, struct reply *reply);
void api_thread(struct app *app, const struct request *request, struct reply *reply);
#endif
