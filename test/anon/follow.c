/* anon/follow.c, anon/fetch.c: the record of a real lab, followed through weeks; what does not fit, and what
 * merely fails. */
#include "test/test.h"

#include "anon/spend_rule.h"
#include "anon/week_anon.h"
#include "test/anon/lab_served.h"

#include "base/banned.h"

void test_follow__a_copy_grows_and_proves_each_of_its_entries(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    uint8_t root[32], leaf[32];
    served_start(&s, false);
    served_join(&n, &s, 1);
    for (int week = 0; week < 3; week++) {
        assert_ok(served_follow(&n, &err), &err);
        struct history *h = served_record(&n);
        assert_int_equal(h->findings.n, 0);
        assert_int_equal(h->tree.size, lab_number(&s.l, "select size from log_head"));
        merkle_root(&h->tree, root);
        for (uint64_t i = 0; i < h->tree.size; i++) {
            AUTO_BUF struct buf proof;
            buf_init(&proof, 4096);
            assert_ok(follow_leaf(n.db, FOLLOW_ISSUER, i, leaf, &err) &&
                          follow_prove(n.db, FOLLOW_ISSUER, i, &proof, &err),
                      &err);
            assert_true(merkle_included(i, h->tree.size, leaf, root, (const uint8_t *)buf_text(&proof),
                                        proof.n / 32));
        }
        AUTO_BUF struct buf none;
        buf_init(&none, 4096);
        assert_false(follow_prove(n.db, FOLLOW_ISSUER, h->tree.size, &none, &err));
        err_clear(&err);
        history_free(h);
        served_until(&s, s.l.app.now + 7 * LAB_DAY);
    }
    assert_null(served_stopped(&n));
    served_leave(&n);
    served_stop(&s);
}

/* ---- what comes instead of the record ---- */

static bool is_note(const struct request *r)
{
    return span_is(r->path, "/log/checkpoint");
}

static void maintenance(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    if (!is_note(request))
        return;
    buf_reset(&reply->body);
    buf_add_text(&reply->body, "<!doctype html><p>We will be back soon.");
}

/* A page of a proxy is no lie of the lab: nothing stops for good. */
void test_follow__a_page_that_is_no_record_stops_nothing(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    served_start(&s, false);
    served_join(&n, &s, 1);
    s.spoil = maintenance;
    assert_false(served_follow(&n, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_null(served_stopped(&n));
    err_clear(&err);
    s.spoil = NULL;
    assert_ok(served_follow(&n, &err), &err);
    served_leave(&n);
    served_stop(&s);
}

/* The same text under a key of its own. */
static void other_key(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    char *sig = is_note(request) ? strrchr(reply->body.p, ' ') : NULL;
    if (sig)
        sig[20] = sig[20] == 'A' ? 'B' : 'A';
}

static void endless(struct served *s, const struct request *request, struct reply *reply)
{
    struct tlog log = s->l.lab->log;
    struct checkpoint head = {.origin = span_of(log.origin), .size = (uint64_t)1 << 61};
    struct note_sig_key by = {.name = span_of(log.origin), .kind = NOTE_SIG_PLAIN};
    uint8_t sig[64];
    AUTO_BUF struct buf text;
    if (!is_note(request))
        return;
    buf_init(&text, 4096);
    checkpoint_write(&text, &head);
    sign_public(&log.key, by.pk);
    sign_key_id(by.name, NOTE_SIG_PLAIN, by.pk, by.id);
    sign(&log.key, buf_span(&text), sig);
    buf_reset(&reply->body);
    note_sig_write(&reply->body, buf_span(&text));
    note_sig_line_write(&reply->body, &by, sig, 0);
}

static void changed_entry(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    if (span_starts(request->path, SPAN("/log/tile/entries/")))
        reply->body.p[reply->body.n - 3] ^= 1;
}

static void expect_stop(void (*spoil)(struct served *, const struct request *, struct reply *), bool stops,
                        enum err_code code)
{
    struct served s;
    struct served_node n;
    struct err err = {0};
    served_start(&s, false);
    served_join(&n, &s, 1);
    assert_ok(served_follow(&n, &err), &err);
    int64_t size = served_number(&n, "select size from log_head");
    served_until(&s, s.l.app.now + 2 * LAB_DAY);
    s.spoil = spoil;
    assert_false(served_follow(&n, &err));
    assert_int_equal(err.code, code);
    assert_int_equal(served_stopped(&n) != NULL, stops);
    assert_int_equal(served_number(&n, "select size from log_head"), size);
    assert_int_equal(served_number(&n, "select count(*) from log_entry"), size);
    for (int i = 0; i < 40; i++) {
        err_clear(&err);
        assert_false(served_follow(&n, &err));
    }
    assert_true(served_number(&n, "select count(*) from log_evidence") <= 32);
    served_leave(&n);
    served_stop(&s);
}

void test_follow__another_key_or_another_entry_stops_it(void **state)
{
    (void)state;
    expect_stop(other_key, true, E_REFUSED);
    expect_stop(changed_entry, true, E_REFUSED);
}

void test_follow__a_record_without_end_is_not_begun(void **state)
{
    (void)state;
    expect_stop(endless, false, E_LIMIT);
}

/* ---- times ---- */

void test_follow__an_entry_of_a_time_to_come_stops_it(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    int64_t date;
    served_start(&s, false);
    served_join(&n, &s, 1);
    assert_ok(served_follow(&n, &err), &err);
    served_until(&s, s.l.app.now + 2 * LAB_DAY); /* the roster with member 1, and what else came */
    int64_t written = s.l.app.now;
    s.l.app.now = LAB_NOW + 60; /* and the server claims that it is now */
    assert_false(follow_logs(n.db, &n.known, LAB_NOW + 60, &date, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(served_stopped(&n));
    s.l.app.now = written;
    served_leave(&n);
    served_stop(&s);
}

/* Of two clocks that differ one is wrong, and who can tell which: nobody is accused. */
void test_follow__a_clock_that_is_off_accuses_nobody(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    int64_t date;
    served_start(&s, false);
    served_join(&n, &s, 1);
    assert_ok(follow_logs(n.db, &n.known, LAB_NOW + 30 * LAB_DAY, &date, &err), &err); /* a month ahead */
    assert_int_equal(date, LAB_NOW);
    served_until(&s, LAB_NOW + 2 * LAB_DAY);
    assert_ok(served_follow(&n, &err), &err); /* and set right */
    served_until(&s, LAB_NOW + 4 * LAB_DAY);
    assert_ok(follow_logs(n.db, &n.known, LAB_NOW - 30 * LAB_DAY, &date, &err), &err);
    served_until(&s, LAB_NOW + 6 * LAB_DAY);
    assert_ok(served_follow(&n, &err), &err);
    assert_null(served_stopped(&n));
    served_leave(&n);
    served_stop(&s);
}

/* ---- two at once ---- */

static void meanwhile(struct served *s, const struct request *request, struct reply *reply)
{
    struct served_node *n = s->arg, second = *n;
    struct err err = {0};
    (void)reply;
    if (!span_starts(request->path, SPAN("/log/tile/entries/")))
        return;
    s->spoil = NULL;
    second.db = NULL;
    assert_ok(db_open(&second.db, n->path, &err) && served_follow(&second, &err), &err);
    db_close(second.db);
}

void test_follow__two_processes_take_the_same_record_over_once(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    served_start(&s, false);
    served_join(&n, &s, 1);
    s.arg = &n;
    s.spoil = meanwhile;
    assert_ok(served_follow(&n, &err), &err);
    assert_null(s.spoil);
    assert_int_equal(served_number(&n, "select count(*) from log_entry"),
                     lab_number(&s.l, "select size from log_head"));
    served_leave(&n);
    served_stop(&s);
}

/* ---- what leaves does not depend on what one does ---- */

static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct served_node *n = arg;
    struct token token;
    day_t epoch;
    struct history *h = served_record(n);
    bool done = wallet_take(db, h, n->s->l.app.now, &token, &epoch, err);
    history_free(h);
    return done;
}

/* Uses passes, and puts posts into the outbox, of which none is due. */
static void use(struct served_node *n, int passes)
{
    struct err err = {0};
    AUTO_JSON json_t *act =
        json_pack("{s:s,s:s,s:s}", "title", "T", "text", "Some text.", "room", "everyone");
    struct spend_wish wish = {.kind = "thread", .act = act, .new_thread = true};
    int64_t id, before = served_number(n, "select count(*) from sent");
    int sent;
    for (int i = 0; i < passes; i++)
        assert_ok(db_write(n->db, take_work, n, &err), &err);
    for (int i = 0; i < 3; i++)
        assert_ok(spend(n->db, &n->known, &wish, n->s->l.app.now, &id, &err), &err);
    assert_ok(spend_due(n->db, &n->known, n->s->l.app.now, n->s->l.app.now, -1, &sent, &err), &err);
    assert_int_equal(sent, 0);
    assert_int_equal(served_number(n, "select count(*) from sent"), before);
}

static char *sent_text(struct served_node *n)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err err = {0};
    static struct buf text;
    buf_init(&text, 1 << 20);
    assert_ok(db_query(n->db, &q, &err, "select method, address, kind, bytes, status from sent order by id"),
              &err);
    while (db_next(q, &err))
        buf_printf(&text, "%.*s %.*s %.*s %d %d\n", SPAN_ARG(db_text(q, 0)), SPAN_ARG(db_text(q, 1)),
                   SPAN_ARG(db_text(q, 2)), (int)db_int(q, 3), (int)db_int(q, 4));
    char *copy = mem_copy(buf_text(&text));
    buf_clear(&text);
    return copy;
}

/* Three weeks of two members who fetch at the same times: one never uses anything. */
void test_follow__server_bytes_equal_for_idle_and_busy(void **state)
{
    (void)state;
    struct served s;
    struct served_node idle, busy;
    struct err err = {0};
    served_start(&s, false);
    served_join(&idle, &s, 1);
    served_join(&busy, &s, 2);
    for (int week = 0; week < 3; week++) {
        for (int day = 0; day < 7; day += 2) {
            assert_ok(served_fetch(&idle, &err), &err);
            assert_ok(served_fetch(&busy, &err), &err);
            if (week > 0 && day > 0)
                use(&busy, 20);
            served_until(&s, s.l.app.now + 2 * LAB_DAY);
        }
        served_until(&s, LAB_NOW + (week + 1) * 7 * LAB_DAY);
    }
    char *a = sent_text(&idle), *b = sent_text(&busy);
    assert_non_null(strstr(a, "POST"));
    assert_string_equal(a, b);
    mem_free(a);
    mem_free(b);
    served_leave(&idle);
    served_leave(&busy);
    served_stop(&s);
}

/* A post is written, and until its moment nothing is asked: neither for it, nor in its stead. */
void test_follow__no_request_before_act(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    served_start(&s, false);
    served_join(&n, &s, 1);
    assert_ok(served_fetch(&n, &err), &err);
    unsigned before = s.requests;
    use(&n, 0);
    assert_int_equal(s.requests, before);
    served_leave(&n);
    served_stop(&s);
}

/* ---- one answer that fails ---- */

static void no_passes(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    if (span_is(request->path, "/token-request")) {
        reply->status = 503;
        buf_reset(&reply->body);
    }
}

void test_follow__what_fails_keeps_nothing_else_from_being_fetched(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    served_start(&s, false);
    served_join(&n, &s, 1);
    served_until(&s, LAB_NOW + 7 * LAB_DAY);
    s.spoil = no_passes;
    assert_false(served_fetch(&n, &err));
    assert_int_equal(err.code, E_SYSTEM);
    assert_int_equal(served_number(&n, "select count(*) from sent where address like '%/token-request'"), 2);
    assert_true(served_number(&n, "select count(*) from crowd") > 0);
    assert_true(served_number(&n, "select count(*) from log_list") > 0);
    assert_int_equal(served_number(&n, "select count(*) from cosigned"), 1);
    s.spoil = NULL;
    err_clear(&err);
    assert_ok(served_fetch(&n, &err), &err);
    assert_int_equal(served_number(&n, "select count(*) from pass"), 128);
    served_leave(&n);
    served_stop(&s);
}

/* ---- This week ---- */

void test_follow__this_week_has_the_record_in_four_words(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    uint8_t head[32];
    struct week_part part = {0};
    struct week week = {0, &part};
    served_start(&s, false);
    served_join(&n, &s, 1);
    struct app app = {.role = NODE, .arena = arena, .db = n.db, .now = s.l.app.now};
    assert_ok(week_lab(&app, &week, &err), &err);
    assert_int_equal(part.n, 0); /* nothing is here yet */
    assert_ok(served_fetch(&n, &err), &err);
    unsigned before = s.requests;
    assert_ok(week_lab(&app, &week, &err), &err);
    assert_int_equal(part.n, 1);
    assert_non_null(strstr(part.at[0].text, "in four words: "));
    struct history *h = served_record(&n);
    assert_true(history_head(h, NULL, W48, NULL, head));
    history_free(h);
    assert_ok(spend_confirm(n.db, head, &err), &err);
    part = (struct week_part){0};
    assert_ok(week_lab(&app, &week, &err), &err);
    assert_int_equal(part.n, 2);
    assert_string_equal(part.at[1].text, "Confirmed by: a colleague");
    assert_int_equal(s.requests, before);
    served_leave(&n);
    served_stop(&s);
}
