/* A line of a reflog: what was read, written again without the name, reads the same. */
#include "fuzz/fuzz.h"

#include "codec/gitlog.h"

#include "base/banned.h"

static bool same(const struct reflog_line *a, const struct reflog_line *b)
{
    return span_eq(a->old_id, b->old_id) && span_eq(a->id, b->id) && span_eq(a->mail, b->mail) &&
           a->at == b->at && a->zone == b->zone && a->zone_ok == b->zone_ok && a->act == b->act &&
           span_eq(a->message, b->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span line = {(const char *)data, size};
    struct err err = {0};
    struct reflog_line r, again;
    if (!reflog_read(line, &r, &err)) {
        must(said(&err));
        return 0;
    }
    must(inside(r.old_id, line) && inside(r.id, line) && inside(r.mail, line) && inside(r.message, line));
    must((r.id.n == 40 || r.id.n == 64) && (r.old_id.n == 40 || r.old_id.n == 64));
    must(r.mail.n == 0 || !memchr(r.mail.p, '>', r.mail.n));
    if (!r.zone_ok)
        return 0;
    AUTO_BUF struct buf b;
    buf_init(&b, size + 100);
    buf_add(&b, r.old_id);
    buf_add_byte(&b, ' ');
    buf_add(&b, r.id);
    buf_add_text(&b, " <");
    buf_add(&b, r.mail);
    int east = r.zone < 0 ? -r.zone : r.zone;
    buf_printf(&b, "> %lld %c%02d%02d\t", (long long)r.at, r.zone < 0 ? '-' : '+', east / 60, east % 60);
    buf_add(&b, r.message);
    must(reflog_read(buf_span(&b), &again, &err) && same(&r, &again));
    return 0;
}
