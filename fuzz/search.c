/* What a person types into a search, and a text that it is looked for in: whatever the bytes, terms lie
 * within bounds and the search runs, or a sentence says what is wrong. */
#include "fuzz/fuzz.h"

#include "papers/papers_db.h"
#include "papers/search.h"

#include "base/banned.h"

static struct index open_index;

static bool keep(struct db *db, void *arg, struct err *err)
{
    struct index_build *b = index_build_new(err);
    (void)arg;
    struct index_paper p = {
        1, 20000, SPAN("Attention sinks"), SPAN("of 注意力 tokens"), SPAN("E. Noether"), SPAN("cs.LG")};
    bool done = b && index_build_add(b, &p, err) && index_keep(db, b, NULL, 0, err);
    index_build_free(b);
    return done;
}

static void begin(void)
{
    static struct db *db;
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    must(db_open(&db, ":memory:", &err) && migrate(db, &set, 1, 1, NULL, &err) &&
         db_write(db, keep, NULL, &err) && index_open(&open_index, db, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct search q;
    struct search_hit hits[10];
    size_t n;
    struct span all = {(const char *)data, size}, words;
    if (!open_index.stems)
        begin();
    span_cut(&all, '\n', &words);
    if (!search_read(&q, &open_index, words, &err)) {
        must(said(&err));
        return 0;
    }
    must(q.terms <= SEARCH_TERMS && q.phrases <= SEARCH_PHRASES);
    for (size_t i = 0; i < q.terms; i++)
        must(q.term[i].n > 0 && q.term[i].n <= TERM_MOST);
    for (size_t i = 0; i < q.phrases; i++) {
        must(inside(q.phrase[i], words));
        (void)search_has_phrase(open_index.stems, all, q.phrase[i]);
    }
    q.phrases = 0; /* they are looked up in the table of papers, which is empty here */
    must(search_run(&q, &open_index, 10, hits, &n, &err) && n <= 1);
    return 0;
}
