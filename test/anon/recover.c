/* What a lab lost and a member has: it comes back, the same and no more, and what does not fit changes
 * nothing. */
#include "test/test.h"

#include "anon/log_file.h"
#include "anon/recover.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "test/anon/board.h"

#include "base/banned.h"

enum { HOUR = 3600, SIX = BOARD_NOW + 6 * HOUR + 60 };

struct putting {
    struct board *b;
    struct span entry;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    struct putting *p = arg;
    uint64_t first;
    return tlog_append(db, &p->b->lab.log, &p->entry, 1, &first, err);
}

static void put_entry(struct board *b, const struct entry *e)
{
    struct err err = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    assert_ok(entry_write(e, &text, &err), &err);
    assert_ok(db_write(b->db, put_work, &(struct putting){b, buf_span(&text)}, &err), &err);
}

/* The log begins as that of a lab, with the keys its passes are of. */
static void begin(struct board *b)
{
    int64_t at = BOARD_NOW - 14 * 86400;
    struct entry genesis = {.kind = ENTRY_GENESIS,
                            .at = at,
                            .genesis = {.lab = SPAN("Lab"),
                                        .by = SPAN("Works"),
                                        .roles = SPAN("both"),
                                        .zone = SPAN("UTC"),
                                        .origin_info = SPAN(BOARD_LAB),
                                        .promise = SPAN("p+00000000+AQ=="),
                                        .issuer = {.at = {SPAN("https://" BOARD_LAB)}, .n = 1},
                                        .board = {.at = {SPAN("https://" BOARD_LAB)}, .n = 1},
                                        .log = {.at = {span_of(b->vkey)}, .n = 1}}};
    put_entry(b, &genesis);
    for (int i = BOARD_WEEK; i <= BOARD_NEXT; i++)
        put_entry(b, &(struct entry){.kind = ENTRY_KEY, .at = at, .key = board_keys[i].entry});
    b->lab.head_file = arena_text(b->arena, span_of(place_name(&b->place, "head")));
    struct err err = {0};
    assert_ok(tlog_head_keep(b->db, b->lab.head_file, &err), &err);
}

static void publish(struct board *b, int64_t now)
{
    struct batch_facts facts;
    struct err err = {0};
    int64_t acts;
    bool more = false;
    b->app.now = now;
    assert_ok(batch_facts_of(b->history, b->history, now, b->arena, &facts, &err), &err);
    assert_ok(batch_publish(&b->app, &b->lab.log, &facts, "board", &acts, &more, &err), &err);
    assert_int_equal(acts, 3);
    b->app.now = BOARD_NOW;
    assert_ok(tlog_head_keep(b->db, b->lab.head_file, &err), &err);
}

/* What a member's computer writes. */
static void export_log(struct board *b, struct buf *out)
{
    struct err err = {0};
    uint64_t size;
    struct span bytes;
    AUTO_STMT struct stmt *q = NULL;
    buf_init(out, 4 << 20);
    assert_ok(tlog_size(b->db, &size, &err), &err);
    log_file_begin(out, SPAN(BOARD_ORIGIN));
    for (uint64_t i = 0; i < size; i++) {
        assert_ok(tlog_entry(b->db, b->arena, i, &bytes, &err), &err);
        log_file_entry(out, i, bytes);
    }
    assert_ok(db_query(b->db, &q, &err, "select series, n, bytes from batch order by n"), &err);
    while (db_next(q, &err)) {
        struct span series = arena_span(b->arena, db_text(q, 0));
        int64_t n = db_int(q, 1);
        log_file_batch(out, series, n, db_text(q, 2));
    }
    assert_ok(tlog_checkpoint(b->db, b->arena, &bytes, &err), &err);
    log_file_end(out, bytes);
}

static bool recover(struct board *b, struct span file, struct recovered *out, struct err *err)
{
    const char *path = place_name(&b->place, "log.txt");
    place_put(path, file.p, file.n);
    return recover_file(&b->app, path, out, err);
}

/* Open another database in the place of the board's. */
static void change_db(struct board *b, const char *path)
{
    db_close(b->db);
    b->db = b->app.db = board_open(path);
}

void test_recover__an_older_database_gets_what_it_lacks(void **state)
{
    (void)state;
    struct board b;
    struct board_act last;
    struct err err = {0};
    struct recovered r = {0};
    struct span newer, note;
    AUTO_BUF struct buf file;
    board_make(&b, NULL);
    begin(&b);
    for (uint8_t i = 1; i <= 3; i++)
        board_post(&b, BOARD_WEEK, -1, i);
    publish(&b, SIX);
    board_post(&b, BOARD_WEEK, -1, 4);
    board_post(&b, BOARD_WEEK, -1, 5);
    const char *older = arena_text(b.arena, span_of(place_name(&b.place, "older.db")));
    assert_ok(db_backup(b.db, older, &err), &err); /* two wait in it */
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&b, &last, &token, "thread", BOARD_TEXT, 6);
    assert_int_equal(board_redeem(&b, &last, NULL), PROBLEM_NONE);
    publish(&b, SIX + 6 * HOUR);
    export_log(&b, &file);
    assert_ok(tlog_checkpoint(b.db, b.arena, &newer, &err), &err);
    change_db(&b, older);
    assert_int_equal(board_number(&b, "select count(*) from waiting"), 2);
    assert_false(tlog_head_check(b.db, &b.lab.log, b.lab.head_file, &err)); /* serve would refuse */
    err_clear(&err);
    assert_ok(recover(&b, buf_span(&file), &r, &err), &err);
    assert_int_equal(r.entries, 4);
    assert_int_equal(r.batches, 1);
    assert_int_equal(r.passes, 6);
    assert_ok(tlog_head_check(b.db, &b.lab.log, b.lab.head_file, &err), &err);
    assert_ok(tlog_checkpoint(b.db, b.arena, &note, &err), &err);
    assert_true(span_eq(note, newer));
    assert_int_equal(board_number(&b, "select count(*) from waiting"), 0);
    assert_int_equal(board_number(&b, "select count(*) from spent"), 6);
    assert_int_equal(board_number(&b, "select count(*) from batch"), 2);
    assert_int_equal(board_number(&b, "select count(*) from thread_item"), 6);
    assert_int_equal(board_number(&b, "select n from series where name = 'board'"), 3);
    /* The same act has its receipt, another one with the pass is refused. */
    assert_int_equal(board_redeem(&b, &last, NULL), PROBLEM_NONE);
    board_act_clear(&last);
    board_act_make(&b, &last, &token, "thread", BOARD_TEXT, 7);
    assert_int_equal(board_redeem(&b, &last, NULL), PROBLEM_PASS_SPENT);
    board_act_clear(&last);
    assert_ok(recover(&b, buf_span(&file), &r, &err), &err); /* once more brings nothing */
    assert_int_equal(r.entries + (uint64_t)r.batches, 0);
    board_clear(&b);
}

static void from_nothing(struct board *b)
{
    struct err err = {0};
    struct recovered r = {0};
    struct span newer, note;
    AUTO_BUF struct buf file;
    begin(b);
    for (uint8_t i = 1; i <= 3; i++)
        board_post(b, BOARD_WEEK, -1, i);
    publish(b, SIX);
    export_log(b, &file);
    assert_ok(tlog_checkpoint(b->db, b->arena, &newer, &err), &err);
    assert_ok(db_run(b->db, &err, "delete from log_head") && db_run(b->db, &err, "delete from log_entry") &&
                  db_run(b->db, &err, "delete from log_tile") && db_run(b->db, &err, "delete from spent") &&
                  db_run(b->db, &err, "delete from batch") &&
                  db_run(b->db, &err, "delete from thread_item") && db_run(b->db, &err, "delete from series"),
              &err);
    assert_ok(recover(b, buf_span(&file), &r, &err), &err);
    assert_int_equal(r.entries, 7);
    assert_int_equal(r.batches, 1);
    assert_ok(tlog_checkpoint(b->db, b->arena, &note, &err), &err);
    assert_true(span_eq(note, newer));
    assert_int_equal(board_number(b, "select count(*) from spent"), 3);
    assert_int_equal(board_number(b, "select count(*) from thread_item"), 3);
}

void test_recover__an_empty_database_gets_all(void **state)
{
    (void)state;
    board_both(from_nothing);
}

/* The file after its `n`th line (from 0) was changed at the `at`th byte. */
static void changed(struct span file, size_t n, size_t at, struct buf *out)
{
    buf_init(out, file.n + 1);
    buf_add(out, file);
    char *line = out->p;
    for (; n > 0; n--)
        line = strchr(line, '\n') + 1;
    line[at] = line[at] == 'A' ? 'B' : 'A';
}

/* Refused, and the database is as it was. */
static void assert_refused(struct board *b, struct span file)
{
    struct err err = {0};
    struct recovered r;
    uint64_t size, before;
    assert_ok(tlog_size(b->db, &before, &err), &err);
    assert_false(recover(b, file, &r, &err));
    assert_true(err.code == E_REFUSED || err.code == E_FORMAT);
    err_clear(&err);
    assert_ok(tlog_size(b->db, &size, &err), &err);
    assert_int_equal(size, before);
    assert_int_equal(board_number(b, "select count(*) from batch"), 0);
    assert_int_equal(board_number(b, "select count(*) from spent"), 0);
}

/* The last batch with one member of its JSON changed. */
static void other_batch(struct board *b, struct span file, void (*change)(json_t *batch))
{
    struct err err = {0};
    size_t n = 0, room = 1 << 20;
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf text, again;
    buf_init(&text, 1 << 20);
    buf_init(&again, 4 << 20);
    ptrdiff_t at = span_find(file, SPAN("\nbatch board 1 "));
    assert_true(at > 0);
    struct span rest = span_from(file, (size_t)at + sizeof "\nbatch board 1 " - 1), b64;
    assert_true(span_cut(&rest, '\n', &b64));
    char *bytes = arena_get(b->arena, room);
    assert_true(b64_read(b64, B64, bytes, room, &n));
    assert_ok(canon_read((struct span){bytes, n}, room, &o, &err), &err);
    change(o);
    assert_ok(canon_write(o, &text, &err), &err);
    buf_add(&again, span_first(file, (size_t)at + 1));
    log_file_batch(&again, SPAN("board"), 1, buf_span(&text));
    buf_add(&again, rest);
    assert_refused(b, buf_span(&again));
}

static void one_token_less(json_t *batch)
{
    json_array_remove(json_object_get(batch, "tokens"), 2);
}

static void another_token(json_t *batch)
{
    json_t *list = json_object_get(batch, "tokens");
    char *text = mem_copy(json_string_value(json_array_get(list, 1)));
    text[300] = text[300] == 'A' ? 'B' : 'A'; /* in its signature */
    json_array_set_new(list, 1, json_string(text));
    mem_free(text);
}

static void another_text(json_t *batch)
{
    json_t *item = json_array_get(json_object_get(batch, "items"), 1);
    json_object_set_new(json_object_get(item, "act"), "text", json_string("another word"));
}

static void another_order(json_t *batch)
{
    json_t *list = json_object_get(batch, "items"), *first = json_incref(json_array_get(list, 0));
    json_array_remove(list, 0);
    json_array_append_new(list, first);
}

static void another_number(json_t *batch)
{
    json_object_set_new(batch, "n", json_integer(2));
}

static void another_place(json_t *batch)
{
    json_object_set_new(batch, "first", json_integer(5));
}

void test_recover__what_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    struct board b;
    AUTO_BUF struct buf file;
    struct buf bad[5];
    struct err err = {0};
    board_make(&b, NULL);
    begin(&b);
    const char *older = arena_text(b.arena, span_of(place_name(&b.place, "older.db")));
    assert_ok(db_backup(b.db, older, &err), &err);
    for (uint8_t i = 1; i <= 3; i++)
        board_post(&b, BOARD_WEEK, -1, i);
    publish(&b, SIX);
    export_log(&b, &file);
    change_db(&b, older);
    struct span all = buf_span(&file);
    changed(all, 0, 20, &bad[0]);  /* origin */
    changed(all, 5, 20, &bad[1]);  /* an act's entry */
    changed(all, 9, 30, &bad[2]);  /* the checkpoint: its text … */
    changed(all, 9, 200, &bad[3]); /* … its signature */
    buf_init(&bad[4], all.n);
    buf_add(&bad[4], span_first(all, all.n - 400)); /* cut off */
    for (size_t i = 0; i < 5; i++) {
        assert_refused(&b, buf_span(&bad[i]));
        buf_clear(&bad[i]);
    }
    /* A changed entry, and no batch whose leaf it is. */
    AUTO_BUF struct buf bare;
    buf_init(&bare, all.n);
    struct span rest = all, line;
    for (size_t i = 0; span_cut(&rest, '\n', &line); i++)
        if (!span_starts(line, SPAN("batch "))) {
            buf_add(&bare, line);
            if (i == 5)
                bare.p[bare.n - 20] = bare.p[bare.n - 20] == 'A' ? 'B' : 'A';
            buf_add_byte(&bare, '\n');
        }
    assert_refused(&b, buf_span(&bare));
    other_batch(&b, all, one_token_less);
    other_batch(&b, all, another_token);
    other_batch(&b, all, another_text);
    other_batch(&b, all, another_order);
    other_batch(&b, all, another_number);
    other_batch(&b, all, another_place);
    struct recovered r;
    assert_ok(recover(&b, all, &r, &err), &err); /* it is none of the above that it lacks */
    assert_int_equal(r.batches, 1);
    board_clear(&b);
}

void test_recover__another_history_is_refused(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct recovered r;
    AUTO_BUF struct buf file;
    board_make(&b, NULL);
    begin(&b);
    export_log(&b, &file);
    struct entry e = {.kind = ENTRY_ROSTER, .at = BOARD_NOW, .list = {.epoch = epoch_of(BOARD_NOW), .n = 3}};
    put_entry(&b, &e);
    assert_ok(recover(&b, buf_span(&file), &r, &err), &err); /* a shorter one of the same */
    assert_int_equal(r.entries, 0);
    e.list.n = 4;
    put_entry(&b, &e);
    buf_clear(&file);
    export_log(&b, &file);
    assert_ok(db_run(b.db, &err, "delete from log_head") && db_run(b.db, &err, "delete from log_entry") &&
                  db_run(b.db, &err, "delete from log_tile"),
              &err);
    begin(&b);
    e.list.n = 9;
    put_entry(&b, &e); /* the database has another entry in its place */
    assert_false(recover(&b, buf_span(&file), &r, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, "another history"));
    board_clear(&b);
}

void test_recover__what_is_lost_for_good_is_said_in_the_log(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct span bytes;
    struct entry e = {.kind = ENTRY_ROSTER, .at = BOARD_NOW, .list = {.epoch = epoch_of(BOARD_NOW), .n = 3}};
    board_make(&b, NULL);
    begin(&b);
    assert_false(recover_give_up(&b.app, "The disk broke.", &err));
    assert_int_equal(err.code, E_REFUSED); /* nothing is */
    err_clear(&err);
    const char *older = arena_text(b.arena, span_of(place_name(&b.place, "older.db")));
    assert_ok(db_backup(b.db, older, &err), &err);
    put_entry(&b, &e);
    put_entry(&b, &e);
    assert_ok(tlog_head_keep(b.db, b.lab.head_file, &err), &err);
    change_db(&b, older);
    assert_false(recover_give_up(&b.app, "  ", &err));
    assert_int_equal(err.code, E_USAGE);
    err_clear(&err);
    assert_ok(recover_give_up(&b.app, "The disk broke.", &err), &err);
    assert_ok(tlog_head_check(b.db, &b.lab.log, b.lab.head_file, &err), &err);
    assert_ok(tlog_entry(b.db, b.arena, 3, &bytes, &err) && entry_read(bytes, b.arena, &e, &err), &err);
    assert_int_equal(e.kind, ENTRY_BREAK);
    assert_int_equal(e.broken.size, 5);
    assert_span(e.broken.reason, "The disk broke.");
    board_clear(&b);
}
