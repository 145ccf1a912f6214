/* anon/peer.c: the board of a split lab copies its issuer's log, says so in its own, and takes nothing that
 * does not continue what it has. */
#include "test/test.h"

#include "anon/peer.h"
#include "anon/roster_copy.h"
#include "test/anon/board.h"

#define ISSUER_ORIGIN "issuer.example/respite-issuer"
#define OURS_ORIGIN "lab.example/respite-board"

struct split {
    struct board issuer, board;
    bool lies; /* a letter of each entry is changed on the way */
};

static void make(struct split *s)
{
    board_make(&s->issuer, NULL);
    board_make(&s->board, NULL);
    s->lies = false;
    board_log_make(&s->issuer, 21, ISSUER_ORIGIN);
    board_log_make(&s->board, 22, OURS_ORIGIN);
    for (int i = 0; i < 2; i++) {
        struct board *b = i ? &s->board : &s->issuer;
        b->lab.role = b->app.role = i ? BOARD : ISSUER;
        b->lab.issuer_log = ISSUER_ORIGIN;
        b->lab.issuer_vkey = s->issuer.vkey;
        b->lab.board_log = OURS_ORIGIN;
        b->lab.board_vkey = s->board.vkey;
    }
    board_begin(&s->issuer, "issuer", s->board.vkey);
    board_begin(&s->board, "board", s->issuer.vkey);
    struct err err = {0};
    for (int i = 0; i < 2; i++)
        assert_ok(db_run(i ? s->board.db : s->issuer.db, &err,
                         "insert into issuer_head(id, at, size, first_size, note) values (1, 0, 0, 0, $1)",
                         V_BLOB(SPAN(""))),
                  &err);
}

static void clear(struct split *s)
{
    board_clear(&s->issuer);
    board_clear(&s->board);
}

/* The other's server. */
static bool get_from(struct board *b, const char *path, struct buf *out, struct err *err)
{
    struct merkle_tile tile;
    struct span note;
    if (merkle_tile_read(span_of(path + 5), &tile))
        return tlog_tile(b->db, b->arena, &tile, out, err);
    if (!tlog_checkpoint(b->db, b->arena, &note, err))
        return false;
    buf_add(out, note);
    return true;
}

static bool get_issuer(void *arg, const char *path, size_t most, struct buf *out, struct err *err)
{
    struct split *s = arg;
    if (!get_from(&s->issuer, path, out, err))
        return false;
    if (s->lies && strstr(path, "entries"))
        out->p[out->n - 2] ^= 1;
    return out->n <= most;
}

static bool get_board(void *arg, const char *path, size_t most, struct buf *out, struct err *err)
{
    struct split *s = arg;
    return get_from(&s->board, path, out, err) && out->n <= most;
}

static uint64_t size_of(struct board *b)
{
    struct err err = {0};
    uint64_t size;
    assert_ok(tlog_size(b->db, &size, &err), &err);
    return size;
}

static bool add_work(struct db *db, void *arg, struct err *err)
{
    struct board *b = arg;
    struct span entry = SPAN("{\"at\":1795046400,\"digest\":\"\",\"t\":\"arena\"}");
    uint64_t first;
    return tlog_append(db, &b->lab.log, &entry, 1, &first, err);
}

static bool add_other(struct db *db, void *arg, struct err *err)
{
    struct board *b = arg;
    struct span entry = SPAN("{\"at\":1795046401,\"digest\":\"\",\"t\":\"arena\"}");
    uint64_t first;
    return tlog_append(db, &b->lab.log, &entry, 1, &first, err);
}

void test_peer__the_copy_is_read_and_the_epoch_said_once(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    const struct history *issuer, *board;
    make(&s);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    assert_int_equal(size_of(&s.board), 3);
    assert_ok(lab_facts(&s.board.lab, s.board.db, &issuer, &board, &err), &err);
    assert_non_null(board);
    assert_int_equal(issuer->tree.size, 5);
    assert_int_equal(issuer->findings.n + board->findings.n, 0);
    assert_non_null(history_general(issuer, epoch_of(BOARD_NOW)));
    uint8_t head[32];
    assert_true(history_head(issuer, board, epoch_of(BOARD_NOW), NULL, head));
    lab_facts_done(&s.board.lab);
    for (int i = 0; i < 300; i++)
        assert_ok(db_write(s.issuer.db, add_work, &s.issuer, &err), &err);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    assert_int_equal(board_number(&s.board, "select count(*) from issuer_entry"), 305);
    assert_int_equal(size_of(&s.board), 3);
    clear(&s);
}

void test_peer__what_does_not_hash_is_not_taken(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    make(&s);
    s.lies = true;
    assert_false(peer_look(&s.board.app, get_issuer, &s, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(board_number(&s.board, "select count(*) from issuer_entry"), 0);
    assert_int_equal(board_number(&s.board, "select count(*) from issuer_head where evidence is not null"),
                     1);
    assert_int_equal(size_of(&s.board), 2);
    clear(&s);
}

/* The same key, another record: shorter, as long, longer. */
void test_peer__a_shorter_or_a_second_history_is_not_taken(void **state)
{
    (void)state;
    struct split s, other;
    struct err err = {0};
    make(&s);
    make(&other);
    assert_ok(db_write(s.issuer.db, add_work, &s.issuer, &err), &err);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    for (int i = 0; i < 3; i++) {
        err_clear(&err);
        assert_false(peer_look(&s.board.app, get_issuer, &other, &err));
        assert_int_equal(err.code, E_REFUSED);
        assert_int_equal(board_number(&s.board, "select count(*) from issuer_entry"), 6);
        err_clear(&err);
        assert_ok(db_write(other.issuer.db, add_other, &other.issuer, &err), &err);
    }
    clear(&s);
    clear(&other);
}

void test_peer__a_checkpoint_by_another_key_is_not_taken(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    make(&s);
    s.board.lab.issuer_vkey = s.board.vkey;
    assert_false(peer_look(&s.board.app, get_issuer, &s, &err));
    assert_int_equal(board_number(&s.board, "select count(*) from issuer_entry"), 0);
    clear(&s);
}

void test_peer__the_issuer_writes_the_boards_checkpoint_once_an_epoch(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    make(&s);
    assert_ok(peer_look(&s.issuer.app, get_board, &s, &err), &err);
    assert_ok(peer_look(&s.issuer.app, get_board, &s, &err), &err);
    assert_int_equal(size_of(&s.issuer), 6);
    s.issuer.app.now += 7 * 86400;
    assert_ok(peer_look(&s.issuer.app, get_board, &s, &err), &err);
    assert_int_equal(size_of(&s.issuer), 7);
    clear(&s);
}

/* The issuer has a copy too: heads that members cosign, surveys that it makes keys for. */
void test_peer__the_issuer_copies_the_boards_log(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    const struct history *issuer, *board;
    uint8_t head[32], theirs[32];
    make(&s);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    assert_ok(peer_look(&s.issuer.app, get_board, &s, &err), &err);
    assert_ok(lab_facts(&s.board.lab, s.board.db, &issuer, &board, &err), &err);
    assert_true(history_head(board, NULL, epoch_of(BOARD_NOW), NULL, theirs));
    lab_facts_done(&s.board.lab);
    assert_ok(lab_facts(&s.issuer.lab, s.issuer.db, &issuer, &board, &err), &err);
    assert_null(board);
    assert_non_null(s.issuer.lab.peer);
    assert_int_equal(s.issuer.lab.peer->tree.size, 3);
    assert_true(history_head(s.issuer.lab.peer, NULL, epoch_of(BOARD_NOW), NULL, head));
    assert_memory_equal(head, theirs, 32);
    lab_facts_done(&s.issuer.lab);
    clear(&s);
}

/* The record says 12 members of this week: other lists are not served on. */
void test_peer__a_list_that_is_not_the_records_is_not_copied(void **state)
{
    (void)state;
    struct split s;
    struct err err = {0};
    static const char *const bodies[] = {
        "{}",
        "[]",
        "{\"rosters\":[{\"index\":4,\"leaves\":[]}],\"opens\":[],\"lines\":[]}",
        "{\"rosters\":[{\"index\":4,\"leaves\":[1,2,3,4,5,6,7,8,9,10,11,12]}]}",
        "{\"rosters\":[{\"index\":3,\"leaves\":[\"AAAA\"]}]}",
        "{\"rosters\":{}}"};
    make(&s);
    assert_ok(peer_look(&s.board.app, get_issuer, &s, &err), &err);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_false(roster_copy_take(&s.board.app, epoch_of(BOARD_NOW), span_of(bodies[i]), &err));
        assert_int_equal(err.code, E_REFUSED);
        err_clear(&err);
    }
    assert_int_equal(board_number(&s.board, "select count(*) from roster_copy"), 0);
    clear(&s);
}
