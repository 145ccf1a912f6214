/* Durable rows a second, for bench/writer: bench_writer DATABASE SECONDS. A row is a random key of 32 bytes
 * under a unique index and 200 bytes. One line each, a name and a figure: single commits on one connection; a
 * bare loop of 128 rows a commit without queue or savepoints (the floor of group commit); then io/writer.h
 * with 1, 16 and 128 clients that wait for their answer.
 *
 * bench_writer DATABASE SECONDS CONNECTIONS GROUP is the floor of bench/lab: what an act leaves in `spent`
 * and `waiting`, rows of the same sizes under the same keys, in bare loops of GROUP acts a commit on each of
 * the connections: acts a second. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypt/rand.h"
#include "io/writer.h"

#include "base/banned.h"

enum { CLIENTS_MOST = 128, BARE = 128 };

struct row {
    char key[32], body[200];
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool put(struct db *db, void *arg, struct err *err)
{
    struct row row = {0};
    (void)arg;
    rand_bytes(row.key, sizeof row.key);
    return db_run(db, err, "insert into bench(key, body) values ($1, $2)",
                  V_BLOB(((struct span){row.key, sizeof row.key})),
                  V_BLOB(((struct span){row.body, sizeof row.body})));
}

static bool put_bare(struct db *db, void *arg, struct err *err)
{
    for (int i = 0; i < BARE; i++)
        if (!put(db, arg, err))
            return false;
    return true;
}

static void give_up(const struct err *err)
{
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static void alone(struct db *db, db_work *work, int rows, const char *name, double seconds)
{
    struct err err = {0};
    double began = now();
    long n = 0;
    for (; now() - began < seconds; n += rows)
        if (!db_write(db, work, NULL, &err))
            give_up(&err);
    printf("%s\t%.0f\n", name, (double)n / (now() - began));
}

/* ---- what a lab writes ---- */

/* The sizes are those of a short thread. */
static bool put_act(struct db *db, struct err *err)
{
    static const char item[480], token[354];
    struct row row = {0};
    uint8_t id[16], c[32];
    rand_bytes(row.key, sizeof row.key);
    rand_bytes(id, sizeof id);
    rand_bytes(c, sizeof c);
    struct val hash = V_BLOB(span_bytes(c, sizeof c));
    return db_run_later(db, err, "insert into bench_spent(nonce, key_id, c, day) values ($1, $2, $3, $4)",
                        V_BLOB(((struct span){row.key, sizeof row.key})), hash, hash, V_INT(20000)) &&
           db_run_later(db, err,
                        "insert into bench_waiting(id, series, c, item, thread, token, key_id, day) values "
                        "($1, $2, $3, $4, $5, $6, $7, $8)",
                        V_BLOB(span_bytes(id, sizeof id)), V_STR("board"), hash,
                        V_BLOB(((struct span){item, sizeof item})), V_BLOB(span_bytes(id, sizeof id)),
                        V_BLOB(((struct span){token, sizeof token})), hash, V_INT(20000));
}

static bool put_group(struct db *db, void *arg, struct err *err)
{
    const long *group = arg;
    for (long i = 0; i < *group; i++)
        if (!put_act(db, err))
            return false;
    return true;
}

struct loop {
    pthread_t thread;
    const char *path;
    double until;
    long group, n;
};

static void *put_on(void *arg)
{
    struct loop *l = arg;
    struct err err = {0};
    struct db *db = NULL;
    if (!db_open(&db, l->path, &err))
        give_up(&err);
    for (; now() < l->until; l->n += l->group)
        if (!db_write(db, put_group, &l->group, &err))
            give_up(&err);
    db_close(db);
    return NULL;
}

static int as_acts(const char *path, double seconds, long connections, long group)
{
    struct err err = {0};
    struct db *db = NULL;
    struct loop loop[8];
    double began = now();
    long n = 0;
    if (connections < 1 || connections > 8 || group < 1)
        return 2;
    if (!db_open(&db, path, &err) ||
        !db_run_script(
            db,
            "drop table if exists bench_spent; drop table if exists bench_waiting;"
            "create table bench_spent(nonce blob primary key, key_id blob not null, c blob not null, day "
            "integer not null) without rowid;"
            "create table bench_waiting(id blob primary key, series text not null, c blob not null, item "
            "blob, thread blob, token blob not null, key_id blob not null, day integer not null) without "
            "rowid",
            &err))
        give_up(&err);
    for (long i = 0; i < connections; i++) {
        loop[i] = (struct loop){.path = path, .until = began + seconds, .group = group};
        if (pthread_create(&loop[i].thread, NULL, put_on, &loop[i]))
            return 1;
    }
    for (long i = 0; i < connections; i++) {
        pthread_join(loop[i].thread, NULL);
        n += loop[i].n;
    }
    printf("acts\t%.0f\n", (double)n / (now() - began));
    db_close(db);
    return 0;
}

struct client {
    pthread_t thread;
    struct writer *writer;
    double until;
    long n;
};

static void *ask(void *arg)
{
    struct client *c = arg;
    struct err err = {0};
    for (; now() < c->until; c->n++)
        if (!writer_do(c->writer, put, NULL, &err))
            give_up(&err);
    return NULL;
}

static void together(struct writer *w, int clients, double seconds)
{
    static struct client all[CLIENTS_MOST];
    double began = now();
    long n = 0;
    for (int i = 0; i < clients; i++) {
        all[i] = (struct client){.writer = w, .until = began + seconds};
        if (pthread_create(&all[i].thread, NULL, ask, &all[i]))
            exit(1);
    }
    for (int i = 0; i < clients; i++) {
        pthread_join(all[i].thread, NULL);
        n += all[i].n;
    }
    printf("%d\t%.0f\n", clients, (double)n / (now() - began));
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    struct writer *w = NULL;
    if (argc != 3 && argc != 5)
        return 2;
    double seconds = strtod(argv[2], NULL);
    rand_start();
    if (argc == 5)
        return as_acts(argv[1], seconds, strtol(argv[3], NULL, 10), strtol(argv[4], NULL, 10));
    if (!db_open(&db, argv[1], &err) ||
        !db_run_script(
            db, "drop table if exists bench; create table bench(key blob primary key, body blob not null)",
            &err))
        give_up(&err);
    alone(db, put, 1, "single", seconds);
    alone(db, put_bare, BARE, "bare", seconds);
    if (!writer_start(&w, db, &err))
        give_up(&err);
    for (int clients = 1; clients <= CLIENTS_MOST; clients = clients == 1 ? 16 : clients * 8)
        together(w, clients, seconds);
    writer_stop(w);
    return 0;
}
