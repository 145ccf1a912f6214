/* Circles: the acts that members write and the board publishes, and what a letter between two of them holds.
 * What is read is written again as it was; and whatever acts come in whatever order, the circles made of them
 * keep their limits. */
#include "fuzz/fuzz.h"

#include "anon/epoch.h"
#include "codec/json.h"
#include "speak/circle_fold.h"
#include "speak/circle_letter.h"

#include "base/banned.h"

static void try_act(const json_t *o)
{
    for (int k = 0; k < CIRCLE_KINDS; k++) {
        struct err err = {0};
        struct circle_act act;
        if (!circle_act_read((enum circle_kind)k, o, &act, &err)) {
            must(said(&err));
            continue;
        }
        AUTO_JSON json_t *again = circle_act_write(&act);
        must(again && json_equal(o, again));
    }
}

static void try_letter(const json_t *o)
{
    struct err err = {0};
    struct letter_circle c;
    if (!letter_circle_get(o, &c, &err)) {
        must(said(&err));
        return;
    }
    must(c.meets.count <= MEETS_MOST);
    AUTO_JSON json_t *again = json_object();
    must(again && letter_circle_put(again, &c, &err));
    if (c.there)
        must(json_equal(json_object_get(o, "circle"), json_object_get(again, "circle")));
}

/* Four bytes an act: kind and batch, who, about whom, when. */
static void try_fold(const uint8_t *data, size_t size, struct arena *arena)
{
    struct err err = {0};
    struct circles all;
    struct circle_rows rows = {0};
    size_t n = size / 4 < 2000 ? size / 4 : 2000;
    int64_t batch = 1;
    rows.at = arena_array(arena, n + 1, sizeof *rows.at);
    must(rows.at != NULL);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *p = data + 4 * i;
        struct circle_row *r = &rows.at[rows.n++];
        batch += p[0] >> 7;
        *r = (struct circle_row){.id = {p[0] & 3, (uint8_t)i, (uint8_t)(i >> 8)},
                                 .pk = {p[1]},
                                 .batch = batch,
                                 .index = (int64_t)i,
                                 .day = (day_t)(20000 + i / 8),
                                 .act = {.kind = (enum circle_kind)((p[0] >> 2) % CIRCLE_KINDS),
                                         .yes = (p[3] & 1) != 0,
                                         .theme = SPAN("x"),
                                         .line = SPAN("")}};
        if (r->act.kind == CIRCLE_OPEN)
            r->id[1] = r->id[2] = 0;
        r->act.circle[0] = p[0] & 3;
        r->act.about[0] = p[2];
        r->act.week = epoch_of((int64_t)r->day * 86400) + 7 * (p[3] >> 6) - 7;
    }
    must(circles_fold(&rows, (day_t)(20000 + n / 8), arena, &all, &err));
    for (size_t i = 0; i < all.n; i++) {
        const struct circle *c = &all.at[i];
        must(c->n <= CIRCLE_MOST && c->askers.n <= CIRCLE_ASKS);
        for (size_t k = 0; k < c->n; k++) {
            must(circle_member(c, c->member[k].pk) == &c->member[k]);
            must(!circle_asker(c, c->member[k].pk));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    must(arena != NULL);
    if (json_read((struct span){(const char *)data, size}, 32768, "act", &o, &err)) {
        try_act(o);
        try_letter(o);
    }
    try_fold(data, size, arena);
    return 0;
}
