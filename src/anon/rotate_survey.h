#ifndef ANON_ROTATE_SURVEY_H
#define ANON_ROTATE_SURVEY_H
/* Keys for the answers to surveys. For anon/rotate.c. */
#include "anon/rotate.h"

/* The issuer of a split lab: log a key for each survey of the board's log that has none, names a list of ours
 * as its group, and opens late enough that its passes can be fetched. */
MUST bool rotate_surveys(struct app *app, struct err *err);
#endif
