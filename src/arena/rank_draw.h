#ifndef ARENA_RANK_DRAW_H
#define ARENA_RANK_DRAW_H
/* A board as JSON, as a table for the terminal, as CSV. Field names, once released, stay. */
#include "arena/rank.h"
#include "arena/sayings.h"
#include "base/buf.h"
#include "codec/json.h"
#include "ui/chart.h"

/* New reference, or NULL when there is no memory. */
json_t *rank_json(const struct votes *votes, const struct ranking *r);
/* What it means in plain sentences; those before `head` stand over the table. */
MUST bool rank_say(struct arena *arena, const struct votes *votes, const struct ranking *r,
                   struct sayings *out);
/* A model's name fit to be shown; "3", or "1-3" for a set of places. In the arena. */
const char *rank_name(struct arena *arena, struct span name);
const char *rank_places(struct arena *arena, const struct ranked *m);
/* The whole of it for a terminal: the sentences, with the table between them. */
MUST bool rank_text(struct arena *arena, const struct votes *votes, const struct ranking *r, struct buf *out,
                    struct err *err);
MUST bool rank_csv(const struct ranking *r, struct buf *out, struct err *err);
/* The board as a picture of its own (SVG), the first of its models when there are many. */
MUST bool rank_svg(struct arena *arena, const struct ranking *r, struct buf *out, struct err *err);
/* Its rows for ui/chart.h, with the sentence beside the picture: the same in file and page. */
MUST bool rank_chart(struct arena *arena, const struct ranking *r, struct intervals *out, struct err *err);
/* What rank_json wrote, back into what the drawings need: no fit, no covariance. `votes` gets the counts that
 * are shown. Refuses what rank_json cannot have written (E_FORMAT). */
MUST bool rank_from_json(struct arena *arena, const json_t *o, struct votes *votes, struct ranking *out,
                         struct err *err);
/* What the readers and the fit have to say, each a whole sentence, into r->warning. */
MUST bool rank_warnings(struct arena *arena, const struct votes *votes, struct ranking *r, struct err *err);
/* "fastchat", "csv", …: stable, for --json. */
const char *rank_format_name(enum votes_format format);
#endif
