/* The last screen of a board's votes, a row a board. */
#include "arena/screen_kept.h"

#include "base/words.h"

#include "base/banned.h"

enum { BYTES_MOST = 64 << 20 };

struct keep {
    const char *name;
    day_t day;
    struct span made;
};

static bool keep(struct db *db, void *arg, struct err *err)
{
    const struct keep *k = arg;
    return db_run(
        db, err,
        "insert into arena_screen(name, day, made) values ($1, $2, $3) on conflict(name) do update set "
        "day = excluded.day, made = excluded.made",
        V_STR(k->name), V_INT(k->day), V_TEXT(k->made));
}

bool screen_keep(struct db *db, const char *name, day_t day, const struct screening *s, struct err *err)
{
    AUTO_JSON json_t *o = screen_json(s);
    AUTO_BUF struct buf made;
    buf_init(&made, BYTES_MOST);
    if (!json_write_exact(o, &made, err))
        return false;
    struct keep k = {name, day, buf_span(&made)};
    return db_write(db, keep, &k, err);
}

bool screen_is_kept(struct db *db, const char *name, bool *out, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from arena_screen where name = $1", V_STR(name)))
        return false;
    *out = n > 0;
    return true;
}

bool screen_kept(struct db *db, const char *name, day_t *day, json_t **out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = NULL;
    if (!db_query(db, &q, err, "select day, made from arena_screen where name = $1", V_STR(name)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    *day = (day_t)db_int(q, 0);
    return json_read(db_text(q, 1), BYTES_MOST, tr("arena.kept.screen", "The kept screen"), out, err);
}
