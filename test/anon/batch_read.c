/* What the board publishes, as a node holds it against the record: made by the board's own code, then changed
 * in one way at a time. */
#include "test/test.h"

#include "anon/batch_read.h"
#include "codec/b64.h"
#include "test/anon/board.h"

#include "base/banned.h"

enum { ACTS = 4, METOO = 1 }; /* acts in the batch; of them, one that is a leaf alone */
#define EPOCH epoch_of(BOARD_NOW)

struct look {
    struct board board;
    struct arena *arena;
    json_t *json; /* the batch, to be changed */
    struct batch_ground ground;
    struct token seen[2 * ACTS];
    size_t seens;
    struct history_batch entry;
};

static bool leaf_of(void *arg, uint64_t index, uint8_t out[static 32], struct err *err)
{
    struct look *l = arg;
    struct span bytes;
    if (!tlog_entry(l->board.db, l->arena, index, &bytes, err))
        return false;
    merkle_leaf(bytes, out);
    return true;
}

static bool seen(void *arg, const struct token *token, uint64_t index, bool *twice, struct err *err)
{
    struct look *l = arg;
    (void)index;
    (void)err;
    *twice = false;
    for (size_t i = 0; i < l->seens; i++)
        *twice |= memcmp(l->seen[i].nonce, token->nonce, 32) == 0;
    l->seen[l->seens++ % (2 * ACTS)] = *token;
    return true;
}

static struct span batch_bytes(struct look *l)
{
    struct err err = {0};
    struct span out = {NULL, 0};
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(l->board.db, &q, &err, "select bytes from batch where series = 'board' and n = 1"),
              &err);
    if (db_next(q, &err))
        out = arena_span(l->arena, db_text(q, 0));
    assert_non_null(out.p);
    return out;
}

/* Three threads and a "me too" on one batch; the history knows of it. */
static void look_make(struct look *l)
{
    struct err err = {0};
    struct board_act act;
    struct batch_facts facts;
    int64_t acts;
    bool more = false;
    *l = (struct look){.arena = arena_new()};
    board_make(&l->board, NULL);
    for (uint8_t i = 0; i < ACTS - METOO; i++)
        board_post(&l->board, BOARD_WEEK, 10 + i, 20 + i);
    struct token token = board_token(BOARD_WEEK, 50);
    board_act_make(&l->board, &act, &token, "metoo", "{\"target\":\"00112233445566778899aabbccddeeff\"}", 60);
    assert_int_equal(board_redeem(&l->board, &act, NULL), PROBLEM_NONE);
    board_act_clear(&act);
    l->board.app.now += 7 * 3600;
    assert_ok(batch_facts_of(l->board.history, l->board.history, l->board.app.now, l->arena, &facts, &err) &&
                  batch_publish(&l->board.app, &l->board.lab.log, &facts, "board", &acts, &more, &err),
              &err);
    assert_int_equal(acts, ACTS);
    assert_ok(canon_read(batch_bytes(l), BATCH_READ_MOST, &l->json, &err), &err);
    struct history *h = l->board.history;
    l->entry.index = (uint64_t)json_integer_value(json_object_get(l->json, "first")) - 1;
    struct entry e;
    struct span bytes;
    assert_ok(tlog_entry(l->board.db, l->arena, l->entry.index, &bytes, &err) &&
                  entry_read(bytes, l->arena, &e, &err),
              &err);
    l->entry.batch = e.batch;
    h->batches.at = &l->entry;
    h->batches.n = 1;
    h->tree.size = l->entry.index + 1 + ACTS;
    l->ground = (struct batch_ground){.issuer = h, .leaf = leaf_of, .seen = seen, .arg = l};
}

static void look_clear(struct look *l)
{
    json_decref(l->json);
    arena_free(l->arena);
    board_clear(&l->board);
}

/* What is said of the batch as it is now; NULL: it fits. */
static const char *said(struct look *l)
{
    static char text[sizeof((struct err *)NULL)->text];
    struct err err = {0};
    struct batch_read batch;
    const char *why;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, BATCH_READ_MOST);
    l->seens = 0;
    assert_ok(canon_write(l->json, &bytes, &err), &err);
    if (!batch_read(buf_span(&bytes), l->arena, &batch, &err)) {
        snprintf(text, sizeof text, "%s", err.text);
        return text;
    }
    assert_ok(batch_check(&batch, &l->ground, l->arena, &why, &err), &err);
    return why;
}

static void assert_said(struct look *l, const char *words)
{
    const char *text = said(l);
    if (!text || !strstr(text, words)) {
        print_error("%s\n", text ? text : "nothing was found");
        assert_true(false);
    }
}

static json_t *items(struct look *l)
{
    return json_object_get(l->json, "items");
}

static json_t *tokens(struct look *l)
{
    return json_object_get(l->json, "tokens");
}

/* The item, signed again by another key after a change, as a board could that wrote it itself. */
static void sign_again(json_t *item)
{
    struct err err = {0};
    struct sign_key key;
    uint8_t sig[64], pk[32];
    AUTO_BUF struct buf text;
    buf_init(&text, 2 * (size_t)ITEM_LARGE);
    sign_key_init(&key, (const uint8_t[32]){99});
    sign_public(&key, pk);
    assert_true(canon_put_b64(item, "pk", pk, 32));
    json_object_del(item, "sig");
    buf_add_text(&text, "respite/act/v1\n");
    assert_ok(canon_write(item, &text, &err), &err);
    sign(&key, buf_span(&text), sig);
    assert_true(canon_put_b64(item, "sig", sig, 64));
}

/* Put `item`, as it is now, into the log in the place of leaf `index`: a board that wrote it. */
static void log_it(struct look *l, size_t at, const json_t *item)
{
    struct err err = {0};
    uint8_t c[32], leaf[32];
    AUTO_BUF struct buf bytes, entry;
    buf_init(&bytes, ITEM_LARGE);
    buf_init(&entry, 4096);
    assert_ok(canon_write(item, &bytes, &err), &err);
    hash_sha256(buf_span(&bytes), c);
    entry_act_leaf(c, &entry, leaf);
    assert_ok(db_run(l->board.db, &err, "update log_entry set entry = $2 where idx = $1",
                     V_INT((int64_t)(l->entry.index + 1 + at)), V_BLOB(buf_span(&entry))),
              &err);
}

/* The place of the first item among the leaves. */
static size_t place_of_first(struct look *l)
{
    struct err err = {0};
    struct batch_read batch;
    const char *why;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, BATCH_READ_MOST);
    assert_ok(canon_write(l->json, &bytes, &err) && batch_read(buf_span(&bytes), l->arena, &batch, &err) &&
                  batch_check(&batch, &l->ground, l->arena, &why, &err),
              &err);
    return batch.item[0].index - batch.first;
}

void test_batch_read__what_the_board_publishes_fits(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    assert_null(said(&l));
    look_clear(&l);
}

void test_batch_read__edited_item_fails_hash(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_t *act = json_object_get(json_array_get(items(&l), 0), "act");
    json_object_set_new(act, "text", json_string("another word"));
    assert_said(&l, "not signed");
    sign_again(json_array_get(items(&l), 0));
    assert_said(&l, "not the one in its record");
    look_clear(&l);
}

void test_batch_read__batch_item_mismatch(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_t *first = json_incref(json_array_get(items(&l), 0));
    json_array_remove(items(&l), 0);
    json_array_append_new(items(&l), first); /* in another order */
    assert_said(&l, "not the one in its record");
    json_array_append(items(&l), first); /* twice */
    json_array_append(items(&l), first);
    assert_said(&l, "has not as many passes");
    look_clear(&l);
}

void test_batch_read__token_twice_reported(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_array_set(tokens(&l), 1, json_array_get(tokens(&l), 0));
    assert_said(&l, "one pass twice");
    look_clear(&l);
}

void test_batch_read__leaf_without_token_reported(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_array_remove(tokens(&l), 0);
    assert_said(&l, "nobody paid for");
    look_clear(&l);
}

void test_batch_read__a_token_nobody_signed_is_reported(void **state)
{
    (void)state;
    struct look l;
    struct err err = {0};
    uint8_t bytes[TOKEN_SIZE];
    look_make(&l);
    struct token token = board_token(BOARD_WEEK, 70);
    token.sig[100] ^= 1;
    token_write(&token, bytes);
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    b64_add(&text, (struct span){(const char *)bytes, sizeof bytes}, B64_URL);
    json_array_set_new(tokens(&l), 2, json_string(buf_text(&text)));
    assert_said(&l, "not signed by the lab's key");
    token = board_token(BOARD_SURVEY, 70); /* of a key that pays for answers */
    token_write(&token, bytes);
    buf_reset(&text);
    b64_add(&text, (struct span){(const char *)bytes, sizeof bytes}, B64_URL);
    json_array_set_new(tokens(&l), 2, json_string(buf_text(&text)));
    assert_said(&l, "may not pay for this");
    (void)err;
    look_clear(&l);
}

void test_batch_read__item_with_other_head_reported(void **state)
{
    (void)state;
    struct look l;
    uint8_t head[32] = {7};
    look_make(&l);
    size_t at = place_of_first(&l);
    json_t *item = json_array_get(items(&l), 0);
    assert_true(canon_put_b64(item, "head", head, 32));
    sign_again(item);
    log_it(&l, at, item);
    assert_said(&l, "another record");
    look_clear(&l);
}

void test_batch_read__item_paid_with_another_pass_reported(void **state)
{
    (void)state;
    struct look l;
    uint8_t pass[32] = {7};
    look_make(&l);
    size_t at = place_of_first(&l);
    json_t *item = json_array_get(items(&l), 0);
    assert_true(canon_put_b64(item, "pass", pass, 32));
    sign_again(item);
    log_it(&l, at, item);
    assert_said(&l, "another pass");
    look_clear(&l);
}

void test_batch_read__more_of_me_too_than_passes_is_reported(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_object_set_new(json_object_get(l.json, "metoo"), "00112233445566778899aabbccddeeff",
                        json_integer(2));
    assert_said(&l, "me too");
    look_clear(&l);
}

void test_batch_read__a_batch_that_is_not_in_the_record_is_reported(void **state)
{
    (void)state;
    struct look l;
    look_make(&l);
    json_object_set_new(l.json, "n", json_integer(2));
    assert_said(&l, "does not stand in its record");
    json_object_set_new(l.json, "n", json_integer(1));
    json_object_set_new(l.json, "day", json_string("2026-11-27"));
    assert_said(&l, "does not stand in its record");
    look_clear(&l);
}

/* A gone item keeps its place: its leaf is that of what it was. */
void test_batch_read__gone_keeps_its_leaf(void **state)
{
    (void)state;
    struct look l;
    struct err err = {0};
    uint8_t c[32];
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ITEM_LARGE);
    look_make(&l);
    assert_ok(canon_write(json_array_get(items(&l), 0), &bytes, &err), &err);
    hash_sha256(buf_span(&bytes), c);
    json_t *gone = json_pack("{s:i}", "by", 40);
    assert_true(canon_put_b64(gone, "gone", c, 32));
    json_array_set(items(&l), 0, gone);
    assert_null(said(&l));
    c[0] ^= 1;
    assert_true(canon_put_b64(gone, "gone", c, 32));
    assert_said(&l, "not the one in its record");
    json_decref(gone);
    look_clear(&l);
}

/* Each change of the form refuses it in a sentence. */
void test_batch_read__other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"day\":\"2026-11-26\"}",
        "{\"day\":\"2026-11-26\",\"first\":1,\"items\":{},\"metoo\":{},\"n\":1,\"series\":\"board\","
        "\"tokens\":[],"
        "\"v\":1}",
        "{\"day\":\"2026-11-26\",\"first\":0,\"items\":[],\"metoo\":{},\"n\":1,\"series\":\"board\","
        "\"tokens\":[],"
        "\"v\":1}",
        "{\"day\":\"2026-11-26\",\"first\":1,\"items\":[1],\"metoo\":{},\"n\":1,\"series\":\"board\","
        "\"tokens\":[],"
        "\"v\":1}",
        "{\"day\":\"2026-11-26\",\"first\":1,\"items\":[],\"metoo\":{\"x\":1},\"n\":1,\"series\":\"board\","
        "\"tokens\":[],\"v\":1}",
        "{\"day\":\"2026-11-26\",\"first\":1,\"items\":[],\"metoo\":{},\"n\":1,\"series\":\"board\","
        "\"tokens\":["
        "\"AA==\"],\"v\":1}",
        "{\"day\":\"2026-11-26\",\"first\":1,\"items\":[],\"metoo\":{},\"n\":1,\"series\":\"board\","
        "\"tokens\":[],"
        "\"v\":2}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err err = {0};
        struct batch_read batch;
        struct arena *AUTO_ARENA arena = arena_new();
        assert_false(batch_read(span_of(wrong[i]), arena, &batch, &err));
        assert_true(err.code == E_FORMAT || err.code == E_LIMIT);
    }
}
