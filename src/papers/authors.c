/* Papers and their names, taken in. Who is who: papers/authors_who.c; the counts: papers/authors_count.c. */
#include "papers/authors.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

enum { NAMES_MOST = 1 << 26, TITLE_WORDS = 64 };

bool authors_init(struct authors *a, struct err *err)
{
    *a = (struct authors){.exact.most = NAMES_MOST,
                          .full.most = NAMES_MOST,
                          .key.most = NAMES_MOST,
                          .id.most = NAMES_MOST,
                          .venue.most = NAMES_MOST};
    return stems_init(&a->stems, err);
}

void authors_free(struct authors *a)
{
    vocabulary_free(&a->exact);
    vocabulary_free(&a->full);
    vocabulary_free(&a->key);
    vocabulary_free(&a->id);
    vocabulary_free(&a->venue);
    mem_free(a->of);
    mem_free(a->one);
    mem_free(a->paper);
    mem_free(a->mention);
    mem_free(a->same_id);
    for (int k = 0; k < AUTHORS_KINDS; k++)
        mem_free(a->who[k]);
    if (a->stems.stemmer)
        stems_free(&a->stems);
    *a = (struct authors){0};
}

/* ---- names ---- */

/* The number of a name as it is written; folded when it is new. */
static bool number_of(struct authors *a, struct span name, uint32_t *out, struct err *err)
{
    size_t before = a->exact.n, fulls = a->full.n;
    AUTO_BUF struct buf room;
    struct author_name folded;
    uint32_t full, key;
    buf_init(&room, 16 * AUTHOR_NAME);
    if (!vocabulary_add(&a->exact, name, out, err))
        return false;
    if (a->exact.n == before)
        return true;
    if (!rows_room(&a->of, before, 1, &a->of_room, sizeof *a->of, err) ||
        !rows_room(&a->one, fulls, 1, &a->one_room, sizeof *a->one, err))
        return false;
    if (!author_name_fold(&room, name, &folded))
        return fail_memory(err);
    if (!vocabulary_add(&a->full, folded.full, &full, err) || !vocabulary_add(&a->key, folded.key, &key, err))
        return false;
    a->of[before] = (struct name_of){full, key};
    if (a->full.n > fulls)
        a->one[full] = folded.one;
    return true;
}

/* ---- ids ---- */

static uint32_t id_now(const struct authors *a, uint32_t id)
{
    while (a->same_id[id] != id)
        id = a->same_id[id];
    return id;
}

static bool id_number(struct authors *a, struct span id, uint32_t *out, struct err *err)
{
    size_t before = a->id.n;
    if (!vocabulary_add(&a->id, id, out, err))
        return false;
    if (a->id.n == before)
        return true;
    if (!rows_room(&a->same_id, before, 1, &a->id_room, sizeof *a->same_id, err))
        return false;
    a->same_id[before] = (uint32_t)before;
    return true;
}

/* One person's: the one that comes first by its bytes speaks for both, whichever was seen first. */
static void same_person(struct authors *a, uint32_t x, uint32_t y)
{
    x = id_now(a, x);
    y = id_now(a, y);
    if (span_order(vocabulary_at(&a->id, x), vocabulary_at(&a->id, y)) <= 0)
        a->same_id[y] = x;
    else
        a->same_id[x] = y;
}

/* The first of those said of `name`, which are sorted. */
static size_t first_said(const struct authors_paper *p, struct span name)
{
    size_t low = 0, high = p->said_n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (span_order(p->said[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Two ids of one kind under one name are two people, and nobody knows who is meant. */
static bool id_of(struct authors *a, const struct authors_paper *p, struct span name, uint32_t *out,
                  struct err *err)
{
    uint32_t id, found[2] = {NAME_NONE, NAME_NONE}; /* a profile, an ORCID */
    *out = NAME_NONE;
    for (size_t i = first_said(p, name); i < p->said_n && span_eq(p->said[i].name, name); i++) {
        if (!p->said[i].id.n || !id_number(a, p->said[i].id, &id, err))
            return !p->said[i].id.n;
        uint32_t *to = &found[p->said[i].id.p[0] != '~'];
        if (*to != NAME_NONE && *to != id)
            return true;
        *to = id;
    }
    if (found[0] != NAME_NONE && found[1] != NAME_NONE)
        same_person(a, found[0], found[1]);
    *out = found[0] != NAME_NONE ? found[0] : found[1];
    return true;
}

/* ---- papers ---- */

/* `written` is the name as it is written, `name` the one of a person in it. */
static bool mention(struct authors *a, const struct authors_paper *p, uint32_t written, uint32_t name,
                    struct err *err)
{
    struct authors_row *row = &a->paper[a->n];
    uint32_t id;
    struct name_of of = a->of[name];
    if (!rows_room(&a->mention, a->mentions, 1, &a->mentions_room, sizeof *a->mention, err) ||
        !id_of(a, p, vocabulary_at(&a->full, of.full), &id, err))
        return false;
    a->mention[a->mentions++] = (struct authors_mention){(uint32_t)a->n, written, of.full, of.key, id};
    row->n++;
    return true;
}

/* Whether the paper at hand has that name already; lists are short, the long ones of collaborations are
 * looked at as far as AUTHORS_LINKED names back. */
static bool is_there(const struct authors *a, uint32_t written)
{
    const struct authors_row *row = &a->paper[a->n];
    uint32_t from = row->n > AUTHORS_LINKED ? row->n - AUTHORS_LINKED : 0;
    for (uint32_t i = from; i < row->n; i++)
        if (a->mention[row->at + i].exact == written)
            return true;
    return false;
}

static bool add_line(struct authors *a, const struct authors_paper *p, struct span line, bool alone,
                     struct err *err)
{
    uint32_t written, name;
    struct span part;
    if (!line.n)
        return true;
    if (!number_of(a, line, &written, err))
        return false;
    if (is_there(a, written))
        return true;
    if (!alone || !author_list(line))
        return mention(a, p, written, written, err);
    while (author_list_next(&line, &part))
        if (!number_of(a, part, &name, err) || !mention(a, p, written, name, err))
            return false;
    return true;
}

/* The same for a paper wherever it comes in the file. */
static uint64_t order_of(const struct authors_paper *p)
{
    uint64_t h = span_hash(p->title);
    h = (h ^ span_hash(p->names)) * 0x9E3779B97F4A7C15u;
    return (h ^ h >> 29 ^ span_hash(p->venue)) * 0xBF58476D1CE4E5B9u;
}

bool authors_add(struct authors *a, const struct authors_paper *p, struct err *err)
{
    struct authors_row row = {.order = order_of(p), .at = (uint32_t)a->mentions, .year = p->year};
    struct span rest = p->names, line;
    bool alone = span_find(p->names, SPAN("\n")) < 0;
    if (a->mentions > UINT32_MAX / 2)
        return fail(err, E_LIMIT, "%s",
                    tr("err.papers.many", "There is no room for more papers in this database."));
    row.stems = (uint32_t)a->stems.n;
    if (!rows_room(&a->paper, a->n, 1, &a->room, sizeof *a->paper, err) ||
        !vocabulary_add(&a->venue, p->venue, &row.venue, err) ||
        !stems_add(&a->stems, p->title, SPAN(""), TITLE_WORDS, err))
        return false;
    a->paper[a->n] = row;
    while (rest.n) {
        span_cut(&rest, '\n', &line);
        if (!add_line(a, p, span_trim(line), alone, err))
            return false;
    }
    a->n++;
    return true;
}
