#ifndef SPEAK_BEFORE_H
#define SPEAK_BEFORE_H
/* What a person sees before anything of theirs leaves: how many hold passes, whether this week's key is in
 * the record, the record in four words and who confirmed them, and what stands in the way. One set of facts
 * for page and terminal. */
#include "anon/confirmed.h"
#include "anon/history.h"
#include "anon/known.h"
#include "anon/spend_rule.h"
#include "ui/room.h"

struct before {
    const struct known *known;
    struct history *issuer, *board; /* before_clear */
    struct spend_crowd crowd;
    const char *hindered; /* why nothing can leave at this moment, or NULL */
    bool waits;           /* what hinders is a matter of hours: it may be put into the outbox all the same */
    const char *words;    /* four, of this week's record; NULL: it is not here yet */
    uint8_t head[32];     /* of it */
    struct confirmed confirmed; /* who has confirmed them */
    const char *confirmed_by;   /* the same in a line, or NULL */
    uint64_t key_index;         /* of this week's key in the record */
    int64_t key_at;             /* when it was logged; 0: it is not there */
};
/* `at_once`: it would leave now. Asks nobody: what is here is looked at. */
MUST bool before_load(struct app *app, const struct known *known, bool at_once, struct before *out,
                      struct err *err);
void before_clear(struct before *before);
/* The sentences, one a call, in the arena; NULL: there is nothing to say, or no memory. */
const char *before_crowd(struct app *app, const struct before *before); /* "23 members collected …" */
const char *before_key(struct app *app, const struct before *before);   /* "This week's key is entry 3 …" */
/* Whether the crowd is smaller than the floor, so that nothing can be written now: then `hindered` says so.
 */
bool before_locked(const struct before *before);
#endif
