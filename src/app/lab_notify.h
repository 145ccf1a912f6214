#ifndef APP_LAB_NOTIFY_H
#define APP_LAB_NOTIFY_H
/* Telling systemd how it goes (sd_notify), without its library: datagrams to the socket named in
 * $NOTIFY_SOCKET. Opened before the sandbox, which takes no more sockets. */
#include <stdint.h>

struct notify {
    int fd;           /* -1: nobody asked */
    int64_t every_ms; /* half of WATCHDOG_USEC; 0: no watchdog */
    int64_t next_ms;
};
void notify_open(struct notify *notify);
void notify_say(const struct notify *notify, const char *line);
/* WATCHDOG=1, when it is time. */
void notify_alive(struct notify *notify);
void notify_close(struct notify *notify);
#endif
