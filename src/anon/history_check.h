#ifndef ANON_HISTORY_CHECK_H
#define ANON_HISTORY_CHECK_H
/* Inside of history.c: what an entry must hold to when it comes, given those before it. Each check keeps what
 * it finds as findings and says whether the thing is usable; memory that was refused is seen in the arena. */
#include "anon/history.h"

/* Keep a finding about the entry that is being added; false, so that `return history_find(…)` reads well. */
bool history_find(struct history *h, const char *format, ...) PRINTS(2, 3);
/* The waits of PROTOCOL 3 do not apply to the entry that is being added. */
bool history_exempt(const struct history *h);

/* When an entry came, at the earliest: its own word, or that of the entries before it. */
int64_t came_at(const struct history *h, int64_t at);

void check_place(struct history *h, const struct entry *e);
void check_time(struct history *h, const struct entry *e);
void check_rules(struct history *h, struct entry_rules *rules, bool *usable);
/* Two logs: whether the key is for this survey and its window, and was not in use before members saw it. */
bool survey_fits(const struct history_survey *survey, const struct history_key *key, bool trial);
bool check_key(struct history *h, const struct entry_key *key, int64_t at);
bool check_roster(struct history *h, const struct entry_list *roster, int64_t at);
bool check_open(struct history *h, const struct entry_list *open, int64_t at);
void check_close(struct history *h, const struct entry_close *close);
void check_batch(struct history *h, const struct entry_batch *batch);
void check_leaf(struct history *h, const struct entry *e, const uint8_t id[static 16]);
void check_peer(struct history *h, const struct entry *e);
/* anon/history_people.c: people with keys of their own, and what they sign. */
void take_person(struct history *h, const struct entry *e);
void take_end(struct history *h, const struct entry *e);
void take_hours(struct history *h, const struct entry *e);
void take_moderation(struct history *h, const struct entry *e);
#endif
