#ifndef SPEAK_LAB_APPEND_H
#define SPEAK_LAB_APPEND_H
/* One entry into the record of a lab that has begun, by a command on the lab's machine. */
#include "anon/lab.h"

/* Append the canonical entry and keep the new head. E_REFUSED: the record has not begun. */
MUST bool lab_append(struct app *app, struct span entry, struct err *err);
#endif
