/* From the papers kept here to what is said: which text and which time are counted, whose volumes are apart,
 * and when it is too early. */
#include "test/test.h"

#include <math.h>

#include "papers/papers_db.h"
#include "papers/texts_db.h"
#include "papers/trends_draw.h"
#include "papers/verdicts_keep.h"
#include "test/papers/planted.h"

#include "base/banned.h"

#define TODAY 20775 /* 2026-11-18 */

static struct db *empty(void)
{
    struct db *db;
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, &set, 1, 1, NULL, &err), &err);
    return db;
}

struct row {
    const char *title, *venue, *categories, *acl;
    int year;
    day_t day; /* 0: not known */
};

static void put(struct db *db, int64_t id, const struct row *r)
{
    struct err err = {0};
    assert_ok(db_run(db, &err,
                     "insert into paper(id, title, abstract, authors, categories, venue, year, day, kind, "
                     "version, withdrawn, weights) values ($1, $2, '', '', $3, $4, $5, $6, 0, 1, 0, x'')",
                     V_INT(id), V_STR(r->title), V_STR(r->categories ? r->categories : ""),
                     V_STR(r->venue ? r->venue : ""), V_INT(r->year), r->day ? V_INT(r->day) : V_NULL),
              &err);
    if (r->acl)
        assert_ok(db_run(db, &err, "insert into paper_id(scheme, value, paper) values ('acl', $1, $2)",
                         V_STR(r->acl), V_INT(id)),
                  &err);
}

static json_t *asked(struct db *db, const char *field, const char *at)
{
    struct err err = {0};
    json_t *o = NULL;
    struct verdicts_asked a = {.field = span_of(field), .at = span_of(at), .today = TODAY};
    assert_ok(verdicts_of_db(db, &a, &o, &err), &err);
    return o;
}

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static int64_t number_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

void test_verdicts__quarters_have_numbers_and_names(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int unit;
        bool quarter;
    } good[] = {{"2024", 2024, false},
                {"2000Q1", 2000, true},
                {"2025Q2", 2101, true},
                {"1999Q4", 1999, true},
                {"1998Q3", 1994, true}};
    static const char *const bad[] = {"",        "x",      "2025Q5", "2025Q0", "2025Q",
                                      "2025Q22", "2025X2", "20255",  "12"};
    int unit;
    bool quarter;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, 16);
        assert_true(unit_read(span_of(good[i].text), &unit, &quarter));
        assert_int_equal(unit, good[i].unit);
        assert_int_equal(quarter, good[i].quarter);
        unit_add(&text, unit, quarter);
        assert_string_equal(buf_text(&text), good[i].text);
    }
    assert_true(unit_read(SPAN("2025q2"), &unit, &quarter) && unit == 2101);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(unit_read(span_of(bad[i]), &unit, &quarter));
    assert_int_equal(quarter_of(day_of((struct ymd){2025, 3, 31})), 2100);
    assert_int_equal(quarter_of(day_of((struct ymd){2025, 4, 1})), 2101);
    assert_int_equal(quarter_unit(1900, 1), UNIT_FROM);
    assert_int_equal(quarter_unit(2199, 1), UNIT_FROM + UNITS - 1);
}

void test_verdicts__volumes_of_the_acl_are_venues(void **state)
{
    (void)state;
    static const struct row rows[] = {{"A parser", "ACL", NULL, "P18-1001", 2018, 0},
                                      {"Another parser", "acl", NULL, "D18-1002", 2018, 0},
                                      {"A third parser", "acl", NULL, "2020.acl-main.3", 2020, 0},
                                      {"A learner", "ICML", NULL, NULL, 2018, 0},
                                      {"An unknown", NULL, "cs.CL", "W18-0001", 2018, 0},
                                      {"Of a year to come", "ICML", NULL, NULL, 2199, 0}};
    static const char *const families[] = {"acl/p", "acl/d", "acl/acl", "icml", "arxiv/cs.cl"};
    struct db *db = empty();
    struct err err = {0};
    AUTO_TEXTS struct texts t;
    texts_init(&t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        put(db, (int64_t)i + 1, &rows[i]);
    assert_ok(texts_of_db(db, TODAY, &t, &err), &err);
    assert_int_equal(t.n, 5); /* nobody has published in 2199 */
    for (size_t i = 0; i < 5; i++)
        assert_span(vocabulary_at(&t.venues, t.paper[i].venue), families[i]);
    db_close(db);
}

/* One paper each month of cs.LG from 2021 to the last of `to`, sixteen a quarter with one more word. */
static void put_months(struct db *db, day_t to)
{
    int64_t id = 0;
    for (day_t day = day_of((struct ymd){2021, 1, 1}); day <= to; day += 5) {
        struct row r = {day >= day_of((struct ymd){2025, 1, 1}) && day % 2 ? "Attention sinks and words"
                                                                           : "Many words",
                        NULL,
                        "cs.LG cs.CL",
                        NULL,
                        day_ymd(day).year,
                        day};
        put(db, ++id, &r);
    }
}

void test_verdicts__categories_are_counted_by_quarters(void **state)
{
    (void)state;
    struct db *db = empty();
    put_months(db, day_of((struct ymd){2025, 6, 30}));
    AUTO_JSON json_t *last = asked(db, "cs.LG", "");
    assert_string_equal(text_of(last, "origin"), "2025Q2");
    assert_string_equal(text_of(last, "unit"), "quarter");
    assert_true(json_is_true(json_object_get(last, "complete")));
    assert_true(number_of(last, "candidates") > 0);
    AUTO_JSON json_t *year = asked(db, "cs.lg", "2025"), *quarter = asked(db, "cs.LG", "2025q1"),
                     *whole = asked(db, "cs.LG", "2024");
    assert_string_equal(text_of(year, "origin"), "2025Q2");
    assert_string_equal(text_of(quarter, "origin"), "2025Q1");
    assert_string_equal(text_of(whole, "origin"), "2024Q4");
    assert_string_equal(
        json_string_value(json_array_get(json_array_get(json_object_get(last, "years"), 0), 0)), "2021Q1");
    db_close(db);
}

static void refused(struct db *db, const char *field, const char *at, enum err_code code)
{
    struct err err = {0};
    json_t *o = NULL;
    struct verdicts_asked a = {.field = span_of(field), .at = span_of(at), .today = TODAY};
    assert_false(verdicts_of_db(db, &a, &o, &err));
    assert_int_equal(err.code, code);
    assert_null(o);
}

void test_verdicts__what_cannot_be_asked_is_said(void **state)
{
    (void)state;
    struct db *db = empty();
    refused(db, "", "", E_MISSING);
    put_months(db, day_of((struct ymd){2025, 6, 30}));
    put(db, 100000, &(struct row){"A learner", "ICML", NULL, NULL, 2018, 0});
    refused(db, "cs.LG", "2026", E_MISSING);
    refused(db, "cs.LG", "2020Q4", E_MISSING);
    refused(db, "cs.LG", "soon", E_USAGE);
    refused(db, "icml", "2018Q1", E_USAGE);
    refused(db, "icml", "2019", E_MISSING);
    refused(db, "cs.XX", "", E_MISSING);
    db_close(db);
}

/* A quarter whose last days have no paper is not all here: the one before it is the last, and of itself
 * nothing is said. */
void test_verdicts__a_quarter_that_is_not_all_here_is_too_early(void **state)
{
    (void)state;
    struct db *db = empty();
    put_months(db, day_of((struct ymd){2025, 6, 10}));
    AUTO_JSON json_t *last = asked(db, "cs.LG", ""), *now = asked(db, "cs.LG", "2025Q2");
    assert_string_equal(text_of(last, "origin"), "2025Q1");
    assert_true(json_is_false(json_object_get(now, "complete")));
    db_close(db);
}

/* ---- what is said, on planted papers ---- */

/* A field, and another whose cases help it. */
struct planted {
    struct texts texts[2];
    struct field field[2];
};

static void plant(struct planted *p)
{
    struct err err = {0};
    for (size_t i = 0; i < 2; i++) {
        texts_init(&p->texts[i]);
        planted_papers(&p->texts[i], 5 + i, PLANTED_TO);
        assert_ok(field_make(&p->field[i], &p->texts[i], (struct span){0}, false, &err), &err);
    }
}

static void clear(struct planted *p)
{
    for (size_t i = 0; i < 2; i++) {
        field_free(&p->field[i]);
        texts_free(&p->texts[i]);
    }
}

void test_verdicts__a_word_is_said_outside_the_middle_alone(void **state)
{
    (void)state;
    struct planted p;
    struct verdicts v;
    struct err err = {0};
    size_t said[VERDICT_EARLY + 1] = {0};
    AUTO_ARENA struct arena *arena = arena_new();
    plant(&p);
    assert_ok(verdicts_make(arena, &p.field[0], &p.field[1], PLANTED_TO, true, &v, &err), &err);
    assert_true(v.taught);
    for (size_t i = 0; i < v.n; i++) {
        assert_int_equal(v.at[i].verdict, verdict_of(v.at[i].p));
        assert_true(v.at[i].low < v.at[i].p && v.at[i].p < v.at[i].high); /* a band, and it is one */
        assert_int_equal(v.at[i].like, 20);
        said[v.at[i].verdict]++;
    }
    assert_true(said[VERDICT_LASTING] && said[VERDICT_UNCLEAR]);
    AUTO_JSON json_t *o = verdicts_json(&v, "planted");
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(o, "terms"), i, row)
    {
        double base = json_number_value(json_object_get(row, "base_rate"));
        assert_true(fabs(base * (double)v.fit.cases - (double)v.lasting) < 1e-6);
    }
    clear(&p);
}

void test_verdicts__the_middle_begins_at_35_and_ends_at_65(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(1), VERDICT_LASTING);
    assert_int_equal(verdict_of(.65), VERDICT_LASTING);
    assert_int_equal(verdict_of(.6499), VERDICT_UNCLEAR);
    assert_int_equal(verdict_of(.3501), VERDICT_UNCLEAR);
    assert_int_equal(verdict_of(.35), VERDICT_FADED);
    assert_int_equal(verdict_of(0), VERDICT_FADED);
}

static void all_early(const struct verdict_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(row[i].verdict, VERDICT_EARLY);
        assert_true(isnan(row[i].p) && isnan(row[i].low) && isnan(row[i].high));
        assert_int_equal(row[i].like, 0);
    }
}

void test_verdicts__too_early_each_for_its_reason(void **state)
{
    (void)state;
    struct planted p;
    struct verdicts v;
    struct err err = {0};
    size_t few = 0, few_now = 0;
    AUTO_ARENA struct arena *arena = arena_new();
    plant(&p);
    /* the newest time is not complete */
    assert_ok(verdicts_make(arena, &p.field[0], &p.field[1], PLANTED_TO, false, &v, &err), &err);
    assert_true(v.taught && v.n > 0);
    all_early(v.at, v.n);
    /* fewer than 100 resolved cases, and no other fields */
    assert_ok(verdicts_make(arena, &p.field[0], NULL, PLANTED_FROM + TRENDS_AFTER, true, &v, &err), &err);
    assert_true(!v.taught && v.n > 0);
    all_early(v.at, v.n);
    /* too few papers: rising, and in a list of its own, beside terms that have odds */
    for (int year = PLANTED_TO - 6; year <= PLANTED_TO; year++) {
        assert_ok(verdicts_make(arena, &p.field[0], &p.field[1], year, true, &v, &err), &err);
        all_early(v.early, v.early_n);
        for (size_t i = 0; i < v.early_n; i++) {
            few += v.early[i].papers < 8;
            few_now += v.early[i].papers >= 8 && v.early[i].last < 4;
            for (size_t k = 0; k < v.n; k++)
                assert_string_not_equal(v.early[i].term, v.at[k].term);
        }
        assert_true(v.early_n <= VERDICTS_EARLY);
    }
    assert_true(few > 0 && few_now > 0);
    clear(&p);
}

void test_verdicts__a_page_finds_any_term_and_names_what_is_usual(void **state)
{
    (void)state;
    struct planted p;
    struct verdicts v;
    struct trends_shown shown;
    struct err err = {0};
    AUTO_ARENA struct arena *arena = arena_new();
    plant(&p);
    assert_ok(verdicts_make(arena, &p.field[0], &p.field[1], PLANTED_TO, true, &v, &err), &err);
    AUTO_JSON json_t *o = verdicts_json(&v, "planted");
    for (size_t i = 0; i < v.n; i++) {
        assert_ok(trends_shown_term(arena, o, span_of(v.at[i].term), &shown, &err), &err);
        assert_int_equal(shown.rows, 1);
        assert_string_equal(shown.at[0].term, v.at[i].term);
        assert_true(shown.at[0].told && shown.at[0].band[0]);
        assert_non_null(strstr(trends_base(arena, &shown, &shown.at[0]), "For any rising term it is"));
    }
    assert_ok(trends_shown_term(arena, o, SPAN("nothing"), &shown, &err), &err);
    assert_int_equal(shown.rows, 0);
    assert_ok(trends_shown(arena, o, &shown, &err), &err);
    assert_true(shown.rows >= shown.n && shown.rows <= shown.n + TRENDS_EARLY);
    clear(&p);
}
