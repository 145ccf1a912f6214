#ifndef ARENA_RANK_DRAW_H
#define ARENA_RANK_DRAW_H
/* A board as JSON, as a table for the terminal, as CSV. Field names, once released, stay. */
#include "arena/rank.h"
#include "base/buf.h"
#include "codec/json.h"

/* New reference, or NULL when there is no memory. */
json_t *rank_json(const struct votes *votes, const struct ranking *r);
/* Everything after the table's first line in plain sentences. */
MUST bool rank_text(struct arena *arena, const struct votes *votes, const struct ranking *r, struct buf *out,
                    struct err *err);
MUST bool rank_csv(const struct ranking *r, struct buf *out, struct err *err);
/* What the readers and the fit have to say, each a whole sentence, into r->warning. */
MUST bool rank_warnings(struct arena *arena, const struct votes *votes, struct ranking *r, struct err *err);
/* "fastchat", "csv", …: stable, for --json. */
const char *rank_format_name(enum votes_format format);
#endif
