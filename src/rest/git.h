#ifndef REST_GIT_H
#define REST_GIT_H
/* git, asked as a program (REST 2.1): its environment cleaned, nothing that could write, prompt or reach a
 * network. */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "codec/gitlog.h"
#include "io/proc.h"
#include "rest/signs.h"

/* Run `git -C dir ARGS…` (NULL-ended, without "git") with `input` on its standard input. For git_start, read
 * with proc_read. */
MUST bool git_start(struct arena *arena, const char *dir, const char *const *args, struct span input,
                    struct proc **out, struct err *err);
MUST bool git_output(struct arena *arena, const char *dir, const char *const *args, struct span input,
                     struct buf *out, struct proc_end *end, struct err *err);
/* The sentence for a git that ended badly on `dir`: dubious ownership, too old, or git's own first line.
 * Always false. */
bool git_failed(struct arena *arena, const char *dir, const struct proc_end *end, struct err *err);

/* One repository as git describes it. All in the arena. */
struct repo {
    const char *path;       /* a folder of it, absolute: what a person sees */
    const char *common_dir; /* its key: absolute, without links */
    const char *name;       /* last part of path, cleaned for showing */
    bool bare, shallow;
    uint64_t cut_hash;  /* span_hash of the file that says where a shallow history is cut; 0: there is none */
    struct span tips;   /* heads of all local branches and worktrees, a line each, sorted, without doubles */
    struct mails mails; /* user.email and author.email, as configured for it */
    const char **logs;  /* reflog files of HEAD in each worktree, NULL-ended */
};
MUST bool repo_ask(struct arena *arena, const char *path, struct repo *out, struct err *err);
#endif
