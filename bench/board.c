/* bench_board FILE POSTS: a node's copy of a board in a database at FILE (made anew), and what listing and
 * searching it take; and a day of 500 letters that a listener's node tries with three weeks' box keys. One
 * line a figure: name, tab, milliseconds of wall time: the middle of 21 runs, the database open, as a page
 * has it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "anon/anon_db.h"
#include "anon/epoch.h"
#include "anon/fetched.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "io/db.h"
#include "io/migrate.h"
#include "speak/board.h"
#include "speak/board_keep.h"
#include "speak/box_key.h"
#include "speak/letter.h"
#include "speak/mailbox.h"
#include "speak/speak_room.h"
#include "ui/room.h"

#include "base/banned.h"

enum { RUNS = 21, REPLIES = 9, WORDS = 60, LETTERS = 500, BOX_KEYS = 3, TODAY = 20783 };

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fprintf(stderr, "bench: %s\n", err->text);
        exit(1);
    }
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Some 60 words out of 20,000, half of the posts with a Chinese sentence. */
static void text_of(uint64_t *seed, struct buf *out)
{
    buf_reset(out);
    for (int i = 0; i < WORDS; i++)
        buf_printf(out, "%sw%llu", i ? " " : "", (unsigned long long)(next(seed) * next(seed) % 20000));
    if (next(seed) % 2)
        buf_add_text(out, "\n周四晚上的会真的有必要吗，我想早点回家。");
    if (next(seed) % 100 == 0)
        buf_add_text(out, "\nI am thinking of stopping.");
}

struct filling {
    long posts;
};

static bool fill(struct db *db, void *arg, struct err *err)
{
    const struct filling *f = arg;
    uint64_t seed = 7;
    uint8_t thread[16] = {0};
    AUTO_BUF struct buf text, bytes;
    buf_init(&text, 1 << 16);
    buf_init(&bytes, 1 << 16);
    for (long i = 0; i < f->posts; i++) {
        uint8_t id[16], pk[32];
        bool begins = i % (REPLIES + 1) == 0;
        for (size_t k = 0; k < sizeof id; k++)
            id[k] = (uint8_t)next(&seed);
        for (size_t k = 0; k < sizeof pk; k++)
            pk[k] = (uint8_t)next(&seed);
        if (begins)
            memcpy(thread, id, sizeof id);
        text_of(&seed, &text);
        buf_reset(&bytes);
        AUTO_JSON json_t *o =
            json_pack("{s:{s:s,s:s,s:s},s:s}", "act", "room", i % 40 ? "" : "thesis", "text", buf_text(&text),
                      "title", "", "kind", begins ? "thread" : "reply");
        if (!o || !canon_write(o, &bytes, err) ||
            !db_run(
                db, err,
                "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, $2, 20000, "
                "'board', 1, $3, $4, $5, $6)",
                V_BLOB(span_bytes(id, 16)), V_STR(begins ? "thread" : "reply"), V_INT(i + 10),
                V_BLOB(span_bytes(thread, 16)), V_BLOB(span_bytes(pk, 32)), V_TEXT(buf_span(&bytes))))
            return false;
    }
    return true;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void list(struct db *db, const char *name, const char *words, int64_t skip)
{
    double ms[RUNS];
    int64_t found = 0;
    struct err err = {0};
    for (int i = 0; i < RUNS; i++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct board_ask ask = {.words = words, .skip = skip, .most = BOARD_PAGE, .posts_most = 1};
        struct board_threads all;
        double from = now_ms();
        must(board_keep(db, &err) && board_list(db, arena, &ask, &all, &err), &err);
        ms[i] = now_ms() - from;
        found = all.all;
    }
    qsort(ms, RUNS, sizeof ms[0], by_size);
    printf("%s\t%.1f\t%lld\n", name, ms[RUNS / 2], (long long)found);
}

/* One letters batch of a day: closed boxes that are for nobody here. */
static bool letters_fill(struct db *db, void *arg, struct err *err)
{
    const int *run = arg;
    for (int i = 0; i < LETTERS; i++) {
        uint8_t addr[16];
        char noise[BOX_SMALL];
        AUTO_BUF struct buf json;
        buf_init(&json, 1 << 16);
        rand_bytes(addr, sizeof addr);
        rand_bytes(noise, sizeof noise);
        json_t *act = letter_act(addr, (struct span){noise, sizeof noise});
        AUTO_JSON json_t *o = json_pack("{s:o}", "act", act);
        if (!o || !canon_write(o, &json, err) ||
            !db_run(db, err,
                    "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, 'letter', "
                    "$2, 'letters', $3, $4, $1, zeroblob(32), $5)",
                    V_BLOB(span_bytes(addr, 16)), V_INT(TODAY), V_INT(*run + 1),
                    V_INT(100000000 + (int64_t)*run * LETTERS + i), V_TEXT(buf_span(&json))))
            return false;
    }
    return true;
}

static void letters(struct db *db)
{
    int64_t now = (int64_t)TODAY * 86400;
    double ms[RUNS];
    struct err err = {0};
    struct history *history;
    struct known known = {.trial = true, .board_origin = "lab.example", .issuer_log = "", .board_log = ""};
    must(history_new(&history, &err) && fetched_note(db, now, now, &err), &err);
    for (int i = 0; i < BOX_KEYS; i++) {
        struct box_key key;
        must(box_key_of(db, "listener", epoch_of(now) - EPOCH_NEXT * i, &key, &err), &err);
    }
    for (int run = 0; run < RUNS; run++) {
        struct mailbox_news news;
        must(db_write(db, letters_fill, &run, &err), &err);
        double from = now_ms();
        must(mailbox_look(db, &known, history, NULL, now, &news, &err), &err);
        ms[run] = now_ms() - from;
    }
    qsort(ms, RUNS, sizeof ms[0], by_size);
    printf("letters\t%.1f\t%d\n", ms[RUNS / 2], LETTERS);
    history_free(history);
}

int main(int argc, char **argv)
{
    struct db *db = NULL;
    struct err err = {0};
    struct filling f = {argc > 2 ? strtol(argv[2], NULL, 10) : 20000};
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    if (argc < 2)
        return 2;
    must(db_open(&db, argv[1], &err) && migrate(db, sets, 2, NODE, NULL, &err) &&
             db_write(db, fill, &f, &err),
         &err);
    double from = now_ms();
    must(board_keep(db, &err), &err);
    printf("keep\t%.1f\t%ld\n", now_ms() - from, f.posts);
    list(db, "list", NULL, 0);
    list(db, "last", NULL, f.posts / (REPLIES + 1) - BOARD_PAGE);
    list(db, "words", "thinking stopping", 0);
    list(db, "rare", "w19999", 0);
    list(db, "many", "会真的有必要", 0);
    list(db, "two", "回家", 0);
    list(db, "none", "nothing here", 0);
    letters(db);
    db_close(db);
    return 0;
}
