/* The record as history: a lab that keeps to the protocol has no findings, a key that does not is not used,
 * and what is asked of a history is what stands in it. */
#include "test/test.h"

#include "anon/history.h"
#include "anon/token.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "test/anon/record.h"

#include "base/banned.h"

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
    assert_true(history_sums_hold(r.h, &history_closed(r.h, W48)->close));
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

#define SURVEY(opens) \
    "{\"at\":1795082400,\"closes\":1795600800,\"group\":{\"n\":12,\"root\":" \
    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
    "AAAAAAAAAAA=\",\"roster\":4},\"opens\":" opens ",\"t\":\"survey\"}"

/* The key that an issuer of its own makes for a survey of the board's log. */
static struct entry survey_key(struct span survey, struct buf *challenge)
{
    struct challenge c = {.type = TOKEN_TYPE,
                          .issuer = SPAN("127.0.0.1:8080"),
                          .origins = SPAN("127.0.0.1:8080"),
                          .context_n = 32};
    struct entry e = key(1795082400, W48, 7);
    uint8_t leaf[32];
    buf_init(challenge, CHALLENGE_MOST);
    survey_context(survey, c.context);
    challenge_write(&c, challenge);
    merkle_leaf(survey, leaf);
    memcpy(e.key.id_of, leaf, 16);
    e.key.survey = true;
    e.key.challenge = buf_span(challenge);
    e.key.windows = (struct windows){1795082400 + DAY, 1795341600, 1795341600, 1795600800};
    return e;
}

void test_history__a_survey_and_its_key_in_two_logs(void **state)
{
    (void)state;
    AUTO_RECORD struct record issuer = begin("issuer", false);
    AUTO_RECORD struct record board = begin("board", false);
    struct span survey = SPAN(SURVEY("1795341600"));
    AUTO_BUF struct buf challenge;
    struct entry e = survey_key(survey, &challenge);
    add(&issuer, e);
    assert_good(&issuer);
    assert_null(history_survey_key(issuer.h, e.key.id_of));
    history_match(issuer.h, board.h, false); /* the copy of the board's log may be older */
    assert_good(&issuer);
    assert_null(history_survey_key(issuer.h, e.key.id_of));
    add_text(&board, survey);
    history_match(issuer.h, board.h, true);
    assert_good(&issuer);
    assert_non_null(history_survey_key(issuer.h, e.key.id_of));
    assert_true(history_survey(board.h, e.key.id_of)->survey.whole);
    struct entry_close close = {.survey = true, .members = 12, .issued = 5, .spent = -1};
    memcpy(close.id_of, e.key.id_of, 16);
    add(&issuer, (struct entry){.kind = ENTRY_CLOSE, .at = 1795341600, .close = close});
    close.spent = 5;
    assert_true(history_sums_hold(issuer.h, &close));
    close.spent = 6;
    assert_false(history_sums_hold(issuer.h, &close));
    close.id_of[0]++;
    assert_true(history_sums_hold(issuer.h, &close));
}

/* Of no survey, of another window, or logged before members could see what is asked: found once. */
void test_history__a_survey_key_that_does_not_match_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *survey;
        bool there;
        int64_t sooner;
        const char *words;
    } bad[] = {{SURVEY("1795341600"), false, 0, "does not stand"},
               {SURVEY("1795341601"), true, 0, "asks for"},
               {SURVEY("1795341600"), true, HOUR, "less than a day"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_RECORD struct record issuer = begin("issuer", false);
        AUTO_RECORD struct record board = begin("board", false);
        AUTO_BUF struct buf challenge;
        struct entry e = survey_key(span_of(bad[i].survey), &challenge);
        e.key.windows.issue_from -= bad[i].sooner;
        if (bad[i].there)
            add_text(&board, span_of(bad[i].survey));
        add(&issuer, e);
        history_match(issuer.h, board.h, true);
        history_match(issuer.h, board.h, true);
        assert_found(&issuer, bad[i].words);
        assert_null(history_survey_key(issuer.h, e.key.id_of));
    }
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
