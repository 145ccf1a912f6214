#ifndef ANON_JOIN_READ_H
#define ANON_JOIN_READ_H
/* What a lab answers to one who joins: read strictly, since it comes from a server that nothing is known of
 * yet. Texts live in the arena. E_FORMAT, E_LIMIT. */
#include "anon/known.h"
#include "base/span.h"

enum { JOIN_ANSWER_MOST = 64 * 1024 };
/* GET /v1/lab: issuer, board, split and trial of *out, and this operator's log and its key. Addresses are
 * those that a node may ask (anon/lab_key.h). */
MUST bool join_lab_read(struct span body, struct arena *arena, struct known *out, const char **origin,
                        const char **vkey, struct err *err);
/* POST /v1/join: member, since and passes of *out. GET /v1/member: the name that the lab keeps. */
MUST bool join_answer_read(struct span body, struct arena *arena, struct known *out, struct err *err);
MUST bool join_member_read(struct span body, struct arena *arena, const char **name, struct err *err);
#endif
