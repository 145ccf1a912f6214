/* anon/redeem.c on both databases: what is refused and in which order, that a pass is spent once, and that a
 * repeated act gets its first answer. */
#include "test/test.h"

#include <pthread.h>

#include "test/anon/board.h"

static enum problem_type tried(struct board *b, int key, const char *kind, const char *act)
{
    struct board_act a;
    struct token token = board_token(key, -1);
    board_act_make(b, &a, &token, kind, act, 1);
    enum problem_type type = board_redeem(b, &a, NULL);
    board_act_clear(&a);
    return type;
}

static void accepted(struct board *b)
{
    struct board_act act;
    struct redeem r;
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(b, &act, &token, "thread", BOARD_TEXT, 1);
    assert_int_equal(board_redeem(b, &act, &r), PROBLEM_NONE);
    assert_false(r.again);
    assert_int_equal(r.day, BOARD_NOW / 86400);
    assert_int_equal(r.promised, r.day + 2);
    assert_int_equal(board_number(b, "select count(*) from spent"), 1);
    assert_int_equal(board_number(b, "select count(*) from waiting where item is not null"), 1);
    board_act_clear(&act);
}

void test_redeem__a_good_act_waits_and_its_pass_is_spent(void **state)
{
    (void)state;
    board_both(accepted);
}

static void repeated(struct board *b)
{
    struct board_act act;
    struct redeem first, again;
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(b, &act, &token, "thread", BOARD_TEXT, 1);
    assert_int_equal(board_redeem(b, &act, &first), PROBLEM_NONE);
    b->app.now += 20 * 86400; /* the window has been over for a while */
    assert_int_equal(board_redeem(b, &act, &again), PROBLEM_NONE);
    assert_true(again.again);
    assert_int_equal(again.day, first.day);
    assert_int_equal(again.promised, first.promised);
    assert_memory_equal(again.item.id, first.item.id, 16);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 1);
    b->app.now = BOARD_NOW;
    board_act_clear(&act);
}

void test_redeem__retry_after_window_same_200(void **state)
{
    (void)state;
    board_both(repeated);
}

static void with_other_act(struct board *b)
{
    struct board_act one, two;
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(b, &one, &token, "thread", BOARD_TEXT, 1);
    board_act_make(b, &two, &token, "thread", BOARD_TEXT, 2);
    assert_int_equal(board_redeem(b, &one, NULL), PROBLEM_NONE);
    assert_int_equal(board_redeem(b, &two, NULL), PROBLEM_PASS_SPENT);
    assert_int_equal(board_redeem(b, &one, NULL), PROBLEM_NONE);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 1);
    board_act_clear(&one);
    board_act_clear(&two);
}

void test_redeem__a_pass_pays_for_one_act(void **state)
{
    (void)state;
    board_both(with_other_act);
}

void test_redeem__token_with_other_item_refused(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    struct board_act mine, theirs;
    struct token token = board_token(BOARD_WEEK, -1), other = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &mine, &token, "thread", BOARD_TEXT, 1);
    board_act_make(&b, &theirs, &other, "thread", BOARD_TEXT, 2);
    memcpy(theirs.pass, mine.pass, sizeof theirs.pass);
    assert_int_equal(board_redeem(&b, &theirs, NULL), PROBLEM_BAD_PASS);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 0);
    board_act_clear(&mine);
    board_act_clear(&theirs);
    board_clear(&b);
}

#define ANSWER(survey) "{\"survey\":\"" survey "\",\"values\":[1],\"blind\":\"\"}"

void test_redeem__survey_pass_as_post_refused(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    assert_int_equal(tried(&b, BOARD_SURVEY, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    assert_int_equal(tried(&b, BOARD_SURVEY, "answer", ANSWER("00112233445566778899aabbccddeeff")),
                     PROBLEM_NONE);
    board_clear(&b);
}

void test_redeem__pass_of_other_survey_refused(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    assert_int_equal(tried(&b, BOARD_OTHER, "answer", ANSWER("00112233445566778899aabbccddeeff")),
                     PROBLEM_BAD_PASS);
    assert_int_equal(tried(&b, BOARD_WEEK, "answer", ANSWER("00112233445566778899aabbccddeeff")),
                     PROBLEM_BAD_PASS);
    assert_int_equal(tried(&b, BOARD_SURVEY, "answer", ANSWER("00112233445566778899AABBCCDDEEFF")),
                     PROBLEM_BAD_PASS);
    assert_int_equal(tried(&b, BOARD_OTHER, "answer", ANSWER("ffeeddccbbaa99887766554433221100")),
                     PROBLEM_NONE);
    board_clear(&b);
}

/* A general key signs whatever it is given, so also a pass that answers the survey's challenge. */
void test_redeem__general_pass_with_survey_digest_refused(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    uint8_t own[32];
    memcpy(own, board_keys[BOARD_WEEK].entry.digest, 32);
    memcpy(board_keys[BOARD_WEEK].entry.digest, board_keys[BOARD_SURVEY].entry.digest, 32);
    assert_int_equal(tried(&b, BOARD_WEEK, "answer", ANSWER("00112233445566778899aabbccddeeff")),
                     PROBLEM_BAD_PASS);
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    memcpy(board_keys[BOARD_WEEK].entry.digest, own, 32);
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_NONE);
    board_clear(&b);
}

void test_redeem__windows_and_keys(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    assert_int_equal(tried(&b, BOARD_NEXT, "thread", BOARD_TEXT), PROBLEM_BAD_PASS); /* not yet */
    b.app.now = board_keys[BOARD_WEEK].entry.windows.spend_to - 1;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_NONE);
    b.app.now++;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    b.app.now = board_keys[BOARD_WEEK].entry.windows.spend_from;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_NONE);
    b.app.now--;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    b.app.now = BOARD_NOW;
    b.history->keys.at[BOARD_WEEK].good = false;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    b.history->keys.at[BOARD_WEEK].good = true;
    struct board_act act;
    struct token token = board_token(BOARD_WEEK, -1);
    token.sig[100] ^= 1;
    board_act_make(&b, &act, &token, "thread", BOARD_TEXT, 1);
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_BAD_PASS);
    board_act_clear(&act);
    board_clear(&b);
}

void test_redeem__an_act_whose_week_is_summed_comes_too_late(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    board_make(&b, NULL);
    assert_ok(db_run(b.db, &err, "insert into summed(key_id) values ($1)",
                     V_BLOB(((struct span){(const char *)board_keys[BOARD_WEEK].entry.key_id, 32}))),
              &err);
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_BAD_PASS);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 0);
    board_clear(&b);
}

/* The body with one letter of it changed. */
static enum problem_type changed(struct board *b, const char *from, const char *to)
{
    struct board_act act;
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(b, &act, &token, "thread", BOARD_TEXT, 1);
    ptrdiff_t at = span_find(buf_span(&act.body), span_of(from));
    assert_true(at >= 0 && strlen(from) == strlen(to));
    memcpy(act.body.p + at, to, strlen(to));
    enum problem_type type = board_redeem(b, &act, NULL);
    board_act_clear(&act);
    return type;
}

void test_redeem__non_canonical_body_refused(void **state)
{
    (void)state;
    struct board b;
    board_make(&b, NULL);
    assert_int_equal(changed(&b, "\"v\":1} ", "\"v\": 1}"), PROBLEM_BAD_JSON);
    assert_int_equal(changed(&b, "a word\",\"title\":\"\"", "a word\",\"title\":\"\t"), PROBLEM_BAD_JSON);
    assert_int_equal(changed(&b, "\"v\":1} ", "\"v\":1}\n"), PROBLEM_BAD_JSON);
    assert_int_equal(changed(&b, "a word", "a work"), PROBLEM_BAD_SIG);
    assert_int_equal(changed(&b, "lab.example", "lab.examplf"), PROBLEM_BAD_SIG);
    assert_int_equal(changed(&b, "\"thread\"", "\"threap\""), PROBLEM_BAD_FIELD);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 0);
    board_clear(&b);
}

void test_redeem__sizes_records_and_invisible_letters(void **state)
{
    (void)state;
    struct board b;
    struct board_act act;
    board_make(&b, NULL);
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &act, &token, "thread", BOARD_TEXT, 1);
    act.body.n--;
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_BAD_SIZE);
    board_act_clear(&act);
    b.head[0] ^= 1;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", BOARD_TEXT), PROBLEM_OTHER_HISTORY);
    b.head[0] ^= 1;
    assert_int_equal(tried(&b, BOARD_WEEK, "thread", "{\"title\":\"\",\"text\":\"a\u200bb\",\"room\":\"\"}"),
                     PROBLEM_BAD_FIELD);
    assert_int_equal(tried(&b, BOARD_WEEK, "reply", "{\"a\":[[\"\u00ad\"]]}"), PROBLEM_BAD_FIELD);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 0);
    board_clear(&b);
}

/* What its room refuses leaves nothing. */
static void room_says_no(struct board *b)
{
    assert_int_equal(tried(b, BOARD_WEEK, "slot", "{}"), PROBLEM_TAKEN);
    assert_int_equal(board_number(b, "select count(*) from spent"), 0);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 0);
}

void test_redeem__a_refused_act_changes_nothing(void **state)
{
    (void)state;
    board_both(room_says_no);
}

/* Two sets of threads at one pass, each with an act of its own ------------------------------------------ */
enum { RACERS = 16 };
struct racer {
    struct board *b;
    struct board_act act;
    struct writer *writer;
    const char *path;
    enum problem_type type;
    pthread_t thread;
};

static void *race(void *arg)
{
    struct racer *me = arg;
    struct board mine = *me->b; /* a handle of its own, as each thread of the server has */
    mine.db = board_open(me->path);
    mine.lab.writer = me->writer;
    mine.app.db = mine.db;
    mine.app.lab = &mine.lab;
    me->type = board_redeem(&mine, &me->act, NULL);
    db_close(mine.db);
    return NULL;
}

static void run_race(struct board *b, struct writer *const *writers, size_t n)
{
    struct racer racers[RACERS];
    struct token token = board_token(BOARD_WEEK, -1);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.b = b, .path = b->path, .writer = writers[(size_t)i % n]};
        board_act_make(b, &racers[i].act, &token, "thread", BOARD_TEXT, (uint8_t)i);
    }
    for (int i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    int kept = 0;
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        assert_true(racers[i].type == PROBLEM_NONE || racers[i].type == PROBLEM_PASS_SPENT);
        kept += racers[i].type == PROBLEM_NONE;
        board_act_clear(&racers[i].act);
    }
    assert_int_equal(kept, 1);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 1);
    assert_int_equal(board_number(b, "select count(*) from spent"), 1);
}

void test_redeem__double_spend_race_sqlite(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct writer *writer = NULL;
    board_make(&b, NULL);
    assert_ok(writer_start(&writer, board_open(b.path), &err), &err);
    run_race(&b, &writer, 1);
    writer_stop(writer);
    board_clear(&b);
}

void test_redeem__double_spend_race_postgresql(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct writer *writers[2] = {NULL, NULL};
    if (!pg_url())
        skip();
    board_make(&b, pg_url());
    for (int i = 0; i < 2; i++)
        assert_ok(writer_start(&writers[i], board_open(b.path), &err), &err);
    run_race(&b, writers, 2);
    for (int i = 0; i < 2; i++)
        writer_stop(writers[i]);
    board_clear(&b);
}

void test_redeem__what_is_put_back_is_spent(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    board_make(&b, NULL);
    struct board_act act;
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &act, &token, "thread", BOARD_TEXT, 1);
    assert_ok(spent_put(b.db, token.nonce, token.key_id, (const uint8_t[32]){1}, 20000, &err), &err);
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_PASS_SPENT);
    board_act_clear(&act);
    board_clear(&b);
}
