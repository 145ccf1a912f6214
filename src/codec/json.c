/* JSON through jansson. Its memory comes from base/mem.h, so that a test can make each request fail in turn;
 * as mem_free is free, what was made before the switch may be dropped after it. The seed of its hash tables
 * is drawn at the same time: later, in the sandbox, /dev/urandom may be out of reach. */
#include "codec/json.h"

#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum {
    DIGITS = 10,
    DIGITS_EXACT = 15
}; /* of a real: 17, jansson's own choice, print 59.33 as 59.329999999999998 */

/* jansson calls some lack of memory a fault of the text. */
static _Thread_local bool ran_out;

static void *get(size_t size)
{
    void *p = mem_get(size);
    ran_out |= !p;
    return p;
}

__attribute__((constructor)) static void json_start(void)
{
    json_set_alloc_funcs(get, mem_free);
    json_object_seed(0);
}

static bool refused(const json_error_t *why, const char *what, struct err *err)
{
    if (ran_out)
        return fail_memory(err);
    switch (json_error_code(why)) {
    case json_error_premature_end_of_input:
        return fail(err, E_FORMAT, tr("err.codec.json_short", "%s ends too early, on line %d."), what,
                    why->line);
    case json_error_duplicate_key:
        return fail(err, E_FORMAT, tr("err.codec.json_twice", "%s names the same key twice, on line %d."),
                    what, why->line);
    case json_error_stack_overflow:
        return fail(err, E_LIMIT, tr("err.codec.json_deep", "%s is nested too deeply, on line %d."), what,
                    why->line);
    case json_error_invalid_utf8:
        return fail(err, E_FORMAT,
                    tr("err.codec.json_utf8", "%s holds bytes that are not UTF-8, on line %d."), what,
                    why->line);
    default:
        return fail(err, E_FORMAT, tr("err.codec.json", "%s cannot be read as JSON from line %d, column %d."),
                    what, why->line, why->column);
    }
}

bool json_read(struct span text, size_t most, const char *what, json_t **out, struct err *err)
{
    if (text.n > most)
        return fail(err, E_LIMIT,
                    tr("err.codec.json_long", "%s is longer than the %zu bytes there is room for."), what,
                    most);
    json_error_t why;
    ran_out = false;
    json_t *o = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &why);
    if (o && ran_out) { /* jansson goes on and leaves out what it had no memory for */
        json_decref(o);
        o = NULL;
    }
    if (!o)
        return refused(&why, what, err);
    *out = o;
    return true;
}

static int append(const char *bytes, size_t n, void *to)
{
    struct buf *out = to;
    buf_add(out, (struct span){bytes, n});
    return out->failed ? -1 : 0;
}

static bool write_digits(const json_t *o, size_t digits, struct buf *out, struct err *err)
{
    size_t before = out->n;
    bool written = o && json_dump_callback(o, append, out,
                                           JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits)) == 0;
    if (written)
        buf_add_byte(out, '\n');
    if (written && !out->failed)
        return true;
    if (out->n > before) {
        out->n = before;
        out->p[before] = '\0';
    }
    return buf_ok(out, err) ? fail_memory(err) : false;
}

bool json_write(const json_t *o, struct buf *out, struct err *err)
{
    return write_digits(o, DIGITS, out, err);
}

bool json_write_exact(const json_t *o, struct buf *out, struct err *err)
{
    return write_digits(o, DIGITS_EXACT, out, err);
}

/* The value under `key`, or a sentence. */
static const json_t *value_of(const json_t *o, const char *key, struct err *err)
{
    const json_t *v = json_object_get(o, key);
    if (!v)
        fail(err, E_FORMAT, tr("err.codec.json_missing", "“%s” is missing."), key);
    return v;
}

bool json_get_text(const json_t *o, const char *key, size_t most, struct span *out, struct err *err)
{
    const json_t *v = value_of(o, key, err);
    if (!v)
        return false;
    if (!json_is_string(v))
        return fail(err, E_FORMAT, tr("err.codec.json_text", "“%s” is not a text."), key);
    if (json_string_length(v) > most)
        return fail(err, E_LIMIT, tr("err.codec.json_text_long", "“%s” is longer than %zu bytes."), key,
                    most);
    *out = (struct span){json_string_value(v), json_string_length(v)};
    return true;
}

bool json_get_int(const json_t *o, const char *key, int64_t least, int64_t most, int64_t *out,
                  struct err *err)
{
    const json_t *v = value_of(o, key, err);
    if (!v)
        return false;
    if (!json_is_integer(v))
        return fail(err, E_FORMAT, tr("err.codec.json_int", "“%s” is not a whole number."), key);
    json_int_t value = json_integer_value(v);
    if (value < least || value > most)
        return fail(err, E_LIMIT, tr("err.codec.json_int_range", "“%s” does not lie between %lld and %lld."),
                    key, (long long)least, (long long)most);
    *out = value;
    return true;
}

bool json_get_array(const json_t *o, const char *key, size_t most, const json_t **out, struct err *err)
{
    const json_t *v = value_of(o, key, err);
    if (!v)
        return false;
    if (!json_is_array(v))
        return fail(err, E_FORMAT, tr("err.codec.json_array", "“%s” is not a list."), key);
    if (json_array_size(v) > most)
        return fail(err, E_LIMIT, tr("err.codec.json_array_long", "“%s” has more than %zu entries."), key,
                    most);
    *out = v;
    return true;
}

json_t *json_shown(struct span s)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, SIZE_MAX / 2);
    utf8_clean(&clean, s);
    return clean.failed ? NULL : json_stringn(buf_text(&clean), clean.n);
}
