/* Forms. The hidden field is an HMAC of the path the form goes to, under a key that lives as long as this
 * process: a page of somebody else cannot know it, and the field of one form does not open another. */
#include "ui/form.h"

#include "base/vec.h"
#include "codec/form.h"
#include "crypt/hash.h"
#include "crypt/secret.h"
#include "ui/room.h"

#include "base/banned.h"

#define PROOF "form_proof"
enum { FIELD_MOST = 64 * 1024, FIELDS_MOST = 2000 };

/* The path of `action`, without a query. */
static struct span path_of(struct span action)
{
    struct span path;
    span_cut(&action, '?', &path);
    return path;
}

static void proof(const struct app *app, struct span path, char out[static 65])
{
    uint8_t sum[32];
    hash_hmac(app->form_key, path, sum);
    hash_hex(sum, out);
}

void form_open(struct html *h, const struct app *app, const char *action)
{
    char hex[65] = "";
    if (app->form_key)
        proof(app, path_of(span_of(action)), hex);
    html_raw(h, "<form method=\"post\" action=\"");
    html_text(h, action);
    html_raw(h, "\"><input type=\"hidden\" name=\"" PROOF "\" value=\"");
    html_text(h, hex);
    html_raw(h, "\">\n");
}

void form_close(struct html *h)
{
    html_raw(h, "</form>\n");
}

void form_hidden(struct html *h, const char *name, const char *value)
{
    html_raw(h, "<input type=\"hidden\" name=\"");
    html_text(h, name);
    html_raw(h, "\" value=\"");
    html_text(h, value);
    html_raw(h, "\">\n");
}

void form_button(struct html *h, const char *name, const char *value, const char *label, bool primary)
{
    html_raw(h, "<button type=\"submit\"");
    if (primary)
        html_raw(h, " class=\"primary\"");
    if (name) {
        html_raw(h, " name=\"");
        html_text(h, name);
        html_raw(h, "\" value=\"");
        html_text(h, value);
        html_raw(h, "\"");
    }
    html_raw(h, ">");
    html_text(h, label);
    html_raw(h, "</button>\n");
}

static bool read_fields(const struct request *request, struct pairs *out, struct err *err)
{
    struct err mine = {0};
    struct span in = request->body;
    for (struct form_field field; form_next(&in, request->arena, FIELD_MOST, &field, &mine);) {
        if (out->n == FIELDS_MOST)
            return fail(err, E_LIMIT, "%s",
                        tr("err.form.many", "This form has more fields than Respite reads."));
        struct pair *pair = VEC_PUSH(request->arena, out);
        if (!pair)
            return fail_memory(err);
        *pair = (struct pair){field.name, field.value};
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

/* Is the field there, once, and ours for this path? */
static bool proven(const struct app *app, const struct request *request, const struct pairs *fields)
{
    char want[65];
    struct span given = {NULL, 0};
    size_t seen = 0;
    for (size_t i = 0; i < fields->n; i++)
        if (span_is(fields->at[i].name, PROOF)) {
            given = fields->at[i].value;
            seen++;
        }
    if (seen != 1 || given.n != 64 || !app->form_key)
        return false;
    proof(app, path_of(request->path), want);
    return secret_eq(want, given.p, 64);
}

bool form_read(const struct app *app, const struct request *request, struct form *out, struct err *err)
{
    struct pairs fields = {0};
    if (!read_fields(request, &fields, err))
        return false;
    if (!proven(app, request, &fields))
        return fail(err, E_REFUSED, "%s",
                    tr("err.form.stale",
                       "This form is from a page of an earlier run, or of somebody else. Nothing was "
                       "changed. Please open the page again and send it from there."));
    out->fields = fields;
    return true;
}

struct span form_value(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->fields.n; i++)
        if (span_is(form->fields.at[i].name, name))
            return form->fields.at[i].value;
    return (struct span){NULL, 0};
}

bool form_has(const struct form *form, const char *name, const char *value)
{
    for (size_t i = 0; i < form->fields.n; i++)
        if (span_is(form->fields.at[i].name, name) && span_is(form->fields.at[i].value, value))
            return true;
    return false;
}
