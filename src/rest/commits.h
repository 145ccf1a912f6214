#ifndef REST_COMMITS_H
#define REST_COMMITS_H
/* Own commits out of `git log` and the reflog, classed (REST 2.4). What is kept of a commit: its id, its
 * author time and zone, its class. Of other people's commits a count per week is kept, nothing else. */
#include "base/map.h"
#include "base/vec.h"
#include "rest/git.h"
#include "rest/signs.h"

struct own_commit {
    struct span id; /* hex, in the arena */
    struct moment when;
    bool zone_ok;          /* false: the zone as written cannot be */
    enum sign_class class; /* never CLASS_OTHERS; CLASS_ZONE_UNKNOWN is decided later */
    int64_t who;           /* the identity it is by */
    bool from_reflog;      /* the log knows its class better */
};
struct presence {
    struct moment when;
    bool zone_ok;
    int64_t who;
};
struct others_week {
    day_t week;
    int64_t n;
};
struct batch {
    struct arena *arena;
    struct {
        struct own_commit *at;
        size_t n, room;
    } own;
    struct {
        struct presence *at;
        size_t n, room;
    } acts;
    struct {
        struct others_week *at;
        size_t n, room;
    } others;           /* by week, no order */
    struct map authors; /* author mail -> commits read, for asking whose they are */
    uint64_t records;
    int64_t
        edge; /* latest time of a commit without parents, INT64_MIN: none (where a shallow history is cut) */
};
/* Whose commits and what marks programs. Lines of words in lower or upper case. */
struct marks {
    struct mails mine;
    const int64_t *mine_id;   /* the identity of each in the database; NULL: none yet */
    struct mails bots;        /* names, addresses; "@…" the end of an address */
    struct mails agent_mails; /* text in a Co-authored-by line */
    struct mails agent_names; /* end of an author's name */
};
/* Read "bots.txt" and "agents.txt": the person's own copy in the data folder, else the one in the program.
 * `mine` is left alone. */
MUST bool marks_load(struct arena *arena, const char *data_dir, struct marks *marks, struct err *err);

/* The identity behind an address of `mine`, 0 when there is none. */
int64_t marks_who(const struct marks *marks, struct span mail);
/* The class of one commit by what the log says of it; agents and names of programs come with the second look.
 */
enum sign_class commit_class(const struct git_commit *c, const struct marks *marks, int64_t now);
/* The class by author name and co-author trailers: CLASS_BOTS, CLASS_AGENTS or CLASS_COUNTED. */
enum sign_class authorship_class(const struct git_authorship *a, const struct marks *marks);

/* `git log` over branches and worktree heads of `repo`, without what `known` tips (a line each, may be empty)
 * reach, with committer times from `since` on (0: all). Into `batch`, which has its arena. False and nothing
 * usable when git fails or stops half way; E_FORMAT also when a known tip is gone (garbage-collected): then
 * ask again with none known. */
MUST bool commits_read(const struct repo *repo, struct span known, int64_t since, const struct marks *marks,
                       int64_t now, struct batch *batch, struct err *err);

/* Ask for names and trailers of the own commits of `batch` from `from` on that count so far: what bots and
 * agents made is classed so. commits_read does it for what it read; a reflog's ids need it too, since an
 * amended commit stands nowhere else. Ids that git threw away stay as they are. */
MUST bool commits_look_twice(const struct repo *repo, const struct marks *marks, size_t from,
                             struct batch *batch, struct err *err);

/* A reflog file, as far as it was read before. */
struct log_mark {
    uint64_t inode, size;
    uint64_t last; /* span_hash of the last line read; its text is not kept */
};
/* Read what is new in one reflog into `batch` (own commits and acts); *mark moves. A file that shrank or
 * changed is read whole. A missing file is no failure; on a failure `batch` is as it was. */
MUST bool reflog_read_new(const char *path, const struct marks *marks, int64_t now, struct log_mark *mark,
                          struct batch *batch, struct err *err);
#endif
