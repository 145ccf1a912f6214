/* Canonical JSON. What is read is compared, piece by piece as jansson writes it, with what came: no second
 * copy of it is made. */
#include "codec/canon.h"

#include <string.h>

#include "base/words.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { FLAGS = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY };

static bool fail_form(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.codec.canon", "The message is not in its one canonical form."));
}

/* jansson and RFC 8785 differ in some control characters: none but the line end may be there. */
static bool text_good(struct span text, bool key)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (key ? c < 0x20 || c > 0x7e : c < 0x20 && c != '\n')
            return false;
    }
    return true;
}

static bool walk(const json_t *o, unsigned depth, struct err *err);

static bool walk_inside(const json_t *o, unsigned depth, struct err *err)
{
    if (depth == CANON_DEPTH)
        return fail(err, E_LIMIT,
                    tr("err.codec.canon_deep", "The message is nested more than %d levels deep."),
                    CANON_DEPTH);
    size_t i;
    const json_t *v;
    json_array_foreach(o, i, v)
    {
        if (!walk(v, depth + 1, err))
            return false;
    }
    /* jansson's loop over members takes no const, and changes nothing. */
    json_t *members = json_is_object(o) ? (json_t *)(uintptr_t)o : NULL;
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        struct span key = {json_object_iter_key(at), json_object_iter_key_len(at)};
        if (!text_good(key, true))
            return fail_form(err);
        if (!walk(json_object_iter_value(at), depth + 1, err))
            return false;
    }
    return true;
}

static bool walk(const json_t *o, unsigned depth, struct err *err)
{
    switch (o ? json_typeof(o) : JSON_NULL) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return walk_inside(o, depth, err);
    case JSON_STRING:
        return text_good((struct span){json_string_value(o), json_string_length(o)}, false) || fail_form(err);
    case JSON_INTEGER:
        return (json_integer_value(o) < CANON_END && json_integer_value(o) > -CANON_END) ||
               fail(err, E_LIMIT, tr("err.codec.canon_big", "The message holds a number of 2^53 or more."));
    case JSON_TRUE:
    case JSON_FALSE:
        return true;
    case JSON_REAL:
    case JSON_NULL:
    default:
        return fail_form(err);
    }
}

bool canon_check(const json_t *o, struct err *err)
{
    return walk(o, 0, err);
}

static int append(const char *bytes, size_t n, void *to)
{
    struct buf *out = to;
    buf_add(out, (struct span){bytes, n});
    return out->failed ? -1 : 0;
}

bool canon_write(const json_t *o, struct buf *out, struct err *err)
{
    if (!canon_check(o, err))
        return false;
    size_t before = out->n;
    if (json_dump_callback(o, append, out, FLAGS) == 0 && !out->failed)
        return true;
    if (out->n > before) {
        out->n = before;
        out->p[before] = '\0';
    }
    return buf_ok(out, err) ? fail_memory(err) : false;
}

/* What is written stands at the front of what came. `differs` tells other bytes from want of memory. */
struct compare {
    struct span rest;
    bool differs;
};

static int compare(const char *bytes, size_t n, void *to)
{
    struct compare *c = to;
    c->differs = !scan_lit(&c->rest, (struct span){bytes, n});
    return c->differs ? -1 : 0;
}

static bool is_canonical(const json_t *o, struct span text, struct err *err)
{
    struct compare c = {.rest = text};
    bool whole = json_dump_callback(o, compare, &c, FLAGS) == 0;
    if (!whole && !c.differs)
        return fail_memory(err);
    return (whole && scan_end(&c.rest)) || fail_form(err);
}

bool canon_read(struct span text, size_t most, json_t **out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!json_read(text, most, tr("codec.canon.message", "The message"), &o, err) || !canon_check(o, err) ||
        !is_canonical(o, text, err))
        return false;
    *out = json_incref(o);
    return true;
}

static bool listed(const char *key, const char *const *keys)
{
    while (*keys && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

bool canon_only(const json_t *o, const char *const *keys, struct err *err)
{
    if (!json_is_object(o))
        return fail_form(err);
    json_t *members = (json_t *)(uintptr_t)o; /* as above */
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at))
        if (!listed(json_object_iter_key(at), keys))
            return fail(
                err, E_FORMAT,
                tr("err.codec.canon_more", "The message holds something that does not belong in it."));
    return true;
}

bool canon_b64(const json_t *o, const char *key, uint8_t *out, size_t n, struct err *err)
{
    struct span text;
    if (!json_get_text(o, key, b64_size(B64, n), &text, err))
        return false;
    return b64_exact(text, B64, out, n) ||
           fail(err, E_FORMAT, tr("err.codec.canon_b64", "“%s” is not the base64 of %zu bytes."), key, n);
}

bool canon_put_b64(json_t *o, const char *key, const void *p, size_t n)
{
    AUTO_BUF struct buf text;
    buf_init(&text, b64_size(B64, n));
    b64_add(&text, (struct span){p, n}, B64);
    bool done = !text.failed && json_object_set_new(o, key, json_stringn(buf_text(&text), text.n)) == 0;
    if (text.p)
        explicit_bzero(text.p, text.n);
    return done;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c - 'a' + 10;
}

bool canon_hex(const json_t *o, const char *key, uint8_t *out, size_t n, struct err *err)
{
    struct span text, digits;
    if (!json_get_text(o, key, 2 * n, &text, err))
        return false;
    if (!scan_hex(&text, &digits, 2 * n, 2 * n) || !scan_end(&text))
        return fail(err, E_FORMAT, tr("err.codec.canon_hex", "“%s” is not %zu lower-case hex digits."), key,
                    2 * n);
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(digit(digits.p[2 * i]) << 4 | digit(digits.p[2 * i + 1]));
    return true;
}
