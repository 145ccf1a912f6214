/* rest/look.c: what one look brings, what the next one adds, and what no look ever keeps. */
#include "test/test.h"

#include "rest/find.h"
#include "rest/picture.h"
#include "test/rest/ground.h"

#include "base/banned.h"

enum { WINDOW = NOW - 27 * 7 * 86400, QUESTIONS = 4 }; /* programs started to describe one repository */

static struct look look_kind_of(struct ground *g, const char *folder, int64_t since, enum look_kind kind)
{
    struct look l;
    struct err err = {0};
    const char *const folders[] = {ground_name(g, folder), NULL};
    assert_ok(look(&g->app, folders, true, since, kind, false, &l, &err), &err);
    return l;
}

static struct look keep(struct ground *g, const char *folder)
{
    return look_kind_of(g, folder, WINDOW, LOOK_KEEP);
}

/* All that is kept of commits, as text: to tell whether two ways of reading came to the same. */
static const char *kept(struct ground *g)
{
    struct stmt *AUTO_STMT q = NULL;
    struct buf AUTO_BUF out;
    struct err err = {0};
    buf_init(&out, 1 << 20);
    assert_ok(
        db_query(
            g->db, &q, &err,
            "select hex(oid), at, zone, zone_ok, class, mail from sign join identity on who = id order by 1"),
        &err);
    while (db_next(q, &err))
        buf_printf(&out, "%.*s %lld %lld %lld %lld %.*s\n", SPAN_ARG(db_text(q, 0)), (long long)db_int(q, 1),
                   (long long)db_int(q, 2), (long long)db_int(q, 3), (long long)db_int(q, 4),
                   SPAN_ARG(db_text(q, 5)));
    return arena_text(g->arena, buf_span(&out));
}

#define SIGNS(g) HOW_MANY((g), "select count(*) from sign")

void test_look__a_second_look_with_nothing_new_starts_no_log(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/a; ci src/a '1794900000 +0100'; ci src/a '1794910000 +0100'");
    unsigned long before = proc_count();
    struct look l = keep(&g, "src");
    assert_int_equal(proc_count() - before, QUESTIONS + 2); /* the log, and the names of own commits */
    assert_true(l.log_ran && l.records == 2 && l.repos.n == 1);
    assert_int_equal(SIGNS(&g), 2);
    before = proc_count();
    l = keep(&g, "src");
    assert_int_equal(proc_count() - before, QUESTIONS);
    assert_false(l.log_ran);
    assert_int_equal(l.records, 0);
    assert_int_equal(SIGNS(&g), 2);
    ground_clear(&g);
}

void test_look__the_next_look_reads_what_is_new_and_no_more(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; for i in 1 2 3 4 5; do ci a \"179490${i}000 +0100\"; done");
    keep(&g, "a");
    sh(&g, "git -C a checkout -q -b idea; ci a '1794950000 +0100'; ci a '1794951000 +0100'");
    struct look l = keep(&g, "a");
    assert_int_equal(l.records, 2);
    assert_int_equal(SIGNS(&g), 7);
    sh(&g, "git -C a branch other main"); /* a branch of nothing new */
    l = keep(&g, "a");
    assert_int_equal(l.records, 0);
    assert_int_equal(SIGNS(&g), 7);
    ground_clear(&g);
}

void test_look__a_rewritten_history_keeps_its_signs_and_nothing_is_twice(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; ci a '1794910000 +0100'; ci a '1794920000 +0100'");
    keep(&g, "a");
    sh(&g, "GIT_COMMITTER_DATE='1794930000 +0100' git -C a commit -q --amend --allow-empty -m y");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 5); /* the one before, the one after, and the amend at its own time */
    sh(&g, "GIT_COMMITTER_DATE='1794931000 +0100' git -C a reset -q --hard HEAD~2");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 5);
    sh(&g, "ci a '1794940000 +0100'; git -C a checkout -q -b side HEAD~1; ci a '1794945000 +0100'\n"
           "GIT_COMMITTER_DATE='1794950000 +0100' git -C a rebase -q main");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 8);
    const char *all = kept(&g);
    keep(&g, "a");
    assert_string_equal(kept(&g), all);
    assert_int_equal(HOW_MANY(&g, "select count(*) - count(distinct hex(oid) || at) from sign"), 0);
    assert_true(HOW_MANY(&g, "select count(*) from presence") >= 2); /* the reset, the rebase */
    ground_clear(&g);
}

void test_look__what_was_rewritten_before_the_first_look_stands_in_the_reflog(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; ci a '1794910000 +0100'; git -C a reset -q --hard HEAD~1");
    struct look l = keep(&g, "a");
    assert_int_equal(l.records, 1);
    assert_int_equal(SIGNS(&g), 2);
    ground_clear(&g);
}

void test_look__a_tip_that_was_collected_is_no_end(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; ci a '1794910000 +0100'");
    keep(&g, "a");
    sh(&g, "git -C a reset -q --hard HEAD~1; git -C a reflog expire --expire=now --all\n"
           "git -C a gc -q --prune=now; ci a '1794930000 +0100'");
    struct look l = keep(&g, "a");
    assert_null(l.repos.at[0].problem);
    assert_int_equal(SIGNS(&g), 3);
    l = keep(&g, "a");
    assert_false(l.log_ran);
    ground_clear(&g);
}

void test_look__two_worktrees_of_one_repository_count_once(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/a; ci src/a '1794900000 +0100'; git -C src/a worktree add -q --detach ../b\n"
           "ci src/b '1794910000 +0100'");
    struct look l = keep(&g, "src");
    assert_int_equal(l.repos.n, 1);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo"), 1);
    assert_int_equal(SIGNS(&g), 2);
    l = keep(&g, "src");
    assert_false(l.log_ran);
    ground_clear(&g);
}

void test_look__a_window_and_then_the_whole_history_is_the_whole_history(void **state)
{
    (void)state;
    struct ground g;
    const char *lines = "mk a; for i in 1 2 3 4 5; do ci a \"17${i}0000000 +0100\"; done\n"
                        "ci a '1794900000 +0100'; git config -f a/.git/config x.y z\n"
                        "by ana@example.org ci a '1794905000 +0100'\n"
                        "by ana@example.org ci a '1710000500 +0100'";
    ground_make(&g);
    sh(&g, lines);
    look_kind_of(&g, "a", 0, LOOK_KEEP);
    const char *whole = kept(&g);
    int64_t others = HOW_MANY(&g, "select sum(n) from others");
    assert_int_equal(SIGNS(&g), 6);
    assert_int_equal(others, 2);
    struct err err = {0};
    assert_ok(db_run(g.db, &err, "delete from repo"), &err);
    struct look l = keep(&g, "a");
    assert_int_equal(l.repos.at[0].row.id != 0, 1);
    assert_int_equal(HOW_MANY(&g, "select since > 0 from repo"), 1);
    l = look_kind_of(&g, "a", 0, LOOK_KEEP);
    assert_true(l.log_ran);
    assert_string_equal(kept(&g), whole);
    assert_int_equal(HOW_MANY(&g, "select sum(n) from others"), others);
    l = keep(&g, "a"); /* less than is known: nothing to read */
    assert_false(l.log_ran);
    assert_int_equal(HOW_MANY(&g, "select since from repo"), 0);
    ground_clear(&g);
}

void test_look__a_preview_keeps_nothing_but_names(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/a; ci src/a '1794900000 +0100'; by ana@example.org ci src/a '1794901000 +0100'");
    struct look l = look_kind_of(&g, "src", WINDOW, LOOK_PREVIEW);
    assert_int_equal(l.repos.at[0].own, 1);
    assert_int_equal(l.repos.at[0].lines_n, 1);
    assert_int_equal(l.repos.at[0].lines[0].when.epoch, 1794900000);
    assert_int_equal(l.authors.n, 2);
    assert_int_equal(
        HOW_MANY(&g, "select count(*) from repo where since is null and tips = '' and chosen is null"), 1);
    assert_int_equal(HOW_MANY(&g, "select (select count(*) from identity) + (select count(*) from sign)"
                                  " + (select count(*) from presence) + (select count(*) from others)"
                                  " + (select count(*) from reflog) + (select count(*) from setting)"),
                     0);
    ground_clear(&g);
}

void test_look__the_addresses_git_is_configured_with_are_the_persons_until_she_says(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    ground_make(&g);
    sh(&g, "mk src/a; mk src/b; git -C src/b config user.email wei@lab.example\n"
           "ci src/a '1794900000 +0100'; ci src/b '1794910000 +0100'\n"
           "by wei@lab.example ci src/a '1794920000 +0100'");
    struct look l = keep(&g, "src");
    assert_int_equal(l.mine.n, 2);
    assert_false(l.mine_said);
    assert_int_equal(SIGNS(&g), 3); /* the address of one counts in the other */
    struct mails one = {(struct span[]){SPAN("wei@example.org")}, 1, 1};
    assert_ok(identity_save(g.db, &one, &err) && setting_put(g.db, "rest.mine_said", "1", &err), &err);
    assert_int_equal(SIGNS(&g), 1);
    l = keep(&g, "src");
    assert_true(l.mine_said);
    assert_int_equal(l.mine.n, 1);
    assert_int_equal(SIGNS(&g), 1);
    ground_clear(&g);
}

void test_look__an_address_said_later_makes_its_commits_count(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    bool changed;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; by old@uni.example ci a '1794910000 +0100'\n"
           "by ana@example.org ci a '1794915000 +0100'");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 1);
    assert_int_equal(HOW_MANY(&g, "select sum(n) from others"), 2);
    assert_ok(identity_add(g.db, SPAN("old@uni.example"), &changed, &err), &err);
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 2);
    assert_int_equal(HOW_MANY(&g, "select sum(n) from others"), 1);
    ground_clear(&g);
}

void test_look__nobodys_commits_are_listed_by_address(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; by ana@example.org ci a '1794900000 +0100'\n"
           "by ana@example.org ci a '1794910000 +0100'\n"
           "by 77+wei@users.noreply.github.com ci a '1794920000 +0100'");
    struct look l = look_kind_of(&g, "a", WINDOW, LOOK_PREVIEW);
    assert_int_equal(l.repos.at[0].own, 0);
    assert_int_equal(l.authors.n, 2);
    assert_span(l.authors.at[0].mail, "ana@example.org");
    assert_int_equal(l.authors.at[0].n, 2);
    assert_true(mails_hold(&l.asked, SPAN("77+wei@users.noreply.github.com"))); /* asked, not taken */
    assert_false(mails_hold(&l.mine, SPAN("77+wei@users.noreply.github.com")));
    ground_clear(&g);
}

void test_look__a_broken_repository_costs_that_one(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/a; mk src/b; mk src/c; mkdir -p src/d/.git; for r in a b c; do ci src/$r '1794900000 "
           "+0100'; done\n"
           "rm -r src/b/.git/objects/??");
    struct look l = keep(&g, "src");
    size_t problems = 0;
    assert_int_equal(l.repos.n, 4);
    for (size_t i = 0; i < l.repos.n; i++)
        if (l.repos.at[i].problem) {
            problems++;
            assert_null(strchr(l.repos.at[i].problem, '\n'));
            assert_non_null(strstr(l.repos.at[i].problem, i == 1 ? "src/b" : "src/d"));
        }
    assert_int_equal(problems, 2);
    assert_int_equal(SIGNS(&g), 2);
    struct repo_set set;
    struct err err = {0};
    assert_ok(look_set(&g.app, &l, &set, &err), &err);
    assert_int_equal(set.n, 3); /* what was read of b before would be shown */
    ground_clear(&g);
}

void test_look__a_repository_that_breaks_keeps_what_was_read(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'");
    keep(&g, "a");
    sh(&g, "ci a '1794910000 +0100'; rm -r a/.git/objects/??");
    struct look l = keep(&g, "a");
    assert_non_null(l.repos.at[0].problem);
    assert_int_equal(SIGNS(&g), 1);
    ground_clear(&g);
}

void test_look__again_looks_at_what_was_chosen_alone(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct look l;
    ground_make(&g);
    sh(&g, "mk src/a; mk src/b; ci src/a '1794900000 +0100'; ci src/b '1794900000 +0100'");
    look_kind_of(&g, "src", WINDOW, LOOK_PREVIEW);
    assert_ok(look_again(&g.app, WINDOW, &l, &err), &err);
    assert_int_equal(l.repos.n, 0);
    assert_ok(repo_choose(g.db, HOW_MANY(&g, "select id from repo where name = 'b'"), true, &err) &&
                  look_again(&g.app, WINDOW, &l, &err),
              &err);
    assert_int_equal(l.repos.n, 1);
    assert_string_equal(l.repos.at[0].row.name, "b");
    assert_int_equal(SIGNS(&g), 1);
    sh(&g, "rm -r src/b");
    assert_ok(look_again(&g.app, WINDOW, &l, &err), &err);
    assert_non_null(l.repos.at[0].problem);
    assert_int_equal(SIGNS(&g), 1);
    ground_clear(&g);
}

void test_look__unborn_bare_and_long_ids_are_read_alike(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk src/unborn; mk src/full; ci src/full '1794900000 +0100'; git clone -q --bare src/full "
           "src/bare.git\n"
           "mk --object-format=sha256 src/long; ci src/long '1794910000 +0100'\n"
           "git config --global user.email wei@example.org");
    struct look l = keep(&g, "src");
    assert_int_equal(l.repos.n, 4);
    for (size_t i = 0; i < l.repos.n; i++)
        assert_null(l.repos.at[i].problem);
    assert_int_equal(SIGNS(&g), 3);
    assert_int_equal(HOW_MANY(&g, "select count(distinct oid) from sign"), 2);
    assert_int_equal(HOW_MANY(&g, "select max(length(oid)) from sign"), 32);
    sh(&g, "ci src/unborn '1794920000 +0100'");
    keep(&g, "src");
    assert_int_equal(SIGNS(&g), 4);
    ground_clear(&g);
}

void test_look__a_shallow_history_says_where_it_is_cut_and_later_that_it_is_not(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk full; for i in 1 2 3 4; do ci full \"179490${i}000 +0100\"; done\n"
           "git clone -q --depth 2 \"file://$PWD/full\" cut; git -C cut config user.email wei@example.org\n"
           "git -C cut config user.name Wei");
    keep(&g, "cut");
    assert_int_equal(HOW_MANY(&g, "select cut from repo"), 1794903000);
    assert_int_equal(SIGNS(&g), 2);
    sh(&g, "ci cut '1794950000 +0100'");
    keep(&g, "cut");
    assert_int_equal(HOW_MANY(&g, "select cut from repo"), 1794903000);
    sh(&g, "git -C cut fetch -q --unshallow; ci cut '1794960000 +0100'");
    keep(&g, "cut");
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where cut is null"), 1);
    assert_int_equal(SIGNS(&g), 6);
    ground_clear(&g);
}

void test_look__no_text_of_a_repository_is_kept_but_its_name_and_place(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct buf AUTO_BUF all;
    ground_make(&g);
    buf_init(&all, 8 << 20);
    sh(&g, "mk a; ci a '1794900000 +0100' -m 'A secret sentence'; git -C a checkout -q -b secret-branch\n"
           "by ana@secret.example ci a '1794910000 +0100' -m 'Another secret'");
    keep(&g, "a");
    assert_ok(db_backup(g.db, ground_name(&g, "copy.db"), &err) &&
                  file_read(ground_name(&g, "copy.db"), &all, &err),
              &err);
    assert_true(span_find(buf_span(&all), SPAN("wei@example.org")) > 0);
    assert_true(span_find(buf_span(&all), SPAN("ecret")) < 0);
    ground_clear(&g);
}

#define OTHERS(g) HOW_MANY((g), "select coalesce(sum(n), 0) from others")

void test_look__going_back_and_forth_counts_nobody_twice(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk up; ci up '1794900000 +0100'; for b in one two; do git -C up checkout -q -b $b main\n"
       "for i in 1 2 3; do by ana@example.org ci up \"17949${i}0000 +0100\" -m $b$i; done; done\n"
       "git clone -q up a; cd a; git config user.email wei@example.org; git checkout -q --detach origin/one\n"
       "git branch -q -D two");
    keep(&g, "a");
    assert_int_equal(OTHERS(&g), 3);
    for (int i = 0; i < 3; i++) {
        sh(&g, "git -C a checkout -q --detach origin/two");
        struct look l = keep(&g, "a");
        assert_true(l.log_ran == (i == 0));
        assert_int_equal(OTHERS(&g), 6);
        sh(&g, "git -C a checkout -q --detach origin/one");
        l = keep(&g, "a");
        assert_false(l.log_ran);
        assert_int_equal(OTHERS(&g), 6);
    }
    ground_clear(&g);
}

void test_look__a_deeper_history_is_read(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk full; for i in 1 2 3 4 5; do ci full \"179490${i}000 +0100\"; done\n"
           "git clone -q --depth 2 \"file://$PWD/full\" cut; git -C cut config user.email wei@example.org");
    keep(&g, "cut");
    assert_int_equal(SIGNS(&g), 2);
    sh(&g, "git -C cut fetch -q --deepen 2");
    struct look l = keep(&g, "cut");
    assert_true(l.log_ran);
    assert_int_equal(SIGNS(&g), 4);
    assert_int_equal(HOW_MANY(&g, "select cut from repo"), 1794902000);
    l = keep(&g, "cut");
    assert_false(l.log_ran);
    ground_clear(&g);
}

void test_look__what_an_agent_made_and_was_amended_stays_the_agents(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'\n"
           "ci a '1794910000 +0100' -m 'Co-authored-by: C <noreply@anthropic.com>'\n"
           "GIT_COMMITTER_DATE='1794920000 +0100' git -C a commit -q --amend --allow-empty -m y "
           "--date='1794920000 +0100'");
    keep(&g, "a");
    assert_int_equal(HOW_MANY(&g, "select class from sign where at = 1794910000"), CLASS_AGENTS);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign where class = 4"), 1);
    assert_int_equal(SIGNS(&g), 3);
    ground_clear(&g);
}

void test_look__more_own_commits_than_are_asked_about_at_once(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; awk 'BEGIN { for (i = 0; i < 20100; i++) {\n"
           "m = i % 5000 ? \"m\" : \"m\\n\\nCo-authored-by: C <noreply@anthropic.com>\"\n"
           "printf \"commit refs/heads/main\\ncommitter W <wei@example.org> %d +0100\\ndata %d\\n%s\\n\", "
           "1794000000 + "
           "i, length(m), m } }' | git -C a fast-import --quiet");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 20100);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign where class = 4"), 5);
    ground_clear(&g);
}

void test_look__a_repository_that_is_gone_is_shown_and_says_so(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct look l;
    struct repo_set set;
    ground_make(&g);
    sh(&g, "mk src/a; ci src/a '1794900000 +0100'");
    l = keep(&g, "src");
    assert_true(look_shows(&l));
    int64_t id = l.repos.at[0].row.id;
    assert_ok(repo_choose(g.db, id, true, &err), &err);
    sh(&g, "mv src/a away");
    assert_ok(look_again(&g.app, WINDOW, &l, &err) && look_set(&g.app, &l, &set, &err), &err);
    assert_non_null(l.repos.at[0].problem);
    assert_true(set.n == 1 && set.at[0] == id && look_shows(&l));
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where problem like '%src/a%'"), 1);
    sh(&g, "mv away src/a");
    assert_ok(look_again(&g.app, WINDOW, &l, &err), &err);
    assert_null(l.repos.at[0].problem);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where problem is null"), 1);
    sh(&g, "mkdir -p new/b/.git");
    l = keep(&g, "new");
    assert_false(look_shows(&l));
    ground_clear(&g);
}

void test_look__a_reflog_that_cannot_be_read_costs_itself(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; git -C a worktree add -q --detach ../side; ci side '1794910000 "
           "+0100'\n"
           "git -C side reset -q --hard HEAD~1; mv a/.git/logs/HEAD kept; mkdir a/.git/logs/HEAD");
    struct look l = keep(&g, "a");
    assert_null(l.repos.at[0].problem);
    assert_non_null(l.repos.at[0].partly);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign where at = 1794900000"), 1); /* by the log */
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign where at = 1794910000"),
                     1); /* by the other reflog */
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where problem is not null"), 1);
    sh(&g, "rmdir a/.git/logs/HEAD; mv kept a/.git/logs/HEAD");
    l = keep(&g, "a");
    assert_null(l.repos.at[0].partly);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where problem is not null"), 0);
    ground_clear(&g);
}

void test_look__a_fault_of_the_database_is_no_fault_of_a_repository(void **state)
{
    (void)state;
    struct ground g;
    struct look l;
    struct err err = {0};
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'");
    keep(&g, "a");
    assert_ok(db_run(g.db, &err, "alter table reflog rename to elsewhere"), &err);
    const char *const folders[] = {ground_name(&g, "a"), NULL};
    assert_false(look(&g.app, folders, true, WINDOW, LOOK_KEEP, false, &l, &err));
    assert_true(err.code != E_NONE);
    ground_clear(&g);
}

void test_look__another_repository_at_the_same_place_is_read(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g,
       "mk a; ci a '1794900000 +0100'; ci a '1794910000 +0100'; by ana@example.org ci a '1794911000 +0100'");
    keep(&g, "a");
    assert_int_equal(SIGNS(&g), 2);
    assert_int_equal(OTHERS(&g), 1);
    sh(&g, "rm -rf a; mk a; ci a '1794800000 +0100' -m other; ci a '1794920000 +0100' -m other");
    struct look l = keep(&g, "a");
    assert_null(l.repos.at[0].problem);
    assert_int_equal(SIGNS(&g), 4); /* the work on the first one was done */
    assert_int_equal(OTHERS(&g), 0);
    l = keep(&g, "a");
    assert_false(l.log_ran);
    ground_clear(&g);
}

void test_look__strangers_are_not_asked_about_when_an_address_is_known(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; by 5+stranger@users.noreply.github.com ci a '1794910000 +0100'");
    struct look l = look_kind_of(&g, "a", WINDOW, LOOK_PREVIEW);
    assert_int_equal(l.mine.n, 1);
    assert_int_equal(l.asked.n, 0);
    sh(&g, "git -C a config --unset user.email");
    l = look_kind_of(&g, "a", WINDOW, LOOK_PREVIEW);
    assert_int_equal(l.mine.n, 0);
    assert_true(mails_hold(&l.asked, SPAN("5+stranger@users.noreply.github.com")));
    ground_clear(&g);
}

struct starved {
    struct ground *g;
    size_t nth, asked;
    bool ok;
    enum err_code code;
};

/* Undone in any case, so that the next one finds what this one found. */
static bool look_starved(struct db *db, void *arg, struct err *err)
{
    struct starved *s = arg;
    struct app app = s->g->app;
    struct look l;
    struct err own = {0};
    const char *const folders[] = {ground_name(s->g, "a"), NULL};
    (void)db;
    app.arena = arena_new();
    mem_fail_at(s->nth, false);
    s->ok = look(&app, folders, true, WINDOW, LOOK_KEEP, false, &l, &own);
    s->asked = mem_asked();
    mem_fail_at(0, false);
    s->code = own.code;
    arena_free(app.arena);
    return fail(err, E_STOPPED, "Undone.");
}

void test_look__without_memory_it_is_one_sentence(void **state)
{
    (void)state;
    struct ground g;
    struct starved s = {.g = &g};
    ground_make(&g);
    sh(&g, "mk a; ci a '1794900000 +0100'; git -C a checkout -q -b one; ci a '1794910000 +0100'");
    keep(&g, "a");
    sh(&g, "git -C a checkout -q main; git -C a branch -q -D one; ci a '1794920000 +0100'\n"
           "GIT_COMMITTER_DATE='1794930000 +0100' git -C a commit -q --amend --allow-empty -m y");
    while (s.asked >= s.nth) {
        struct err err = {0};
        s.nth++;
        assert_false(db_write(g.db, look_starved, &s, &err));
        assert_true(s.ok || s.code == E_MEMORY);
    }
    assert_true(s.ok && s.nth > 15);
    ground_clear(&g);
}
