#ifndef APP_NODE_H
#define APP_NODE_H
/* The node: a page on 127.0.0.1 for one person. Two processes: the keeper binds the port, opens the browser
 * and starts the serving process, which sandboxes itself before it reads a byte from outside. When a folder
 * is added the serving process ends and a new one starts with a sandbox that holds the folder; the port, the
 * cookie and the forms stay good, since the keeper holds their keys. */
#include "ui/room.h"

extern const struct cli_option node_options[];
int cmd_node(struct app *app);
/* The data was removed: end the program after the present reply was sent. */
void node_stop(struct app *app);
/* Where the page listens; while none is open, where it would unless told otherwise. */
unsigned node_port(struct app *app);
#endif
