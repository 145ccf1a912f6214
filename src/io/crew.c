/* Threads that do parts of a piece of work. Each waits for the next round; the caller does part 0 itself. */
#include "io/crew.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

struct hand {
    struct crew *crew;
    unsigned part;
    pthread_t thread;
};
struct crew {
    pthread_mutex_t lock;
    pthread_cond_t begin, done;
    struct hand hand[CREW_MOST]; /* [0] is the caller */
    unsigned hands, busy;
    unsigned long round;
    bool over;
    void (*work)(void *arg, unsigned part, unsigned parts);
    void *arg;
};

static void *hand_main(void *arg)
{
    struct hand *hand = arg;
    struct crew *c = hand->crew;
    unsigned long seen = 0;
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->over && c->round == seen)
            pthread_cond_wait(&c->begin, &c->lock);
        if (c->over)
            break;
        seen = c->round;
        pthread_mutex_unlock(&c->lock);
        c->work(c->arg, hand->part, c->hands);
        pthread_mutex_lock(&c->lock);
        if (--c->busy == 0)
            pthread_cond_signal(&c->done);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > CREW_MOST ? CREW_MOST : (unsigned)n;
}

struct crew *crew_new(unsigned hands, struct err *err)
{
    struct crew *c = mem_get(sizeof *c);
    sigset_t all, before;
    unsigned most = hands ? hands : processors();
    if (!c) {
        (void)fail_memory(err);
        return NULL;
    }
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->begin, NULL);
    pthread_cond_init(&c->done, NULL);
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    /* The crew's size is told to the threads before the first round, under the lock. */
    pthread_mutex_lock(&c->lock);
    for (c->hands = 1; c->hands < most && c->hands < CREW_MOST; c->hands++) {
        struct hand *h = &c->hand[c->hands];
        *h = (struct hand){.crew = c, .part = c->hands};
        if (pthread_create(&h->thread, NULL, hand_main, h))
            break; /* fewer hands do the same work */
    }
    pthread_mutex_unlock(&c->lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return c;
}

void crew_free(struct crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->over = true;
    pthread_cond_broadcast(&c->begin);
    pthread_mutex_unlock(&c->lock);
    for (unsigned i = 1; i < c->hands; i++)
        pthread_join(c->hand[i].thread, NULL);
    pthread_cond_destroy(&c->begin);
    pthread_cond_destroy(&c->done);
    pthread_mutex_destroy(&c->lock);
    mem_free(c);
}

unsigned crew_hands(const struct crew *c)
{
    return c->hands;
}

void crew_run(void *crew, void (*work)(void *arg, unsigned part, unsigned parts), void *arg)
{
    struct crew *c = crew;
    pthread_mutex_lock(&c->lock);
    c->work = work;
    c->arg = arg;
    c->busy = c->hands - 1;
    c->round++;
    pthread_cond_broadcast(&c->begin);
    pthread_mutex_unlock(&c->lock);
    work(arg, 0, c->hands);
    pthread_mutex_lock(&c->lock);
    while (c->busy)
        pthread_cond_wait(&c->done, &c->lock);
    pthread_mutex_unlock(&c->lock);
}
