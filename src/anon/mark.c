/* The mark. The database counts on first, then the file: so the file is one behind at most, after a power cut
 * between the two; and a state of the database from before a start that spent is always behind the file. */
#include "anon/mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/words.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "crypt/rand.h"

#include "base/banned.h"

#define SETTING "lab.mark"
enum { MARK_MOST = 256, HEX = 64 };

struct mark {
    bool there;
    char machine[HEX + 1];
    uint64_t count;
};

/* "<64 hex> <count>", and a line end in the file. */
static void read_mark(struct span text, struct mark *out)
{
    struct span in = text, hex;
    *out = (struct mark){0};
    if (!scan_hex(&in, &hex, HEX, HEX) || !scan_byte(&in, ' ') || !scan_u64(&in, &out->count, INT64_MAX))
        return;
    memcpy(out->machine, hex.p, HEX);
    out->there = true;
}

/* A hash of the machine's id, so that the id itself stands nowhere. */
static void this_machine(char out[static HEX + 1])
{
    AUTO_BUF struct buf id;
    struct err none = {0};
    uint8_t hash[32];
    buf_init(&id, MARK_MOST);
    (void)!file_read("/etc/machine-id", &id, &none);
    hash_tagged(SPAN("respite/machine/v1\n"), span_trim(buf_span(&id)), hash);
    hash_hex(hash, out);
}

/* $XDG_STATE_HOME/respite/<hash of the data folder's path>, else below ~/.local/state. */
static bool mark_file(struct arena *arena, const struct paths *paths, const char **dir, const char **file,
                      struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    struct err none = {0};
    char hex[HEX + 1], *real;
    uint8_t hash[32];
    if (!state || state[0] != '/')
        state = file_join(arena, paths->home, ".local/state");
    *dir = state ? file_join(arena, state, "respite") : NULL;
    if (!file_real(arena, paths->data, &real, &none))
        real = arena_text(arena, span_of(paths->data));
    if (!*dir || !real)
        return fail_memory(err);
    hash_tagged(SPAN("respite/place/v1\n"), span_of(real), hash);
    hash_hex(hash, hex);
    *file = file_join(arena, *dir, hex);
    return *file || fail_memory(err);
}

struct both {
    struct arena *arena;
    const char *dir, *file;
    struct mark kept, outside;
    char machine[HEX + 1];
};

static bool load(struct db *db, const struct paths *paths, struct both *b, struct err *err)
{
    const char *text;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, MARK_MOST);
    if (!b->arena)
        return fail_memory(err);
    if (!mark_file(b->arena, paths, &b->dir, &b->file, err) ||
        !setting_get(db, b->arena, SETTING, "", &text, err))
        return false;
    read_mark(span_of(text), &b->kept);
    if (file_exists(b->file) && !file_read(b->file, &bytes, err))
        return false;
    read_mark(buf_span(&bytes), &b->outside);
    this_machine(b->machine);
    return true;
}

static bool fits(const struct both *b, struct err *err)
{
    if (!b->kept.there)
        return true;
    bool same = b->outside.there && strcmp(b->kept.machine, b->machine) == 0 &&
                strcmp(b->outside.machine, b->machine) == 0 &&
                (b->kept.count == b->outside.count || b->kept.count == b->outside.count + 1);
    return same ||
           fail(
               err, E_REFUSED,
               tr("err.anon.mark",
                  "This data was copied, moved, or put back from an earlier state, so its passes may have "
                  "been "
                  "used already. `respite backup FILE` and then `respite restore FILE` go on without them."));
}

static bool put(struct db *db, const struct both *b, uint64_t kept, uint64_t outside, struct err *err)
{
    char text[HEX + 32];
    snprintf(text, sizeof text, "%s %" PRIu64, b->machine, kept);
    if (!setting_put(db, SETTING, text, err))
        return false;
    snprintf(text, sizeof text, "%s %" PRIu64 "\n", b->machine, outside);
    return file_make_dir(b->dir, false, err) && file_write(b->file, span_of(text), err);
}

bool mark_check(struct db *db, const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct both b = {.arena = arena};
    return load(db, paths, &b, err) && fits(&b, err);
}

bool mark_step(struct db *db, const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct both b = {.arena = arena};
    if (!load(db, paths, &b, err) || !fits(&b, err))
        return false;
    uint64_t next = (b.kept.there ? b.kept.count : b.outside.there ? b.outside.count : 0) + 1;
    return put(db, &b, next, next, err);
}

bool mark_anew(struct db *copy, const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct both b = {.arena = arena};
    uint32_t far;
    if (!load(copy, paths, &b, err))
        return false;
    if (!b.kept.there)
        return true;
    /* The database is one ahead of the file, which is a state that fits; a number nobody counted to yet, so
     * that what is there now does not fit by chance if the swap fails. */
    rand_bytes(&far, sizeof far);
    uint64_t count = (b.outside.count > b.kept.count ? b.outside.count : b.kept.count) + 2 + far;
    return put(copy, &b, count + 1, count, err);
}

bool mark_forget(const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const char *dir, *file;
    return arena ? mark_file(arena, paths, &dir, &file, err) && file_unlink(file, err) : fail_memory(err);
}
