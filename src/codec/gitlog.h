#ifndef CODEC_GITLOG_H
#define CODEC_GITLOG_H
/* What `git` prints, read. The log is six NUL-ended fields per commit (REST 2.1): id, author date raw, author
 * mail, committer epoch, committer mail, parents. Blocks of the pipe go into gitlog_feed as they come; a
 * record may lie across blocks. Pure. */
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/err.h"
#include "base/span.h"

/* The oldest git that Respite works with: `worktree list -z` came with it. */
enum { GIT_LEAST_MAJOR = 2, GIT_LEAST_MINOR = 36 };

#define GITLOG_FORMAT "--format=%H%x00%ad%x00%ae%x00%ct%x00%ce%x00%P"

struct git_commit {
    struct span id;   /* 40 or 64 hex digits */
    bool time_ok;     /* false: the author time was empty, or not a number */
    int64_t at;       /* author epoch; 0 when !time_ok */
    int32_t zone;     /* author's minutes east; as written, also nonsense ones ("+51800" is 518 h) */
    bool zone_ok;     /* hours <= 14 and minutes <= 59 */
    struct span mail; /* author, bytes as git gave them */
    bool committed_ok;
    int64_t committed_at;
    struct span committer; /* mail */
    int parents;
};
struct gitlog {
    struct buf waiting; /* the unread rest */
    size_t taken;       /* bytes of it already given out */
    size_t most;        /* bytes of one record */
    uint64_t records;
};
/* Read all that is waiting with gitlog_next before the next feed. A record longer than `most` bytes is
 * E_LIMIT. */
void gitlog_init(struct gitlog *log, size_t most);
void gitlog_clear(struct gitlog *log);
MUST bool gitlog_feed(struct gitlog *log, struct span block, struct err *err);
/* The next whole record; spans are valid until the next feed. False: no whole record is waiting (err clean),
 * or it is malformed. */
bool gitlog_next(struct gitlog *log, struct git_commit *out, struct err *err);
/* At the end of the pipe: false, with a sentence, when half a record is left (git died). */
MUST bool gitlog_end(const struct gitlog *log, struct err *err);

/* "1700000000 +0100" as %ad --date=raw prints it. False when empty or malformed; zone as written. */
bool git_date(struct span text, int64_t *at, int32_t *zone, bool *zone_ok);

/* One line of a reflog file without its LF: OLD NEW NAME <MAIL> EPOCH ZONE TAB MESSAGE. */
enum reflog_act { REFLOG_OTHER, REFLOG_COMMIT, REFLOG_PRESENCE };
struct reflog_line {
    struct span old_id, id, mail;
    int64_t at;
    int32_t zone;
    bool zone_ok;
    /* commit…: COMMIT; rebase merge cherry-pick revert reset checkout am: PRESENCE; others: OTHER */
    enum reflog_act act;
    struct span message; /* for telling entries apart; never stored */
};
MUST bool reflog_read(struct span line, struct reflog_line *out, struct err *err);

/* One record of the second look at own commits: `git log --no-walk=unsorted --stdin -z GITLOG_AUTHORSHIP`:
 * id, author name, co-author trailers (joined by 0x1f), three NUL-ended fields. Takes the record off *in.
 * False at the end, or err. */
#define GITLOG_AUTHORSHIP "--format=%H%x00%an%x00%(trailers:key=Co-authored-by,valueonly,separator=%x1f)"
struct git_authorship {
    struct span id, name, coauthors;
};
bool authorship_next(struct span *in, struct git_authorship *out, struct err *err);

/* `git worktree list --porcelain -z`: the next worktree. Spans point into the text. `head` is empty for an
 * unborn or bare one. */
struct git_worktree {
    struct span path, head;
    bool bare;
};
bool worktree_next(struct span *in, struct git_worktree *out);
#endif
