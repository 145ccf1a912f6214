/* The steps of learning: vectors of both sides, their products, what the loss asks of each, and what that
 * asks of the words. */
#include "num/twin.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "num/lanes.h"

#include "base/banned.h"

#define SHARP 20.f
#define SQUARES_FIRST 1e-8f
enum { BLOCK = 48 /* rows whose sums by column are made together */ };

bool twin_make(struct twin *out, size_t words, size_t dims, uint64_t seed, struct err *err)
{
    struct rng rng;
    *out = (struct twin){.words = words,
                         .dims = dims,
                         .e = mem_get((words + 1) * dims * sizeof *out->e),
                         .squares = mem_get((words + 1) * sizeof *out->squares)};
    if (!out->e || !out->squares) {
        twin_free(out);
        return fail_memory(err);
    }
    rng_seed(&rng, seed);
    double sd = 1 / sqrt((double)dims);
    for (size_t i = 0; i < words * dims; i++)
        out->e[i] = (float)(sd * rng_normal(&rng));
    for (size_t w = 0; w < words; w++)
        out->squares[w] = SQUARES_FIRST;
    return true;
}

void twin_free(struct twin *t)
{
    mem_free(t->e);
    mem_free(t->squares);
    *t = (struct twin){0};
}

/* A text in which a word stands, for the words' side of a step. */
struct place {
    uint32_t text;
    float x;
};
struct twin_work {
    size_t room, dims, wide;           /* wide: floats from one row of z to the next */
    float *u;                          /* both sides' vectors, 2 room rows */
    float *length;                     /* |xE| by text */
    float *across;                     /* the second side's vectors again, in panels (num/lanes.h) */
    float *z, *row, *column, *columns; /* columns: sums by block of rows */
    float *g;                          /* what each text's vector is asked, 2 room rows */
    double *loss;
    uint32_t *from; /* by word: its places; the words in use are listed in `used` */
    uint32_t *used;
    struct place *place;
    size_t places_room, words, used_n;
};

static size_t padded(size_t n)
{
    return (n + LANES_PANEL - 1) / LANES_PANEL * LANES_PANEL;
}

struct twin_work *twin_work_new(size_t batch, size_t dims, size_t words, struct err *err)
{
    struct twin_work *w = mem_get(sizeof *w);
    size_t room = padded(batch), wide = room + LANES_PANEL, blocks = (room + BLOCK - 1) / BLOCK;
    if (!w) {
        (void)fail_memory(err);
        return NULL;
    }
    *w = (struct twin_work){.room = room,
                            .dims = dims,
                            .wide = wide,
                            .words = words,
                            .u = mem_get(2 * room * dims * sizeof *w->u),
                            .length = mem_get(2 * room * sizeof *w->length),
                            .across = mem_get(room * dims * sizeof *w->across),
                            .z = mem_get(room * wide * sizeof *w->z),
                            .row = mem_get(room * sizeof *w->row),
                            .column = mem_get(room * sizeof *w->column),
                            .columns = mem_get(blocks * room * sizeof *w->columns),
                            .g = mem_get(2 * room * dims * sizeof *w->g),
                            .loss = mem_get(room * sizeof *w->loss),
                            .from = mem_get((words + 1) * sizeof *w->from),
                            .used = mem_get((words + 1) * sizeof *w->used)};
    if (w->u && w->length && w->across && w->z && w->row && w->column && w->columns && w->g && w->loss &&
        w->from && w->used)
        return w;
    twin_work_free(w);
    (void)fail_memory(err);
    return NULL;
}

void twin_work_free(struct twin_work *w)
{
    if (!w)
        return;
    void *all[] = {w->u,       w->length, w->across, w->z,    w->row,  w->column,
                   w->columns, w->g,      w->loss,   w->from, w->used, w->place};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mem_free(all[i]);
    mem_free(w);
}

/* A step at work. */
struct step {
    struct twin *t;
    const struct twin_batch *b;
    struct twin_work *w;
    float rate;
};

/* Rows `*from` to `*to` of `n` for a part: whole blocks. */
static void share(size_t n, unsigned part, unsigned parts, size_t *from, size_t *to)
{
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    *from = blocks * part / parts * BLOCK;
    *to = blocks * (part + 1) / parts * BLOCK;
    *from = *from < n ? *from : n;
    *to = *to < n ? *to : n;
}

static void encode(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t n = s->b->n, d = s->t->dims, from, to;
    share(2 * n, part, parts, &from, &to);
    for (size_t i = from; i < to; i++) {
        float *u = w->u + (i < n ? i : w->room + i - n) * d;
        memset(u, 0, d * sizeof *u);
        for (uint32_t k = s->b->start[i]; k < s->b->start[i + 1]; k++)
            lanes_add(u, s->t->e + s->b->word[k] * d, s->b->x[k], d);
        float length = sqrtf(lanes_dot(u, u, d));
        w->length[i] = length;
        lanes_scale(u, length > 0 ? 1 / length : 0, d);
        if (i >= n)
            for (size_t k = 0, j = i - n; k < d; k++)
                w->across[(j / LANES_PANEL * d + k) * LANES_PANEL + j % LANES_PANEL] = u[k];
    }
}

/* e^(20 (u v - 1)), and its sums by row and, block by block, by column. */
static void compare(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t n = s->b->n, d = s->t->dims, from, to, wide = padded(n);
    share(n, part, parts, &from, &to);
    for (size_t first = from; first < to; first += BLOCK) {
        size_t rows = to - first < BLOCK ? to - first : BLOCK;
        float *sums = w->columns + first / BLOCK * w->room;
        lanes_product(&(struct lanes_product){.c = w->z + first * w->wide,
                                              .ldc = w->wide,
                                              .a = w->u + first * d,
                                              .a_row = d,
                                              .a_col = 1,
                                              .b = w->across,
                                              .ldb = LANES_PANEL,
                                              .b_panel = d * LANES_PANEL,
                                              .m = rows,
                                              .n = wide,
                                              .k = d});
        memset(sums, 0, wide * sizeof *sums);
        for (size_t i = first; i < first + rows; i++) {
            float *z = w->z + i * w->wide;
            w->loss[i] = 2 * SHARP * (double)(1 - z[i]);
            w->row[i] = lanes_exp(z, SHARP, n, wide, sums);
        }
    }
}

static void add_columns(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t n = s->b->n, from, to;
    share(n, part, parts, &from, &to);
    for (size_t j = from; j < to; j++) {
        float sum = 0;
        for (size_t block = 0; block * BLOCK < n; block++)
            sum += w->columns[block * w->room + j];
        w->loss[j] += log((double)sum) + log((double)w->row[j]);
        w->column[j] = 1 / sum;
    }
}

/* What the loss asks of a text's vector, brought back through u = y / |y|: (g - u (u·g)) / |y|. */
static void through_length(const struct step *s, size_t text, const float *u, float *g)
{
    size_t d = s->t->dims;
    float length = s->w->length[text];
    lanes_add(g, u, -lanes_dot(u, g, d), d);
    lanes_scale(g, length > 0 ? 1 / length : 0, d);
}

static void ask_first(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t n = s->b->n, d = s->t->dims, from, to, wide = padded(n);
    float by = SHARP / (2 * (float)n);
    share(n, part, parts, &from, &to);
    for (size_t i = from; i < to; i++) {
        float *z = w->z + i * w->wide;
        lanes_weigh(z, 1 / w->row[i], w->column, wide);
        z[i] -= 2;
        lanes_scale(z, by, wide);
    }
    lanes_product(&(struct lanes_product){.c = w->g + from * d,
                                          .ldc = d,
                                          .a = w->z + from * w->wide,
                                          .a_row = w->wide,
                                          .a_col = 1,
                                          .b = w->u + w->room * d,
                                          .ldb = d,
                                          .b_panel = LANES_PANEL,
                                          .m = to - from,
                                          .n = d,
                                          .k = n});
    for (size_t i = from; i < to; i++)
        through_length(s, i, w->u + i * d, w->g + i * d);
}

static void ask_second(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t n = s->b->n, d = s->t->dims, from, to;
    share(n, part, parts, &from, &to);
    lanes_product(&(struct lanes_product){.c = w->g + (n + from) * d,
                                          .ldc = d,
                                          .a = w->z + from,
                                          .a_row = 1,
                                          .a_col = w->wide,
                                          .b = w->u,
                                          .ldb = d,
                                          .b_panel = LANES_PANEL,
                                          .m = to - from,
                                          .n = d,
                                          .k = n});
    for (size_t i = from; i < to; i++)
        through_length(s, n + i, w->u + (w->room + i) * d, w->g + (n + i) * d);
}

/* Texts by word, ascending: a counting sort. */
static bool turn_over(struct step *s, struct err *err)
{
    struct twin_work *w = s->w;
    const struct twin_batch *b = s->b;
    size_t places = b->start[2 * b->n];
    if (places > w->places_room) {
        mem_free(w->place);
        w->place = mem_get(places * sizeof *w->place);
        w->places_room = w->place ? places : 0;
        if (!w->place)
            return fail_memory(err);
    }
    memset(w->from, 0, (w->words + 1) * sizeof *w->from);
    for (size_t k = 0; k < places; k++)
        w->from[b->word[k]]++;
    w->used_n = 0;
    for (size_t word = 0, sum = 0; word < w->words; word++) {
        uint32_t count = w->from[word];
        if (count)
            w->used[w->used_n++] = (uint32_t)word;
        w->from[word] = (uint32_t)sum;
        sum += count;
    }
    for (uint32_t i = 0; i < 2 * b->n; i++)
        for (uint32_t k = b->start[i]; k < b->start[i + 1]; k++)
            w->place[w->from[b->word[k]]++] = (struct place){i, b->x[k]};
    return true; /* from[word] is where its places end now */
}

static void move_words(void *arg, unsigned part, unsigned parts)
{
    struct step *s = arg;
    struct twin_work *w = s->w;
    size_t d = s->t->dims, from = w->used_n * part / parts, to = w->used_n * (part + 1) / parts;
    float g[1024];
    for (size_t i = from; i < to; i++) {
        uint32_t word = w->used[i];
        memset(g, 0, d * sizeof *g);
        for (uint32_t k = i ? w->from[w->used[i - 1]] : 0; k < w->from[word]; k++)
            lanes_add(g, w->g + w->place[k].text * d, w->place[k].x, d);
        float *squares = &s->t->squares[word];
        *squares += lanes_dot(g, g, d) / (float)d;
        lanes_add(s->t->e + word * d, g, -s->rate / sqrtf(*squares), d);
    }
}

static void run(const struct twin_crew *crew, void (*work)(void *arg, unsigned part, unsigned parts),
                void *arg)
{
    if (crew)
        crew->run(crew->crew, work, arg);
    else
        work(arg, 0, 1);
}

bool twin_step(struct twin *t, const struct twin_batch *b, float rate, struct twin_work *w,
               const struct twin_crew *crew, double *loss, struct err *err)
{
    struct step s = {t, b, w, rate};
    static void (*const parts[])(void *, unsigned, unsigned) = {encode,    compare,    add_columns,
                                                                ask_first, ask_second, move_words};
    if (!turn_over(&s, err))
        return false;
    /* What stands behind the last paper up to a whole panel is multiplied too. */
    for (size_t j = b->n; j < padded(b->n); j++)
        for (size_t k = 0; k < t->dims; k++)
            w->across[(j / LANES_PANEL * t->dims + k) * LANES_PANEL + j % LANES_PANEL] = 0;
    memset(w->column, 0, w->room * sizeof *w->column);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        run(crew, parts[i], &s);
    double sum = 0;
    for (size_t i = 0; i < b->n; i++)
        sum += w->loss[i];
    *loss = sum / (2 * (double)b->n);
    return true;
}
