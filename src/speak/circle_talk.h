#ifndef SPEAK_CIRCLE_TALK_H
#define SPEAK_CIRCLE_TALK_H
/* Talking in a circle: a letter of its own to each of the others, each with a key, an address and a moment of
 * its own, so that nobody but who wrote knows that they belong together. */
#include "speak/circles.h"

struct circle_outs { /* acts that were put into the outbox */
    int64_t id[CIRCLE_MOST];
    size_t n;
    size_t away; /* members who were not written to: they gave no sign for weeks */
};
/* The same words to all others who are in. `meets`: NULL, or the times to tell with them (n is set here). The
 * text may be empty then. E_REFUSED: nobody else is in. */
MUST bool circle_write(struct app *app, const struct circles_here *h, const struct circle_own *own,
                       struct span text, const struct meets *meets, bool at_once, struct circle_outs *out,
                       struct err *err);
/* Read times as a person types them: "2026-12-02 15:00" in the zone of this computer; so many of them, so
 * many weeks apart, each so many minutes. E_FORMAT, E_LIMIT. */
struct meet_wish {
    struct span when;
    int64_t minutes, every, times;
};
MUST bool meets_of(const struct meet_wish *wish, int64_t now, struct meets *out, struct err *err);

/* What was said, the oldest first. */
struct circle_said {
    bool own;
    const char *name; /* of the other; "" when own */
    day_t day;        /* 0: own, and not published yet */
    struct span text;
    size_t to, waits, failed; /* own: how many it went to; how many of those are not published; not taken */
};
struct circle_saids {
    struct circle_said *at;
    size_t n, room;
};
MUST bool circle_read(struct app *app, const struct circle_own *own, struct circle_saids *out,
                      struct err *err);
#endif
