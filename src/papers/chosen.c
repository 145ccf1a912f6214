/* Chosen categories, in the table paper_chosen. */
#include "papers/chosen.h"

#include <string.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/scan.h"

#include "base/banned.h"

/* Archives whose OAI set is their own group; the others belong to physics. */
static const char *const groups[] = {"cs",      "econ",  "eess",  "math", "nlin",
                                     "physics", "q-bio", "q-fin", "stat"};

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || c == '-';
}

bool chosen_ok(struct span category)
{
    size_t n = 0, rest = 0;
    while (n < category.n && is_lower(category.p[n]))
        n++;
    if (n < 2 || n > 10 || category.p[0] == '-')
        return false;
    if (n == category.n)
        return true;
    struct span tail = span_from(category, n + 1);
    while (rest < tail.n && ((tail.p[rest] >= 'A' && tail.p[rest] <= 'Z') || is_lower(tail.p[rest])))
        rest++;
    return category.p[n] == '.' && rest == tail.n && rest >= 2 && rest <= 10;
}

bool chosen_list(struct db *db, struct arena *arena, struct chosen *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct chosen){0};
    if (!db_query(db, &q, err, "select category from paper_chosen order by category"))
        return false;
    while (db_next(q, err)) {
        const char **at = VEC_PUSH(arena, out);
        if (!at)
            return fail_memory(err);
        *at = arena_text(arena, db_text(q, 0));
    }
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

bool chosen_add(struct db *db, struct span category, bool *there, struct err *err)
{
    int64_t n;
    if (!chosen_ok(category))
        return fail(err, E_USAGE,
                    tr("err.papers.category", "“%.*s” is not written as arXiv writes categories. They look "
                                              "like cs.LG, stat.ML or hep-ph."),
                    SPAN_ARG(span_first(category, 40)));
    if (!db_number(db, &n, 0, err, "select count(*) from paper_chosen where category <> $1",
                   V_TEXT(category)))
        return false;
    if (n >= CHOSEN_MOST)
        return fail(err, E_LIMIT,
                    tr("err.papers.categories",
                       "%d categories are chosen, and more are not fetched. Take one "
                       "off the list first."),
                    CHOSEN_MOST);
    if (!db_run(db, err, "insert into paper_chosen (category) values ($1) on conflict do nothing",
                V_TEXT(category)))
        return false;
    *there = db_changed(db) == 0;
    return true;
}

bool chosen_remove(struct db *db, struct span category, bool *there, struct err *err)
{
    if (!db_run(db, err, "delete from paper_chosen where category = $1", V_TEXT(category)))
        return false;
    *there = db_changed(db) > 0;
    return true;
}

bool chosen_from_address(struct db *db, struct span address, struct err *err)
{
    struct span host, kind, one;
    if (!scan_lit(&address, SPAN("https://")) && !scan_lit(&address, SPAN("http://")))
        return true;
    if (!span_cut(&address, '/', &host) ||
        (!span_is(host, "rss.arxiv.org") && !span_is(host, "export.arxiv.org") &&
         !span_is(host, "arxiv.org")))
        return true;
    if (!span_cut(&address, '/', &kind) || (!span_is(kind, "rss") && !span_is(kind, "atom")))
        return true;
    while (address.n) {
        bool there;
        span_cut(&address, '+', &one);
        if (chosen_ok(one) && !chosen_add(db, one, &there, err))
            return false;
    }
    return true;
}

void chosen_oai_set(struct buf *out, struct span category)
{
    struct span rest = category, archive;
    bool parted = span_cut(&rest, '.', &archive);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (!span_is(archive, groups[i]))
            continue;
        buf_add(out, archive);
        if (parted) {
            buf_add_byte(out, ':');
            buf_add(out, archive);
            buf_add_byte(out, ':');
            buf_add(out, rest);
        }
        return;
    }
    buf_add_text(out, "physics:");
    buf_add(out, archive);
}
