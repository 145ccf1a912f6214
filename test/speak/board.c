/* speak/board.c, board_keep.c and post.c: what the board takes, what goes when it is taken back, and the
 * board as a node keeps it. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/batches.h"
#include "anon/placed.h"
#include "codec/json.h"
#include "speak/board.h"
#include "speak/board_keep.h"
#include "speak/post.h"
#include "speak/speak_room.h"
#include "test/anon/board.h"

#include "base/banned.h"

/* On the board ------------------------------------------------------------------------------------------ */
static const struct room *const rooms[] = {&speak_room, NULL};

/* Post an act whose key is of `seed`; its id. */
static enum problem_type put(struct board *b, const char *kind, const char *act, uint8_t seed, char hex[33])
{
    struct board_act made;
    struct redeem r = {0};
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(b, &made, &token, kind, act, seed);
    enum problem_type type = board_redeem(b, &made, &r);
    if (hex)
        item_hex(r.item.id, hex);
    board_act_clear(&made);
    return type;
}

static const char *say(const char *pattern, const char *hex)
{
    static char text[2][512];
    static unsigned next;
    char *out = text[next++ % 2];
    snprintf(out, sizeof text[0], "{%s\"%s\"}", pattern, hex);
    return out;
}

static enum problem_type reply(struct board *b, const char *thread, uint8_t seed, char hex[33])
{
    return put(b, "reply", say("\"text\":\"an answer\",\"thread\":", thread), seed, hex);
}

static void publish(struct board *b, int64_t hours)
{
    struct batch_facts facts;
    struct err err = {0};
    int64_t acts;
    bool more = false;
    b->app.now = BOARD_NOW + hours * 3600;
    assert_ok(batch_facts_of(b->history, b->history, b->app.now, b->arena, &facts, &err), &err);
    do
        assert_ok(batch_publish(&b->app, &b->lab.log, &facts, "board", &acts, &more, &err), &err);
    while (more);
    b->app.now = BOARD_NOW;
}

/* Fewer than three are held for four slots at most. */
static void publish_all(struct board *b)
{
    static const int slots[] = {12, 18, 30, 36};
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
        publish(b, slots[i]);
}

static void board_of_speak(struct board *b, const char *url)
{
    board_more = (struct migration_set){"speak", speak_room.migrations};
    board_make(b, url);
    b->app.rooms = rooms;
}

void test_board__a_reply_names_a_thread_that_is_there(void **state)
{
    (void)state;
    struct board b;
    char thread[33], answer[33];
    board_of_speak(&b, NULL);
    assert_int_equal(put(&b, "thread", BOARD_TEXT, 1, thread), PROBLEM_NONE);
    assert_int_equal(reply(&b, thread, 2, answer), PROBLEM_NONE);
    assert_int_equal(reply(&b, answer, 3, NULL), PROBLEM_BAD_FIELD); /* a reply begins no thread */
    assert_int_equal(reply(&b, "00112233445566778899aabbccddeeff", 4, NULL), PROBLEM_BAD_FIELD);
    assert_int_equal(reply(&b, "xx112233445566778899aabbccddeeff", 5, NULL), PROBLEM_BAD_FIELD);
    publish_all(&b);
    assert_int_equal(board_number(&b, "select count(*) from thread_item"), 2);
    assert_int_equal(reply(&b, thread, 6, NULL), PROBLEM_NONE); /* two at once */
    assert_int_equal(reply(&b, thread, 7, NULL), PROBLEM_NONE);
    assert_int_equal(board_number(&b, "select count(*) from waiting"), 2);
    board_clear(&b);
}

void test_board__metoo_is_of_a_post_and_counted(void **state)
{
    (void)state;
    struct board b;
    char thread[33];
    board_of_speak(&b, NULL);
    assert_int_equal(put(&b, "thread", BOARD_TEXT, 1, thread), PROBLEM_NONE);
    assert_int_equal(put(&b, "metoo", say("\"target\":", thread), 2, NULL), PROBLEM_NONE);
    assert_int_equal(put(&b, "metoo", say("\"target\":", thread), 3, NULL), PROBLEM_NONE);
    assert_int_equal(put(&b, "metoo", say("\"text\":\"and I\",\"target\":", thread), 4, NULL),
                     PROBLEM_BAD_FIELD);
    assert_int_equal(put(&b, "metoo", say("\"target\":", "00112233445566778899aabbccddeeff"), 5, NULL),
                     PROBLEM_BAD_FIELD);
    publish(&b, 6);
    assert_int_equal(board_number(&b, "select count(*) from batch where instr(bytes, '\":2}') > 0"), 1);
    board_clear(&b);
}

static void taken_back(struct board *b)
{
    char one[33], two[33], answer[33];
    b->app.rooms = rooms;
    assert_int_equal(put(b, "thread", BOARD_TEXT, 1, one), PROBLEM_NONE);
    assert_int_equal(put(b, "thread", "{\"title\":\"\",\"text\":\"stays\",\"room\":\"\"}", 2, two),
                     PROBLEM_NONE);
    assert_int_equal(reply(b, one, 3, answer), PROBLEM_NONE);
    publish(b, 6);
    assert_int_equal(put(b, "retract", say("\"target\":", one), 2, NULL), PROBLEM_BAD_FIELD); /* not theirs */
    assert_int_equal(put(b, "retract", say("\"target\":", one), 1, NULL), PROBLEM_NONE);
    assert_int_equal(board_number(b, "select count(*) from thread_item where item like '%a word%'"), 1);
    publish_all(b);
    assert_int_equal(board_number(b, "select count(*) from waiting"), 0);
    assert_int_equal(board_number(b, "select count(*) from thread_item where item like '%a word%'"), 0);
    assert_int_equal(board_number(b, "select count(*) from thread_item where item like '%stays%'"), 1);
    assert_int_equal(board_number(b, "select count(*) from thread_item where item like '{\"by\":%'"), 1);
    assert_int_equal(board_number(b, "select count(*) from placed where gone_by = 5"), 1);
    assert_int_equal(put(b, "retract", say("\"target\":", one), 1, NULL), PROBLEM_BAD_FIELD); /* once */
    assert_int_equal(put(b, "metoo", say("\"target\":", one), 4, NULL), PROBLEM_BAD_FIELD);
    assert_int_equal(reply(b, one, 5, NULL), PROBLEM_NONE); /* the others talk on */
}

void test_board__what_is_taken_back_loses_its_words(void **state)
{
    (void)state;
    board_both(taken_back);
}

/* Taken back before it was published: nobody ever reads it, its leaf is there. */
void test_board__taken_back_while_it_waits(void **state)
{
    (void)state;
    struct board b;
    char one[33];
    board_of_speak(&b, NULL);
    assert_int_equal(put(&b, "thread", BOARD_TEXT, 1, one), PROBLEM_NONE);
    assert_int_equal(put(&b, "thread", BOARD_TEXT, 2, NULL), PROBLEM_NONE);
    assert_int_equal(put(&b, "retract", say("\"target\":", one), 1, NULL), PROBLEM_NONE);
    publish(&b, 6);
    assert_int_equal(board_number(&b, "select count(*) from batch"), 1);
    assert_int_equal(board_number(&b, "select count(*) from batch where instr(bytes, '\"gone\":') > 0"), 1);
    assert_int_equal(board_number(&b, "select count(*) from thread_item"), 2);
    assert_int_equal(board_number(&b, "select count(*) from thread_item where item like '%a word%'"), 1);
    assert_int_equal(board_number(&b, "select count(*) from placed"), 3);
    board_clear(&b);
}

/* On a node --------------------------------------------------------------------------------------------- */
struct here {
    struct db *db;
    struct arena *arena;
    int64_t index;
};

static void here_make(struct here *h)
{
    struct err err = {0};
    *h = (struct here){.arena = arena_new(), .index = 10};
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    assert_ok(db_open(&h->db, ":memory:", &err) && migrate(h->db, sets, 2, NODE, NULL, &err), &err);
}

static void here_clear(struct here *h)
{
    db_close(h->db);
    arena_free(h->arena);
}

/* A row as batches_fetch keeps it. `id`: its first byte; thread: the first byte of the thread it names. */
static void fetched(struct here *h, const char *kind, uint8_t id, uint8_t thread, uint8_t pk,
                    const char *text)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    uint8_t id_all[16] = {id}, thread_all[16] = {thread}, key[32] = {pk};
    buf_init(&out, 1 << 20);
    AUTO_JSON json_t *o =
        json_pack("{s:{s:s,s:s,s:s},s:s}", "act", "room", "", "text", text, "title", "", "kind", kind);
    assert_ok(canon_write(o, &out, &err), &err);
    assert_ok(
        db_run(h->db, &err,
               "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, $2, 20000, "
               "'board', 1, $3, $4, $5, $6)",
               V_BLOB(span_bytes(id_all, 16)), V_STR(kind), V_INT(h->index++),
               V_BLOB(span_bytes(thread_all, 16)), V_BLOB(span_bytes(key, 32)), V_TEXT(buf_span(&out))),
        &err);
}

static struct board_threads listed(struct here *h, const char *words)
{
    struct err err = {0};
    struct board_threads all;
    struct board_ask ask = {.words = words, .most = -1, .posts_most = -1};
    assert_ok(board_keep(h->db, &err) && board_list(h->db, h->arena, &ask, &all, &err), &err);
    return all;
}

void test_board__threads_of_posts_with_names(void **state)
{
    (void)state;
    struct here h;
    here_make(&h);
    fetched(&h, "reply", 9, 1, 2, "before its thread"); /* in one batch, ids decide the order */
    fetched(&h, "thread", 1, 1, 1, "first\nline");
    fetched(&h, "thread", 5, 5, 1, "another");
    fetched(&h, "reply", 6, 1, 1, "again");
    fetched(&h, "reply", 7, 77, 3, "of a thread that never came");
    fetched(&h, "retract", 8, 8, 3, "no post");
    struct board_threads all = listed(&h, NULL);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.all, 2);
    const struct board_thread *t = &all.at[0]; /* the newest post is in it */
    assert_int_equal(t->id[0], 1);
    assert_true(span_is(t->title, "first"));
    assert_int_equal(t->posts.n, 3);
    assert_string_equal(t->posts.at[1].name, t->posts.at[2].name);
    assert_string_not_equal(t->posts.at[0].name, t->posts.at[1].name);
    assert_string_equal(t->names[0], t->posts.at[0].name);
    assert_int_equal(board_keep(h.db, &(struct err){0}), true);
    here_clear(&h);
}

/* The first line of a post can be as long as a post: it heads a thread up to where a title would end. */
void test_board__a_long_first_line_is_cut_for_the_list(void **state)
{
    (void)state;
    struct here h;
    char text[5001], title[121];
    memset(text, 'x', sizeof text - 1);
    memset(title, 'y', sizeof title - 1);
    text[sizeof text - 1] = title[sizeof title - 1] = '\0';
    here_make(&h);
    fetched(&h, "thread", 1, 1, 1, text);
    fetched(&h, "thread", 2, 2, 1, title);
    struct board_threads all = listed(&h, NULL);
    assert_int_equal(all.n, 2);
    assert_true(span_is(all.at[0].title, title));
    assert_int_equal(all.at[1].title.n, 240 + strlen("…"));
    assert_memory_equal(all.at[1].title.p + 240, "…", strlen("…"));
    assert_int_equal(all.at[1].posts.at[0].text.n, 5000);
    here_clear(&h);
}

void test_board__one_word_of_two_keys_gets_a_number(void **state)
{
    (void)state;
    struct here h;
    uint8_t thread[16] = {1}, first[32] = {1}, word;
    int second = 2;
    here_make(&h);
    word = item_name(thread, first);
    for (; second < 256; second++)
        if (item_name(thread, (uint8_t[32]){(uint8_t)second}) == word)
            break;
    fetched(&h, "thread", 1, 1, 1, "a");
    if (second < 256)
        fetched(&h, "reply", 2, 1, (uint8_t)second, "b");
    struct board_threads all = listed(&h, NULL);
    if (second < 256) {
        char want[64];
        snprintf(want, sizeof want, "%s 2", all.at[0].posts.at[0].name);
        assert_string_equal(all.at[0].posts.at[1].name, want);
    }
    here_clear(&h);
}

void test_board__search_finds_words_in_both_languages(void **state)
{
    (void)state;
    struct here h;
    here_make(&h);
    fetched(&h, "thread", 1, 1, 1, "I think of stopping.");
    fetched(&h, "thread", 2, 2, 1, "周四的会真的需要吗");
    fetched(&h, "reply", 3, 1, 1, "100% of us, \"quoted\" too");
    assert_int_equal(listed(&h, "STOPPING").n, 1);
    assert_int_equal(listed(&h, "think stopping").n, 1);
    assert_int_equal(listed(&h, "think nothing").n, 0);
    assert_int_equal(listed(&h, "需要").n, 1);
    assert_int_equal(listed(&h, "真的需要").n, 1);
    assert_int_equal(listed(&h, "0% us").n, 1);
    assert_int_equal(listed(&h, "0_").n, 0);
    assert_int_equal(listed(&h, "\"quoted\"").n, 1);
    assert_int_equal(listed(&h, "\" OR *").n, 0);
    assert_int_equal(listed(&h, "OF").n, 1);
    assert_int_equal(listed(&h, "需").n, 1);
    assert_int_equal(listed(&h, "  ").n, 2);
    here_clear(&h);
}

void test_board__what_is_gone_is_gone_from_the_index(void **state)
{
    (void)state;
    struct here h;
    struct err err = {0};
    int64_t n;
    here_make(&h);
    fetched(&h, "thread", 1, 1, 1, "unwritten");
    fetched(&h, "reply", 2, 1, 2, "answered");
    assert_int_equal(listed(&h, "unwritten").n, 1);
    assert_ok(db_run(h.db, &err, "delete from item where idx = 10") &&
                  db_run(h.db, &err, "insert into gone(id, idx, by_idx) values ($1, 10, 30)",
                         V_BLOB(span_bytes(((uint8_t[16]){1}), 16))) &&
                  db_run(h.db, &err, "insert into gone(id, idx, by_idx) values ($1, 11, 31)",
                         V_BLOB(span_bytes(((uint8_t[16]){99}), 16))),
              &err);
    assert_int_equal(listed(&h, "unwritten").n, 0);
    struct board_threads all = listed(&h, NULL);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.at[0].posts.n, 2);
    assert_true(all.at[0].posts.at[0].gone && all.at[0].posts.at[0].text.n == 0);
    assert_ok(
        db_number(h.db, &n, -1, &err, "select count(*) from post_words_data where instr(block, 'unw') > 0"),
        &err);
    assert_int_equal(n, 0);
    assert_ok(board_forget(h.db, &err), &err);
    assert_int_equal(listed(&h, NULL).n, 0);
    here_clear(&h);
}
