/* Counting votes, and packing them. A record is words of 32 bits: the left model and the outcome, the right
 * model, the clusters, the style features. */
#include "arena/votes.h"

#include <assert.h>
#include <stdlib.h>

#include "base/day.h"
#include "base/words.h"

#include "base/banned.h"

enum { MEMORY_MOST = 128 << 20, CLUSTER_NAMES_MOST = 1 << 27, NAME_BYTES_MOST = 300 };
static_assert(MODELS_MOST == 1 << MODEL_BITS, "a model's number fits beside the outcome");

bool votes_begin(struct votes *v, struct arena *arena, const struct votes_ask *ask, struct err *err)
{
    *v = (struct votes){.arena = arena, .ask = *ask};
    labels_init(&v->models, arena, true, MODELS_MOST);
    for (int c = 0; c < CLUSTERS_MOST; c++)
        labels_init(&v->cluster[c], arena, c == 0 && ask->cluster_texts, CLUSTER_NAMES_MOST);
    if (!ask->style && !ask->side && ask->clusters == 0 && !ask->keep)
        return true;
    v->spool = spool_new(votes_words(v) * sizeof(uint32_t), ask->memory_most ? ask->memory_most : MEMORY_MOST,
                         NULL, err);
    return v->spool != NULL;
}

void votes_free(struct votes *v)
{
    labels_clear(&v->models);
    for (int c = 0; c < CLUSTERS_MOST; c++)
        labels_clear(&v->cluster[c]);
    mem_free(v->pair);
    mem_free(v->table);
    spool_free(v->spool);
    *v = (struct votes){0};
}

bool votes_outcome(struct span text, enum vote_outcome *out)
{
    static const struct {
        const char *text;
        enum vote_outcome is;
    } known[] = {{"model_a", VOTE_A}, {"model_b", VOTE_B}, {"tie", VOTE_TIE},          {"both_bad", VOTE_BAD},
                 {"left", VOTE_A},    {"right", VOTE_B},   {"tie (bothbad)", VOTE_BAD}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (span_is(text, known[i].text)) {
            *out = known[i].is;
            return true;
        }
    return false;
}

void votes_share_clusters(struct votes *v, struct votes *before)
{
    for (int c = 0; c < CLUSTERS_MOST; c++) {
        size_t n = before->cluster[c].n;
        labels_clear(&v->cluster[c]);
        v->cluster[c] = before->cluster[c];
        labels_init(&before->cluster[c], before->arena, v->cluster[c].texts, v->cluster[c].most);
        before->cluster[c].n = n; /* how many there were */
    }
}

bool votes_day(struct span text, int64_t *day, const char **kind)
{
    char copy[40], *end;
    struct err err = {0};
    day_t civil;
    text = span_trim(text);
    if (text.n >= 10 && text.p[4] == '-' && day_read(span_first(text, 10), &civil, &err)) {
        *day = civil;
        *kind = "iso";
        return true;
    }
    if (text.n == 0 || text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    double x = strtod(copy, &end);
    if (*end != '\0' || !(x > 0 && x < 1e15))
        return false;
    *kind = x >= 1e11 ? "milliseconds" : "seconds";
    *day = (int64_t)((x >= 1e11 ? x / 1000 : x) / 86400);
    return true;
}

void votes_leave(struct votes *v, enum vote_left why, uint64_t line)
{
    v->rows++;
    if (v->left[why]++ == 0)
        v->first_left[why] = line;
}

static size_t spread(uint32_t i, uint32_t j)
{
    uint64_t h = ((uint64_t)i << 32 | j) * 0x9e3779b97f4a7c15u;
    return (size_t)(h >> 24);
}

static bool grow_table(struct votes *v)
{
    size_t room = v->table_room ? 2 * v->table_room : 1024;
    uint32_t *table = mem_get(room * sizeof *table);
    if (!table)
        return false;
    for (size_t p = 0; p < v->pairs; p++) {
        size_t at = spread(v->pair[p].i, v->pair[p].j) & (room - 1);
        while (table[at])
            at = (at + 1) & (room - 1);
        table[at] = (uint32_t)p + 1;
    }
    mem_free(v->table);
    v->table = table;
    v->table_room = room;
    return true;
}

/* The counts of a pair, i < j. */
static struct pair_votes *pair_at(struct votes *v, uint32_t i, uint32_t j)
{
    if (2 * (v->pairs + 1) > v->table_room && !grow_table(v))
        return NULL;
    size_t at = spread(i, j) & (v->table_room - 1);
    for (; v->table[at]; at = (at + 1) & (v->table_room - 1)) {
        struct pair_votes *p = &v->pair[v->table[at] - 1];
        if (p->i == i && p->j == j)
            return p;
    }
    if (v->pairs == v->pairs_room) {
        size_t room = v->pairs_room ? 2 * v->pairs_room : 256;
        struct pair_votes *grown = mem_resize(v->pair, room * sizeof *grown);
        if (!grown)
            return NULL;
        v->pair = grown;
        v->pairs_room = room;
    }
    v->table[at] = (uint32_t)v->pairs + 1;
    v->pair[v->pairs] = (struct pair_votes){.i = i, .j = j};
    return &v->pair[v->pairs++];
}

/* The outcome as the model of the lower number sees it. */
static enum vote_outcome as_seen(uint32_t a, uint32_t b, enum vote_outcome y)
{
    return a < b || y > VOTE_B ? y : y == VOTE_A ? VOTE_B : VOTE_A;
}

/* The numbers of a vote's clusters; one without a name is a cluster of its own, counted down from the top. */
static bool cluster_numbers(struct votes *v, const struct vote *vote, uint32_t *out, struct err *err)
{
    for (int c = 0; c < v->ask.clusters; c++) {
        struct span name = vote->cluster[c];
        if (c == 0 && name.n == 0 && v->ask.clusters == 2 && strcmp(v->ask.cluster[1], "row") == 0)
            name = vote->cluster[1];
        if (name.n == 0)
            out[c] = UINT32_MAX - (uint32_t)v->alone[c]++;
        else if (!(v->cluster[c].texts ? labels_at(&v->cluster[c], name, &out[c], err)
                                       : labels_at_hash(&v->cluster[c], labels_hash(name), &out[c], err)))
            return false;
    }
    return true;
}

static bool keep(struct votes *v, const struct vote *vote, uint32_t a, uint32_t b, struct err *err)
{
    uint32_t record[2 + CLUSTERS_MOST + STYLE_MOST] = {a | (uint32_t)vote->outcome << MODEL_BITS, b};
    if (!cluster_numbers(v, vote, record + 2, err))
        return false;
    if (v->ask.style)
        memcpy(record + 2 + v->ask.clusters, vote->style, sizeof vote->style);
    return spool_add(v->spool, record, err);
}

bool votes_add(struct votes *v, const struct vote *vote, uint64_t line, struct err *err)
{
    uint32_t a, b;
    if (vote->a.n == 0 || vote->b.n == 0)
        return votes_leave(v, LEFT_NO_NAME, line), true;
    if (vote->a.n > NAME_BYTES_MOST || vote->b.n > NAME_BYTES_MOST)
        return fail(err, E_LIMIT,
                    tr("err.arena.long_name", "A model's name on line %llu is longer than %d bytes."),
                    (unsigned long long)line, NAME_BYTES_MOST);
    if (!labels_at(&v->models, vote->a, &a, err) || !labels_at(&v->models, vote->b, &b, err))
        return false;
    if (a == b)
        return votes_leave(v, LEFT_SELF, line), true;
    struct pair_votes *p = a < b ? pair_at(v, a, b) : pair_at(v, b, a);
    if (!p)
        return fail_memory(err);
    p->count[as_seen(a, b, vote->outcome)] += vote->many;
    v->rows += (uint64_t)vote->many;
    v->kept += (uint64_t)vote->many;
    return !v->spool || v->counted || keep(v, vote, a, b, err);
}

bool votes_block(struct votes *v, size_t block, const void **records, size_t *n, struct err *err)
{
    *n = 0;
    return !v->spool || spool_block(v->spool, block, records, n, err);
}

void votes_at(const struct votes *v, const void *records, size_t i, struct kept_vote *out)
{
    const uint32_t *r = (const uint32_t *)records + i * votes_words(v);
    votes_plain_at(v, records, i, out);
    for (int c = 0; c < v->ask.clusters; c++) {
        uint32_t number = r[2 + c];
        out->cluster[c] = number > UINT32_MAX - (uint32_t)v->alone[c]
                              ? (uint32_t)v->cluster[c].n + (UINT32_MAX - number)
                              : number;
    }
}

size_t votes_clusters(const struct votes *v, int which)
{
    return v->cluster[which].n + v->alone[which];
}

static struct pair_votes *find_pair(const struct votes *v, uint32_t i, uint32_t j)
{
    for (size_t at = v->table_room ? spread(i, j) & (v->table_room - 1) : 0; v->table_room && v->table[at];
         at = (at + 1) & (v->table_room - 1)) {
        struct pair_votes *p = &v->pair[v->table[at] - 1];
        if (p->i == i && p->j == j)
            return p;
    }
    return NULL;
}

const struct pair_votes *votes_pair(const struct votes *v, uint32_t i, uint32_t j)
{
    return find_pair(v, i, j);
}

void votes_take_back(struct votes *v, const struct kept_vote *k)
{
    struct pair_votes *p = find_pair(v, k->a < k->b ? k->a : k->b, k->a < k->b ? k->b : k->a);
    if (p)
        p->count[as_seen(k->a, k->b, k->outcome)]--;
}

bool votes_add_pair(struct votes *v, const struct pair_votes *p)
{
    struct pair_votes *at = pair_at(v, p->i, p->j);
    if (!at)
        return false;
    for (int y = 0; y < 4; y++) {
        at->count[y] += p->count[y];
        v->kept += (uint64_t)p->count[y];
    }
    v->rows = v->kept;
    return true;
}
