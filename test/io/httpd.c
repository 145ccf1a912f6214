/* io/httpd.h over raw sockets: what a strict server would refuse is refused in one sentence, and the next
 * request is served. */
#include "test/test.h"

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
#include "test/io/server.h"

void test_httpd__hands_on_path_query_cookie_and_body(void **state)
{
    (void)state;
    start();
    served("GET /a%2fb?q=x%20y+z&r=1 HTTP/1.1\r\n@Cookie: a=1; session=s3=; b=2\r\n\r\n",
           "GET /a%2fb q=x y z cookie=s3= body=");
    served("POST /f HTTP/1.1\r\n@Content-Length: 5\r\n\r\na=b&c", "POST /f q= cookie= body=a=b&c");
    served("POST /f HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
           "POST /f q= cookie= body=abcde");
    served("GET / HTTP/1.0\r\n@\r\n", "GET / q= cookie= body=");
    served("GET / HTTP/1.1\r\nHost: localhost:7464\r\n\r\n", "GET / q= cookie= body=");
    stop();
}

void test_httpd__replies_carry_what_keeps_them_private(void **state)
{
    (void)state;
    start();
    const char *answer = ask("GET / HTTP/1.1\r\n@\r\n");
    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(answer, "Content-Type: text/html; charset=utf-8\r\n"));
    answer = ask("GET /assets/theme.css HTTP/1.1\r\n@\r\n");
    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, "Content-Type: text/css\r\n"));
    answer = ask("GET /there HTTP/1.1\r\n@\r\n");
    assert_int_equal(status_of(answer), 303);
    assert_non_null(strstr(answer, "Location: /here\r\n"));
    assert_null(strstr(answer, "Set-Cookie")); /* a value with a line end was dropped */
    stop();
}

void test_httpd__head_is_get_without_a_body(void **state)
{
    (void)state;
    start();
    const char *answer = ask("HEAD /x HTTP/1.1\r\n@\r\n");
    assert_int_equal(status_of(answer), 200);
    assert_string_equal(server.seen, "GET /x q= cookie= body=");
    assert_null(strstr(answer, "seen:"));
    assert_null(strstr(answer, "Content-Length: 0\r\n"));
    stop();
}

void test_httpd__a_foreign_or_missing_host_is_refused(void **state)
{
    (void)state;
    start();
    refused("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n", 403);
    refused("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 403);
    refused("GET / HTTP/1.1\r\nHost:\r\n\r\n", 403);
    refused("GET / HTTP/1.1\r\n@Host: evil.test\r\n\r\n", 400);
    refused("GET / HTTP/1.1\r\n@host: evil.test\r\n\r\n", 400);
    refused("GET / HTTP/1.0\r\n\r\n", 400);
    refused("GET / HTTP/1.1\r\n\r\n", 400);
    stop();
}

void test_httpd__methods_but_three_are_refused(void **state)
{
    (void)state;
    start();
    refused("PUT / HTTP/1.1\r\n@Content-Length: 1\r\n\r\nx", 405);
    refused("DELETE / HTTP/1.1\r\n@\r\n", 405);
    refused("OPTIONS * HTTP/1.1\r\n@\r\n", 405);
    refused("get / HTTP/1.1\r\n@\r\n", 405);
    refused("CONNECT 127.0.0.1:80 HTTP/1.1\r\n@\r\n", 405);
    assert_non_null(strstr(ask("TRACE / HTTP/1.1\r\n@\r\n"), "Allow: GET, HEAD, POST\r\n"));
    stop();
}

void test_httpd__odd_paths_are_refused(void **state)
{
    (void)state;
    start();
    refused("GET /../etc/passwd HTTP/1.1\r\n@\r\n", 400);
    refused("GET /a/.. HTTP/1.1\r\n@\r\n", 400);
    refused("GET /a\x01"
            "b HTTP/1.1\r\n@\r\n",
            400);
    refused("GET /\xe4 HTTP/1.1\r\n@\r\n", 400);
    refused("GET http://127.0.0.1/ HTTP/1.1\r\n@\r\n", 400);
    refused("GET /?q=%zz HTTP/1.1\r\n@\r\n", 400);
    assert_int_equal(status_of(ask("GET / HTTP/2.0\r\n@\r\n")), 505); /* the library's own words */
    served("GET /a?b=.. HTTP/1.1\r\n@\r\n", "GET /a q= cookie= body=");
    stop();
}

void test_httpd__a_doubtful_length_is_refused(void **state)
{
    (void)state;
    start();
    refused("POST / HTTP/1.1\r\n@Content-Length: 5\r\nContent-Length: 6\r\n\r\nhelloX", 400);
    refused("POST / HTTP/1.1\r\n@Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello", 400);
    refused("POST / HTTP/1.1\r\n@Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refused("POST / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400);
    refused("POST / HTTP/1.1\r\n@Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400);
    refused("POST / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            400);
    refused("POST / HTTP/1.0\r\n@Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refused("POST / HTTP/1.1\r\n@Content-Length : 5\r\n\r\nhello", 400);
    stop();
}

/* The library itself answers some of these; what counts is that nobody is served and the connection ends. */
void test_httpd__a_length_that_is_no_number_serves_nobody(void **state)
{
    (void)state;
    static const char *const odd[] = {"+5", "0x5", "-1", "5,5", "99999999999999999999999", "5 5"};
    start();
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char request[200];
        snprintf(request, sizeof request, "POST / HTTP/1.1\r\n@Content-Length: %s\r\n\r\nhello", odd[i]);
        int status = status_of(ask(request));
        assert_true(status == 0 || (status >= 400 && status < 500));
    }
    assert_int_equal(server.calls, 0);
    stop();
}

void test_httpd__a_body_over_the_ceiling_is_refused(void **state)
{
    (void)state;
    start();
    AUTO_BUF struct buf b;
    buf_init(&b, 4000000);
    buf_add_text(&b, "POST / HTTP/1.1\r\n@Content-Length: 1000\r\n\r\n");
    for (int i = 0; i < BODY_MOST; i++)
        buf_add_byte(&b, 'x');
    assert_int_equal(status_of(ask(buf_text(&b))), 200);
    buf_reset(&b);
    buf_add_text(&b, "POST / HTTP/1.1\r\n@Content-Length: 1001\r\n\r\n");
    for (int i = 0; i <= BODY_MOST; i++)
        buf_add_byte(&b, 'x');
    refused(buf_text(&b), 413);
    buf_reset(&b);
    buf_add_text(&b, "POST / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20; i++)
        buf_printf(&b, "64\r\n%0100d\r\n", i);
    buf_add_text(&b, "0\r\n\r\n");
    refused(buf_text(&b), 413);
    buf_reset(&b);
    buf_add_text(&b, "POST / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20000; i++) /* two megabytes: nobody reads them to the end */
        buf_printf(&b, "64\r\n%0100d\r\n", i);
    assert_int_equal(status_of(ask(buf_text(&b))), 0);
    stop();
}

void test_httpd__an_announced_body_that_is_too_large_is_refused_before_it_is_sent(void **state)
{
    (void)state;
    start();
    refused("POST / HTTP/1.1\r\n@Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n", 413);
    assert_null(strstr(ask("POST / HTTP/1.1\r\n@Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"),
                       "100 Continue"));
    stop();
}

void test_httpd__requests_in_one_go_are_answered_in_turn(void **state)
{
    (void)state;
    start();
    char request[1000];
    snprintf(request, sizeof request,
             "GET /1 HTTP/1.1\r\nHost: %s\r\n\r\nPOST /2 HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\nhi"
             "GET /3 HTTP/1.1\r\nHost: %s\r\n\r\n",
             server.host, server.host, server.host);
    const char *answer = ask(request);
    assert_int_equal(count_of(answer, "HTTP/1.1 200 "), 3);
    const char *one = strstr(answer, "GET /1"), *two = strstr(answer, "POST /2"),
               *three = strstr(answer, "GET /3");
    assert_true(one && two && three && one < two && two < three);
    assert_non_null(strstr(answer, "body=hi"));
    stop();
}

/* What follows a refused request on the same connection may be part of its body: it is never taken for a
 * request. */
void test_httpd__nothing_behind_a_refused_request_is_served(void **state)
{
    (void)state;
    start();
    char request[1000];
    snprintf(request, sizeof request,
             "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 3\r\nContent-Length: 50\r\n\r\nabc"
             "GET /smuggled HTTP/1.1\r\nHost: %s\r\n\r\n",
             server.host, server.host);
    const char *answer = ask(request);
    assert_int_equal(status_of(answer), 400);
    assert_int_equal(count_of(answer, "HTTP/1.1 "), 1);
    snprintf(request, sizeof request,
             "GET / HTTP/1.1\r\nHost: evil.test\r\n\r\nGET /next HTTP/1.1\r\nHost: %s\r\n\r\n", server.host);
    answer = ask(request);
    assert_int_equal(status_of(answer), 403);
    assert_int_equal(count_of(answer, "HTTP/1.1 "), 1);
    assert_int_equal(server.calls, 0);
    stop();
}

void test_httpd__too_many_or_too_long_headers_are_refused(void **state)
{
    (void)state;
    start();
    AUTO_BUF struct buf b;
    buf_init(&b, 200000);
    buf_add_text(&b, "GET / HTTP/1.1\r\n@");
    for (int i = 0; i < 150; i++)
        buf_printf(&b, "A%d: b\r\n", i);
    buf_add_text(&b, "\r\n");
    refused(buf_text(&b), 431);
    buf_reset(&b);
    buf_printf(&b, "GET / HTTP/1.1\r\n@A: %0100000d\r\n\r\n",
               0); /* beyond what the library keeps: its own words */
    int status = status_of(ask(buf_text(&b)));
    assert_true(status == 0 || status == 431 || status == 413);
    assert_int_equal(server.calls, 0);
    served("GET / HTTP/1.1\r\n@\r\n", "GET / q= cookie= body=");
    stop();
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void test_httpd__half_a_header_holds_nobody_up_and_is_closed(void **state)
{
    (void)state;
    start_with(&(struct httpd_options){.seconds = 1});
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    int fd = dial();
    say(fd, "GET / HTTP/1.1\r\nHo", 18);
    double begun = now();
    served("GET / HTTP/1.1\r\n@\r\n", "GET / q= cookie= body=");
    assert_true(now() - begun < 1);
    hear(fd, &b, 10000);
    assert_true(now() - begun < 9); /* closed by the server, not given up on by us */
    assert_true(b.n == 0 || status_of(buf_text(&b)) >= 400);
    close(fd);
    stop();
}

void test_httpd__a_page_that_takes_longer_than_the_patience_arrives(void **state)
{
    (void)state;
    start_with(&(struct httpd_options){.seconds = 1});
    server.sleep_ms = 2500;
    served("GET /slow HTTP/1.1\r\n@\r\n", "GET /slow q= cookie= body=");
    server.big = true;
    const char *answer = ask("GET /slow HTTP/1.1\r\n@\r\n");
    assert_true(strlen(answer) > 1000000);
    assert_non_null(strstr(answer + 1000000, "seen: GET /slow"));
    stop();
}

void test_httpd__a_large_page_arrives_whole_and_a_lost_one_is_said(void **state)
{
    (void)state;
    start();
    server.big = true;
    const char *answer = ask("GET / HTTP/1.1\r\n@\r\n");
    const char *body = strstr(answer, "\r\n\r\n0123456789");
    assert_non_null(body);
    assert_string_equal(body + 4 + 1000000, "seen: GET / q= cookie= body=");
    server.fail = true;
    assert_int_equal(status_of(ask("GET / HTTP/1.1\r\n@\r\n")), 500);
    stop();
}

void test_httpd__more_connections_than_allowed_are_turned_away(void **state)
{
    (void)state;
    int fds[12];
    start_with(&(struct httpd_options){.connections = 6});
    for (int i = 0; i < 12; i++)
        fds[i] = dial();
    usleep(100000);
    int closed = 0;
    for (int i = 0; i < 12; i++) {
        char byte;
        closed += recv(fds[i], &byte, 1, MSG_DONTWAIT) == 0;
        close(fds[i]);
    }
    usleep(100000);
    served("GET / HTTP/1.1\r\n@\r\n", "GET / q= cookie= body=");
    stop();
    assert_in_range(closed, 0, 12);
}

void test_httpd__our_own_user_is_let_in_where_users_are_told_apart(void **state)
{
    (void)state;
    start_with(&(struct httpd_options){.same_user = true});
    served("GET / HTTP/1.1\r\n@\r\n", "GET / q= cookie= body=");
    stop();
}

void test_httpd__another_user_is_refused_where_users_are_told_apart(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    start_with(&(struct httpd_options){.same_user = true});
    pid_t pid = fork();
    if (pid == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(77);
        _exit(status_of(ask("GET / HTTP/1.1\r\n@\r\n")) == 403 ? 0 : 1);
    }
    int status = place_wait(pid);
    assert_int_equal(status, 0);
    assert_int_equal(server.calls, 0);
    stop();
}

/* Asks and is gone before anybody looked who it was: the kernel's row then says user 0, which we are. */
void test_httpd__one_that_is_gone_already_is_nobody(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    start_with(&(struct httpd_options){.same_user = true});
    char request[100];
    AUTO_BUF struct buf b;
    int n = snprintf(request, sizeof request, "GET /x HTTP/1.1\r\nHost: %s\r\n\r\n", server.host);
    buf_init(&b, 10000);
    server.sleep_ms = 500;
    int fd = dial();
    say(fd, request, (size_t)n);
    usleep(100000); /* the server's one thread is at work */
    pid_t pid = fork();
    if (pid == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(77);
        int gone = dial();
        say(gone, request, (size_t)n);
        close(gone);
        _exit(0);
    }
    assert_int_equal(place_wait(pid), 0);
    hear(fd, &b, 5000);
    close(fd);
    stop();
    assert_int_equal(server.calls, 1);
}

void test_httpd__six_is_told_apart_too(void **state)
{
    (void)state;
    struct err err = {0};
    uint16_t port = 0;
    int fd = -1;
    if (!httpd_listen("::1", &port, &fd, &err))
        skip(); /* a machine without IPv6 */
    static const char *const hosts[] = {"[::1]:1", NULL};
    struct httpd *h = NULL;
    struct httpd_options o = {.fd = fd, .hosts = hosts, .body_most = 10, .same_user = true, .serve = serve};
    assert_ok(httpd_start(&h, &o, &err), &err);
    int s = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 at = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    assert_int_equal(connect(s, (struct sockaddr *)&at, sizeof at), 0);
    say(s, "GET / HTTP/1.1\r\nHost: [::1]:1\r\nConnection: close\r\n\r\n", 52);
    hear(s, &b, 5000);
    assert_int_equal(status_of(buf_text(&b)), 200);
    close(s);
    httpd_stop(h);
}

void test_httpd__without_memory_one_sentence_comes_back(void **state)
{
    (void)state;
    start();
    bool whole = false;
    for (size_t nth = 1; !whole && nth < 40; nth++) {
        int fd = dial();
        AUTO_BUF struct buf b;
        char request[200], block[4096];
        int n = snprintf(request, sizeof request,
                         "POST /?q=1 HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\nab", server.host);
        mem_fail_at(nth, true);
        say(fd, request, (size_t)n);
        shutdown(fd, SHUT_WR);
        ssize_t got = recv(fd, block, sizeof block - 1, 0);
        mem_fail_at(0, false);
        buf_init(&b, 10000);
        hear(fd, &b, 5000);
        close(fd);
        block[got > 0 ? got : 0] = '\0';
        int status = status_of(block);
        whole = status == 200;
        assert_true(whole || status == 503 || status == 500);
    }
    assert_true(whole);
    stop();
}

static unsigned long chance(unsigned long *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

void test_httpd__a_thousand_spoilt_requests_do_no_harm(void **state)
{
    (void)state;
    static const char base[] =
        "POST /a?q=1 HTTP/1.1\r\nHost: localhost:7464\r\nCookie: session=1\r\nContent-Length: 3\r\n\r\nabc";
    unsigned long seed = 7464;
    start();
    for (int i = 0; i < 1000; i++) {
        char spoilt[sizeof base];
        size_t n = sizeof base - 1;
        memcpy(spoilt, base, sizeof base);
        for (unsigned long k = chance(&seed) % 4 + 1; k; k--)
            spoilt[chance(&seed) % n] =
                (char)(chance(&seed) % 3 ? chance(&seed) : (unsigned char)"\r\n :"[chance(&seed) % 4]);
        int fd = dial();
        struct linger at_once = {1, 0};
        struct pollfd p = {.fd = fd, .events = POLLIN};
        say(fd, spoilt, n);
        poll(&p, 1, 5); /* many wait for the rest of something */
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    served("GET / HTTP/1.1\r\n@\r\n", "GET / q= cookie= body=");
    stop();
}
