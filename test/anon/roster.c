/* anon/roster.c: the lists that are served are those whose roots stand in the record. */
#include "test/test.h"

#include "test/anon/lab_of.h"

#include "base/banned.h"

/* {"index":…,"leaves":[…]} is the list of that entry: ascending, different, its number and root. */
static void is_list(const json_t *shown, const struct history_list *logged)
{
    const json_t *list = json_object_get(shown, "leaves");
    struct leaves leaves = {.n = json_array_size(list)};
    static uint8_t at[64][32];
    uint8_t root[32];
    assert_true(leaves.n <= 64);
    leaves.at = at;
    for (size_t i = 0; i < leaves.n; i++) {
        const json_t *v = json_array_get(list, i);
        assert_true(
            b64_exact((struct span){json_string_value(v), json_string_length(v)}, B64_URL, at[i], 32));
        assert_true(i == 0 || memcmp(at[i - 1], at[i], 32) < 0);
    }
    assert_int_equal(json_integer_value(json_object_get(shown, "index")), logged->index);
    assert_int_equal(leaves.n, logged->list.n);
    roster_root(&leaves, root);
    assert_memory_equal(root, logged->list.root, 32);
}

static json_t *asked(struct lab_of *l, const char *path)
{
    struct err err = {0};
    json_t *o = NULL;
    struct lab_said said = lab_ask(l, api_roster, NULL, path, NULL, SPAN(""));
    assert_int_equal(said.status, 200);
    assert_ok(canon_read(said.body, 1 << 20, &o, &err), &err);
    struct lab_said again = lab_ask(l, api_roster, NULL, path, NULL, SPAN(""));
    assert_true(span_eq(said.body, again.body));
    return o;
}

static bool shows(const json_t *shown, const uint8_t leaf[static 32])
{
    const json_t *list = json_object_get(shown, "leaves"), *v;
    size_t i;
    AUTO_BUF struct buf text;
    buf_init(&text, 64);
    b64_add(&text, lab_bytes(leaf, 32), B64_URL);
    json_array_foreach(list, i, v)
    {
        if (strcmp(json_string_value(v), buf_text(&text)) == 0)
            return true;
    }
    return false;
}

static void served(struct lab_of *l)
{
    struct lab_member m[5];
    for (int i = 0; i < 5; i++) {
        m[i] = lab_member(i);
        lab_join(l, &m[i]);
        l->app.now++;
        lab_beat(l);
        if (i % 2 == 0)
            assert_int_equal(lab_fetch(l, &m[i], W48, 2), 200);
    }
    l->app.now++;
    lab_beat(l);
    AUTO_JSON json_t *o = asked(l, "/v1/rosters/2026-W48");
    const json_t *rosters = json_object_get(o, "rosters"), *opens = json_object_get(o, "opens");
    const struct history *h = lab_record(l);
    assert_int_equal(json_array_size(rosters), h->rosters.n);
    assert_int_equal(json_array_size(opens), h->opens.n);
    for (size_t i = 0; i < h->rosters.n; i++)
        is_list(json_array_get(rosters, i), &h->rosters.at[i]);
    for (size_t i = 0; i < h->opens.n; i++)
        is_list(json_array_get(opens, i), &h->opens.at[i]);
    lab_facts_done(l->lab);
    for (int i = 0; i < 5; i++) {
        uint8_t member[32], holder[32];
        roster_leaf(ROSTER_MEMBERS, W48, m[i].tag, member);
        roster_leaf(ROSTER_HOLDERS, W48, m[i].tag, holder);
        assert_true(shows(json_array_get(rosters, json_array_size(rosters) - 1), member));
        assert_int_equal(shows(json_array_get(opens, json_array_size(opens) - 1), holder), i % 2 == 0);
    }
    assert_int_equal(lab_ask(l, api_roster, NULL, "/v1/rosters/2026-W40", NULL, SPAN("")).status, 404);
    assert_int_equal(lab_ask(l, api_roster, NULL, "/v1/rosters/x", NULL, SPAN("")).status, 404);
    lab_sound(l);
}

void test_roster__lists_have_the_roots_of_the_record(void **state)
{
    (void)state;
    lab_both(served, true, 2);
}

/* ---- cosignatures ---- */

static struct lab_said cosigned(struct lab_of *l, const struct lab_member *m, const char *epoch,
                                struct span text, const char *origin)
{
    struct note_sig_key key;
    struct err err = {0};
    uint8_t sig[64];
    AUTO_BUF struct buf message, line, body;
    buf_init(&message, 4096);
    buf_init(&line, 4096);
    buf_init(&body, 4096);
    assert_ok(note_sig_key_read(span_of(m->vkey), &key, &err), &err);
    note_sig_cosigned(&message, (uint64_t)l->app.now, text);
    sign(&m->witness, buf_span(&message), sig);
    note_sig_line_write(&line, &key, sig, (uint64_t)l->app.now);
    AUTO_JSON json_t *o =
        json_pack("{s:s,s:s,s:s%}", "epoch", epoch, "origin", origin, "line", buf_text(&line), line.n - 1);
    assert_ok(canon_write(o, &body, &err), &err);
    return lab_ask(l, api_cosign, m->secret, "/v1/cosignatures", "application/json", buf_span(&body));
}

static void lines(struct lab_of *l)
{
    struct lab_member m = lab_member(1), other = lab_member(2);
    const char *origin = "lab.example/respite";
    uint8_t head[32];
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    lab_join(l, &m);
    lab_join(l, &other);
    assert_true(history_head(lab_record(l), NULL, W48, &text, head));
    lab_facts_done(l->lab);
    struct span whole = buf_span(&text);
    struct lab_member mixed = m;
    mixed.witness = other.witness;
    assert_string_equal(cosigned(l, &mixed, "2026-W48", whole, origin).problem, "bad-sig");
    assert_string_equal(cosigned(l, &m, "2026-W48", SPAN("lab.example/respite\n9\nx\n"), origin).problem,
                        "bad-sig");
    assert_string_equal(cosigned(l, &m, "2026-W40", whole, origin).problem, "bad-field");
    assert_string_equal(cosigned(l, &m, "2026-W48", whole, "elsewhere.example").problem, "bad-field");
    assert_int_equal(cosigned(l, &other, "2026-W48", whole, origin).status, 204);
    assert_int_equal(cosigned(l, &m, "2026-W48", whole, origin).status, 204);
    assert_int_equal(cosigned(l, &m, "2026-W48", whole, origin).status, 409);
    AUTO_JSON json_t *o = asked(l, "/v1/rosters/2026-W48");
    const json_t *list = json_object_get(o, "lines");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "origin")), origin);
}

void test_roster__cosigns_epoch_head_only(void **state)
{
    (void)state;
    lab_both(lines, false, LAB_QUOTA);
}
