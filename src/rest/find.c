/* Finding git repositories. */
#include "rest/find.h"

#include <string.h>

#include "base/vec.h"

#include "base/banned.h"

enum { DEEPEST = 3, NAMES_MOST = 20000, REPOS_MOST = 200 };

struct walk {
    struct arena *arena;
    struct found *out;
    size_t names;
};

static bool has(struct arena *arena, const char *dir, const char *name)
{
    char *path = file_join(arena, dir, name);
    return path && file_exists(path);
}

/* A folder git would open: with .git in it (a folder, or the file of a worktree or submodule), or a bare
 * repository. */
static bool is_repo(struct arena *arena, const char *dir)
{
    return has(arena, dir, ".git") ||
           (has(arena, dir, "HEAD") && has(arena, dir, "objects") && has(arena, dir, "refs"));
}

static bool add(struct walk *w, const char *dir)
{
    for (size_t i = 0; i < w->out->n; i++)
        if (strcmp(w->out->at[i], dir) == 0)
            return true;
    if (w->out->n >= REPOS_MOST) {
        w->out->more = true;
        return true;
    }
    const char **at = VEC_PUSH(w->arena, w->out);
    if (at)
        *at = dir;
    return at != NULL;
}

static bool skip(const struct file_entry *e)
{
    return !e->is_dir || e->is_link || e->name[0] == '.' || strcmp(e->name, "node_modules") == 0;
}

/* False: no memory. A folder that cannot be read is passed over. */
static bool walk_down(struct walk *w, const char *dir, int depth)
{
    struct file_entries entries = {0};
    struct err none = {0};
    if (!file_list(w->arena, dir, &entries, &none))
        return none.code != E_MEMORY;
    for (size_t i = 0; i < entries.n; i++) {
        if (++w->names > NAMES_MOST) {
            w->out->more = true;
            return true;
        }
        if (skip(&entries.at[i]))
            continue;
        char *path = file_join(w->arena, dir, entries.at[i].name);
        if (!path)
            return false;
        if (is_repo(w->arena, path) ? !add(w, path) : depth > 1 && !walk_down(w, path, depth - 1))
            return false;
    }
    return true;
}

/* The nearest folder above `dir` that is a repository, but the home folder. */
static bool walk_up(struct walk *w, const char *dir, const char *home)
{
    char *at = arena_text(w->arena, span_of(dir));
    if (!at)
        return false;
    for (char *slash; (slash = strrchr(at, '/')) && slash != at;) {
        *slash = '\0';
        if (strcmp(at, home) == 0)
            break;
        if (is_repo(w->arena, at))
            return add(w, at);
    }
    return true;
}

bool find_repos(struct arena *arena, const char *folder, const char *home, bool asked, struct found *out,
                struct err *err)
{
    struct walk w = {.arena = arena, .out = out};
    size_t before = out->n;
    bool ok = true;
    if (strcmp(folder, home) == 0 && !asked)
        return true;
    if (is_repo(arena, folder)) {
        ok = add(&w, folder);
    } else {
        ok = walk_down(&w, folder, DEEPEST);
        if (ok && out->n == before)
            ok = walk_up(&w, folder, home);
    }
    return ok || fail_memory(err);
}
