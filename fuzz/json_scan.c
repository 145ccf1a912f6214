/* The scanner of JSON against jansson: what jansson takes as an object is gone through whole, with the same
 * texts and numbers. */
#include "fuzz/fuzz.h"

#include <math.h>

#include "base/mem.h"
#include "codec/json.h"
#include "codec/json_scan.h"

#include "base/banned.h"

static void same(struct span raw, const json_t *o, struct buf *text)
{
    double x;
    bool yes;
    buf_reset(text);
    if (json_is_string(o)) {
        must(json_text(raw, text));
        must(text->n == json_string_length(o) && memcmp(buf_text(text), json_string_value(o), text->n) == 0);
    } else if (json_is_boolean(o))
        must(json_bool(raw, &yes) && yes == json_is_true(o));
    else if (json_is_number(o) && raw.n < 60)
        must(json_number(raw, &x) && (x == json_number_value(o) || fabs(x) > 1e15));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span in = span_bytes(data, size), rest, key, value, whole;
    struct json_cut cut = {0};
    struct err err = {0};
    size_t n = 0;
    bool bad = false;
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *o = NULL;
    buf_init(&text, size + 8);
    json_blank(&in);
    if (in.n == 0 || (in.p[0] != '{' && in.p[0] != '['))
        return 0;
    bool cut_out = json_cut_next(&cut, in, &n);
    must(!cut_out || (n >= 2 && n <= in.n));
    rest = in;
    bool valued = json_value(&rest, &whole);
    bool object = in.p[0] == '{';
    size_t members = 0;
    struct span walk = in;
    while (object ? json_member(&walk, &key, &value, &bad) : json_element(&walk, &value, &bad))
        members++;
    if ((in.n && memchr(in.p, '\0', in.n)) || /* jansson passes over a NUL behind a number */
        !json_read(in, 1 << 20, "x", &o, &err))
        return 0;
    must(cut_out && valued && n == whole.n && !bad);
    must(members == (object ? json_object_size(o) : json_array_size(o)));
    walk = in;
    for (size_t i = 0; object ? json_member(&walk, &key, &value, &bad) : json_element(&walk, &value, &bad);
         i++) {
        if (!object)
            same(value, json_array_get(o, i), &text);
        else if (!memchr(key.p, '\\', key.n) && key.n < 200) {
            char name[256];
            memcpy(name, key.p, key.n);
            name[key.n] = '\0';
            must(json_object_get(o, name) != NULL);
            same(value, json_object_get(o, name), &text);
        }
    }
    return 0;
}
