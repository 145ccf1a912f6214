/* Own numbers for Help now: a few rows. A number is whatever the person would type or dial: "Lin, ext. 4411"
 * is one as good as any, so that nothing is refused but what cannot be seen and what is too long. */
#include "speak/help_own.h"

#include "base/vec.h"
#include "base/words.h"
#include "codec/plain.h"

#include "base/banned.h"

bool help_own_list(struct db *db, struct arena *arena, struct help_owns *out, struct err *err)
{
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct help_owns){0};
    if (!db_query(db, &q, err, "select id, name, number from help_own order by id"))
        return false;
    while (db_next(q, &inner)) {
        struct help_own *one = VEC_PUSH(arena, out);
        if (!one)
            return fail_memory(err);
        *one = (struct help_own){db_int(q, 0), arena_span(arena, db_text(q, 1)),
                                 arena_span(arena, db_text(q, 2))};
        if (!one->name.p || !one->number.p)
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

struct putting {
    struct span name, number;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    const struct putting *p = arg;
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from help_own"))
        return false;
    if (n >= HELP_OWN_MOST)
        return fail(err, E_USAGE,
                    tr("err.help.own_many", "There are %d numbers here. Remove one to keep another."),
                    HELP_OWN_MOST);
    return db_run(db, err, "insert into help_own(name, number) values ($1, $2)", V_TEXT(p->name),
                  V_TEXT(p->number));
}

bool help_own_put(struct db *db, struct span name, struct span number, struct err *err)
{
    AUTO_BUF struct buf tidy_name, tidy_number;
    buf_init(&tidy_name, PLAIN_MOST);
    buf_init(&tidy_number, PLAIN_MOST);
    if (!plain_tidy(name.p ? name : SPAN(""), false, &tidy_name, err) ||
        !plain_tidy(number.p ? number : SPAN(""), false, &tidy_number, err) || !buf_ok(&tidy_name, err) ||
        !buf_ok(&tidy_number, err))
        return false;
    if (tidy_number.n == 0 || tidy_number.n > HELP_OWN_NUMBER || tidy_name.n > HELP_OWN_NAME)
        return fail(err, E_USAGE,
                    tr("err.help.own", "To keep one, a number is needed; number and name take at most %d "
                                       "bytes each."),
                    HELP_OWN_NUMBER);
    struct putting p = {buf_span(&tidy_name), buf_span(&tidy_number)};
    return db_write(db, put_work, &p, err);
}

static bool drop_work(struct db *db, void *arg, struct err *err)
{
    return db_run(db, err, "delete from help_own where id = $1", V_INT(*(const int64_t *)arg));
}

bool help_own_drop(struct db *db, int64_t id, struct err *err)
{
    return db_write(db, drop_work, &id, err);
}
