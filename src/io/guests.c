/* The open connections of a server, in a list under one lock. */
#include "io/guests.h"

#include <stdint.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "io/clock.h"

#include "base/banned.h"

struct guest {
    int fd;
    int64_t since_ms;
    bool busy;
    struct guest *next, *before;
};

void guests_init(struct guests *guests)
{
    *guests = (struct guests){0};
    pthread_mutex_init(&guests->lock, NULL);
}

void guests_clear(struct guests *guests)
{
    pthread_mutex_destroy(&guests->lock);
}

struct guest *guests_in(struct guests *guests, int fd)
{
    struct guest *g = mem_get(sizeof *g);
    if (!g)
        return NULL;
    *g = (struct guest){.fd = fd, .since_ms = clock_boot_ms()};
    pthread_mutex_lock(&guests->lock);
    g->next = guests->first;
    if (g->next)
        g->next->before = g;
    guests->first = g;
    pthread_mutex_unlock(&guests->lock);
    return g;
}

void guests_out(struct guests *guests, struct guest *g)
{
    if (!g)
        return;
    pthread_mutex_lock(&guests->lock);
    if (g->next)
        g->next->before = g->before;
    if (g->before)
        g->before->next = g->next;
    else
        guests->first = g->next;
    pthread_mutex_unlock(&guests->lock);
    mem_free(g);
}

void guests_turn(struct guests *guests, struct guest *g, bool busy)
{
    if (!g)
        return;
    pthread_mutex_lock(&guests->lock);
    g->busy = busy;
    g->since_ms = clock_boot_ms();
    pthread_mutex_unlock(&guests->lock);
}

void guests_sweep(struct guests *guests, unsigned seconds)
{
    int64_t end = clock_boot_ms() - (int64_t)seconds * 1000;
    pthread_mutex_lock(&guests->lock);
    for (struct guest *g = guests->first; g; g = g->next)
        if (!g->busy && g->since_ms < end)
            shutdown(g->fd, SHUT_RDWR);
    pthread_mutex_unlock(&guests->lock);
}
