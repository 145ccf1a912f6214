/* The reflog of HEAD, read as a file: acts that a rewritten history no longer shows. git drops its lines
 * after 90 days (30 when unreachable), so what was read is kept. */
#include "base/words.h"
#include "codec/scan.h"
#include "io/file.h"
#include "rest/commits.h"

#include "base/banned.h"

enum { REFLOG_MOST = 64 << 20, OLDEST = 631152000 };

/* Where the unread part begins: after the last line read, when that line stands where it stood; else at the
 * start. */
static size_t unread_from(struct span all, const struct log_mark *mark)
{
    if (mark->size == 0 || mark->size > all.n || all.p[mark->size - 1] != '\n')
        return 0;
    struct span before = span_first(all, mark->size - 1);
    const char *end = before.n ? memrchr(before.p, '\n', before.n) : NULL;
    struct span last = end ? span_from(before, (size_t)(end - before.p) + 1) : before;
    return span_hash(last) == mark->last ? mark->size : 0;
}

static bool take_line(const struct reflog_line *l, const struct marks *marks, int64_t now, struct batch *b)
{
    if (l->act == REFLOG_OTHER || !mails_hold(&marks->mine, l->mail) || l->at <= OLDEST ||
        l->at > now + 86400)
        return true;
    if (l->act == REFLOG_PRESENCE) {
        struct presence *p = VEC_PUSH(b->arena, &b->acts);
        if (p)
            *p = (struct presence){{l->at, l->zone}, l->zone_ok, marks_who(marks, l->mail)};
        return p != NULL;
    }
    struct own_commit *own = VEC_PUSH(b->arena, &b->own);
    struct span id = arena_span(b->arena, l->id);
    if (!own || !id.p)
        return false;
    *own = (struct own_commit){.id = id,
                               .when = {l->at, l->zone},
                               .zone_ok = l->zone_ok,
                               .class = CLASS_COUNTED,
                               .who = marks_who(marks, l->mail),
                               .from_reflog = true};
    return true;
}

bool reflog_read_new(const char *path, const struct marks *marks, int64_t now, struct log_mark *mark,
                     struct batch *batch, struct err *err)
{
    struct buf AUTO_BUF file;
    struct err inner = {0};
    struct reflog_line line;
    struct span rest, text;
    uint64_t size = 0, inode = 0;
    buf_init(&file, REFLOG_MOST);
    if (!file_exists(path))
        return true;
    if (!file_read_from(path, mark->size, &file, &size, &inode, &inner))
        return inner.code == E_MISSING || fail(err, inner.code, "%s", inner.text);
    if (size == mark->size && inode == mark->inode)
        return true;
    buf_reset(&file);
    if (!file_read_from(path, 0, &file, &size, &inode, &inner))
        return inner.code == E_MISSING || fail(err, inner.code, "%s", inner.text);
    struct span all = buf_span(&file);
    rest = span_from(all, unread_from(all, mark));
    struct log_mark read = {.inode = inode, .size = mark->size, .last = mark->last};
    while (span_cut(&rest, '\n', &text)) { /* a last line without its end is being written: next time */
        read.size = (uint64_t)(text.p + text.n + 1 - all.p);
        read.last = span_hash(text);
        err_clear(&inner);
        if (!reflog_read(text, &line, &inner)) /* one line that is none costs that line */
            continue;
        if (!take_line(&line, marks, now, batch))
            return fail_memory(err);
    }
    *mark = read;
    return true;
}
