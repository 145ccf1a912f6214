#ifndef SPEAK_DRAFTS_H
#define SPEAK_DRAFTS_H
/* Notes: what a person wrote and did not post, kept on this computer alone. */
#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "io/db.h"

/* Migration of the room "speak": `{n, NODE, DRAFT_TABLES}`. thread: the one it would answer, or null. */
#define DRAFT_TABLES \
    "create table draft(id integer primary key, day integer not null, text text not null, part text not " \
    "null, thread blob)"

enum { DRAFT_MOST = 64 * 1024 /* bytes */, DRAFTS_MOST = 500 };
struct draft {
    int64_t id;
    day_t day;
    struct span text, part;
    bool is_reply;
    uint8_t thread[16];
};
struct drafts {
    struct draft *at;
    size_t n, room;
};
/* `id` 0: a new one, else that one is written anew. *out is its number. E_LIMIT, E_FORMAT (no text, no
 * UTF-8). */
MUST bool draft_put(struct db *db, const struct draft *draft, int64_t *out, struct err *err);
/* Newest first; `id`: that one, or -1 for all. */
MUST bool drafts_list(struct db *db, struct arena *arena, int64_t id, struct drafts *out, struct err *err);
MUST bool draft_drop(struct db *db, int64_t id, bool *there, struct err *err);
#endif
