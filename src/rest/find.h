#ifndef REST_FIND_H
#define REST_FIND_H
/* Finding git repositories from a folder: the folder itself when it is one; else those below it, three levels
 * deep, hidden folders and links left out; else the one that holds it. A bounded walk: it looks at 20,000
 * names at most. */
#include "base/err.h"
#include "base/mem.h"
#include "io/file.h"

struct found {
    const char **at; /* absolute folders, in the order of their names */
    size_t n, room;
    bool more; /* the walk was cut at its bounds */
};
/* Append what is found from `folder` (absolute). Nothing found is no failure. The home folder is not walked
 * unless `asked`. */
MUST bool find_repos(struct arena *arena, const char *folder, const char *home, bool asked, struct found *out,
                     struct err *err);
#endif
