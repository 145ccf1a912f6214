/* The record as history: a lab that keeps to the protocol has no findings, and each way of not keeping to it
 * has its own. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/history.h"
#include "anon/token.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"
#include "crypt/sign.h"

#include "base/banned.h"

enum { W47 = 20773, W48 = W47 + 7, W49 = W48 + 7, HOUR = 3600, DAY = 86400 };
#define BEGAN ((int64_t)(W47 + 2) * DAY + 10 * HOUR) /* Wednesday of 2026-W47, ten o'clock */
#define VKEY "127.0.0.1:8080/respite+00000000+AQ=="

struct record {
    struct history *h;
    struct arena *arena;
};

static void record_free(struct record *r)
{
    history_free(r->h);
    arena_free(r->arena);
}
#define AUTO_RECORD __attribute__((cleanup(record_free)))

static void add_text(struct record *r, struct span text)
{
    struct err err = {0};
    assert_ok(history_add(r->h, text, &err), &err);
}

static void add(struct record *r, struct entry e)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, ENTRY_MOST);
    assert_ok(entry_write(&e, &out, &err), &err);
    add_text(r, buf_span(&out));
}

static struct entry genesis(const char *roles, bool trial)
{
    return (struct entry){.kind = ENTRY_GENESIS,
                          .at = BEGAN,
                          .genesis = {.lab = SPAN("Lab"),
                                      .by = SPAN("Works"),
                                      .roles = span_of(roles),
                                      .zone = SPAN("Europe/Berlin"),
                                      .origin_info = SPAN("127.0.0.1:8080"),
                                      .promise = SPAN("127.0.0.1:8080/respite/promise+00000000+AQ=="),
                                      .issuer = {.at = {SPAN("http://127.0.0.1:8080")}, .n = 1},
                                      .board = {.at = {SPAN("http://127.0.0.1:8080")}, .n = 1},
                                      .log = {.at = {SPAN(VKEY)}, .n = 1},
                                      .trial = trial}};
}

static struct entry rules(int64_t at)
{
    return (struct entry){.kind = ENTRY_RULES,
                          .at = at,
                          .rules = {.floor = 10,
                                    .quota = 64,
                                    .slot = {6, 12, 18},
                                    .slots = 3,
                                    .letters = 4,
                                    .retention = 14,
                                    .fetch_from = 600,
                                    .fetch_to = 960,
                                    .send_from = 540,
                                    .send_to = 1080}};
}

/* `which` makes another modulus. */
static struct entry key(int64_t at, day_t epoch, uint8_t which)
{
    static char room[CHALLENGE_MOST];
    struct challenge challenge = {
        .type = TOKEN_TYPE, .issuer = SPAN("127.0.0.1:8080"), .origins = SPAN("127.0.0.1:8080")};
    struct entry e = {.kind = ENTRY_KEY, .at = at, .key = {.epoch = epoch, .windows = epoch_windows(epoch)}};
    uint8_t n[SPKI_MODULUS] = {0x80, which, (uint8_t)epoch};
    n[SPKI_MODULUS - 1] = 1;
    spki_write(n, e.key.spki);
    AUTO_BUF struct buf text;
    buf_init(&text, CHALLENGE_MOST);
    challenge_write(&challenge, &text);
    memcpy(room, text.p, text.n);
    e.key.challenge = (struct span){room, text.n};
    return e;
}

static struct entry roster(int64_t at, day_t epoch, int64_t members)
{
    return (struct entry){
        .kind = ENTRY_ROSTER, .at = at, .list = {.epoch = epoch, .n = members, .root = {(uint8_t)members}}};
}

static struct entry open_of(int64_t at, day_t epoch, int64_t holders)
{
    return (struct entry){.kind = ENTRY_OPEN, .at = at, .list = {.epoch = epoch, .n = holders}};
}

static struct entry issued(int64_t at, day_t epoch, int64_t members, int64_t n)
{
    return (struct entry){.kind = ENTRY_CLOSE,
                          .at = at,
                          .close = {.epoch = epoch, .members = members, .issued = n, .spent = -1}};
}

static struct entry spent(int64_t at, day_t epoch, int64_t n)
{
    return (struct entry){
        .kind = ENTRY_CLOSE, .at = at, .close = {.epoch = epoch, .members = -1, .issued = -1, .spent = n}};
}

static struct entry batch(const char *series, int64_t n, day_t day, int64_t slot, day_t epoch, int64_t count)
{
    struct entry e = {.kind = ENTRY_BATCH,
                      .batch = {.series = span_of(series), .n = n, .day = day, .slot = slot, .count = count}};
    if (count > 0) {
        e.batch.keys = 1;
        e.batch.key[0].epoch = epoch;
        e.batch.key[0].n = count;
    }
    return e;
}

/* One act's c, and its id. */
struct leaf {
    uint8_t c[32], id[32];
};

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct leaf *)a)->id, ((const struct leaf *)b)->id, 16);
}

/* `n` leaves in their order; those of another `seed` are others. */
static void leaves_of(struct leaf *leaf, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t number[2] = {seed, (uint32_t)i};
        hash_sha256((struct span){(const char *)number, sizeof number}, leaf[i].c);
        entry_act_leaf(leaf[i].c, NULL, leaf[i].id);
    }
    qsort(leaf, n, sizeof *leaf, by_id);
}

static void add_leaves(struct record *r, size_t n)
{
    static struct leaf leaf[ENTRY_ACTS_MOST];
    leaves_of(leaf, n, (uint32_t)r->h->tree.size);
    for (size_t i = 0; i < n; i++) {
        struct entry e = {.kind = ENTRY_ACT};
        memcpy(e.act.c, leaf[i].c, 32);
        add(r, e);
    }
}

static void add_batch(struct record *r, int64_t n, day_t day, int64_t slot, day_t epoch, int64_t count)
{
    add(r, batch("board", n, day, slot, epoch, count));
    add_leaves(r, (size_t)count);
}

/* The first checkpoint of a lab with 12 members, in the middle of W47. */
static struct record begin(const char *roles, bool trial)
{
    struct err err = {0};
    struct record r = {.arena = arena_new()};
    assert_ok(history_new(&r.h, &err), &err);
    add(&r, genesis(roles, trial));
    add(&r, rules(BEGAN));
    if (strcmp(roles, "board") == 0)
        return r;
    add(&r, key(BEGAN, W47, 0));
    add(&r, key(BEGAN, W48, 0));
    add(&r, roster(BEGAN, W47, 12));
    add(&r, roster(BEGAN, W48, 12));
    return r;
}

static struct record lab(void)
{
    return begin("both", false);
}

static void assert_good(const struct record *r)
{
    for (size_t i = 0; i < r->h->findings.n; i++)
        print_error("%llu: %s\n", (unsigned long long)r->h->findings.at[i].index, r->h->findings.at[i].text);
    assert_int_equal(r->h->findings.n, 0);
}

/* One finding, about the last entry, with these words in it; then it is forgotten. */
static void assert_found(struct record *r, const char *words)
{
    assert_int_equal(r->h->findings.n, 1);
    if (!strstr(r->h->findings.at[0].text, words)) {
        print_error("%s\n", r->h->findings.at[0].text);
        assert_true(false);
    }
    assert_int_equal(r->h->findings.at[0].index, r->h->tree.size - 1);
    r->h->findings.n = 0;
}

void test_history__a_lab_that_keeps_to_the_protocol_has_no_findings(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t monday = epoch_start(W48);
    add_batch(&r, 1, W47 + 4, 0, W47, 5);
    add(&r, key(monday - 3 * DAY, W49, 0));
    add(&r, roster(monday - HOUR, W49, 12));
    add(&r, open_of(monday, W48, 11));
    add(&r, issued(monday, W47, 12, 64));
    add_batch(&r, 2, W48, 0, W48, 3);
    add_batch(&r, 3, W48, 1, W48, 512);
    add_batch(&r, 4, W48, 1, W48, 100); /* the rest of a full slot */
    add(&r, batch("letters", 1, W48, 3, W48, 2));
    add_leaves(&r, 2);
    add(&r, spent(monday + 12 * HOUR, W47, 5));
    add(&r, roster(monday + DAY, W48, 13));
    add_text(&r, SPAN("{\"at\":1795700000,\"from\":1,\"t\":\"quiet\",\"to\":2}"));
    add(&r, issued(epoch_start(W49), W48, 13, 800));
    add(&r, open_of(epoch_start(W49), W49, 12));
    add_batch(&r, 5, W49, 0, W48, 2);
    add(&r, spent(epoch_start(W49) + 13 * HOUR, W48, 619));
    assert_good(&r);
    assert_int_equal(history_members(r.h, W48), 13);
    assert_int_equal(history_roster(r.h, W48)->list.n, 13);
    assert_int_equal(history_open(r.h, W48)->list.n, 11);
    assert_null(history_open(r.h, W47));
    assert_int_equal(history_spent(r.h, W48), 619);
    assert_int_equal(history_issued(r.h, W48)->close.issued, 800);
    assert_int_equal(history_closed(r.h, W48)->close.spent, 619);
    assert_true(history_sums_hold(r.h, r.h, W48));
    assert_non_null(history_general(r.h, W49));
    assert_null(history_general(r.h, W49 + 7));
    assert_true(span_is(history_origin(r.h), "127.0.0.1:8080/respite"));
    struct entry k = key(0, W48, 0);
    uint8_t id[32];
    spki_key_id(k.key.spki, id);
    assert_int_equal(history_key(r.h, id)->index, 3);
    id[0] ^= 1;
    assert_null(history_key(r.h, id));
}

void test_history__second_key_of_epoch_refused(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, key(BEGAN + 60, W49, 0));
    assert_good(&r);
    add(&r, key(BEGAN + 120, W49, 9));
    assert_found(&r, "second key");
    assert_int_equal(history_general(r.h, W49)->index, 6);
    assert_false(history_key(r.h, r.h->keys.at[3].key.key_id)->good);
    struct entry again = key(BEGAN + 180, W49 + 7, 0); /* the key of one epoch for another */
    memcpy(again.key.spki, r.h->keys.at[2].key.spki, sizeof again.key.spki);
    add(&r, again);
    assert_found(&r, "second key");
    assert_null(history_general(r.h, W49 + 7));
    assert_true(history_key(r.h, r.h->keys.at[2].key.key_id)->good); /* what was first stays */
}

void test_history__a_key_is_logged_a_day_before_it_is_used(void **state)
{
    (void)state;
    int64_t latest = epoch_windows(W49).issue_from - DAY;
    AUTO_RECORD struct record r = lab();
    add(&r, key(latest + 1, W49, 0));
    assert_found(&r, "less than a day");
    assert_null(history_general(r.h, W49));
    AUTO_RECORD struct record in_time = lab();
    add(&in_time, key(latest, W49, 0));
    assert_good(&in_time);
    AUTO_RECORD struct record trial = begin("both", true);
    add(&trial, key(latest + DAY, W49, 0));
    assert_good(&trial);
    /* Not one of the first checkpoint, though it says the hour of it. */
    AUTO_RECORD struct record later = lab();
    add_batch(&later, 1, W47 + 2, 0, W47, 3);
    struct entry k = key(BEGAN, W47, 0);
    later.h->keys.n = 0;
    add(&later, k);
    assert_found(&later, "less than a day");
    /* Unless the first checkpoint was seen to hold it. */
    AUTO_RECORD struct record seen = lab();
    seen.h->first_size = 100;
    add(&seen, key(latest + 1, W49, 0));
    assert_good(&seen);
}

void test_history__a_key_has_the_windows_of_its_week(void **state)
{
    (void)state;
    for (int which = 0; which < 4; which++) {
        AUTO_RECORD struct record r = lab();
        struct entry e = key(BEGAN + 60, W49, 0);
        int64_t *times[] = {&e.key.windows.issue_from, &e.key.windows.issue_to, &e.key.windows.spend_from,
                            &e.key.windows.spend_to};
        *times[which] += 1;
        add(&r, e);
        assert_found(&r, "other times");
        assert_null(history_general(r.h, W49));
    }
}

void test_history__an_unsound_key_is_not_used(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    struct entry e = key(BEGAN + 60, W49, 0);
    e.key.spki[1] ^= 1;
    add(&r, e);
    assert_found(&r, "not a sound one");
    assert_null(history_general(r.h, W49));
}

/* The finding when the challenge is another. */
static void other_challenge(struct challenge c)
{
    AUTO_RECORD struct record r = lab();
    struct entry e = key(BEGAN + 60, W49, 0);
    AUTO_BUF struct buf text;
    buf_init(&text, CHALLENGE_MOST);
    challenge_write(&c, &text);
    e.key.challenge = buf_span(&text);
    add(&r, e);
    assert_found(&r, "other addresses");
    assert_null(history_general(r.h, W49));
}

void test_history__foreign_origin_refused(void **state)
{
    (void)state;
    struct challenge c = {
        .type = TOKEN_TYPE, .issuer = SPAN("127.0.0.1:8080"), .origins = SPAN("127.0.0.1:8080")};
    struct challenge other = c;
    other.origins = SPAN("127.0.0.1:8080,elsewhere.example");
    other_challenge(other);
    other.origins = SPAN("");
    other_challenge(other);
    other = c;
    other.issuer = SPAN("elsewhere.example");
    other_challenge(other);
    other = c;
    other.context_n = 32;
    other_challenge(other);
    AUTO_RECORD struct record r = lab();
    struct entry e = key(BEGAN + 60, W49, 0);
    e.key.challenge.n--;
    add(&r, e);
    assert_found(&r, "other addresses");
}

void test_history__a_survey_key_is_bound_to_its_survey(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    struct span survey = SPAN("{\"at\":1795082400,\"question\":\"?\",\"t\":\"survey\"}");
    uint8_t leaf[32];
    struct challenge c = {.type = TOKEN_TYPE,
                          .issuer = SPAN("127.0.0.1:8080"),
                          .origins = SPAN("127.0.0.1:8080"),
                          .context_n = 32};
    struct entry e = key(BEGAN + DAY, W48, 7);
    AUTO_BUF struct buf text;
    buf_init(&text, CHALLENGE_MOST);
    survey_context(survey, c.context);
    challenge_write(&c, &text);
    e.key.survey = true;
    e.key.challenge = buf_span(&text);
    e.key.windows = (struct windows){BEGAN + 2 * DAY, BEGAN + 5 * DAY, BEGAN + 5 * DAY, BEGAN + 9 * DAY};
    merkle_leaf(survey, leaf);
    memcpy(e.key.id_of, leaf, 16);
    add(&r, e);
    assert_found(&r, "other addresses"); /* there is no such survey yet */
    r.h->keys.n--;
    add_text(&r, survey);
    add(&r, e);
    assert_good(&r);
    assert_non_null(history_survey_key(r.h, leaf));
    assert_null(history_survey_key(r.h, e.key.spki));
    add(&r, e);
    assert_found(&r, "second key");
    r.h->keys.n -= 2;
    e.key.windows.issue_to++; /* it would be issued while it is spent */
    add(&r, e);
    assert_found(&r, "other times");
}

void test_history__a_back_dated_entry_is_found(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, rules(BEGAN + 10 * DAY));
    assert_good(&r);
    add(&r, rules(BEGAN + 10 * DAY - HOUR));
    assert_good(&r);
    add(&r, key(BEGAN + 2 * DAY, W49, 0)); /* as if it had been in time */
    assert_int_equal(r.h->findings.n, 2);
    assert_non_null(strstr(r.h->findings.at[0].text, "before others"));
    assert_null(history_general(r.h, W49));
}

void test_history__times_are_held_against_those_of_reading(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    r.h->before = BEGAN + 3 * DAY;
    r.h->now = BEGAN + 4 * DAY;
    add(&r, rules(BEGAN + 4 * DAY + 300));
    assert_good(&r);
    add(&r, rules(BEGAN + 4 * DAY + 301));
    assert_found(&r, "later than now");
    AUTO_RECORD struct record old = lab();
    old.h->before = BEGAN + 3 * DAY;
    add(&old, rules(BEGAN + 3 * DAY - HOUR - 1));
    assert_found(&old, "before others");
    /* A batch of a day tells the time, too. */
    AUTO_RECORD struct record day = lab();
    add_batch(&day, 1, W47 + 6, 0, W47, 3);
    add(&day, rules(BEGAN + DAY));
    assert_found(&day, "before others");
}

void test_history__rosters_grow_and_come_before_their_week(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, roster(BEGAN + 60, W47, 13));
    assert_good(&r);
    add(&r, roster(BEGAN + 120, W47, 12));
    assert_found(&r, "became shorter");
    assert_int_equal(history_roster(r.h, W47)->list.n, 13);
    struct entry other = roster(BEGAN + 120, W47, 13);
    other.list.root[5] = 1;
    add(&r, other);
    assert_found(&r, "the same length");
    add(&r, roster(epoch_start(W49) + 1, W49, 13));
    assert_found(&r, "after the week had begun");
    add(&r, roster(epoch_start(W49) + DAY, W47, 14));
    assert_found(&r, "after the week was over");
    assert_int_equal(history_members(r.h, W47), 13);
}

void test_history__an_open_counts_members_of_a_week_that_has_begun(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, open_of(epoch_start(W48) - 1, W48, 12));
    assert_found(&r, "before the week began");
    assert_null(history_open(r.h, W48));
    add(&r, open_of(epoch_start(W48), W48, 13));
    assert_found(&r, "the lab has 12");
    assert_null(history_open(r.h, W48));
    add(&r, open_of(epoch_start(W48), W48, 12));
    assert_good(&r);
    add(&r, open_of(epoch_start(W48) + 1, W48, 11));
    assert_found(&r, "a second time");
    assert_int_equal(history_open(r.h, W48)->list.n, 12);
    add(&r, open_of(epoch_start(W49), W49, 10));
    assert_found(&r, "without a list of members");
    AUTO_RECORD struct record trial = begin("both", true);
    add(&trial, open_of(epoch_start(W48), W48, 9));
    add(&trial, open_of(epoch_start(W48) + 9, W48, 11));
    assert_good(&trial);
    assert_int_equal(history_open(trial.h, W48)->list.n, 11);
}

void test_history__close_sums_violation_reported(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t at = epoch_start(W48);
    add_batch(&r, 1, W47 + 3, 0, W47, 70);
    add(&r, issued(at, W47, 12, 12 * 64 + 1));
    assert_found(&r, "more than its 12 members");
    r.h->closes.n = 0;
    add(&r, issued(at, W47, 13, 70));
    assert_found(&r, "the record lists 12");
    r.h->closes.n = 0;
    add(&r, issued(at, W47, 12, 69));
    assert_good(&r);
    add(&r, spent(at + 13 * HOUR, W47, 70));
    assert_found(&r, "70 of 69");
    assert_false(history_sums_hold(r.h, r.h, W47));
    r.h->closes.n = 0;
    add(&r, spent(at + 13 * HOUR, W47, 71));
    assert_found(&r, "the batches hold 70");
    r.h->closes.n = 0;
    add(&r, spent(at + 13 * HOUR, W47, 70));
    assert_good(&r);
    add(&r, issued(at + 13 * HOUR, W47, 12, 69)); /* in the other order */
    assert_found(&r, "70 of 69");
    add(&r, spent(at + 14 * HOUR, W47, 70));
    assert_int_equal(r.h->findings.n, 2);
    assert_non_null(strstr(r.h->findings.at[0].text, "a second time"));
    r.h->findings.n = 0;
    add_batch(&r, 2, W48, 1, W47, 3);
    assert_int_equal(r.h->findings.n, 1);
    assert_non_null(strstr(r.h->findings.at[0].text, "after the sums"));
}

void test_history__sums_with_leavers_hold(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t at = epoch_start(W48);
    add_batch(&r, 1, W47 + 3, 0, W47, 500);
    add(&r, roster(BEGAN + DAY, W47, 14)); /* two join during the week … */
    add(&r, key(at - 3 * DAY, W49, 0));
    add(&r, roster(at - HOUR, W49, 9));    /* … five leave, which the week after next shows */
    add(&r, issued(at, W47, 14, 14 * 64)); /* the rows of leavers are in the sum */
    add(&r, spent(at + 13 * HOUR, W47, 500));
    assert_good(&r);
}

void test_history__a_batch_that_lacks_leaves_is_found(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, batch("board", 1, W47 + 3, 0, W47, 5));
    add_leaves(&r, 4);
    add(&r, batch("board", 2, W47 + 3, 1, W47, 1));
    assert_found(&r, "1 are not there");
    add_leaves(&r, 1);
    assert_good(&r);
    add_leaves(&r, 1);
    assert_found(&r, "outside a batch");
}

void test_history__batch_order_checked(void **state)
{
    (void)state;
    static struct leaf leaf[5];
    AUTO_RECORD struct record r = lab();
    struct entry e = {.kind = ENTRY_ACT};
    leaves_of(leaf, 5, 1);
    add(&r, batch("board", 1, W47 + 3, 0, W47, 5));
    static const size_t order[] = {0, 1, 3, 2, 4};
    for (size_t i = 0; i < 5; i++) {
        memcpy(e.act.c, leaf[order[i]].c, 32);
        add(&r, e);
        if (i == 3)
            assert_found(&r, "not in the order");
        else
            assert_good(&r);
    }
    add(&r, batch("board", 2, W47 + 3, 1, W47, 2));
    memcpy(e.act.c, leaf[0].c, 32);
    add(&r, e);
    add(&r, e); /* twice the same */
    assert_found(&r, "not in the order");
}

void test_history__batch_numbers_and_days_follow(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add_batch(&r, 1, W47 + 3, 0, W47, 3);
    add(&r, batch("board", 3, W47 + 3, 1, W47, 0));
    assert_found(&r, "number 2 was to come");
    add(&r, batch("letters", 2, W47 + 3, 1, W47, 0));
    assert_found(&r, "number 1 was to come");
    add(&r, batch("board", 4, W47 + 2, 1, W47, 0));
    assert_found(&r, "before what was there");
    add(&r, rules(BEGAN + 6 * DAY));
    add(&r, batch("board", 5, W47 + 4, 1, W47, 0));
    assert_found(&r, "before what was there");
    struct entry e = batch("board", 6, W48 + 1, 0, W47, 3);
    e.batch.key[0].n = 2;
    add(&r, e);
    assert_found(&r, "with 2 passes");
    add_leaves(&r, 3);
    add(&r, batch("board", 7, W48 + 1, 1, W49, 1));
    assert_found(&r, "no good key");
}

void test_history__too_many_slots_reported(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, batch("board", 1, W47 + 3, 3, W47, 0)); /* a fourth slot */
    assert_found(&r, "more often");
    add_batch(&r, 2, W47 + 4, 0, W47, 3);
    assert_good(&r);
    add_batch(&r, 3, W47 + 4, 0, W47, 3); /* the same slot again, which was not full */
    assert_int_equal(r.h->findings.n, 1);
    r.h->findings.n = 0;
    add(&r, batch("board", 4, W47 + 4, 2, W47, 0));
    add(&r, batch("board", 5, W47 + 4, 1, W47, 0)); /* back */
    assert_found(&r, "more often");
    add(&r, batch("letters", 1, W47 + 4, 5, W47, 0));
    assert_good(&r);
    add(&r, batch("letters", 2, W47 + 5, 6, W47, 0));
    assert_found(&r, "more often");
    AUTO_RECORD struct record trial = begin("both", true);
    struct entry fast = rules(BEGAN);
    fast.rules.batch = 1;
    add(&trial, fast);
    add_batch(&trial, 1, W47 + 3, 0, W47, 1);
    add_batch(&trial, 2, W47 + 3, 0, W47, 1);
    assert_good(&trial);
}

void test_history__low_rules_floor_ignored(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    assert_int_equal(history_floor(r.h, W48), 10);
    struct entry e = rules(BEGAN + 60);
    e.rules.floor = 3;
    add(&r, e);
    assert_found(&r, "waits for 10");
    assert_int_equal(history_floor(r.h, W48), 10);
    e = rules(BEGAN + 120);
    e.rules.floor = 25;
    add(&r, e);
    assert_int_equal(history_floor(r.h, W47), 10); /* from the next week on */
    assert_int_equal(history_floor(r.h, W48), 25);
    AUTO_RECORD struct record empty = {.arena = arena_new()};
    struct err err = {0};
    assert_ok(history_new(&empty.h, &err), &err);
    assert_int_equal(history_floor(empty.h, W48), 10);
    assert_null(history_rules(empty.h, W48));
}

void test_history__rules_may_narrow_and_not_widen(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    struct entry e = rules(BEGAN + 60);
    e.rules.fetch_from = 700;
    e.rules.send_to = 1000;
    add(&r, e);
    assert_good(&r);
    e.rules.fetch_from = 0;
    add(&r, e);
    assert_found(&r, "keeps free");
    assert_int_equal(history_rules(r.h, W48)->fetch_from, 600);
    assert_int_equal(history_rules(r.h, W48)->send_to, 1000);
    e = rules(BEGAN + 60);
    e.rules.batch = 5;
    add(&r, e);
    assert_found(&r, "no trial");
    assert_int_equal(history_rules(r.h, W48)->batch, 0);
}

void test_history__begins_with_genesis_and_has_one(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_RECORD struct record r = {.arena = arena_new()};
    assert_ok(history_new(&r.h, &err), &err);
    add(&r, rules(BEGAN));
    assert_found(&r, "does not begin");
    add(&r, genesis("both", false));
    assert_good(&r);
    add(&r, genesis("both", true));
    assert_found(&r, "a second time");
    assert_false(r.h->genesis.trial);
}

void test_history__each_operator_writes_its_own_kinds(void **state)
{
    (void)state;
    AUTO_RECORD struct record board = begin("board", false);
    add(&board, roster(BEGAN, W47, 12));
    assert_found(&board, "may not write it");
    add(&board, issued(BEGAN + 6 * DAY, W47, 12, 5));
    assert_found(&board, "the other's");
    AUTO_RECORD struct record issuer = begin("issuer", false);
    add(&issuer, batch("board", 1, W47 + 3, 0, W47, 0));
    assert_found(&issuer, "may not write it");
    add(&issuer, spent(BEGAN + 6 * DAY, W47, 0));
    assert_found(&issuer, "the other's");
}

void test_history__what_is_no_entry_is_a_finding_and_counts(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_RECORD struct record r = lab();
    uint64_t size = r.h->tree.size;
    assert_false(history_add(r.h, SPAN("{\"t\": 1}"), &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_int_equal(r.h->tree.size, size + 1);
    assert_int_equal(r.h->findings.n, 1);
    r.h->findings.n = 0;
    add(&r, rules(BEGAN));
    for (int i = 0; i < 2 * HISTORY_FINDINGS; i++)
        assert_false(history_add(r.h, SPAN("x"), &(struct err){0}));
    assert_int_equal(r.h->findings.n, HISTORY_FINDINGS);
}

void test_history__lost_entries_are_said(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, (struct entry){.kind = ENTRY_BREAK,
                           .at = BEGAN + DAY,
                           .broken = {.size = 900, .reason = SPAN("The disk broke.")}});
    assert_found(&r, "lost entries");
}

/* A checkpoint of the issuer's, signed by the key of `seed`. */
static void peer_note(uint8_t seed, struct buf *note, struct buf *vkey)
{
    struct sign_key key;
    uint8_t sig[64];
    struct note_sig_key by = {.name = SPAN("issuer.example/respite-issuer"), .kind = NOTE_SIG_PLAIN};
    struct checkpoint head = {.origin = by.name, .size = 12};
    AUTO_BUF struct buf text;
    buf_init(&text, 1000);
    buf_init(note, 1000);
    buf_init(vkey, 1000);
    sign_key_init(&key, (const uint8_t[32]){seed});
    sign_public(&key, by.pk);
    sign_key_id(by.name, NOTE_SIG_PLAIN, by.pk, by.id);
    checkpoint_write(&text, &head);
    sign(&key, buf_span(&text), sig);
    note_sig_write(note, buf_span(&text));
    note_sig_line_write(note, &by, sig, 0);
    note_sig_key_write(vkey, &by);
}

void test_history__the_head_of_an_epoch_is_its_first_roster(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_RECORD struct record r = lab();
    uint8_t head[32], again[32], root[32];
    struct merkle six;
    char want[200];
    AUTO_BUF struct buf text, b64;
    buf_init(&text, 1000);
    assert_false(history_head(r.h, NULL, W49, NULL, head));
    six = r.h->tree; /* W48's roster is entry 5 */
    add(&r, roster(BEGAN + 60, W48, 13));
    assert_true(history_head(r.h, NULL, W48, &text, head));
    merkle_root(&six, root);
    assert_int_equal(r.h->heads.at[1].size, 6);
    assert_memory_equal(r.h->heads.at[1].root, root, 32);
    struct checkpoint c = {.origin = SPAN("127.0.0.1:8080/respite"), .size = 6};
    memcpy(c.root, root, 32);
    buf_init(&b64, 1000);
    checkpoint_write(&b64, &c);
    snprintf(want, sizeof want, "%s", buf_text(&b64));
    assert_string_equal(buf_text(&text), want);
    hash_sha256(span_of(want), again);
    assert_memory_equal(head, again, 32);
    assert_ok(err.code == E_NONE, &err);
}

void test_history__a_split_lab_has_a_head_of_both(void **state)
{
    (void)state;
    AUTO_BUF struct buf note, vkey, other, other_vkey, text;
    peer_note(1, &note, &vkey);
    peer_note(2, &other, &other_vkey);
    AUTO_RECORD struct record issuer = begin("issuer", false);
    AUTO_RECORD struct record board = {.arena = arena_new()};
    struct err err = {0};
    uint8_t head[32], alone[32];
    assert_ok(history_new(&board.h, &err), &err);
    struct entry g = genesis("board", false);
    g.genesis.log.at[1] = buf_span(&vkey);
    g.genesis.log.n = 2;
    add(&board, g);
    add(&board, rules(BEGAN));
    assert_false(history_head(issuer.h, board.h, W47, NULL, head));
    struct entry peer = {
        .kind = ENTRY_PEER, .at = BEGAN, .peer = {.note = buf_span(&note), .has_epoch = true, .epoch = W47}};
    add(&board, peer);
    assert_good(&board);
    buf_init(&text, 1000);
    assert_true(history_head(issuer.h, board.h, W47, &text, head));
    assert_true(history_head(issuer.h, NULL, W47, NULL, alone));
    assert_memory_not_equal(head, alone, 32);
    assert_true(span_find(buf_span(&text), SPAN("\n3\n")) > 0); /* the board's */
    assert_true(span_find(buf_span(&text), SPAN("\n5\n")) > 0); /* the issuer's */
    peer.peer.note = buf_span(&other);
    add(&board, peer);
    assert_found(&board, "did not sign");
    peer.peer.has_epoch = false; /* another lab's: whose key is not known */
    add(&board, peer);
    assert_good(&board);
    peer.peer.note = SPAN("x");
    add(&board, peer);
    assert_found(&board, "did not sign");
}

void test_history__without_memory_it_says_so(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf texts[3];
    struct entry e[] = {genesis("both", false), key(BEGAN, W48, 0), roster(BEGAN + DAY, W49, 12)};
    e[2].at = epoch_start(W49) + 5; /* a finding takes memory, too */
    for (size_t i = 0; i < 3; i++) {
        buf_init(&texts[i], ENTRY_MOST);
        assert_ok(entry_write(&e[i], &texts[i], &err), &err);
    }
    for (size_t nth = 1;; nth++) {
        struct err mine = {0};
        struct history *h = NULL;
        mem_fail_at(nth, false);
        bool done = history_new(&h, &mine);
        for (size_t i = 0; i < 3; i++)
            done = done && history_add(h, buf_span(&texts[i]), &mine);
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        history_free(h);
        assert_true(done || mine.code == E_MEMORY);
        if (asked < nth)
            break;
    }
    for (size_t i = 0; i < 3; i++)
        buf_clear(&texts[i]);
}
