/* io/writer.h on both databases: neighbours of refused work stay, nothing is answered before its commit, and
 * what was answered outlives a kill. */
#include "test/test.h"

#include <pthread.h>
#include <semaphore.h>

#include "base/mem.h"
#include "io/writer.h"
#include "test/io/pg.h"
#include "test/io/place.h"

enum { THREADS = 8, EACH = 40 };

static struct db *open_db(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    assert_ok(db_open(&db, path, &err), &err);
    return db;
}

static struct writer *start(const char *path)
{
    struct err err = {0};
    struct writer *w = NULL;
    assert_ok(writer_start(&w, open_db(path), &err), &err);
    return w;
}

/* Run `check` with two empty tables on either database. What is done is in `done` if and only if it is paid
 * for in `paid`. */
static void both(void (*check)(const char *path))
{
    struct place place;
    place_make(&place);
    for (int kind = 0; kind < 2; kind++) {
        struct err err = {0};
        const char *path = kind == 0 ? place_name(&place, "x.db") : pg_url();
        if (!path) {
            place_clear(&place);
            skip();
        }
        struct db *db = open_db(path);
        if (kind == 1)
            pg_empty(db);
        assert_ok(
            db_run_script(db,
                          "create table done(id integer primary key, who integer not null);"
                          "create table paid(id integer primary key);"
                          "create table late(id integer references paid(id) deferrable initially deferred)",
                          &err),
            &err);
        db_close(db);
        check(path);
    }
    place_clear(&place);
}

static int64_t number(const char *path, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    struct db *db = open_db(path);
    assert_ok(db_number_(db, &n, -1, &err, sql, NULL, 0), &err);
    db_close(db);
    return n;
}

/* Do it, then pay; the second of a pair cannot pay, and so has not done it. */
static bool do_and_pay(struct db *db, void *arg, struct err *err)
{
    const int64_t *id = arg;
    return db_run(db, err, "insert into done(id, who) values ($1, $2)", V_INT(*id), V_INT(*id % 10)) &&
           db_run(db, err, "insert into paid(id) values ($1)", V_INT(*id / 2));
}

struct crew {
    struct writer *writer;
    int64_t from;
    int kept, refused, other;
};

static void *put_many(void *arg)
{
    struct crew *c = arg;
    for (int64_t id = c->from; id < c->from + EACH; id++) {
        struct err err = {0};
        bool kept = writer_do(c->writer, do_and_pay, &id, &err);
        c->kept += kept;
        c->refused += err.code == E_REFUSED;
        c->other += !kept && err.code != E_REFUSED;
    }
    return NULL;
}

struct piece_later {
    struct writing writing;
    int64_t id;
    int runs;
};
static struct {
    sem_t running, go, answered;
} later_gate;

static void eight_threads(const char *path)
{
    struct writer *w = start(path);
    struct crew crews[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        crews[i] = (struct crew){.writer = w, .from = 1000 * (i + 1)};
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &crews[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crews[i].kept, EACH / 2);
        assert_int_equal(crews[i].refused, EACH / 2);
    }
    writer_stop(w);
    assert_int_equal(number(path, "select count(*) from done"), THREADS * EACH / 2);
    assert_int_equal(number(path, "select count(*) from done join paid on paid.id = done.id / 2"),
                     THREADS * EACH / 2);
}

void test_writer__refused_work_does_not_undo_its_neighbours(void **state)
{
    (void)state;
    both(eight_threads);
}

/* A piece whose failure shows after it has returned: what it put off is refused. */
static bool pay_later(struct db *db, void *arg, struct err *err)
{
    struct piece_later *p = arg;
    p->runs++;
    if (p->id == 0) {
        sem_post(&later_gate.running);
        sem_wait(&later_gate.go);
    }
    return db_run(db, err, "insert into done(id, who) values ($1, 0)", V_INT(p->id)) &&
           db_run_later(db, err, "insert into paid(id) values ($1)", V_INT(p->id / 2));
}

static void answer_later(struct writing *this)
{
    (void)this;
    sem_post(&later_gate.answered);
}

static void pays_later(const char *path)
{
    struct piece_later piece[6];
    struct writer *w = start(path);
    sem_init(&later_gate.running, 0, 0);
    sem_init(&later_gate.go, 0, 0);
    sem_init(&later_gate.answered, 0, 0);
    for (int i = 0; i < 6; i++) { /* 0 alone; then 2, 4, 6, 8 and, last of them, 9, which 8 has paid for */
        int64_t id = i < 5 ? 2 * i : 9;
        piece[i] = (struct piece_later){.id = id};
        piece[i].writing = (struct writing){
            .work = pay_later, .arg = &piece[i], .order = (uint64_t)id, .answer = answer_later};
        writer_put(w, &piece[i].writing);
        if (i == 0)
            sem_wait(&later_gate.running);
    }
    sem_post(&later_gate.go);
    for (int i = 0; i < 6; i++)
        sem_wait(&later_gate.answered);
    writer_stop(w);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(piece[i].writing.kept, i < 5);
        assert_int_equal(piece[i].runs, i == 0 ? 1 : 2);
    }
    assert_int_equal(piece[5].writing.err.code, E_REFUSED);
    assert_int_equal(number(path, "select count(*) from done"), 5);
    assert_int_equal(number(path, "select count(*) from done join paid on paid.id = done.id / 2"), 5);
}

void test_writer__what_a_neighbour_put_off_and_was_refused_undoes_it_alone(void **state)
{
    (void)state;
    both(pays_later);
}

/* What ran and what was answered, in order: "r3" then "a3" for number 3. */
static struct {
    pthread_mutex_t lock;
    char text[1000];
    sem_t running, go, answered;
    const char *path;
    int unseen; /* answered and not to be seen by another connection */
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct piece {
    struct writing writing;
    int64_t id;
};

static void say(char what, int64_t id)
{
    pthread_mutex_lock(&seen.lock);
    size_t n = strlen(seen.text);
    snprintf(seen.text + n, sizeof seen.text - n, "%c%d ", what, (int)id);
    pthread_mutex_unlock(&seen.lock);
}

static bool note_and_put(struct db *db, void *arg, struct err *err)
{
    const struct piece *p = arg;
    say('r', p->id);
    if (p->id == 0) { /* the first holds the writer up until the others wait */
        sem_post(&seen.running);
        sem_wait(&seen.go);
    }
    return db_run(db, err, "insert into done(id, who) values ($1, 0)", V_INT(p->id));
}

static void note_answer(struct writing *this)
{
    const struct piece *p = (struct piece *)(void *)this;
    struct err err = {0};
    struct db *db = NULL;
    int64_t n = 0;
    say('a', p->id);
    seen.unseen += !this->kept || !db_open(&db, seen.path, &err) ||
                   !db_number(db, &n, 0, &err, "select count(*) from done where id = $1", V_INT(p->id)) ||
                   n != 1;
    db_close(db);
    sem_post(&seen.answered);
}

static void answers(const char *path)
{
    struct piece pieces[5];
    struct writer *w = start(path);
    seen.text[0] = '\0';
    seen.unseen = 0;
    seen.path = path;
    sem_init(&seen.running, 0, 0);
    sem_init(&seen.go, 0, 0);
    sem_init(&seen.answered, 0, 0);
    for (int i = 0; i < 5; i++) {
        pieces[i] = (struct piece){.id = i};
        pieces[i].writing = (struct writing){.work = note_and_put,
                                             .arg = &pieces[i],
                                             .order = UINT64_MAX - (unsigned)i, /* the last runs first */
                                             .answer = note_answer};
        writer_put(w, &pieces[i].writing);
        if (i == 0)
            sem_wait(&seen.running);
    }
    sem_post(&seen.go);
    for (int i = 0; i < 5; i++)
        sem_wait(&seen.answered);
    writer_stop(w);
    assert_string_equal(seen.text, "r0 a0 r4 r3 r2 r1 a4 a3 a2 a1 ");
    assert_int_equal(seen.unseen, 0);
}

void test_writer__what_waits_shares_a_commit_in_order_and_is_answered_after_it(void **state)
{
    (void)state;
    both(answers);
}

static bool promise_late(struct db *db, void *arg, struct err *err)
{
    const int64_t *id = arg;
    return db_run(db, err, "insert into late(id) values ($1)", V_INT(*id));
}

static void commit_fails(const char *path)
{
    struct err err = {0};
    struct writer *w = start(path);
    int64_t id = 77;
    assert_false(writer_do(w, promise_late, &id, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_ok(writer_do(w, do_and_pay, &id, &err), &err);
    writer_stop(w);
    assert_int_equal(number(path, "select count(*) from late"), 0);
    assert_int_equal(number(path, "select count(*) from done"), 1);
}

void test_writer__a_commit_that_fails_is_said_and_the_next_goes_on(void **state)
{
    (void)state;
    both(commit_fails);
}

static void *stop_it(void *writer)
{
    writer_stop(writer);
    return NULL;
}

static void stops(const char *path)
{
    struct writer *w = start(path);
    pthread_t stopper;
    struct piece pieces[4];
    seen.text[0] = '\0';
    seen.path = path;
    seen.unseen = 0;
    sem_init(&seen.running, 0, 0);
    sem_init(&seen.go, 0, 0);
    sem_init(&seen.answered, 0, 0);
    for (int i = 0; i < 4; i++) {
        pieces[i] = (struct piece){.id = i};
        pieces[i].writing = (struct writing){.work = note_and_put, .arg = &pieces[i], .answer = note_answer};
    }
    writer_put(w, &pieces[0].writing);
    sem_wait(&seen.running);
    writer_put(w, &pieces[1].writing);
    writer_put(w, &pieces[2].writing);
    assert_int_equal(pthread_create(&stopper, NULL, stop_it, w), 0);
    usleep(50 * 1000);
    writer_put(w, &pieces[3].writing); /* refused at once, on this thread */
    assert_int_equal(pieces[3].writing.err.code, E_STOPPED);
    sem_post(&seen.go);
    pthread_join(stopper, NULL);
    assert_int_equal(seen.unseen, 1);
    assert_int_equal(number(path, "select count(*) from done"), 3);
}

void test_writer__at_its_end_what_waits_is_kept_and_no_more_is_taken(void **state)
{
    (void)state;
    both(stops);
}

/* ---- two processes in each other's way ---- */

struct pair_of_keys {
    int64_t first, second;
    unsigned runs;
};

static bool take_two(struct db *db, void *arg, struct err *err)
{
    struct pair_of_keys *k = arg;
    k->runs++;
    if (!db_run(db, err, "insert into paid(id) values ($1) on conflict do nothing", V_INT(k->first)))
        return false;
    usleep(200 * 1000);
    return db_run(db, err, "insert into paid(id) values ($1) on conflict do nothing", V_INT(k->second));
}

struct one_do {
    struct writer *writer;
    struct pair_of_keys keys;
    bool kept;
    struct err err;
};

static void *do_one(void *arg)
{
    struct one_do *d = arg;
    d->kept = writer_do(d->writer, take_two, &d->keys, &d->err);
    return NULL;
}

void test_writer__work_that_another_process_was_in_the_way_of_is_tried_again(void **state)
{
    (void)state;
    struct err err = {0};
    if (!pg_url())
        skip();
    struct db *db = open_db(pg_url());
    pg_empty(db);
    assert_ok(db_run_script(db, "create table paid(id integer primary key)", &err), &err);
    db_close(db);
    struct one_do a = {.writer = start(pg_url()), .keys = {1, 2, 0}};
    struct one_do b = {.writer = start(pg_url()), .keys = {2, 1, 0}};
    pthread_t one, two;
    assert_int_equal(pthread_create(&one, NULL, do_one, &a), 0);
    assert_int_equal(pthread_create(&two, NULL, do_one, &b), 0);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    writer_stop(a.writer);
    writer_stop(b.writer);
    assert_ok(a.kept, &a.err);
    assert_ok(b.kept, &b.err);
    assert_in_range(a.keys.runs + b.keys.runs, 3, 6); /* one of them twice, or more often */
    assert_int_equal(number(pg_url(), "select count(*) from paid"), 2);
}

/* ---- kills ---- */

struct worker {
    struct writer *writer;
    int64_t from;
    int say;
};

static void *acknowledge(void *arg)
{
    struct worker *me = arg;
    for (int64_t id = me->from;; id += 2) { /* even ones can all pay */
        struct err err = {0};
        if (!writer_do(me->writer, do_and_pay, &id, &err) || write(me->say, &id, sizeof id) != sizeof id)
            _exit(1);
    }
}

/* A child in which eight threads write through one writer; `on` is what it says each time one is kept. */
static pid_t start_child(const char *path, int64_t from, int *on)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct err err = {0};
        struct db *db = NULL;
        struct worker workers[THREADS];
        struct writer *w = NULL;
        pthread_t thread;
        close(ends[0]);
        if (!db_open(&db, path, &err) || !writer_start(&w, db, &err))
            _exit(1);
        for (int i = 0; i < THREADS; i++) {
            workers[i] = (struct worker){w, from + i * 100000, ends[1]};
            if (pthread_create(&thread, NULL, acknowledge, &workers[i]))
                _exit(1);
        }
        for (;;)
            pause();
    }
    close(ends[1]);
    *on = ends[0];
    return pid;
}

static void kills(const char *path)
{
    static int64_t kept[200000];
    for (int round = 0; round < 20; round++) {
        int on;
        size_t n = 0;
        int64_t id;
        pid_t pid = start_child(path, 2000000LL * (round + 1), &on);
        assert_int_equal(read(on, &kept[n++], sizeof id), sizeof id);
        usleep((unsigned)(500 + round * 997));
        kill(pid, SIGKILL);
        while (n < 200000 && read(on, &id, sizeof id) == sizeof id)
            kept[n++] = id;
        close(on);
        waitpid(pid, NULL, 0);
        struct db *db = open_db(path);
        for (size_t i = 0; i < n; i++) {
            struct err err = {0};
            int64_t there = 0;
            assert_ok(
                db_number(db, &there, 0, &err,
                          "select count(*) from done join paid on paid.id = done.id / 2 where done.id = $1",
                          V_INT(kept[i])),
                &err);
            assert_int_equal(there, 1);
        }
        db_close(db);
    }
    assert_int_equal(number(path, "select (select count(*) from done) - (select count(*) from paid)"), 0);
}

void test_writer__what_was_acknowledged_outlives_a_kill_once_and_whole(void **state)
{
    (void)state;
    both(kills);
}

void test_writer__without_memory_it_says_so_and_closes_what_it_was_given(void **state)
{
    (void)state;
    struct err err = {0};
    struct writer *w = NULL;
    struct db *db = open_db(":memory:");
    mem_fail_at(1, true);
    assert_false(writer_start(&w, db, &err));
    mem_fail_at(0, false);
    assert_int_equal(err.code, E_MEMORY);
    assert_null(w);
}

/* What can be no part of a transaction runs between two of them, while others write. */
static bool rewrite(struct db *db, void *arg, struct err *err)
{
    *(bool *)arg = db_is_writing(db);
    return db_run(db, err, "vacuum");
}

static bool add_paid(struct db *db, void *arg, struct err *err)
{
    return db_run(db, err, "insert into paid(id) values ($1)", V_INT(*(int *)arg));
}

struct busy {
    struct writer *w;
    int from;
    bool kept;
};

static void *write_on(void *arg)
{
    struct busy *b = arg;
    b->kept = true;
    for (int i = b->from; i < b->from + EACH; i++) {
        struct err err = {0};
        b->kept &= writer_do_in(b->w, (uint64_t)i, add_paid, &i, &err);
    }
    return NULL;
}

static void between(const char *path)
{
    struct writer *w = start(path);
    struct busy busy[THREADS];
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
        busy[i] = (struct busy){w, i * EACH, false};
        assert_int_equal(pthread_create(&thread[i], NULL, write_on, &busy[i]), 0);
    }
    for (int i = 0; i < 5; i++) {
        struct err err = {0};
        bool inside = true;
        assert_ok(writer_between(w, rewrite, &inside, &err), &err);
        assert_false(inside);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_true(busy[i].kept);
    }
    writer_stop(w);
    assert_int_equal(number(path, "select count(*) from paid"), THREADS * EACH);
}

void test_writer__the_file_is_rewritten_between_commits(void **state)
{
    (void)state;
    both(between);
}
