#ifndef REST_HOURS_DRAW_H
#define REST_HOURS_DRAW_H
/* One picture, drawn three ways: markup, terminal, --json. */
#include "codec/json.h"
#include "rest/look.h"
#include "rest/picture.h"
#include "ui/html.h"

void hours_draw(struct html *h, struct app *app, const struct picture *p);
/* The table of weeks, newest first, and the sentences under it, for a terminal of 80 columns. */
void hours_print(struct buf *out, struct app *app, const struct picture *p);
/* DESIGN section 8. A new reference, NULL when there is no memory. */
json_t *hours_json(const struct picture *p, const struct look *look);
#endif
