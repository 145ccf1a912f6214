#ifndef PAPERS_PROFILE_H
#define PAPERS_PROFILE_H
/* The profile of the reader: what was learned from papers kept, and what is followed; on this computer only,
 * shown whole, each word of it removable (PAPERS section 4). */
#include "papers/marks.h"
#include "papers/taste.h"
#include "ui/room.h"

enum { PROFILE_WORDS = 30, PROFILE_GROUND = 20000 /* newest papers that make the background */ };

struct profile {
    struct traits_reader *reader;
    float *idf;
    struct taste taste;
    struct own_words authors, categories, out; /* followed; taken out */
    size_t kept, against;
    bool known; /* there is something to go by */
};
/* Learn what changed since it was learned last, and keep that; else load it. `anew`: learn it whatever is
 * kept, so that what is made of it depends on the papers that are here and on the day alone. `today` is for
 * ages. profile_clear whatever comes. */
MUST bool profile_load(struct db *db, struct arena *arena, day_t today, bool anew, struct profile *out,
                       struct err *err);
void profile_clear(struct profile *p);
#define AUTO_PROFILE __attribute__((cleanup(profile_clear)))

/* Traits of a paper, weighed. */
MUST bool profile_traits(struct profile *p, const struct paper *paper, struct traits *out, struct err *err);
/* The odds that the reader would keep it, from words learned and from what is followed. */
float profile_score(const struct profile *p, const struct paper *paper, const struct traits *traits);
/* Why, in the form in which it is stored: a letter and texts behind it with tabs between; and in words of the
 * language of this thread ("because of attention sinks, token"). In the arena. */
enum { WHY_WORDS = 'w', WHY_AUTHOR = 'a', WHY_CATEGORY = 'c', WHY_USUAL = 'u' /* number, category */ };
const char *profile_why(struct profile *p, struct arena *arena, const struct paper *paper,
                        const struct traits *traits);
const char *profile_why_say(struct arena *arena, const char *why);

struct profile_word {
    const char *words;
    enum trait_kind kind;
    float weight; /* what it adds on average to the sum of a kept paper */
};
/* The heaviest words, heaviest first, PROFILE_WORDS at most. */
MUST bool profile_heaviest(struct db *db, struct arena *arena, struct profile *p, struct profile_word *out,
                           size_t *n, struct err *err);
#endif
