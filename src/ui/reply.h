#ifndef UI_REPLY_H
#define UI_REPLY_H
/* Replies of routes. */
#include "base/err.h"
#include "io/httpd.h"

struct app;
/* 303 to one of our own paths: after every POST that did something. */
void reply_to(struct reply *reply, const struct request *request, const char *path);
/* A page in the frame that says `err` in one plain sentence, with a way back. */
void reply_error(struct app *app, const struct request *request, struct reply *reply, int status,
                 const struct err *err);
#endif
