/* rest/git.c: what git says of repositories of every shape, made here with git itself. */
#include "test/test.h"

#include "rest/git.h"
#include "test/rest/ground.h"

#include "base/banned.h"

static struct repo ask(struct ground *g, const char *name)
{
    struct repo repo = {0};
    struct err err = {0};
    assert_ok(repo_ask(g->arena, ground_name(g, name), &repo, &err), &err);
    return repo;
}

/* How many tips, each of `digits` hex digits. */
static size_t tips(const struct repo *repo, size_t digits)
{
    size_t n = 0;
    struct span rest = repo->tips, line;
    while (span_cut(&rest, '\n', &line)) {
        assert_int_equal(line.n, digits);
        n++;
    }
    return n;
}

void test_git__a_repository_has_its_folder_branches_addresses_and_reflog(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk thesis; ci thesis '1794900000 +0100'; git -C thesis branch old; ci thesis '1794901000 +0100'\n"
           "git -C thesis branch same; git -C thesis config author.email wei@lab.example\n"
           "git config --global user.email wei@home.example");
    struct repo repo = ask(&g, "thesis");
    assert_string_equal(repo.common_dir, ground_name(&g, "thesis/.git"));
    assert_string_equal(repo.name, "thesis");
    assert_false(repo.bare || repo.shallow);
    assert_int_equal(tips(&repo, 40), 2); /* main and same are one */
    assert_true(mails_hold(&repo.mails, SPAN("wei@example.org")));
    assert_true(mails_hold(&repo.mails, SPAN("wei@lab.example")));
    assert_true(mails_hold(&repo.mails, SPAN("wei@home.example")));
    assert_int_equal(repo.mails.n, 3);
    assert_string_equal(repo.logs[0], ground_name(&g, "thesis/.git/logs/HEAD"));
    assert_null(repo.logs[1]);
    ground_clear(&g);
}

void test_git__bare_unborn_and_shallow_are_told_apart(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk full; for i in 1 2 3; do ci full \"179490${i}000 +0100\"; done; git clone -q --bare full b.git\n"
       "git clone -q --depth 1 \"file://$PWD/full\" cut; mk unborn; git init -q --bare nothing.git");
    struct repo bare = ask(&g, "b.git"), cut = ask(&g, "cut"), unborn = ask(&g, "unborn"),
                nothing = ask(&g, "nothing.git");
    assert_true(bare.bare && !bare.shallow);
    assert_string_equal(bare.name, "b");
    assert_string_equal(bare.common_dir, ground_name(&g, "b.git"));
    assert_int_equal(tips(&bare, 40), 1);
    assert_true(cut.shallow && !cut.bare);
    assert_int_equal(tips(&cut, 40), 1);
    assert_int_equal(unborn.tips.n, 0);
    assert_int_equal(nothing.tips.n, 0);
    ground_clear(&g);
}

void test_git__a_detached_worktree_gives_its_head_and_its_reflog(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk main; ci main '1794900000 +0100'; git -C main worktree add -q --detach ../side\n"
           "ci side '1794901000 +0100'");
    struct repo main = ask(&g, "main"), side = ask(&g, "side");
    assert_int_equal(tips(&main, 40), 2);
    assert_true(span_eq(main.tips, side.tips));
    assert_string_equal(main.common_dir, side.common_dir);
    assert_string_equal(main.logs[1], ground_name(&g, "main/.git/worktrees/side/logs/HEAD"));
    assert_null(main.logs[2]);
    ground_clear(&g);
}

void test_git__long_ids_are_taken_as_they_are(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk --object-format=sha256 long; ci long '1794900000 +0100'");
    struct repo repo = ask(&g, "long");
    assert_int_equal(tips(&repo, 64), 1);
    ground_clear(&g);
}

void test_git__a_name_may_hold_anything(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "d=$(printf 'a\\nb \\047c\\047 \\377'); mk \"$d\"; ci \"$d\" '1794900000 +0100'");
    const char *path = ground_name(&g, "a\nb 'c' \xff");
    struct repo repo = {0};
    struct err err = {0};
    assert_ok(repo_ask(g.arena, path, &repo, &err), &err);
    assert_string_equal(repo.common_dir, file_join(g.arena, path, ".git"));
    assert_null(strchr(repo.name, '\n')); /* what is shown is clean */
    assert_null(strchr(repo.name, '\xff'));
    ground_clear(&g);
}

void test_git__a_folder_that_is_none_is_one_sentence(void **state)
{
    (void)state;
    struct ground g;
    struct repo repo;
    struct err err = {0};
    ground_make(&g);
    sh(&g, "mkdir -p plain broken/.git");
    assert_false(repo_ask(g.arena, ground_name(&g, "plain"), &repo, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_non_null(strstr(err.text, ground_name(&g, "plain")));
    assert_null(strchr(err.text, '\n'));
    err_clear(&err);
    assert_false(repo_ask(g.arena, ground_name(&g, "broken"), &repo, &err));
    assert_int_equal(err.code, E_FORMAT);
    ground_clear(&g);
}

void test_git__a_repository_of_another_user_says_who_decides(void **state)
{
    (void)state;
    struct ground g;
    struct repo repo;
    struct err err = {0};
    if (geteuid() != 0) /* none but root can give a folder away */
        skip();
    ground_make(&g);
    sh(&g, "mk theirs; ci theirs '1794900000 +0100'; chown -R 12345 theirs");
    assert_false(repo_ask(g.arena, ground_name(&g, "theirs"), &repo, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, "safe.directory"));
    ground_clear(&g);
}

static void with_path(struct ground *g, const char *path, enum err_code code, const char *words)
{
    struct repo repo;
    struct err err = {0};
    char *before = mem_copy(getenv("PATH"));
    setenv("PATH", path, 1);
    bool ok = repo_ask(g->arena, ground_name(g, "thesis"), &repo, &err);
    setenv("PATH", before, 1);
    mem_free(before);
    assert_false(ok);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.text, words));
}

void test_git__missing_and_too_old_are_said_as_such(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk thesis; mkdir none old; cat >old/git <<'END'\n"
           "#!/bin/sh\nfor last; do :; done\n[ \"$last\" = version ] && echo git version 2.30.2 && exit\n"
           "echo error: unknown option >&2; exit 129\nEND\nchmod +x old/git");
    with_path(&g, ground_name(&g, "none"), E_MISSING, "not installed");
    with_path(&g, ground_name(&g, "old"), E_MISSING, "git version 2.30.2 is too old");
    ground_clear(&g);
}

void test_git__what_the_environment_says_of_git_is_not_handed_on(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk thesis; mk other; ci thesis '1794900000 +0100'");
    setenv("GIT_DIR", ground_name(&g, "other/.git"), 1);
    struct repo repo = ask(&g, "thesis");
    unsetenv("GIT_DIR");
    assert_string_equal(repo.common_dir, ground_name(&g, "thesis/.git"));
    ground_clear(&g);
}

void test_git__gits_own_reason_is_in_the_sentence(void **state)
{
    (void)state;
    struct ground g;
    struct repo repo;
    struct err err = {0};
    struct buf AUTO_BUF path;
    ground_make(&g);
    buf_init(&path, 8192);
    sh(&g, "mk thesis; mkdir bin; cat >bin/git <<'END'\n#!/bin/sh\n"
           "for last; do :; done; [ \"$last\" = version ] && echo git version 2.39.5 && exit\n"
           "printf 'warning: first of all\\nerror: part\\nfatal: the true reason %s\\nhint: more\\n' "
           "\"$LONG\" >&2\n"
           "exit 128\nEND\nchmod +x bin/git");
    with_path(&g, ground_name(&g, "bin"), E_FORMAT, ": fatal: the true reason. What");
    buf_printf(&path, "%s", "e");
    for (int i = 0; i < 200; i++)
        buf_add_text(&path, "\xc3\xa9");
    for (int i = 0; i < 2; i++) { /* by one byte further along: one of them would cut through a letter */
        char *before = mem_copy(getenv("PATH"));
        setenv("LONG", buf_text(&path) + i, 1);
        setenv("PATH", ground_name(&g, "bin"), 1);
        err_clear(&err);
        bool ok = repo_ask(g.arena, ground_name(&g, "thesis"), &repo, &err);
        setenv("PATH", before, 1);
        unsetenv("LONG");
        mem_free(before);
        assert_false(ok);
        assert_null(strchr(err.text, '?')); /* what half a letter becomes */
        assert_true(strlen(err.text) < 400);
        assert_null(strchr(err.text, '\n'));
    }
    ground_clear(&g);
}
