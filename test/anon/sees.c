/* anon/sees.c: what is said of the database is all that is in it. */
#include "test/test.h"

#include "anon/sees.h"
#include "test/anon/lab_of.h"

#include "base/banned.h"

static bool told(struct span table)
{
    for (const struct sees_row *row = sees_rows; row->where; row++) {
        struct span rest = span_of(row->where), name;
        bool more = true;
        while (more) {
            more = span_cut(&rest, ' ', &name);
            if (span_eq(name, table))
                return true;
        }
    }
    return false;
}

void test_sees__each_table_of_a_lab_stands_in_a_row(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    size_t n = 0;
    lab_make(&l, false, LAB_QUOTA, NULL);
    {
        AUTO_STMT struct stmt *q = NULL;
        assert_ok(db_query(l.db, &q, &err,
                           "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"),
                  &err);
        for (; db_next(q, &err); n++)
            if (!told(db_text(q, 0))) {
                print_error("no row tells of %.*s\n", SPAN_ARG(db_text(q, 0)));
                assert_true(false);
            }
    }
    assert_true(n > 20);
    lab_clear(&l);
}

/* A member's name, id and tag stand in the tables that are said to have them, and in no other. */
void test_sees__names_stand_where_it_says(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    struct lab_member m = lab_member(77);
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_join(&l, &m);
    assert_int_equal(lab_fetch(&l, &m, W48, PASSES), 200);
    for (int i = 0; i < 60; i++, l.app.now += 4 * LAB_HOUR)
        lab_beat(&l);
    assert_int_equal(lab_number(&l, "select count(*) from member where name = 'Member 77'"), 1);
    static const char *const bare[] = {
        "select count(*) from log_entry where instr(entry, 'Member 77') > 0",
        "select count(*) from roster_list where instr(leaves, (select tag from member)) > 0",
        "select count(*) from log_entry where instr(entry, (select member from member)) > 0",
        "select count(*) from issuer_key where instr(sealed, (select tag from member)) > 0",
        "select count(*) from invite", /* used and over */
    };
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        assert_int_equal(lab_number(&l, bare[i]), 0);
    assert_int_equal(err.code, E_NONE);
    lab_clear(&l);
}
