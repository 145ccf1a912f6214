/* What `git` prints, read: log records, reflog lines, authorship records, worktrees. All of it was written by
 * whoever made the repository: names hold any bytes, dates are nonsense now and then, and git may die in the
 * middle. With -z and a bare --format= (which git takes as tformat:) a NUL follows every record, the last one
 * too, so that each field of each record is NUL-ended and an end anywhere else means that git died. Checked
 * with git 2.39. */
#include "codec/gitlog.h"

#include "base/words.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { FIELDS = 6, AUTHORSHIP_FIELDS = 3 };

void gitlog_init(struct gitlog *log, size_t most)
{
    *log = (struct gitlog){.most = most};
    buf_init(&log->waiting, SIZE_MAX / 2);
}

void gitlog_clear(struct gitlog *log)
{
    buf_clear(&log->waiting);
    log->taken = 0;
}

bool gitlog_feed(struct gitlog *log, struct span block, struct err *err)
{
    buf_drop(&log->waiting, log->taken);
    log->taken = 0;
    buf_add(&log->waiting, block);
    return buf_ok(&log->waiting, err);
}

/* `n` NUL-ended fields off the front of *in; false when there are fewer. */
static bool fields(struct span *in, struct span *field, int n)
{
    struct span s = *in;
    for (int i = 0; i < n; i++)
        if (!scan_until(&s, '\0', &field[i], SIZE_MAX))
            return false;
    *in = s;
    return true;
}

static bool id_read(struct span *in, struct span *out)
{
    struct span s = *in, id;
    if (!scan_hex(&s, &id, 40, 64) || (id.n != 40 && id.n != 64))
        return false;
    *out = id;
    *in = s;
    return true;
}

static bool is_id(struct span text)
{
    struct span id;
    return id_read(&text, &id) && scan_end(&text);
}

/* "+0130": hours and minutes as git prints the number it found in the commit, however large ("+51800"). */
static bool zone_read(struct span *in, int32_t *zone, bool *zone_ok)
{
    enum { LARGEST = 2147483647 }; /* git keeps it in an int */
    struct span s = *in;
    bool minus = scan_byte(&s, '-');
    if (!minus && !scan_byte(&s, '+'))
        return false;
    uint64_t value;
    size_t left = s.n;
    if (!scan_u64(&s, &value, LARGEST) || left - s.n < 4)
        return false;
    int32_t hours = (int32_t)(value / 100), minutes = (int32_t)(value % 100), east = hours * 60 + minutes;
    *zone = minus ? -east : east;
    *zone_ok = hours <= 14 && minutes <= 59;
    *in = s;
    return true;
}

static bool date_read(struct span *in, int64_t *at, int32_t *zone, bool *zone_ok)
{
    struct span s = *in;
    int64_t epoch;
    if (!scan_i64(&s, &epoch) || !scan_byte(&s, ' ') || !zone_read(&s, zone, zone_ok))
        return false;
    *at = epoch;
    *in = s;
    return true;
}

bool git_date(struct span text, int64_t *at, int32_t *zone, bool *zone_ok)
{
    int64_t epoch;
    int32_t east;
    bool sane;
    if (!date_read(&text, &epoch, &east, &sane) || !scan_end(&text))
        return false;
    *at = epoch;
    *zone = east;
    *zone_ok = sane;
    return true;
}

/* Ids with one blank between them; none is fine. */
static bool parents_read(struct span text, int *out)
{
    int n = 0;
    struct span id;
    while (text.n) {
        if ((n > 0 && !scan_byte(&text, ' ')) || !id_read(&text, &id))
            return false;
        n++;
    }
    *out = n;
    return true;
}

static bool commit_read(const struct span field[FIELDS], struct git_commit *out)
{
    struct git_commit c = {.id = field[0], .mail = field[2], .committer = field[4]};
    struct span committed = field[3];
    if (!is_id(c.id) || !parents_read(field[5], &c.parents))
        return false;
    c.time_ok = git_date(field[1], &c.at, &c.zone, &c.zone_ok);
    c.committed_ok = scan_i64(&committed, &c.committed_at) && scan_end(&committed);
    if (!c.committed_ok)
        c.committed_at = 0;
    *out = c;
    return true;
}

bool gitlog_next(struct gitlog *log, struct git_commit *out, struct err *err)
{
    struct span all = span_from(buf_span(&log->waiting), log->taken), rest = all, field[FIELDS];
    bool whole = fields(&rest, field, FIELDS);
    if (all.n - (whole ? rest.n : 0) > log->most)
        return fail(err, E_LIMIT,
                    tr("err.codec.git_long",
                       "git printed a commit of more than %zu bytes, so this repository was not read."),
                    log->most);
    if (!whole)
        return false;
    if (!commit_read(field, out))
        return fail(err, E_FORMAT,
                    tr("err.codec.git_form",
                       "git printed a commit that cannot be understood (number %llu of its answer)."),
                    (unsigned long long)log->records + 1);
    log->taken += all.n - rest.n;
    log->records++;
    return true;
}

static bool cut_short(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.codec.git_short", "git stopped in the middle of its answer. Trying again may help."));
}

bool gitlog_end(const struct gitlog *log, struct err *err)
{
    return log->waiting.n == log->taken || cut_short(err);
}

/* What stands before the TAB, after the ids: NAME <MAIL> EPOCH ZONE. The name may hold anything, so the mail
 * begins at the last '<'. */
static bool who_read(struct span head, struct reflog_line *out)
{
    const char *open = head.n ? memrchr(head.p, '<', head.n) : NULL;
    if (!open)
        return false;
    struct span s = span_from(head, (size_t)(open - head.p) + 1);
    return scan_until(&s, '>', &out->mail, SIZE_MAX) && scan_byte(&s, ' ') &&
           date_read(&s, &out->at, &out->zone, &out->zone_ok) && scan_end(&s);
}

static enum reflog_act act_of(struct span message)
{
    static const char *const presence[] = {"rebase", "merge",    "cherry-pick", "revert",
                                           "reset",  "checkout", "am"};
    size_t n = 0;
    while (n < message.n && message.p[n] != ':' && message.p[n] != ' ')
        n++;
    struct span verb = span_first(message, n);
    if (span_is(verb, "commit"))
        return REFLOG_COMMIT;
    for (size_t i = 0; i < sizeof presence / sizeof *presence; i++)
        if (span_is(verb, presence[i]))
            return REFLOG_PRESENCE;
    return REFLOG_OTHER;
}

bool reflog_read(struct span line, struct reflog_line *out, struct err *err)
{
    struct reflog_line r = {.act = REFLOG_OTHER};
    struct span rest = line;
    if (id_read(&rest, &r.old_id) && scan_byte(&rest, ' ') && id_read(&rest, &r.id) &&
        scan_byte(&rest, ' ')) {
        /* A name may hold a TAB too: the message follows the first one that has a whole address and date
         * before it. git leaves the TAB out when there is no message. */
        for (size_t from = 0;;) {
            const char *tab = from < rest.n ? memchr(rest.p + from, '\t', rest.n - from) : NULL;
            size_t n = tab ? (size_t)(tab - rest.p) : rest.n;
            if (who_read(span_first(rest, n), &r)) {
                r.message = span_from(rest, n + 1);
                r.act = act_of(r.message);
                *out = r;
                return true;
            }
            if (!tab)
                break;
            from = n + 1;
        }
    }
    return fail(err, E_FORMAT,
                tr("err.codec.reflog", "A line of git's reflog cannot be understood and was passed over."));
}

bool authorship_next(struct span *in, struct git_authorship *out, struct err *err)
{
    struct span s = *in, field[AUTHORSHIP_FIELDS];
    if (scan_end(in))
        return false;
    if (!fields(&s, field, AUTHORSHIP_FIELDS))
        return cut_short(err);
    if (!is_id(field[0]))
        return fail(err, E_FORMAT,
                    tr("err.codec.git_author",
                       "git printed the author of a commit in a form that cannot be understood."));
    *out = (struct git_authorship){.id = field[0], .name = field[1], .coauthors = field[2]};
    *in = s;
    return true;
}

/* An unborn branch is printed as an id of zeros. */
static bool born(struct span id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] != '0')
            return true;
    return false;
}

bool worktree_next(struct span *in, struct git_worktree *out)
{
    struct git_worktree w = {0};
    struct span line;
    while (!scan_end(in)) {
        span_cut(in, '\0', &line);
        if (scan_lit(&line, SPAN("worktree "))) {
            w = (struct git_worktree){.path = line};
        } else if (scan_lit(&line, SPAN("HEAD "))) {
            w.head = is_id(line) && born(line) ? line : (struct span){NULL, 0};
        } else if (span_is(line, "bare")) {
            w.bare = true;
        } else if (line.n == 0 && w.path.n) {
            break;
        }
    }
    if (w.path.n == 0)
        return false;
    *out = w;
    return true;
}
