#ifndef ARENA_VOTE_CATEGORY_H
#define ARENA_VOTE_CATEGORY_H
/* Whether a vote is of a category, by what the file says of it, else by the fixed rules of arena/battle_tag.h
 * on the first thing the person asked (version TAG_RULES): "code", "math", "hard" (the file's word alone),
 * "long", a language as the file names it ("English"), or a script ("Han", "Kana", "Hangul", "Cyrillic",
 * "Arabic", "Devanagari", "Thai"). A vote may be of many. Pure. */
#include "base/span.h"

/* What a row of a CSV has of it; {NULL, 0}: no such column. `category` is a list with , ; or | between. */
struct category_row {
    struct span category, language, prompt;
};
bool category_has_row(const char *name, const struct category_row *row);
/* A record of JSON: is_code, category_tag and language win over rules. */
bool category_has_record(const char *name, struct span record);
/* The script most of whose letters `text` is written in, at 30 % of them or more: "Han" …; "Latin"; "" when
 * there is no letter. */
const char *category_script(struct span text);
#endif
