#ifndef TEST_IO_SERVER_H
#define TEST_IO_SERVER_H
/* A server of io/httpd.h on a port of its own, raw requests to it, and what comes back. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/httpd.h"
#include "test/io/place.h"

enum { BODY_MOST = 1000 };

static struct {
    struct httpd *httpd;
    uint16_t port;
    char host[32];
    char seen[4096]; /* what `serve` was handed, in words */
    int calls;
    unsigned sleep_ms;
    bool big, fail;
} server;

/* Says what arrived, so that a test can compare one text. */
static inline void serve(void *arg, const struct request *r, struct reply *reply)
{
    (void)arg;
    struct span q = request_query(r, "q"), cookie = request_cookie(r, "session");
    server.calls++;
    snprintf(server.seen, sizeof server.seen, "%.*s %.*s q=%.*s cookie=%.*s body=%.*s", SPAN_ARG(r->method),
             SPAN_ARG(r->path), SPAN_ARG(q), SPAN_ARG(cookie), SPAN_ARG(r->body));
    if (server.sleep_ms)
        usleep(server.sleep_ms * 1000);
    if (span_is(r->path, "/assets/theme.css"))
        reply->type = "text/css";
    reply->last = span_is(r->path, "/last");
    if (span_is(r->path, "/alone"))
        reply_header(reply, r->arena, "Connection", "close");
    if (span_is(r->path, "/there")) {
        reply->status = 303;
        reply_header(reply, r->arena, "Location", "/here");
        reply_header(reply, r->arena, "X-Bad", "a\r\nSet-Cookie: x=y");
        return;
    }
    for (int i = 0; server.big && i < 100000; i++)
        buf_add_text(&reply->body, "0123456789");
    reply->body.failed |= server.fail;
    buf_add_text(&reply->body, "seen: ");
    buf_add_text(&reply->body, server.seen);
}

static int listening_fd; /* of the last start */

static inline void start_with(const struct httpd_options *extra)
{
    struct err err = {0};
    int fd = -1;
    memset(&server, 0, sizeof server);
    assert_ok(httpd_listen("127.0.0.1", &server.port, &fd, &err), &err);
    snprintf(server.host, sizeof server.host, "127.0.0.1:%u", server.port);
    static const char *hosts[3];
    hosts[0] = server.host;
    hosts[1] = "localhost:7464";
    struct httpd_options o = *extra;
    o.fd = listening_fd = fd;
    o.hosts = hosts;
    o.body_most = BODY_MOST;
    o.serve = serve;
    assert_ok(httpd_start(&server.httpd, &o, &err), &err);
}

static inline void start(void)
{
    start_with(&(struct httpd_options){.connections = 20});
}

static inline void stop(void)
{
    httpd_stop(server.httpd);
}

static inline int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(server.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static inline void say(int fd, const char *text, size_t n)
{
    while (n) {
        ssize_t put = send(fd, text, n, MSG_NOSIGNAL);
        if (put <= 0)
            return; /* it had enough of us already */
        text += put;
        n -= (size_t)put;
    }
}

/* All that comes until the other side closes, or for `ms` nothing comes, or for half a second nothing more.
 */
static inline void hear(int fd, struct buf *out, int ms)
{
    char block[8192];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, out->n ? 500 : ms) == 1) {
        ssize_t got = recv(fd, block, sizeof block, 0);
        if (got <= 0)
            return;
        buf_add(out, (struct span){block, (size_t)got});
    }
}

/* One request, "@" in it standing for the right Host line and the wish to be alone; the whole answer. */
static inline const char *ask(const char *request)
{
    static struct buf out;
    AUTO_BUF struct buf text;
    buf_clear(&out);
    buf_init(&out, 4000000);
    buf_init(&text, 4000000);
    const char *at = strchr(request, '@');
    if (at)
        buf_printf(&text, "%.*sHost: %s\r\nConnection: close\r\n%s", (int)(at - request), request,
                   server.host, at + 1);
    else
        buf_add_text(&text, request);
    int fd = dial();
    say(fd, text.p, text.n);
    shutdown(fd, SHUT_WR);
    hear(fd, &out, 5000);
    close(fd);
    return buf_text(&out);
}

static inline int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.", 7) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

/* The answer is `status`, one plain sentence, nothing kept by anybody; and `serve` was not called. */
static inline void refused(const char *request, int status)
{
    int calls = server.calls;
    const char *answer = ask(request);
    if (status_of(answer) != status) {
        print_error("%d wanted for\n%s\ngot\n%s\n", status, request, answer);
        _fail(__FILE__, __LINE__);
    }
    assert_int_equal(server.calls, calls);
    assert_non_null(strstr(answer, "Content-Type: text/plain; charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(answer, ".\n"));
}

static inline void served(const char *request, const char *seen)
{
    const char *answer = ask(request);
    if (status_of(answer) != 200 || strcmp(server.seen, seen) != 0) {
        print_error("200 wanted for\n%s\nsaw %s\ngot\n%s\n", request, server.seen, answer);
        _fail(__FILE__, __LINE__);
    }
}

static inline int count_of(const char *text, const char *what)
{
    int n = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}
#endif
