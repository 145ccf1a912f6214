/* anon/batch.c: slots, holding, what a batch looks like in the log and as bytes, sums, and that nothing in
 * the database tells what came first. */
#include "test/test.h"

#include "anon/placed.h"
#include "anon/tidy.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "crypt/merkle.h"
#include "io/file.h"
#include "test/anon/board.h"

enum { HOUR = 3600, SIX = BOARD_NOW + 6 * HOUR + 60 };

/* Publish at `now`; how many acts went. */
static int64_t publish(struct board *b, int64_t now, const char *series)
{
    struct batch_facts facts;
    struct err err = {0};
    int64_t acts, sum = 0;
    bool more = false;
    b->app.now = now;
    assert_ok(batch_facts_of(b->history, b->history, now, b->arena, &facts, &err), &err);
    do {
        assert_ok(batch_publish(&b->app, &b->lab.log, &facts, series, &acts, &more, &err), &err);
        sum += acts;
    } while (more);
    b->app.now = BOARD_NOW;
    return sum;
}

static struct span entry_at(struct board *b, uint64_t index)
{
    struct span out;
    struct err err = {0};
    assert_ok(tlog_entry(b->db, b->arena, index, &out, &err), &err);
    return out;
}

static json_t *batch_json(struct board *b, const char *series, int64_t n)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err err = {0};
    json_t *o = NULL;
    assert_ok(db_query(b->db, &q, &err, "select bytes from batch where series = $1 and n = $2", V_STR(series),
                       V_INT(n)),
              &err);
    assert_true(db_next(q, &err));
    assert_ok(canon_read(db_text(q, 0), BATCH_BYTES, &o, &err), &err); /* it is canonical */
    return o;
}

void test_batch__slots_of_a_day(void **state)
{
    (void)state;
    struct entry_rules rules = {.slot = {6, 12, 18}, .slots = 3, .letters = 4};
    static const struct {
        int hour, day, in_day, since;
    } board[] = {{0, -1, 2, -6}, {5, -1, 2, -6}, {6, 0, 0, 6}, {11, 0, 0, 6}, {12, 0, 1, 12}, {23, 0, 2, 18}},
      letters[] = {{0, 0, 0, 0}, {3, 0, 0, 0}, {4, 0, 1, 4}, {23, 0, 5, 20}};
    int64_t before = 0;
    for (size_t i = 0; i < sizeof board / sizeof board[0]; i++) {
        struct batch_slot s;
        batch_slot_at(&rules, "board", BOARD_NOW + board[i].hour * HOUR + 59, &s);
        assert_int_equal(s.day, BOARD_NOW / 86400 + board[i].day);
        assert_int_equal(s.in_day, board[i].in_day);
        assert_int_equal(s.since, BOARD_NOW + board[i].since * HOUR);
        assert_true(s.number >= before);
        before = s.number;
    }
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        struct batch_slot s;
        batch_slot_at(&rules, "letters", BOARD_NOW + letters[i].hour * HOUR, &s);
        assert_int_equal(s.in_day, letters[i].in_day);
        assert_int_equal(s.since, BOARD_NOW + letters[i].since * HOUR);
    }
    struct batch_slot a, b;
    rules = (struct entry_rules){.batch = 2, .letters = 4};
    batch_slot_at(&rules, "board", BOARD_NOW + 3, &a);
    batch_slot_at(&rules, "letters", BOARD_NOW + 4, &b);
    assert_int_equal(a.since, BOARD_NOW + 2);
    assert_int_equal(a.in_day + b.in_day, 0);
    assert_true(a.number < b.number);
}

/* A trial lab that is started again with another --batch. */
static void other_pace(struct board *b)
{
    struct entry_rules *rules = &b->history->rules.at[0].rules;
    int64_t noon = BOARD_NOW + 12 * HOUR;
    rules->batch = 1;
    board_post(b, BOARD_WEEK, -1, 1);
    assert_int_equal(publish(b, noon + 7, "board"), 1);
    board_post(b, BOARD_WEEK, -1, 2);
    rules->batch = 600;
    assert_int_equal(publish(b, noon + 8, "board"), 0); /* this slot began before the last batch */
    assert_int_equal(publish(b, noon + 599, "board"), 0);
    assert_int_equal(publish(b, noon + 600, "board"), 1);
    board_post(b, BOARD_WEEK, -1, 3);
    rules->batch = 2;
    assert_int_equal(publish(b, noon + 601, "board"), 0);
    assert_int_equal(publish(b, noon + 602, "board"), 1);
    board_post(b, BOARD_WEEK, -1, 4);
    rules->batch = 86400;
    assert_int_equal(publish(b, noon + 603, "board"), 0);
    assert_int_equal(publish(b, BOARD_NOW + 24 * HOUR, "board"), 1); /* midnight */
}

void test_batch__a_trial_lab_may_change_its_pace(void **state)
{
    (void)state;
    board_both(other_pace);
}

static void held(struct board *b)
{
    board_post(b, BOARD_WEEK, -1, 1);
    board_post(b, BOARD_WEEK, -1, 2);
    assert_int_equal(publish(b, SIX, "board"), 0);            /* held: 1 */
    assert_int_equal(publish(b, SIX + HOUR, "board"), 0);     /* the same slot */
    assert_int_equal(publish(b, SIX + 6 * HOUR, "board"), 0); /* 2 */
    board_post(b, BOARD_WEEK, -1, 3);
    assert_int_equal(publish(b, SIX + 7 * HOUR, "board"), 0);
    assert_int_equal(publish(b, SIX + 12 * HOUR, "board"), 3); /* three are enough */
    board_post(b, BOARD_WEEK, -1, 4);
    assert_int_equal(publish(b, SIX + 24 * HOUR, "board"), 0);
    assert_int_equal(publish(b, SIX + 30 * HOUR, "board"), 0);
    assert_int_equal(publish(b, SIX + 36 * HOUR, "board"), 0);
    assert_int_equal(publish(b, SIX + 48 * HOUR, "board"), 1); /* the fourth slot: 36 h after the first */
    assert_int_equal(publish(b, SIX + 54 * HOUR, "board"), 0); /* nothing waits */
    assert_int_equal(board_number(b, "select held from series where name = 'board'"), 0);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 0);
}

void test_batch__batch_held_below_three(void **state)
{
    (void)state;
    board_both(held);
}

/* As moderate_reply() does with a first post in a thread where somebody is muted. */
static bool hold_work(struct db *db, void *arg, struct err *err)
{
    const uint8_t *id = arg;
    return held_back_put(db, id, err);
}

static bool look_work(struct db *db, void *arg, struct err *err)
{
    const uint8_t *id = arg;
    bool was;
    return held_back_release(db, id, &was, err) && (was || fail(err, E_MISSING, "it is not held back"));
}

/* Everything that waits is held back; the id of one of them. */
static void hold_all(struct board *b, uint8_t id[static 16])
{
    struct err err = {0};
    uint8_t ids[8][16];
    size_t n = 0;
    {
        AUTO_STMT struct stmt *q = NULL;
        assert_ok(db_query(b->db, &q, &err, "select id from waiting order by id"), &err);
        while (n < 8 && db_next(q, &err))
            memcpy(ids[n++], db_text(q, 0).p, 16);
    }
    for (size_t i = 0; i < n; i++)
        assert_ok(db_write(b->db, hold_work, ids[i], &err), &err);
    memcpy(id, ids[0], 16);
}

static void waits_for_moderator(struct board *b)
{
    struct err err = {0};
    uint8_t id[16];
    board_post(b, BOARD_WEEK, -1, 1);
    hold_all(b, id);
    for (int i = 2; i <= 4; i++)
        board_post(b, BOARD_WEEK, -1, (uint8_t)i);
    assert_int_equal(publish(b, SIX, "board"), 3); /* the others go without it */
    assert_int_equal(publish(b, SIX + HOUR, "board"), 0);
    assert_int_equal(publish(b, SIX + 6 * HOUR, "board"), 0);
    for (int i = 5; i <= 7; i++)
        board_post(b, BOARD_WEEK, -1, (uint8_t)i);
    assert_int_equal(publish(b, SIX + 12 * HOUR, "board"), 3);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 1); /* three slots it was held */
    assert_int_equal(publish(b, SIX + 24 * HOUR, "board"), 1); /* and the fourth takes it, alone as it is */
    assert_int_equal(board_number(b, "select count(*) from waiting"), 0);
    assert_int_equal(board_number(b, "select count(*) from held_back"), 0);
    /* A moderator who has looked: with the next slot that takes anything. */
    board_post(b, BOARD_WEEK, -1, 8);
    hold_all(b, id);
    assert_int_equal(publish(b, SIX + 30 * HOUR, "board"), 0);
    assert_ok(db_write(b->db, look_work, id, &err), &err);
    board_post(b, BOARD_WEEK, -1, 9);
    board_post(b, BOARD_WEEK, -1, 10);
    assert_int_equal(publish(b, SIX + 36 * HOUR, "board"), 3);
    assert_int_equal(board_number(b, "select count(*) from held_back"), 0);
    /* No longer than its passes may be spent, or the sum of the week would be without it. */
    board_post(b, BOARD_WEEK, -1, 11);
    hold_all(b, id);
    b->history->keys.at[0].key.windows.spend_to = SIX + 48 * HOUR;
    assert_int_equal(publish(b, SIX + 54 * HOUR, "board"), 1);
}

void test_batch__a_post_that_waits_for_a_moderator_is_held_three_slots(void **state)
{
    (void)state;
    board_both(waits_for_moderator);
}

void test_batch__letters_and_trials_are_never_held(void **state)
{
    (void)state;
    struct board b;
    struct board_act act;
    board_make(&b, NULL);
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &act, &token, "letter", "{\"to\":\"a\"}", 1);
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_NONE);
    assert_int_equal(publish(&b, SIX, "board"), 0);
    assert_int_equal(publish(&b, SIX, "letters"), 1);
    board_act_clear(&act);
    b.history->rules.at[0].rules.batch = 1;
    board_post(&b, BOARD_WEEK, -1, 1);
    assert_int_equal(publish(&b, SIX + 86400, "board"), 1);
    board_clear(&b);
}

/* The leaves follow the batch entry in the order of ids, tokens in the order of leaves, items hash to them.
 */
static void looks(struct board *b)
{
    struct board_act act;
    static const char metoo[] = "{\"target\":\"00112233445566778899aabbccddeeff\"}";
    for (uint8_t i = 0; i < 5; i++)
        board_post(b, BOARD_WEEK, -1, i);
    for (uint8_t i = 0; i < 2; i++) {
        struct token token = board_token(BOARD_WEEK, -1);
        board_act_make(b, &act, &token, "metoo", metoo, i);
        assert_int_equal(board_redeem(b, &act, NULL), PROBLEM_NONE);
        board_act_clear(&act);
    }
    assert_int_equal(publish(b, SIX, "board"), 7);
    AUTO_JSON json_t *o = batch_json(b, "board", 1);
    json_t *items = json_object_get(o, "items"), *tokens = json_object_get(o, "tokens");
    assert_int_equal(json_array_size(items), 5);
    assert_int_equal(json_array_size(tokens), 7);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(o, "metoo"), "00112233445566778899aabbccddeeff")),
        2);
    assert_string_equal(json_string_value(json_object_get(o, "day")), "2026-11-26");
    uint64_t first = (uint64_t)json_integer_value(json_object_get(o, "first"));
    assert_span(entry_at(b, first - 1),
                "{\"count\":7,\"day\":\"2026-11-26\",\"keys\":{\"2026-W48\":7},\"n\":1,"
                "\"series\":\"board\",\"slot\":0,\"t\":\"batch\"}");
    uint8_t last[16] = {0};
    size_t item = 0;
    for (size_t i = 0; i < 7; i++) {
        struct err err = {0};
        uint8_t leaf[32], pass[TOKEN_SIZE], hash[32];
        merkle_leaf(entry_at(b, first + i), leaf);
        assert_true(memcmp(last, leaf, 16) < 0);
        memcpy(last, leaf, 16);
        assert_true(
            b64_exact(span_of(json_string_value(json_array_get(tokens, i))), B64_URL, pass, TOKEN_SIZE));
        hash_sha256((struct span){(const char *)pass, TOKEN_SIZE}, hash);
        AUTO_BUF struct buf text;
        buf_init(&text, ITEM_LARGE);
        if (item < 5)
            assert_ok(canon_write(json_array_get(items, item), &text, &err), &err);
        struct item read = {0};
        struct problem p = {0};
        if (item < 5 && item_read(buf_span(&text), &read, &p, &err) && memcmp(read.leaf, leaf, 32) == 0) {
            assert_memory_equal(read.pass, hash, 32);
            item++;
        }
        item_free(&read);
    }
    assert_int_equal(item, 5);
    assert_int_equal(board_number(b, "select count(*) from thread_item"), 5);
}

void test_batch__a_batch_in_the_log_and_as_bytes(void **state)
{
    (void)state;
    board_both(looks);
}

static void too_many(struct board *b)
{
    struct err err = {0};
    static struct span item = {"{}", 2};
    for (int i = 0; i < 700; i++) {
        uint8_t id[16] = {(uint8_t)(i * 37), (uint8_t)(i >> 8), (uint8_t)i}, c[32] = {0};
        char token[TOKEN_SIZE] = {0};
        assert_ok(
            db_run(b->db, &err,
                   "insert into waiting(id, series, c, item, token, key_id, day) values ($1, 'board', $2, "
                   "$3, $4, $5, 1)",
                   V_BLOB(((struct span){(char *)id, 16})), V_BLOB(((struct span){(char *)c, 32})),
                   V_TEXT(item), V_BLOB(((struct span){token, TOKEN_SIZE})),
                   V_BLOB(((struct span){(const char *)board_keys[0].entry.key_id, 32}))),
            &err);
    }
    assert_int_equal(publish(b, SIX, "board"), 700);
    assert_int_equal(board_number(b, "select count from batch where n = 1"), 512);
    assert_int_equal(board_number(b, "select count from batch where n = 2"), 188);
    assert_int_equal(board_number(b, "select first from batch where n = 2"), 514);
    assert_true(span_find(entry_at(b, 513), SPAN("\"slot\":0")) > 0);
}

void test_batch__what_does_not_fit_takes_the_next_number(void **state)
{
    (void)state;
    board_both(too_many);
}

/* Sums ------------------------------------------------------------------------------------------------- */
static void sum_at(struct board *b, int64_t now)
{
    struct batch_facts facts;
    struct err err = {0};
    uint64_t size;
    b->app.now = now;
    assert_ok(batch_facts_of(b->history, b->history, now, b->arena, &facts, &err), &err);
    assert_ok(tlog_size(b->db, &size, &err), &err);
    facts.size = size; /* this history is not read from the log */
    assert_ok(batch_sum(&b->app, &b->lab.log, &facts, &err), &err);
    b->app.now = BOARD_NOW;
}

static void summed(struct board *b)
{
    int64_t end = board_keys[BOARD_WEEK].entry.windows.spend_to; /* Monday 12:00 */
    struct err err = {0};
    uint64_t size;
    board_post(b, BOARD_WEEK, -1, 1);
    sum_at(b, end + HOUR);
    assert_ok(tlog_size(b->db, &size, &err), &err);
    assert_int_equal(size, 0);
    board_post(b, BOARD_WEEK, -1, 2);
    assert_int_equal(publish(b, end - HOUR, "board"), 0); /* held */
    assert_int_equal(publish(b, end, "board"), 2);        /* the slot after the window never */
    b->history->batches.at = arena_array(b->history->arena, 1, sizeof *b->history->batches.at);
    b->history->batches.n = 1;
    b->history->batches.at[0].batch =
        (struct entry_batch){.count = 2, .keys = 1, .key = {{epoch_of(BOARD_NOW), 2}}};
    sum_at(b, end + 60); /* something may be on its way */
    assert_ok(tlog_size(b->db, &size, &err), &err);
    assert_int_equal(size, 3);
    sum_at(b, end + HOUR);
    assert_true(span_find(entry_at(b, 3), SPAN("\"epoch\":\"2026-W48\",\"spent\":2,\"t\":\"close\"")) > 0);
    assert_ok(tlog_size(b->db, &size, &err), &err);
    assert_int_equal(size, 4);
    assert_int_equal(board_number(b, "select count(*) from summed"), 1);
}

void test_batch__the_sum_follows_the_last_batch_of_an_epoch(void **state)
{
    (void)state;
    board_both(summed);
}

static void forgotten(struct board *b)
{
    int64_t end = board_keys[BOARD_WEEK].entry.windows.spend_to;
    for (uint8_t i = 0; i < 3; i++)
        board_post(b, BOARD_WEEK, -1, i);
    publish(b, SIX, "board");
    publish(b, end + 14 * 86400 - HOUR, "board");
    assert_int_equal(board_number(b, "select count(*) from spent"), 3);
    publish(b, end + 14 * 86400 + 12 * HOUR, "board");
    assert_int_equal(board_number(b, "select count(*) from spent"), 0);
}

void test_batch__spent_passes_are_forgotten_after_fourteen_days(void **state)
{
    (void)state;
    board_both(forgotten);
}

/* Order ------------------------------------------------------------------------------------------------ */
enum { ACTS = 40 };

/* The same acts in the order of `step`, half of them published. */
static void arrive(struct board *b, const struct board_act *acts, int step)
{
    struct err err = {0};
    for (int i = 0; i < ACTS; i++)
        if ((i * step) % ACTS < ACTS / 2)
            assert_int_equal(board_redeem(b, &acts[(i * step) % ACTS], NULL), PROBLEM_NONE);
    assert_int_equal(publish(b, SIX, "board"), ACTS / 2);
    for (int i = 0; i < ACTS; i++)
        if ((i * step) % ACTS >= ACTS / 2)
            assert_int_equal(board_redeem(b, &acts[(i * step) % ACTS], NULL), PROBLEM_NONE);
    assert_ok(tidy(b->db, &err), &err);
}

static void make_acts(struct board *b, struct board_act *acts)
{
    for (int i = 0; i < ACTS; i++) {
        struct token token = board_token(BOARD_WEEK, -1);
        board_act_make(b, &acts[i], &token, "thread", BOARD_TEXT, (uint8_t)i);
    }
}

static struct buf file_bytes(const char *path)
{
    struct err err = {0};
    struct buf bytes;
    buf_init(&bytes, 64 << 20);
    assert_ok(file_read(path, &bytes, &err), &err);
    return bytes;
}

void test_batch__database_has_no_order(void **state)
{
    (void)state;
    struct board_act acts[ACTS];
    struct buf bytes[2];
    for (int k = 0; k < 2; k++) {
        struct board b;
        board_make(&b, NULL);
        if (k == 0)
            make_acts(&b, acts);
        arrive(&b, acts, k == 0 ? 1 : 7);
        bytes[k] = file_bytes(b.path);
        char wal[300];
        snprintf(wal, sizeof wal, "%s-wal", b.path);
        struct buf rest = file_bytes(wal);
        assert_int_equal(rest.n, 0);
        buf_clear(&rest);
        board_clear(&b);
    }
    assert_int_equal(bytes[0].n, bytes[1].n);
    assert_true(span_eq(buf_span(&bytes[0]), buf_span(&bytes[1])));
    for (int k = 0; k < 2; k++)
        buf_clear(&bytes[k]);
    for (int i = 0; i < ACTS; i++)
        board_act_clear(&acts[i]);
}

/* Rows as they lie in the file, and with them which transaction wrote each, counted from the first. */
static void dump(struct board *b, struct buf *out)
{
    struct err err = {0};
    AUTO_STMT struct stmt *q = NULL, *w = NULL;
    assert_ok(db_query(b->db, &q, &err, "select nonce, ctid::text, xmin::text from spent order by ctid"),
              &err);
    char first[32] = "";
    while (db_next(q, &err)) {
        buf_add(out, db_text(q, 0));
        buf_add(out, db_text(q, 1));
        if (!first[0])
            snprintf(first, sizeof first, "%.*s", SPAN_ARG(db_text(q, 2)));
        assert_span(db_text(q, 2), first);
    }
    assert_ok(db_query(b->db, &w, &err, "select id, ctid::text, xmin::text from waiting order by ctid"),
              &err);
    while (db_next(w, &err)) {
        buf_add(out, db_text(w, 0));
        buf_add(out, db_text(w, 1));
        assert_span(db_text(w, 2), first);
    }
    assert_int_equal(err.code, E_NONE);
}

void test_batch__database_has_no_order_postgresql(void **state)
{
    (void)state;
    struct board_act acts[ACTS];
    struct buf rows[2];
    if (!pg_url())
        skip();
    for (int k = 0; k < 2; k++) {
        struct board b;
        board_make(&b, pg_url());
        if (k == 0)
            make_acts(&b, acts);
        arrive(&b, acts, k == 0 ? 1 : 7);
        buf_init(&rows[k], 1 << 20);
        dump(&b, &rows[k]);
        assert_true(rows[k].n > ACTS * 32);
        board_clear(&b);
    }
    assert_true(span_eq(buf_span(&rows[0]), buf_span(&rows[1])));
    for (int k = 0; k < 2; k++)
        buf_clear(&rows[k]);
    for (int i = 0; i < ACTS; i++)
        board_act_clear(&acts[i]);
}

void test_batch__backup_has_no_waiting_rows(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct db *copy = NULL;
    struct board_act act;
    board_make(&b, NULL);
    for (uint8_t i = 0; i < 3; i++)
        board_post(&b, BOARD_WEEK, -1, i);
    publish(&b, SIX, "board");
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &act, &token, "thread", "{\"title\":\"\",\"text\":\"it waits\",\"room\":\"\"}", 9);
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_NONE);
    const char *path = place_name(&b.place, "copy.db");
    assert_ok(db_backup(b.db, path, &err) && db_open(&copy, path, &err) && tidy_copy(copy, &err), &err);
    db_close(b.db);
    b.db = b.app.db = copy;
    assert_int_equal(board_number(&b, "select count(*) from waiting"), 0);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 3);
    struct buf bytes = file_bytes(path);
    assert_true(span_find(buf_span(&bytes), SPAN("it waits")) < 0);
    buf_clear(&bytes);
    assert_int_equal(board_redeem(&b, &act, NULL), PROBLEM_NONE); /* the same bytes again */
    assert_int_equal(board_number(&b, "select count(*) from waiting"), 1);
    board_act_clear(&act);
    board_clear(&b);
}

/* The file holds no time of an act: no number near `now`, as text or as eight bytes of either end first. */
void test_batch__strings_in_file(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    board_make(&b, NULL);
    b.app.now = BOARD_NOW + 12345;
    for (uint8_t i = 0; i < 4; i++)
        board_post(&b, BOARD_WEEK, -1, i);
    publish(&b, BOARD_NOW + 12345 + 6 * HOUR, "board");
    assert_ok(tidy(b.db, &err), &err);
    struct buf bytes = file_bytes(b.path);
    int64_t now = BOARD_NOW + 12345;
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)(now / 1000)); /* to the quarter of an hour */
    assert_true(span_find(buf_span(&bytes), span_of(text)) < 0);
    for (int64_t t = now - 100; t <= now + 100; t++) {
        unsigned char four[4] = {(unsigned char)(t >> 24), (unsigned char)(t >> 16), (unsigned char)(t >> 8),
                                 (unsigned char)t};
        assert_true(span_find(buf_span(&bytes), (struct span){(char *)four, 4}) < 0);
    }
    buf_clear(&bytes);
    board_clear(&b);
}

void test_batch__what_is_put_back_is_numbered_on(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    board_make(&b, NULL);
    struct batch_row row = {"board", 7, 20000, 100, 2, SPAN("{}")};
    assert_ok(batch_put(b.db, &row, &err) && batch_put(b.db, &row, &err), &err);
    for (uint8_t i = 0; i < 3; i++)
        board_post(&b, BOARD_WEEK, -1, i);
    assert_int_equal(publish(&b, SIX, "board"), 3);
    assert_int_equal(board_number(&b, "select max(n) from batch"), 8);
    board_clear(&b);
}
