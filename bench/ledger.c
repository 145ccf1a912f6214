/* Entries of a log a second, for bench/ledger: bench_ledger DATABASE SECONDS. An entry is the leaf of an act,
 * 61 bytes. For batches of 1, 64 and 512 entries a commit, one line each, a name and a figure: `bare`, the
 * same bytes by a plain insert under an integer key; `log`, tlog_append with its tiles and signed checkpoint.
 * Then `read`: entries of the log read into a history (hashed, parsed, checked), as a node does it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "anon/entry.h"
#include "anon/history.h"
#include "anon/log_room.h"
#include "anon/tlog.h"
#include "crypt/rand.h"

#include "base/banned.h"

enum { MOST = 512 };

struct work {
    struct tlog log;
    size_t n; /* entries a commit */
    struct buf text;
    struct span entry[MOST];
    int64_t next; /* number of a bare row */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void give_up(const struct err *err)
{
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

/* Fresh leaves. */
static void draw(struct work *w)
{
    uint8_t c[32], leaf[32];
    buf_reset(&w->text);
    for (size_t i = 0; i < w->n; i++) {
        rand_bytes(c, sizeof c);
        entry_act_leaf(c, &w->text, leaf);
    }
    size_t each = w->text.n / w->n;
    for (size_t i = 0; i < w->n; i++)
        w->entry[i] = (struct span){w->text.p + i * each, each};
}

static bool put_bare(struct db *db, void *arg, struct err *err)
{
    struct work *w = arg;
    for (size_t i = 0; i < w->n; i++)
        if (!db_run(db, err, "insert into bench(idx, entry) values ($1, $2)", V_INT(w->next++),
                    V_BLOB(w->entry[i])))
            return false;
    return true;
}

static bool put_log(struct db *db, void *arg, struct err *err)
{
    struct work *w = arg;
    uint64_t first;
    return tlog_append(db, &w->log, w->entry, w->n, &first, err);
}

static void run(struct db *db, db_work *work, struct work *w, const char *name, double seconds)
{
    struct err err = {0};
    double spent = 0;
    long n = 0;
    for (double began = now(); now() - began < seconds; n += (long)w->n) {
        draw(w);
        double at = now();
        if (!db_write(db, work, w, &err))
            give_up(&err);
        spent += now() - at;
    }
    printf("%s %zu\t%.0f\n", name, w->n, (double)n / spent);
    fflush(stdout);
}

static void read_back(struct db *db, double seconds)
{
    struct err err = {0};
    struct history *h = NULL;
    uint64_t size;
    double spent = 0;
    if (!tlog_size(db, &size, &err) || !history_new(&h, &err))
        give_up(&err);
    while (h->tree.size < size && spent < seconds) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct span entry;
        if (!tlog_entry(db, arena, h->tree.size, &entry, &err))
            give_up(&err);
        double at = now();
        if (!history_add(h, entry, &err))
            give_up(&err);
        spent += now() - at;
    }
    printf("read\t%.0f\n", (double)h->tree.size / spent);
    history_free(h);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set set = {log_room.name, log_room.migrations};
    static struct work w = {.log = {.origin = "bench.example/respite"}};
    static const size_t sizes[] = {1, 64, MOST};
    if (argc != 3)
        return 2;
    double seconds = strtod(argv[2], NULL);
    rand_start();
    sign_key_init(&w.log.key, (const uint8_t[32]){1});
    buf_init(&w.text, MOST * 128);
    if (!db_open(&db, argv[1], &err) || !migrate(db, &set, 1, LAB, NULL, &err) ||
        !db_run_script(
            db,
            "drop table if exists bench; create table bench(idx integer primary key, entry blob not null)",
            &err))
        give_up(&err);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        w.n = sizes[i];
        run(db, put_bare, &w, "bare", seconds);
        run(db, put_log, &w, "log", seconds);
    }
    read_back(db, seconds);
    buf_clear(&w.text);
    db_close(db);
    return 0;
}
