#ifndef ARENA_BATTLE_TAG_H
#define ARENA_BATTLE_TAG_H
/* What a prompt is about, by fixed rules on its text (ARENA section 12, version 1), and whether an answer
 * names its writer. Pure. */
#include "base/span.h"

enum battle_tag {
    TAG_CODE = 1,
    TAG_MATH = 2,
    TAG_HARD = 4, /* the member's word; no rule guesses it */
    TAG_LONG = 8,
    TAG_ENGLISH = 16,
    TAG_CHINESE = 32,
    TAG_OTHER = 64, /* another script, or Latin of which the words say nothing */
};
enum { TAG_RULES = 1 /* version */, TAG_COUNT = 7 };
unsigned battle_tags(struct span prompt, bool hard);
/* Long: 768 tokens or more (words here) in either answer. */
bool battle_is_long(struct span prompt, struct span answer);
const char *battle_tag_name(int which); /* 0 … TAG_COUNT - 1: "code" */
/* Whether `answer` holds the word: as whole words where it is of letters and digits, cases alike. */
bool battle_names(struct span answer, struct span word);
#endif
