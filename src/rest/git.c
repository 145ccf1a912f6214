/* git as a program. Four short questions describe a repository: its common folder, its branches, its
 * worktrees, its addresses. */
#include "rest/git.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "io/file.h"

#include "base/banned.h"

enum { ARGS_MOST = 40, ANSWER_MOST = 64 << 20, LINE_MOST = 200 };

static const char *const clean_env[] = {"GIT_OPTIONAL_LOCKS=0",
                                        "GIT_TERMINAL_PROMPT=0",
                                        "GIT_NO_LAZY_FETCH=1",
                                        "GIT_PAGER=cat",
                                        "LC_ALL=C",
                                        "TZ=UTC",
                                        NULL};

/* The `keep` list: a test names its own configuration, and nothing else of GIT_* is handed on. */
static const char *const *git_env(struct arena *arena)
{
    static const char *const keep[] = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"};
    size_t n = sizeof clean_env / sizeof *clean_env;
    const char **env = arena_array(arena, n + sizeof keep / sizeof *keep, sizeof *env);
    if (!env)
        return NULL;
    memcpy(env, clean_env, sizeof clean_env);
    n--;
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++) {
        const char *value = getenv(keep[i]);
        struct buf AUTO_BUF line;
        buf_init(&line, 8192);
        if (!value || strlen(value) > 4096)
            continue;
        buf_printf(&line, "%s=%s", keep[i], value);
        char *copy = line.failed ? NULL : arena_text(arena, buf_span(&line));
        if (!copy)
            return NULL;
        env[n++] = copy;
    }
    return env;
}

static bool git_spec(struct arena *arena, const char *dir, const char *const *args, struct span input,
                     struct proc_spec *out, struct err *err)
{
    static const char *const first[] = {"git", "--no-pager",           "-C", NULL,
                                        "-c",  "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"};
    size_t n = sizeof first / sizeof *first, i = 0;
    const char **argv = arena_array(arena, ARGS_MOST, sizeof *argv);
    const char *const *env = git_env(arena);
    if (!argv || !env)
        return fail_memory(err);
    memcpy(argv, first, sizeof first);
    argv[3] = dir;
    while (args[i] && n + 1 < ARGS_MOST)
        argv[n++] = args[i++];
    *out = (struct proc_spec){.argv = argv, .input = input, .drop_env = "GIT_", .set_env = env};
    return true;
}

/* "No such program" said for git. */
static bool git_missing(struct err *inner, struct err *err)
{
    if (inner->code == E_MISSING)
        return fail(
            err, E_MISSING,
            tr("err.git.missing", "git is not installed here, or not in PATH. On Debian: apt install git."));
    return fail(err, inner->code, "%s", inner->text);
}

bool git_start(struct arena *arena, const char *dir, const char *const *args, struct span input,
               struct proc **out, struct err *err)
{
    struct proc_spec spec;
    struct err inner = {0};
    if (!git_spec(arena, dir, args, input, &spec, err))
        return false;
    return proc_start(out, &spec, &inner) || git_missing(&inner, err);
}

bool git_output(struct arena *arena, const char *dir, const char *const *args, struct span input,
                struct buf *out, struct proc_end *end, struct err *err)
{
    struct proc_spec spec;
    struct err inner = {0};
    if (!git_spec(arena, dir, args, input, &spec, err))
        return false;
    return proc_output(&spec, out, end, &inner) || git_missing(&inner, err);
}

/* True when the installed git is older than what we ask of it. */
static bool git_too_old(struct arena *arena, struct buf *version)
{
    struct proc_end end;
    struct err ignored = {0};
    uint64_t major, minor;
    if (!git_output(arena, "/", (const char *const[]){"version", NULL}, (struct span){0}, version, &end,
                    &ignored))
        return false;
    struct span in = buf_span(version);
    return scan_lit(&in, SPAN("git version ")) && scan_u64(&in, &major, 1000) && scan_byte(&in, '.') &&
           scan_u64(&in, &minor, 10000) &&
           (major < GIT_LEAST_MAJOR || (major == GIT_LEAST_MAJOR && minor < GIT_LEAST_MINOR));
}

/* Of what git said: the line that tells why it ended, else the first; not cut through a character. */
static struct span own_line(struct span said)
{
    struct span best = {0}, line;
    bool error = false;
    for (struct span rest = said; rest.n;) {
        span_cut(&rest, '\n', &line);
        line = span_trim(line);
        if (span_starts(line, SPAN("fatal: "))) {
            best = line;
            break;
        }
        bool is_error = span_starts(line, SPAN("error: "));
        if ((is_error && !error) || best.n == 0)
            best = line;
        error = error || is_error;
    }
    if (best.n == 0)
        return SPAN("no reason given");
    struct span cut = span_first(best, LINE_MOST);
    while (cut.n && cut.n < best.n && ((unsigned char)best.p[cut.n] & 0xc0) == 0x80)
        cut.n--;
    return cut;
}

bool git_failed(struct arena *arena, const char *dir, const struct proc_end *end, struct err *err)
{
    struct span said = span_of(end->errors);
    struct buf AUTO_BUF version, shown;
    buf_init(&version, 4096);
    buf_init(&shown, 4096);
    utf8_clean(&shown, span_of(dir));
    if (span_find(said, SPAN("dubious ownership")) >= 0)
        return fail(err, E_REFUSED,
                    tr("err.git.owner",
                       "%s belongs to another user, so git does not open it. If you trust it: git config "
                       "--global --add safe.directory PATH."),
                    buf_text(&shown));
    if (git_too_old(arena, &version))
        return fail(err, E_MISSING,
                    tr("err.git.old", "This %.40s is too old: Respite needs git %d.%d or newer."),
                    arena_text(arena, span_trim(buf_span(&version))), GIT_LEAST_MAJOR, GIT_LEAST_MINOR);
    return fail(err, E_FORMAT,
                tr("err.git.failed", "git could not read %s: %.*s. What was read before is kept."),
                buf_text(&shown), SPAN_ARG(own_line(span_of(end->errors))));
}

/* `git rev-parse`: three words and a path, which may hold line ends and so comes last. */
static bool ask_place(struct arena *arena, struct repo *r, struct err *err)
{
    struct proc_end end;
    struct buf AUTO_BUF out;
    struct span in, bare, shallow;
    buf_init(&out, 1 << 16);
    if (!git_output(arena, r->path,
                    (const char *const[]){"rev-parse", "--path-format=absolute", "--is-bare-repository",
                                          "--is-shallow-repository", "--git-common-dir", NULL},
                    (struct span){0}, &out, &end, err))
        return false;
    in = buf_span(&out);
    if (end.status != 0)
        return git_failed(arena, r->path, &end, err);
    if (!span_cut(&in, '\n', &bare) || !span_cut(&in, '\n', &shallow) || in.n < 2)
        return git_failed(arena, r->path, &end, err);
    r->bare = span_is(bare, "true");
    r->shallow = span_is(shallow, "true");
    char *common = arena_text(arena, span_first(in, in.n - 1)), *real;
    if (!common)
        return fail_memory(err);
    if (!file_real(arena, common, &real, err))
        return false;
    r->common_dir = real;
    return true;
}

/* Where the history is cut, as one number: `git fetch --deepen` moves the cut and no branch. */
static bool ask_cut(struct arena *arena, struct repo *r, struct err *err)
{
    struct buf AUTO_BUF text;
    struct err inner = {0};
    const char *path = file_join(arena, r->common_dir, "shallow");
    buf_init(&text, ANSWER_MOST);
    if (!path)
        return fail_memory(err);
    if (!file_read(path, &text, &inner))
        return inner.code == E_MISSING || fail(err, inner.code, "%s", inner.text);
    r->cut_hash = span_hash(buf_span(&text));
    return true;
}

struct ids {
    struct span *at;
    size_t n, room;
};

static int id_order(const void *a, const void *b)
{
    return span_order(*(const struct span *)a, *(const struct span *)b);
}

static bool add_id(struct arena *arena, struct ids *ids, struct span id)
{
    struct span copy = arena_span(arena, id), *at = copy.p ? VEC_PUSH(arena, ids) : NULL;
    if (at)
        *at = copy;
    return at != NULL;
}

static bool ask_branches(struct arena *arena, struct repo *r, struct ids *ids, struct err *err)
{
    struct proc_end end;
    struct buf AUTO_BUF out;
    buf_init(&out, ANSWER_MOST);
    if (!git_output(arena, r->path,
                    (const char *const[]){"for-each-ref", "--format=%(objectname)", "refs/heads", NULL},
                    (struct span){0}, &out, &end, err))
        return false;
    if (end.status != 0)
        return git_failed(arena, r->path, &end, err);
    struct span in = buf_span(&out), id;
    while (scan_hex(&in, &id, 40, 64) && scan_byte(&in, '\n'))
        if (!add_id(arena, ids, id))
            return fail_memory(err);
    return scan_end(&in) || git_failed(arena, r->path, &end, err);
}

static bool all_zero(struct span id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] != '0')
            return false;
    return true;
}

/* Where HEAD's reflog of a worktree is: the main one's in the common folder, a linked one's below it. */
static bool add_logs(struct arena *arena, struct repo *r, struct err *err)
{
    struct file_entries linked = {0};
    struct err none = {0};
    char *folder = file_join(arena, r->common_dir, "worktrees");
    if (folder && file_is_dir(folder) && !file_list(arena, folder, &linked, &none))
        linked.n = 0;
    r->logs = arena_array(arena, linked.n + 2, sizeof *r->logs);
    if (!folder || !r->logs)
        return fail_memory(err);
    r->logs[0] = file_join(arena, r->common_dir, "logs/HEAD");
    for (size_t i = 0; i < linked.n; i++) {
        char *one = file_join(arena, folder, linked.at[i].name);
        r->logs[i + 1] = one ? file_join(arena, one, "logs/HEAD") : NULL;
        if (!r->logs[i + 1])
            return fail_memory(err);
    }
    return r->logs[0] ? true : fail_memory(err);
}

static bool ask_worktrees(struct arena *arena, struct repo *r, struct ids *ids, struct err *err)
{
    struct proc_end end;
    struct buf AUTO_BUF out;
    struct git_worktree tree;
    buf_init(&out, ANSWER_MOST);
    if (!git_output(arena, r->path, (const char *const[]){"worktree", "list", "--porcelain", "-z", NULL},
                    (struct span){0}, &out, &end, err))
        return false;
    if (end.status != 0)
        return git_failed(arena, r->path, &end, err);
    for (struct span in = buf_span(&out); worktree_next(&in, &tree);)
        if (tree.head.n && !all_zero(tree.head) && !add_id(arena, ids, tree.head))
            return fail_memory(err);
    return true;
}

static bool ask_mails(struct arena *arena, struct repo *r, struct err *err)
{
    struct proc_end end;
    struct buf AUTO_BUF out;
    struct span in, entry, key;
    buf_init(&out, 1 << 16);
    if (!git_output(arena, r->path,
                    (const char *const[]){"config", "-z", "--get-regexp", "^(user|author)\\.email$", NULL},
                    (struct span){0}, &out, &end, err))
        return false;
    in = buf_span(&out);
    while (in.n) { /* status 1: none is set; that is an answer too */
        span_cut(&in, '\0', &entry);
        struct span value = entry;
        if (!span_cut(&value, '\n', &key) || value.n == 0 || value.n > 320 || mails_hold(&r->mails, value))
            continue;
        struct span copy = arena_span(arena, value), *at = copy.p ? VEC_PUSH(arena, &r->mails) : NULL;
        if (!at)
            return fail_memory(err);
        *at = copy;
    }
    return true;
}

static bool join_tips(struct arena *arena, struct ids *ids, struct repo *r, struct err *err)
{
    struct buf AUTO_BUF all;
    buf_init(&all, ANSWER_MOST);
    if (ids->n)
        qsort(ids->at, ids->n, sizeof *ids->at, id_order);
    for (size_t i = 0; i < ids->n; i++) {
        if (i && span_eq(ids->at[i], ids->at[i - 1]))
            continue;
        buf_add(&all, ids->at[i]);
        buf_add_byte(&all, '\n');
    }
    if (!buf_ok(&all, err))
        return false;
    r->tips = arena_span(arena, buf_span(&all));
    return r->tips.p ? true : fail_memory(err);
}

static const char *last_part(struct arena *arena, const char *path)
{
    struct span p = span_of(path);
    struct buf AUTO_BUF shown;
    while (p.n > 1 && p.p[p.n - 1] == '/')
        p.n--;
    const char *slash = memrchr(p.p, '/', p.n);
    if (slash && p.n > 1)
        p = span_from(p, (size_t)(slash - p.p) + 1);
    if (span_ends(p, SPAN(".git")) && p.n > 4)
        p.n -= 4;
    buf_init(&shown, 4096);
    utf8_clean(&shown, p);
    return shown.failed && !shown.over ? NULL : arena_text(arena, buf_span(&shown));
}

bool repo_ask(struct arena *arena, const char *path, struct repo *out, struct err *err)
{
    struct ids ids = {0};
    struct repo r = {.path = path, .name = last_part(arena, path)};
    if (!r.name)
        return fail_memory(err);
    if (!file_is_dir(path))
        return fail(err, E_FORMAT,
                    tr("empty.folder", "I could not open %.300s. I kept what I had and stopped looking."),
                    path);
    if (!ask_place(arena, &r, err) || !ask_cut(arena, &r, err) || !ask_branches(arena, &r, &ids, err) ||
        !ask_worktrees(arena, &r, &ids, err) || !ask_mails(arena, &r, err) || !add_logs(arena, &r, err) ||
        !join_tips(arena, &ids, &r, err))
        return false;
    *out = r;
    return true;
}
