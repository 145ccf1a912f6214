/* Hours as bytes. What is signed is the record without its signature; it names the lab, so that hours of one
 * lab are none in another, and a number, so that an older record of the week cannot come back. */
#include "anon/hours.h"

#include "anon/epoch.h"
#include "anon/item.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"

#include "base/banned.h"

enum { LAB_MOST = 256, MINUTE = 60 };
#define TIME_MOST ((int64_t)DAY_MAX * 86400)

static bool no_form(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.hours.form", "These are not the open hours of a counsellor."));
}

/* Times ---------------------------------------------------------------------------------------------- */
static bool slot_fits(const struct hours *h, size_t i, struct err *err)
{
    const struct hours_slot *s = &h->slot[i];
    int64_t begins = epoch_start(h->week);
    if (s->from < begins || s->from >= begins + EPOCH_SECONDS || s->from % MINUTE || s->to % MINUTE ||
        s->to <= s->from || s->to - s->from > HOURS_LONGEST)
        return fail(err, E_FORMAT,
                    tr("err.hours.time",
                       "A time begins within its week, on a whole minute, and has at most %d hours."),
                    HOURS_LONGEST / 3600);
    if (i > 0 && s->from < h->slot[i - 1].to)
        return fail(err, E_FORMAT, tr("err.hours.over", "Two of the times lie over one another."));
    for (size_t k = 0; k < i; k++)
        if (memcmp(h->slot[k].id, s->id, sizeof s->id) == 0)
            return no_form(err);
    if (span_trim(s->by).n == 0 || span_trim(s->by).n != s->by.n || s->by.n > HOURS_BY)
        return fail(err, E_FORMAT,
                    tr("err.hours.by",
                       "Say in one line of at most %d bytes how you meet: a telephone number, a room."),
                    HOURS_BY);
    return plain_ok(s->by, false, err);
}

static bool fits(const struct hours *h, struct err *err)
{
    for (size_t i = 0; i < h->slots; i++)
        if (!slot_fits(h, i, err))
            return false;
    return true;
}

/* Writing -------------------------------------------------------------------------------------------- */
static bool put_slots(json_t *o, const struct hours *h)
{
    json_t *list = json_array();
    bool done = list != NULL;
    for (size_t i = 0; done && i < h->slots; i++) {
        const struct hours_slot *s = &h->slot[i];
        char hex[33];
        item_hex(s->id, hex);
        json_t *one = json_pack("{s:s,s:I,s:I,s:o}", "id", hex, "from", (json_int_t)s->from, "to",
                                (json_int_t)s->to, "by", json_stringn(s->by.p, s->by.n));
        done = one && json_array_append_new(list, one) == 0;
    }
    if (done)
        return json_object_set_new(o, "slots", list) == 0;
    json_decref(list);
    return false;
}

static json_t *bare(const struct hours *h)
{
    char week[16];
    json_t *o = json_pack("{s:I,s:s,s:o}", "n", (json_int_t)h->n, "week", epoch_text(h->week, week), "lab",
                          json_stringn(h->lab.p, h->lab.n));
    if (o && canon_put_b64(o, "counsellor", h->counsellor, 32) && canon_put_b64(o, "box_pk", h->box_pk, 32) &&
        put_slots(o, h))
        return o;
    json_decref(o);
    return NULL;
}

static bool signed_text(const struct hours *h, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = bare(h);
    buf_add_text(out, "respite/hours/v1\n");
    return (o || fail_memory(err)) && canon_write(o, out, err) && buf_ok(out, err);
}

bool hours_sign(struct hours *h, const struct sign_key *key, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, HOURS_RECORD);
    sign_public(key, h->counsellor);
    if (!fits(h, err) || !signed_text(h, &text, err))
        return false;
    sign(key, buf_span(&text), h->sig);
    return true;
}

bool hours_good(const struct hours *h, bool *good, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, HOURS_RECORD);
    if (!signed_text(h, &text, err))
        return false;
    *good = sign_good(h->counsellor, buf_span(&text), h->sig);
    return true;
}

bool hours_write(const struct hours *h, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = bare(h);
    if (!o || !canon_put_b64(o, "sig", h->sig, sizeof h->sig))
        return fail_memory(err);
    return canon_write(o, out, err) && buf_ok(out, err);
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool get_slot(const json_t *o, struct hours_slot *s, struct err *err)
{
    static const char *const keys[] = {"by", "from", "id", "to", NULL};
    return canon_only(o, keys, err) && canon_hex(o, "id", s->id, sizeof s->id, err) &&
           json_get_int(o, "from", 0, TIME_MOST, &s->from, err) &&
           json_get_int(o, "to", 0, TIME_MOST, &s->to, err) && json_get_text(o, "by", HOURS_BY, &s->by, err);
}

bool hours_get(const json_t *o, struct hours *out, struct err *err)
{
    static const char *const keys[] = {"box_pk", "counsellor", "lab", "n", "sig", "slots", "week", NULL};
    struct hours h = {0};
    struct span week;
    const json_t *list, *one;
    size_t i;
    if (!canon_only(o, keys, err) || !canon_b64(o, "box_pk", h.box_pk, 32, err) ||
        !canon_b64(o, "counsellor", h.counsellor, 32, err) || !canon_b64(o, "sig", h.sig, 64, err) ||
        !json_get_text(o, "lab", LAB_MOST, &h.lab, err) ||
        !json_get_int(o, "n", 1, HOURS_N_MOST, &h.n, err) ||
        !json_get_text(o, "week", EPOCH_TEXT, &week, err) ||
        !json_get_array(o, "slots", HOURS_SLOTS, &list, err))
        return false;
    if (!epoch_read(week, &h.week))
        return no_form(err);
    json_array_foreach(list, i, one)
    {
        if (!get_slot(one, &h.slot[h.slots++], err))
            return false;
    }
    if (!fits(&h, err))
        return false;
    *out = h;
    return true;
}

bool hours_read(struct span bytes, json_t **o, struct hours *out, struct err *err)
{
    return canon_read(bytes, HOURS_RECORD, o, err) && hours_get(*o, out, err);
}
