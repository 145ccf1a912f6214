#ifndef UI_FORM_H
#define UI_FORM_H
/* Forms: every one is method=post, carries a CSRF field (HMAC-SHA-256 of its action under a key of this run)
 * and is read back typed. */
#include "base/err.h"
#include "io/httpd.h"
#include "ui/html.h"

struct app;
/* <form method="post" action="…"> with the hidden field; close with form_close. `action` is one of our own
 * paths. */
void form_open(struct html *h, const struct app *app, const char *action);
void form_close(struct html *h);
/* A field that the page does not show. */
void form_hidden(struct html *h, const char *name, const char *value);
/* A button of the size all buttons have; `primary` at most once a page. name/value may be NULL. */
void form_button(struct html *h, const char *name, const char *value, const char *label, bool primary);

/* What came in. form_read checks the CSRF field against the request's path: E_REFUSED in one sentence when it
 * is not ours. */
struct form {
    struct pairs fields;
};
MUST bool form_read(const struct app *app, const struct request *request, struct form *out, struct err *err);
struct span form_value(const struct form *form,
                       const char *name); /* the first of that name, {NULL,0} when none */
bool form_has(const struct form *form, const char *name,
              const char *value); /* a check box with that value is ticked */
#endif
