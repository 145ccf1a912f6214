#ifndef REST_REST_DB_H
#define REST_REST_DB_H
/* What the room keeps, all its SQL in one file. Tables: identity (addresses and whether they are the
 * person's), repo, sign, presence, others, reflog. Nothing here is ever sent anywhere: the room has no road
 * out. */
#include "io/db.h"
#include "io/migrate.h"
#include "rest/commits.h"

extern const struct migration rest_migrations[];

/* Addresses the person said are theirs. */
MUST bool identity_load(struct db *db, struct arena *arena, struct mails *mine, const int64_t **ids,
                        struct err *err);
/* Say which are: replaces the list. Signs of one that is gone are removed. When one is new, all is read again
 * (how far was read is forgotten), since other people's commits were not kept. */
MUST bool identity_save(struct db *db, const struct mails *mine, struct err *err);
/* Add these, take none away. Nothing is done when identities were changed since `generation`, or the person
 * has said which are theirs (the setting "rest.mine_said"): that stands. */
MUST bool identity_join(struct db *db, const struct mails *mine, int64_t generation, struct err *err);
/* Raised by every change of the identities, in the same transaction. Asked before identity_load, it tells a
 * later commits_save whether the addresses a look went by are still those that count. */
MUST bool identity_generation(struct db *db, int64_t *out, struct err *err);
/* Add one; *changed when it was not there. */
MUST bool identity_add(struct db *db, struct span mail, bool *changed, struct err *err);

enum chosen { CHOSEN_NOT_ASKED = -1, CHOSEN_NO = 0, CHOSEN_YES = 1 };
struct repo_row {
    int64_t id;
    const char *common_dir, *path, *name;
    enum chosen chosen;
    bool read;           /* ever */
    bool own;            /* it holds a commit of the person's */
    int64_t since;       /* committer times from here on are read; 0: the whole history */
    int64_t cut;         /* a shallow history begins here; INT64_MIN: it is whole */
    struct span tips;    /* what was read up to, a line each: the present ones, then those of earlier looks */
    uint64_t cut_hash;   /* repo.cut_hash as it was then */
    const char *problem; /* what the last look that keeps said of it; NULL: it was read */
};
struct repo_rows {
    struct repo_row *at;
    size_t n, room;
};
MUST bool repos_load(struct db *db, struct arena *arena, struct repo_rows *out, struct err *err);
/* The row of a repository by its common folder; made when it is not there. */
MUST bool repo_keep(struct db *db, struct arena *arena, const struct repo *repo, struct repo_row *out,
                    struct err *err);
/* The row of what was last read at `path`, for a repository that git does not open now; id 0: none. */
MUST bool repo_by_path(struct db *db, struct arena *arena, const char *path, struct repo_row *out,
                       struct err *err);
MUST bool repo_problem(struct db *db, int64_t id, const char *problem, struct err *err);
MUST bool repo_choose(struct db *db, int64_t id, bool yes, struct err *err);

/* Where a look started from. */
struct look_basis {
    int64_t generation;
    bool read;
    int64_t since;
    struct span tips;
    uint64_t cut_hash;
};
/* Everything one look at a repository brought, and how far it looked, in one transaction. `whole_window`:
 * counts of others are replaced, not added to. When things are no longer as `basis` says, nothing is kept and
 * that is no failure: the next look reads. NULL: not the news of a look; kept as it is. */
struct repo_news {
    int64_t repo;
    const struct batch *batch;
    bool log_read; /* false: only reflogs were */
    bool whole_window;
    int64_t since, cut;
    uint64_t cut_hash;
    struct span tips;
    const struct look_basis *basis;
    const char *const *logs; /* reflog files with their marks, as many */
    const struct log_mark *marks;
    size_t logs_n;
};
MUST bool commits_save(struct db *db, const struct repo_news *news, struct err *err);
MUST bool log_mark_load(struct db *db, int64_t repo, const char *path, struct log_mark *out, struct err *err);

/* Which repositories a picture is drawn from. */
struct repo_set {
    const int64_t *at;
    size_t n;
};
/* Signs of those repositories with times in [from, to), commits and acts, each id once, sorted by time;
 * classes as stored, zones that cannot be set to this machine's and doubted. An id with several times is
 * `again` from the second on. Agents' commits count when
 * `count_agents`. */
MUST bool signs_load(struct db *db, struct arena *arena, struct repo_set repos, int64_t from, int64_t to,
                     bool count_agents, struct signs *out, struct err *err);
/* Commits of other people in the weeks [first, first + 7·weeks). */
MUST bool others_load(struct db *db, struct repo_set repos, day_t first, int weeks, int64_t *out,
                      struct err *err);
#endif
