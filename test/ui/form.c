/* Forms come back only through the door they left by. */
#include "test/test.h"

#include "ui/form.h"
#include "ui/room.h"

#include "base/banned.h"

static const uint8_t key[32] = {1, 2, 3}, other_key[32] = {1, 2, 4};

/* The hidden field of a form for `action`, as a browser would send it, with `more` behind it. */
static const char *body_of(struct arena *arena, const struct app *app, const char *action, const char *more)
{
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    struct html h = {&b};
    form_open(&h, app, action);
    const char *name = strstr(buf_text(&b), "name=\""), *value = strstr(buf_text(&b), "value=\"");
    assert_true(name && value);
    AUTO_BUF struct buf body;
    buf_init(&body, 10000);
    buf_printf(&body, "%.*s=%.64s%s", (int)(strchr(name + 6, '"') - name - 6), name + 6, value + 7, more);
    return arena_text(arena, buf_span(&body));
}

static bool read_back(const struct app *app, struct arena *arena, const char *path, const char *body,
                      struct form *out, struct err *err)
{
    struct request request = {
        .arena = arena, .method = SPAN("POST"), .path = span_of(path), .body = span_of(body)};
    return form_read(app, &request, out, err);
}

void test_form__comes_back_with_its_fields(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct app app = {.form_key = key};
    struct form form = {0};
    struct err err = {0};
    const char *body = body_of(arena, &app, "/rest/hours?x=1", "&own=a%20b&folder=one&folder=two&empty=");
    assert_ok(read_back(&app, arena, "/rest/hours", body, &form, &err), &err);
    assert_span(form_value(&form, "own"), "a b");
    assert_span(form_value(&form, "folder"), "one");
    assert_true(form_has(&form, "folder", "two"));
    assert_false(form_has(&form, "folder", "three"));
    assert_non_null(form_value(&form, "own").p);
    assert_null(form_value(&form, "nothing").p);
    arena_free(arena);
}

static void refused(const struct app *app, struct arena *arena, const char *path, const char *body)
{
    struct form form = {0};
    struct err err = {0};
    assert_false(read_back(app, arena, path, body, &form, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(form.fields.n, 0);
}

void test_form__is_refused_without_or_with_somebody_elses_proof(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct app app = {.form_key = key}, other = {.form_key = other_key}, none = {0};
    const char *body = body_of(arena, &app, "/rest/hours", "&a=b");
    const char *twice = body_of(arena, &app, "/rest/hours", "&form_proof=x");
    refused(&app, arena, "/rest/leave", body); /* another action */
    refused(&app, arena, "/rest/hours/", body);
    refused(&other, arena, "/rest/hours", body); /* an earlier run */
    refused(&none, arena, "/rest/hours", body);  /* no key at all */
    refused(&app, arena, "/rest/hours", "a=b");  /* missing */
    refused(&app, arena, "/rest/hours", "");
    refused(&app, arena, "/rest/hours", "form_proof=&a=b");
    refused(&app, arena, "/rest/hours", twice);
    char *bent = arena_text(arena, span_of(body));
    char *last = strchr(bent, '&') - 1;
    *last = *last == '0' ? '1' : '0';
    refused(&app, arena, "/rest/hours", bent); /* one digit off */
    *last = '\0';
    refused(&app, arena, "/rest/hours", bent); /* cut short */
    arena_free(arena);
}

void test_form__broken_bodies_are_a_sentence(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct app app = {.form_key = key};
    struct form form = {0};
    struct err err = {0};
    assert_false(read_back(&app, arena, "/x", body_of(arena, &app, "/x", "&a=%zz"), &form, &err));
    assert_true(err.code != E_NONE && err.text[0]);
    arena_free(arena);
}

void test_form__action_and_labels_are_escaped(void **state)
{
    (void)state;
    struct app app = {.form_key = key};
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    struct html h = {&b};
    form_open(&h, &app, "/x?\"><b>");
    form_button(&h, "a\"", "<", "<i>", true);
    form_close(&h);
    assert_null(strstr(buf_text(&b), "<b>"));
    assert_null(strstr(buf_text(&b), "<i>"));
    assert_null(strstr(buf_text(&b), "a\"\""));
    assert_non_null(strstr(buf_text(&b), "method=\"post\""));
}
