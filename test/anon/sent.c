/* What left, in words: every route of the protocol that a node asks has them, and what is strange is shown as
 * it is. */
#include "test/test.h"

#include "anon/sent.h"
#include "io/migrate.h"

#include "base/banned.h"

static struct db *fresh(void)
{
    struct err err = {0};
    struct db *db = NULL;
    assert_true(db_open(&db, ":memory:", &err));
    assert_true(migrate(db, NULL, 0, 1, NULL, &err));
    return db;
}

static void went(struct db *db, day_t day, const char *method, const char *address, const char *kind)
{
    struct err err = {0};
    assert_true(db_run(db, &err,
                       "insert into sent(day, address, kind, bytes, method) values ($1, $2, $3, 412, $4)",
                       V_INT(day), V_STR(address), V_STR(kind), V_STR(method)));
}

void test_sent__each_route_of_the_protocol_has_words(void **state)
{
    (void)state;
    static const char *const routes[][2] = {
        {"GET", "/v1/lab"},
        {"GET", "/log/checkpoint"},
        {"GET", "/log/tile/0/000"},
        {"POST", "/v1/join"},
        {"POST", "/token-request"},
        {"GET", "/v1/member"},
        {"DELETE", "/v1/member"},
        {"GET", "/v1/epochs/2026-W48"},
        {"POST", "/v1/cosignatures"},
        {"POST", "/v1/acts"},
        {"GET", "/v1/rosters/2026-W48"},
        {"GET", "/v1/batches"},
        {"GET", "/v1/batches/board/0"},
        {"GET", "/v1/batches/letters/0"},
        {"GET", "/v1/batches/answers/0"},
        {"GET", "/witness/0/checkpoint"},
    };
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        assert_non_null(sent_what(span_of(routes[i][0]), span_of(routes[i][1])));
    assert_string_equal(sent_what(SPAN("POST"), SPAN("/token-request")), "this week's passes, as everyone");
    assert_string_equal(sent_what(SPAN("DELETE"), SPAN("/v1/member")), "leaving the lab");
    assert_null(sent_what(SPAN("GET"), SPAN("/else")));
    assert_null(sent_what(SPAN("GET"), SPAN("")));
}

void test_sent__newest_first_with_whom_and_as_what(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct sent_rows rows = {0};
    struct db *db = fresh();
    went(db, 20000, "GET", "https://lab.example/log/checkpoint", "public");
    went(db, 20001, "POST", "https://lab.example:8443/v1/acts", "anonymous");
    went(db, 20002, "GET", "http://odd.example", "identified");
    went(db, 20003, "GET", "\x1b[2Jx", "feed");
    assert_true(sent_load(db, arena, 100, &rows, &err));
    assert_int_equal(rows.n, 4);
    assert_string_equal(rows.at[3].to, "lab.example");
    assert_string_equal(rows.at[3].what, "the record's newest state");
    assert_string_equal(rows.at[2].to, "lab.example:8443");
    assert_string_equal(rows.at[2].kind, "anonymous");
    assert_int_equal(rows.at[2].bytes, 412);
    assert_string_equal(rows.at[1].to, "odd.example");
    assert_string_equal(rows.at[1].what, "");
    assert_null(strchr(rows.at[0].to, '\x1b'));
    struct sent_rows two = {0};
    assert_true(sent_load(db, arena, 2, &two, &err));
    assert_int_equal(two.n, 2);
    assert_int_equal(two.at[0].day, 20003);
    db_close(db);
}

void test_sent__what_left_in_a_week_is_counted_by_kind(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    const char *said;
    struct db *db = fresh();
    assert_true(sent_week(db, arena, 20000, &said, &err));
    assert_string_equal(said, "Nothing left your computer this week.");
    went(db, 19999, "POST", "https://lab.example/token-request", "identified");
    went(db, 20000, "POST", "https://lab.example/token-request", "identified");
    went(db, 20001, "GET", "https://lab.example/log/checkpoint", "public");
    went(db, 20001, "GET", "https://lab.example/v1/batches", "public");
    went(db, 20002, "GET", "https://feeds.example/cs.LG", "feed");
    assert_true(sent_week(db, arena, 20000, &said, &err));
    assert_string_equal(said, "Only this left your computer this week: 1 feed download, 1 pass collection, 2 "
                              "other requests to the lab.");
    db_close(db);
}

void test_sent__older_ones_are_removed_and_the_day_itself_stays(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct sent_rows rows = {0};
    struct db *db = fresh();
    went(db, 19999, "GET", "https://lab.example/a", "public");
    went(db, 20000, "GET", "https://lab.example/b", "public");
    assert_true(sent_remove(db, 20000, &err));
    assert_true(sent_load(db, arena, 100, &rows, &err));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.at[0].day, 20000);
    db_close(db);
}
