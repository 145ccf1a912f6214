/* Works and their records: ids as people write them, one work from several sources, and that no order of
 * records, no second time and no cut of the batches changes what is there. */
#include "test/test.h"

#include <string.h>

#include "num/rng.h"
#include "papers/index.h"
#include "papers/paper.h"
#include "papers/paper_text.h"
#include "papers/papers_db.h"
#include "papers/search.h"

#include "base/banned.h"

static struct db *empty(void)
{
    struct db *db;
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, &set, 1, 1, NULL, &err), &err);
    return db;
}

static void id_is(const char *text, const char *scheme, const char *value, int version)
{
    AUTO_BUF struct buf room;
    struct paper_id id;
    int v;
    buf_init(&room, 4096);
    assert_true(paper_id_read(span_of(text), &room, &id, &v));
    assert_span(id.scheme, scheme);
    assert_span(id.value, value);
    assert_int_equal(v, version);
}

void test_paper__ids_are_read_as_people_write_them(void **state)
{
    (void)state;
    id_is("2408.00716", "arxiv", "2408.00716", 0);
    id_is(" arXiv:2408.00716v2 ", "arxiv", "2408.00716", 2);
    id_is("0704.0001", "arxiv", "0704.0001", 0);
    id_is("https://arxiv.org/abs/2408.00716v11", "arxiv", "2408.00716", 11);
    id_is("http://www.arxiv.org/pdf/2408.00716v1.pdf", "arxiv", "2408.00716", 1);
    id_is("math.GT/0309136v1", "arxiv", "math/0309136", 1);
    id_is("cs/0112017", "arxiv", "cs/0112017", 0);
    id_is("oai:arXiv.org:cs/0112017", "arxiv", "cs/0112017", 0);
    id_is("https://doi.org/10.1103/PhysRevD.76.013009", "doi", "10.1103/physrevd.76.013009", 0);
    id_is("doi: 10.1002/SPE.2984.", "doi", "10.1002/spe.2984", 0);
    id_is("10.48550/arXiv.2408.00716", "arxiv", "2408.00716", 0);
    id_is("https://openreview.net/forum?id=rJl-b3RcF7", "openreview", "rJl-b3RcF7", 0);
    id_is("https://aclanthology.org/P18-1001/", "acl", "P18-1001", 0);
    id_is("2014.lilt-11.7", "acl", "2014.lilt-11.7", 0);
    id_is("649def34f8be52c8b66281af98ae884c09aef38b", "s2", "649def34f8be52c8b66281af98ae884c09aef38b", 0);
    static const char *const none[] = {
        "",       "2408",     "2413.00716",  "2408.007165",
        "10.1/x", "hello",    "cs/12",       "https://x.org/2408.00716",
        "arXiv:", "10.1103/", "2408.00716x", "https://arxiv.org/list/cs.LG/recent"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        AUTO_BUF struct buf room;
        struct paper_id id;
        buf_init(&room, 4096);
        assert_false(paper_id_read(span_of(none[i]), &room, &id, NULL));
    }
}

void test_paper__titles_are_compared_folded(void **state)
{
    (void)state;
    static const char *const same[] = {"{\\'E}cole of $\\alpha$-Divergence: 2nd", "École of α-divergence 2nd",
                                       "ECOLE OF\n  α divergence, 2nd"};
    for (size_t i = 0; i < 3; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 4096);
        paper_fold_title(&out, span_of(same[i]));
        assert_span(buf_span(&out), "ecoleofαdivergence2nd");
    }
}

/* ---- records made up ---- */

enum { WORKS = 40, RECORDS = 400 };
struct made {
    struct paper_record r;
    struct paper_id ids[3];
    struct paper_version versions[2];
    char title[80], abstract[80], authors[80], id[3][40];
};

static const char *const people[] = {"Emmy Noether", "Lasker, E.", "J. Łukasiewicz", "Yu Wang", "A. Turing"};

static void make(struct made *m, struct rng *rng)
{
    unsigned work = (unsigned)rng_below(rng, WORKS);
    memset(m, 0, sizeof *m);
    m->r = (struct paper_record){.source = (enum paper_source)(SOURCE_BIBTEX + rng_below(rng, 7)),
                                 .stamp = rng_below(rng, 3) ? 18000 + (day_t)rng_below(rng, 9) : PAPER_NO_DAY,
                                 .version = (int)rng_below(rng, 4),
                                 .says_withdrawn = rng_below(rng, 20) == 0 ? 1 : (int)rng_below(rng, 2) - 1,
                                 .versions = m->versions};
    snprintf(m->title, sizeof m->title, "On the %uth  question%s", work, rng_below(rng, 9) ? "" : ", again");
    snprintf(m->abstract, sizeof m->abstract, "We ask %u things.", (unsigned)rng_below(rng, 4));
    snprintf(m->authors, sizeof m->authors, "%s\n%s", people[work % 5], people[rng_below(rng, 5)]);
    struct paper *p = &m->r.paper;
    *p = (struct paper){.title = span_of(m->title),
                        .abstract = span_of(rng_below(rng, 3) ? m->abstract : ""),
                        .authors = span_of(rng_below(rng, 8) ? m->authors : ""),
                        .categories = span_of(rng_below(rng, 2) ? "cs.LG" : "cs.LG stat.ML"),
                        .venue = span_of(rng_below(rng, 3)   ? ""
                                         : rng_below(rng, 2) ? "ICML"
                                                             : "arXiv"),
                        .year = rng_below(rng, 4) ? 2018 + (int)rng_below(rng, 4) : 0,
                        .day = rng_below(rng, 2) ? 18000 + (day_t)rng_below(rng, 60) : PAPER_NO_DAY,
                        .announced = PAPER_NO_DAY,
                        .ids = m->ids};
    if (rng_below(rng, 2)) {
        p->kind = (enum paper_kind)(PAPER_NEW + rng_below(rng, 3));
        p->announced = 18000 + (day_t)rng_below(rng, 60);
    }
    for (size_t i = 0; i < 3; i++) {
        static const char *const schemes[] = {"arxiv", "doi", "openreview"};
        if (rng_below(rng, 2) && (p->year || p->day != PAPER_NO_DAY || p->ids_n || i == 2))
            continue;
        /* once in a while an id of the neighbour: two works become one */
        snprintf(m->id[i], sizeof m->id[i], "%u", work + (rng_below(rng, 60) == 0));
        m->ids[p->ids_n++] = (struct paper_id){span_of(schemes[i]), span_of(m->id[i])};
    }
    if (rng_below(rng, 2))
        m->versions[m->r.versions_n++] = (struct paper_version){1, 17990 + (day_t)rng_below(rng, 5)};
}

/* Everything but numbers given by order of arrival, as text: each work by its least id. */
static void dump(struct db *db, struct buf *out)
{
    struct err err = {0};
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(
        db_query(
            db, &q, &err,
            "select (select group_concat(x, ' ') from (select scheme || ':' || value as x from paper_id "
            "where paper = p.id order by 1)), title, abstract, authors, categories, venue, year, day, "
            "announced, kind, version, withdrawn, shown, hex(weights), (select group_concat(x, ' ') from "
            "(select fold || '/' || year || '/' || hex(names) as x from paper_key where paper = p.id "
            "order by 1)), (select group_concat(number || '@' || day, ' ') from paper_version where "
            "paper = p.id) from paper p order by 1"),
        &err);
    while (db_next(q, &err)) {
        for (int i = 0; i < 16; i++) {
            buf_add(out, db_text(q, i));
            buf_add_byte(out, '|');
        }
        buf_add_byte(out, '\n');
    }
    assert_int_equal(err.code, E_NONE);
    assert_true(buf_ok(out, &err));
}

/* Keep `n` records in the order given, `batch` at a time, and check that the index holds what the rows do. */
static void keep(struct db *db, const struct made *made, const uint32_t *order, size_t n, size_t batch,
                 struct papers_kept *sums)
{
    struct err err = {0};
    struct index_build *b = index_build_new(&err);
    assert_non_null(b);
    for (size_t at = 0; at < n; at += batch) {
        struct paper_record some[RECORDS];
        size_t k = 0;
        for (; k < batch && at + k < n; k++) {
            some[k] = made[order[at + k]].r;
            assert_ok(paper_check(&some[k], &err), &err);
        }
        assert_ok(papers_keep(db, b, some, k, NULL, NULL, sums, &err), &err);
    }
    index_build_free(b);
}

static void index_holds_the_rows(struct db *db)
{
    struct err err = {0};
    struct index index;
    struct search search;
    struct search_hit hits[SEARCH_MOST];
    size_t n;
    int64_t rows;
    assert_ok(index_open(&index, db, &err), &err);
    assert_ok(search_read(&search, &index, SPAN("question"), &err), &err);
    assert_ok(search_run(&search, &index, SEARCH_MOST, hits, &n, &err), &err);
    assert_ok(db_number(db, &rows, 0, &err, "select count(*) from paper"), &err);
    assert_int_equal(n, rows);
    for (size_t i = 0; i < n; i++) {
        int64_t there;
        assert_ok(
            db_number(db, &there, 0, &err, "select count(*) from paper where id = $1", V_INT(hits[i].paper)),
            &err);
        assert_int_equal(there, 1);
    }
    index_close(&index);
}

void test_paper__no_order_of_records_makes_a_difference(void **state)
{
    (void)state;
    static struct made made[RECORDS];
    uint32_t order[RECORDS];
    AUTO_BUF struct buf first;
    buf_init(&first, 4 << 20);
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t i = 0; i < RECORDS; i++) {
        make(&made[i], &rng);
        order[i] = (uint32_t)i;
    }
    for (int round = 0; round < 8; round++) {
        struct db *db = empty();
        struct papers_kept sums = {0}, again = {0};
        AUTO_BUF struct buf now;
        buf_init(&now, 4 << 20);
        keep(db, made, order, RECORDS, round == 0 ? RECORDS : 1 + (size_t)rng_below(&rng, 60), &sums);
        assert_int_equal(sums.added + sums.changed + sums.same, RECORDS);
        assert_true(round > 0 || sums.joined > 0);
        dump(db, round ? &now : &first);
        index_holds_the_rows(db);
        keep(db, made, order, RECORDS, 50, &again);
        assert_int_equal(again.same, RECORDS);
        if (round)
            assert_string_equal(buf_text(&now), buf_text(&first));
        db_close(db);
        for (size_t i = RECORDS - 1; i > 0; i--) {
            size_t j = (size_t)rng_below(&rng, i + 1);
            uint32_t held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
    }
}
