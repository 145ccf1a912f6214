/* The field that never was. Each paper is drawn from a generator of its own, seeded by its venue, year and
 * number, so that leaving out years changes no other paper. */
#include "test/test.h"

#include <math.h>

#include "num/rng.h"
#include "test/papers/planted.h"

#include "base/banned.h"

enum {
    VENUES = 3,
    CONFERENCE = VENUES /* of years alone */,
    PAPERS = 130,
    WORDS = 6,
    COMMON = 500,
    GROUPS = 60
};

const char *planted_word(unsigned i, char *out)
{
    snprintf(out, 24, "plant%c%ck", (char)('a' + i / 26), (char)('a' + i % 26));
    return out;
}

bool planted_stays(unsigned i)
{
    return i % 4 < 2;
}

/* How likely a paper of the year has term i. */
static double share(unsigned i, int year)
{
    int age = year - (PLANTED_FROM + 3 + (int)(i % 13));
    double peak = .012 + .002 * (double)(i % 5);
    if (age < 0)
        return i % 3 ? 0 : .001;
    if (age < 3)
        return peak * (age + 1) / 3;
    return planted_stays(i) ? peak : peak * pow(.35, age - 2);
}

static void title_of(struct rng *rng, int year, struct buf *out)
{
    for (unsigned i = 0; i < PLANTED_TERMS; i++) {
        char word[24];
        if (rng_unit(rng) >= share(i, year))
            continue;
        buf_add_text(out, planted_word(i, word));
        buf_add_text(out, rng_below(rng, 5) == 0 ? "s" : "");
        buf_add_text(out, i % 2 && rng_below(rng, 3) ? " follower " : " ");
    }
    for (int k = 0; k < WORDS; k++) {
        double u = rng_unit(rng);
        buf_printf(out, "word%c%c%s", (char)('a' + (int)(pow(COMMON, u) - 1) % 26),
                   (char)('a' + (int)(pow(COMMON, u) - 1) / 26), k + 1 < WORDS ? k == 3 ? " for " : " " : "");
    }
}

static void add(struct texts *texts, uint64_t seed, int venue, int year, int number)
{
    static const char *const venues[] = {"alpha",       "beta",        "gamma", "arxiv/cs.aa",
                                         "arxiv/cs.bb", "arxiv/cs.cc", "delta"};
    struct rng rng;
    struct err err = {0};
    AUTO_BUF struct buf title, authors;
    buf_init(&title, 4000);
    buf_init(&authors, 4000);
    rng_seed(&rng, seed * 1000003 + (uint64_t)(venue * 1000000 + year * 1000 + number));
    title_of(&rng, year, &title);
    buf_printf(&authors, "First %d; Last %d", (int)rng_below(&rng, GROUPS * 20),
               (int)rng_below(&rng, GROUPS));
    char date[24] = "";
    int behind = year - PLANTED_FROM;
    if (texts->quarters)
        year = PLANTED_FROM + behind / 4;
    if (texts->quarters && venue < CONFERENCE)
        snprintf(date, sizeof date, "%04d-%02d-%02d", year, 3 * (behind % 4) + 1 + number % 3,
                 1 + number % 28);
    struct corpus_paper p = {.venue = span_of(venues[venue + (texts->quarters ? VENUES : 0)]),
                             .date = span_of(date),
                             .title = buf_span(&title),
                             .authors = buf_span(&authors),
                             .year = year};
    assert_ok(texts_add(texts, &p, &err), &err);
}

void planted_papers(struct texts *texts, uint64_t seed, int last)
{
    struct err err = {0};
    for (int venue = 0; venue < VENUES + texts->quarters; venue++)
        for (int year = PLANTED_TO; year >= PLANTED_FROM; year--)
            for (int i = 0; year <= last && i < PAPERS; i++)
                if (venue < CONFERENCE || (year - PLANTED_FROM) % 4 == 3)
                    add(texts, seed, venue, year, i);
    assert_ok(texts_settle(texts, &err), &err);
}

void test_planted__years_left_out_change_no_other(void **state)
{
    (void)state;
    struct texts all, cut;
    texts_init(&all);
    texts_init(&cut);
    planted_papers(&all, 9, PLANTED_TO);
    planted_papers(&cut, 9, 2009);
    assert_int_equal(cut.n, texts_before(&all, 2010));
    for (size_t i = 0; i < cut.n; i++) {
        assert_int_equal(cut.paper[i].title, all.paper[i].title);
        assert_int_equal(cut.paper[i].last, all.paper[i].last);
        assert_memory_equal(cut.word + cut.paper[i].at, all.word + all.paper[i].at,
                            cut.paper[i].title * sizeof *cut.word);
    }
    texts_free(&all);
    texts_free(&cut);
}
