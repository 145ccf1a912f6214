/* Blocks of a file, unpacked where needed. Several packed streams one after the other (as `cat a.gz b.gz`
 * makes them, and as parallel packers do) read as one. */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "io/load.h"

#include "base/banned.h"

enum { PACKED_BLOCK = 256 * 1024, NAME_MOST = 200 };

#define ZLIB(X) X(inflateInit2_) X(inflate) X(inflateReset) X(inflateEnd)
#define ZSTD(X) \
    X(ZSTD_createDStream) X(ZSTD_freeDStream) X(ZSTD_decompressStream) X(ZSTD_isError) X(ZSTD_DCtx_setParameter)
static struct {
    ZLIB(LOAD_POINTER)
} z;
static struct {
    ZSTD(LOAD_POINTER)
} zs;
static const char *const z_names[] = {ZLIB(LOAD_NAME) NULL}, *const zs_names[] = {ZSTD(LOAD_NAME) NULL};
static struct library libz = LIBRARY("libz.so.1", "zlib1g", z_names, &z),
                      libzstd = LIBRARY("libzstd.so.1", "libzstd1", zs_names, &zs);

enum packing { PLAIN, GZIP, ZSTANDARD };

struct source {
    int fd;
    bool ours;
    char name[NAME_MOST];
    uint64_t at, size;
    enum packing packing;
    struct buf in; /* bytes of the file not yet unpacked */
    bool file_ends, open; /* open: within a packed stream */
    z_stream zip;
    bool zip_is_up;
    ZSTD_DStream *zstd;
};

static bool refuse(const struct source *s, int number, struct err *err)
{
    char words[128];
    if (number == ENOENT)
        return fail(err, E_MISSING, tr("err.io.missing", "There is nothing at %s."), s->name);
    return fail(err, E_SYSTEM, tr("err.io.system", "The system could not work with %s: %s."), s->name,
                err_system(number, words, sizeof words));
}

static bool broken(const struct source *s, struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.io.packed", "%s is damaged: it cannot be unpacked after byte %llu. Fetch it again."),
                s->name, (unsigned long long)s->at);
}

static bool cut_off(const struct source *s, struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.io.cut", "%s breaks off in the middle of its packed data. Fetch it again."), s->name);
}

/* Bytes of the file into s->in. */
static bool fill(struct source *s, size_t room, struct err *err)
{
    while (!s->file_ends) {
        char *to = buf_space(&s->in, room);
        if (!to)
            return fail_memory(err);
        ssize_t got = read(s->fd, to, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(s, errno, err);
        s->file_ends = got == 0;
        s->at += (uint64_t)got;
        buf_grew(&s->in, (size_t)got);
        return true;
    }
    return true;
}

static bool start_packing(struct source *s, struct err *err)
{
    while (s->in.n < 4 && !s->file_ends)
        if (!fill(s, PACKED_BLOCK, err))
            return false;
    struct span front = buf_span(&s->in);
    if (span_starts(front, SPAN("\x1f\x8b"))) {
        s->packing = GZIP;
        if (!library_load(&libz, err))
            return false;
        if (z.inflateInit2_(&s->zip, 15 + 16, ZLIB_VERSION, (int)sizeof s->zip) != Z_OK)
            return fail_memory(err);
        return s->zip_is_up = true;
    }
    if (!span_starts(front, SPAN("\x28\xb5\x2f\xfd")))
        return true;
    s->packing = ZSTANDARD;
    if (!library_load(&libzstd, err))
        return false;
    s->zstd = zs.ZSTD_createDStream();
    /* A window of 128 MB and no more, whatever the file asks for. */
    return (s->zstd && !zs.ZSTD_isError(zs.ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, 27))) ||
           fail_memory(err);
}

struct source *source_open(const char *path, struct err *err)
{
    struct source *s = mem_get(sizeof *s);
    struct stat st;
    if (!s)
        return fail_memory(err), NULL;
    s->ours = strcmp(path, "-") != 0;
    AUTO_BUF struct buf clean;
    buf_init(&clean, 64 * 1024);
    utf8_clean(&clean, span_of(s->ours ? path : tr("io.stdin", "standard input")));
    snprintf(s->name, sizeof s->name, "%s", buf_text(&clean));
    buf_init(&s->in, 1 << 22);
    s->fd = s->ours ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (s->fd < 0 || fstat(s->fd, &st) != 0) {
        refuse(s, errno, err);
        source_close(s);
        return NULL;
    }
    s->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    if (S_ISDIR(st.st_mode))
        fail(err, E_USAGE, tr("err.io.is_folder", "%s is a folder where a file is wanted."), s->name);
    else if (start_packing(s, err))
        return s;
    source_close(s);
    return NULL;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->zip_is_up)
        z.inflateEnd(&s->zip);
    if (s->zstd)
        zs.ZSTD_freeDStream(s->zstd);
    if (s->ours && s->fd >= 0)
        close(s->fd);
    buf_clear(&s->in);
    mem_free(s);
}

static bool unzip(struct source *s, char *to, size_t room, size_t *got, struct err *err)
{
    s->zip.next_in = (Bytef *)s->in.p;
    s->zip.avail_in = (uInt)s->in.n;
    s->zip.next_out = (Bytef *)to;
    s->zip.avail_out = (uInt)room;
    int is = z.inflate(&s->zip, Z_NO_FLUSH);
    *got = room - s->zip.avail_out;
    buf_drop(&s->in, s->in.n - s->zip.avail_in);
    if (is == Z_STREAM_END) {
        s->open = false;
        return z.inflateReset(&s->zip) == Z_OK || broken(s, err);
    }
    s->open = true;
    return is == Z_OK || is == Z_BUF_ERROR || broken(s, err);
}

static bool unzstd(struct source *s, char *to, size_t room, size_t *got, struct err *err)
{
    ZSTD_inBuffer in = {s->in.p, s->in.n, 0};
    ZSTD_outBuffer out = {to, room, 0};
    size_t left = zs.ZSTD_decompressStream(s->zstd, &out, &in);
    if (zs.ZSTD_isError(left))
        return broken(s, err);
    *got = out.pos;
    buf_drop(&s->in, in.pos);
    s->open = left != 0;
    return true;
}

/* Until something comes out, or nothing can any more. */
static bool unpack(struct source *s, char *to, size_t room, size_t *got, struct err *err)
{
    for (;;) {
        if (s->in.n == 0 && !fill(s, PACKED_BLOCK, err))
            return false;
        bool dry = s->in.n == 0;
        *got = 0;
        if (dry && !s->open)
            return true;
        /* Zero bytes after the last stream are padding, as tapes and block devices leave them. */
        if (!s->open && s->packing == GZIP && s->in.p[0] == '\0') {
            buf_drop(&s->in, 1);
            continue;
        }
        if (!(s->packing == GZIP ? unzip : unzstd)(s, to, room, got, err))
            return false;
        if (*got)
            return true;
        if (dry)
            return cut_off(s, err);
    }
}

bool source_read(struct source *s, size_t room, struct buf *out, bool *end, struct err *err)
{
    char *to = buf_space(out, room);
    size_t got = 0;
    if (!to)
        return buf_ok(out, err) ? fail_memory(err) : false;
    if (s->packing != PLAIN) {
        if (!unpack(s, to, room, &got, err))
            return false;
    } else if (s->in.n) {
        got = s->in.n < room ? s->in.n : room;
        memcpy(to, s->in.p, got);
        buf_drop(&s->in, got);
    } else {
        ssize_t n;
        do
            n = read(s->fd, to, room);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return refuse(s, errno, err);
        got = (size_t)n;
        s->at += got;
    }
    buf_grew(out, got);
    *end = got == 0;
    return true;
}

void source_progress(const struct source *s, uint64_t *at, uint64_t *size)
{
    *at = s->at - s->in.n;
    *size = s->size;
}
