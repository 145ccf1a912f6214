/* Files and folders: reading with a ceiling, writing so that a crash leaves the old file or the new one,
 * removing without following a link out, and the places the XDG rules name (io/file.h). */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { BLOCK = 64 * 1024, DEEPEST = 200, SHOWN_MOST = 300 };

/* A path for a sentence: cleaned, and when it is long its end, which is what tells files apart. */
static const char *shown(const char *path, char out[static SHOWN_MOST])
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 64 * 1024);
    utf8_clean(&clean, span_of(path));
    struct span s = clean.failed ? span_of("…") : buf_span(&clean);
    bool cut = s.n > SHOWN_MOST - 8;
    if (cut)
        s = span_from(s, s.n - (SHOWN_MOST - 8));
    while (cut && s.n && ((unsigned char)s.p[0] & 0xc0) == 0x80)
        s = span_from(s, 1);
    snprintf(out, SHOWN_MOST, "%s%.*s", cut ? "…" : "", SPAN_ARG(s));
    return out;
}

/* What the system's `number` means for a person who named `path`. */
static bool refuse(int number, const char *path, struct err *err)
{
    char name[SHOWN_MOST], words[128];
    shown(path, name);
    switch (number) {
    case ENOENT:
        return fail(err, E_MISSING, tr("err.io.missing", "There is nothing at %s."), name);
    case ENOTDIR:
        return fail(err, E_MISSING,
                    tr("err.io.not_folder", "%s leads through something that is not a folder."), name);
    case ENOSPC:
    case EDQUOT:
        return fail(err, E_FULL,
                    tr("err.io.full", "The disk that holds %s is full. Make some room and try again."), name);
    case EACCES:
    case EPERM:
        return fail(err, E_SYSTEM,
                    tr("err.io.denied", "You may not use %s with this account. Change its rights, or name "
                                        "another place."),
                    name);
    case EROFS:
        return fail(err, E_SYSTEM,
                    tr("err.io.read_only", "%s lies on a disk that cannot be written. Name another place."),
                    name);
    case ENOMEM:
        return fail_memory(err);
    default:
        return fail(err, E_SYSTEM, tr("err.io.system", "The system could not work with %s: %s."), name,
                    err_system(number, words, sizeof words));
    }
}

/* ---- reading ---- */

static bool too_large(const char *path, size_t most, struct err *err)
{
    char name[SHOWN_MOST];
    return fail(err, E_LIMIT,
                tr("err.io.large", "%s is larger than the %zu bytes that are taken from such a file."),
                shown(path, name), most);
}

/* From where `fd` stands to the end. */
static bool read_rest(int fd, const char *path, struct buf *out, struct err *err)
{
    for (;;) {
        size_t left = out->most - out->n, want = left < BLOCK ? left : BLOCK;
        char one, *to = want ? buf_space(out, want) : &one;
        if (!to)
            return fail_memory(err);
        ssize_t got = read(fd, to, want ? want : 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(errno, path, err);
        if (got == 0)
            return true;
        if (want == 0)
            return too_large(path, out->most, err);
        buf_grew(out, (size_t)got);
    }
}

static bool read_fd(int fd, const char *path, uint64_t offset, struct buf *out, struct stat *st,
                    struct err *err)
{
    char name[SHOWN_MOST];
    if (fstat(fd, st) != 0)
        return refuse(errno, path, err);
    if (S_ISDIR(st->st_mode))
        return fail(err, E_USAGE, tr("err.io.is_folder", "%s is a folder where a file is wanted."),
                    shown(path, name));
    if (S_ISREG(st->st_mode) && (uint64_t)st->st_size > offset &&
        (uint64_t)st->st_size - offset > out->most - out->n)
        return too_large(path, out->most, err);
    if (offset && lseek(fd, (off_t)offset, SEEK_SET) < 0)
        return refuse(errno, path, err);
    return read_rest(fd, path, out, err);
}

bool file_read_from(const char *path, uint64_t offset, struct buf *out, uint64_t *size, uint64_t *inode,
                    struct err *err)
{
    if (out->failed)
        return buf_ok(out, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return refuse(errno, path, err);
    size_t before = out->n;
    struct stat st;
    bool done = read_fd(fd, path, offset, out, &st, err);
    close(fd);
    if (!done) {
        out->n = before;
        out->failed = false;
        return false;
    }
    *size = (uint64_t)st.st_size;
    *inode = (uint64_t)st.st_ino;
    return true;
}

bool file_read(const char *path, struct buf *out, struct err *err)
{
    uint64_t size, inode;
    return file_read_from(path, 0, out, &size, &inode, err);
}

/* ---- writing ---- */

static bool write_all(int fd, struct span bytes)
{
    while (bytes.n) {
        ssize_t put = write(fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes = span_from(bytes, (size_t)put);
    }
    return true;
}

/* So that the new name survives a power cut. Some file systems cannot; the file is whole either way. */
static void sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (n >= sizeof folder)
        return;
    snprintf(folder, sizeof folder, "%.*s", (int)n, path);
    int fd = open(n ? folder : slash ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

struct file_out {
    int fd;
    const char *path; /* as it will be called */
};

bool file_add(struct file_out *out, struct span bytes, struct err *err)
{
    return write_all(out->fd, bytes) || refuse(errno, out->path, err);
}

/* From the open file to the one in its place. */
static bool settle(const struct file_out *out, const char *name, struct err *err)
{
    bool done = fsync(out->fd) == 0;
    int number = errno;
    if (close(out->fd) != 0 && done) {
        done = false;
        number = errno;
    }
    if (done && rename(name, out->path) == 0)
        return true;
    return refuse(done ? errno : number, out->path, err);
}

bool file_write_from(const char *path, file_fill *fill, void *arg, struct err *err)
{
    AUTO_BUF struct buf name;
    struct file_out out = {.path = path};
    buf_init(&name, PATH_MAX);
    buf_printf(&name, "%s.XXXXXX", path);
    if (!buf_ok(&name, err))
        return false;
    out.fd = mkostemp(name.p, O_CLOEXEC); /* mode 0600 */
    if (out.fd < 0)
        return refuse(errno, path, err);
    bool done = fill(&out, arg, err);
    if (!done)
        close(out.fd);
    if (!done || !settle(&out, name.p, err)) {
        unlink(name.p);
        return false;
    }
    sync_folder_of(path);
    return true;
}

static bool fill_with(struct file_out *out, void *arg, struct err *err)
{
    return file_add(out, *(const struct span *)arg, err);
}

bool file_write(const char *path, struct span bytes, struct err *err)
{
    return file_write_from(path, fill_with, &bytes, err);
}

static bool close_to_others(const char *path, bool ours, struct err *err)
{
    struct stat st;
    char name[SHOWN_MOST];
    if (stat(path, &st) != 0)
        return refuse(errno, path, err);
    if (!S_ISDIR(st.st_mode))
        return fail(err, E_USAGE, tr("err.io.not_a_folder", "%s is not a folder. Name another place."),
                    shown(path, name));
    if (ours && (st.st_mode & 077) && chmod(path, 0700) != 0)
        return refuse(errno, path, err);
    return true;
}

bool file_make_dir(const char *path, bool ours, struct err *err)
{
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part)
        return refuse(n ? ENAMETOOLONG : ENOENT, path, err);
    memcpy(part, path, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST && !file_is_dir(part))
            return refuse(errno, path, err);
        part[i] = kept;
    }
    return close_to_others(path, ours, err);
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* ---- removing ---- */

static bool remove_at(int folder, const char *name, int depth);

static bool empty_folder(int fd, int depth)
{
    DIR *d = fdopendir(fd);
    if (!d) {
        close(fd);
        return false;
    }
    bool done = true;
    for (struct dirent *e; done && (errno = 0, e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            done = remove_at(fd, e->d_name, depth + 1);
    int number = errno;
    closedir(d);
    errno = number;
    return done && number == 0;
}

static bool remove_at(int folder, const char *name, int depth)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    if (depth > DEEPEST) {
        errno = ELOOP;
        return false;
    }
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd >= 0 && empty_folder(fd, depth) && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

bool file_remove(const char *path, struct err *err)
{
    return remove_at(AT_FDCWD, path, 0) || refuse(errno, path, err);
}

bool file_unlink(const char *path, struct err *err)
{
    return unlink(path) == 0 || errno == ENOENT || refuse(errno, path, err);
}

bool file_remove_empty(const char *path, struct err *err)
{
    return rmdir(path) == 0 || errno == ENOENT || refuse(errno, path, err);
}

/* ---- names ---- */

char *file_join(struct arena *arena, const char *dir, const char *name)
{
    size_t a = strlen(dir), b = strlen(name);
    if (a && dir[a - 1] == '/')
        a--;
    char *whole = arena_get(arena, a + b + 2);
    if (whole)
        snprintf(whole, a + b + 2, "%.*s/%s", (int)a, dir, name);
    return whole;
}

bool file_real(struct arena *arena, const char *path, char **out, struct err *err)
{
    char real[PATH_MAX];
    if (!realpath(path, real))
        return refuse(errno, path, err);
    char *copy = arena_text(arena, span_of(real));
    if (!copy)
        return fail_memory(err);
    *out = copy;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file_entry *)a)->name, ((const struct file_entry *)b)->name);
}

static bool add_entry(struct arena *arena, DIR *d, const struct dirent *e, struct file_entries *list)
{
    struct stat st;
    unsigned char type = e->d_type;
    if (type == DT_UNKNOWN && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        type = IFTODT(st.st_mode);
    struct file_entry *entry = VEC_PUSH(arena, list);
    if (!entry)
        return false;
    *entry = (struct file_entry){arena_text(arena, span_of(e->d_name)), type == DT_DIR, type == DT_LNK};
    return entry->name != NULL;
}

bool file_list(struct arena *arena, const char *dir, struct file_entries *out, struct err *err)
{
    struct file_entries list = {0};
    DIR *d = opendir(dir);
    if (!d)
        return refuse(errno, dir, err);
    bool room = true;
    for (struct dirent *e; room && (errno = 0, e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            room = add_entry(arena, d, e, &list);
    int number = room ? errno : 0;
    closedir(d);
    if (!room)
        return fail_memory(err);
    if (number)
        return refuse(number, dir, err);
    if (list.n)
        qsort(list.at, list.n, sizeof *list.at, by_name);
    *out = list;
    return true;
}

bool file_rename(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

/* A lock on a file that was removed before it was ours locks nobody out, so that is busy, too. */
static bool lock_with(const char *path, int how, int *fd, struct err *err)
{
    int f = open(path, (how == LOCK_EX ? O_RDWR : O_RDONLY) | O_CREAT | O_CLOEXEC, 0600);
    if (f < 0)
        return refuse(errno, path, err);
    struct stat st;
    bool locked = flock(f, how | LOCK_NB) == 0;
    int number = locked ? EWOULDBLOCK : errno;
    if (locked && fstat(f, &st) == 0 && st.st_nlink > 0) {
        *fd = f;
        return true;
    }
    close(f);
    if (number != EWOULDBLOCK)
        return refuse(number, path, err);
    char name[SHOWN_MOST];
    return fail(err, E_BUSY,
                tr("err.io.locked", "Another Respite is running on this data (it holds %s). Use that one, "
                                    "close it first, or name another folder with --data."),
                shown(path, name));
}

bool file_lock(const char *path, int *fd, struct err *err)
{
    return lock_with(path, LOCK_EX, fd, err);
}

bool file_lock_shared(const char *path, int *fd, struct err *err)
{
    return lock_with(path, LOCK_SH, fd, err);
}

/* ---- where things live ---- */

static const char *home_dir(struct arena *arena)
{
    const char *home = getenv("HOME");
    if (home && home[0] == '/')
        return arena_text(arena, span_of(home));
    struct passwd entry, *found = NULL;
    char room[4096];
    if (getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found && found->pw_dir[0] == '/')
        return arena_text(arena, span_of(found->pw_dir));
    return arena_text(arena, span_of("/"));
}

static const char *data_dir(struct arena *arena, const char *option, const char *home)
{
    char here[PATH_MAX];
    if (option && option[0] == '/')
        return arena_text(arena, span_of(option));
    if (option)
        return getcwd(here, sizeof here) ? file_join(arena, here, option)
                                         : arena_text(arena, span_of(option));
    const char *xdg = getenv("XDG_DATA_HOME"); /* a relative one is to be ignored, says the specification */
    if (xdg && xdg[0] == '/')
        return file_join(arena, xdg, "respite");
    return file_join(arena, home, ".local/share/respite");
}

bool paths_find(struct arena *arena, const char *data_option, struct paths *out, struct err *err)
{
    if (data_option && !*data_option)
        return fail(err, E_USAGE, tr("err.io.no_data", "--data wants the name of a folder."));
    struct paths p = {.home = home_dir(arena)};
    p.data = p.home ? data_dir(arena, data_option, p.home) : NULL;
    p.db = p.data ? file_join(arena, p.data, "respite.db") : NULL;
    if (!p.db)
        return fail_memory(err);
    *out = p;
    return true;
}

const char *path_shown(struct arena *arena, const struct paths *paths, const char *path)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * PATH_MAX);
    size_t n = strlen(paths->home);
    bool at_home = n > 1 && strncmp(path, paths->home, n) == 0 && (path[n] == '/' || path[n] == '\0');
    if (at_home)
        buf_add_byte(&text, '~');
    utf8_clean(&text, span_of(at_home ? path + n : path));
    const char *copy = buf_keep(&text, arena);
    return copy[0] ? copy : "…";
}

bool file_mark(const char *path, char out[static FILE_MARK])
{
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return false;
    snprintf(out, FILE_MARK, "%llx-%llx-%llx", (unsigned long long)s.st_ino, (unsigned long long)s.st_size,
             (unsigned long long)s.st_mtim.tv_sec * 1000000000 + (unsigned long long)s.st_mtim.tv_nsec);
    return true;
}
