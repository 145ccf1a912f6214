#ifndef IO_FILE_H
#define IO_FILE_H
/* Files and folders. Paths are NUL-ended bytes as the kernel has them; error sentences name the path (cleaned
 * for a terminal). */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* Append the whole file to `out`, which has the ceiling. E_MISSING, E_LIMIT, E_SYSTEM. */
MUST bool file_read(const char *path, struct buf *out, struct err *err);
/* The same from `offset` on; `*size` is the size of the file, `*inode` its number. */
MUST bool file_read_from(const char *path, uint64_t offset, struct buf *out, uint64_t *size, uint64_t *inode,
                         struct err *err);
/* Write, sync and rename into place, mode 0600: there is the old file or the new one, never half. */
MUST bool file_write(const char *path, struct span bytes, struct err *err);
/* The same for what is made in pieces: `fill` is called once and hands each on with file_add(). */
struct file_out;
typedef bool file_fill(struct file_out *out, void *arg, struct err *err);
MUST bool file_write_from(const char *path, file_fill *fill, void *arg, struct err *err);
MUST bool file_add(struct file_out *out, struct span bytes, struct err *err);
/* Make the folder and those above it, 0700. An existing one that other users can read is put to 0700 when
 * `ours`. */
MUST bool file_make_dir(const char *path, bool ours, struct err *err);
bool file_exists(const char *path);
bool file_is_dir(const char *path);
/* Give a file another name in one step; false when there is none of that name, or it cannot be. */
MUST bool file_rename(const char *from, const char *to);
/* Remove a file, or a folder with all in it (never following a link out). A missing one is no failure. */
MUST bool file_remove(const char *path, struct err *err);
/* Remove a file or a link, never a folder. A missing one is no failure. */
MUST bool file_unlink(const char *path, struct err *err);
/* Remove a folder that is empty, and say so when it is not. A missing one is no failure. */
MUST bool file_remove_empty(const char *path, struct err *err);
bool file_is_link(const char *path);
/* Which file it is and in what state: its number, size and time of change, as a word. False when it is no
 * plain file. */
enum { FILE_MARK = 64 };
bool file_mark(const char *path, char out[static FILE_MARK]);
/* dir + "/" + name in the arena, NULL when there is no memory. */
char *file_join(struct arena *arena, const char *dir, const char *name);
/* The absolute path without links or "..", in the arena. E_MISSING with a sentence. */
MUST bool file_real(struct arena *arena, const char *path, char **out, struct err *err);
/* Names in a folder but . and .., sorted by bytes, each with its kind. Links to folders count as links, not
 * as folders. */
struct file_entry {
    const char *name;
    bool is_dir, is_link;
};
struct file_entries {
    struct file_entry *at;
    size_t n, room;
};
MUST bool file_list(struct arena *arena, const char *dir, struct file_entries *out, struct err *err);

/* Hold a lock file for as long as this process lives. E_BUSY when another process has it. */
MUST bool file_lock(const char *path, int *fd, struct err *err);
/* The same beside others who share it; E_BUSY while somebody holds it alone. */
MUST bool file_lock_shared(const char *path, int *fd, struct err *err);

/* Where things live by the XDG rules, or under `--data DIR` when that was given (made with 0700 by
 * file_make_dir, not here). data: $XDG_DATA_HOME/respite or ~/.local/share/respite.  home: $HOME or the
 * password file's. */
struct paths {
    const char *data; /* the one folder we write in */
    const char *db;   /* data/respite.db */
    const char *home;
};
MUST bool paths_find(struct arena *arena, const char *data_option, struct paths *out, struct err *err);
/* "~/src/thesis" for "/home/wei/src/thesis": for showing only. */
const char *path_shown(struct arena *arena, const struct paths *paths, const char *path);
#endif
