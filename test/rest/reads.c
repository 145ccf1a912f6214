/* rest/reads.c: what must be readable once the sandbox is entered. */
#include "test/test.h"

#include "rest/reads.h"
#include "test/rest/ground.h"

#include "base/banned.h"

static bool holds(const struct trees *trees, const char *path)
{
    size_t n = 0;
    for (size_t i = 0; i < trees->n; i++)
        n += strcmp(trees->at[i], path) == 0;
    assert_true(n < 2); /* each once */
    return n == 1;
}

static struct trees reads(struct ground *g, const char *folder)
{
    struct trees trees = {0};
    struct err err = {0};
    const char *here[] = {folder ? ground_name(g, folder) : NULL, NULL};
    g->app.here = here;
    assert_ok(rest_reads(&g->app, &trees, &err), &err);
    g->app.here = NULL;
    return trees;
}

void test_reads__the_folder_and_gits_own_configuration_are_among_them(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/a; printf '[include]\\n path = %s/more\\n' \"$PWD\" >home/.gitconfig; printf '[user]\\n' "
           ">more\n"
           "printf '[user]\\nname = W\\n' >more");
    struct trees t = reads(&g, "src");
    assert_true(holds(&t, ground_name(&g, "src")));
    assert_true(holds(&t, ground_name(&g, "src/a")));
    assert_true(holds(&t, ground_name(&g, "home/.gitconfig")));
    assert_true(holds(&t, ground_name(&g, "home/.config/git")));
    assert_true(holds(&t, ground_name(&g, "more")));
    ground_clear(&g);
}

void test_reads__a_worktree_leads_to_its_repository(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk far/main; ci far/main '1794900000 +0100'; mkdir near; git -C far/main worktree add -q --detach "
       "\"$PWD/near/side\"");
    struct trees t = reads(&g, "near");
    assert_true(holds(&t, ground_name(&g, "near/side")));
    assert_true(holds(&t, ground_name(&g, "far/main/.git")));
    assert_false(holds(&t, ground_name(&g, "far")));
    ground_clear(&g);
}

void test_reads__borrowed_objects_lead_to_the_lender(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk far/main; ci far/main '1794900000 +0100'; mkdir near; git clone -q --shared far/main near/clone");
    struct trees t = reads(&g, "near");
    assert_true(holds(&t, ground_name(&g, "far/main/.git/objects")));
    ground_clear(&g);
}

void test_reads__what_was_looked_at_before_is_among_them(void **state)
{
    (void)state;
    struct ground g;
    struct look l;
    struct err err = {0};
    ground_make(&g);
    sh(&g, "mk src/a; mkdir other");
    const char *const folders[] = {ground_name(&g, "src"), NULL};
    assert_ok(look(&g.app, folders, true, 0, LOOK_PREVIEW, false, &l, &err), &err);
    struct trees t = reads(&g, "other");
    assert_true(holds(&t, ground_name(&g, "src/a")) && holds(&t, ground_name(&g, "src/a/.git")));
    assert_false(holds(&t, ground_name(&g, "src")));
    t = reads(&g, NULL);
    assert_true(holds(&t, ground_name(&g, "src/a")));
    ground_clear(&g);
}

void test_reads__a_gitfile_that_leads_nowhere_is_passed_over(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mkdir -p src/a src/b src/c; echo 'gitdir: ../nowhere' >src/a/.git; echo nonsense >src/b/.git; : "
           ">src/c/.git");
    struct trees t = reads(&g, "src");
    assert_true(holds(&t, ground_name(&g, "src/a")) && holds(&t, ground_name(&g, "src/c")));
    ground_clear(&g);
}

void test_reads__what_a_repository_says_of_itself_widens_nothing(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mkdir -p home/.ssh home/objects src; for to in / \"$PWD\" \"$PWD/home\" \"$PWD/home/.ssh\" "
       "\"$PWD/data\"; do\n"
       "n=$((n + 1)); mkdir src/f$n; echo \"gitdir: $to\" >src/f$n/.git; mk src/a$n; ci src/a$n '1794900000 "
       "+0100'\n"
       "echo \"$to\" >src/a$n/.git/objects/info/alternates; done\n"
       "ln -s \"$PWD/home/.ssh\" src/objects; mk src/b; ci src/b '1794900000 +0100'\n"
       "echo \"$PWD/src/objects\" >src/b/.git/objects/info/alternates\n"
       "mk src/top; ci src/top '1794900000 +0100'; cp src/top/.git/HEAD HEAD; mkdir objects");
    struct trees t = reads(&g, "src");
    assert_false(holds(&t, "/"));
    assert_false(holds(&t, g.top)); /* with HEAD and objects in it, and yet above the home folder */
    assert_false(holds(&t, ground_name(&g, "home")));
    assert_false(holds(&t, ground_name(&g, "home/.ssh")));
    assert_false(holds(&t, ground_name(&g, "data")));
    assert_false(holds(&t, ground_name(&g, "src/objects")));
    ground_clear(&g);
}

void test_reads__alternates_are_named_from_the_folder_of_objects(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk far/main; ci far/main '1794900000 +0100'; mkdir near; git clone -q --shared far/main near/clone\n"
       "echo ../../../../far/main/.git/objects >near/clone/.git/objects/info/alternates\n"
       "git -C near/clone log -1 >/dev/null");
    struct trees t = reads(&g, "near");
    assert_true(holds(&t, ground_name(&g, "far/main/.git/objects")));
    ground_clear(&g);
}
