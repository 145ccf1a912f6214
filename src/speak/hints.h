#ifndef SPEAK_HINTS_H
#define SPEAK_HINTS_H
/* “Could someone tell it was you?” Words of a draft that also stand in what the person wrote before, and that
 * few others would write: names, and runs of words that no list of common words has. It warns and never
 * blocks; nothing of it is kept or sent. That a way of writing gives people away (Narayanan et al., S&P 2012)
 * it does not see, and the page says so. */
#include "anon/known.h"
#include "ui/room.h"

enum { HINTS_MOST = 12 };
enum hint_where {
    HINT_NAME /* own name */,
    HINT_LAB /* the lab's, or who runs it */,
    HINT_NOTES,
    HINT_COMMITS
};
struct hint {
    const char *words; /* as they stand in the draft, fit to be shown */
    enum hint_where where;
    int64_t in, of; /* in so many of so many of those texts; of a name 0 */
    int64_t board;  /* in so many posts on the board here */
};
struct hints {
    struct hint *at;
    size_t n, room;
    int64_t commits; /* messages that were compared; 0 when that was not asked for */
    bool more;       /* there are more than HINTS_MOST */
};
/* Names, and notes kept here but the one of number `draft_id` (0: all). `commits`: also own commit messages,
 * read now. `known` may be NULL. */
MUST bool hints_find(struct app *app, const struct known *known, struct span draft, int64_t draft_id,
                     bool commits, struct hints *out, struct err *err);
/* The pure part: words of `draft` that are in `texts`. */
MUST bool hints_shared(struct arena *arena, struct span draft, const struct own_texts *texts,
                       enum hint_where where, struct hints *out, struct err *err);
/* The sentence for one, without markup: “…” is also in your commit messages (…). Appended to `out`. */
void hint_say(struct buf *out, struct arena *arena, const struct hint *hint);
#endif
