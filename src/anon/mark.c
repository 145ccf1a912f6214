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
#define PLACE "lab.place" /* where the data was when it was marked last */
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

struct both {
    struct arena *arena;
    const char *dir, *place, *file; /* file: dir/<hash of the place> */
    const char *was; /* the place that the database was marked at; "": before places were kept */
    struct mark kept, outside;
    char machine[HEX + 1];
};

/* The file of a place. */
static const char *file_of(struct arena *arena, const char *dir, const char *place)
{
    char hex[HEX + 1];
    uint8_t hash[32];
    hash_tagged(SPAN("respite/place/v1\n"), span_of(place), hash);
    hash_hex(hash, hex);
    return file_join(arena, dir, hex);
}

/* $XDG_STATE_HOME/respite/<hash of the data folder's path>, else below ~/.local/state. */
static bool find_file(struct both *b, const struct paths *paths, struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    struct err none = {0};
    char *real;
    if (!state || state[0] != '/')
        state = file_join(b->arena, paths->home, ".local/state");
    b->dir = state ? file_join(b->arena, state, "respite") : NULL;
    if (!file_real(b->arena, paths->data, &real, &none))
        real = arena_text(b->arena, span_of(paths->data));
    b->place = real;
    b->file = b->dir && real ? file_of(b->arena, b->dir, real) : NULL;
    return b->file || fail_memory(err);
}

static bool read_file(const char *path, struct mark *out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, MARK_MOST);
    if (file_exists(path) && !file_read(path, &bytes, err))
        return false;
    read_mark(buf_span(&bytes), out);
    return true;
}

static bool load(struct db *db, const struct paths *paths, struct both *b, struct err *err)
{
    const char *text;
    if (!b->arena)
        return fail_memory(err);
    if (!find_file(b, paths, err) || !setting_get(db, b->arena, SETTING, "", &text, err) ||
        !setting_get(db, b->arena, PLACE, "", &b->was, err))
        return false;
    read_mark(span_of(text), &b->kept);
    this_machine(b->machine);
    return read_file(b->file, &b->outside, err);
}

static bool same(const struct both *b, const struct mark *outside)
{
    return outside->there && strcmp(b->kept.machine, b->machine) == 0 &&
           strcmp(outside->machine, b->machine) == 0 &&
           (b->kept.count == outside->count || b->kept.count == outside->count + 1);
}

/* Whether the place that it was marked at still holds data. */
static bool is_held(const struct both *b)
{
    const char *db = file_join(b->arena, b->was, "respite.db");
    return !db || file_exists(db);
}

/* The data lies elsewhere than it was marked, and nothing is there any more: the file of the old place comes
 * along, when something is about to be spent (`db`, else NULL). Of two copies one alone can rename it; the
 * other finds none, and is a copy. */
static bool take_along(struct db *db, struct both *b, bool *moved, struct err *err)
{
    struct mark old;
    *moved = false;
    if (!*b->was || strcmp(b->was, b->place) == 0 || b->outside.there || is_held(b))
        return true;
    const char *from = file_of(b->arena, b->dir, b->was);
    if (!from)
        return fail_memory(err);
    if (!read_file(from, &old, err))
        return false;
    if (!same(b, &old) || (db && !file_rename(from, b->file)))
        return true;
    *moved = true;
    b->outside = old;
    return !db || setting_put(db, PLACE, b->place, err);
}

static bool elsewhere(const struct both *b, struct err *err)
{
    return fail(
        err, E_REFUSED,
        tr("err.anon.copied",
           "This data is a copy of the one in %.300s, and its passes may be used there. Go on with that "
           "one; or move it here, so that nothing is left there; or let `respite backup FILE` and then "
           "`respite restore FILE` go on here without passes until the next week."),
        b->was);
}

static bool fits(struct db *db, struct both *b, struct err *err)
{
    bool moved;
    if (!b->kept.there || same(b, &b->outside))
        return true;
    if (!take_along(db, b, &moved, err))
        return false;
    if (moved)
        return true;
    if (*b->was && strcmp(b->was, b->place) != 0 && is_held(b))
        return elsewhere(b, err);
    return fail(
        err, E_REFUSED,
        tr("err.anon.mark",
           "This data was copied, or put back from an earlier state, so its passes may have been used "
           "already. `respite backup FILE` and then `respite restore FILE` go on without them."));
}

static bool put(struct db *db, const struct both *b, uint64_t kept, uint64_t outside, struct err *err)
{
    char text[HEX + 32];
    snprintf(text, sizeof text, "%s %" PRIu64, b->machine, kept);
    if (!setting_put(db, SETTING, text, err) || !setting_put(db, PLACE, b->place, err))
        return false;
    snprintf(text, sizeof text, "%s %" PRIu64 "\n", b->machine, outside);
    return file_make_dir(b->dir, false, err) && file_write(b->file, span_of(text), err);
}

bool mark_check(struct db *db, const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct both b = {.arena = arena};
    return load(db, paths, &b, err) && fits(NULL, &b, err);
}

bool mark_step(struct db *db, const struct paths *paths, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct both b = {.arena = arena};
    if (!load(db, paths, &b, err) || !fits(db, &b, err))
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
    struct both b = {.arena = arena};
    return arena ? find_file(&b, paths, err) && file_unlink(b.file, err) : fail_memory(err);
}
