/* rest/find.c: which repositories a folder leads to, and which it does not. */
#include "test/test.h"

#include "rest/find.h"
#include "test/rest/ground.h"

#include "base/banned.h"

static struct found find(struct ground *g, const char *folder, bool asked)
{
    struct found found = {0};
    struct err err = {0};
    assert_ok(find_repos(g->arena, ground_name(g, folder), g->paths.home, asked, &found, &err), &err);
    return found;
}

static void assert_found(struct ground *g, const struct found *found, const char *const *names, size_t n)
{
    assert_int_equal(found->n, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(found->at[i], ground_name(g, names[i]));
}

void test_find__repositories_side_by_side_are_found_in_the_order_of_their_names(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/thesis; mk src/attention; mk src/group/sub/kernels; mkdir -p src/empty/folder; touch "
           "src/file\n"
           "git init -q --bare src/shared.git; echo 'gitdir: ../thesis/.git' >src/empty/.git");
    struct found found = find(&g, "src", false);
    assert_found(&g, &found,
                 (const char *const[]){"src/attention", "src/empty", "src/group/sub/kernels",
                                       "src/shared.git", "src/thesis"},
                 5);
    assert_false(found.more);
    ground_clear(&g);
}

void test_find__a_repository_is_not_entered(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/outer; mk src/outer/vendor/inner");
    struct found found = find(&g, "src", false);
    assert_found(&g, &found, (const char *const[]){"src/outer"}, 1);
    found = find(&g, "src/outer", false);
    assert_found(&g, &found, (const char *const[]){"src/outer"}, 1);
    ground_clear(&g);
}

void test_find__hidden_folders_links_and_packages_are_left_out(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/.cache/clone; mk src/.secret; mk elsewhere; ln -s ../elsewhere src/link; mk "
           "src/node_modules/x\n"
           "ln -s . src/loop; mk src/real");
    struct found found = find(&g, "src", false);
    assert_found(&g, &found, (const char *const[]){"src/real"}, 1);
    ground_clear(&g);
}

void test_find__three_levels_are_walked_and_no_more(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/1/2/three; mk src/a/b/c/four");
    struct found found = find(&g, "src", false);
    assert_found(&g, &found, (const char *const[]){"src/1/2/three"}, 1);
    ground_clear(&g);
}

void test_find__from_inside_a_repository_it_is_found_above(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk home/thesis; mkdir -p home/thesis/chapters/two");
    struct found found = find(&g, "home/thesis/chapters/two", false);
    assert_found(&g, &found, (const char *const[]){"home/thesis"}, 1);
    ground_clear(&g);
}

void test_find__home_is_never_looked_into_unasked(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk home; mk home/thesis; mkdir home/music");
    struct found found = find(&g, "home", false);
    assert_int_equal(found.n, 0);
    found =
        find(&g, "home/music", false); /* nor is it found from below, though dotfiles are kept in git there */
    assert_int_equal(found.n, 0);
    found = find(&g, "home", true);
    assert_found(&g, &found, (const char *const[]){"home"}, 1);
    ground_clear(&g);
}

void test_find__two_folders_that_lead_to_one_repository_find_it_once(void **state)
{
    (void)state;
    struct ground g;
    struct found found = {0};
    struct err err = {0};
    ground_make(&g);
    sh(&g, "mk src/one");
    const char *const folders[] = {"src", "src/one", "src"};
    for (size_t i = 0; i < 3; i++)
        assert_ok(find_repos(g.arena, ground_name(&g, folders[i]), g.paths.home, true, &found, &err), &err);
    assert_found(&g, &found, (const char *const[]){"src/one"}, 1);
    ground_clear(&g);
}

void test_find__the_walk_ends_at_its_bounds_and_says_so(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mkdir -p many wide; cd many; for i in $(seq 201); do echo $i/.git; done | xargs mkdir -p\n"
           "cd ../wide; seq 20001 | xargs touch");
    struct found found = find(&g, "many", false);
    assert_int_equal(found.n, 200);
    assert_true(found.more);
    found = find(&g, "wide", false);
    assert_int_equal(found.n, 0);
    assert_true(found.more);
    ground_clear(&g);
}

void test_find__a_folder_that_is_not_there_is_no_failure(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct found found = find(&g, "src/nowhere", true);
    assert_int_equal(found.n, 0);
    ground_clear(&g);
}
