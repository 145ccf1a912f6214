/* rest/rest_db.c: what is kept, once and whole. */
#include "test/test.h"

#include "rest/picture.h"
#include "test/rest/ground.h"

#include "base/banned.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "0123456789abcdef0123456789abcdef01234567"
#define ID_LONG ID_B "0123456789abcdef01234567"

static int64_t wei(struct ground *g)
{
    struct mails mine = {(struct span[]){SPAN("Wei@Example.org")}, 1, 1};
    struct err err = {0};
    assert_ok(identity_save(g->db, &mine, &err), &err);
    return HOW_MANY(g, "select id from identity where mail = 'wei@example.org'");
}

static int64_t repo(struct ground *g, const char *name)
{
    struct repo r = {.path = name, .common_dir = name, .name = name};
    struct repo_row row;
    struct err err = {0};
    assert_ok(repo_keep(g->db, g->arena, &r, &row, &err), &err);
    return row.id;
}

static void own(struct batch *b, struct span id, int64_t at, int64_t who)
{
    struct own_commit *c = VEC_PUSH(b->arena, &b->own);
    assert_non_null(c);
    *c = (struct own_commit){.id = id, .when = {at, 60}, .zone_ok = true, .class = CLASS_COUNTED, .who = who};
}

static void save(struct ground *g, int64_t repo, const struct batch *b, bool whole)
{
    struct err err = {0};
    struct repo_news news = {.repo = repo,
                             .batch = b,
                             .log_read = true,
                             .whole_window = whole,
                             .since = 7,
                             .cut = INT64_MIN,
                             .tips = SPAN(ID_A "\n")};
    assert_ok(commits_save(g->db, &news, &err), &err);
}

static struct signs signs(struct ground *g, const int64_t *repos, size_t n)
{
    struct signs out = {0};
    struct err err = {0};
    assert_ok(
        signs_load(g->db, g->arena, (struct repo_set){repos, n}, NOW - 1000, NOW + 1000, false, &out, &err),
        &err);
    return out;
}

void test_rest_db__one_commit_in_two_clones_counts_once(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t who = wei(&g), both[] = {repo(&g, "/a"), repo(&g, "/b")};
    own(&b, SPAN(ID_A), NOW, who);
    own(&b, SPAN(ID_B), NOW + 1, who);
    own(&b, SPAN(ID_LONG), NOW + 2, who); /* begins as the one before and is another */
    save(&g, both[0], &b, true);
    save(&g, both[1], &b, true);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign"), 6);
    assert_int_equal(signs(&g, both, 2).n, 3);
    assert_int_equal(signs(&g, both + 1, 1).n, 3);
    assert_int_equal(signs(&g, both, 0).n, 0);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign where oid = x'" ID_B "'"), 2);
    assert_int_equal(HOW_MANY(&g, "select max(length(oid)) from sign"), 32);
    ground_clear(&g);
}

void test_rest_db__an_amend_is_a_sign_at_its_own_time(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct batch log = {.arena = g.arena}, reflog = {.arena = g.arena};
    int64_t who = wei(&g), a = repo(&g, "/a");
    own(&reflog, SPAN(ID_A), NOW, who);
    own(&reflog, SPAN(ID_A), NOW + 500, who);
    reflog.own.at[0].from_reflog = reflog.own.at[1].from_reflog = true;
    own(&log, SPAN(ID_A), NOW, who);
    save(&g, a, &reflog, false);
    save(&g, a, &log, false);
    save(&g, a, &reflog, false);
    struct signs s = signs(&g, &a, 1);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.at[0].when.epoch, NOW);
    assert_int_equal(s.at[1].when.epoch, NOW + 500);
    ground_clear(&g);
}

void test_rest_db__what_an_agent_made_stays_apart_in_the_reflog(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct batch log = {.arena = g.arena}, reflog = {.arena = g.arena};
    int64_t who = wei(&g), a = repo(&g, "/a");
    own(&log, SPAN(ID_A), NOW, who);
    log.own.at[0].class = CLASS_AGENTS;
    own(&reflog, SPAN(ID_A), NOW + 500, who);
    reflog.own.at[0].from_reflog = true;
    save(&g, a, &log, false);
    save(&g, a, &reflog, false);
    struct signs s = signs(&g, &a, 1);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.at[0].class, CLASS_AGENTS);
    assert_int_equal(s.at[1].class, CLASS_AGENTS);
    ground_clear(&g);
}

void test_rest_db__a_transaction_that_fails_leaves_nothing(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct repo_rows rows = {0};
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t who = wei(&g), a = repo(&g, "/a");
    own(&b, SPAN(ID_A), NOW, who);
    own(&b, SPAN(ID_B), NOW, who + 1); /* there is no such identity */
    struct repo_news news = {
        .repo = a, .batch = &b, .log_read = true, .whole_window = true, .since = 1, .tips = SPAN(ID_A "\n")};
    assert_false(commits_save(g.db, &news, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign"), 0);
    err_clear(&err);
    assert_ok(repos_load(g.db, g.arena, &rows, &err), &err);
    assert_false(rows.at[0].read);
    assert_int_equal(rows.at[0].tips.n, 0);
    ground_clear(&g);
}

void test_rest_db__how_far_was_read_is_kept_with_it(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct repo_rows rows = {0};
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t a = repo(&g, "/a");
    struct log_mark mark = {.inode = UINT64_MAX, .size = 5, .last = UINT64_C(0xfedcba9876543210)}, back;
    const char *logs[] = {"/a/logs/HEAD"};
    struct repo_news news = {.repo = a,
                             .batch = &b,
                             .log_read = true,
                             .since = 99,
                             .cut = 12,
                             .tips = SPAN(ID_A "\n" ID_B "\n"),
                             .logs = logs,
                             .marks = &mark,
                             .logs_n = 1};
    assert_ok(commits_save(g.db, &news, &err) && repos_load(g.db, g.arena, &rows, &err) &&
                  log_mark_load(g.db, a, logs[0], &back, &err),
              &err);
    assert_true(rows.at[0].read && rows.at[0].since == 99 && rows.at[0].cut == 12);
    assert_span(rows.at[0].tips, ID_A "\n" ID_B "\n");
    assert_true(back.inode == mark.inode && back.size == 5 && back.last == mark.last);
    assert_ok(log_mark_load(g.db, a, "/other", &back, &err), &err);
    assert_true(back.inode == 0 && back.size == 0);
    ground_clear(&g);
}

void test_rest_db__a_moved_repository_keeps_its_row(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct repo_row first, second;
    ground_make(&g);
    struct repo r = {.path = "/side", .common_dir = "/main/.git", .name = "side"};
    assert_ok(repo_keep(g.db, g.arena, &r, &first, &err) && repo_choose(g.db, first.id, true, &err), &err);
    assert_int_equal(first.chosen, CHOSEN_NOT_ASKED);
    r.path = "/main", r.name = "main";
    assert_ok(repo_keep(g.db, g.arena, &r, &second, &err), &err);
    assert_int_equal(second.id, first.id);
    assert_string_equal(second.path, "/main");
    assert_int_equal(second.chosen, CHOSEN_YES);
    ground_clear(&g);
}

void test_rest_db__only_what_was_chosen_is_drawn(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct repo_set set;
    ground_make(&g);
    int64_t a = repo(&g, "/a"), b = repo(&g, "/b");
    repo(&g, "/c");
    assert_ok(picture_chosen(&g.app, &set, &err), &err);
    assert_int_equal(set.n, 0);
    assert_ok(repo_choose(g.db, a, true, &err) && repo_choose(g.db, b, false, &err) &&
                  picture_chosen(&g.app, &set, &err),
              &err);
    assert_true(set.n == 1 && set.at[0] == a);
    ground_clear(&g);
}

void test_rest_db__an_address_taken_away_takes_its_signs_along(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    bool changed = false;
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t who = wei(&g), a = repo(&g, "/a");
    assert_ok(identity_add(g.db, SPAN("wei@lab.example"), &changed, &err), &err);
    assert_true(changed);
    own(&b, SPAN(ID_A), NOW, who);
    own(&b, SPAN(ID_B), NOW, HOW_MANY(&g, "select id from identity where mail = 'wei@lab.example'"));
    *VEC_PUSH(g.arena, &b.acts) = (struct presence){{NOW, 60}, true, b.own.at[1].who};
    save(&g, a, &b, true);
    assert_ok(identity_add(g.db, SPAN("WEI@LAB.example"), &changed, &err), &err);
    assert_false(changed);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where since is not null"),
                     1); /* nothing to read anew */
    wei(&g);
    assert_int_equal(HOW_MANY(&g, "select count(*) from identity"), 1);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign"), 1);
    assert_int_equal(HOW_MANY(&g, "select count(*) from presence"), 0);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where since is null and tips = ''"), 1);
    ground_clear(&g);
}

void test_rest_db__commits_of_others_are_counted_by_the_week_and_nothing_else(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    int64_t n = 0;
    day_t monday = 20002; /* 2024-10-07 */
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t a = repo(&g, "/a");
    *VEC_PUSH(g.arena, &b.others) = (struct others_week){monday, 3};
    *VEC_PUSH(g.arena, &b.others) = (struct others_week){monday + 7, 4};
    save(&g, a, &b, true);
    save(&g, a, &b, false); /* what is new adds */
    assert_ok(others_load(g.db, (struct repo_set){&a, 1}, monday, 1, &n, &err), &err);
    assert_int_equal(n, 6);
    save(&g, a, &b, true); /* the whole window again replaces */
    assert_ok(others_load(g.db, (struct repo_set){&a, 1}, monday, 2, &n, &err), &err);
    assert_int_equal(n, 7);
    ground_clear(&g);
}

/* News of a look that began at `basis`. */
static void save_from(struct ground *g, int64_t repo, const struct batch *b, const struct look_basis *basis)
{
    struct err err = {0};
    struct repo_news news = {.repo = repo,
                             .batch = b,
                             .log_read = true,
                             .since = 7,
                             .cut = INT64_MIN,
                             .tips = SPAN(ID_A "\n"),
                             .basis = basis};
    assert_ok(commits_save(g->db, &news, &err), &err);
}

static int64_t generation(struct ground *g)
{
    int64_t n = -1;
    struct err err = {0};
    assert_ok(identity_generation(g->db, &n, &err), &err);
    return n;
}

void test_rest_db__the_number_of_an_address_is_never_given_again(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct mails other = {(struct span[]){SPAN("other@example.org")}, 1, 1};
    ground_make(&g);
    int64_t first = wei(&g);
    assert_ok(identity_save(g.db, &other, &err), &err);
    assert_true(HOW_MANY(&g, "select id from identity") != first);
    ground_clear(&g);
}

void test_rest_db__what_was_read_for_other_addresses_is_dropped(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct mails other = {(struct span[]){SPAN("other@example.org")}, 1, 1};
    bool changed;
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t who = wei(&g), a = repo(&g, "/a");
    struct look_basis basis = {.generation = generation(&g)};
    own(&b, SPAN(ID_A), NOW, who);
    assert_ok(identity_save(g.db, &other, &err), &err); /* while the look reads */
    assert_true(generation(&g) > basis.generation);
    save_from(&g, a, &b, &basis); /* no failure, although its address is gone */
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign"), 0);
    assert_int_equal(HOW_MANY(&g, "select count(*) from repo where since is null and tips = ''"), 1);
    basis.generation = generation(&g);
    assert_ok(identity_save(g.db, &other, &err), &err); /* the same again changes nothing */
    assert_int_equal(generation(&g), basis.generation);
    b.own.at[0].who = HOW_MANY(&g, "select id from identity");
    save_from(&g, a, &b, &basis);
    assert_int_equal(HOW_MANY(&g, "select count(*) from sign"), 1);
    assert_ok(identity_add(g.db, SPAN("third@example.org"), &changed, &err), &err);
    assert_int_equal(generation(&g), basis.generation + 1);
    ground_clear(&g);
}

void test_rest_db__joining_takes_nothing_away_and_undoes_no_choice(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    bool changed;
    struct mails configured = {(struct span[]){SPAN("conf@example.org")}, 1, 1};
    ground_make(&g);
    wei(&g);
    int64_t before = generation(&g);
    assert_ok(identity_join(g.db, &configured, before, &err), &err);
    assert_int_equal(HOW_MANY(&g, "select count(*) from identity"), 2);
    assert_int_equal(generation(&g), before + 1);
    assert_ok(identity_add(g.db, SPAN("third@example.org"), &changed, &err), &err);
    configured.at[0] = SPAN("late@example.org");
    assert_ok(identity_join(g.db, &configured, before + 1, &err), &err);
    assert_int_equal(HOW_MANY(&g, "select count(*) from identity"), 3);
    assert_ok(setting_put(g.db, "rest.mine_said", "1", &err) &&
                  identity_join(g.db, &configured, generation(&g), &err),
              &err);
    assert_int_equal(HOW_MANY(&g, "select count(*) from identity"), 3);
    ground_clear(&g);
}

void test_rest_db__the_same_step_read_twice_counts_others_once(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t a = repo(&g, "/a");
    struct look_basis basis = {.generation = generation(&g)};
    *VEC_PUSH(g.arena, &b.others) = (struct others_week){20002, 3};
    save_from(&g, a, &b, &basis);
    save_from(&g, a, &b, &basis); /* the other process */
    assert_int_equal(HOW_MANY(&g, "select sum(n) from others"), 3);
    basis = (struct look_basis){basis.generation, true, 7, SPAN(ID_A "\n"), 0};
    save_from(&g, a, &b, &basis);
    assert_int_equal(HOW_MANY(&g, "select sum(n) from others"), 6);
    ground_clear(&g);
}

void test_rest_db__a_further_time_of_a_commit_says_so(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    struct batch b = {.arena = g.arena};
    int64_t who = wei(&g), both[] = {repo(&g, "/a"), repo(&g, "/b")};
    own(&b, SPAN(ID_A), NOW + 500, who);
    own(&b, SPAN(ID_A), NOW, who);
    own(&b, SPAN(ID_B), NOW + 100, who);
    own(&b, SPAN(ID_LONG), NOW + 200, who);
    save(&g, both[0], &b, true);
    save(&g, both[1], &b, true);
    struct signs s = signs(&g, both, 2);
    assert_int_equal(s.n, 4);
    assert_false(s.at[0].again || s.at[1].again || s.at[2].again);
    assert_true(s.at[3].again && s.at[3].when.epoch == NOW + 500);
    ground_clear(&g);
}

void test_rest_db__a_problem_stands_in_its_row_and_is_found_by_path(void **state)
{
    (void)state;
    struct ground g;
    struct err err = {0};
    struct repo_row row;
    ground_make(&g);
    int64_t a = repo(&g, "/a");
    assert_ok(repo_by_path(g.db, g.arena, "/a", &row, &err), &err);
    assert_true(row.id == a && row.problem == NULL);
    assert_ok(repo_problem(g.db, a, "It is gone.", &err) && repo_by_path(g.db, g.arena, "/a", &row, &err),
              &err);
    assert_string_equal(row.problem, "It is gone.");
    assert_ok(repo_problem(g.db, a, NULL, &err) && repo_by_path(g.db, g.arena, "/a", &row, &err), &err);
    assert_null(row.problem);
    assert_ok(repo_by_path(g.db, g.arena, "/b", &row, &err), &err);
    assert_int_equal(row.id, 0);
    ground_clear(&g);
}
