/* rest/signs.c: whose a commit is, and which zones are doubted. */
#include "test/test.h"

#include <stdlib.h>

#include "rest/signs.h"

static bool never_utc(int64_t epoch)
{
    (void)epoch;
    return false;
}

static bool always_utc(int64_t epoch)
{
    (void)epoch;
    return true;
}

enum { DAY = 86400, T = 1700000000 };

static struct sign sign(int64_t at, int zone)
{
    return (struct sign){.when = {at, zone}, .class = CLASS_COUNTED};
}

void test_signs__an_address_is_compared_without_case(void **state)
{
    (void)state;
    struct span two[] = {SPAN("wei@example.org"), SPAN("Wei.Zhang@Lab.example")};
    struct mails mails = {two, 2, 2};
    assert_true(mails_hold(&mails, SPAN("WEI@example.ORG")));
    assert_int_equal(mails_find(&mails, SPAN("wei.zhang@lab.example")), 1);
    assert_false(mails_hold(&mails, SPAN("wei@example.or")));
    assert_false(mails_hold(&mails, SPAN("")));
}

void test_signs__utc_among_other_zones_is_doubted_within_thirty_days(void **state)
{
    (void)state;
    struct sign at[] = {sign(T, 0), sign(T + 29 * DAY, 60), sign(T + 30 * DAY, 0), sign(T + 60 * DAY, 0)};
    struct signs s = {at, 4, 4};
    signs_doubt_zones(&s, never_utc);
    assert_int_equal(at[0].class, CLASS_ZONE_UNKNOWN);
    assert_int_equal(at[1].class, CLASS_COUNTED);
    assert_int_equal(at[2].class, CLASS_ZONE_UNKNOWN);
    assert_int_equal(at[3].class, CLASS_COUNTED); /* 31 days after the last other zone */
}

void test_signs__utc_is_believed_where_the_machine_is_at_utc(void **state)
{
    (void)state;
    struct sign at[] = {sign(T, 0), sign(T + DAY, 60)};
    struct signs s = {at, 2, 2};
    signs_doubt_zones(&s, always_utc);
    assert_int_equal(at[0].class, CLASS_COUNTED);
}

void test_signs__utc_alone_is_believed(void **state)
{
    (void)state;
    struct sign at[] = {sign(T, 0), sign(T + DAY, 0)};
    struct signs s = {at, 2, 2};
    signs_doubt_zones(&s, never_utc);
    assert_int_equal(at[0].class, CLASS_COUNTED);
    assert_int_equal(at[1].class, CLASS_COUNTED);
}

void test_signs__what_is_set_apart_says_nothing_of_zones(void **state)
{
    (void)state;
    struct sign at[] = {sign(T, 0), sign(T + DAY, 60)};
    struct signs s = {at, 2, 2};
    at[1].class = CLASS_MERGE_CLICK;
    signs_doubt_zones(&s, never_utc);
    assert_int_equal(at[0].class, CLASS_COUNTED);
}

void test_signs__a_slower_way_doubts_the_same(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252u;
    struct sign at[200], slow[200];
    for (int round = 0; round < 200; round++) {
        int64_t when = T;
        for (int i = 0; i < 200; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            when += (int64_t)(x % (20 * DAY));
            at[i] = sign(when, (x >> 40) % 4 == 0 ? 120 : 0);
            if ((x >> 50) % 5 == 0)
                at[i].class = CLASS_BOTS;
        }
        memcpy(slow, at, sizeof at);
        for (int i = 0; i < 200; i++)
            for (int k = 0; k < 200; k++)
                if (at[i].class == CLASS_COUNTED && at[i].when.zone == 0 && at[k].class == CLASS_COUNTED &&
                    at[k].when.zone != 0 && llabs(at[k].when.epoch - at[i].when.epoch) <= 30 * DAY)
                    slow[i].class = CLASS_ZONE_UNKNOWN;
        struct signs s = {at, 200, 200};
        signs_doubt_zones(&s, never_utc);
        for (int i = 0; i < 200; i++)
            assert_int_equal(at[i].class, slow[i].class);
    }
}
