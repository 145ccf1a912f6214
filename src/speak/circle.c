/* The acts of circles. One reader for node and board; what a kind does not have stays zero. */
#include "speak/circle.h"

#include "anon/epoch.h"
#include "anon/item.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"

#include "base/banned.h"

static const struct form {
    const char *name;
    bool circle, box, words, theme, about;
} forms[CIRCLE_KINDS] = {
    [CIRCLE_OPEN] = {.name = "circle", .box = true, .words = true, .theme = true},
    [CIRCLE_ASK] = {.name = "circle_ask", .circle = true, .box = true, .words = true},
    [CIRCLE_SAY] = {.name = "circle_say", .circle = true, .about = true},
    [CIRCLE_STAY] = {.name = "circle_stay", .circle = true, .box = true},
    [CIRCLE_LEAVE] = {.name = "circle_leave", .circle = true},
};

const char *circle_kind_name(enum circle_kind kind)
{
    return kind < CIRCLE_KINDS ? forms[kind].name : "";
}

enum circle_kind circle_kind_of(struct span name)
{
    int k = 0;
    while (k < CIRCLE_KINDS && !span_is(name, forms[k].name))
        k++;
    return (enum circle_kind)k;
}

/* Writing -------------------------------------------------------------------------------------------- */
static bool put_text(json_t *o, const char *key, struct span text)
{
    return json_object_set_new(o, key, json_stringn(text.n ? text.p : "", text.n)) == 0;
}

static bool put_box(json_t *o, const struct circle_act *a)
{
    char week[16];
    return canon_put_b64(o, "box_pk", a->box_pk, 32) &&
           put_text(o, "week", span_of(epoch_text(a->week, week)));
}

json_t *circle_act_write(const struct circle_act *a)
{
    const struct form *f = &forms[a->kind];
    char hex[33];
    json_t *o = json_object();
    item_hex(a->circle, hex);
    if (o && (!f->circle || put_text(o, "circle", span_of(hex))) && (!f->box || put_box(o, a)) &&
        (!f->words || put_text(o, "line", a->line)) && (!f->theme || put_text(o, "theme", a->theme)) &&
        (!f->about ||
         (canon_put_b64(o, "about", a->about, 32) && put_text(o, "say", span_of(a->yes ? "yes" : "no")))))
        return o;
    json_decref(o);
    return NULL;
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool bad_form(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.circle.form", "This is not an act of a circle."));
}

static bool get_line(const json_t *o, const char *key, size_t most, struct span *out, struct err *err)
{
    if (!json_get_text(o, key, most * 4, out, err))
        return false;
    if (utf8_length(*out) > most)
        return fail(
            err, E_LIMIT,
            tr("err.circle.long",
               "A theme has at most %d characters, and the line beside it %d. Please make it shorter."),
            CIRCLE_THEME, CIRCLE_LINE);
    return plain_ok(*out, false, err);
}

static bool get_words(const struct form *f, const json_t *o, struct circle_act *a, struct err *err)
{
    if (!get_line(o, "line", CIRCLE_LINE, &a->line, err))
        return false;
    if (!f->theme)
        return true;
    if (!get_line(o, "theme", CIRCLE_THEME, &a->theme, err))
        return false;
    return (a->theme.n > 0 && span_trim(a->theme).n == a->theme.n) ||
           fail(err, E_FORMAT, tr("err.circle.theme", "A circle is found by its theme: a few words."));
}

static bool get_box(const json_t *o, struct circle_act *a, struct err *err)
{
    struct span week;
    return canon_b64(o, "box_pk", a->box_pk, 32, err) && json_get_text(o, "week", EPOCH_TEXT, &week, err) &&
           (epoch_read(week, &a->week) || bad_form(err));
}

static bool get_say(const json_t *o, struct circle_act *a, struct err *err)
{
    struct span say;
    if (!canon_b64(o, "about", a->about, 32, err) || !json_get_text(o, "say", 3, &say, err))
        return false;
    a->yes = span_is(say, "yes");
    return a->yes || span_is(say, "no") || bad_form(err);
}

/* As many members as its kind has: a name that is not known is then one too many or one too few. */
static size_t members(const struct form *f)
{
    return (size_t)f->circle + 2 * (size_t)f->box + f->words + f->theme + 2 * (size_t)f->about;
}

bool circle_act_read(enum circle_kind kind, const json_t *o, struct circle_act *out, struct err *err)
{
    struct circle_act a = {.kind = kind, .theme = SPAN(""), .line = SPAN("")};
    if (kind >= CIRCLE_KINDS || !json_is_object(o))
        return bad_form(err);
    const struct form *f = &forms[kind];
    if ((f->circle && !canon_hex(o, "circle", a.circle, 16, err)) || (f->box && !get_box(o, &a, err)) ||
        (f->words && !get_words(f, o, &a, err)) || (f->about && !get_say(o, &a, err)))
        return false;
    if (json_object_size(o) != members(f))
        return bad_form(err);
    *out = a;
    return true;
}
