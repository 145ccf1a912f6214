/* What each source says, as a record: every form of test/data/papers, field by field. */
#include "test/test.h"

#include "papers/intake.h"

#include "base/banned.h"

struct shelf {
    struct arena *arena;
    struct paper_record at[16];
    size_t n, bad, left_out;
};

static struct shelf read_file(const char *name)
{
    struct shelf s = {.arena = arena_new()};
    char path[400];
    struct intake *AUTO_INTAKE in = NULL;
    struct intake_item *item = ARENA_NEW(s.arena, struct intake_item);
    struct err err = {0};
    snprintf(path, sizeof path, "%s/papers/%s", TEST_DATA, name);
    assert_ok(intake_open(&in, path, &err), &err);
    while (intake_next(in, s.arena, item, &err)) {
        s.bad += item->what == INTAKE_BAD;
        s.left_out += item->what == INTAKE_LEFT_OUT;
        if (item->what == INTAKE_RECORD && s.n < 16)
            s.at[s.n++] = item->record;
    }
    assert_int_equal(err.code, E_NONE);
    return s;
}

static bool has_id(const struct paper_record *r, const char *scheme, const char *value)
{
    for (size_t i = 0; i < r->paper.ids_n; i++)
        if (span_is(r->paper.ids[i].scheme, scheme) && span_is(r->paper.ids[i].value, value))
            return true;
    return false;
}

static day_t on(int year, int month, int day)
{
    return day_of((struct ymd){year, month, day});
}

void test_record__atom(void **state)
{
    (void)state;
    struct shelf s = read_file("atom.xml");
    const struct paper_record *r = &s.at[0];
    assert_int_equal(s.n, 2);
    assert_true(has_id(r, "arxiv", "2601.01234") && has_id(r, "doi", "10.1234/slow.1"));
    assert_int_equal(r->version, 2);
    assert_int_equal(r->paper.day, on(2026, 1, 5));
    assert_true(r->day_is_published);
    assert_int_equal(r->stamp, on(2026, 1, 8));
    assert_span(r->paper.authors, "Emmy Noether\nJózef Łukasiewicz");
    assert_span(r->paper.categories, "cs.LG stat.ML");
    assert_true(span_find(r->paper.abstract, SPAN("rest\nwell, on a < b.")) >= 0);
    assert_int_equal(r->says_withdrawn, 0);
    assert_true(has_id(&s.at[1], "arxiv", "cs/0112017"));
    assert_int_equal(s.at[1].says_withdrawn, 1);
    arena_free(s.arena);
}

void test_record__rss(void **state)
{
    (void)state;
    struct shelf s = read_file("rss.xml"), empty = read_file("rss_empty.xml");
    assert_int_equal(empty.n + empty.bad, 0);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.at[0].paper.kind, PAPER_NEW);
    assert_int_equal(s.at[0].paper.announced, on(2026, 1, 8));
    assert_span(s.at[0].paper.abstract, "A model that rests forgets less, where $\\lambda < 1$.");
    assert_span(s.at[0].paper.authors, "Emmy Noether\nEmanuel Lasker");
    assert_span(s.at[0].paper.categories, "cs.LG cs.CL");
    assert_int_equal(s.at[0].version, 1);
    assert_int_equal(s.at[1].paper.kind, PAPER_REPLACE);
    assert_int_equal(s.at[1].paper.year, 2026);
    assert_int_equal(s.at[1].says_withdrawn, -1);
    arena_free(s.arena);
    arena_free(empty.arena);
}

void test_record__oai(void **state)
{
    (void)state;
    struct shelf s = read_file("oai_arxiv.xml"), raw = read_file("oai_raw.xml"), dc = read_file("oai_dc.xml");
    assert_int_equal(s.n, 3);
    assert_span(s.at[0].paper.authors, "Emmy Noether\nM. L. King");
    assert_int_equal(s.at[0].paper.kind, PAPER_NEW);
    assert_int_equal(s.at[0].paper.announced, on(2026, 1, 7));
    assert_int_equal(s.at[1].paper.day, PAPER_NO_DAY);
    assert_int_equal(s.at[1].paper.year, 2007);
    assert_int_equal(s.at[1].paper.kind, PAPER_REPLACE);
    assert_int_equal(s.at[2].says_withdrawn, 1);
    assert_int_equal(s.at[2].paper.title.n, 0);
    assert_int_equal(raw.at[0].versions_n, 2);
    assert_true(raw.at[0].day_is_published);
    assert_span(raw.at[0].paper.authors, "A. Author\nB. Writer\nC. von Mises");
    assert_true(has_id(&dc.at[0], "arxiv", "2601.02222") && has_id(&dc.at[0], "doi", "10.1234/naps"));
    assert_span(dc.at[0].paper.authors, "Emmy Noether\nM. L. King");
    assert_int_equal(dc.at[0].paper.day, on(2026, 1, 6));
    arena_free(s.arena);
    arena_free(raw.arena);
    arena_free(dc.arena);
}

void test_record__json_of_services(void **state)
{
    (void)state;
    struct shelf snap = read_file("snapshot.jsonl"), one = read_file("openreview1.json"),
                 two = read_file("openreview2.json"), s2 = read_file("s2.json"), hf = read_file("hf.json"),
                 lists = read_file("rest2026.json");
    assert_span(snap.at[0].paper.authors, "A. Author\nB. Writer Jr.");
    assert_int_equal(snap.at[0].paper.day, on(2007, 4, 2));
    assert_int_equal(snap.at[0].version, 2);
    assert_int_equal(snap.at[0].stamp, on(2008, 11, 26));
    assert_int_equal(one.n, 1);
    assert_int_equal(one.left_out, 1);
    assert_true(has_id(&one.at[0], "openreview", "rJl-b3RcF7"));
    assert_int_equal(one.at[0].paper.year, 2019);
    assert_int_equal(two.n, 2);
    assert_span(two.at[0].paper.authors, "Yu Wang\nE. Lasker");
    assert_int_equal(two.at[0].paper.day, on(2023, 10, 13));
    assert_int_equal(two.at[0].says_withdrawn, 0);
    assert_int_equal(two.at[1].says_withdrawn, 1);
    assert_true(has_id(&s2.at[0], "arxiv", "2601.02222") && has_id(&s2.at[0], "doi", "10.1234/naps"));
    assert_true(has_id(&s2.at[1], "acl", "P26-1001"));
    assert_int_equal(s2.at[1].paper.year, 0);
    assert_span(hf.at[0].paper.authors, "E. Lasker");
    assert_int_equal(hf.at[0].paper.day, on(2026, 1, 12));
    assert_span(lists.at[0].paper.venue, "rest");
    assert_int_equal(lists.at[0].paper.year, 2026);
    assert_span(lists.at[0].paper.authors, "A. Turing\nEmmy Noether");
    assert_int_equal(lists.at[1].says_withdrawn, 1);
    struct shelf *all[] = {&snap, &one, &two, &s2, &hf, &lists};
    for (size_t i = 0; i < 6; i++)
        arena_free(all[i]->arena);
}

void test_record__libraries_and_lines(void **state)
{
    (void)state;
    struct shelf bib = read_file("library.bib"), lines = read_file("lines.jsonl"), ids = read_file("ids.txt");
    assert_int_equal(bib.n, 3);
    assert_int_equal(bib.bad, 1);
    assert_span(bib.at[0].paper.title, "Slow Learning of Maps and l'École");
    assert_span(bib.at[0].paper.authors, "Emmy Noether\nJózef Łukasiewicz\nThe Rest Group");
    assert_true(bib.at[0].named && has_id(&bib.at[0], "doi", "10.1234/slow.1"));
    assert_span(bib.at[1].paper.authors, "Emanuel Lasker\nJohn von Neumann Jr");
    assert_true(has_id(&bib.at[1], "arxiv", "2601.03456"));
    assert_int_equal(lines.n, 3);
    assert_int_equal(lines.at[0].paper.ids_n, 0);
    assert_true(has_id(&lines.at[1], "corpus", "rest/r13-7"));
    assert_true(has_id(&lines.at[2], "arxiv", "2601.03456"));
    assert_int_equal(ids.n, 3);
    assert_true(has_id(&ids.at[2], "openreview", "rJl-b3RcF7"));
    arena_free(bib.arena);
    arena_free(lines.arena);
    arena_free(ids.arena);
}
