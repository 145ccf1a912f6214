/* A counsellor's two requests: hours, signed and sent; and who took a time. */
#include "anon/hours.h"
#include "anon/hours_send.h"
#include "base/words.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "speak/box_key.h"
#include "speak/counsel_lab.h"
#include "speak/counsel_own.h"

#include "base/banned.h"

enum { MINUTE = 60, WEEKS_BACK = 9, WEEKS_MOST = 16 };

static bool via_of(struct app *app, const char **out, struct err *err)
{
    if (!setting_get(app->db, app->arena, "via", "", out, err))
        return false;
    *out = **out ? *out : NULL;
    return true;
}

bool counsel_no_key(struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.counsel.no_key", "There is no counsellor's key on this computer yet: `respite "
                                         "counsel --key NAME --at ADDRESS` makes it."));
}

static bool need_key(struct app *app, struct counsel_self *self, struct own_key *own, struct err *err)
{
    bool there;
    if (!counsel_self_load(app, self, err) ||
        !own_key_load(app->db, app->arena, "counsellor", own, &there, err))
        return false;
    return (there && self->there) || counsel_no_key(err);
}

/* Hours -------------------------------------------------------------------------------------------------- */
struct signing {
    struct app *app;
    const struct counsel_self *self;
    const struct own_key *own;
    day_t week;
    struct hours h;
};

/* By the clock and above what was signed before, so that it rises also when this data was lost. */
static bool number_of(struct db *db, struct signing *s, struct err *err)
{
    int64_t before, by_clock = (s->app->now - epoch_start(s->week - WEEKS_BACK * EPOCH_NEXT)) / MINUTE;
    if (!db_number(db, &before, 0, err, "select n from counsel_week where week = $1", V_INT(s->week)))
        return false;
    s->h.n = by_clock > before ? by_clock : before + 1;
    return true;
}

static bool sign_work(struct db *db, void *arg, struct err *err)
{
    struct signing *s = arg;
    struct box_key box;
    s->h = (struct hours){.lab = span_of(s->self->origin), .week = s->week};
    for (size_t i = 0; i < s->self->times.n && s->h.slots < HOURS_SLOTS; i++) {
        const struct counsel_time *t = &s->self->times.at[i];
        if (epoch_of(t->begins) != s->week)
            continue;
        struct hours_slot *slot = &s->h.slot[s->h.slots++];
        *slot = (struct hours_slot){.from = t->begins, .to = t->until, .by = t->by};
        memcpy(slot->id, t->slot, sizeof slot->id);
    }
    if (!number_of(db, s, err) || !box_key_of(db, "counsellor", s->week, &box, err))
        return false;
    memcpy(s->h.box_pk, box.pk, sizeof s->h.box_pk);
    secret_wipe(box.secret, sizeof box.secret);
    return hours_sign(&s->h, &s->own->key, err) &&
           db_run(db, err, "update counsel_week set n = $2 where week = $1", V_INT(s->week), V_INT(s->h.n));
}

static bool body_of(const struct hours *h, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf record;
    buf_init(&record, HOURS_RECORD);
    if (!hours_write(h, &record, err))
        return false;
    buf_add_text(out, "{\"do\":\"hours\",\"hours\":");
    buf_add(out, buf_span(&record));
    buf_add_text(out, ",\"v\":1}");
    return buf_ok(out, err);
}

/* The number is on the disk before it leaves. What the board took is marked after its answer. */
static bool publish_week(struct signing *s, const char *via, struct err *err)
{
    AUTO_BUF struct buf body, answer;
    buf_init(&body, GUEST_BODY);
    buf_init(&answer, COUNSEL_DESK);
    return db_write(s->app->db, sign_work, s, err) && body_of(&s->h, &body, err) &&
           hours_post(s->app->db, via, s->self->board, buf_span(&body), COUNSEL_DESK, &answer, err) &&
           db_run(s->app->db, err, "update counsel_own set shown = 1 where week = $1", V_INT(s->week)) &&
           db_run(s->app->db, err, "update counsel_week set shown = 1 where week = $1", V_INT(s->week));
}

static bool weeks_due(struct app *app, day_t *week, size_t *n, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *n = 0;
    if (!db_query(app->db, &q, err,
                  "select week from counsel_week w where week >= $1 and (shown = 0 or exists (select 1 from "
                  "counsel_own o where o.week = w.week and o.shown = 0)) order by week",
                  V_INT(epoch_of(app->now))))
        return false;
    while (*n < WEEKS_MOST && db_next(q, &inner))
        week[(*n)++] = (day_t)db_int(q, 0);
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool counsel_publish(struct app *app, int *weeks, struct err *err)
{
    struct counsel_self self;
    struct own_key own;
    const char *via;
    day_t week[WEEKS_MOST];
    size_t n;
    *weeks = 0;
    bool ok = need_key(app, &self, &own, err) && via_of(app, &via, err) && weeks_due(app, week, &n, err);
    for (size_t i = 0; ok && i < n; i++) {
        struct signing s = {.app = app, .self = &self, .own = &own, .week = week[i]};
        ok = publish_week(&s, via, err);
        *weeks += ok;
    }
    secret_wipe(&own.key, sizeof own.key);
    return ok;
}

/* Who took one ------------------------------------------------------------------------------------------- */
bool counsel_fetch(struct app *app, struct err *err)
{
    struct counsel_self self;
    struct own_key own;
    const char *via;
    AUTO_BUF struct buf body, answer;
    buf_init(&body, GUEST_BODY);
    buf_init(&answer, COUNSEL_TAKEN);
    bool ok = need_key(app, &self, &own, err) && via_of(app, &via, err) &&
              guest_ask_write(&(struct guest_ask){.what = GUEST_READ, .at = app->now}, span_of(self.origin),
                              &own.key, &body, err) &&
              hours_post(app->db, via, self.board, buf_span(&body), COUNSEL_TAKEN, &answer, err) &&
              counsel_take(app, buf_span(&answer), err);
    secret_wipe(&own.key, sizeof own.key);
    return ok;
}
