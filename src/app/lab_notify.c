/* Datagrams for systemd. Nobody listening is never a reason to stop. */
#include "app/lab_notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/clock.h"

#include "base/banned.h"

void notify_open(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET"), *watchdog = getenv("WATCHDOG_USEC");
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = path ? strlen(path) : 0;
    *notify = (struct notify){.fd = -1};
    if (n < 2 || n >= sizeof at.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(at.sun_path, path, n);
    if (path[0] == '@')
        at.sun_path[0] = '\0';
    notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (notify->fd < 0)
        return;
    if (connect(notify->fd, (const struct sockaddr *)&at,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) != 0)
        notify_close(notify);
    notify->every_ms = watchdog ? strtoll(watchdog, NULL, 10) / 2000 : 0;
}

void notify_say(const struct notify *notify, const char *line)
{
    if (notify->fd >= 0)
        (void)!send(notify->fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void notify_alive(struct notify *notify)
{
    int64_t now = clock_boot_ms();
    if (notify->every_ms <= 0 || now < notify->next_ms)
        return;
    notify_say(notify, "WATCHDOG=1");
    notify->next_ms = now + notify->every_ms;
}

void notify_close(struct notify *notify)
{
    if (notify->fd >= 0)
        close(notify->fd);
    notify->fd = -1;
}
