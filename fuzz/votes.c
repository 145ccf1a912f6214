/* Vote files of every kind: whatever comes, reading ends with votes that add up or with one sentence, and a
 * board of them is worked out or refused. First byte: what is asked for. */
#include "fuzz/fuzz.h"

#include <math.h>

#include "arena/rank_draw.h"
#include "arena/votes_read.h"

#include "base/banned.h"

static const char *const columns[] = {"voter", "prompt", "row", "day"};

static void check(struct votes *v, struct arena *arena)
{
    struct ranking r;
    struct err err = {0};
    int64_t sum = 0;
    for (size_t p = 0; p < v->pairs; p++) {
        must(v->pair[p].i < v->pair[p].j && v->pair[p].j < v->models.n);
        for (int y = 0; y < 4; y++)
            sum += v->pair[p].count[y];
    }
    must((uint64_t)sum == v->kept);
    if (v->models.n > 60)
        return;
    struct rank_ask ask = {.draws = 20, .seed = 1};
    if (!rank_make(arena, v, &ask, &r, &err)) {
        must(said(&err));
        return;
    }
    for (size_t i = 0; i < r.rated; i++) {
        must(isfinite(r.at[i].rating) && r.at[i].low <= r.at[i].high);
        must(!r.sets_known || (r.at[i].place_low >= 1 && r.at[i].place_low <= r.at[i].place_high &&
                               r.at[i].place_high <= r.rated));
    }
    AUTO_JSON json_t *o = rank_json(v, &r);
    must(o != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES v = {0};
    struct votes_feed feed = {0};
    struct err err = {0};
    struct votes_ask ask = {.skip_bad = data[0] & 1,
                            .style = data[0] & 2,
                            .clusters = data[0] & 4 ? 1 : 0,
                            .cluster = {columns[data[0] >> 3 & 3]},
                            .or_day = data[0] & 32};
    must(votes_begin(&v, arena, &ask, &err));
    buf_init(&feed.in, size + 1);
    buf_add(&feed.in, span_bytes(data + 1, size - 1));
    if (votes_read_feed(&v, &feed, &err))
        check(&v, arena);
    else
        must(said(&err));
    buf_clear(&feed.in);
    return 0;
}
