/* What changed on a kept board beyond chance. Each board has a base, the day it is compared with; the test
 * holds however often one looks (num/always.h), and a change that is told makes its day the new base. */
#include "arena/compare.h"
#include "arena/kept.h"
#include "base/vec.h"
#include "io/sched.h"

#include "base/banned.h"

static bool load(struct db *db, struct arena *arena, const char *name, day_t day, struct votes *v,
                 struct rank_ask *ask, struct err *err)
{
    double *start;
    bool found;
    *ask = (struct rank_ask){.seed = 1};
    return votes_begin(v, arena, &(struct votes_ask){0}, err) &&
           kept_load(db, arena, name, day, v, &start, ask, &found, err);
}

bool kept_compare(struct db *db, struct arena *arena, const char *name, day_t old_day, day_t new_day,
                  struct votes *old, struct votes *new, struct comparison *out, struct err *err)
{
    struct compare_ask ask = {.method_known = true};
    return load(db, arena, name, old_day, old, &ask.old, err) &&
           load(db, arena, name, new_day, new, &ask.new, err) &&
           compare_make(arena, old, new, &ask, out, err);
}

struct watch {
    struct told told;
    int64_t now;
    bool any; /* something changed */
};

/* "name\n20000": what a change is held under. */
static const char *key_of(struct arena *arena, const struct told *t)
{
    return arena_printf(arena, "%s\n%d", t->name, (int)t->day);
}

static bool tell(struct db *db, void *arg, struct err *err)
{
    const struct watch *w = arg;
    const struct told *t = &w->told;
    if (!db_run(db, err,
                "insert into arena_base(name, day) values ($1, $2) on conflict(name) do update set day = "
                "excluded.day",
                V_STR(t->name), V_INT(t->day)) ||
        !w->any)
        return err->code == E_NONE;
    struct arena *AUTO_ARENA own = arena_new();
    const char *key = key_of(own, t);
    if (!key)
        return fail_memory(err);
    return db_run(db, err, "delete from arena_change where name = $1 and day = $2", V_STR(t->name),
                  V_INT(t->day)) &&
           db_run(db, err,
                  "insert into arena_change(name, day, base, moved, models) values ($1, $2, $3, $4, $5)",
                  V_STR(t->name), V_INT(t->day), V_INT(t->base), V_INT(t->moved), V_INT(t->models)) &&
           held_receive(db, "arena", span_of(key), w->now, err);
}

bool kept_watch(struct db *db, struct arena *arena, const char *name, day_t day, int64_t now, struct err *err)
{
    struct votes AUTO_VOTES old = {0};
    struct votes AUTO_VOTES new = {0};
    struct comparison c;
    struct err inner = {0};
    struct watch w = {.told = {.name = name, .day = day}, .now = now};
    int64_t base;
    if (!db_number(db, &base, INT64_MIN, err, "select day from arena_base where name = $1", V_STR(name)))
        return false;
    if (base == day)
        return true;
    if (base != INT64_MIN && !kept_compare(db, arena, name, (day_t)base, day, &old, &new, &c, &inner)) {
        if (inner.code != E_FORMAT) /* a base with nothing on it is one no longer */
            return fail(err, inner.code, "%s", inner.text);
    } else if (base != INT64_MIN) {
        size_t ready = 0;
        for (size_t i = 0; i < c.n; i++) {
            w.told.moved += c.at[i].significant;
            ready += compare_enough(&c, &c.at[i]);
        }
        w.any = w.told.moved > 0 || c.swaps_significant > 0;
        w.told.models = (int64_t)c.n;
        w.told.base = (day_t)base;
        if (!w.any && ready >= 2) /* else the base has too few votes to be one */
            return true;
    }
    return db_write(db, tell, &w, err);
}

bool kept_told(struct db *db, struct arena *arena, int64_t since, struct tolds *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(
            db, &q, err,
            "select name, day, base, moved, models from arena_change order by day desc, name limit 1000"))
        return false;
    while (db_next(q, err)) {
        struct told t = {arena_text(arena, db_text(q, 0)), (day_t)db_int(q, 1), (day_t)db_int(q, 2),
                         db_int(q, 3), db_int(q, 4)};
        const char *key = t.name ? key_of(arena, &t) : NULL;
        bool now;
        if (!key)
            return fail_memory(err);
        if (!held_since(db, "arena", span_of(key), since, &now, err))
            return false;
        struct told *at = now ? VEC_PUSH(arena, out) : NULL;
        if (now && !at)
            return fail_memory(err);
        if (now)
            *at = t;
    }
    return err->code == E_NONE;
}
