/* Blocks of records. While they fit, each block is a piece of memory; then blocks are written one after the
 * other to a file that was unlinked as soon as it was open. */
#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/span.h"
#include "base/words.h"

#include "base/banned.h"

enum { BLOCK_BYTES = 1 << 20 };

struct spool {
    size_t size, per_block, most;
    uint64_t count;
    const char *folder;
    char **block; /* in memory; on disk, none but the one being filled and the one being read */
    size_t blocks, room;
    int fd; /* -1: in memory */
    char *reading;
    size_t read_block; /* which stands in `reading`; SIZE_MAX: none */
};

struct spool *spool_new(size_t size, size_t most, const char *folder, struct err *err)
{
    struct spool *s = mem_get(sizeof *s);
    if (!s)
        return fail_memory(err), NULL;
    *s = (struct spool){.size = size,
                        .per_block = BLOCK_BYTES / size,
                        .most = most,
                        .folder = folder,
                        .fd = -1,
                        .read_block = SIZE_MAX};
    return s;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->blocks; i++)
        mem_free(s->block[i]);
    mem_free(s->block);
    mem_free(s->reading);
    if (s->fd >= 0)
        close(s->fd);
    mem_free(s);
}

static bool refuse(int number, struct err *err)
{
    char words[128];
    return fail(err, number == ENOSPC ? E_FULL : E_SYSTEM,
                tr("err.io.spool",
                   "The votes do not fit in memory, and a temporary file could not take them: "
                   "%s. TMPDIR names another folder."),
                err_system(number, words, sizeof words));
}

static bool write_block(struct spool *s, size_t block, struct err *err)
{
    size_t left = s->per_block * s->size;
    off_t at = (off_t)(block * left);
    for (const char *p = s->block[block]; left;) {
        ssize_t put = pwrite(s->fd, p, left, at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return refuse(errno, err);
        p += put, at += put, left -= (size_t)put;
    }
    mem_free(s->block[block]);
    s->block[block] = NULL;
    return true;
}

static int open_nameless(const char *folder)
{
    char path[4096];
    const char *named = getenv("TMPDIR");
    const char *in = folder ? folder : named && named[0] ? named : "/var/tmp";
    int fd = open(in, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    if (snprintf(path, sizeof path, "%s/respite-XXXXXX", in) >= (int)sizeof path)
        return errno = ENAMETOOLONG, -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* All that is in memory goes out; what comes later is written a block at a time. */
static bool to_disk(struct spool *s, struct err *err)
{
    s->fd = open_nameless(s->folder);
    s->reading = mem_get(s->per_block * s->size);
    if (s->fd < 0)
        return refuse(errno, err);
    if (!s->reading)
        return fail_memory(err);
    for (size_t i = 0; i < s->blocks; i++)
        if (!write_block(s, i, err))
            return false;
    return true;
}

/* A new last block; the one before it is full. */
static bool next_block(struct spool *s, struct err *err)
{
    if (s->fd < 0 && (s->blocks + 1) * s->per_block * s->size > s->most && !to_disk(s, err))
        return false;
    if (s->fd >= 0 && s->blocks && s->block[s->blocks - 1] && !write_block(s, s->blocks - 1, err))
        return false;
    if (s->blocks == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        char **grown = mem_resize(s->block, room * sizeof *grown);
        if (!grown)
            return fail_memory(err);
        s->block = grown;
        s->room = room;
    }
    s->block[s->blocks] = mem_get(s->per_block * s->size);
    return s->block[s->blocks] ? (s->blocks++, true) : fail_memory(err);
}

bool spool_add(struct spool *s, const void *record, struct err *err)
{
    size_t at = s->count % s->per_block;
    if (at == 0 && !next_block(s, err))
        return false;
    memcpy(s->block[s->blocks - 1] + at * s->size, record, s->size);
    s->count++;
    return true;
}

uint64_t spool_count(const struct spool *s)
{
    return s->count;
}

bool spool_on_disk(const struct spool *s)
{
    return s->fd >= 0;
}

bool spool_block(struct spool *s, size_t block, const void **records, size_t *n, struct err *err)
{
    *n = 0;
    if (block >= s->blocks)
        return true;
    size_t many = block + 1 < s->blocks ? s->per_block : s->count - (s->blocks - 1) * s->per_block;
    *n = many;
    *records = s->block[block] ? s->block[block] : s->reading;
    if (s->block[block] || s->read_block == block)
        return true;
    size_t left = s->per_block * s->size;
    off_t at = (off_t)(block * left);
    s->read_block = SIZE_MAX;
    for (char *p = s->reading; left;) {
        ssize_t got = pread(s->fd, p, left, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return refuse(got < 0 ? errno : EIO, err);
        p += got, at += got, left -= (size_t)got;
    }
    s->read_block = block;
    return true;
}
