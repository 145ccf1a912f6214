/* speak/mailbox*.c and box_key.c: two computers that write to each other over batches that everybody reads.
 */
#include "test/test.h"

#include "test/speak/mailbox_nodes.h"

#include "base/banned.h"

void test_mailbox__letters_go_both_ways(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    struct conversations all = talk(&p.helper);
    assert_true(all.at[0].waits && all.at[0].side == MAILBOX_HELPER);
    assert_true(span_is(letters_of(&p.helper, p.theirs).at[0].text, "Could I talk about leaving?"));
    pass_on(&p, &p.helper, p.theirs, "Yes. I am here.", TODAY);
    for (int i = 0; i < 3; i++) {
        pass_on(&p, &p.asker, p.mine, "and from me", TODAY + i);
        pass_on(&p, &p.helper, p.theirs, "and from me too", TODAY + i);
    }
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 8);
    struct letters_kept mine = letters_of(&p.asker, p.mine);
    assert_int_equal(mine.n, 8);
    for (size_t i = 0; i < mine.n; i++)
        assert_true(mine.at[i].day >= TODAY && !mine.at[i].gap);
    assert_int_equal(talk(&p.asker).at[0].last, TODAY + 2);
    assert_true(talk(&p.asker).at[0].acked && talk(&p.helper).at[0].acked);
    assert_int_equal(number(&p.other, "letter"), 0);
    two_clear(&p);
}

/* Addresses of one conversation have nothing in common that anybody without its secret can see, whoever
 * counts; the first one is drawn. */
void test_mailbox__mailbox_addresses_unlinkable(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    struct outbox all = {0};
    uint8_t seen[64][16];
    size_t n = 0;
    two_make(&p);
    for (int i = 0; i < 20; i++)
        pass_on(&p, &p.asker, p.mine, "the same words", TODAY);
    assert_ok(outbox_list(p.asker.db, p.asker.arena, -1, &all, &err), &err);
    for (size_t i = 0; i < all.n; i++) {
        AUTO_JSON json_t *act = NULL;
        AUTO_BUF struct buf box;
        buf_init(&box, BOX_LARGE);
        assert_ok(canon_read(all.at[i].act, 65536, &act, &err) && letter_act_read(act, seen[n], &box, &err),
                  &err);
        assert_int_equal(box.n, BOX_SMALL);
        assert_int_equal(json_object_size(act), 2);
        assert_true(!all.at[i].has_thread); /* a key of its own each time */
        for (size_t k = 0; k < n; k++) {
            int same = 0;
            for (int b = 0; b < 16; b++)
                same += seen[k][b] == seen[n][b];
            assert_true(same < 5); /* 5 of 16 by chance: one in 2^28 */
        }
        n++;
    }
    assert_int_equal(n, 21);
    two_clear(&p);
}

/* What the board gets of a first letter is two random runs of bytes: no listener's key is in it, and two
 * letters to one listener look like two to two. */
void test_mailbox__first_letter_names_nobody(void **state)
{
    (void)state;
    struct node a, l;
    struct err err = {0};
    struct outbox all = {0};
    int64_t outbox;
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, epoch_of(NOON));
    (void)begin(&a, &key, "one", &outbox);
    (void)begin(&a, &key, "one", &outbox);
    assert_ok(outbox_list(a.db, a.arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 2);
    for (size_t i = 0; i < 2; i++) {
        AUTO_JSON json_t *act = NULL;
        AUTO_BUF struct buf box;
        uint8_t to[16];
        buf_init(&box, BOX_LARGE);
        assert_ok(canon_read(all.at[i].act, 65536, &act, &err) && letter_act_read(act, to, &box, &err), &err);
        assert_true(span_find(buf_span(&box), span_bytes(key.pk, 8)) < 0);
        assert_true(span_find(span_bytes(to, 16), span_bytes(key.pk, 4)) < 0);
        assert_int_equal(box.n, BOX_SMALL);
    }
    assert_true(memcmp(all.at[0].act.p, all.at[1].act.p, 64) != 0);
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__a_letter_that_overtook_the_first_is_found(void **state)
{
    (void)state;
    struct node a, l;
    struct node *to[] = {&a, &l, NULL};
    int64_t first;
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, epoch_of(NOON));
    int64_t id = begin(&a, &key, "first", &first);
    publish(&a, write_to(&a, id, "second"), to, TODAY);
    assert_int_equal(look(&l).letters, 0);
    publish(&a, first, to, TODAY + 1);
    assert_int_equal(look(&l).letters, 2);
    struct letters_kept all = letters_of(&l, talk(&l).at[0].id);
    assert_true(span_is(all.at[0].text, "second") || span_is(all.at[1].text, "second"));
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__gaps_are_said_and_used_addresses_ignored(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    struct outbox all = {0};
    two_make(&p);
    (void)write_to(&p.asker, p.mine, "lost");
    pass_on(&p, &p.asker, p.mine, "third", TODAY);
    struct letters_kept kept = letters_of(&p.helper, p.theirs);
    assert_int_equal(kept.n, 2);
    assert_true(kept.at[1].gap && !kept.at[1].late);
    at_day(&p.helper, TODAY + 6);
    assert_true(letters_of(&p.helper, p.theirs).at[1].late);
    /* the same act once more, and one of the lab's to a used address */
    assert_ok(outbox_list(p.asker.db, p.asker.arena, -1, &all, &err), &err);
    fetched(&p.helper, all.at[2].act, TODAY);
    fetched(&p.helper, all.at[0].act, TODAY); /* a copy of the first letter is no new conversation */
    assert_int_equal(look(&p.helper).letters, 0);
    assert_int_equal(number(&p.helper, "conversation"), 1);
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 2);
    two_clear(&p);
}

static bool file_holds(struct node *n, const char *what)
{
    static const char *const names[] = {"data.db", "data.db-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(place_name(&n->place, names[i]), "rb");
        if (!f)
            continue;
        static char bytes[1 << 22];
        size_t got = fread(bytes, 1, sizeof bytes, f);
        found |= span_find((struct span){bytes, got}, span_of(what)) >= 0;
        fclose(f);
    }
    return found;
}

void test_mailbox__letters_gone_on_both_sides(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    pass_on(&p, &p.helper, p.theirs, "words-of-the-helper", TODAY + 1);
    pass_on(&p, &p.asker, p.mine, "words-of-the-asker", TODAY + 2);
    for (int i = 0; i < 2; i++) {
        struct node *n = p.all[i];
        at_day(n, TODAY + 2 + MAILBOX_DAYS);
        assert_int_equal(look(n).ended, 0);
        assert_true(file_holds(n, "words-of-the-asker") && file_holds(n, "words-of-the-helper"));
        n->now += 10 * DAY; /* a clock that runs ahead by days removes nothing: the lab's counts */
        (void)look(n);
        at_day(n, TODAY + 3 + MAILBOX_DAYS);
        assert_int_equal(look(n).ended, i == 0 || i == 1 ? 1 : 0);
        assert_int_equal(number(n, "conversation"), 0);
        assert_int_equal(number(n, "letter"), 0);
        assert_int_equal(number(n, "outbox"), 0);
        assert_int_equal(number(n, "mail"), 0);
        assert_false(file_holds(n, "words-of-the-asker"));
        assert_false(file_holds(n, "words-of-the-helper"));
    }
    two_clear(&p);
}

/* Whose clock runs behind by days, or who was away, has them removed all the same, at the first fetch. */
void test_mailbox__a_lab_that_is_gone_keeps_nothing_here(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    p.asker.now = NOON + (int64_t)(2 * MAILBOX_DAYS + 1) * DAY; /* nothing was fetched since */
    assert_int_equal(look(&p.asker).ended, 1);
    two_clear(&p);
}

void test_mailbox__old_box_key_deleted(void **state)
{
    (void)state;
    struct node a, l;
    struct node *to[] = {&l, NULL};
    struct err err = {0};
    int64_t n, outbox;
    day_t week = epoch_of(NOON);
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, week), next = key_of(&l, week + 7);
    assert_true(memcmp(key.pk, next.pk, 32) != 0);
    assert_true(memcmp(key_of(&l, week).pk, key.pk, 32) == 0);
    int64_t last = (int64_t)(week + 7) * DAY + 16 * 3600; /* the week's last letters batch */
    assert_ok(box_keys_end(l.db, last + 14 * DAY - 1, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(box_keys_end(l.db, last + 14 * DAY, &n, &err), &err);
    assert_int_equal(n, 1);
    (void)begin(&a, &key, "too late", &outbox);
    publish(&a, outbox, to, TODAY);
    assert_int_equal(look(&l).letters, 0); /* nobody can open it any more */
    (void)begin(&a, &next, "in time", &outbox);
    publish(&a, outbox, to, TODAY);
    assert_int_equal(look(&l).first, 1);
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__junk_letters_leave_listener_open(void **state)
{
    (void)state;
    struct two p;
    struct node *l = &p.helper;
    struct err err = {0};
    int64_t outbox, busy, refused;
    char noise[BOX_SMALL];
    two_make(&p);
    struct box_key key = key_of(l, epoch_of(NOON));
    struct node *to[] = {l, NULL};
    for (int i = 0; i < 40; i++) { /* well-made ones … */
        (void)begin(&p.other, &key, "junk", &outbox);
        publish(&p.other, outbox, to, TODAY);
    }
    for (int i = 0; i < 40; i++) { /* … and noise */
        uint8_t addr[16];
        AUTO_BUF struct buf act;
        buf_init(&act, 1 << 16);
        rand_bytes(addr, sizeof addr);
        rand_bytes(noise, sizeof noise);
        AUTO_JSON json_t *o = letter_act(addr, (struct span){noise, sizeof noise});
        assert_ok(canon_write(o, &act, &err), &err);
        fetched(l, buf_span(&act), TODAY);
    }
    assert_int_equal(look(l).first, 40);
    assert_ok(conversations_busy(l->db, "listener", &busy, &err), &err);
    assert_int_equal(busy, 0); /* none of them takes a place */
    (void)write_to(l, p.theirs, "I am here.");
    (void)write_to(l, p.theirs + 1, "And here.");
    assert_ok(conversations_busy(l->db, "listener", &busy, &err), &err);
    assert_int_equal(busy, MAILBOX_TWO);
    assert_false(
        mailbox_send(l->db, &l->known, p.theirs + 2, SPAN("third"), NULL, true, l->now, &refused, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    bool there;
    assert_ok(mailbox_end(l->db, p.theirs + 1, &there, &err), &err);
    (void)write_to(l, p.theirs + 2, "third");
    assert_ok(mailbox_end(l->db, p.theirs + 3, &there, &err), &err); /* put aside: gone */
    assert_int_equal(number(l, "conversation"), 40);
    two_clear(&p);
}

/* A day of 500 letters tried with three keys. The bar is in bench/; here, that all of it is looked at. */
void test_mailbox__a_flood_is_looked_at_once(void **state)
{
    (void)state;
    struct node l;
    struct err err = {0};
    int64_t untried;
    char noise[BOX_SMALL];
    node_make(&l);
    for (int i = 0; i < 3; i++)
        (void)key_of(&l, epoch_of(NOON) - 7 * i);
    for (int i = 0; i < 500; i++) {
        uint8_t addr[16];
        AUTO_BUF struct buf act;
        buf_init(&act, 1 << 16);
        rand_bytes(addr, sizeof addr);
        rand_bytes(noise, sizeof noise);
        AUTO_JSON json_t *o = letter_act(addr, (struct span){noise, sizeof noise});
        assert_ok(canon_write(o, &act, &err), &err);
        fetched(&l, buf_span(&act), TODAY);
    }
    fetched(&l, SPAN("{\"to\":7}"), TODAY);
    fetched(&l, SPAN("[]"), TODAY);
    assert_int_equal(look(&l).letters, 0);
    assert_ok(db_number(l.db, &untried, -1, &err, "select count(*) from mail where tried = 0"), &err);
    assert_int_equal(untried, 0);
    assert_int_equal(number(&l, "mail"), 500);
    at_day(&l, TODAY + 15);
    (void)look(&l);
    assert_int_equal(number(&l, "mail"), 0);
    node_clear(&l);
}

static int64_t confirmed_or_stopped(struct node *n, bool stopped)
{
    struct err err = {0};
    int64_t x;
    if (stopped)
        assert_ok(db_number(n->db, &x, 0, &err, "select count(*) from log_evidence where over = 0"), &err);
    else
        assert_ok(db_number(n->db, &x, 0, &err, "select count(*) from seen_head"), &err);
    return x;
}

void test_mailbox__split_view_found_by_letter(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 0);
    log_fill(&p.asker, 3, 0x44); /* the asker was shown another record, signed as well */
    pass_on(&p, &p.asker, p.mine, "what do you see?", TODAY);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 1);
    assert_int_equal(confirmed_or_stopped(&p.other, true), 0); /* who cannot open it learns nothing */
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 2);
    two_clear(&p);
}

void test_mailbox__a_longer_record_waits_for_the_own_one(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    log_fill(&p.asker, 5, 0x44);
    pass_on(&p, &p.asker, p.mine, "later", TODAY);
    assert_int_equal(confirmed_or_stopped(&p.helper, false), 1);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 0);
    log_fill(&p.helper, 6, 0);
    (void)look(&p.helper);
    assert_int_equal(confirmed_or_stopped(&p.helper, false), 0);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 1);
    two_clear(&p);
}

/* A backup has no letter and no key that opens one. */
void test_mailbox__a_copy_holds_no_letters(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    two_make(&p);
    (void)write_to(&p.asker, p.mine, "on its way");
    assert_ok(mailbox_copied(p.asker.db, &err) && mailbox_copied(p.helper.db, &err), &err);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(number(p.all[i], "conversation") + number(p.all[i], "letter"), 0);
        assert_int_equal(number(p.all[i], "outbox") + number(p.all[i], "box_key"), 0);
    }
    two_clear(&p);
}
