/* Boards of real votes against published and independent results (test/data/arena/README.md). */
#include "test/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena/rank_draw.h"
#include "arena/rank_votes.h"
#include "arena/votes_read.h"
#include "codec/csv.h"
#include "codec/json.h"
#include "io/file.h"
#include "num/bt_style.h"

#include "base/banned.h"

#define DATA TEST_DATA "/arena/"

struct board {
    struct arena *arena;
    struct votes votes;
    struct ranking r;
};

static void make(struct board *b, const char *path, const struct votes_ask *votes, const struct rank_ask *ask)
{
    struct err err = {0};
    b->arena = arena_new();
    assert_ok(votes_begin(&b->votes, b->arena, votes, &err), &err);
    assert_ok(votes_read(&b->votes, path, false, &err), &err);
    assert_ok(rank_make(b->arena, &b->votes, ask, &b->r, &err), &err);
}

static void drop(struct board *b)
{
    votes_free(&b->votes);
    arena_free(b->arena);
}

static const struct ranked *model(const struct board *b, const char *name)
{
    size_t at = rank_named(&b->r, span_of(name));
    assert_true(at < b->r.n);
    return &b->r.at[at];
}

/* The text under `key` of the golden file of evalica, by item; only Bradley and Terry's. */
static double off_golden(const struct board *b, const char *path)
{
    struct buf AUTO_BUF text;
    struct err err = {0};
    struct csv csv;
    struct csv_record r = {0};
    double mean = 0, worst = 0;
    size_t n = 0;
    buf_init(&text, 1 << 20);
    assert_ok(file_read(path, &text, &err), &err);
    for (int pass = 0; pass < 2; pass++) {
        csv_init(&csv, buf_span(&text));
        while (csv_next(&csv, b->arena, &r, &err)) {
            if (!span_is(r.field[0], "bradley_terry"))
                continue;
            double golden = log(strtod(arena_text(b->arena, r.field[2]), NULL));
            if (pass == 0)
                mean += golden, n++;
            else
                worst = fmax(worst, fabs(golden - mean / (double)n -
                                         model(b, arena_text(b->arena, r.field[1]))->logit));
        }
    }
    assert_int_equal(n, b->r.n);
    return worst;
}

void test_reference__evalica_to_twelve_digits(void **state)
{
    (void)state;
    static const char *const names[][2] = {{DATA "evalica/llmfao.csv", DATA "evalica/llmfao-golden.csv"},
                                           {DATA "evalica/food.csv", DATA "evalica/food-golden.csv"},
                                           {DATA "evalica/simple.csv", DATA "evalica/simple-golden.csv"}};
    for (size_t i = 0; i < 3; i++) {
        struct board b;
        make(&b, names[i][0], &(struct votes_ask){0}, &(struct rank_ask){.no_sets = true});
        assert_true(off_golden(&b, names[i][1]) < 1e-12);
        drop(&b);
    }
}

static int by_se(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->rating_se < y->rating_se ? -1 : x->rating_se > y->rating_se;
}

void test_reference__errors_by_cluster(void **state)
{
    (void)state;
    static const struct {
        int clusters;
        const char *column;
        size_t groups;
        double first, median, least, most;
    } known[] = {{0, NULL, 0, 27.858, 20.088, 5.242, 27.858},
                 {1, "worker", 124, 35.138, 20.524, 11.169, 35.138},
                 {1, "prompt", 13, 36.294, 30.969, 11.271, 53.537}};
    for (size_t i = 0; i < 3; i++) {
        struct board b;
        make(&b, DATA "evalica/llmfao.csv",
             &(struct votes_ask){.clusters = known[i].clusters, .cluster = {known[i].column}},
             &(struct rank_ask){.no_sets = true});
        assert_int_equal(b.r.clusters[0], known[i].groups);
        assert_true(fabs(model(&b, "GPT 4")->rating - 1172.133) < 1e-3);
        assert_true(fabs(model(&b, "command")->rating - 1110.169) < 1e-3);
        assert_true(fabs(model(&b, "GPT 4")->rating_se - known[i].first) < 1e-3);
        qsort(b.r.at, b.r.n, sizeof *b.r.at, by_se);
        assert_true(fabs(b.r.at[29].rating_se - known[i].median) < 1e-3);
        assert_true(fabs(b.r.at[0].rating_se - known[i].least) < 1e-3);
        assert_true(fabs(b.r.at[58].rating_se - known[i].most) < 1e-3);
        drop(&b);
    }
}

void test_reference__errors_by_two_kinds_at_once(void **state)
{
    (void)state;
    struct board b;
    struct rank_votes rv;
    struct err err = {0};
    size_t clusters;
    make(&b, DATA "evalica/llmfao.csv", &(struct votes_ask){.clusters = 2, .cluster = {"worker", "prompt"}},
         &(struct rank_ask){.no_sets = true});
    double *meat = arena_array(b.arena, b.r.fit.size * b.r.fit.size, sizeof *meat);
    rank_votes_begin(&rv, &b.votes, &b.r);
    assert_ok(rank_clusters(&rv, 2, meat, &clusters, &err), &err);
    assert_int_equal(clusters, 1232);
    for (size_t i = 0; i < b.r.fit.models; i++) /* what is repaired is not negative any more */
        assert_true(b.r.cov[i * b.r.fit.models + i] > 0);
    assert_true(model(&b, "GPT 4")->rating_se >= 36.29);
    drop(&b);
}

struct known_fit {
    enum bt_ties ties;
    bool bad_is_tie;
    double nll, parameter;
    const char *fits;
};

static const json_t *fits(struct arena *arena, const char *name, json_t **all)
{
    struct buf AUTO_BUF text;
    struct err err = {0};
    (void)arena;
    buf_init(&text, 1 << 20);
    assert_ok(file_read(DATA "arena20240814/reference_fits.json", &text, &err), &err);
    assert_ok(json_read(buf_span(&text), 1 << 20, "fits", all, &err), &err);
    return json_object_get(*all, name);
}

void test_reference__chatbot_arena_by_three_models_of_ties(void **state)
{
    (void)state;
    static const struct known_fit known[] = {
        {BT_HALF, false, .655411, 0, NULL},
        {BT_RAO_KUPPER, false, 1.009483, -.798530, "rk_tie_only"},
        {BT_DAVIDSON, false, 1.010007, -.602215, "dav_tie_only"},
        {BT_HALF, true, .667482, 0, "bt_ties_half_all"},
        {BT_RAO_KUPPER, true, 1.058269, -.265260, "rk_all_ties"},
        {BT_DAVIDSON, true, 1.058552, .115576, "dav_all_ties"},
    };
    for (size_t i = 0; i < 6; i++) {
        struct board b;
        make(&b, DATA "arena20240814/chatbotarena_20240814_leaderbot_v4.json", &(struct votes_ask){0},
             &(struct rank_ask){.ties = known[i].ties, .bad_is_tie = known[i].bad_is_tie, .no_sets = true});
        assert_true(fabs(-b.r.fit.likelihood / b.r.fit.votes - known[i].nll) < 2e-6);
        assert_true(fabs(bt_tie_parameter(&b.r.fit) - known[i].parameter) < 1e-5);
        AUTO_JSON json_t *all = NULL;
        const json_t *of = known[i].fits ? fits(b.arena, known[i].fits, &all) : NULL;
        for (size_t m = 0; of && m < b.r.n; m++) {
            const json_t *x = json_object_get(of, arena_text(b.arena, b.r.at[m].name));
            assert_true(fabs(json_real_value(x) - b.r.at[m].logit) <
                        (known[i].ties == BT_HALF ? 1e-6 : 1e-5));
        }
        drop(&b);
    }
}

void test_reference__chatbot_arena_errors_and_places(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double rating, half;
        size_t low, high;
    } known[] = {{"chatgpt-4o-latest", 1203.931, 4.670, 1, 1},
                 {"gemini-1.5-pro-exp-0801", 1187.194, 4.047, 2, 2},
                 {"gpt-4o-2024-05-13", 1174.602, 2.248, 3, 3}};
    struct board b;
    make(&b, DATA "arena20240814/chatbotarena_20240814_leaderbot_v4.json", &(struct votes_ask){0},
         &(struct rank_ask){.bad_is_tie = true, .seed = 1});
    AUTO_JSON json_t *all = NULL;
    const json_t *se = fits(b.arena, "bt_ties_half_all_sandwich_se", &all);
    for (size_t m = 0; m < b.r.n; m++)
        assert_true(fabs(json_real_value(json_object_get(se, arena_text(b.arena, b.r.at[m].name))) -
                         b.r.at[m].se) < 1e-6);
    for (size_t i = 0; i < 3; i++) {
        const struct ranked *m = model(&b, known[i].name);
        assert_true(fabs(m->rating - known[i].rating) < 1e-3);
        assert_true(fabs(1.96 * m->rating_se - known[i].half) < 1e-3);
        assert_int_equal(m->place_low, known[i].low);
        assert_int_equal(m->place_high, known[i].high);
    }
    assert_true(fabs(b.r.sets.first - 4.30) < 0.04 && fabs(b.r.sets.last - 4.18) < 0.04);
    assert_true(b.r.sets.separated_at_once >= 7517 && b.r.sets.separated_at_once <= 7537);
    assert_true(b.r.sets.separated >= 7538 && b.r.sets.separated <= 7558);
    assert_int_equal(model(&b, "gpt-4o-mini-2024-07-18")->place_low, 4);
    assert_int_equal(model(&b, "gpt-4o-mini-2024-07-18")->place_high, 8);
    drop(&b);
}

void test_reference__small_cases(void **state)
{
    (void)state;
    struct board b;
    make(&b, DATA "choix/testcase-pairwise-2.json", &(struct votes_ask){0}, &(struct rank_ask){.seed = 1});
    assert_true(fabs(model(&b, "0")->logit - .419617624) < 1e-8);
    assert_true(fabs(model(&b, "1")->logit + .419617624) < 1e-8);
    drop(&b);
    make(&b, DATA "evalica/food.csv", &(struct votes_ask){0}, &(struct rank_ask){.seed = 1});
    static const struct {
        const char *name;
        double share;
    } known[] = {{"Tacos", .434289828},
                 {"Sushi", .190600285},
                 {"Burger", .147976651},
                 {"Pasta", .128153411},
                 {"Pizza", .098979826}};
    double sum = 0;
    for (size_t i = 0; i < 5; i++)
        sum += exp(model(&b, known[i].name)->logit);
    for (size_t i = 0; i < 5; i++)
        assert_true(fabs(exp(model(&b, known[i].name)->logit) / sum - known[i].share) < 1e-9);
    drop(&b);
}

/* The file is under the GPL and is not here; who has it (BradleyTerry2, icehockey.csv) puts it beside the
 * others. */

/* College ice hockey 2009-10 (BradleyTerry2, GPL, so not in this project): looked for in the test data, then
 * beside the project. */
#define BESIDE TEST_DATA "/../../../shared/data/arena/"
enum { GAMES_MOST = 1200, VISITOR = 1, HOST = 3, RESULT = 6, HOME = 7 };

struct games {
    struct style_vote at[GAMES_MOST];
    size_t n;
    double saturated; /* likelihood of a model that fits each game */
};

static bool games_block(void *from, size_t block, struct style_vote *out, size_t *n, struct err *err)
{
    const struct games *g = from;
    size_t first = block * STYLE_BLOCK;
    (void)err;
    *n = first < g->n ? g->n - first : 0;
    if (*n)
        memcpy(out, g->at + first, *n * sizeof *out);
    return true;
}

static const char *hockey(const char *name)
{
    static char path[1000];
    static const char *const places[] = {DATA "bt2/", BESIDE "bt2/"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", places[i], name);
        if (file_exists(path))
            return path;
    }
    skip();
    return NULL;
}

static void read_games(struct arena *arena, struct votes *v, struct games *g)
{
    struct buf AUTO_BUF text;
    struct err err = {0};
    struct csv csv;
    struct csv_record r = {0};
    buf_init(&text, 1 << 20);
    assert_ok(file_read(hockey("icehockey.csv"), &text, &err), &err);
    csv_init(&csv, buf_span(&text));
    assert_true(csv_next(&csv, arena, &r, &err));
    while (csv_next(&csv, arena, &r, &err)) {
        enum vote_outcome y = span_is(r.field[RESULT], "1")   ? VOTE_A
                              : span_is(r.field[RESULT], "0") ? VOTE_B
                                                              : VOTE_TIE;
        struct style_vote *one = &g->at[g->n++];
        assert_true(g->n < GAMES_MOST);
        assert_ok(
            votes_add(v, &(struct vote){.a = r.field[VISITOR], .b = r.field[HOST], .outcome = y, .many = 1},
                      csv.line, &err) &&
                labels_at(&v->models, r.field[VISITOR], &one->a, &err) &&
                labels_at(&v->models, r.field[HOST], &one->b, &err),
            &err);
        one->y = y;
        one->z[0] = span_is(r.field[HOME], "TRUE") ? -1 : 0; /* on home ice is the opponent */
        g->saturated += y == VOTE_TIE ? log(0.5) : 0;
    }
}

static double apart(const struct bt_fit *fit, uint32_t a, uint32_t b, double *se)
{
    const double *h = fit->inverse;
    size_t n = fit->size;
    *se = sqrt(h[a * n + a] + h[b * n + b] - 2 * h[a * n + b]);
    return fit->at[a] - fit->at[b];
}

void test_reference__ice_hockey_when_it_is_here(void **state)
{
    (void)state;
    struct buf AUTO_BUF text;
    struct err err = {0};
    struct csv csv;
    struct csv_record r = {0};
    struct games games = {.n = 0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES v = {0};
    struct ranking board;
    size_t teams = 0;
    buf_init(&text, 1 << 20);
    hockey("icehockey.csv");
    assert_ok(votes_begin(&v, arena, &(struct votes_ask){0}, &err), &err);
    read_games(arena, &v, &games);
    assert_int_equal(games.n, 1083);
    assert_ok(rank_make(arena, &v, &(struct rank_ask){.no_sets = true}, &board, &err), &err);
    uint32_t base = board.at[rank_named(&board, SPAN("Alaska Anchorage"))].fit;
    assert_ok(file_read(hockey("icehockey_abilities_BTm.csv"), &text, &err), &err);
    csv_init(&csv, buf_span(&text));
    assert_true(csv_next(&csv, arena, &r, &err));
    while (csv_next(&csv, arena, &r, &err)) {
        double se, at = apart(&board.fit, board.at[rank_named(&board, r.field[0])].fit, base, &se);
        assert_true(fabs(at - strtod(arena_text(arena, r.field[1]), NULL)) < 1e-6);
        assert_true(fabs(se - strtod(arena_text(arena, r.field[2]), NULL)) < 5e-6); /* R stops a step early */
        teams++;
    }
    assert_int_equal(teams, 58);
}

void test_reference__ice_hockey_with_home_ice_when_it_is_here(void **state)
{
    (void)state;
    struct games games = {.n = 0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES v = {0};
    struct err err = {0};
    struct bt_fit fit;
    double *meat;
    size_t weak;
    hockey("icehockey.csv");
    assert_ok(votes_begin(&v, arena, &(struct votes_ask){0}, &err), &err);
    read_games(arena, &v, &games);
    struct style_votes votes = {&games, games_block, 1};
    assert_ok(style_fit(arena, &votes, v.models.n, BT_HALF, NULL, &fit, &meat, &weak, &err), &err);
    size_t k = v.models.n;
    assert_true(fabs(fit.at[k] - .4028986) < 1e-6);
    assert_true(fabs(sqrt(fit.inverse[k * fit.size + k]) - .0708679) < 1e-6);
    assert_true(fabs(2 * (games.saturated - fit.likelihood) - 1100.80618) < 1e-5);
}
