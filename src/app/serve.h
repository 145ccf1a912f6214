#ifndef APP_SERVE_H
#define APP_SERVE_H
/* The serving process of the node: sandbox, page, jobs. */
#include "app/door.h"
#include "ui/room.h"

/* What the serving process ends with, beside 0 and 1 or 2 (it has said why): */
enum {
    SERVE_AGAIN = 75,     /* the keeper is asked for a fresh one */
    SERVE_FORGOTTEN = 76, /* the data was removed by its page, and what is left of it is the keeper's */
};

struct serve_plan {
    int fd;    /* the listening socket */
    int ready; /* a byte is written here once pages are served */
    int wake;  /* and here when an errand waits; the keeper sees its other end close when this process ends */
    struct door door;
};
/* Serve until a signal, node_stop() or a folder was added. `app` has rooms, paths, role; db is opened here.
 * The exit status. */
int serve(struct app *app, const struct serve_plan *plan);
#endif
