/* Folders looked at, files put in each other's place. A hard link keeps the old file while the new one is
 * renamed over it; file systems without links (some USB sticks) get two renames, with a short moment between
 * them. */
#include "io/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/ckd.h"
#include "base/words.h"

#include "base/banned.h"

static bool disk_failed(const char *path, struct err *err)
{
    int number = errno;
    char why[128];
    return fail(err, number == ENOSPC || number == EDQUOT ? E_FULL : E_SYSTEM,
                tr("err.disk", "“%s” could not be used: %s."), path, err_system(number, why, sizeof why));
}

bool disk_look(const char *path, struct disk_state *out, struct err *err)
{
    struct stat st;
    struct statvfs space;
    if (stat(path, &st) != 0) {
        if (errno != ENOENT)
            return disk_failed(path, err);
        *out = (struct disk_state){0};
        return true;
    }
    if (statvfs(path, &space) != 0)
        return disk_failed(path, err);
    struct disk_state folder = {
        .there = true,
        .folder = S_ISDIR(st.st_mode),
        .ours = st.st_uid == geteuid(),
        .writable = access(path, S_ISDIR(st.st_mode) ? W_OK | X_OK : W_OK) == 0,
        .mode = st.st_mode & 07777,
    };
    if (ckd_mul(&folder.free, (uint64_t)space.f_bavail, (uint64_t)space.f_frsize))
        folder.free = UINT64_MAX;
    *out = folder;
    return true;
}

/* What a rename did must reach the disk before we say that it is done. */
static bool folder_sync(const char *path, struct err *err)
{
    char copy[PATH_MAX];
    if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy) {
        errno = ENAMETOOLONG;
        return disk_failed(path, err);
    }
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return disk_failed(path, err);
    bool ok = fsync(fd) == 0 || errno == EINVAL || errno == EROFS || disk_failed(path, err);
    close(fd);
    return ok;
}

bool disk_rename(const char *from, const char *to, struct err *err)
{
    if (rename(from, to) != 0)
        return errno == ENOENT || disk_failed(from, err);
    return folder_sync(to, err);
}

bool disk_swap(const char *path, const char *kept, const char *fresh, struct err *err)
{
    if (link(path, kept) != 0 && errno != ENOENT) {
        if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
            return disk_failed(kept, err);
        if (rename(path, kept) != 0)
            return disk_failed(path, err);
    }
    if (rename(fresh, path) != 0)
        return disk_failed(fresh, err);
    return folder_sync(path, err);
}
