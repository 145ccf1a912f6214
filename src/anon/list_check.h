#ifndef ANON_LIST_CHECK_H
#define ANON_LIST_CHECK_H
/* A list of members or holders as it is served, held against what the record says of it (PROTOCOL section 5,
 * Roster). Nodes and the board of a split lab ask with the same code. */
#include <jansson.h>

#include "anon/history.h"
#include "anon/roster.h"

enum { LIST_BYTES = 8 << 20, LIST_MOST = 100000, LINES_MOST = 10000, LINE_BYTES = 800 };
/* Cosignature number `i` of "lines" of an answer; false when that is none. Whoever shows it looks at the key.
 */
bool list_line(const json_t *lines, size_t i, struct span *origin, struct span *line);
/* Of `all`, the "rosters" or "opens" of an answer, the list of the entry `h`. *good: it is there, its hashes
 * are sorted and different, and their number and root are those of the entry; then they are in *out. False:
 * no memory. */
MUST bool list_check(const json_t *all, const struct history_list *h, struct arena *arena, struct leaves *out,
                     bool *good, struct err *err);
#endif
