/* Reading a long file: bytes from the file, unpacked where it is packed, cut into lines. */
#include "io/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

enum { PIECE = 256 << 10 };
enum form { PLAIN, GZIP, ZSTD };

struct lines {
    int fd;
    char *path;
    enum form form;
    bool file_ended, in_frame; /* in_frame: packed bytes are due */
    z_stream gzip;
    ZSTD_DStream *zstd;
    char *raw, *plain;
    size_t raw_n, raw_at, plain_n, plain_at;
    struct buf line; /* what of a line came in pieces before */
    size_t most;
    uint64_t number, read, size;
};

static bool bad(const struct lines *l, struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.lines.packed",
                   "%s is packed, and its bytes break off or are damaged after line %llu; the "
                   "lines before it were read. Fetch or pack it again."),
                l->path, (unsigned long long)l->number);
}

static bool system_says(const struct lines *l, struct err *err)
{
    char words[200];
    return fail(err, errno == ENOENT ? E_MISSING : E_SYSTEM,
                tr("err.lines.read", "%s could not be read: %s."), l->path,
                err_system(errno, words, sizeof words));
}

/* More bytes of the file behind those that are waiting; false on an error. */
static bool fill(struct lines *l, struct err *err)
{
    if (l->raw_at < l->raw_n || l->file_ended)
        return true;
    ssize_t n;
    do
        n = read(l->fd, l->raw, PIECE);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return system_says(l, err);
    l->raw_at = 0;
    l->raw_n = (size_t)n;
    l->read += (uint64_t)n;
    l->file_ended = n == 0;
    return true;
}

static enum form form_of(const char *p, size_t n)
{
    if (n >= 2 && memcmp(p, "\x1f\x8b", 2) == 0)
        return GZIP;
    return n >= 4 && memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ? ZSTD : PLAIN;
}

static bool begin(struct lines *l, struct err *err)
{
    struct stat s;
    if (l->fd < 0)
        return system_says(l, err);
    if (fstat(l->fd, &s) == 0 && S_ISREG(s.st_mode))
        l->size = (uint64_t)s.st_size;
    if (fstat(l->fd, &s) == 0 && S_ISDIR(s.st_mode))
        return fail(err, E_FORMAT, tr("err.lines.folder", "%s is a folder; name a file in it."), l->path);
    if (!fill(l, err))
        return false;
    l->form = form_of(l->raw, l->raw_n);
    if (l->form == GZIP && inflateInit2(&l->gzip, 15 + 16) != Z_OK)
        return fail_memory(err);
    if (l->form == ZSTD && !(l->zstd = ZSTD_createDStream()))
        return fail_memory(err);
    return true;
}

bool lines_open(struct lines **out, const char *path, size_t most, struct err *err)
{
    struct lines *l = mem_get(sizeof *l);
    if (!l)
        return fail_memory(err);
    l->path = mem_copy(path);
    l->raw = mem_get(PIECE);
    l->plain = mem_get(PIECE);
    l->most = most;
    buf_init(&l->line, most + 1);
    l->fd = -1;
    bool there = l->path && l->raw && l->plain;
    if (there)
        l->fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    if (there ? begin(l, err) : fail_memory(err)) {
        *out = l;
        return true;
    }
    lines_close(l);
    return false;
}

void lines_close(struct lines *l)
{
    if (!l)
        return;
    if (l->form == GZIP)
        inflateEnd(&l->gzip);
    ZSTD_freeDStream(l->zstd);
    if (l->fd >= 0)
        close(l->fd);
    buf_clear(&l->line);
    mem_free(l->path);
    mem_free(l->raw);
    mem_free(l->plain);
    mem_free(l);
}

static bool unzip(struct lines *l, struct err *err)
{
    l->gzip.next_in = (Bytef *)l->raw + l->raw_at;
    l->gzip.avail_in = (uInt)(l->raw_n - l->raw_at);
    l->gzip.next_out = (Bytef *)l->plain;
    l->gzip.avail_out = PIECE;
    int said = inflate(&l->gzip, Z_NO_FLUSH);
    l->raw_at = l->raw_n - l->gzip.avail_in;
    l->plain_n = PIECE - l->gzip.avail_out;
    l->in_frame = said != Z_STREAM_END;
    if (said == Z_STREAM_END)
        return inflateReset(&l->gzip) == Z_OK || bad(l, err);
    return said == Z_OK || said == Z_BUF_ERROR || bad(l, err);
}

static bool unpack_zstd(struct lines *l, struct err *err)
{
    ZSTD_inBuffer in = {l->raw, l->raw_n, l->raw_at};
    ZSTD_outBuffer out = {l->plain, PIECE, 0};
    size_t said = ZSTD_decompressStream(l->zstd, &out, &in);
    l->raw_at = in.pos;
    l->plain_n = out.pos;
    l->in_frame = said != 0;
    return !ZSTD_isError(said) || bad(l, err);
}

/* The next plain bytes into l->plain; none at the end. */
static bool next_plain(struct lines *l, struct err *err)
{
    l->plain_at = l->plain_n = 0;
    while (l->plain_n == 0) {
        size_t waiting;
        if (!fill(l, err))
            return false;
        waiting = l->raw_n - l->raw_at;
        if (l->form == PLAIN) {
            memcpy(l->plain, l->raw + l->raw_at, waiting);
            l->plain_n = waiting;
            l->raw_at = l->raw_n;
            return true;
        }
        if (!waiting && l->file_ended && !l->in_frame)
            return true;
        size_t at = l->raw_at;
        if (!(l->form == GZIP ? unzip(l, err) : unpack_zstd(l, err)))
            return false;
        if (l->plain_n == 0 && l->raw_at == at && l->file_ended)
            return bad(l, err);
    }
    return true;
}

bool lines_peek(struct lines *l, struct span *piece, struct err *err)
{
    if (l->plain_at == l->plain_n && !next_plain(l, err))
        return false;
    *piece = span_bytes(l->plain + l->plain_at, l->plain_n - l->plain_at);
    return piece->n > 0;
}

bool lines_piece(struct lines *l, struct span *piece, struct err *err)
{
    if (!lines_peek(l, piece, err))
        return false;
    l->plain_at = l->plain_n;
    return true;
}

static bool too_long(const struct lines *l, struct err *err)
{
    return fail(err, E_LIMIT, tr("err.lines.long", "%s: line %llu is longer than %zu bytes."), l->path,
                (unsigned long long)l->number, l->most);
}

bool lines_next(struct lines *l, struct span *line, struct err *err)
{
    buf_reset(&l->line);
    for (bool any = false;; any = true) {
        if (l->plain_at == l->plain_n) {
            if (!next_plain(l, err))
                return false;
            if (l->plain_n == 0) {
                if (!any || !l->line.n)
                    return false;
                break;
            }
        }
        const char *from = l->plain + l->plain_at;
        size_t have = l->plain_n - l->plain_at;
        const char *end = memchr(from, '\n', have);
        size_t n = end ? (size_t)(end - from) : have;
        l->plain_at += end ? n + 1 : n;
        if (!any)
            l->number++;
        if (l->line.n + n > l->most)
            return too_long(l, err);
        if (end && l->line.n == 0) {
            *line = span_bytes(from, n);
            if (line->n && line->p[line->n - 1] == '\r')
                line->n--;
            return true;
        }
        buf_add(&l->line, span_bytes(from, n));
        if (!buf_ok(&l->line, err))
            return false;
        if (end)
            break;
    }
    *line = buf_span(&l->line);
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

uint64_t lines_number(const struct lines *l)
{
    return l->number;
}

void lines_progress(const struct lines *l, uint64_t *read, uint64_t *size)
{
    *read = l->read;
    *size = l->size;
}
