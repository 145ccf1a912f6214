#ifndef ANON_JOIN_H
#define ANON_JOIN_H
/* Becoming a member (PROTOCOL section 7). Two steps, so that a person decides between them: join_look() asks
 * the lab's server what it is, without saying who asks, and checks the keys that the invitation pins;
 * join_do() sends what makes one a member, and fetches the first passes. */
#include "anon/history.h"
#include "anon/known.h"

enum { JOIN_FEW = 20 }; /* in a lab of fewer members people can often guess who wrote something */
struct join_plan {
    struct known known; /* as far as the record says it; no secrets yet */
    const char *code;   /* of the invitation */
    const char *words;  /* the lab's keys in six words */
    int64_t members;    /* in the newest roster */
    int64_t floor;
    bool again;         /* the lab lost its list of members: this node was one, and keeps what it has */
    const char *broken; /* that the lab has lost entries of its record, in a sentence; NULL: it has not */
};
/* `url`: the invitation, https://host/join#code.pin. `via` may be NULL. Memory is the arena's. The record as
 * fetched is kept in `db`; join_forget() drops it when the person says no. E_USAGE: no invitation; E_REFUSED:
 * the keys are not those that the invitation pins (nothing is kept), or this node is in a lab already. With
 * an invitation to that same lab, when that does not know this node any more, it joins once more
 * (plan->again): record, passes and posts stay, tag and names too. */
MUST bool join_look(struct db *db, struct arena *arena, const char *url, const char *via, int64_t now,
                    struct join_plan *out, struct err *err);
/* `name`: NULL for the one in the invitation. */
MUST bool join_do(struct db *db, struct arena *arena, struct join_plan *plan, const char *name, int64_t now,
                  struct err *err);
/* Nothing is dropped while this node is a member. */
MUST bool join_forget(struct db *db, struct err *err);
/* The two halves of looking, for who has no invitation: ask the operator at `base`, and in a split lab the
 * other one, for addresses, logs and their keys; and take from the record what it says, which has the last
 * word (E_REFUSED: its keys are other ones). */
MUST bool join_ask(struct db *db, struct arena *arena, const char *base, struct known *known,
                   struct err *err);
MUST bool join_record(const struct history *issuer, struct arena *arena, struct known *known,
                      struct err *err);
/* Ask the lab's server for its name through `via`, which need not be the one in use: whether that way works.
 */
MUST bool join_try(struct db *db, const struct known *known, const char *via, struct err *err);
/* Leave: tell the lab, and forget it here. */
struct app;
MUST bool join_leave(struct app *app, const struct known *known, struct err *err);
#endif
