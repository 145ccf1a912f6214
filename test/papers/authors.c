/* Names of authors and how many papers stand under them: planted people, whose homonyms and spellings are
 * known, and the public figures of PAPERS section 8 where the data is there. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "codec/scan.h"
#include "num/rng.h"
#include "papers/authors_say.h"
#include "papers/corpus.h"
#include "papers/paper.h"
#include "papers/papers_db.h"
#include "papers/texts.h"

#include "base/banned.h"

/* ---- names ---- */

static void folds(const char *name, const char *full, const char *key, bool one)
{
    struct author_name n;
    AUTO_BUF struct buf room;
    buf_init(&room, 1 << 20);
    assert_true(author_name_fold(&room, span_of(name), &n));
    assert_span(n.full, full);
    assert_span(n.key, key);
    assert_int_equal(n.one, one);
}

void test_authors__names_are_folded(void **state)
{
    (void)state;
    folds("Emmy Noether", "emmy noether", "noether e", false);
    folds("  NOETHER,  Emmy ", "emmy noether", "noether e", false);
    folds("J.K. {\\L}ukasiewicz", "j k łukasiewicz", "łukasiewicz j", false);
    folds("José-María O'Neill", "josemaria oneill", "oneill j", false);
    folds("Fei-Fei Li", "feifei li", "li f", false);
    folds("Laurens van der Maaten", "laurens van der maaten", "maaten l", false);
    folds("van der Maaten, Laurens", "laurens van der maaten", "maaten l", false);
    folds("Martin L. King, Jr.", "martin l king jr", "king m", false);
    folds("Henry Ford III", "henry ford iii", "ford h", false);
    folds("Wei Wang 0012", "wei wang 0012", "wang w", false);
    folds("王伟", "王伟", "王 伟", false);
    folds("王 伟", "王伟", "王 伟", false);
    folds("约翰·史密斯", "约翰 史密斯", "史密斯 约", false);
    folds("Mausam", "mausam", "mausam", true);
    folds("王", "王", "王", true);
    folds("", "", "", true);
    folds("??", "??", "??", true);
    folds("Jr.", "jr", "jr", true);
}

void test_authors__odd_bytes_make_a_name_like_any_other(void **state)
{
    (void)state;
    struct author_name n;
    AUTO_BUF struct buf room, bytes;
    struct rng rng;
    rng_seed(&rng, 5);
    buf_init(&room, 1 << 20);
    buf_init(&bytes, 2 << 20);
    for (int i = 0; i < 2000; i++) {
        buf_reset(&bytes);
        for (uint64_t k = rng_below(&rng, 60); k--;)
            buf_add_byte(&bytes, (char)rng_below(&rng, 256));
        assert_true(author_name_fold(&room, buf_span(&bytes), &n));
        assert_true(n.one || n.full.n);
    }
    buf_reset(&bytes);
    while (bytes.n < 1 << 20)
        buf_add_text(&bytes, "Emmy ");
    assert_true(author_name_fold(&room, buf_span(&bytes), &n));
    assert_true(n.full.n <= AUTHOR_NAME && n.key.n < 20);
    buf_reset(&bytes);
    while (bytes.n < 1 << 20)
        buf_add_text(&bytes, "王");
    assert_true(author_name_fold(&room, buf_span(&bytes), &n));
    assert_span(n.key, "王 王");
}

static void parts(const char *line, const char *expected)
{
    struct span rest = span_of(line), name;
    AUTO_BUF struct buf all;
    buf_init(&all, 4096);
    while (author_list(span_of(line)) && author_list_next(&rest, &name)) {
        buf_add(&all, name);
        buf_add_byte(&all, '/');
    }
    assert_string_equal(buf_text(&all), expected);
}

void test_authors__a_line_of_several_names_is_told_from_one_turned_round(void **state)
{
    (void)state;
    parts("Minkyu Jeon, Hyeonjin Park, Hyunwoo J. Kim", "Minkyu Jeon/Hyeonjin Park/Hyunwoo J. Kim/");
    parts("A. Noether, E. Lasker and P. Erdos", "A. Noether/E. Lasker/P. Erdos/");
    parts("Emmy Noether, Emanuel Lasker", "Emmy Noether/Emanuel Lasker/");
    parts("Martin L. King, Jr., Emmy Noether", "Martin L. King, Jr./Emmy Noether/");
    parts("Noether, Emmy", "");
    parts("van der Maaten, Laurens J.", "");
    parts("Martin L. King, Jr.", "");
    parts("Emmy Noether", "");
    parts(",,,", "");
    parts("", "");
}

void test_authors__ids_are_profiles_and_orcids(void **state)
{
    (void)state;
    static const char *const good[][2] = {{"~Emmy_Noether1", "~Emmy_Noether1"},
                                          {"0000-0002-1825-0097", "0000-0002-1825-0097"},
                                          {"https://orcid.org/0000-0002-1694-233x", "0000-0002-1694-233X"}};
    static const char *const bad[] = {"",
                                      "emmy@example.org",
                                      "~a b1",
                                      "~Emmy",
                                      "0000-0002-1825-0098",
                                      "0000",
                                      "~e@example.org1",
                                      "https://dblp.org/pid/1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 200);
        assert_true(author_id_read(span_of(good[i][0]), &out));
        assert_string_equal(buf_text(&out), good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 200);
        assert_false(author_id_read(span_of(bad[i]), &out));
    }
}

/* ---- planted people ---- */

enum { PEOPLE = 60, PAPERS = 400, AUTHORS_MOST = 5, FROM = 2010, TO = 2018 };

struct planted_paper {
    int year;
    char title[80], names[400], venue[8];
    struct author_said said[AUTHORS_MOST];
    char full[AUTHORS_MOST][40], id[AUTHORS_MOST][40];
    size_t said_n;
};
struct planted_people {
    struct planted_paper paper[PAPERS];
    int64_t truth[PEOPLE]; /* papers in TO */
};

/* Fewer surnames than people: homonyms; and three spellings of each. */
static void name_of(struct rng *rng, unsigned person, char *out, size_t size)
{
    static const char *const given[] = {"Wei", "Emmy", "Jun", "Ada", "José"};
    static const char *const family[] = {"Wang", "Noether", "Li", "O'Neill", "van der Maaten", "Kim"};
    const char *g = given[person % 5], *f = family[person % 6];
    switch (rng_below(rng, 4)) {
    case 0:
        snprintf(out, size, "%.1s. %s", g, f);
        break;
    case 1:
        snprintf(out, size, "%s %c. %s", g, 'A' + (char)(person % 3), f);
        break;
    default:
        snprintf(out, size, "%s %s", g, f);
    }
}

static void plant(struct planted_people *p, uint64_t seed, bool ids)
{
    struct rng rng;
    rng_seed(&rng, seed);
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < PAPERS; i++) {
        struct planted_paper *x = &p->paper[i];
        unsigned first = (unsigned)(rng_below(&rng, PEOPLE) * rng_below(&rng, PEOPLE) / PEOPLE);
        size_t n = 1 + rng_below(&rng, AUTHORS_MOST);
        x->year = FROM + (int)rng_below(&rng, TO - FROM + 1);
        snprintf(x->venue, sizeof x->venue, "v%u", (unsigned)rng_below(&rng, 2));
        snprintf(x->title, sizeof x->title, "Of topic%u and matter%u, no %zu", first,
                 (unsigned)rng_below(&rng, 9), i);
        for (size_t k = 0; k < n; k++) {
            char name[80];
            unsigned person = (first + (unsigned)k * 7) % PEOPLE;
            name_of(&rng, person, name, sizeof name);
            snprintf(x->names + strlen(x->names), sizeof x->names - strlen(x->names), "%s%s", k ? "\n" : "",
                     name);
            p->truth[person] += x->year == TO;
            if (ids) {
                AUTO_BUF struct buf room;
                struct author_name folded;
                buf_init(&room, 1 << 16);
                assert_true(author_name_fold(&room, span_of(name), &folded));
                snprintf(x->full[k], sizeof x->full[k], "%.*s", SPAN_ARG(folded.full));
                snprintf(x->id[k], sizeof x->id[k], "~P%u", person);
                x->said[x->said_n++] = (struct author_said){span_of(x->full[k]), span_of(x->id[k])};
            }
        }
    }
}

static int said_order(const void *a, const void *b)
{
    return span_order(((const struct author_said *)a)->name, ((const struct author_said *)b)->name);
}

static void take_in(struct authors *a, struct planted_people *p, const uint32_t *order, int last)
{
    struct err err = {0};
    assert_ok(authors_init(a, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        struct planted_paper *x = &p->paper[order ? order[i] : i];
        if (x->year > last)
            continue;
        qsort(x->said, x->said_n, sizeof *x->said, said_order);
        struct authors_paper paper = {.year = x->year,
                                      .venue = span_of(x->venue),
                                      .title = span_of(x->title),
                                      .names = span_of(x->names),
                                      .said = x->said,
                                      .said_n = x->said_n};
        assert_ok(authors_add(a, &paper, &err), &err);
    }
    assert_ok(authors_settle(a, &err), &err);
}

/* Papers of each person in the year, of one way. */
static void papers_of(const struct authors *a, enum authors_kind kind, int year, int64_t *out)
{
    uint32_t *mark = mem_get((a->people[kind] + 1) * sizeof *mark);
    for (size_t i = 0; i < a->mentions; i++) {
        uint32_t who = a->who[kind][i], paper = a->mention[i].paper + 1;
        out[who] += mark[who] != paper && a->paper[paper - 1].year == year;
        mark[who] = paper;
    }
    mem_free(mark);
}

/* Where one way joins what another keeps apart, for every name of every paper. */
static void within(const struct authors *a, enum authors_kind fine, enum authors_kind coarse)
{
    uint32_t *to = mem_get((a->people[fine] + 1) * sizeof *to);
    memset(to, 0xFF, (a->people[fine] + 1) * sizeof *to);
    for (size_t i = 0; i < a->mentions; i++) {
        uint32_t *at = &to[a->who[fine][i]];
        assert_true(*at == UINT32_MAX || *at == a->who[coarse][i]);
        *at = a->who[coarse][i];
    }
    mem_free(to);
}

void test_authors__papers_of_a_name_lie_between_split_and_merged(void **state)
{
    (void)state;
    static struct planted_people p;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        AUTO_AUTHORS struct authors a = {0};
        struct err err = {0};
        struct authors_year y;
        plant(&p, seed, false);
        take_in(&a, &p, NULL, TO);
        within(&a, AUTHORS_SPLIT, AUTHORS_MERGE);
        within(&a, AUTHORS_EXACT, AUTHORS_MERGE);
        int64_t *split = mem_get((a.mentions + 1) * sizeof *split),
                *exact = mem_get((a.mentions + 1) * sizeof *exact),
                *merge = mem_get((a.mentions + 1) * sizeof *merge);
        papers_of(&a, AUTHORS_SPLIT, TO, split);
        papers_of(&a, AUTHORS_EXACT, TO, exact);
        papers_of(&a, AUTHORS_MERGE, TO, merge);
        for (size_t i = 0; i < a.mentions; i++) {
            int64_t low = split[a.who[AUTHORS_SPLIT][i]], at = exact[a.who[AUTHORS_EXACT][i]],
                    high = merge[a.who[AUTHORS_MERGE][i]];
            assert_true(low <= at && at <= high);
        }
        mem_free(split);
        mem_free(exact);
        mem_free(merge);
        assert_ok(authors_count(&a, TO, 0, &y, &err), &err);
        assert_true(y.now.by[AUTHORS_SPLIT].n > y.now.by[AUTHORS_EXACT].n);
        assert_true(y.now.by[AUTHORS_EXACT].n > y.now.by[AUTHORS_MERGE].n);
    }
}

/* "~P12" */
static uint64_t person_of(struct span id)
{
    uint64_t n;
    id = span_from(id, 2);
    assert_true(scan_u64(&id, &n, PEOPLE - 1));
    return n;
}

void test_authors__with_an_id_for_everybody_all_three_ways_are_the_truth(void **state)
{
    (void)state;
    static struct planted_people p;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        AUTO_AUTHORS struct authors a = {0};
        plant(&p, seed, true);
        /* Two of one name in one paper cannot be told apart by a name: such papers say nothing. */
        for (size_t i = 0; i < PAPERS; i++) {
            struct planted_paper *x = &p.paper[i];
            for (size_t k = 0; k < x->said_n; k++)
                for (size_t m = k + 1; m < x->said_n; m++)
                    if (strcmp(x->full[k], x->full[m]) == 0)
                        x->year = 9999;
        }
        memset(p.truth, 0, sizeof p.truth);
        for (size_t i = 0; i < PAPERS; i++)
            for (size_t k = 0; p.paper[i].year == TO && k < p.paper[i].said_n; k++)
                p.truth[person_of(span_of(p.paper[i].id[k]))]++;
        take_in(&a, &p, NULL, TO);
        for (int kind = 0; kind < AUTHORS_KINDS; kind++) {
            int64_t *papers = mem_get((a.mentions + 1) * sizeof *papers);
            papers_of(&a, (enum authors_kind)kind, TO, papers);
            for (size_t i = 0; i < a.mentions; i++) {
                struct span id = vocabulary_at(&a.id, a.mention[i].id);
                assert_int_equal(papers[a.who[kind][i]], p.truth[person_of(id)]);
            }
            mem_free(papers);
        }
    }
}

void test_authors__no_order_of_papers_changes_a_bit(void **state)
{
    (void)state;
    static struct planted_people p;
    static struct authors_year first, again;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        uint32_t order[PAPERS];
        struct rng rng;
        struct err err = {0};
        AUTO_AUTHORS struct authors a = {0};
        plant(&p, seed, seed % 2 == 0);
        take_in(&a, &p, NULL, TO);
        memset(&first, 0, sizeof first);
        assert_ok(authors_count(&a, TO, 50, &first, &err), &err);
        rng_seed(&rng, seed);
        for (uint32_t i = 0; i < PAPERS; i++) {
            uint32_t k = (uint32_t)rng_below(&rng, i + 1);
            order[i] = order[k];
            order[k] = i;
        }
        AUTO_AUTHORS struct authors b = {0};
        take_in(&b, &p, order, TO);
        memset(&again, 0, sizeof again);
        assert_ok(authors_count(&b, TO, 50, &again, &err), &err);
        assert_memory_equal(&first, &again, sizeof first);
    }
}

void test_authors__evidence_joins_papers_within_five_years(void **state)
{
    (void)state;
    const struct authors_paper papers[] = {
        {2000, SPAN("v"), SPAN("Alpha beta"), SPAN("Wei Wang\nAda Li"), NULL, 0},
        {2005, SPAN("v"), SPAN("Gamma delta"), SPAN("WEI WANG\nAda Li"), NULL, 0},  /* joins: co-author */
        {2011, SPAN("v"), SPAN("Epsilon zeta"), SPAN("Wei Wang\nAda Li"), NULL, 0}, /* six years on */
        {2012, SPAN("v"), SPAN("Epsilon zeta again"), SPAN("Wei Wang\nJo Kim"), NULL, 0}, /* two stems */
        {2012, SPAN("w"), SPAN("Epsilon zeta twice"), SPAN("Wei Wang\nYu Ito"), NULL, 0}, /* other venue */
        {2013, SPAN("v"), SPAN("Epsilon theta"), SPAN("Wei Wang\nMo Say"), NULL, 0},      /* one stem */
    };
    AUTO_AUTHORS struct authors a = {0};
    struct err err = {0};
    uint32_t who[6];
    assert_ok(authors_init(&a, &err), &err);
    for (size_t i = 0; i < 6; i++)
        assert_ok(authors_add(&a, &papers[i], &err), &err);
    assert_ok(authors_settle(&a, &err), &err);
    for (size_t p = 0; p < 6; p++)
        who[p] = a.who[AUTHORS_SPLIT][a.paper[p].at];
    assert_int_equal(who[0], who[1]);
    assert_int_not_equal(who[1], who[2]);
    bool swapped = a.paper[3].venue != a.paper[2].venue; /* 2012 has two papers, in an order of their own */
    assert_int_equal(who[2], who[swapped ? 4 : 3]);
    assert_int_not_equal(who[2], who[swapped ? 3 : 4]);
    assert_int_not_equal(who[5], who[2]);
}

/* ---- one's own ---- */

void test_authors__own_line_is_silent_where_many_share_a_name(void **state)
{
    (void)state;
    AUTO_AUTHORS struct authors a = {0};
    struct err err = {0};
    struct authors_own own;
    assert_ok(authors_init(&a, &err), &err);
    for (int i = 0; i < 600; i++) {
        char names[200], title[80];
        snprintf(names, sizeof names, "Wei Wang\nX%c%c Y%c%c\nMausam", 'a' + i % 26, 'a' + i / 26,
                 'a' + i % 26, 'a' + i / 26);
        snprintf(title, sizeof title, "%c%cq w%c%ce", 'a' + i % 26, 'a' + i / 26, 'a' + i % 26, 'a' + i / 26);
        struct authors_paper p = {.year = 2018,
                                  .venue = SPAN("v"),
                                  .title = span_of(title),
                                  .names = i < 3    ? SPAN("Emmy Noether\nEmanuel Lasker")
                                           : i == 3 ? SPAN("E. Noether")
                                                    : span_of(names)};
        if (i == 1)
            p.year = 2017;
        assert_ok(authors_add(&a, &p, &err), &err);
    }
    assert_ok(authors_settle(&a, &err), &err);
    assert_ok(authors_own(&a, SPAN("Wei Wang"), 2018, &own, &err), &err);
    assert_int_equal(own.said, OWN_SHARED);
    assert_ok(authors_own(&a, SPAN("Mausam"), 2018, &own, &err), &err);
    assert_int_equal(own.said, OWN_SHARED);
    assert_ok(authors_own(&a, SPAN("Nobody Here"), 2018, &own, &err), &err);
    assert_int_equal(own.said, OWN_NONE);
    assert_ok(authors_own(&a, SPAN("lasker, EMANUEL"), 2018, &own, &err), &err);
    assert_int_equal(own.said, OWN_SAID);
    assert_int_equal(own.from, 2014);
    assert_int_equal(own.low[4], 2);
    assert_int_equal(own.high[4], 2);
    assert_int_equal(own.low[3], 1);
    assert_int_equal(own.high[0], 0);
}

/* ---- from the database ---- */

static struct db *planted_db(struct planted_people *p)
{
    struct db *db;
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, &set, 1, 1, NULL, &err), &err);
    for (size_t i = 0; i < PAPERS; i++)
        assert_ok(db_run(db, &err,
                         "insert into paper (id, title, abstract, authors, categories, venue, year, kind, "
                         "version, withdrawn, weights) values ($1, $2, '', $3, '', $4, $5, 0, 0, 0, x'')",
                         V_INT((int64_t)i + 1), V_STR(p->paper[i].title), V_STR(p->paper[i].names),
                         V_STR(p->paper[i].venue), V_INT(p->paper[i].year)),
                  &err);
    return db;
}

static void holds_no_name(const struct planted_people *p, struct span text)
{
    for (size_t i = 0; i < PAPERS; i++) {
        struct span rest = span_of(p->paper[i].names), name;
        while (rest.n) {
            span_cut(&rest, '\n', &name);
            assert_true(span_find(text, name) < 0);
        }
    }
}

void test_authors__neither_json_nor_words_name_anybody(void **state)
{
    (void)state;
    static struct planted_people p;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct authors_found f;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    plant(&p, 3, false);
    struct db *db = planted_db(&p);
    assert_ok(authors_of_db(db, arena, SPAN(""), 0, TO + 1, SPAN(""), &f, &err), &err);
    assert_int_equal(f.y.year, TO);
    assert_true(f.complete);
    AUTO_JSON json_t *all = authors_json(&f);
    struct table tables[3];
    assert_ok(json_write(all, &out, &err), &err);
    assert_true(authors_table_now(arena, &f, &tables[0]) && authors_table_five(arena, &f, &tables[1]) &&
                authors_table_ages(arena, &f, &tables[2]));
    for (int i = 0; i < 3; i++)
        table_text(&out, &tables[i]);
    buf_add_text(&out, authors_sentence(arena, &f));
    buf_add_text(&out, authors_venues(arena, &f));
    holds_no_name(&p, buf_span(&out));
    assert_null(authors_own_line(arena, &f));

    uint32_t norm;
    assert_ok(authors_norm(db, SPAN("v0"), TO, &norm, &err), &err);
    assert_true(norm >= 1);
    assert_ok(authors_norm(db, SPAN("v0"), TO + 1, &norm, &err), &err);
    assert_int_equal(norm, 0);
    assert_false(authors_of_db(db, arena, SPAN("nowhere"), 0, TO + 1, SPAN(""), &f, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(authors_of_db(db, arena, SPAN("v1"), FROM - 1, TO + 1, SPAN(""), &f, &err));
    assert_int_equal(err.code, E_MISSING);
    db_close(db);
}

/* ---- the published figures ---- */

static void add_file(struct authors *a, const char *path, int last)
{
    AUTO_CORPUS struct corpus file = {0};
    AUTO_BUF struct buf names, venue;
    struct corpus_paper p;
    struct err err = {0};
    bool bad;
    buf_init(&names, 1 << 20);
    buf_init(&venue, 1 << 16);
    assert_ok(corpus_open(&file, path, &err), &err);
    while (corpus_next(&file, &p, &bad, &err)) {
        struct span rest = p.authors, name;
        if (p.year > last)
            continue;
        buf_reset(&names);
        buf_reset(&venue);
        while (rest.n) {
            span_cut(&rest, ';', &name);
            buf_add(&names, span_trim(name));
            buf_add_byte(&names, '\n');
        }
        texts_family(p.venue, p.vol, &venue);
        struct authors_paper paper = {
            .year = p.year, .venue = buf_span(&venue), .title = p.title, .names = buf_span(&names)};
        if (names.n)
            paper.names.n--;
        assert_ok(authors_add(a, &paper, &err), &err);
    }
    assert_int_equal(err.code, E_NONE);
    assert_ok(authors_settle(a, &err), &err);
}

/* The share of 2018 is published as 77 %; the file gives 9,568 of 12,515, which is 76.45 %. */
void test_authors__published_figures_come_out(void **state)
{
    (void)state;
    static const struct {
        int year, names, half, ninety, ninety_nine, ones;
        double published;
    } told[] = {
        {2016, 4598, 1, 2, 6, 3554, 77}, {2017, 7733, 1, 3, 8, 5583, 72}, {2018, 12515, 1, 3, 8, 9568, 77}};
    const char *data = getenv("RESPITE_DATA");
    char path[4200];
    snprintf(path, sizeof path, "%s/public_conf_to2018.jsonl.gz", data ? data : "../shared/data/papers");
    FILE *there = fopen(path, "rb");
    if (!there) {
        print_message("no data: %s\n", path);
        skip();
        return;
    }
    fclose(there);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        AUTO_AUTHORS struct authors a = {0};
        struct authors_year y;
        struct err err = {0};
        assert_ok(authors_init(&a, &err), &err);
        add_file(&a, path, told[i].year);
        assert_ok(authors_count(&a, told[i].year, 20, &y, &err), &err);
        const struct counts *c = &y.now.by[AUTHORS_EXACT];
        assert_int_equal(c->n, told[i].names);
        assert_int_equal(c->at[COUNT_50], told[i].half);
        assert_int_equal(c->at[COUNT_90], told[i].ninety);
        assert_int_equal(c->at[COUNT_99], told[i].ninety_nine);
        assert_int_equal(c->ones, told[i].ones);
        assert_true(fabs(100 * c->one - told[i].published) < 1);
        for (int q = 0; q < COUNT_MARKS; q++)
            assert_true(y.now.by[AUTHORS_SPLIT].at[q] <= c->at[q] &&
                        c->at[q] <= y.now.by[AUTHORS_MERGE].at[q]);
    }
}
