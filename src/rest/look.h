#ifndef REST_LOOK_H
#define REST_LOOK_H
/* The write line: folders → repositories → own commits and acts → kept. A look reads what is new since the
 * last; when nothing moved it starts no `git log`. */
#include "rest/rest_db.h"
#include "ui/room.h"

struct look_repo {
    struct repo_row row;
    const char *problem;            /* one sentence when it could not be read; what was read before stays */
    const char *partly;             /* one sentence when a part of it could not be read; the rest was */
    int64_t own;                    /* own counted commits read, in a preview */
    const struct own_commit *lines; /* some of them, in a preview: what would be read */
    size_t lines_n;
};
struct look_author {
    struct span mail;
    int64_t n;
};
struct look {
    struct {
        struct look_repo *at;
        size_t n, room;
    } repos;
    struct mails mine; /* addresses that count as the person's */
    bool mine_said;    /* they were said by the person, not taken from git's configuration */
    struct mails
        asked; /* addresses that may be theirs: noreply forms and the like, never taken by themselves */
    struct {
        struct look_author *at;
        size_t n, room;
    } authors; /* everybody seen, most commits first; filled when no own commit was found, and in a preview */
    bool more; /* folders were cut at the bounds of the walk */
    uint64_t records; /* commits looked at */
    bool log_ran;
};
enum look_kind { LOOK_KEEP, LOOK_PREVIEW };

/* Look into `folders` (absolute, NULL-ended; `asked`: the person named them), reading committer times from
 * `since` on (0: all). LOOK_PREVIEW keeps nothing but the names of repositories. `chosen_only`: leave out
 * repositories the person did not choose. */
MUST bool look(struct app *app, const char *const *folders, bool asked, int64_t since, enum look_kind kind,
               bool chosen_only, struct look *out, struct err *err);
/* Look again at the repositories chosen before, without walking folders. */
MUST bool look_again(struct app *app, int64_t since, struct look *out, struct err *err);
/* The ids of the repositories looked at that could be read now or before, for picture_load. */
MUST bool look_set(struct app *app, const struct look *look, struct repo_set *out, struct err *err);
/* Whether any of them was ever read, so that there is something to show whatever the problems are. */
bool look_shows(const struct look *look);
#endif
