/* What git prints, read: files of a real git (test/data/git/make), fed in every block size, and bytes no git
 * would print. */
#include "test/test.h"

#include "codec/gitlog.h"
#include "test/codec/read.h"

#include "base/banned.h"

#define ID40 "0123456789abcdef0123456789abcdef01234567"
#define ID64 ID40 "0123456789abcdef01234567"

struct expected {
    bool time_ok;
    int64_t at;
    int32_t zone;
    bool zone_ok;
    const char *mail;
    int parents;
};
/* log_strange.bin: newest first. What was written into the commits stands beside it. */
static const struct expected strange[] = {
    {true, 1700000006, -1288490207, false, "ana@example.org", 3}, /* -2147483647 */
    {true, 0, 0, true, "ana@example.org", 1},                     /* 99999999999999999999 */
    {false, 0, 0, false, "ana@example.org", 1},                   /* no date at all */
    {true, 1700000005, 345, true, " Lind <zoe@example.org", 1},   /* Zoë < Lind <zoe@example.org> */
    {true, 1700000004, -570, true, "", 1},                        /* no name, no mail */
    {true, 1700000003, 0, true, "ana@example.org", 1},            /* -0000 */
    {true, 1700000002, 360, false, "ana@example.org", 1},         /* +0560 */
    {true, 1700000001, 518 * 60, false, "ana@example.org", 1},    /* +51800 */
    {false, 0, 0, false, "ana@example.org", 1},                   /* -5 */
    {true, 0, 0, true, "ana@example.org", 1},                     /* 18446744073709551615 */
    {true, 99999999999, 0, true, "ana@example.org", 1},
    {true, 0, 0, true, "ANA@Example.ORG", 1},
    {true, 1700000000, 60, true, "ana@example.org", 0},
};
enum { STRANGE = sizeof strange / sizeof *strange };

static void assert_strange(const struct git_commit *c, const struct expected *e)
{
    assert_int_equal(c->id.n, 40);
    assert_int_equal(c->time_ok, e->time_ok);
    assert_true(c->at == e->at);
    assert_span(c->mail, e->mail);
    assert_int_equal(c->parents, e->parents);
    if (e->time_ok) {
        assert_int_equal(c->zone, e->zone);
        assert_int_equal(c->zone_ok, e->zone_ok);
    }
    assert_true(c->committed_ok && c->committed_at == 1700000000);
    assert_span(c->committer, "ana@example.org");
}

void test_gitlog__strange_dates_in_every_block_size(void **state)
{
    (void)state;
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct span all = read_data("git/log_strange.bin", &file);
    for (size_t size = 1; size <= all.n + 1; size++) {
        struct err err = {0};
        struct gitlog log;
        struct git_commit c;
        int n = 0;
        gitlog_init(&log, 4096);
        for (size_t at = 0; at < all.n; at += size) {
            assert_ok(gitlog_feed(&log, span_first(span_from(all, at), size), &err), &err);
            for (; gitlog_next(&log, &c, &err); n++)
                assert_strange(&c, &strange[n]);
            assert_int_equal(err.code, E_NONE);
        }
        assert_ok(gitlog_end(&log, &err), &err);
        assert_int_equal(n, STRANGE);
        assert_int_equal(log.records, STRANGE);
        gitlog_clear(&log);
    }
}

/* git may be killed after any byte: each whole record is given, and the end says whether something is
 * missing. */
void test_gitlog__an_answer_cut_anywhere_is_noticed(void **state)
{
    (void)state;
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct span all = read_data("git/log_sha256.bin", &file);
    size_t whole = 0; /* ends of records seen so far */
    for (size_t n = 0; n <= all.n; n++) {
        struct err err = {0};
        struct gitlog log;
        struct git_commit c;
        gitlog_init(&log, 4096);
        assert_ok(gitlog_feed(&log, span_first(all, n), &err), &err);
        size_t records = 0;
        while (gitlog_next(&log, &c, &err))
            records++;
        assert_int_equal(err.code, E_NONE);
        bool ended = gitlog_end(&log, &err);
        assert_int_equal(err.code, ended ? E_NONE : E_FORMAT);
        if (ended)
            whole++;
        assert_int_equal(records, ended ? whole - 1 : whole - (n > 0));
        gitlog_clear(&log);
        if (records == 2)
            assert_int_equal(n, all.n);
    }
    assert_int_equal(whole, 3);
}

void test_gitlog__sha256_repositories(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct gitlog log;
    struct git_commit c;
    gitlog_init(&log, 4096);
    assert_ok(gitlog_feed(&log, read_data("git/log_sha256.bin", &file), &err), &err);
    assert_ok(gitlog_next(&log, &c, &err), &err);
    assert_int_equal(c.id.n, 64);
    assert_int_equal(c.parents, 1);
    assert_true(c.at == 1700000000 && c.committed_at == 1700000060);
    assert_ok(gitlog_next(&log, &c, &err), &err);
    assert_int_equal(c.parents, 0);
    assert_false(gitlog_next(&log, &c, &err));
    gitlog_clear(&log);
}

/* One record of these bytes: its error, E_NONE when it was read. */
static enum err_code read_one(struct span bytes, size_t most, struct git_commit *out)
{
    struct err err = {0};
    struct gitlog log;
    gitlog_init(&log, most);
    assert_ok(gitlog_feed(&log, bytes, &err), &err);
    bool read = gitlog_next(&log, out, &err);
    assert_int_equal(read, err.code == E_NONE);
    if (read)
        out->id = out->mail = out->committer = (struct span){NULL, 0}; /* gone with the log */
    gitlog_clear(&log);
    return err.code;
}

void test_gitlog__malformed_records(void **state)
{
    (void)state;
    struct git_commit c;
    assert_int_equal(read_one(SPAN(ID40 "\0\0\0\0\0\0"), 4096, &c), E_NONE);
    assert_false(c.time_ok);
    assert_false(c.committed_ok);
    assert_int_equal(read_one(SPAN(ID64 "\0x\0\0 1\0\0\0"), 4096, &c), E_NONE);
    assert_false(c.time_ok || c.committed_ok);
    static const struct span bad[] = {
        {"\0\0\0\0\0\0", 6},
        {ID40 "0\0\0\0\0\0\0", 47},
        {"0123456789ABCDEF0123456789abcdef01234567\0\0\0\0\0\0", 46},
        {ID40 " \0\0\0\0\0\0", 47},
        {ID40 "\0\0\0\0\0x\0", 47},
        {ID40 "\0\0\0\0\0" ID40 " \0", 87},
        {ID40 "\0\0\0\0\0 " ID40 "\0", 87},
        {ID40 "\0\0\0\0\0" ID40 "  " ID40 "\0", 128},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(read_one(bad[i], 4096, &c), E_FORMAT);
}

void test_gitlog__long_records_are_refused_early(void **state)
{
    (void)state;
    struct git_commit c;
    struct span whole = SPAN(ID40 "\0\0a@b\0\0\0\0");
    assert_int_equal(read_one(whole, whole.n, &c), E_NONE);
    assert_int_equal(read_one(whole, whole.n - 1, &c), E_LIMIT);
    struct err err = {0}; /* and before the end of the record is there */
    struct gitlog log;
    gitlog_init(&log, 50);
    assert_ok(gitlog_feed(&log, SPAN(ID40 "\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), &err), &err);
    assert_false(gitlog_next(&log, &c, &err));
    assert_int_equal(err.code, E_LIMIT);
    gitlog_clear(&log);
}

void test_gitlog__dates(void **state)
{
    (void)state;
    int64_t at = 7;
    int32_t zone = 8;
    bool ok = false;
    assert_true(git_date(SPAN("1700000000 -0130"), &at, &zone, &ok));
    assert_true(at == 1700000000 && zone == -90 && ok);
    assert_true(git_date(SPAN("0 +1459"), &at, &zone, &ok));
    assert_true(at == 0 && zone == 899 && ok);
    assert_true(git_date(SPAN("-5 +1500"), &at, &zone, &ok));
    assert_true(at == -5 && zone == 900 && !ok);
    assert_true(git_date(SPAN("9223372036854775807 -2147483647"), &at, &zone, &ok));
    assert_true(at == INT64_MAX && zone == -1288490207 && !ok);
    at = 7, zone = 8;
    static const char *const bad[] = {
        "",
        "1700000000",
        "1700000000 ",
        "1700000000 0100",
        "1700000000 +010",
        "1700000000 +01:00",
        " 1 +0100",
        "+0100",
        "1700000000+0100",
        "1700000000  +0100",
        "1700000000 +0100 ",
        "1700000000 + 100",
        "9223372036854775808 +0000",
        "1.5 +0000",
        "1700000000 +2147483648",
        "1700000000 +-100",
        "0x1 +0000",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(git_date(span_of(bad[i]), &at, &zone, &ok));
    assert_true(at == 7 && zone == 8);
}

void test_gitlog__reflog_of_many_acts(void **state)
{
    (void)state;
    static const enum reflog_act acts[] = {
        REFLOG_COMMIT,   REFLOG_COMMIT,   REFLOG_COMMIT,   REFLOG_PRESENCE, REFLOG_COMMIT,
        REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE,
        REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE, REFLOG_PRESENCE,
        REFLOG_PRESENCE, REFLOG_COMMIT,   REFLOG_COMMIT,   REFLOG_COMMIT,   REFLOG_OTHER,
    };
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct span rest = read_data("git/reflog_acts.txt", &file), line;
    size_t n = 0;
    for (; span_cut(&rest, '\n', &line); n++) {
        struct err err = {0};
        struct reflog_line r;
        assert_ok(reflog_read(line, &r, &err), &err);
        assert_int_equal(r.act, acts[n]);
        assert_int_equal(r.id.n, 40);
        assert_span(r.mail, "ana@example.org"); /* also where the name holds a TAB */
        assert_true(r.zone_ok);
        assert_true(r.at == 1700000060 || r.at == 1700000000);
        if (n == 0)
            assert_span(r.message, "commit (initial): first");
        if (n == 19)
            assert_int_equal(r.message.n, 0);
    }
    assert_int_equal(n, sizeof acts / sizeof *acts);
    assert_int_equal(line.n, 0);
    buf_reset(&file);
    rest = read_data("git/reflog_sha256.txt", &file);
    for (n = 0; span_cut(&rest, '\n', &line); n++) {
        struct err err = {0};
        struct reflog_line r;
        assert_ok(reflog_read(line, &r, &err), &err);
        assert_int_equal(r.id.n, 64);
        assert_int_equal(r.zone, 120);
    }
    assert_int_equal(n, 2);
}

void test_gitlog__reflog_acts_by_their_first_word(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        enum reflog_act act;
    } known[] = {
        {"commit: x", REFLOG_COMMIT},
        {"commit (merge): x", REFLOG_COMMIT},
        {"commit", REFLOG_COMMIT},
        {"committed", REFLOG_OTHER},
        {"commit-graph: x", REFLOG_OTHER},
        {"rebase (pick): x", REFLOG_PRESENCE},
        {"rebase -i (start)", REFLOG_PRESENCE},
        {"rebase finished: x", REFLOG_PRESENCE},
        {"am: x", REFLOG_PRESENCE},
        {"amend: x", REFLOG_OTHER},
        {"pull: Fast-forward", REFLOG_OTHER},
        {"pull --rebase (start)", REFLOG_OTHER},
        {"clone: from x", REFLOG_OTHER},
        {"fetch", REFLOG_OTHER},
        {"branch: Created", REFLOG_OTHER},
        {"", REFLOG_OTHER},
        {" commit: x", REFLOG_OTHER},
        {"Commit: x", REFLOG_OTHER},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct err err = {0};
        struct reflog_line r;
        char line[300];
        snprintf(line, sizeof line, ID40 " " ID40 " A <a@b> 1 +0000\t%s", known[i].message);
        assert_ok(reflog_read(span_of(line), &r, &err), &err);
        assert_int_equal(r.act, known[i].act);
        assert_span(r.message, known[i].message);
    }
}

void test_gitlog__reflog_names_may_hold_anything(void **state)
{
    (void)state;
    static const char *const names[] = {"A",    "",   "A B",   "A <x@y> B",  "A < B",
                                        "A\tB", "\t", "A > B", "<> 1 +0000", "<a@b> 1 +0000 x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct err err = {0};
        struct reflog_line r;
        char line[300];
        snprintf(line, sizeof line, ID40 " " ID40 " %s <c@d> 1700000000 -0030\tcommit: a\tb <e@f> 1 +0000",
                 names[i]);
        assert_ok(reflog_read(span_of(line), &r, &err), &err);
        assert_span(r.mail, "c@d");
        assert_true(r.at == 1700000000 && r.zone == -30);
        assert_span(r.message, "commit: a\tb <e@f> 1 +0000");
    }
}

void test_gitlog__reflog_lines_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ID40,
        ID40 " " ID40,
        ID40 " " ID40 " ",
        ID40 " " ID40 " A",
        ID40 " " ID40 " A <a@b>\tcommit: x",
        ID40 " " ID40 " A <a@b> 1\tcommit: x",
        ID40 " " ID40 " A <a@b> 1 +00\tcommit: x",
        ID40 " " ID40 " A a@b> 1 +0000\tcommit: x",
        ID40 " " ID40 " A <a@b 1 +0000\tcommit: x",
        ID40 " " ID40 " A <a@b> 18446744073709551615 +0000\tcommit: x",
        ID40 " 123 A <a@b> 1 +0000\tcommit: x",
        ID40 "  " ID40 " A <a@b> 1 +0000\tcommit: x",
        ID40 " " ID40 " A <a@b> 1 +0000 commit: x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        struct reflog_line r;
        assert_false(reflog_read(span_of(bad[i]), &r, &err));
        assert_int_equal(err.code, E_FORMAT);
    }
}

void test_gitlog__authorship_of_own_commits(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct span in = read_data("git/authorship.bin", &file);
    struct git_authorship a;
    assert_ok(authorship_next(&in, &a, &err), &err);
    assert_span(a.name, "Ana Lind (aider)");
    assert_span(a.coauthors, "");
    assert_ok(authorship_next(&in, &a, &err), &err);
    assert_span(a.name, "Ana Lind");
    assert_span(a.coauthors, "Claude <noreply@anthropic.com>\x1fZoë <zoe@example.org>");
    assert_ok(authorship_next(&in, &a, &err), &err);
    assert_int_equal(a.id.n, 40);
    assert_false(authorship_next(&in, &a, &err));
    assert_int_equal(err.code, E_NONE);
}

void test_gitlog__authorship_cut_or_malformed(void **state)
{
    (void)state;
    static const struct span bad[] = {
        {ID40, 40}, {ID40 "\0A\0", 43}, {ID40 "\0A\0t", 44}, {"x\0A\0t\0", 6}, {"\0\0\0", 3}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        struct span in = bad[i];
        struct git_authorship a;
        assert_false(authorship_next(&in, &a, &err));
        assert_int_equal(err.code, E_FORMAT);
        assert_ptr_equal(in.p, bad[i].p);
    }
}

void test_gitlog__worktrees(void **state)
{
    (void)state;
    AUTO_BUF struct buf file;
    buf_init(&file, 100000);
    struct span in = read_data("git/worktrees.bin", &file);
    struct git_worktree w;
    static const char *const paths[] = {"/srv/repos/acts", "/srv/repos/beside here", "/srv/repos/topic"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(worktree_next(&in, &w));
        assert_span(w.path, paths[i]);
        assert_int_equal(w.head.n, 40);
        assert_false(w.bare);
    }
    assert_false(worktree_next(&in, &w));
    buf_reset(&file);
    in = read_data("git/worktrees_unborn.bin", &file);
    assert_true(worktree_next(&in, &w));
    assert_span(w.path, "/srv/repos/unborn");
    assert_int_equal(w.head.n, 0);
    assert_false(worktree_next(&in, &w));
    buf_reset(&file);
    in = read_data("git/worktrees_bare.bin", &file);
    assert_true(worktree_next(&in, &w));
    assert_true(w.bare);
    assert_int_equal(w.head.n, 0);
    assert_false(worktree_next(&in, &w));
}

void test_gitlog__worktrees_cut_short(void **state)
{
    (void)state;
    struct git_worktree w;
    struct span in = SPAN("HEAD " ID40 "\0\0worktree /a\0HEAD x\0unknown words\0");
    assert_true(worktree_next(&in, &w)); /* the last one may lack its empty line */
    assert_span(w.path, "/a");
    assert_int_equal(w.head.n, 0);
    assert_false(worktree_next(&in, &w));
    in = SPAN("worktree \0bare\0\0");
    assert_false(worktree_next(&in, &w));
    in = (struct span){NULL, 0};
    assert_false(worktree_next(&in, &w));
}
