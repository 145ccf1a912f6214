#ifndef SPEAK_HELP_H
#define SPEAK_HELP_H
/* Crisis lines by country, from data/crisis.json inside the program (PULSE section 10). The country is the
 * one a person chose; nothing here looks at an address, a locale or a time zone. Lines marked weak (one
 * undated source, or none of late) are never handed out: a stale number can cost a life. */
#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

struct help_words {
    struct span *at;
    size_t n, room;
};
struct help_line {
    struct span cc, country, name; /* "GB", "United Kingdom", the line's own name in its own language */
    struct span hours, channels;
    struct span source_date;                         /* as it stands: "2023-11 / 2024-11" */
    day_t seen;                                      /* when its pages were last read by a person */
    struct help_words numbers, languages, emergency; /* emergency is mostly empty: no number is invented */
};
struct help {
    day_t made;
    int64_t max_age_days;
    struct help_line *at;
    size_t n, room;
};

/* Read the list, all of it into `arena`, weak lines left out. The sentence names the field that is wrong. */
MUST bool help_read(struct arena *arena, struct span json, struct help *out, struct err *err);
/* The list is older than it allows itself: it is shown all the same, with "may be out of date" above it. */
bool help_old(const struct help *help, day_t today);
/* The first line of a country, NULL when there is none ("" included). Lines of one country stand together. */
const struct help_line *help_find(const struct help *help, struct span cc);
/* The list's own English ("call, free", "United Kingdom", "fr") in the language of this thread; itself when
 * it needs no translation. */
const char *help_say(struct arena *arena, struct span text);
/* When the pages were published, of "2023-11 / 2024-11", "2014-2019", "2025": "November 2023 and November
 * 2024" in the language of this thread. What has another form is said as it stands. */
const char *help_published(struct arena *arena, struct span source_date);
/* Where in `name` the telephone number stands, apart from other letters and digits; -1 when it does not. */
ptrdiff_t help_number_at(struct span name, struct span number);
/* For a test: whether `text` is among the phrases help_say knows. */
bool help_known(struct span text);
#endif
