#ifndef ANON_OUTSIDE_H
#define ANON_OUTSIDE_H
/* Witnesses outside the lab, as the person of this node named them (PROTOCOL section 5, Witness (b)): servers
 * of others that sign that the lab's log grew and never forked. What they have seen is fetched from them, not
 * from the lab, at the moments at which the node fetches anyway; a head that lies inside what one of them
 * signed is confirmed by it (anon/confirmed.h). */
#include "anon/confirmed.h"
#include "anon/history.h"
#include "anon/known.h"
#include "ui/cli.h"

struct outside {
    const char *name, *vkey, *url; /* name: of the key */
    const char *said;              /* what was wrong at the last asking, in a sentence; "": nothing */
};
struct outsides {
    struct outside at[CONFIRMED_MOST];
    size_t n;
};
MUST bool outside_list(struct db *db, struct arena *arena, struct outsides *out, struct err *err);
/* Ask this witness from the next fetch on. Nothing is sent here. `known`: the lab this node is in, or NULL.
 * E_USAGE: no key of a witness, or no address; E_REFUSED: it is the lab's own, or the name has another key;
 * E_LIMIT: there are CONFIRMED_MOST. */
MUST bool outside_add(struct db *db, struct arena *arena, const struct known *known, const char *vkey,
                      const char *url, struct err *err);
MUST bool outside_remove(struct db *db, const char *name, bool *there, struct err *err);
/* Ask each for the last checkpoint that it signed of the lab's logs, and keep which heads lie inside it. What
 * one answers wrongly, or does not answer, is kept beside its name and accuses nobody. E_REFUSED: one has
 * signed another record than the one here, and the lab has signed both; the evidence is kept and following
 * stops (anon/follow.h). */
MUST bool outside_fetch(struct db *db, const struct known *known, const struct history *issuer,
                        const struct history *board, int64_t now, struct err *err);

struct app;
extern const struct cli_option outside_options[];
int cmd_witness(struct app *app); /* respite witness */
#endif
