#ifndef PAPERS_CHOSEN_H
#define PAPERS_CHOSEN_H
/* The categories of arXiv that a person chose: what is fetched, and all that a feed's server learns. */
#include "base/buf.h"
#include "io/db.h"

enum { CHOSEN_MOST = 40 };

struct chosen {
    const char **at; /* "cs.LG", by their spelling */
    size_t n, room;
};
MUST bool chosen_list(struct db *db, struct arena *arena, struct chosen *out, struct err *err);
/* Whether it is written as arXiv writes categories: "cs.LG", "hep-ph", "cs". */
bool chosen_ok(struct span category);
/* E_USAGE: not written so; E_LIMIT: there are CHOSEN_MOST. *there: it was chosen before. */
MUST bool chosen_add(struct db *db, struct span category, bool *there, struct err *err);
MUST bool chosen_remove(struct db *db, struct span category, bool *there, struct err *err);
/* Those that an address of a feed of arXiv names (…/rss/cs.LG+cs.CL); of another address none. */
MUST bool chosen_from_address(struct db *db, struct span address, struct err *err);
/* The set of OAI-PMH that holds a category: "cs:cs:LG", "physics:hep-ph". Appended. */
void chosen_oai_set(struct buf *out, struct span category);
#endif
