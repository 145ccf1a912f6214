#ifndef BASE_NOTE_H
#define BASE_NOTE_H
/* What the program says to whoever started it, on standard error: one line each, "respite: …". Never a name,
 * an address, a path of somebody's repository, a pass or a clock time (STYLE 11). */
#include <stdbool.h>

#include "base/err.h"

/* `respite --quiet`: note() says nothing, complaint() still does. */
void note_quiet(bool quiet);
void note(const char *format, ...) PRINTS(1, 2);
void complaint(const char *format, ...) PRINTS(1, 2);
#endif
