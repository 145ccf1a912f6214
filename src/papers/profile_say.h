#ifndef PAPERS_PROFILE_SAY_H
#define PAPERS_PROFILE_SAY_H
/* Changing the profile by name, and saying what is in it: for the command and the page. */
#include "papers/profile.h"
#include "papers/shown.h"

/* One change: "keep", "not", "undo" with a paper's id; "author", "category", "unfollow" with a name;
 * "remove", "restore" with a word; "library" with on or off. E_USAGE for another, E_MISSING where there is no
 * such. */
MUST bool profile_change(struct app *app, const char *what, struct span value, struct err *err);

struct profile_shown {
    struct profile_word word[PROFILE_WORDS];
    size_t words;
    int64_t library; /* papers of the reader's lists that are here */
    bool library_on;
};
MUST bool profile_shown(struct app *app, struct profile *p, struct profile_shown *out, struct err *err);
/* "3 papers kept, 1 not for you." in the arena. */
const char *profile_sums(struct app *app, const struct profile *p);
#endif
