/* The two pieces of bytes of a kept board. models: of each, its length (2 bytes), its name, its strength (8
 * bytes; NaN: not rated). pairs: of each, its two models and four counts, as numbers of variable length. Both
 * are looked through when they are read: a damaged row is refused. */
#include "arena/kept.h"

#include <math.h>

#include "arena/rank_draw.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/wire.h"

#include "base/banned.h"

enum { BYTES_MOST = 1 << 30 };

static bool damaged(const char *name, struct err *err)
{
    return fail(err, E_FORMAT, tr("err.arena.kept", "The kept board “%.100s” is damaged and cannot be used."),
                name);
}

static bool take(struct span *in, void *to, size_t n)
{
    if (in->n < n)
        return false;
    memcpy(to, in->p, n);
    *in = span_from(*in, n);
    return true;
}

static bool models_read(struct span in, struct arena *arena, const char *board, struct votes *v,
                        double **start, struct err *err)
{
    size_t room = in.n / 10 + 1;
    *start = arena_array(arena, room, sizeof **start);
    if (!*start)
        return fail_memory(err);
    while (in.n) {
        uint16_t length;
        uint32_t number;
        if (!take(&in, &length, sizeof length) || in.n < length)
            return damaged(board, err);
        struct span name = span_first(in, length);
        in = span_from(in, length);
        double strength;
        size_t before = v->models.n;
        if (!take(&in, &strength, sizeof strength))
            return damaged(board, err);
        if (!labels_at(&v->models, name, &number, err))
            return false;
        if (number != before)
            return damaged(board, err);
        (*start)[number] = strength;
    }
    return true;
}

static bool pairs_read(struct span in, const char *board, struct votes *v, struct err *err)
{
    while (in.n) {
        uint64_t n[6];
        for (int k = 0; k < 6; k++)
            if (!wire_varint(&in, &n[k]) || n[k] > (k < 2 ? v->models.n - 1 : INT64_MAX / 8))
                return damaged(board, err);
        if (n[0] >= n[1])
            return damaged(board, err);
        struct pair_votes p = {
            (uint32_t)n[0], (uint32_t)n[1], {(int64_t)n[2], (int64_t)n[3], (int64_t)n[4], (int64_t)n[5]}};
        if (!votes_add_pair(v, &p))
            return fail_memory(err);
    }
    return true;
}

static void pairs_write(const struct votes *v, struct buf *out)
{
    for (size_t p = 0; p < v->pairs; p++) {
        wire_put_varint(out, v->pair[p].i);
        wire_put_varint(out, v->pair[p].j);
        for (int y = 0; y < 4; y++)
            wire_put_varint(out, (uint64_t)v->pair[p].count[y]);
    }
}

bool kept_load(struct db *db, struct arena *arena, const char *name, day_t day, struct votes *v,
               double **start, struct rank_ask *ask, bool *found, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *found = false;
    *start = NULL;
    if (!db_query(db, &q, err,
                  "select ties, bad_is_tie, models, pairs from arena_board where name = $1 and day <= $2 "
                  "order by day desc limit 1",
                  V_STR(name), V_INT(day)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    int64_t ties = db_int(q, 0);
    if (ties < BT_HALF || ties > BT_RAO_KUPPER)
        return damaged(name, err);
    ask->ties = (enum bt_ties)ties;
    ask->bad_is_tie = db_int(q, 1) != 0;
    *found = true;
    return models_read(db_text(q, 2), arena, name, v, start, err) && pairs_read(db_text(q, 3), name, v, err);
}

struct save {
    const char *name;
    day_t day;
    const struct votes *v;
    const struct ranking *r;
    struct span models, pairs, made;
};

static bool save(struct db *db, void *arg, struct err *err)
{
    const struct save *s = arg;
    return db_run(db, err, "delete from arena_board where name = $1 and day = $2", V_STR(s->name),
                  V_INT(s->day)) &&
           db_run(db, err,
                  "insert into arena_board(name, day, ties, bad_is_tie, votes, models, pairs, made) values "
                  "($1, $2, $3, $4, $5, $6, $7, $8)",
                  V_STR(s->name), V_INT(s->day), V_INT(s->r->ask.ties), V_INT(s->r->ask.bad_is_tie),
                  V_INT((int64_t)s->v->kept), V_BLOB(s->models), V_BLOB(s->pairs), V_TEXT(s->made));
}

bool kept_save(struct db *db, struct arena *arena, const char *name, day_t day, const struct votes *v,
               const struct ranking *r, struct err *err)
{
    AUTO_BUF struct buf models;
    AUTO_BUF struct buf pairs;
    AUTO_BUF struct buf made;
    AUTO_JSON json_t *o = r->ask.no_sets ? NULL : rank_json(v, r);
    (void)arena;
    buf_init(&models, BYTES_MOST);
    buf_init(&pairs, BYTES_MOST);
    buf_init(&made, BYTES_MOST);
    pairs_write(v, &pairs);
    for (size_t i = 0; i < v->models.n; i++) {
        uint16_t length = (uint16_t)v->models.text[i].n;
        uint32_t k = r->fit_of[i];
        double strength = k == UINT32_MAX ? NAN : r->fit.at[k];
        buf_add(&models, span_bytes(&length, sizeof length));
        buf_add(&models, v->models.text[i]);
        buf_add(&models, span_bytes(&strength, sizeof strength));
    }
    if (!buf_ok(&models, err) || !buf_ok(&pairs, err) ||
        (!r->ask.no_sets && !json_write_exact(o, &made, err)))
        return false;
    struct save s = {name, day, v, r, buf_span(&models), buf_span(&pairs), buf_span(&made)};
    return db_write(db, save, &s, err);
}

static bool rows(struct stmt *q, struct arena *arena, struct kept_rows *out, struct err *err)
{
    while (db_next(q, err)) {
        struct kept_row *row = VEC_PUSH(arena, out);
        if (!row || !(row->name = arena_text(arena, db_text(q, 0))))
            return fail_memory(err);
        row->day = (day_t)db_int(q, 1);
        row->votes = db_int(q, 2);
    }
    return err->code == E_NONE;
}

bool kept_list(struct db *db, struct arena *arena, struct kept_rows *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    return db_query(db, &q, err, "select name, day, votes from arena_board order by name, day desc") &&
           rows(q, arena, out, err);
}

bool kept_days(struct db *db, struct arena *arena, const char *name, struct kept_rows *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    return db_query(db, &q, err, "select name, day, votes from arena_board where name = $1 order by day desc",
                    V_STR(name)) &&
           rows(q, arena, out, err);
}
