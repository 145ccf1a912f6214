/* The moderator's side. What the board answers is from outside like everything else, so it is read strictly;
 * the words of members in it are shown as text and never obeyed. */
#include "speak/moderate_desk.h"

#include "anon/item.h"
#include "anon/moderation_send.h"
#include "anon/turn.h"
#include "base/vec.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/scan.h"
#include "crypt/secret.h"
#include "speak/board_keep.h"
#include "speak/board_words.h"
#include "speak/post.h"

#include "base/banned.h"

enum { NOTE_MOST = 4 * FLAG_NOTE, COUNT_MOST = 1000000 };

/* Reading ----------------------------------------------------------------------------------------------- */
static bool read_notes(const json_t *o, struct arena *arena, struct desk_flagged *out, struct err *err)
{
    const json_t *list, *v;
    size_t i;
    if (!json_get_array(o, "notes", DESK_NOTES, &list, err))
        return false;
    out->note = arena_array(arena, json_array_size(list) + 1, sizeof *out->note);
    if (!out->note)
        return fail_memory(err);
    json_array_foreach(list, i, v)
    {
        struct span note = {json_string_value(v), json_string_length(v)};
        if (!json_is_string(v) || note.n > NOTE_MOST)
            return fail(err, E_FORMAT,
                        tr("err.mod.desk", "What the board sent for the moderators is not of its form."));
        struct span kept = arena_span(arena, note);
        if (!kept.p)
            return fail_memory(err);
        out->note[out->notes++] = kept;
    }
    return true;
}

static bool read_flagged(const json_t *o, struct arena *arena, struct moderate_desk *out, struct err *err)
{
    static const char *const keys[] = {"harm", "name", "notes", "other", "spam", "target", NULL};
    struct desk_flagged *f = VEC_PUSH(arena, &out->flagged);
    if (!f)
        return fail_memory(err);
    *f = (struct desk_flagged){0};
    if (!canon_only(o, keys, err) || !canon_hex(o, "target", f->target, 16, err))
        return false;
    for (int i = 0; i < FLAG_REASONS; i++)
        if (!json_get_int(o, flag_name((enum flag_reason)i), 0, COUNT_MOST, &f->n[i], err))
            return false;
    return read_notes(o, arena, f, err);
}

/* A post that waits: its signature is held like that of any item. */
static bool read_held(const json_t *o, struct arena *arena, struct moderate_desk *out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    AUTO_ITEM struct item item = {0};
    struct problem p = {0};
    struct span text;
    struct desk_held *held = VEC_PUSH(arena, &out->held);
    buf_init(&bytes, ITEM_LARGE);
    if (!held)
        return fail_memory(err);
    if (!canon_write(o, &bytes, err))
        return false;
    if (!item_read(buf_span(&bytes), &item, &p, err) || !span_is(item.kind, "reply") ||
        !reply_check(item.act, held->thread, &text, err))
        return err->code != E_NONE
                   ? false
                   : fail(err, E_FORMAT,
                          tr("err.mod.desk", "What the board sent for the moderators is not of "
                                             "its form."));
    memcpy(held->id, item.id, sizeof held->id);
    held->text = arena_span(arena, text);
    return held->text.p || fail_memory(err);
}

bool desk_read(struct span json, struct arena *arena, struct moderate_desk *out, struct err *err)
{
    static const char *const keys[] = {"flags", "held", "v", NULL};
    AUTO_JSON json_t *o = NULL;
    const json_t *list, *v;
    int64_t version;
    size_t i;
    *out = (struct moderate_desk){0};
    if (!canon_read(span_trim(json), MODERATION_DESK, &o, err) || !canon_only(o, keys, err) ||
        !json_get_int(o, "v", 1, 1, &version, err) || !json_get_array(o, "flags", DESK_FLAGGED, &list, err))
        return false;
    json_array_foreach(list, i, v)
    {
        if (!read_flagged(v, arena, out, err))
            return false;
    }
    if (!json_get_array(o, "held", DESK_HELD, &list, err))
        return false;
    json_array_foreach(list, i, v)
    {
        if (!read_held(v, arena, out, err))
            return false;
    }
    return true;
}

bool desk_load(struct db *db, struct arena *arena, struct moderate_desk *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct moderate_desk){0};
    if (!db_query(db, &q, err, "select at, json from moderate_desk where id = 1"))
        return false;
    if (db_next(q, &inner)) {
        if (!desk_read(db_text(q, 1), arena, out, err))
            return false;
        out->at = db_int(q, 0);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    return moderate_open(db, arena, &out->open, err);
}

/* Asking ------------------------------------------------------------------------------------------------ */
static bool need_key(struct app *app, struct moderate_self *self, struct err *err)
{
    bool there;
    return moderate_self_load(app->db, app->arena, self, &there, err) &&
           (there ||
            fail(err, E_MISSING,
                 tr("err.mod.no_key", "This computer has no moderator's key. `respite moderate --key "
                                      "NAME` makes one, and whoever runs the lab puts it into the "
                                      "record.")));
}

static bool fetch_with(struct app *app, const struct known *known, const struct moderate_self *self,
                       struct err *err)
{
    AUTO_BUF struct buf json;
    struct moderate_desk desk;
    buf_init(&json, MODERATION_DESK);
    return moderation_fetch(app->db, known, &self->key, app->now, &json, err) &&
           desk_read(buf_span(&json), app->arena, &desk, err) &&
           db_run(
               app->db, err,
               "insert into moderate_desk(id, at, json) values (1, $1, $2) on conflict(id) do update set at "
               "= $1, json = $2",
               V_INT(app->now), V_TEXT(span_trim(buf_span(&json))));
}

bool desk_fetch(struct app *app, const struct known *known, struct err *err)
{
    struct moderate_self self;
    int items;
    if (!need_key(app, &self, err))
        return false;
    bool ok =
        turn_look(app, known, &items, err) && board_keep(app->db, err) && turn_take(app, TURN_SECONDS, err);
    if (ok) {
        ok = fetch_with(app, known, &self, err);
        turn_end();
    }
    secret_wipe(&self.key, sizeof self.key);
    return ok;
}

/* Deciding ---------------------------------------------------------------------------------------------- */
bool desk_can_mute(struct db *db, struct arena *arena, const uint8_t id[static 16], bool *yes,
                   struct err *err)
{
    struct board_words words;
    bool there;
    if (!board_words(db, arena, id, &words, &there, err))
        return false;
    *yes = !there || words.of == WORDS_POST; /* one that is held back is not here */
    return true;
}

static bool fits(struct app *app, const struct desk_decision *decision, struct err *err)
{
    bool yes = true;
    if (decision->act == MODERATION_MUTE && !desk_can_mute(app->db, app->arena, decision->target, &yes, err))
        return false;
    return yes ||
           fail(err, E_REFUSED,
                tr("err.mod.no_thread", "A made-up name is muted in a thread, and a circle has none. Its "
                                        "words can be hidden."));
}

static bool signed_for(struct app *app, const struct known *known, const struct desk_decision *decision,
                       struct moderation *m, struct err *err)
{
    struct moderate_self self;
    struct moderate_state state;
    AUTO_BUF struct buf reason;
    buf_init(&reason, 1 << 16);
    if (decision->reason.n > MODERATION_BODY || !plain_tidy(decision->reason, false, &reason, err))
        return err->code != E_NONE ? false : moderation_reason_good(decision->reason, err);
    *m = (struct moderation){.act = decision->act,
                             .reason = arena_span(app->arena, reason.n ? buf_span(&reason) : SPAN(""))};
    memcpy(m->target, decision->target, sizeof m->target);
    if (!m->reason.p)
        return fail_memory(err);
    if (!moderation_reason_good(m->reason, err) || !board_keep(app->db, err) || !fits(app, decision, err) ||
        !moderate_state(app->db, app->arena, m->target, &state, err) || !need_key(app, &self, err))
        return false;
    m->prev = state.last;
    bool ok = moderation_sign(m, span_of(known->board_origin), &self.key, err);
    secret_wipe(&self.key, sizeof self.key);
    return ok;
}

bool desk_decide(struct app *app, const struct known *known, const struct desk_decision *decision,
                 int64_t *index, struct err *err)
{
    struct moderation m;
    struct err why = {0};
    int items;
    if (!signed_for(app, known, decision, &m, err) || !turn_take(app, TURN_SECONDS, err))
        return false;
    bool sent = moderation_send(app->db, known, &m, index, err);
    turn_end();
    /* So that the next decision is made for what stands now, also when another moderator was faster. */
    if (sent || err->code == E_BUSY) {
        bool looked = turn_look(app, known, &items, &why) && board_keep(app->db, &why);
        (void)looked;
    }
    return sent;
}

bool desk_decision_read(struct arena *arena, struct span text, struct desk_decision *out, struct err *err)
{
    struct span act, hex;
    if (!span_cut(&text, ' ', &act) || !moderation_named(act, &out->act) || !span_cut(&text, ' ', &hex) ||
        !item_hex_read(hex, out->target))
        return fail(err, E_FORMAT, tr("err.mod.do", "A decision is one of hide, show, mute, drop."));
    out->reason = arena_span(arena, text);
    return out->reason.p || fail_memory(err);
}

bool errand_desk_look(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    (void)argument, (void)answer;
    return known_load(app->db, app->arena, &known, err) && (!known || desk_fetch(app, known, err));
}

bool errand_desk_decide(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    struct desk_decision decision;
    int64_t index;
    struct err why = {0};
    (void)answer;
    if (!known_load(app->db, app->arena, &known, err) || !known ||
        !desk_decision_read(app->arena, span_of(argument), &decision, err) ||
        !desk_decide(app, known, &decision, &index, err))
        return !err->code;
    bool looked = desk_fetch(app, known, &why);
    (void)looked;
    return true;
}
