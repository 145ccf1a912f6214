/* Running errands: the keeper forks, the child forks again and ends, so the runner belongs to nobody. */
#include "app/errands.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "anon/errand.h"
#include "anon/turn.h"
#include "base/note.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/proc.h"

#include "base/banned.h"

enum { ANSWER_MOST = 256 << 10 };

static const struct errand_row *row_find(const struct app *app, const char *what)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct errand_row *row = (*room)->errands; row && row->what; row++)
            if (strcmp(row->what, what) == 0)
                return row;
    return NULL;
}

static bool run_one(struct app *app, const struct errand *errand, struct err *err)
{
    AUTO_BUF struct buf answer;
    struct err why = {0};
    const struct errand_row *row = row_find(app, errand->what);
    buf_init(&answer, ANSWER_MOST);
    words_set(errand->lang);
    bool done = row ? row->run(app, errand->argument, &answer, &why) && buf_ok(&answer, &why)
                    : fail(&why, E_MISSING, "%s",
                           tr("err.errand.kind", "This Respite does not know what was asked of it. Please "
                                                 "start it again."));
    return errand_end(app->db, errand->id, done, done ? buf_text(&answer) : why.text, err);
}

bool errands_run(struct app *app, struct err *err)
{
    bool there = true;
    while (there) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct errand errand;
        struct app working = *app;
        if (!arena)
            return fail_memory(err);
        working.arena = arena;
        working.now = clock_now();
        if (!errand_take(app->db, arena, &errand, &there, err) || (there && !run_one(&working, &errand, err)))
            return false;
    }
    return true;
}

static int runner(const struct app *app)
{
    struct app mine = *app;
    struct err err = {0};
    close_range(3, ~0u, 0); /* the listening socket and the lock are the keeper's alone */
    struct arena *AUTO_ARENA arena = arena_new();
    mine.arena = arena;
    bool done = arena ? turn_take(&mine, TURN_SECONDS, &err) && db_open(&mine.db, mine.paths->db, &err) &&
                            errands_run(&mine, &err)
                      : fail_memory(&err);
    db_close(mine.db);
    if (!done)
        complaint("%s", err.text);
    return done ? 0 : 1;
}

void errands_start(const struct app *app)
{
    pid_t child = fork();
    if (child == 0)
        _exit(fork() == 0 ? runner(app) : 0); /* no handler of the keeper's runs at its end */
    if (child > 0)
        waitpid(child, NULL, 0);
}
