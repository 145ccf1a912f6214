/* JSON through jansson. Its memory comes from base/mem.h, so that a test can make each request fail in turn.
 * The seed of its hash tables is drawn at the same time: later, in the sandbox, /dev/urandom may be out of
 * reach. */
#include "codec/json.h"

#include <setjmp.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum {
    DIGITS = 10,
    DIGITS_EXACT = 15
}; /* of a real: 17, jansson's own choice, print 59.33 as 59.329999999999998 */

/* jansson does not look whether the text of a token longer than 15 bytes found room: it then reads past what
 * there is, or stops the program. So a read that runs out of memory never goes back into it: what it has
 * asked for stands in a list, all of it is given back, and json_read goes on with a sentence. */
struct block {
    struct block *before, *after; /* in the list of a read under way, else NULL */
};
struct reading {
    struct block all;
    jmp_buf out;
};
static _Thread_local struct reading *reading;
_Static_assert(sizeof(struct block) % _Alignof(max_align_t) == 0, "what stands behind it is aligned");

static void link_in(struct block *all, struct block *b)
{
    *b = (struct block){all, all->after};
    all->after->before = b;
    all->after = b;
}

static void *get(size_t size)
{
    struct block *b = size <= SIZE_MAX - sizeof *b ? mem_get(sizeof *b + size) : NULL;
    if (!b && reading)
        longjmp(reading->out, 1);
    if (!b)
        return NULL;
    *b = (struct block){0};
    if (reading)
        link_in(&reading->all, b);
    return b + 1;
}

static void give_back(void *p)
{
    if (!p)
        return;
    struct block *b = (struct block *)p - 1;
    if (b->before) {
        b->before->after = b->after;
        b->after->before = b->before;
    }
    mem_free(b);
}

__attribute__((constructor)) static void json_start(void)
{
    json_set_alloc_funcs(get, give_back);
    json_object_seed(0);
}

/* NULL when the text is no JSON, or, with *ran_out, when memory ran out. */
static json_t *load(struct span text, json_error_t *why, bool *ran_out)
{
    struct reading now;
    now.all = (struct block){&now.all, &now.all};
    *ran_out = false;
    if (setjmp(now.out)) {
        reading = NULL;
        for (struct block *b = now.all.after, *next; b != &now.all; b = next) {
            next = b->after;
            mem_free(b);
        }
        *ran_out = true;
        return NULL;
    }
    reading = &now;
    json_t *o = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, why);
    reading = NULL;
    for (struct block *b = now.all.after, *next; b != &now.all; b = next) {
        next = b->after;
        *b = (struct block){0};
    }
    return o;
}

static bool refused(const json_error_t *why, const char *what, struct err *err)
{
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
    bool ran_out;
    json_t *o = load(text, &why, &ran_out);
    if (ran_out)
        return fail_memory(err);
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
