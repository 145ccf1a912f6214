#ifndef REST_GREETING_H
#define REST_GREETING_H
/* What the terminal says of this room when the page starts: behind the word "Read". */
#include "ui/room.h"

const char *rest_greeting(struct app *app);
#endif
