#ifndef IO_PEER_H
#define IO_PEER_H
/* Which user of this machine holds the other end of a loopback connection, by the kernel's table
 * /proc/net/tcp. Cookies and ports are shared by all users of a machine (RFC 6265, 8.5): this is the wall
 * between them. */
#include <stdbool.h>
#include <sys/types.h>

/* The table for sockets like `listening`, kept open so that no sandbox entered later is in its way. -1 when
 * it cannot be read. */
int peer_table(int listening);
/* The user whose socket is joined to `connection`. False when the table does not say. */
bool peer_user(int table, int connection, uid_t *uid);
#endif
