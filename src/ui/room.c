/* What the rows of ui/room.h are used with: finding a route, a line of This week, the end of a command. */
#include "ui/room.h"

#include <errno.h>
#include <stdio.h>

#include "base/note.h"
#include "base/vec.h"

#include "base/banned.h"

/* How well `path` fits the row: 0 not at all, more for a longer row, most for the exact one. */
static size_t fit(const struct route *r, struct span path)
{
    struct span row = span_of(r->path);
    if (!span_ends(row, SPAN("*")))
        return span_eq(row, path) ? SIZE_MAX : 0;
    row.n--;
    return span_starts(path, row) ? row.n + 1 : 0;
}

const struct route *route_find(const struct app *app, struct span method, struct span path,
                               bool *other_method)
{
    const struct route *best = NULL;
    size_t best_fit = 0;
    *other_method = false;
    for (const struct room *const *room = app->rooms; room && *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++) {
            size_t n = r->roles & (unsigned)app->role ? fit(r, path) : 0;
            if (n && !span_is(method, r->method))
                *other_method = true;
            else if (n > best_fit)
                best = r, best_fit = n;
        }
    return best;
}

const struct act *act_find(const struct room *const *rooms, struct span kind)
{
    for (const struct room *const *room = rooms; room && *room; room++)
        for (const struct act *a = (*room)->acts; a && a->kind; a++)
            if (span_is(kind, a->kind))
                return a;
    return NULL;
}

bool acts_check(const struct room *const *rooms, struct err *err)
{
    for (const struct room *const *room = rooms; room && *room; room++)
        for (const struct act *a = (*room)->acts; a && a->kind; a++)
            if (act_find(rooms, span_of(a->kind)) != a || !a->series)
                return fail(err, E_SYSTEM, "Respite lists the kind of act \"%s\" twice, or without a series.",
                            a->kind);
    return true;
}

static bool copied(struct arena *arena, const char *text, const char **out)
{
    *out = text ? arena_text(arena, span_of(text)) : NULL;
    return !text || *out;
}

bool week_line(struct app *app, struct week *week, const char *lead, const char *text, const char *path)
{
    struct week_line line;
    if (!copied(app->arena, lead, &line.lead) || !copied(app->arena, text, &line.text) ||
        !copied(app->arena, path, &line.path))
        return false;
    struct week_line *at = VEC_PUSH(app->arena, week->part);
    if (!at)
        return false;
    *at = line;
    return true;
}

bool cmd_folders(struct app *app, const char *const **out, struct err *err)
{
    const char **at = arena_array(app->arena, app->cli->words_n + 1, sizeof *at);
    if (!at)
        return fail_memory(err);
    for (size_t i = 0; i < app->cli->words_n; i++) {
        char *real;
        if (!file_real(app->arena, app->cli->words[i], &real, err))
            return false;
        if (!file_is_dir(real))
            return fail(
                err, E_MISSING,
                tr("err.rest.folder", "%.300s is not a folder. Name a folder that holds git repositories."),
                path_shown(app->arena, app->paths, real));
        at[i] = real;
    }
    *out = at;
    return true;
}

int cmd_failed(const struct err *err)
{
    complaint("%s", err->text);
    return err->code == E_USAGE ? 2 : 1;
}

bool cmd_print(const struct buf *text, struct err *err)
{
    if (!buf_ok(text, err))
        return false;
    errno = 0;
    size_t written = fwrite(buf_text(text), 1, text->n, stdout);
    if ((written == text->n && fflush(stdout) == 0) || errno == EPIPE)
        return true; /* who reads a part and closes the pipe (head) has what they wanted */
    char why[128];
    return fail(err, errno == ENOSPC ? E_FULL : E_SYSTEM,
                tr("err.print", "The output could not be written: %s."), err_system(errno, why, sizeof why));
}

bool room_wants_out(struct app *app, bool *wants, struct err *err)
{
    *wants = false;
    for (const struct room *const *room = app->rooms; *room && !*wants; room++)
        if ((*room)->wants_out && !(*room)->wants_out(app, wants, err))
            return false;
    return true;
}
