/* The write line of flow (i): find repositories, ask git, read, keep. One repository that cannot be read
 * costs that one, with a sentence. */
#include "rest/look.h"

#include <stdlib.h>

#include "base/vec.h"
#include "io/clock.h"
#include "rest/find.h"
#include "rest/suggest.h"

#include "base/banned.h"

enum { LINES_SHOWN = 12, AUTHORS_SHOWN = 24, TIPS_KEPT = 1024 };

/* Failures of one repository that shall not end the whole look. */
static bool is_about_one(const struct err *err)
{
    return err->code == E_FORMAT || err->code == E_REFUSED || err->code == E_LIMIT || err->code == E_SYSTEM;
}

struct looking {
    struct app *app;
    int64_t since;
    enum look_kind kind;
    struct marks marks;
    int64_t generation; /* of the identities in `marks` */
    struct map authors;
    struct look *out;
};

static bool gather_authors(struct looking *l, const struct batch *b, struct err *err)
{
    for (size_t i = 0; i < b->authors.room; i++) {
        const struct map_entry *e = &b->authors.at[i];
        int64_t *n = NULL;
        if (!e->used)
            continue;
        n = map_at(&l->authors, e->key);
        if (n)
            *n += e->value;
        else if (l->authors.n < l->authors.most)
            return fail_memory(err);
    }
    return true;
}

static int64_t own_counted(const struct batch *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->own.n; i++)
        n += b->own.at[i].class == CLASS_COUNTED && !b->own.at[i].from_reflog;
    return n;
}

static size_t count_logs(const struct repo *repo)
{
    size_t n = 0;
    while (repo->logs[n])
        n++;
    return n;
}

/* How far each reflog was read before. */
static bool load_marks(struct looking *l, const struct repo *repo, int64_t id, struct log_mark **out,
                       struct err *err)
{
    size_t n = count_logs(repo);
    struct log_mark *marks = arena_array(l->app->arena, n, sizeof *marks);
    if (!marks)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        if (!log_mark_load(l->app->db, id, repo->logs[i], &marks[i], err))
            return false;
    *out = marks;
    return true;
}

/* A reflog, or what git says of its ids, could not be read: the rest of the repository was. */
static bool in_part(struct looking *l, struct look_repo *r, const struct err *inner, bool about_it,
                    struct err *err)
{
    if (!about_it)
        return fail(err, inner->code, "%s", inner->text);
    r->partly = arena_text(l->app->arena, span_of(inner->text));
    return r->partly ? true : fail_memory(err);
}

/* Read the reflogs: what is new into `batch`, the new marks into news. A file that cannot be read costs that
 * file: its mark stays. */
static bool read_logs(struct looking *l, const struct repo *repo, struct log_mark *marks, struct look_repo *r,
                      struct batch *batch, struct repo_news *news, struct err *err)
{
    size_t own = batch->own.n, acts = batch->acts.n, n = count_logs(repo);
    for (size_t i = 0; i < n; i++) {
        struct err inner = {0};
        if (!reflog_read_new(repo->logs[i], &l->marks, l->app->now, &marks[i], batch, &inner) &&
            !in_part(l, r, &inner, inner.code != E_MEMORY, err))
            return false;
    }
    struct err inner = {0};
    if (!commits_look_twice(repo, &l->marks, own, batch, &inner)) {
        batch->own.n = own; /* as if the files had not been read: the next look reads them */
        batch->acts.n = acts;
        return in_part(l, r, &inner, is_about_one(&inner), err);
    }
    news->logs = repo->logs;
    news->marks = marks;
    news->logs_n = n;
    return true;
}

/* Whether all of `now` stands in `kept`, a tip a line each. */
static bool all_kept(struct span now, struct span kept, bool *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct map known;
    struct span line;
    *out = span_starts(kept, now); /* as they are written: those of the last look come first */
    if (*out)
        return true;
    if (!arena)
        return fail_memory(err);
    map_init(&known, arena, SIZE_MAX);
    while (span_cut(&kept, '\n', &line))
        if (!map_at(&known, line))
            return fail_memory(err);
    *out = true;
    while (*out && span_cut(&now, '\n', &line))
        *out = map_find(&known, line) != NULL;
    return true;
}

/* The tips of now and behind them those kept before that are not among them: a branch left for a while is not
 * read twice. The oldest beyond TIPS_KEPT are dropped. */
static bool join_tips(struct looking *l, struct span now, struct span kept, struct span *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct map present;
    struct span rest = now, line;
    struct buf AUTO_BUF all;
    buf_init(&all, now.n + kept.n);
    if (!arena)
        return fail_memory(err);
    map_init(&present, arena, SIZE_MAX);
    while (span_cut(&rest, '\n', &line))
        if (!map_at(&present, line))
            return fail_memory(err);
    buf_add(&all, now);
    for (size_t n = present.n; n < TIPS_KEPT && span_cut(&kept, '\n', &line);)
        if (!map_find(&present, line)) {
            buf_add(&all, line);
            buf_add_byte(&all, '\n');
            n++;
        }
    if (!buf_ok(&all, err))
        return false;
    *out = arena_span(l->app->arena, buf_span(&all));
    return out->p ? true : fail_memory(err);
}

/* The log part of a look: nothing when each tip was a tip before and far enough back was read. A shallow
 * history whose cut has moved is read anew: what came is behind the tips that are known. */
static bool read_log(struct looking *l, const struct repo *repo, const struct repo_row *row,
                     struct batch *batch, struct repo_news *news, struct err *err)
{
    bool nothing_new = false;
    bool far_enough =
        row->read && row->since <= l->since && l->kind == LOOK_KEEP && row->cut_hash == repo->cut_hash;
    news->cut = row->cut;
    news->cut_hash = repo->cut_hash;
    if (far_enough && !all_kept(repo->tips, row->tips, &nothing_new, err))
        return false;
    if (nothing_new)
        return true;
    news->log_read = l->out->log_ran = true;
    news->since = far_enough ? row->since : l->since;
    news->whole_window = !far_enough || row->tips.n == 0;
    struct err inner = {0};
    if (!commits_read(repo, news->whole_window ? (struct span){0} : row->tips,
                      news->whole_window ? news->since : 0, &l->marks, l->app->now, batch, &inner)) {
        if (news->whole_window || inner.code != E_FORMAT)
            return fail(err, inner.code, "%s", inner.text);
        news->whole_window = true; /* a kept tip is gone: all of the window again; ids seen are kept once */
        if (!commits_read(repo, (struct span){0}, news->since, &l->marks, l->app->now, batch, err))
            return false;
    }
    news->cut = !repo->shallow                                  ? INT64_MIN
                : news->whole_window && batch->edge > INT64_MIN ? batch->edge
                                                                : row->cut;
    news->tips = repo->tips; /* others were counted behind these alone */
    return news->whole_window || join_tips(l, repo->tips, row->tips, &news->tips, err);
}

static bool keep_lines(struct looking *l, const struct batch *b, struct look_repo *r, struct err *err)
{
    size_t n = 0;
    struct own_commit *lines = arena_array(l->app->arena, LINES_SHOWN, sizeof *lines);
    if (!lines)
        return fail_memory(err);
    for (size_t i = 0; i < b->own.n && n < LINES_SHOWN; i++)
        if (b->own.at[i].class == CLASS_COUNTED)
            lines[n++] = b->own.at[i];
    r->lines = lines;
    r->lines_n = n;
    return true;
}

/* What is new in one repository, into batch and news; a failure here is about this repository. */
static bool read_one(struct looking *l, const struct repo *repo, struct log_mark *marks, struct look_repo *r,
                     struct batch *batch, struct repo_news *news, struct err *err)
{
    if (!read_log(l, repo, &r->row, batch, news, err))
        return false;
    l->out->records += batch->records;
    r->own = own_counted(batch);
    if (!gather_authors(l, batch, err))
        return false;
    return l->kind == LOOK_PREVIEW ? keep_lines(l, batch, r, err)
                                   : read_logs(l, repo, marks, r, batch, news, err);
}

/* Keep it; a failure here is about the database. */
static bool keep_one(struct looking *l, struct look_repo *r, const struct repo_news *news, struct err *err)
{
    bool nothing = !news->log_read && news->batch->own.n == 0 && news->batch->acts.n == 0;
    if (l->kind == LOOK_PREVIEW || nothing)
        return true;
    r->row.read = r->row.read || news->log_read;
    return commits_save(l->app->db, news, err);
}

/* The last sentence about a repository stands in its row, for pages that do not look. */
static bool keep_problem(struct looking *l, struct look_repo *r, struct err *err)
{
    const char *before = r->row.problem, *now = r->problem ? r->problem : r->partly;
    if (l->kind == LOOK_PREVIEW || r->row.id == 0 || (!now && !before) ||
        (now && before && strcmp(now, before) == 0))
        return true;
    r->row.problem = now;
    return repo_problem(l->app->db, r->row.id, now, err);
}

/* A repository that could not be read: its sentence, and the look goes on. */
static bool put_aside(struct looking *l, struct look_repo *r, const struct err *inner, struct err *err)
{
    if (!is_about_one(inner))
        return fail(err, inner->code, "%s", inner->text);
    r->problem = arena_text(l->app->arena, span_of(inner->text));
    return r->problem ? true : fail_memory(err);
}

static bool seen_before(const struct look *look, int64_t id)
{
    for (size_t i = 0; i + 1 < look->repos.n; i++)
        if (look->repos.at[i].row.id == id && id != 0)
            return true;
    return false;
}

struct described {
    struct repo *at;
    const char *const *paths;
    const char **problems;
    size_t n;
};

/* Ask git about each folder first: whose addresses are configured there decides whose commits are read. */
static bool describe(struct looking *l, const char *const *paths, size_t n, struct described *out,
                     struct err *err)
{
    out->at = arena_array(l->app->arena, n, sizeof *out->at);
    out->problems = arena_array(l->app->arena, n, sizeof *out->problems);
    out->paths = paths;
    if (!out->at || !out->problems)
        return fail_memory(err);
    for (out->n = 0; out->n < n; out->n++) {
        struct err inner = {0};
        struct repo *repo = &out->at[out->n];
        if (repo_ask(l->app->arena, paths[out->n], repo, &inner)) {
            for (size_t i = 0; i < repo->mails.n && !l->out->mine_said; i++)
                if (!mails_add(l->app->arena, &l->out->mine, repo->mails.at[i]))
                    return fail_memory(err);
            continue;
        }
        if (!is_about_one(&inner))
            return fail(err, inner.code, "%s", inner.text);
        out->problems[out->n] = arena_text(l->app->arena, span_of(inner.text));
        if (!out->problems[out->n])
            return fail_memory(err);
    }
    return true;
}

/* Addresses that count, and whether the person said so. The generation first: a change in between makes what
 * is read here out of date, never the other way round. */
static bool load_mine(struct looking *l, struct err *err)
{
    struct app *app = l->app;
    const char *said;
    l->out->mine.n = 0;
    if (!identity_generation(app->db, &l->generation, err) ||
        !identity_load(app->db, app->arena, &l->out->mine, &l->marks.mine_id, err) ||
        !setting_get(app->db, app->arena, "rest.mine_said", "", &said, err))
        return false;
    l->out->mine_said = said[0] != '\0';
    return true;
}

/* What the person said on the first page stands. Before that, addresses git is configured with count too, and
 * are kept as theirs by the first look that keeps. */
static bool settle_mine(struct looking *l, size_t before, struct err *err)
{
    struct look *out = l->out;
    if (l->kind == LOOK_KEEP && out->mine.n > before &&
        (!identity_join(l->app->db, &out->mine, l->generation, err) || !load_mine(l, err)))
        return false;
    if (l->kind == LOOK_PREVIEW)
        l->marks.mine_id = NULL;
    l->marks.mine = out->mine;
    return true;
}

static int more_commits(const void *a, const void *b)
{
    const struct look_author *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return span_order(x->mail, y->mail);
}

static bool list_authors(struct looking *l, struct err *err)
{
    struct look *out = l->out;
    for (size_t i = 0; i < l->authors.room; i++) {
        const struct map_entry *e = &l->authors.at[i];
        if (!e->used)
            continue;
        struct look_author *a = VEC_PUSH(l->app->arena, &out->authors);
        if (!a || (!mails_hold(&out->mine, e->key) && suggest_noreply(e->key, &out->mine) &&
                   !mails_add(l->app->arena, &out->asked, e->key)))
            return fail_memory(err);
        *a = (struct look_author){e->key, e->value};
    }
    if (out->authors.n)
        qsort(out->authors.at, out->authors.n, sizeof *out->authors.at, more_commits);
    if (out->authors.n > AUTHORS_SHOWN)
        out->authors.n = AUTHORS_SHOWN;
    return true;
}

/* Read one repository and keep what it brought. */
static bool look_at(struct looking *l, const struct repo *repo, struct look_repo *r, struct err *err)
{
    struct err inner = {0};
    struct log_mark *marks = NULL;
    struct batch batch = {.arena = l->app->arena};
    const struct look_basis basis = {.generation = l->generation,
                                     .read = r->row.read,
                                     .since = r->row.since,
                                     .tips = r->row.tips,
                                     .cut_hash = r->row.cut_hash};
    struct repo_news news = {.repo = r->row.id, .batch = &batch, .basis = &basis};
    map_init(&batch.authors, l->app->arena, 1);
    if (l->kind == LOOK_KEEP && !load_marks(l, repo, r->row.id, &marks, err))
        return false;
    if (!read_one(l, repo, marks, r, &batch, &news, &inner))
        return put_aside(l, r, &inner, err);
    return keep_one(l, r, &news, err);
}

/* A folder git does not open now: what was read there before is found by its path. */
static bool look_at_gone(struct looking *l, const struct described *d, size_t i, struct look_repo *r,
                         struct err *err)
{
    r->problem = d->problems[i];
    return repo_by_path(l->app->db, l->app->arena, d->paths[i], &r->row, err);
}

static bool look_at_each(struct looking *l, const struct described *d, bool chosen_only, struct err *err)
{
    for (size_t i = 0; i < d->n; i++) {
        bool gone = d->problems[i] != NULL;
        struct look_repo *r = VEC_PUSH(l->app->arena, &l->out->repos);
        if (!r)
            return fail_memory(err);
        if (gone ? !look_at_gone(l, d, i, r, err)
                 : !repo_keep(l->app->db, l->app->arena, &d->at[i], &r->row, err))
            return false;
        if (!gone && (seen_before(l->out, r->row.id) || (chosen_only && r->row.chosen != CHOSEN_YES))) {
            l->out->repos.n--;
            continue;
        }
        if (l->kind == LOOK_PREVIEW && !gone &&
            !suggest_mailmap(l->app->arena, d->at[i].path, &l->out->mine, &l->out->asked, err))
            return false;
        if ((!gone && !look_at(l, &d->at[i], r, err)) || !keep_problem(l, r, err))
            return false;
    }
    return true;
}

static bool look_paths(struct app *app, const char *const *paths, size_t n, int64_t since,
                       enum look_kind kind, bool chosen_only, struct look *out, struct err *err)
{
    struct looking l = {.app = app, .since = since, .kind = kind, .out = out};
    struct described d = {0};
    map_init(&l.authors, app->arena, 4096);
    if (!marks_load(app->arena, app->paths->data, &l.marks, err) || !load_mine(&l, err))
        return false;
    size_t before = out->mine.n;
    return describe(&l, paths, n, &d, err) && settle_mine(&l, before, err) &&
           look_at_each(&l, &d, chosen_only, err) && list_authors(&l, err);
}

bool look(struct app *app, const char *const *folders, bool asked, int64_t since, enum look_kind kind,
          bool chosen_only, struct look *out, struct err *err)
{
    struct found found = {0};
    *out = (struct look){0};
    for (size_t i = 0; folders && folders[i]; i++)
        if (!find_repos(app->arena, folders[i], app->paths->home, asked, &found, err))
            return false;
    out->more = found.more;
    return look_paths(app, found.at, found.n, since, kind, chosen_only, out, err);
}

bool look_again(struct app *app, int64_t since, struct look *out, struct err *err)
{
    struct repo_rows rows = {0};
    *out = (struct look){0};
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    const char **paths = arena_array(app->arena, rows.n, sizeof *paths);
    size_t n = 0;
    if (!paths)
        return fail_memory(err);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.at[i].chosen == CHOSEN_YES)
            paths[n++] = rows.at[i].path;
    return look_paths(app, paths, n, since, LOOK_KEEP, true, out, err);
}

bool look_set(struct app *app, const struct look *look, struct repo_set *out, struct err *err)
{
    int64_t *ids = arena_array(app->arena, look->repos.n, sizeof *ids);
    size_t n = 0;
    if (!ids)
        return fail_memory(err);
    for (size_t i = 0; i < look->repos.n; i++)
        if (look->repos.at[i].row.id)
            ids[n++] = look->repos.at[i].row.id;
    *out = (struct repo_set){ids, n};
    return true;
}

bool look_shows(const struct look *look)
{
    for (size_t i = 0; i < look->repos.n; i++)
        if (look->repos.at[i].row.id && look->repos.at[i].row.read)
            return true;
    return false;
}
