#ifndef SPEAK_ACT_WORDS_H
#define SPEAK_ACT_WORDS_H
/* What stands in the outbox, in words of a person: for the page of what one wrote and for the same list in a
 * terminal. */
#include "anon/outbox_db.h"

/* "an answer"; "something else" for a kind that another room owns. */
const char *act_kind_said(const struct outbox_act *act);
/* "waits", "was not taken". */
const char *act_state_said(enum act_state state);
#endif
