/* `git log` records: one feed and many small ones give the same records and the same end. First byte: block
 * size; second: the most bytes of a record. */
#include "fuzz/fuzz.h"

#include "codec/gitlog.h"

#include "base/banned.h"

struct seen {
    uint64_t records, sum; /* sum: FNV-1a over all that was read */
    enum err_code code;
    bool ended;
};

static void mix(uint64_t *sum, const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ ((const unsigned char *)p)[i]) * 0x100000001b3u;
    *sum = (*sum ^ n) * 0x100000001b3u;
}

static void look(const struct gitlog *log, const struct git_commit *c, struct seen *seen)
{
    struct span all = buf_span(&log->waiting);
    must(c->id.n == 40 || c->id.n == 64);
    must(inside(c->id, all) && inside(c->mail, all) && inside(c->committer, all));
    must(c->parents >= 0 && (size_t)c->parents <= log->most / 40);
    must(c->time_ok || (c->at == 0 && c->zone == 0));
    must(c->committed_ok || c->committed_at == 0);
    must(!c->zone_ok || (c->zone >= -14 * 60 - 59 && c->zone <= 14 * 60 + 59));
    must(log->taken <= all.n);
    mix(&seen->sum, c->id.p, c->id.n);
    mix(&seen->sum, c->mail.p, c->mail.n);
    mix(&seen->sum, c->committer.p, c->committer.n);
    int64_t numbers[] = {c->time_ok,      c->at,           c->zone,   c->zone_ok,
                         c->committed_ok, c->committed_at, c->parents};
    mix(&seen->sum, numbers, sizeof numbers);
}

static struct seen read_in(struct span text, size_t block, size_t most)
{
    struct seen seen = {.sum = 0xcbf29ce484222325u};
    struct gitlog log;
    struct git_commit c;
    struct err err = {0};
    gitlog_init(&log, most);
    while (text.n && err.code == E_NONE) {
        must(gitlog_feed(&log, span_first(text, block), &err));
        text = span_from(text, block);
        while (gitlog_next(&log, &c, &err))
            look(&log, &c, &seen);
    }
    must(err.code == E_NONE || said(&err));
    seen.code = err.code;
    seen.records = log.records;
    err_clear(&err);
    seen.ended = gitlog_end(&log, &err);
    must(seen.ended || said(&err));
    gitlog_clear(&log);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct span text = {(const char *)data + 2, size - 2};
    size_t most = 40 + data[1] * 4u;
    struct seen whole = read_in(text, SIZE_MAX, most), blocks = read_in(text, data[0] + 1u, most);
    must(whole.records == blocks.records && whole.sum == blocks.sum && whole.code == blocks.code);
    must(whole.code != E_NONE || whole.ended == blocks.ended);
    return 0;
}
