#ifndef ANON_BATCH_GET_H
#define ANON_BATCH_GET_H
/* Reading what is published: GET /v1/batches, /v1/batches/<series>/<n>, /v1/threads/<id>. Who asks is anybody
 * with the crowd key, and the answer is the same bytes for all. */
#include "ui/room.h"

void api_batches(struct app *app, const struct request *request, struct reply *reply);
void api_batch(struct app *app, const struct request *request, struct reply *reply);
void api_thread(struct app *app, const struct request *request, struct reply *reply);
#endif
