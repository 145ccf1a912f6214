/* Own commits out of `git log`: read in blocks, classed one by one. The second look (names and trailers) is
 * asked for own new commits alone, since asking it of all costs a third more. */
#include "rest/commits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ckd.h"
#include "base/words.h"
#include "codec/scan.h"
#include "io/clock.h"
#include "io/file.h"
#include "ui/assets.h"

#include "base/banned.h"

enum {
    RECORD_MOST = 1 << 20,
    BLOCK = 64 << 10,
    AUTHORS_MOST = 4096,
    OLDEST = 631152000,
    CLICK_SECONDS = 60,
    ASKED_AT_ONCE = 10000,
    ANSWER_MOST = 256 << 20
};

static bool holds_nocase(struct span text, struct span what)
{
    for (size_t i = 0; what.n && i + what.n <= text.n; i++)
        if (span_eq_nocase((struct span){text.p + i, what.n}, what))
            return true;
    return false;
}

static bool ends_nocase(struct span text, struct span end)
{
    return text.n >= end.n && span_eq_nocase(span_from(text, text.n - end.n), end);
}

static bool is_bot(struct span mail_or_name, const struct marks *marks)
{
    if (holds_nocase(mail_or_name, SPAN("[bot]")))
        return true;
    for (size_t i = 0; i < marks->bots.n; i++) {
        struct span bot = marks->bots.at[i];
        if (bot.p[0] == '@' ? ends_nocase(mail_or_name, bot) : span_eq_nocase(mail_or_name, bot))
            return true;
    }
    return false;
}

int64_t marks_who(const struct marks *marks, struct span mail)
{
    ptrdiff_t i = mails_find(&marks->mine, mail);
    return i >= 0 && marks->mine_id ? marks->mine_id[i] : 0;
}

/* Committed within a minute of its author time, on either side. Both are what somebody wrote. */
static bool within_click(const struct git_commit *c)
{
    int64_t apart;
    return !ckd_sub(&apart, c->committed_at, c->at) && apart <= CLICK_SECONDS && apart >= -CLICK_SECONDS;
}

enum sign_class commit_class(const struct git_commit *c, const struct marks *marks, int64_t now)
{
    if (!mails_hold(&marks->mine, c->mail))
        return CLASS_OTHERS;
    if (is_bot(c->mail, marks))
        return CLASS_BOTS;
    if (!c->time_ok || c->at <= OLDEST || c->at > now + 86400)
        return CLASS_CLOCK;
    if (c->committed_ok && !mails_hold(&marks->mine, c->committer) && within_click(c))
        return CLASS_MERGE_CLICK;
    return CLASS_COUNTED;
}

enum sign_class authorship_class(const struct git_authorship *a, const struct marks *marks)
{
    if (is_bot(a->name, marks))
        return CLASS_BOTS;
    for (size_t i = 0; i < marks->agent_mails.n; i++)
        if (holds_nocase(a->coauthors, marks->agent_mails.at[i]))
            return CLASS_AGENTS;
    for (size_t i = 0; i < marks->agent_names.n; i++)
        if (ends_nocase(a->name, marks->agent_names.at[i]))
            return CLASS_AGENTS;
    return CLASS_COUNTED;
}

/* One line of a list of marks: which list, and the text. */
static bool mark_line(struct arena *arena, struct span line, bool agents, struct marks *m)
{
    struct mails *to = &m->bots;
    if (span_ends(line, SPAN("\r")))
        line.n--;
    if (span_starts(line, SPAN("#")) || span_trim(line).n == 0)
        return true;
    if (agents && span_starts(line, SPAN("mail "))) {
        to = &m->agent_mails;
        line = span_from(line, 5);
    } else if (agents && span_starts(line, SPAN("name "))) {
        to = &m->agent_names;
        line = span_from(line, 5);
    } else if (agents) {
        return true;
    } else {
        line = span_trim(line);
    }
    if (span_trim(line).n == 0) /* "name" with nothing behind it would fit everybody */
        return true;
    struct span copy = arena_span(arena, line), *at = copy.p ? VEC_PUSH(arena, to) : NULL;
    if (at)
        *at = copy;
    return at != NULL;
}

static bool marks_file(struct arena *arena, const char *data_dir, const char *name, bool agents,
                       struct marks *m, struct err *err)
{
    struct buf AUTO_BUF own;
    struct span text, line;
    char *path = file_join(arena, data_dir, name);
    const struct asset *shipped = asset_find(span_of(name));
    buf_init(&own, 1 << 20);
    if (!path)
        return fail_memory(err);
    text = shipped ? shipped->bytes : (struct span){0};
    if (file_exists(path)) {
        if (!file_read(path, &own, err))
            return false;
        text = buf_span(&own);
    }
    while (text.n) {
        span_cut(&text, '\n', &line);
        if (!mark_line(arena, line, agents, m))
            return fail_memory(err);
    }
    return true;
}

bool marks_load(struct arena *arena, const char *data_dir, struct marks *marks, struct err *err)
{
    return marks_file(arena, data_dir, "bots.txt", false, marks, err) &&
           marks_file(arena, data_dir, "agents.txt", true, marks, err);
}

/* Other people's commits are counted by the week of their author time, or of the commit when that cannot be.
 */
static bool count_other(struct batch *b, const struct git_commit *c)
{
    int64_t at = c->time_ok ? c->at : c->committed_at;
    struct moment when = {at, c->zone_ok ? c->zone : 0};
    if (at < OLDEST || at > (int64_t)DAY_MAX * 86400)
        when = (struct moment){OLDEST, 0};
    day_t week = day_monday(moment_day(when));
    for (size_t i = b->others.n; i-- > 0;) /* the log runs backward in time: the last one is the likely one */
        if (b->others.at[i].week == week) {
            b->others.at[i].n++;
            return true;
        }
    struct others_week *w = VEC_PUSH(b->arena, &b->others);
    if (w)
        *w = (struct others_week){week, 1};
    return w != NULL;
}

static bool count_author(struct batch *b, struct span mail)
{
    if (mail.n == 0 || mail.n > 320)
        return true;
    int64_t *n = map_find(&b->authors, mail);
    if (!n && b->authors.n < AUTHORS_MOST) {
        struct span copy = arena_span(b->arena, mail);
        n = copy.p ? map_at(&b->authors, copy) : NULL;
        if (!n)
            return false;
    }
    if (n)
        ++*n;
    return true;
}

static bool take_commit(struct batch *b, const struct git_commit *c, const struct marks *marks, int64_t now)
{
    enum sign_class class = commit_class(c, marks, now);
    b->records++;
    if (c->parents == 0 && c->time_ok && c->at > b->edge && c->at < now)
        b->edge = c->at;
    if (!count_author(b, c->mail))
        return false;
    if (class == CLASS_OTHERS)
        return count_other(b, c);
    int64_t at = class == CLASS_CLOCK ? (c->committed_ok ? c->committed_at : 0) : c->at;
    struct own_commit *own = VEC_PUSH(b->arena, &b->own);
    struct span id = arena_span(b->arena, c->id);
    if (!own || !id.p)
        return false;
    *own = (struct own_commit){.id = id,
                               .when = {at, c->zone},
                               .zone_ok = c->zone_ok,
                               .class = class,
                               .who = marks_who(marks, c->mail)};
    return true;
}

static bool read_all(struct proc *p, const struct marks *marks, int64_t now, struct batch *b, struct err *err)
{
    struct gitlog log;
    struct git_commit c;
    char *block = arena_get(b->arena, BLOCK);
    size_t got = 1;
    bool ok = block || fail_memory(err);
    gitlog_init(&log, RECORD_MOST);
    while (ok && got > 0) {
        ok = proc_read(p, block, BLOCK, &got, err) && gitlog_feed(&log, (struct span){block, got}, err);
        while (ok && gitlog_next(&log, &c, err))
            ok = take_commit(b, &c, marks, now) || fail_memory(err);
        ok = ok && err->code == E_NONE;
    }
    ok = ok && gitlog_end(&log, err);
    gitlog_clear(&log);
    return ok;
}

/* Names and trailers of the commits `ids`, a line each: the class of each into `asked`. */
static bool ask_authorship(const struct repo *repo, const struct marks *marks, struct span ids,
                           struct map *asked, const struct batch *b, struct err *err)
{
    struct buf AUTO_BUF out;
    struct proc_end end;
    struct git_authorship a;
    buf_init(&out, ANSWER_MOST);
    if (!git_output(b->arena, repo->path,
                    (const char *const[]){"log", "--no-show-signature", "-z", "--encoding=UTF-8",
                                          "--ignore-missing", "--no-walk=unsorted", "--stdin",
                                          GITLOG_AUTHORSHIP, NULL},
                    ids, &out, &end, err))
        return false;
    if (end.status != 0)
        return git_failed(b->arena, repo->path, &end, err);
    for (struct span in = buf_span(&out); authorship_next(&in, &a, err);) {
        int64_t *class = map_find(asked, a.id);
        if (class)
            *class = authorship_class(&a, marks);
    }
    return err->code == E_NONE;
}

/* Own commits from `*at` on: as many as are asked about at once, each id once; those in `known` were asked
 * before. *at moves behind them. */
static bool ask_some(const struct repo *repo, const struct marks *marks, const struct map *known, size_t *at,
                     struct batch *b, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct buf AUTO_BUF ids;
    struct map asked;
    size_t from = *at, i = from;
    buf_init(&ids, ASKED_AT_ONCE * (64 + 1));
    if (!arena)
        return fail_memory(err);
    map_init(&asked, arena, ASKED_AT_ONCE);
    for (; i < b->own.n && asked.n < ASKED_AT_ONCE; i++) {
        struct span id = b->own.at[i].id;
        const int64_t *before = map_find(known, id);
        if (b->own.at[i].class != CLASS_COUNTED || (before && *before) || map_find(&asked, id))
            continue;
        int64_t *class = map_at(&asked, id);
        if (!class)
            return fail_memory(err);
        *class = CLASS_COUNTED;
        buf_add(&ids, id);
        buf_add_byte(&ids, '\n');
    }
    *at = i;
    if (!buf_ok(&ids, err))
        return false;
    if (ids.n && !ask_authorship(repo, marks, buf_span(&ids), &asked, b, err))
        return false;
    for (size_t k = from; k < i; k++) {
        const int64_t *class = map_find(&asked, b->own.at[k].id);
        if (class && b->own.at[k].class == CLASS_COUNTED)
            b->own.at[k].class = (enum sign_class) * class;
    }
    return true;
}

bool commits_look_twice(const struct repo *repo, const struct marks *marks, size_t from, struct batch *batch,
                        struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct map known; /* the ids from `from` on, with 1 for those that stand before it too */
    if (!arena)
        return fail_memory(err);
    map_init(&known, arena, SIZE_MAX);
    for (size_t i = from; from > 0 && i < batch->own.n; i++)
        if (!map_at(&known, batch->own.at[i].id))
            return fail_memory(err);
    for (size_t i = 0; known.n && i < from; i++) {
        int64_t *both = map_find(&known, batch->own.at[i].id);
        if (both)
            *both = 1;
    }
    for (size_t at = from; at < batch->own.n;)
        if (!ask_some(repo, marks, &known, &at, batch, err))
            return false;
    return true;
}

/* The revisions to start from and to stop at, a line each, for --stdin. */
static bool revisions(const struct repo *repo, struct span known, struct buf *out, struct err *err)
{
    struct span tips = repo->tips, line;
    while (span_cut(&tips, '\n', &line)) {
        buf_add(out, line);
        buf_add_byte(out, '\n');
    }
    while (span_cut(&known, '\n', &line)) {
        buf_add_byte(out, '^');
        buf_add(out, line);
        buf_add_byte(out, '\n');
    }
    return buf_ok(out, err);
}

static void batch_rewind(struct batch *b)
{
    b->own.n = b->others.n = 0;
    b->records = 0;
    b->edge = INT64_MIN;
    map_init(&b->authors, b->arena, AUTHORS_MOST);
}

bool commits_read(const struct repo *repo, struct span known, int64_t since, const struct marks *marks,
                  int64_t now, struct batch *batch, struct err *err)
{
    struct proc *p = NULL;
    struct proc_end end = {0};
    struct buf AUTO_BUF input;
    char since_arg[48] = "--since=@0 +0000";
    batch_rewind(batch);
    buf_init(&input, 64 << 20);
    if (repo->tips.n == 0)
        return true;
    if (since > 0)
        snprintf(since_arg, sizeof since_arg, "--since=@%lld +0000", (long long)since);
    const char *args[] = {"log",     "--no-show-signature", "-z", "--date=raw", "--encoding=UTF-8",
                          "--stdin", GITLOG_FORMAT,         NULL, NULL,         NULL};
    size_t n = 7;
    if (known.n == 0)
        args[n++] = "--ignore-missing";
    if (since > 0)
        args[n++] = since_arg;
    if (!revisions(repo, known, &input, err) ||
        !git_start(batch->arena, repo->path, args, buf_span(&input), &p, err))
        return false;
    struct err broken = {0};
    bool read = read_all(p, marks, now, batch, &broken);
    if (!proc_finish(p, !read, &end, err))
        return false;
    if (end.status != 0 && (read || broken.code == E_FORMAT))
        return git_failed(batch->arena, repo->path, &end, err);
    if (!read && broken.code == E_LIMIT)
        return fail(err, E_LIMIT, tr("err.git.large", "%.300s: %s"), repo->path, broken.text);
    if (!read)
        return fail(err, broken.code, "%s", broken.text);
    return commits_look_twice(repo, marks, 0, batch, err);
}
