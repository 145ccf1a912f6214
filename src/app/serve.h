#ifndef APP_SERVE_H
#define APP_SERVE_H
/* The serving process of the node: sandbox, page, jobs. */
#include "app/door.h"
#include "ui/room.h"

enum { SERVE_AGAIN = 75 }; /* exit status that asks the keeper for a fresh serving process */

struct serve_plan {
    int fd;    /* the listening socket */
    int ready; /* a byte is written here once pages are served */
    struct door door;
};
/* Serve until a signal, node_stop() or a folder was added. `app` has rooms, paths, role; db is opened here.
 * The exit status. */
int serve(struct app *app, const struct serve_plan *plan);
#endif
