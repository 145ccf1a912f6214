/* A kept board as it was shown. Rows from before boards were kept that way are worked out again. */
#include "arena/kept.h"
#include "arena/rank_draw.h"
#include "base/vec.h"
#include "base/words.h"

#include "base/banned.h"

enum { BYTES_MOST = 1 << 30 };

/* From its counts. */
static bool anew(struct db *db, struct arena *arena, const struct kept_row *row, struct span *json,
                 struct err *err)
{
    struct votes AUTO_VOTES v = {0};
    struct rank_ask ask = {.seed = 1};
    struct ranking r;
    double *start;
    bool found;
    AUTO_BUF struct buf text;
    buf_init(&text, BYTES_MOST);
    if (!votes_begin(&v, arena, &(struct votes_ask){0}, err) ||
        !kept_load(db, arena, row->name, row->day, &v, &start, &ask, &found, err) ||
        !rank_make(arena, &v, &ask, &r, err))
        return false;
    AUTO_JSON json_t *o = rank_json(&v, &r);
    if (!json_write_exact(o, &text, err))
        return false;
    *json = arena_span(arena, buf_span(&text));
    return json->p || fail_memory(err);
}

bool kept_made(struct db *db, struct arena *arena, const char *name, day_t day, struct kept_row *row,
               struct votes *votes, struct ranking *out, struct span *json, bool *found, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *o = NULL;
    *found = false;
    if (!db_query(db, &q, err,
                  "select day, votes, made from arena_board where name = $1 and day <= $2 order by day desc "
                  "limit 1",
                  V_STR(name), V_INT(day)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    *row = (struct kept_row){arena_text(arena, span_of(name)), (day_t)db_int(q, 0), db_int(q, 1)};
    *json = arena_span(arena, db_text(q, 2));
    if (!row->name || (db_text(q, 2).n && !json->p))
        return fail_memory(err);
    if (json->n == 0 && !anew(db, arena, row, json, err))
        return false;
    *found = true;
    return json_read(*json, BYTES_MOST, tr("arena.kept.what", "The kept board"), &o, err) &&
           rank_from_json(arena, o, votes, out, err);
}
