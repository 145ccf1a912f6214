/* The trees a sandboxed node reads: the folders looked into, repositories chosen before, what their .git
 * files and alternates point at, and the configuration files of git itself. Asked before the sandbox is
 * entered. */
#include "rest/reads.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "io/file.h"
#include "rest/find.h"
#include "rest/git.h"
#include "rest/rest_db.h"

#include "base/banned.h"

enum { ASKED_MOST = 40 };

static bool add(struct app *app, struct trees *out, struct span path)
{
    if (path.n == 0 || path.p[0] != '/')
        return true;
    for (size_t i = 0; i < out->n; i++)
        if (span_is(path, out->at[i]))
            return true;
    const char *copy = arena_text(app->arena, path), **at = copy ? VEC_PUSH(app->arena, out) : NULL;
    if (at)
        *at = copy;
    return at != NULL;
}

/* What a repository says of itself is said by whoever made it. Nothing it names widens the sandbox to `/`,
 * the home or the data folder, or what holds one of them. */
static bool is_above(const char *path, const char *folder)
{
    struct span a = span_of(path), b = span_of(folder);
    return span_starts(b, a) && (b.n == a.n || b.p[a.n] == '/' || (a.n && a.p[a.n - 1] == '/'));
}

static bool is_too_wide(struct app *app, const char *path)
{
    const char *const kept[] = {app->paths->home, app->paths->data};
    for (size_t i = 0; i < 2; i++) {
        struct err none = {0};
        char *real;
        if (is_above(path, kept[i]) || (file_real(app->arena, kept[i], &real, &none) && is_above(path, real)))
            return true;
    }
    return strcmp(path, "/") == 0;
}

static bool holds(struct app *app, const char *dir, const char *name)
{
    const char *path = file_join(app->arena, dir, name);
    return path && file_exists(path);
}

static bool is_gitdir(struct app *app, const char *dir)
{
    return holds(app, dir, "HEAD") && (holds(app, dir, "objects") || holds(app, dir, "commondir"));
}

/* "gitdir: /src/main/.git/worktrees/x": the folder meant is the .git that holds it. */
static bool add_gitfile(struct app *app, struct trees *out, const char *repo)
{
    struct buf AUTO_BUF text;
    struct err none = {0};
    const char *path = file_join(app->arena, repo, ".git");
    buf_init(&text, 8192);
    if (!path)
        return false;
    if (!file_exists(path) || file_is_dir(path) || !file_read(path, &text, &none))
        return none.code != E_MEMORY;
    struct span to = span_trim(buf_span(&text));
    if (!span_starts(to, SPAN("gitdir: ")))
        return true;
    to = span_from(to, 8);
    char *named = arena_text(app->arena, to), *real;
    if (!named)
        return false;
    if (named[0] != '/' && !(named = file_join(app->arena, repo, named)))
        return false;
    if (!file_real(app->arena, named, &real, &none))
        return none.code != E_MEMORY;
    char *cut = strstr(real, "/worktrees/");
    if (cut && cut > real)
        *cut = '\0';
    return !is_gitdir(app, real) || is_too_wide(app, real) || add(app, out, span_of(real));
}

/* One line of alternates: a folder of objects, named from the folder of objects it is said in. */
static bool add_lender(struct app *app, struct trees *out, const char *objects, struct span line)
{
    struct err none = {0};
    char *named = arena_text(app->arena, line), *real;
    if (!named)
        return false;
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (named[0] != '/' && !(named = file_join(app->arena, objects, named)))
        return false;
    if (!file_real(app->arena, named, &real, &none))
        return none.code != E_MEMORY;
    return !span_ends(span_of(real), SPAN("/objects")) || is_too_wide(app, real) ||
           add(app, out, span_of(real));
}

/* Objects borrowed from another repository (git clone --shared). */
static bool add_alternates(struct app *app, struct trees *out, const char *repo)
{
    static const char *const places[] = {".git/objects", "objects"};
    for (size_t i = 0; i < 2; i++) {
        struct buf AUTO_BUF text;
        struct err none = {0};
        struct span rest, line;
        const char *objects = file_join(app->arena, repo, places[i]);
        const char *path = objects ? file_join(app->arena, objects, "info/alternates") : NULL;
        buf_init(&text, 1 << 16);
        if (!path)
            return false;
        if (!file_exists(path) || !file_read(path, &text, &none))
            continue;
        for (rest = buf_span(&text); rest.n;) {
            span_cut(&rest, '\n', &line);
            if (!add_lender(app, out, objects, line))
                return false;
        }
    }
    return true;
}

/* `git config --list --show-origin -z`: "file:PATH" NUL "key LF value" NUL … : every file git reads its
 * configuration from. */
static bool add_config(struct app *app, struct trees *out, const char *dir)
{
    struct buf AUTO_BUF text;
    struct proc_end end;
    struct err none = {0};
    struct span in, origin, value;
    buf_init(&text, 4 << 20);
    if (!git_output(app->arena, dir, (const char *const[]){"config", "--list", "--show-origin", "-z", NULL},
                    (struct span){0}, &text, &end, &none))
        return none.code != E_MEMORY;
    for (in = buf_span(&text); in.n;) {
        span_cut(&in, '\0', &origin);
        span_cut(&in, '\0', &value);
        if (span_starts(origin, SPAN("file:")) && !add(app, out, span_from(origin, 5)))
            return false;
    }
    return true;
}

static bool add_usual(struct app *app, struct trees *out)
{
    static const char *const names[] = {".gitconfig", ".config/git"};
    const char *xdg = getenv("XDG_CONFIG_HOME"), *global = getenv("GIT_CONFIG_GLOBAL");
    for (size_t i = 0; i < 2; i++) {
        const char *path = file_join(app->arena, app->paths->home, names[i]);
        if (!path || !add(app, out, span_of(path)))
            return false;
    }
    if (xdg && !add(app, out, span_of(file_join(app->arena, xdg, "git"))))
        return false;
    return add(app, out, span_of(global)) && add_config(app, out, app->paths->home);
}

static bool add_repos(struct app *app, struct trees *out, struct err *err)
{
    struct found found = {0};
    struct repo_rows rows = {0};
    size_t asked = 0;
    for (size_t i = 0; app->here && app->here[i]; i++) {
        struct err one = {0};
        if (!add(app, out, span_of(app->here[i])))
            return false;
        if (!find_repos(app->arena, app->here[i], app->paths->home, true, &found, &one))
            return fail(err, one.code, "%s", one.text);
    }
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    for (size_t i = 0; i < found.n; i++)
        if (!add(app, out, span_of(found.at[i])) || !add_gitfile(app, out, found.at[i]) ||
            !add_alternates(app, out, found.at[i]) ||
            (asked++ < ASKED_MOST && !add_config(app, out, found.at[i])))
            return false;
    for (size_t i = 0; i < rows.n; i++)
        if (!add(app, out, span_of(rows.at[i].path)) ||
            (!is_too_wide(app, rows.at[i].common_dir) && !add(app, out, span_of(rows.at[i].common_dir))))
            return false;
    return true;
}

bool rest_reads(struct app *app, struct trees *out, struct err *err)
{
    if (add_usual(app, out) && add_repos(app, out, err))
        return true;
    return fail_memory(err);
}
