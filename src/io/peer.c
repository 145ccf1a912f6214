/* The other end of a loopback connection: the row of /proc/net/tcp whose local end is the connection's far
 * end. The table prints an address as 32-bit words in this machine's byte order, in hex, and the port as a
 * number. */
#include "io/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { LOOKS = 8 };

int peer_table(int listening)
{
    struct sockaddr_storage own;
    socklen_t n = sizeof own;
    if (getsockname(listening, (struct sockaddr *)&own, &n) != 0)
        return -1;
    return open(own.ss_family == AF_INET6 ? "/proc/self/net/tcp6" : "/proc/self/net/tcp",
                O_RDONLY | O_CLOEXEC);
}

/* "0100007F:1D28": an end as the table writes it. */
static void write_end(const struct sockaddr_storage *end, char out[static 48])
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    uint32_t words[4] = {0};
    size_t n = end->ss_family == AF_INET6 ? 4 : 1, used = 0;
    uint16_t port;
    if (n == 4) {
        memcpy(&six, end, sizeof six);
        memcpy(words, &six.sin6_addr, sizeof words);
        port = ntohs(six.sin6_port);
    } else {
        memcpy(&four, end, sizeof four);
        memcpy(words, &four.sin_addr, sizeof words[0]);
        port = ntohs(four.sin_port);
    }
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(out + used, 48 - used, "%08X", words[i]);
    snprintf(out + used, 48 - used, ":%04X", port);
}

/* One row: "  0: LOCAL REMOTE ST TX:RX TR:WHEN RETRANS UID TIMEOUT INODE …". A socket without an inode was
 * closed by its owner, and its user column says 0 whoever it was: such a row proves nothing. */
static bool row_says(const char *row, const char *local, const char *remote, uid_t *uid)
{
    char a[48], b[48];
    unsigned user;
    unsigned long inode;
    if (sscanf(row, " %*u: %47s %47s %*x %*x:%*x %*x:%*x %*x %u %*u %lu", a, b, &user, &inode) != 4)
        return false;
    if (strcmp(a, local) != 0 || strcmp(b, remote) != 0 || inode == 0)
        return false;
    *uid = user;
    return true;
}

/* Read the table once, from its beginning. */
static bool look_up(int table, const char *local, const char *remote, uid_t *uid)
{
    char block[4096];
    size_t kept = 0;
    for (off_t at = 0;;) {
        ssize_t got = pread(table, block + kept, sizeof block - 1 - kept, at);
        if (got <= 0)
            return false;
        at += got;
        kept += (size_t)got;
        block[kept] = '\0';
        char *row = block;
        for (char *end; (end = strchr(row, '\n')); row = end + 1) {
            *end = '\0';
            if (row_says(row, local, remote, uid))
                return true;
        }
        kept = (size_t)(block + kept - row);
        if (kept >= sizeof block - 1)
            return false; /* no row is that long */
        memmove(block, row, kept);
    }
}

bool peer_user(int table, int connection, uid_t *uid)
{
    struct sockaddr_storage ours, theirs;
    socklen_t n = sizeof ours, m = sizeof theirs;
    char local[48], remote[48];
    if (table < 0 || getsockname(connection, (struct sockaddr *)&ours, &n) != 0 ||
        getpeername(connection, (struct sockaddr *)&theirs, &m) != 0)
        return false;
    write_end(&theirs, local);
    write_end(&ours, remote);
    /* The kernel gives the table in pieces. When a connection ends between two of them the rows behind it
     * move up, and one is passed over: it stands in the next reading. */
    for (int i = 0; i < LOOKS; i++)
        if (look_up(table, local, remote, uid))
            return true;
    return false;
}
