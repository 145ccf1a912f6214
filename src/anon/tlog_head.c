/* The largest head ever signed, in a file beside the database: a database that was restored from an older
 * copy, or taken over by a standby that lagged, shows by it. The file is written by rename, under a lock, so
 * that of several processes none puts a smaller head over a larger one. */
#include "anon/tlog.h"

#include <time.h>
#include <unistd.h>

#include "base/words.h"
#include "io/file.h"

#include "base/banned.h"

enum { TRIES = 500, WAIT_MS = 10 };

static bool head_read(struct span note, struct arena *arena, struct note_sig *read, struct checkpoint *out,
                      struct err *err)
{
    return note_sig_read(note, arena, read, err) && checkpoint_read(read->text, out, err);
}

bool tlog_own(const struct tlog *log, struct span note, struct arena *arena, struct checkpoint *out,
              struct err *err)
{
    struct note_sig read;
    struct note_sig_key key;
    struct note_sig_claim claim;
    struct checkpoint head;
    struct err mine = {0};
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    if (!head_read(note, arena, &read, &head, err))
        return false;
    if (span_is(head.origin, log->origin) && note_sig_key_read(span_of(log->vkey), &key, &mine) &&
        note_sig_claim(&read, &key, &scratch, &claim, &mine) && sign_good(key.pk, claim.message, claim.sig)) {
        *out = head;
        return true;
    }
    if (mine.code == E_MEMORY)
        return fail_memory(err);
    return fail(err, E_REFUSED,
                tr("err.anon.head_key", "The head of the log was not signed with this lab's key."));
}

/* E_MISSING: no such file. */
static bool file_head(const char *file, const struct tlog *log, struct arena *arena, struct checkpoint *out,
                      struct err *err)
{
    struct note_sig read;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, NOTE_SIG_MOST);
    if (!file_read(file, &bytes, err))
        return false;
    struct span note = arena_span(arena, buf_span(&bytes));
    if (!note.p)
        return fail_memory(err);
    return log ? tlog_own(log, note, arena, out, err) : head_read(note, arena, &read, out, err);
}

static bool keep(struct db *db, const char *file, struct arena *arena, struct err *err)
{
    struct span note;
    struct note_sig read;
    struct checkpoint now, before = {0};
    struct err mine = {0};
    if (!tlog_checkpoint(db, arena, &note, &mine))
        return mine.code == E_MISSING || fail(err, mine.code, "%s", mine.text);
    if (!head_read(note, arena, &read, &now, err))
        return false;
    if (!file_head(file, NULL, arena, &before, &mine) && mine.code != E_MISSING)
        return fail(err, mine.code, "%s", mine.text);
    return before.size >= now.size || file_write(file, note, err);
}

/* Wait for the lock: whoever has it writes one small file. */
static bool lock(const char *path, int *fd, struct err *err)
{
    for (int i = 0;; i++) {
        struct err mine = {0};
        if (file_lock(path, fd, &mine))
            return true;
        if (mine.code != E_BUSY || i == TRIES)
            return fail(err, mine.code, "%s", mine.text);
        nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000L}, NULL);
    }
}

bool tlog_head_keep(struct db *db, const char *file, struct err *err)
{
    int fd = -1;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf path;
    buf_init(&path, 4096);
    buf_printf(&path, "%s.lock", file);
    if (!arena)
        return fail_memory(err);
    if (!buf_ok(&path, err) || !lock(buf_text(&path), &fd, err))
        return false;
    bool done = keep(db, file, arena, err);
    close(fd);
    return done;
}

/* The tree of the database as it was when it had the size of the file's head. */
static bool same_history(struct db *db, const struct checkpoint *head, struct err *err)
{
    uint8_t root[32];
    if (!tlog_root(db, head->size, root, err))
        return false;
    return memcmp(root, head->root, sizeof root) == 0 ||
           fail(
               err, E_REFUSED,
               tr("err.anon.head_other",
                  "This database holds another history than the lab has already shown its members (entry "
                  "%llu "
                  "and before). Please give the lab back its own database; `respite lab recover FILE` brings "
                  "back what a member's node has."),
               (unsigned long long)head->size - 1);
}

bool tlog_head_check(struct db *db, const struct tlog *log, const char *file, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct checkpoint head;
    struct err mine = {0};
    uint64_t size;
    if (!arena)
        return fail_memory(err);
    /* A lab whose address stands in its genesis alone has no name while that is not there. */
    if (!file_head(file, log->origin ? log : NULL, arena, &head, &mine))
        return mine.code == E_MISSING || fail(err, mine.code, "%s", mine.text);
    if (!tlog_size(db, &size, err))
        return false;
    if (size < head.size)
        return fail(
            err, E_REFUSED,
            tr("err.anon.head_older",
               "This database is older than the lab: its log has %llu entries, and the lab has already "
               "shown its members %llu. `respite lab recover FILE` brings back what a member's node "
               "has (`respite export --log` there writes the file)."),
            (unsigned long long)size, (unsigned long long)head.size);
    return same_history(db, &head, err);
}
