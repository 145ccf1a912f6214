/* Group commit: a queue, one thread, a transaction for whatever waits, answers after the commit. Nothing
 * waits on purpose for company: while one commit is written the next batch gathers by itself.
 *
 * Nearly always all pieces of a batch are good, so they run behind each other without more ado. When one
 * fails, everything is undone and they run again, each in a savepoint of its own (db_write nests that way).
 * On PostgreSQL a savepoint is two more ways there and back for each piece, a transaction number, and, from
 * the 65th of one transaction on, slower reading for all who look at what it wrote. */
#include "io/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/words.h"

#include "base/banned.h"

enum {
    BATCH_MOST = 1024, /* pieces in one commit: a few milliseconds */
    TRIES_MOST = 3,
};

struct writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t waiting; /* something is in the queue, or it is to stop */
    struct writing *first, **last;
    bool stop;
};

struct batch {
    struct writing *at[BATCH_MOST];
    size_t n;
    bool apart;   /* each in its savepoint */
    bool spoiled; /* one failed among the others */
};

/* Wait for work. False when the queue is empty and it is to stop. */
static bool gather(struct writer *w, struct batch *b)
{
    b->n = 0;
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stop)
        pthread_cond_wait(&w->waiting, &w->lock);
    while (w->first && b->n < BATCH_MOST) {
        b->at[b->n++] = w->first;
        w->first = w->first->next;
    }
    if (!w->first)
        w->last = &w->first;
    pthread_mutex_unlock(&w->lock);
    return b->n > 0;
}

static int by_order(const void *a, const void *b)
{
    const struct writing *const *x = a, *const *y = b;
    return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static void begin_piece(struct writing *t)
{
    t->kept = false;
    t->err = (struct err){0};
}

/* Apart, refused pieces fail for themselves and the batch as such goes on. */
static bool run_each(struct db *db, void *arg, struct err *err)
{
    struct batch *b = arg;
    for (size_t i = 0; i < b->n; i++) {
        struct writing *t = b->at[i];
        if (t->between)
            continue;
        begin_piece(t);
        t->kept = b->apart ? db_write(db, t->work, t->arg, &t->err) : t->work(db, t->arg, &t->err);
        if (!t->kept && !b->apart) {
            b->spoiled = true;
            return false;
        }
    }
    b->spoiled = !db_settle(db, err); /* what fails from here on is the commit */
    return !b->spoiled;
}

static bool any_together(const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (!b->at[i]->between)
            return true;
    return false;
}

/* All in one transaction. False: the commit, or what began it, failed. Then nothing is tried again: it may
 * have been kept. */
static bool run_all(struct db *db, struct batch *b, struct err *err)
{
    b->apart = b->spoiled = false;
    if (!any_together(b) || db_write(db, run_each, b, err))
        return true;
    if (!b->spoiled)
        return false;
    *err = (struct err){0};
    b->apart = true;
    return db_write(db, run_each, b, err);
}

static void run_between(struct db *db, struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct writing *t = b->at[i];
        if (!t->between)
            continue;
        begin_piece(t);
        t->kept = t->work(db, t->arg, &t->err);
    }
}

/* The commit, or what began it, failed: nothing of the batch was kept. */
static void none_kept(struct batch *b, const struct err *err)
{
    for (size_t i = 0; i < b->n; i++)
        if (!b->at[i]->between && (b->at[i]->kept || b->at[i]->err.code == E_NONE)) {
            b->at[i]->kept = false;
            b->at[i]->err = *err;
        }
}

static void queue(struct writer *w, struct writing *t)
{
    t->next = NULL;
    *w->last = t;
    w->last = &t->next;
}

/* Answer what is decided. What stood in another process's way is put back instead. */
static void answer(struct writer *w, struct batch *b, bool committed)
{
    for (size_t i = 0; i < b->n; i++) {
        struct writing *t = b->at[i];
        if ((committed || t->between) && !t->kept && t->err.code == E_BUSY && t->tries < TRIES_MOST) {
            pthread_mutex_lock(&w->lock);
            queue(w, t);
            pthread_mutex_unlock(&w->lock);
        } else {
            t->answer(t);
        }
    }
}

static void *work_on(void *arg)
{
    struct writer *w = arg;
    struct batch b;
    while (gather(w, &b)) {
        struct err err = {0};
        for (size_t i = 0; i < b.n; i++) {
            begin_piece(b.at[i]);
            b.at[i]->tries++;
        }
        qsort(b.at, b.n, sizeof b.at[0], by_order);
        bool committed = run_all(w->db, &b, &err);
        if (!committed)
            none_kept(&b, &err);
        run_between(w->db, &b);
        answer(w, &b, committed);
    }
    return NULL;
}

/* Signals are for the main thread; those of our own faults stay as they are. */
static bool start_thread(struct writer *w)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t all, before;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&w->thread, NULL, work_on, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

bool writer_start(struct writer **out, struct db *db, struct err *err)
{
    struct writer *w = mem_get(sizeof *w);
    if (!w) {
        db_close(db);
        return fail_memory(err);
    }
    w->db = db;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->waiting, NULL);
    if (start_thread(w)) {
        *out = w;
        return true;
    }
    db_close(db);
    mem_free(w);
    return fail(err, E_SYSTEM,
                tr("err.io.writer", "The system has no thread left to write with. Close something and start "
                                    "Respite again."));
}

void writer_put(struct writer *w, struct writing *t)
{
    t->kept = false;
    t->err = (struct err){0};
    t->tries = 0;
    pthread_mutex_lock(&w->lock);
    bool stopped = w->stop;
    if (!stopped) {
        queue(w, t);
        pthread_cond_signal(&w->waiting);
    }
    pthread_mutex_unlock(&w->lock);
    if (!stopped)
        return;
    fail(&t->err, E_STOPPED,
         tr("err.io.writer_stopped", "Respite is ending, so nothing more is taken. Try again later."));
    t->answer(t);
}

/* One who waits. */
struct waiter {
    struct writing writing;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

static void wake(struct writing *t)
{
    struct waiter *me = (struct waiter *)(void *)t;
    pthread_mutex_lock(&me->lock);
    me->done = true;
    pthread_cond_signal(&me->answered);
    pthread_mutex_unlock(&me->lock); /* until here `me` is alive: who waits needs the lock to go on */
}

static bool put_and_wait(struct writer *w, const struct writing *writing, struct err *err)
{
    struct waiter me = {
        .writing = *writing, .lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER};
    me.writing.answer = wake;
    writer_put(w, &me.writing);
    pthread_mutex_lock(&me.lock);
    while (!me.done)
        pthread_cond_wait(&me.answered, &me.lock);
    pthread_mutex_unlock(&me.lock);
    pthread_mutex_destroy(&me.lock);
    pthread_cond_destroy(&me.answered);
    return me.writing.kept || fail(err, me.writing.err.code, "%s", me.writing.err.text);
}

bool writer_do(struct writer *w, db_work *work, void *arg, struct err *err)
{
    return put_and_wait(w, &(struct writing){.work = work, .arg = arg}, err);
}

bool writer_do_in(struct writer *w, uint64_t order, db_work *work, void *arg, struct err *err)
{
    return put_and_wait(w, &(struct writing){.work = work, .arg = arg, .order = order}, err);
}

bool writer_between(struct writer *w, db_work *work, void *arg, struct err *err)
{
    return put_and_wait(w, &(struct writing){.work = work, .arg = arg, .between = true}, err);
}

void writer_stop(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->waiting);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->waiting);
    db_close(w->db);
    mem_free(w);
}
