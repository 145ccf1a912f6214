#ifndef SPEAK_CIRCLES_PAGES_H
#define SPEAK_CIRCLES_PAGES_H
/* The pages of circles. */
#include "speak/circle_talk.h"
#include "ui/html.h"

void page_circles(struct app *app, const struct request *request, struct reply *reply); /* GET /circles */
void page_circles_look(struct app *app, const struct request *request,
                       struct reply *reply); /* POST /circles/look */
void page_circle(struct app *app, const struct request *request, struct reply *reply); /* GET /circles/<id> */
void page_circle_do(struct app *app, const struct request *request, struct reply *reply); /* POST the same */
void page_circle_open(struct app *app, const struct request *request,
                      struct reply *reply); /* GET /circles/open */
void page_circle_open_do(struct app *app, const struct request *request, struct reply *reply);

/* In a list: the theme as a link to its page, and the line, or why the moderators hid them; how many are in.
 */
void circle_head_draw(struct html *h, struct app *app, const struct circles_here *here,
                      const struct circle *c);
/* The line beside a theme or an ask, cleaned; nothing when there is none. */
void circle_line_draw(struct html *h, struct span line);
/* A field of one line. */
void circle_field(struct html *h, const char *name, const char *label, int64_t most, struct span value);
/* Send what is to leave at once; then *problem: why it did not, or NULL. */
void circle_send(struct app *app, const struct known *known, const int64_t *ids, size_t n, bool now,
                 const char **problem, struct err *err);
#endif
