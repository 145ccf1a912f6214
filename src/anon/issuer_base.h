#ifndef ANON_ISSUER_BASE_H
#define ANON_ISSUER_BASE_H
/* What the files of the issuer share: its tables, how its routes read a body and answer, how they write. */
#include <jansson.h>

#include "io/migrate.h"
#include "ui/problem.h"
#include "ui/room.h"

extern const struct migration issuer_migrations[];

enum { ISSUER_BODY_MOST = 32 * 1024 };
/* Read a body: an object of no members but the NULL-ended `keys`, without reals or null (any order of
 * members, blanks are fine). New reference in *out. */
MUST bool issuer_body(const struct request *request, const char *const *keys, json_t **out, struct problem *p,
                      struct err *err);
/* Answer with an object, in one line. */
void issuer_json(struct app *app, const struct request *request, struct reply *reply, const json_t *o);
/* Turn a request away, or say "busy" when `p` is of no type: `who` is that of its route. */
void issuer_refuse(struct app *app, enum who who, const struct request *request, const struct problem *p,
                   struct reply *reply);
/* One transaction: through the lab's writer in its place by `order` (io/writer.h) when there is one, else on
 * app->db. */
MUST bool issuer_write(struct app *app, uint64_t order, db_work *work, void *arg, struct err *err);
#endif
