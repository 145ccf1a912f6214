/* Decisions of moderators as bytes. Node, board and whoever verifies the record read and check them with
 * this code; the entry in the record is the body without "lab" and "v", which whoever checks puts back. */
#include "anon/moderation.h"

#include "anon/item.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"

#include "base/banned.h"

#define TIME_END ((int64_t)1 << 40)
#define PREFIX "respite/moderation/v1\n"

static const char *const names[MODERATION_DOS] = {"hide", "show", "mute", "drop"};

const char *moderation_name(enum moderation_do act)
{
    return names[act];
}

bool moderation_named(struct span name, enum moderation_do *out)
{
    for (int i = 0; i < MODERATION_DOS; i++)
        if (span_is(name, names[i])) {
            *out = (enum moderation_do)i;
            return true;
        }
    return false;
}

bool moderation_reason_good(struct span reason, struct err *err)
{
    if (span_trim(reason).n == 0)
        return fail(err, E_FORMAT,
                    tr("err.mod.no_reason", "A decision needs a reason: one line that everybody can read."));
    if (plain_json_size(reason) > MODERATION_REASON)
        return fail(err, E_LIMIT,
                    tr("err.mod.reason_long", "The reason takes more than %d bytes. Please make it shorter."),
                    MODERATION_REASON);
    return plain_ok(reason, false, err);
}

/* Writing -------------------------------------------------------------------------------------------- */
bool moderation_put(json_t *o, const struct moderation *m)
{
    char hex[33];
    item_hex(m->target, hex);
    return json_object_set_new(o, "do", json_string(names[m->act])) == 0 &&
           json_object_set_new(o, "target", json_string(hex)) == 0 &&
           json_object_set_new(o, "prev", json_integer(m->prev)) == 0 &&
           json_object_set_new(o, "reason", json_stringn(m->reason.n ? m->reason.p : "", m->reason.n)) == 0 &&
           canon_put_b64(o, "pk", m->pk, sizeof m->pk);
}

static bool put_lab(json_t *o, struct span lab)
{
    return json_object_set_new(o, "lab", json_stringn(lab.p, lab.n)) == 0 &&
           json_object_set_new(o, "v", json_integer(1)) == 0;
}

/* What is signed: the prefix, then the object as it is so far. */
static bool signed_text(const json_t *o, struct buf *out, struct err *err)
{
    buf_add_text(out, PREFIX);
    return canon_write(o, out, err) && buf_ok(out, err);
}

static bool decision_text(const struct moderation *m, struct span lab, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_object();
    if (!o || !moderation_put(o, m) || !put_lab(o, lab))
        return fail_memory(err);
    return signed_text(o, out, err);
}

bool moderation_sign(struct moderation *m, struct span lab, const struct sign_key *key, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, MODERATION_BODY);
    sign_public(key, m->pk);
    if (!decision_text(m, lab, &text, err))
        return false;
    sign(key, buf_span(&text), m->sig);
    return true;
}

bool moderation_good(const struct moderation *m, struct span lab, bool *good, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, MODERATION_BODY);
    if (!decision_text(m, lab, &text, err))
        return false;
    *good = sign_good(m->pk, buf_span(&text), m->sig);
    return true;
}

bool moderation_write(const struct moderation *m, struct span lab, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_object();
    if (!o || !moderation_put(o, m) || !put_lab(o, lab) || !canon_put_b64(o, "sig", m->sig, sizeof m->sig))
        return fail_memory(err);
    return canon_write(o, out, err) && buf_ok(out, err);
}

/* Reading -------------------------------------------------------------------------------------------- */
bool moderation_get(const json_t *o, struct moderation *out, struct err *err)
{
    struct span act;
    struct moderation m;
    if (!json_get_text(o, "do", 4, &act, err) || !canon_hex(o, "target", m.target, sizeof m.target, err) ||
        !json_get_int(o, "prev", -1, CANON_END - 1, &m.prev, err) ||
        !json_get_text(o, "reason", MODERATION_REASON, &m.reason, err) ||
        !moderation_reason_good(m.reason, err) || !canon_b64(o, "pk", m.pk, sizeof m.pk, err) ||
        !canon_b64(o, "sig", m.sig, sizeof m.sig, err))
        return false;
    if (!moderation_named(act, &m.act))
        return fail(err, E_FORMAT, tr("err.mod.do", "A decision is one of hide, show, mute, drop."));
    *out = m;
    return true;
}

static bool get_lab(const json_t *o, struct span *lab, struct err *err)
{
    int64_t v;
    return json_get_int(o, "v", 1, 1, &v, err) && json_get_text(o, "lab", 128, lab, err);
}

bool moderation_read(const json_t *o, struct moderation *out, struct span *lab, struct err *err)
{
    static const char *const keys[] = {"do", "lab", "pk", "prev", "reason", "sig", "target", "v", NULL};
    return canon_only(o, keys, err) && get_lab(o, lab, err) && moderation_get(o, out, err);
}

/* Asking --------------------------------------------------------------------------------------------- */
static bool ask_text(struct span lab, const struct moderation_ask *ask, json_t **out, struct buf *text,
                     struct err *err)
{
    json_t *o = json_pack("{s:I,s:s}", "at", (json_int_t)ask->at, "do", "read");
    *out = o;
    if (!o || !canon_put_b64(o, "pk", ask->pk, sizeof ask->pk) || !put_lab(o, lab))
        return fail_memory(err);
    return signed_text(o, text, err);
}

bool moderation_ask_write(struct span lab, int64_t at, const struct sign_key *key, struct buf *out,
                          struct err *err)
{
    struct moderation_ask ask = {.at = at};
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf text;
    buf_init(&text, MODERATION_BODY);
    sign_public(key, ask.pk);
    if (!ask_text(lab, &ask, &o, &text, err))
        return false;
    sign(key, buf_span(&text), ask.sig);
    if (!canon_put_b64(o, "sig", ask.sig, sizeof ask.sig))
        return fail_memory(err);
    return canon_write(o, out, err) && buf_ok(out, err);
}

bool moderation_ask_read(const json_t *o, struct span lab, struct moderation_ask *out, bool *good,
                         struct err *err)
{
    static const char *const keys[] = {"at", "do", "lab", "pk", "sig", "v", NULL};
    AUTO_JSON json_t *again = NULL;
    AUTO_BUF struct buf text;
    struct span said, act;
    buf_init(&text, MODERATION_BODY);
    if (!canon_only(o, keys, err) || !get_lab(o, &said, err) || !json_get_text(o, "do", 4, &act, err) ||
        !json_get_int(o, "at", 0, TIME_END, &out->at, err) || !canon_b64(o, "pk", out->pk, 32, err) ||
        !canon_b64(o, "sig", out->sig, 64, err))
        return false;
    if (!span_is(act, "read"))
        return fail(err, E_FORMAT, tr("err.mod.do", "A decision is one of hide, show, mute, drop."));
    if (!ask_text(lab, out, &again, &text, err))
        return false;
    *good = span_eq(said, lab) && sign_good(out->pk, buf_span(&text), out->sig);
    return true;
}
