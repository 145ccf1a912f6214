/* rest/commits.c, rest/reflog.c: the class of a commit, and what is read of a reflog. */
#include "test/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/file.h"
#include "rest/commits.h"

enum { NOW = 1795000000 };

static struct marks marks_of(struct arena *arena)
{
    struct marks m = {0};
    struct err err = {0};
    assert_ok(marks_load(arena, "/nonexistent", &m, &err), &err);
    struct span *mine = VEC_PUSH(arena, &m.mine);
    *mine = SPAN("wei@example.org");
    return m;
}

static struct git_commit commit(const char *mail, int64_t at, const char *committer, int64_t committed)
{
    return (struct git_commit){.id = SPAN("0123456789012345678901234567890123456789"),
                               .time_ok = true,
                               .at = at,
                               .zone = 60,
                               .zone_ok = true,
                               .mail = span_of(mail),
                               .committed_ok = true,
                               .committed_at = committed,
                               .committer = span_of(committer),
                               .parents = 1};
}

void test_commits__the_first_class_that_fits_is_the_class(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct marks m = marks_of(arena);
    const char *me = "Wei@example.org", *hub = "noreply@github.com";
    struct git_commit c = commit("ana@example.org", NOW, me, NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_OTHERS);
    c = commit(me, NOW - 10, me, NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED);
    c = commit(me, NOW - 60, hub, NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_MERGE_CLICK);
    c = commit(me, NOW - 61, hub, NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED); /* a rebase merge keeps its author time */
    c = commit(me, NOW, me, NOW - 5000);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED);
    c = commit(me, 631152000, hub, 631152000);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_CLOCK); /* before the click: the clock comes first */
    c = commit(me, NOW + 86401, me, NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_CLOCK);
    c = commit(me, 0, me, NOW);
    c.time_ok = false;
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_CLOCK);
    arena_free(arena);
}

void test_commits__programs_are_known_by_name_and_by_bracket(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct marks m = marks_of(arena);
    struct span *mine = VEC_PUSH(arena, &m.mine);
    *mine = SPAN("49699333+dependabot[bot]@users.noreply.github.com");
    struct git_commit c = commit("49699333+dependabot[bot]@users.noreply.github.com", NOW, "x@y", NOW);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_BOTS);
    struct git_authorship a = {.name = SPAN("Renovate")};
    assert_int_equal(authorship_class(&a, &m), CLASS_BOTS);
    a = (struct git_authorship){.name = SPAN("Wei Zhang")};
    assert_int_equal(authorship_class(&a, &m), CLASS_COUNTED);
    arena_free(arena);
}

void test_commits__agents_are_known_by_trailer_and_by_name(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct marks m = marks_of(arena);
    struct git_authorship a = {.name = SPAN("Wei"), .coauthors = SPAN("Someone <NoReply@Anthropic.com>")};
    assert_int_equal(authorship_class(&a, &m), CLASS_AGENTS);
    a = (struct git_authorship){.name = SPAN("Wei (aider)")};
    assert_int_equal(authorship_class(&a, &m), CLASS_AGENTS);
    a = (struct git_authorship){.name = SPAN("Wei"), .coauthors = SPAN("Ana <ana@example.org>")};
    assert_int_equal(authorship_class(&a, &m), CLASS_COUNTED);
    arena_free(arena);
}

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccccccccccccccccccc"
#define ID_0 "0000000000000000000000000000000000000000"
#define LINE(old, new, mail, at, message) old " " new " Wei Z <" mail "> " at " +0100\t" message "\n"

static const char *log_file(const char *text, bool append)
{
    static char path[64];
    if (!append)
        snprintf(path, sizeof path, "/tmp/respite-reflog-%d", (int)getpid());
    FILE *f = fopen(path, append ? "a" : "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static size_t read_log(const char *path, struct log_mark *mark, size_t *acts)
{
    struct arena *arena = arena_new();
    struct marks m = marks_of(arena);
    struct batch batch = {.arena = arena};
    struct err err = {0};
    assert_ok(reflog_read_new(path, &m, NOW, mark, &batch, &err), &err);
    size_t n = batch.own.n;
    *acts = batch.acts.n;
    arena_free(arena);
    return n;
}

void test_commits__a_reflog_gives_own_commits_and_acts_once(void **state)
{
    (void)state;
    struct log_mark mark = {0};
    size_t acts;
    const char *path =
        log_file(LINE(ID_0, ID_A, "wei@example.org", "1790000000", "commit (initial): one")
                     LINE(ID_A, ID_B, "wei@example.org", "1790000100", "commit (amend): two")
                         LINE(ID_B, ID_A, "wei@example.org", "1790000200", "reset: moving to HEAD~1")
                             LINE(ID_A, ID_B, "wei@example.org", "1790000300", "pull: Fast-forward")
                                 LINE(ID_A, ID_C, "ana@example.org", "1790000400", "commit: hers"),
                 false);
    assert_int_equal(read_log(path, &mark, &acts), 2);
    assert_int_equal(acts, 1);
    assert_int_equal(read_log(path, &mark, &acts), 0);
    assert_int_equal(acts, 0);
    log_file(LINE(ID_B, ID_C, "wei@example.org", "1790000500", "commit: three"), true);
    assert_int_equal(read_log(path, &mark, &acts), 1);
    log_file(ID_B " " ID_C " half a line", true);
    assert_int_equal(read_log(path, &mark, &acts), 0);
    unlink(path);
}

void test_commits__an_expired_reflog_is_read_whole(void **state)
{
    (void)state;
    struct log_mark mark = {0};
    size_t acts;
    const char *path = log_file(LINE(ID_0, ID_A, "wei@example.org", "1790000000", "commit (initial): one")
                                    LINE(ID_A, ID_B, "wei@example.org", "1790000100", "commit: two"),
                                false);
    assert_int_equal(read_log(path, &mark, &acts), 2);
    log_file(LINE(ID_A, ID_C, "wei@example.org", "1790000100", "commit: else")
                 LINE(ID_C, ID_B, "wei@example.org", "1790000200",
                      "commit: and more than before, so that the file grew"),
             false);
    assert_int_equal(read_log(path, &mark, &acts), 2);
    unlink(path);
}

void test_commits__a_missing_reflog_is_no_failure(void **state)
{
    (void)state;
    struct log_mark mark = {0};
    size_t acts;
    assert_int_equal(read_log("/nonexistent/logs/HEAD", &mark, &acts), 0);
}

void test_commits__a_mark_without_text_marks_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct marks m = {0};
    struct err err = {0};
    char dir[] = "/tmp/respite-marks-XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_ok(file_write(file_join(arena, dir, "agents.txt"),
                         SPAN("name \r\nname  \nmail \r\nmail\r\nmail bee@example.org\r\nname  (bee)\r\n"),
                         &err) &&
                  file_write(file_join(arena, dir, "bots.txt"), SPAN("\r\n \nrobot\r\n"), &err),
              &err);
    assert_ok(marks_load(arena, dir, &m, &err), &err);
    assert_int_equal(m.agent_names.n, 1);
    assert_span(m.agent_names.at[0], " (bee)");
    assert_int_equal(m.agent_mails.n, 1);
    assert_span(m.agent_mails.at[0], "bee@example.org");
    assert_int_equal(m.bots.n, 1);
    assert_span(m.bots.at[0], "robot");
    struct git_authorship a = {.name = SPAN("Wei Zhang")};
    assert_int_equal(authorship_class(&a, &m), CLASS_COUNTED);
    assert_ok(file_remove(dir, &err), &err);
    arena_free(arena);
}

void test_commits__no_committer_time_is_too_far_away(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct marks m = marks_of(arena);
    struct git_commit c = commit("wei@example.org", NOW, "noreply@github.com", INT64_MIN);
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED);
    c.committed_at = INT64_MAX;
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED);
    c.committed_at = NOW - 60;
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_MERGE_CLICK);
    c.committed_at = NOW - 61;
    assert_int_equal(commit_class(&c, &m, NOW), CLASS_COUNTED);
    arena_free(arena);
}
