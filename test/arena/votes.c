/* Vote files of all kinds, and all the ways in which they are off. */
#include "test/test.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "io/file.h"
#include "test/arena/board.h"

#include "base/banned.h"

struct read {
    struct board b;
    struct err err;
    bool ok;
};

static void read_text(struct read *r, const char *text, const struct votes_ask *ask)
{
    *r = (struct read){0};
    r->ok = board_read(&r->b, span_of(text), ask, &r->err);
}

/* Wins, losses, ties, both bad of the pair, as `a` sees them. */
static void counts(const struct read *r, const char *a, const char *b, int64_t w, int64_t l, int64_t t,
                   int64_t bad)
{
    uint32_t i, j;
    assert_true(labels_find(&r->b.votes.models, span_of(a), &i) &&
                labels_find(&r->b.votes.models, span_of(b), &j));
    for (size_t p = 0; p < r->b.votes.pairs; p++) {
        const struct pair_votes *q = &r->b.votes.pair[p];
        if (q->i != (i < j ? i : j) || q->j != (i < j ? j : i))
            continue;
        assert_int_equal(q->count[i < j ? VOTE_A : VOTE_B], w);
        assert_int_equal(q->count[i < j ? VOTE_B : VOTE_A], l);
        assert_int_equal(q->count[VOTE_TIE], t);
        assert_int_equal(q->count[VOTE_BAD], bad);
        return;
    }
    assert_true(w + l + t + bad == 0);
}

static const struct votes_ask plain = {0};

void test_votes__csv_with_its_habits(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "model_a,model_b,winner\nx,y,model_a\ny,x,model_a\nx,y,tie\nx,y,both_bad\nx,y,tie (bothbad)\n",
        "\xEF\xBB\xBFwinner,model_b,other,model_a\r\nmodel_a,y,1,x\r\nmodel_b,y,2,x\r\ntie,y,,x\r\nboth_bad,"
        "y,,x\r\ntie (bothbad),y,4,x",
        "model_a;model_b;winner\n\"x\";y;model_a\n\ny;\"x\";\"model_a\"\nx;y;tie\nx;y;both_bad\nx;y;both_"
        "bad\n",
    };
    for (size_t i = 0; i < 3; i++) {
        struct read r;
        read_text(&r, texts[i], &plain);
        assert_ok(r.ok, &r.err);
        counts(&r, "x", "y", 1, 1, 1, 2);
        assert_int_equal(r.b.votes.format, VOTES_CSV);
        board_drop(&r.b);
    }
    struct read r;
    read_text(&r, "model_a,model_b,winner\n\"a, \"\"b\"\"\nc\",y,model_b\n", &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "a, \"b\"\nc", "y", 0, 1, 0, 0);
    board_drop(&r.b);
    read_text(&r, "left,right,winner\nx,y,left\nx,y,right\nx,y,tie\n", &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y", 1, 1, 1, 0);
    assert_int_equal(r.b.votes.format, VOTES_EVALICA);
    board_drop(&r.b);
}

void test_votes__unknown_outcomes_name_line_and_text(void **state)
{
    (void)state;
    struct read r;
    read_text(&r, "model_a,model_b,winner\nx,y,model_a\nx,y,draw\n", &plain);
    assert_false(r.ok);
    assert_non_null(strstr(r.err.text, "Line 3"));
    assert_non_null(strstr(r.err.text, "draw"));
    board_drop(&r.b);
    read_text(&r,
              "[{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\"},\n{\"model_a\":\"x\",\"model_b\":"
              "\"y\",\"winner\":\"0.5\"}]",
              &plain);
    assert_false(r.ok);
    assert_non_null(strstr(r.err.text, "Line 2"));
    assert_non_null(strstr(r.err.text, "0.5"));
    board_drop(&r.b);
    read_text(&r, "model_a,model_b,winner\nx,y,model_a\nx,y,draw\nx,y\n",
              &(struct votes_ask){.skip_bad = true});
    assert_ok(r.ok, &r.err);
    assert_int_equal(r.b.votes.left[LEFT_OUTCOME], 1);
    assert_int_equal(r.b.votes.first_left[LEFT_OUTCOME], 3);
    assert_int_equal(r.b.votes.left[LEFT_BROKEN], 1);
    assert_int_equal(r.b.votes.rows, 3);
    assert_int_equal(r.b.votes.kept, 1);
    board_drop(&r.b);
}

void test_votes__json_in_its_shapes(void **state)
{
    (void)state;
    struct read r;
    read_text(&r,
              "[{\"question_id\":\"1\",\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"model_a\",\"judge\":"
              "\"arena_user_1\","
              "\"conversation_a\":[{\"role\":\"user\",\"content\":\"a "
              "\\\"]}{[\"}],\"turn\":1,\"anony\":true,\"tstamp\":1.5},"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie "
              "(bothbad)\",\"anony\":true,\"dedup_tag\":{\"high_freq\":true,\"sampled\":true}},"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"model_b\",\"anony\":false},"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"model_b\",\"dedup_tag\":{\"high_freq\":true,"
              "\"sampled\":false}}]\n",
              &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y", 1, 0, 0, 1);
    assert_int_equal(r.b.votes.left[LEFT_NOT_ANON], 1);
    assert_int_equal(r.b.votes.left[LEFT_SAMPLED], 1);
    assert_int_equal(r.b.votes.format, VOTES_FASTCHAT);
    board_drop(&r.b);
    read_text(&r,
              "{\"id\":\"a\",\"model_a\":\"x\",\"model_b\":\"y\\u00e9\",\"winner\":\"both_bad\"}\r\n\r\n{"
              "\"model_b\":\"x\",\"model_a\":\"y\\u00e9\",\"winner\":\"model_a\"}",
              &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y\xc3\xa9", 0, 1, 0, 1);
    assert_int_equal(r.b.votes.format, VOTES_LINES);
    board_drop(&r.b);
    read_text(&r,
              "{\"type\":\"chat\",\"model\":\"x\"}\n"
              "{\"type\":\"leftvote\",\"models\":[\"\",\"\"],\"states\":[{\"model_name\":\"x\"},{\"model_"
              "name\":\"y\"}],\"ip\":\"1\",\"tstamp\":2}\n"
              "{\"type\":\"bothbad_vote\",\"models\":[\"\",\"\"],\"states\":[{\"model_name\":\"y\"},{\"model_"
              "name\":\"x\"}]}\n"
              "{\"type\":\"tievote\",\"models\":[\"x\",\"y\"],\"states\":[{\"model_name\":\"x\"},{\"model_"
              "name\":\"y\"}]}\n",
              &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y", 1, 0, 0, 1);
    assert_int_equal(r.b.votes.left[LEFT_NOT_VOTE], 1);
    assert_int_equal(r.b.votes.left[LEFT_NOT_ANON], 1);
    assert_int_equal(r.b.votes.format, VOTES_LOG);
    board_drop(&r.b);
    read_text(&r, "{\"models\":[\"x\",\"y\",\"z\"],\"X\":[[0,1],[1,2]],\"Y\":[[3,4,5,6],[1,2,3]]}", &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y", 3, 4, 5, 6);
    counts(&r, "z", "y", 2, 1, 3, 0);
    board_drop(&r.b);
    read_text(&r, "{\"n_items\":3,\"data\":[[0,1],[2,1],[0,1]]}", &plain);
    assert_ok(r.ok, &r.err);
    counts(&r, "0", "1", 2, 0, 0, 0);
    board_drop(&r.b);
}

void test_votes__what_is_no_vote_file_is_said(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "   \n",
                                      "a,b,c\n1,2,3\n",
                                      "[{\"model_a\":\"x\"",
                                      "[{\"model_a\":\"x\"}]",
                                      "[1,2]",
                                      "{\"model_a\":",
                                      "{\"models\":[\"x\"],\"X\":[[0,1]],\"Y\":[[1,1,1]]}",
                                      "{\"models\":[\"x\",\"y\"],\"X\":[[0,1]],\"Y\":[[-1,1,1]]}",
                                      "{\"n_items\":2,\"data\":[[0,2]]}",
                                      "model_a,model_b,winner\n\"x,y,model_a\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct read r;
        read_text(&r, bad[i], &plain);
        if (r.ok)
            print_error("%s\n", bad[i]);
        assert_false(r.ok);
        assert_true(r.err.code != E_NONE && r.err.text[0]);
        board_drop(&r.b);
    }
}

void test_votes__self_battles_empty_names_and_style_that_is_none_are_left_out(void **state)
{
    (void)state;
    struct read r;
    read_text(&r,
              "model_a,model_b,winner,len_diff,header_diff,list_diff,bold_diff\nx,x,model_a,1,1,1,1\n,y,"
              "model_a,1,1,1,1\nx,y,tie,nan,1,1,1\n"
              "x,y,tie,inf,1,1,1\nx,y,tie,,1,1,1\nx,y,model_b,-1.5,2e-1,0,7\n",
              &(struct votes_ask){.style = true});
    assert_ok(r.ok, &r.err);
    counts(&r, "x", "y", 0, 1, 0, 0);
    assert_int_equal(r.b.votes.left[LEFT_SELF], 1);
    assert_int_equal(r.b.votes.left[LEFT_NO_NAME], 1);
    assert_int_equal(r.b.votes.left[LEFT_STYLE], 3);
    const void *records;
    size_t n;
    struct kept_vote k;
    assert_ok(votes_block(&r.b.votes, 0, &records, &n, &r.err), &r.err);
    assert_int_equal(n, 1);
    votes_at(&r.b.votes, records, 0, &k);
    assert_true(k.style[0] == -1.5f && k.style[1] == 0.2f && k.style[3] == 7 && k.outcome == VOTE_B);
    board_drop(&r.b);
}

void test_votes__prompts_are_clusters_whatever_their_blanks(void **state)
{
    (void)state;
    struct read r;
    read_text(&r,
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\",\"conversation_a\":[{\"role\":"
              "\"user\",\"content\":\"Hello  there \"},{\"role\":\"assistant\",\"content\":\"1\"}]}\n"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\",\"conversation_a\":[{\"role\":"
              "\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello "
              "there\"}]},{\"role\":\"assistant\",\"content\":\"2\"}]}\n"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\",\"conversation_a\":[{\"role\":"
              "\"user\",\"content\":\"something else\"}]}\n"
              "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\"}\n{\"model_a\":\"x\",\"model_b\":"
              "\"y\",\"winner\":\"tie\"}\n",
              &(struct votes_ask){.clusters = 1, .cluster = {"prompt"}});
    assert_ok(r.ok, &r.err);
    assert_int_equal(votes_clusters(&r.b.votes, 0), 4); /* the last two are each their own */
    board_drop(&r.b);
}

void test_votes__days_of_all_spellings(void **state)
{
    (void)state;
    int64_t day;
    const char *kind;
    static const char *const same[] = {"1764028800", "1764028800.25", "1764028800000", "2025-11-25",
                                       "2025-11-25T00:00:00Z"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(votes_day(span_of(same[i]), &day, &kind));
        assert_int_equal(day, 20417);
    }
    assert_false(votes_day(SPAN("soon"), &day, &kind));
    assert_false(votes_day(SPAN(""), &day, &kind));
    assert_false(votes_day(SPAN("-5"), &day, &kind));
}

/* The same whatever the size of the spool's memory: in memory, and in a file. */
void test_votes__a_spool_on_disk_is_the_same(void **state)
{
    (void)state;
    struct spool *small, *large;
    struct err err = {0};
    assert_non_null(small = spool_new(24, 1 << 20, NULL, &err));
    assert_non_null(large = spool_new(24, 1 << 28, NULL, &err));
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t record[6] = {i, i * 3, 7, i ^ 5, 1, 2};
        assert_ok(spool_add(small, record, &err) && spool_add(large, record, &err), &err);
    }
    assert_true(spool_on_disk(small) && !spool_on_disk(large));
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 1, m;
        uint64_t all = 0;
        for (size_t b = 0; n; b++) {
            const void *x, *y;
            assert_ok(spool_block(small, b, &x, &n, &err) && spool_block(large, b, &y, &m, &err), &err);
            assert_int_equal(n, m);
            assert_true(n == 0 || memcmp(x, y, n * 24) == 0);
            all += n;
        }
        assert_int_equal(all, 200000);
    }
    spool_free(small);
    spool_free(large);
    small = spool_new(24, 1, "/nowhere/at/all", &err);
    uint32_t record[6] = {0};
    assert_false(spool_add(small, record, &err));
    assert_true(err.code == E_SYSTEM && strstr(err.text, "TMPDIR"));
    spool_free(small);
}
