/* The choice of a week: what is promised of it, on papers made up for it. */
#include "test/test.h"

#include "base/mem.h"
#include "papers/choose.h"
#include "papers/themes.h"

#include "base/banned.h"

enum { MANY = 60 };

static struct trait trait_room[MANY][2];

/* Paper i stands at place `at` of the traits, alone: papers of one place are alike, others have nothing in
 * common.
 */
static void make(struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        trait_room[i][0] = (struct trait){(uint32_t)i, 1};
        c[i] = (struct candidate){.paper = (int64_t)i + 1,
                                  .traits = {trait_room[i], 1, 1},
                                  .score = (float)(.99 - .005 * (double)i),
                                  .first = i + 1};
    }
}

void test_choose__the_best_first_and_never_more_than_the_cap(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    make(c, MANY);
    for (size_t cap = 1; cap <= CHOOSE_MOST; cap++) {
        assert_int_equal(choose(c, MANY, cap, out), cap);
        for (size_t i = 0; i < cap; i++)
            assert_int_equal(out[i], i);
    }
    assert_int_equal(choose(c, MANY, 1000, out), CHOOSE_MOST);
    assert_int_equal(choose(c, 0, 7, out), 0);
}

void test_choose__five_good_ones_are_five(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    make(c, MANY);
    for (size_t i = 5; i < MANY; i++)
        c[i].score = CHOOSE_FLOOR - .01f;
    assert_int_equal(choose(c, MANY, 7, out), 5);
}

void test_choose__two_of_one_first_author_at_most(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    make(c, MANY);
    for (size_t i = 0; i < 10; i++)
        c[i].first = 77;
    assert_int_equal(choose(c, MANY, 7, out), 7);
    size_t same = 0;
    for (size_t i = 0; i < 7; i++)
        same += c[out[i]].first == 77;
    assert_int_equal(same, CHOOSE_OF_ONE);
    for (size_t i = 0; i < MANY; i++)
        c[i].first = 0; /* not known: no two are the same */
    choose(c, MANY, 7, out);
    assert_int_equal(out[6], 6);
}

void test_choose__what_is_like_a_chosen_one_stands_back(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    make(c, MANY);
    for (size_t i = 0; i < 10; i++)
        trait_room[i][0].at = 0; /* ten alike */
    assert_int_equal(choose(c, MANY, 3, out), 3);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 10);
    assert_int_equal(out[2], 11);
}

void test_choose__ties_go_to_the_lower_number(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    make(c, MANY);
    for (size_t i = 0; i < MANY; i++)
        c[i].score = .8f;
    choose(c, MANY, 7, out);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(out[i], i);
}

/* The greedy rule again, over all candidates each time. */
static size_t plainly(const struct candidate *c, size_t n, size_t cap, uint32_t *out)
{
    size_t have = 0;
    while (have < cap) {
        size_t best = n;
        float most = 0;
        for (size_t i = 0; i < n; i++) {
            float nearest = 0, value;
            bool out_of_it = c[i].score < CHOOSE_FLOOR;
            for (size_t k = 0; k < have; k++) {
                float near = traits_dot(&c[i].traits, &c[out[k]].traits);
                nearest = near > nearest ? near : nearest;
                out_of_it = out_of_it || out[k] == i;
            }
            value = .7f * c[i].score - .3f * nearest;
            if (!out_of_it && (best == n || value > most || (value == most && c[i].score > c[best].score))) {
                best = i;
                most = value;
            }
        }
        if (best == n)
            break;
        out[have++] = (uint32_t)best;
    }
    return have;
}

void test_choose__equals_the_rule_worked_out_plainly(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST], want[CHOOSE_MOST];
    for (unsigned round = 0; round < 50; round++) {
        make(c, MANY);
        for (size_t i = 0; i < MANY; i++) {
            unsigned draw = (unsigned)(i * 2654435761u + round * 40503u) >> 8;
            trait_room[i][0] = (struct trait){draw % 7, .8f};
            trait_room[i][1] = (struct trait){10 + draw / 7 % 9, .6f};
            c[i].traits.n = 2;
            c[i].score = (float)(draw % 1000) / 1000;
        }
        size_t n = choose(c, MANY, 7, out);
        assert_int_equal(n, plainly(c, MANY, 7, want));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(out[i], want[i]);
    }
}

void test_choose__with_nothing_known_the_categories_take_turns(void **state)
{
    (void)state;
    struct candidate c[MANY];
    uint32_t out[CHOOSE_MOST];
    size_t n;
    make(c, MANY);
    for (size_t i = 0; i < MANY; i++)
        c[i].category = i < 30 ? 2 : i < 50 ? 0 : 1;
    assert_true(choose_spread(c, MANY, 3, 7, out, &n));
    assert_int_equal(n, 7);
    static const uint32_t turn[] = {2, 0, 1, 2, 0, 1, 2};
    for (size_t i = 0; i < n; i++)
        assert_int_equal(c[out[i]].category, turn[i]);
}

void test_choose__each_other_paper_counts_for_one_theme(void **state)
{
    (void)state;
    enum { PAPERS = 40 };
    static const char *const titles[] = {"Grasping with soft grippers", "Attention sinks explained",
                                         "Counting perfect matroids", "Lexicons for low resources"};
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct traits_reader *reader = traits_reader_new(&err);
    struct theme_paper paper[PAPERS] = {0};
    struct theme theme[THEMES_MOST];
    size_t n;
    int64_t rest, sum = 0;
    for (size_t i = 0; i < PAPERS; i++) {
        paper[i] = (struct theme_paper){.title = span_of(i % 10 < 4 ? titles[i % 10] : "Of this and of that"),
                                        .category = (uint32_t)(i % 10 < 4 ? i % 10 : 4),
                                        .left_out = i == 0};
        struct traits_paper p = {.title = paper[i].title};
        assert_ok(traits_count(reader, &p, &paper[i].counts, &err), &err);
    }
    assert_ok(themes_find(arena, reader, paper, PAPERS, 5, theme, &n, &rest, &err), &err);
    assert_true(n >= 4);
    for (size_t i = 0; i < n; i++) {
        sum += theme[i].papers;
        assert_true(i == 0 || theme[i].papers <= theme[i - 1].papers);
        assert_null(strstr(theme[i].words, "with"));
    }
    assert_int_equal(sum + rest, PAPERS - 1);
    assert_int_equal(rest, 24);
    for (size_t i = 0; i < PAPERS; i++)
        traits_free(&paper[i].counts);
    traits_reader_free(reader);
}
