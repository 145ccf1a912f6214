/* Durable rows a second, for bench/writer: bench_writer DATABASE SECONDS. A row is a random key of 32 bytes
 * under a unique index and 200 bytes. One line each, a name and a figure: single commits on one connection; a
 * bare loop of 128 rows a commit without queue or savepoints (the floor of group commit); then io/writer.h
 * with 1, 16 and 128 clients that wait for their answer. */
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
    if (argc != 3)
        return 2;
    double seconds = strtod(argv[2], NULL);
    rand_start();
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
