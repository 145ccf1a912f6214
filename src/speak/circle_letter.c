/* The part of a letter that is of its circle. */
#include "speak/circle_letter.h"

#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

static bool bad_form(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.circle.letter", "This is not a letter of a circle."));
}

bool meets_check(const struct meets *m, struct err *err)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct meet *one = &m->at[i];
        if (one->from < 0 || one->until - one->from < MEET_LEAST || one->until - one->from > MEET_LONGEST ||
            (i > 0 && one->from < m->at[i - 1].until))
            return fail(err, E_FORMAT,
                        tr("err.circle.meets",
                           "Meetings last from five minutes to twelve hours, and come one "
                           "after the other."));
    }
    return true;
}

/* Writing -------------------------------------------------------------------------------------------- */
static bool put_meets(json_t *o, const struct meets *m)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < m->count; i++)
        if (json_array_append_new(
                list, json_pack("[I,I]", (json_int_t)m->at[i].from, (json_int_t)m->at[i].until)) != 0) {
            json_decref(list);
            return false;
        }
    return list && json_object_set_new(o, "meet", list) == 0 &&
           json_object_set_new(o, "n", json_integer((json_int_t)m->n)) == 0;
}

bool letter_circle_put(json_t *letter, const struct letter_circle *c, struct err *err)
{
    if (!c->there)
        return true;
    json_t *o = json_object();
    if (o &&
        (!c->has_by ||
         (canon_put_b64(o, "by", c->by, 32) && canon_put_b64(o, "sig", c->sig, sizeof c->sig))) &&
        (c->meets.n == 0 || put_meets(o, &c->meets)))
        return json_object_set_new(letter, "circle", o) == 0 || fail_memory(err);
    json_decref(o);
    return fail_memory(err);
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool get_time(const json_t *pair, size_t i, int64_t *out)
{
    const json_t *v = json_array_get(pair, i);
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= 0 && *out < CANON_END;
}

static bool get_meets(const json_t *o, struct meets *out, struct err *err)
{
    const json_t *list, *pair;
    size_t i;
    if (!json_get_int(o, "n", 1, MEET_N_MOST, &out->n, err) ||
        !json_get_array(o, "meet", MEETS_MOST, &list, err))
        return false;
    json_array_foreach(list, i, pair)
    {
        struct meet *m = &out->at[i];
        if (json_array_size(pair) != 2 || !get_time(pair, 0, &m->from) || !get_time(pair, 1, &m->until))
            return bad_form(err);
    }
    out->count = json_array_size(list);
    return meets_check(out, err);
}

bool letter_circle_get(const json_t *letter, struct letter_circle *out, struct err *err)
{
    static const char *const keys[] = {"by", "meet", "n", "sig", NULL};
    const json_t *o = json_object_get(letter, "circle");
    struct letter_circle c = {.there = o != NULL};
    if (o) {
        c.has_by = json_object_get(o, "by") != NULL;
        if (!canon_only(o, keys, err))
            return false;
        if (c.has_by != (json_object_get(o, "sig") != NULL) ||
            (json_object_get(o, "n") != NULL) != (json_object_get(o, "meet") != NULL))
            return bad_form(err);
        if ((c.has_by &&
             (!canon_b64(o, "by", c.by, 32, err) || !canon_b64(o, "sig", c.sig, sizeof c.sig, err))) ||
            (json_object_get(o, "n") && !get_meets(o, &c.meets, err)))
            return false;
    }
    *out = c;
    return true;
}

/* Signing -------------------------------------------------------------------------------------------- */
static size_t seal_text(const struct circle_seal *s, uint8_t out[static 256])
{
    static const char head[] = "respite/circle/letter/v1\n";
    size_t n = sizeof head - 1;
    memcpy(out, head, n);
    memcpy(out + n, s->circle, 16);
    memcpy(out + n + 16, s->to, 32);
    memcpy(out + n + 48, s->pk, 32);
    memcpy(out + n + 80, s->k, 32);
    return n + 112;
}

void letter_circle_sign(struct letter_circle *c, const struct circle_seal *s, const struct sign_key *key)
{
    uint8_t text[256];
    size_t n = seal_text(s, text);
    c->there = c->has_by = true;
    sign_public(key, c->by);
    sign(key, span_bytes(text, n), c->sig);
}

bool letter_circle_good(const struct letter_circle *c, const struct circle_seal *s)
{
    uint8_t text[256];
    size_t n = seal_text(s, text);
    return c->has_by && sign_good(c->by, span_bytes(text, n), c->sig);
}
