#ifndef IO_GUESTS_H
#define IO_GUESTS_H
/* The open connections of a server and how long each has had: for io/httpd.c alone. A library that closes
 * silent connections lets one live for ever that says a byte now and then. */
#include <pthread.h>
#include <stdbool.h>

struct guest;
struct guests {
    pthread_mutex_t lock;
    struct guest *first;
};
void guests_init(struct guests *guests);
void guests_clear(struct guests *guests); /* all of them have gone */
/* A connection was made; NULL without memory: then it has no end but that of a silent one. */
struct guest *guests_in(struct guests *guests, int fd);
/* It ends. Before its socket is closed, so that a sweep never touches a number that is another's by now. */
void guests_out(struct guests *guests, struct guest *guest);
/* Its answer is being made (busy), which is not the guest's time; or was made, and its time begins anew. */
void guests_turn(struct guests *guests, struct guest *guest, bool busy);
/* Shut down those that took more than `seconds`. */
void guests_sweep(struct guests *guests, unsigned seconds);
#endif
