/* Reading and writing the file of a log. It may be large, and comes from somebody else: it is read in pieces,
 * one line at a time, and no line is longer than the largest batch. */
#include "anon/log_file.h"

#include <errno.h>
#include <stdio.h>

#include "anon/entry.h"
#include "base/mem.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/scan.h"

#include "base/banned.h"

enum {
    ORIGIN_MOST = 255,
    SERIES_MOST = 8,
    BATCH_MOST = 8 << 20,
    NOTE_MOST = 1 << 17,
    LINE_MOST = BATCH_MOST / 3 * 4 + 128,
    PIECE = 1 << 16,
};
#define HEAD "respite log 1 "

void log_file_begin(struct buf *out, struct span origin)
{
    buf_add_text(out, HEAD);
    buf_add(out, origin);
    buf_add_byte(out, '\n');
}

void log_file_entry(struct buf *out, uint64_t index, struct span entry)
{
    buf_printf(out, "%llu ", (unsigned long long)index);
    b64_add(out, entry, B64);
    buf_add_byte(out, '\n');
}

void log_file_batch(struct buf *out, struct span series, int64_t n, struct span bytes)
{
    buf_printf(out, "batch %.*s %lld ", SPAN_ARG(series), (long long)n);
    b64_add(out, bytes, B64);
    buf_add_byte(out, '\n');
}

void log_file_end(struct buf *out, struct span checkpoint)
{
    buf_add_text(out, "checkpoint ");
    b64_add(out, checkpoint, B64);
    buf_add_byte(out, '\n');
}

/* Lines ---------------------------------------------------------------------------------------------- */
struct log_file {
    FILE *file;         /* or, in memory: */
    struct span memory; /* what is to come */
    struct buf raw;     /* bytes that were read, those before `from` are done with */
    size_t from;
    struct buf bytes; /* decoded, of the present line */
    char origin[ORIGIN_MOST + 1];
    uint64_t entries; /* that came */
    unsigned long line;
    bool ended; /* the checkpoint came */
};

static bool fail_line(const struct log_file *f, struct err *err)
{
    return fail(
        err, E_FORMAT,
        tr("err.anon.log_file",
           "Line %lu of the file is not what `respite export --log` writes there. Nothing was changed."),
        f->line);
}

/* More bytes behind those that are there; *n is 0 at the end. */
static bool refill(struct log_file *f, size_t *n, struct err *err)
{
    buf_drop(&f->raw, f->from);
    f->from = 0;
    char *room = buf_space(&f->raw, PIECE);
    if (!room)
        return f->raw.over ? fail_line(f, err) : fail_memory(err);
    if (f->file) {
        *n = fread(room, 1, PIECE, f->file);
        if (*n == 0 && ferror(f->file))
            return fail(err, E_SYSTEM, tr("err.anon.log_file_read", "The file cannot be read to its end."));
    } else {
        *n = f->memory.n < PIECE ? f->memory.n : PIECE;
        if (*n)
            memcpy(room, f->memory.p, *n);
        f->memory = span_from(f->memory, *n);
    }
    buf_grew(&f->raw, *n);
    return true;
}

/* The next line without its end; *there is false when nothing is left. */
static bool take_line(struct log_file *f, struct span *out, bool *there, struct err *err)
{
    size_t looked = 0;
    f->line++;
    for (;;) {
        struct span rest = span_from(buf_span(&f->raw), f->from);
        const char *end = rest.n > looked ? memchr(rest.p + looked, '\n', rest.n - looked) : NULL;
        if (end) {
            *out = (struct span){rest.p, (size_t)(end - rest.p)};
            *there = true;
            f->from += out->n + 1;
            return true;
        }
        size_t n = 0;
        looked = rest.n;
        if (!refill(f, &n, err))
            return false;
        if (n == 0 && looked > 0)
            return fail_line(f, err); /* cut off */
        if (n == 0) {
            *there = false;
            return true;
        }
    }
}

static bool decode(struct log_file *f, struct span text, size_t most, struct log_line *out, struct err *err)
{
    size_t n = 0;
    buf_reset(&f->bytes);
    if (text.n / 4 * 3 > most + 2)
        return fail_line(f, err);
    char *room = buf_space(&f->bytes, text.n / 4 * 3 + 1);
    if (!room)
        return fail_memory(err);
    if (!b64_read(text, B64, room, text.n / 4 * 3, &n) || n == 0 || n > most)
        return fail_line(f, err);
    buf_grew(&f->bytes, n);
    out->bytes = buf_span(&f->bytes);
    return true;
}

static bool read_batch(struct log_file *f, struct span in, struct log_line *out, struct err *err)
{
    out->kind = LOG_BATCH;
    if (!scan_until(&in, ' ', &out->series, SERIES_MOST) || out->series.n == 0 || !scan_i64(&in, &out->n) ||
        out->n < 0 || !scan_byte(&in, ' '))
        return fail_line(f, err);
    return decode(f, in, BATCH_MOST, out, err);
}

/* "respite log 1 <origin>": kept, since the bytes of lines move. */
static bool read_head(struct log_file *f, struct span in, struct span *origin, struct err *err)
{
    if (!scan_lit(&in, SPAN(HEAD)) || in.n == 0 || in.n > ORIGIN_MOST)
        return fail_line(f, err);
    memcpy(f->origin, in.p, in.n);
    *origin = (struct span){f->origin, in.n};
    f->entries = 0;
    f->ended = false;
    return true;
}

static bool read_line(struct log_file *f, struct span in, struct log_line *out, struct err *err)
{
    *out = (struct log_line){.kind = f->ended ? LOG_NEXT : LOG_ENTRY};
    if (f->ended)
        return read_head(f, in, &out->bytes, err);
    if (scan_lit(&in, SPAN("batch ")))
        return read_batch(f, in, out, err);
    if (scan_lit(&in, SPAN("checkpoint "))) {
        out->kind = LOG_CHECKPOINT;
        f->ended = true;
        return decode(f, in, NOTE_MOST, out, err);
    }
    if (!scan_u64(&in, &out->index, INT64_MAX) || out->index != f->entries || !scan_byte(&in, ' '))
        return fail_line(f, err);
    f->entries++;
    return decode(f, in, ENTRY_MOST, out, err);
}

bool log_file_next(struct log_file *file, struct log_line *out, struct err *err)
{
    struct span line;
    bool there = false;
    if (!take_line(file, &line, &there, err))
        return false;
    if (there)
        return read_line(file, line, out, err);
    return file->ended ? false : fail_line(file, err);
}

/* Opening -------------------------------------------------------------------------------------------- */
static bool begin(struct log_file *f, struct span *origin, struct err *err)
{
    struct span line;
    bool there = false;
    if (!take_line(f, &line, &there, err))
        return false;
    return there ? read_head(f, line, origin, err) : fail_line(f, err);
}

static bool open_with(FILE *file, struct span memory, struct log_file **out, struct span *origin,
                      struct err *err)
{
    struct log_file *f = mem_get(sizeof *f);
    if (!f) {
        if (file)
            fclose(file);
        return fail_memory(err);
    }
    f->file = file;
    f->memory = memory;
    buf_init(&f->raw, LINE_MOST + PIECE);
    buf_init(&f->bytes, BATCH_MOST + 16);
    if (!begin(f, origin, err)) {
        log_file_close(f);
        return false;
    }
    *out = f;
    return true;
}

bool log_file_open(const char *path, struct log_file **out, struct span *origin, struct err *err)
{
    char why[120];
    FILE *file = fopen(path, "re");
    if (!file)
        return fail(err, errno == ENOENT ? E_MISSING : E_SYSTEM,
                    tr("err.anon.log_file_open", "%s cannot be read: %s."), path,
                    err_system(errno, why, sizeof why));
    return open_with(file, (struct span){NULL, 0}, out, origin, err);
}

bool log_file_over(struct span bytes, struct log_file **out, struct span *origin, struct err *err)
{
    return open_with(NULL, bytes, out, origin, err);
}

void log_file_close(struct log_file *file)
{
    if (!file)
        return;
    if (file->file)
        fclose(file->file);
    buf_clear(&file->raw);
    buf_clear(&file->bytes);
    mem_free(file);
}
