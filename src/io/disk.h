#ifndef IO_DISK_H
#define IO_DISK_H
/* What `respite doctor` asks of a folder or file, and how `respite restore` puts one file in the place of
 * another. */
#include <stdint.h>

#include "base/err.h"

struct disk_state {
    bool there, folder, ours, writable; /* ours: its owner is the one who runs this */
    unsigned mode;                      /* 0700 */
    uint64_t free;                      /* bytes that somebody who is not root may still write */
};
/* Look. What is not there is no failure: `there` is false. */
MUST bool disk_look(const char *path, struct disk_state *out, struct err *err);
/* Put the file `fresh` at `path`; what stood there is kept under the name `kept`, which must not exist. There
 * is the old file or the new one at `path` at every moment. Nothing at `path` yet is no failure. All three in
 * one folder. */
MUST bool disk_swap(const char *path, const char *kept, const char *fresh, struct err *err);
/* Give a file another name in its folder; a missing one is no failure. */
MUST bool disk_rename(const char *from, const char *to, struct err *err);
#endif
