/* forget --all: everything of Respite on this computer is removed, after the person typed the word for it. */
#include <stdio.h>
#include <unistd.h>

#include "app/keep.h"
#include "io/file.h"

#include "base/banned.h"

const struct cli_option forget_options[] = {
    {"all", NULL, N_("cli.forget.all", "Everything that is here.")},
    {0},
};

bool forget_word(struct span typed)
{
    struct span word = span_trim(typed);
    return span_eq_nocase(word, SPAN("delete")) || span_is(word, "删除");
}

/* A folder named by mistake with --data must survive this: ours holds our database or our lock, and is
 * nobody's home. */
static bool folder_is_ours(struct app *app, struct err *err)
{
    const char *lock = file_join(app->arena, app->paths->data, "lock");
    char *data, *home;
    if (!lock)
        return fail_memory(err);
    if (!file_real(app->arena, app->paths->data, &data, err))
        return false;
    struct err ignored = {0};
    bool has_home = file_real(app->arena, app->paths->home, &home, &ignored);
    bool holds_home = has_home && span_starts(span_of(home), span_of(data)) &&
                      (home[strlen(data)] == '/' || home[strlen(data)] == '\0');
    if (holds_home || span_is(span_of(data), "/") || (!file_exists(app->paths->db) && !file_exists(lock)))
        return fail(err, E_REFUSED,
                    tr("err.forget.other",
                       "“%s” does not look like a data folder of Respite, so nothing was removed."),
                    path_shown(app->arena, app->paths, app->paths->data));
    return true;
}

bool forget_all(struct app *app, struct err *err)
{
    return folder_is_ours(app, err) && file_remove(app->paths->data, err);
}

/* Ask for the word. False with E_USAGE where nobody can be asked, E_REFUSED when another word came. */
static bool agreed(struct app *app, struct err *err)
{
    char typed[64];
    if (cli_has(app->cli, "yes"))
        return true;
    if (cli_has(app->cli, "no-input") || !isatty(STDIN_FILENO))
        return fail(err, E_USAGE, "%s",
                    tr("err.forget.ask", "This removes everything and nobody can be asked here, so nothing "
                                         "was removed. --yes agrees to it."));
    fprintf(stderr, "%s\n%s\n> ", path_shown(app->arena, app->paths, app->paths->data),
            tr("priv.delete",
               "This removes everything here and cannot be undone. Export first? Type the word “delete”."));
    fflush(stderr);
    if (fgets(typed, sizeof typed, stdin) && forget_word(span_of(typed)))
        return true;
    return fail(err, E_REFUSED, "%s",
                tr("err.forget.other_word", "That was another word, so nothing was removed."));
}

static bool forget_run(struct app *app, bool *was_there, struct err *err)
{
    if (!cli_has(app->cli, "all") || app->cli->words_n)
        return fail(
            err, E_USAGE, "%s",
            tr("err.forget.usage", "This removes everything, so it is written out: respite forget --all."));
    *was_there = file_is_dir(app->paths->data);
    if (!*was_there)
        return true;
    int lock = -1;
    bool ok =
        folder_is_ours(app, err) && agreed(app, err) && keep_lock(app, &lock, err) && forget_all(app, err);
    keep_unlock(lock);
    return ok;
}

int cmd_forget(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf text;
    bool was_there = false;
    buf_init(&text, 1 << 16);
    if (!forget_run(app, &was_there, &err))
        return cmd_failed(&err);
    words_say(
        &text,
        was_there
            ? tr("forget.done",
                 "Removed: {data}\nNothing of Respite's data is left on this computer. The program goes with "
                 "`apt remove respite`, or with the folder it was built in.\n")
            : tr("forget.none", "There is nothing to remove: {data} is not there.\n"),
        {"data", path_shown(app->arena, app->paths, app->paths->data)});
    return keep_said(app, json_pack("{s:b,s:b}", "ok", 1, "removed", was_there), &text);
}
