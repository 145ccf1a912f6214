#ifndef TEST_ANON_RECORD_H
#define TEST_ANON_RECORD_H
/* Records for tests of history: entries of a lab with 12 members whose first checkpoint is made in the middle
 * of 2026-W47, and what was found about them. */
#include <stdlib.h>

#include "anon/history.h"
#include "anon/token.h"
#include "crypt/hash.h"

enum { W47 = 20773, W48 = W47 + 7, W49 = W48 + 7, HOUR = 3600, DAY = 86400 };
#define BEGAN ((int64_t)(W47 + 2) * DAY + 10 * HOUR) /* Wednesday of 2026-W47, ten o'clock */
#define VKEY "127.0.0.1:8080/respite+00000000+AQ=="

struct record {
    struct history *h;
    struct arena *arena;
};

static inline void record_free(struct record *r)
{
    history_free(r->h);
    arena_free(r->arena);
}
#define AUTO_RECORD __attribute__((cleanup(record_free)))

static inline void add_text(struct record *r, struct span text)
{
    struct err err = {0};
    assert_ok(history_add(r->h, text, &err), &err);
}

static inline void add(struct record *r, struct entry e)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, ENTRY_MOST);
    assert_ok(entry_write(&e, &out, &err), &err);
    add_text(r, buf_span(&out));
}

static inline struct entry genesis(const char *roles, bool trial)
{
    return (struct entry){.kind = ENTRY_GENESIS,
                          .at = BEGAN,
                          .genesis = {.lab = SPAN("Lab"),
                                      .by = SPAN("Works"),
                                      .roles = span_of(roles),
                                      .zone = SPAN("Europe/Berlin"),
                                      .origin_info = SPAN("127.0.0.1:8080"),
                                      .promise = SPAN("127.0.0.1:8080/respite/promise+00000000+AQ=="),
                                      .issuer = {.at = {SPAN("http://127.0.0.1:8080")}, .n = 1},
                                      .board = {.at = {SPAN("http://127.0.0.1:8080")}, .n = 1},
                                      .log = {.at = {SPAN(VKEY)}, .n = 1},
                                      .trial = trial}};
}

static inline struct entry rules(int64_t at)
{
    return (struct entry){.kind = ENTRY_RULES,
                          .at = at,
                          .rules = {.floor = 10,
                                    .quota = 64,
                                    .slot = {6, 12, 18},
                                    .slots = 3,
                                    .letters = 4,
                                    .retention = 14,
                                    .fetch_from = 600,
                                    .fetch_to = 960,
                                    .send_from = 540,
                                    .send_to = 1080}};
}

/* `which` makes another modulus. */
static inline struct entry key(int64_t at, day_t epoch, uint8_t which)
{
    static char room[CHALLENGE_MOST];
    struct challenge challenge = {
        .type = TOKEN_TYPE, .issuer = SPAN("127.0.0.1:8080"), .origins = SPAN("127.0.0.1:8080")};
    struct entry e = {.kind = ENTRY_KEY, .at = at, .key = {.epoch = epoch, .windows = epoch_windows(epoch)}};
    uint8_t n[SPKI_MODULUS] = {0x80, which, (uint8_t)epoch};
    n[SPKI_MODULUS - 1] = 1;
    spki_write(n, e.key.spki);
    AUTO_BUF struct buf text;
    buf_init(&text, CHALLENGE_MOST);
    challenge_write(&challenge, &text);
    memcpy(room, text.p, text.n);
    e.key.challenge = (struct span){room, text.n};
    return e;
}

static inline struct entry roster(int64_t at, day_t epoch, int64_t members)
{
    return (struct entry){
        .kind = ENTRY_ROSTER, .at = at, .list = {.epoch = epoch, .n = members, .root = {(uint8_t)members}}};
}

static inline struct entry open_of(int64_t at, day_t epoch, int64_t holders)
{
    return (struct entry){.kind = ENTRY_OPEN, .at = at, .list = {.epoch = epoch, .n = holders}};
}

static inline struct entry issued(int64_t at, day_t epoch, int64_t members, int64_t n)
{
    return (struct entry){.kind = ENTRY_CLOSE,
                          .at = at,
                          .close = {.epoch = epoch, .members = members, .issued = n, .spent = -1}};
}

static inline struct entry spent(int64_t at, day_t epoch, int64_t n)
{
    return (struct entry){
        .kind = ENTRY_CLOSE, .at = at, .close = {.epoch = epoch, .members = -1, .issued = -1, .spent = n}};
}

static inline struct entry batch(const char *series, int64_t n, day_t day, int64_t slot, day_t epoch,
                                 int64_t count)
{
    struct entry e = {.kind = ENTRY_BATCH,
                      .batch = {.series = span_of(series), .n = n, .day = day, .slot = slot, .count = count}};
    if (count > 0) {
        e.batch.keys = 1;
        e.batch.key[0].epoch = epoch;
        e.batch.key[0].n = count;
    }
    return e;
}

/* One act's c, and its id. */
struct leaf {
    uint8_t c[32], id[32];
};

static inline int by_id(const void *a, const void *b)
{
    return memcmp(((const struct leaf *)a)->id, ((const struct leaf *)b)->id, 16);
}

/* `n` leaves in their order; those of another `seed` are others. */
static inline void leaves_of(struct leaf *leaf, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t number[2] = {seed, (uint32_t)i};
        hash_sha256((struct span){(const char *)number, sizeof number}, leaf[i].c);
        entry_act_leaf(leaf[i].c, NULL, leaf[i].id);
    }
    qsort(leaf, n, sizeof *leaf, by_id);
}

static inline void add_leaves(struct record *r, size_t n)
{
    static struct leaf leaf[ENTRY_ACTS_MOST];
    leaves_of(leaf, n, (uint32_t)r->h->tree.size);
    for (size_t i = 0; i < n; i++) {
        struct entry e = {.kind = ENTRY_ACT};
        memcpy(e.act.c, leaf[i].c, 32);
        add(r, e);
    }
}

static inline void add_batch(struct record *r, int64_t n, day_t day, int64_t slot, day_t epoch, int64_t count)
{
    add(r, batch("board", n, day, slot, epoch, count));
    add_leaves(r, (size_t)count);
}

/* The first checkpoint of a lab with 12 members, in the middle of W47. */
static inline struct record begin(const char *roles, bool trial)
{
    struct err err = {0};
    struct record r = {.arena = arena_new()};
    assert_ok(history_new(&r.h, &err), &err);
    add(&r, genesis(roles, trial));
    add(&r, rules(BEGAN));
    if (strcmp(roles, "board") == 0)
        return r;
    add(&r, key(BEGAN, W47, 0));
    add(&r, key(BEGAN, W48, 0));
    add(&r, roster(BEGAN, W47, 12));
    add(&r, roster(BEGAN, W48, 12));
    return r;
}

static inline struct record lab(void)
{
    return begin("both", false);
}

static inline void assert_good(const struct record *r)
{
    for (size_t i = 0; i < r->h->findings.n; i++)
        print_error("%llu: %s\n", (unsigned long long)r->h->findings.at[i].index, r->h->findings.at[i].text);
    assert_int_equal(r->h->findings.n, 0);
}

/* One finding, about the last entry, with these words in it; then it is forgotten. */
static inline void assert_found(struct record *r, const char *words)
{
    assert_int_equal(r->h->findings.n, 1);
    if (!strstr(r->h->findings.at[0].text, words)) {
        print_error("%s\n", r->h->findings.at[0].text);
        assert_true(false);
    }
    assert_int_equal(r->h->findings.at[0].index, r->h->tree.size - 1);
    r->h->findings.n = 0;
}
#endif
