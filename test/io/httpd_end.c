/* How connections and servers end: who was let in is answered, and the listening socket is left to the next.
 */
#include "test/test.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/httpd.h"
#include "test/io/server.h"

/* The keeper holds the listening socket while one serving process follows another: the one that ends must not
 * shut it down for the next. */
static void served_again_on_the_same_socket(unsigned threads)
{
    struct err err = {0};
    static const char *hosts[] = {server.host, NULL};
    start_with(&(struct httpd_options){.connections = 20, .threads = threads});
    int fd = listening_fd, kept = dup(fd);
    assert_true(kept >= 0);
    for (int i = 0; i < 3; i++) {
        served("GET /x HTTP/1.1\r\n@\r\n", "GET /x q= cookie= body=");
        stop();
        assert_int_equal(fcntl(fd, F_GETFD), -1); /* ours is closed, the other one is not */
        struct httpd_options o = {
            .fd = fd = dup(kept), .hosts = hosts, .body_most = BODY_MOST, .threads = threads, .serve = serve};
        assert_ok(httpd_start(&server.httpd, &o, &err), &err);
    }
    served("GET /x HTTP/1.1\r\n@\r\n", "GET /x q= cookie= body=");
    stop();
    close(kept);
}

void test_httpd_end__one_that_stops_leaves_the_socket_to_the_next(void **state)
{
    (void)state;
    served_again_on_the_same_socket(0);
    served_again_on_the_same_socket(4);
}

/* A reply that says Connection: close says it once, and is the last: what was sent behind its request is for
 * nobody (RFC 9112, 9.6). */
void test_httpd_end__a_reply_that_says_close_is_the_last(void **state)
{
    (void)state;
    start();
    char request[400];
    for (int i = 0; i < 2; i++) {
        server.calls = 0;
        snprintf(request, sizeof request,
                 "GET /alone HTTP/1.%d\r\nHost: %s\r\nConnection: keep-alive\r\n\r\n"
                 "GET /next HTTP/1.1\r\nHost: %s\r\n\r\n",
                 1 - i, server.host, server.host);
        const char *answer = ask(request);
        assert_int_equal(status_of(answer), 200);
        assert_int_equal(count_of(answer, "HTTP/1."), 1);
        assert_int_equal(count_of(answer, "Connection: "), 1);
        assert_int_equal(count_of(answer, "Connection: close\r\n"), 1);
        assert_non_null(strstr(answer, "Content-Length: "));
        assert_int_equal(server.calls, 1);
    }
    stop();
}

/* The connection ends when the answer has left: nobody waits for the patience to run out. */
void test_httpd_end__a_connection_that_is_closed_is_closed_at_once(void **state)
{
    (void)state;
    start();
    AUTO_BUF struct buf b;
    char request[200], byte;
    buf_init(&b, 10000);
    int n = snprintf(request, sizeof request, "GET /alone HTTP/1.1\r\nHost: %s\r\n\r\n", server.host);
    int fd = dial();
    say(fd, request, (size_t)n);
    hear(fd, &b, 5000);
    assert_int_equal(status_of(buf_text(&b)), 200);
    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
    close(fd);
    stop();
}

/* Who has seen the last answer is answered by the next process and by no other. */
void test_httpd_end__after_the_last_answer_the_next_process_answers(void **state)
{
    (void)state;
    static const char *hosts[] = {server.host, NULL};
    for (unsigned threads = 0; threads <= 4; threads += 4) {
        struct err err = {0};
        AUTO_BUF struct buf b;
        char request[200];
        buf_init(&b, 10000);
        start_with(&(struct httpd_options){.threads = threads});
        int kept = dup(listening_fd);
        int n = snprintf(request, sizeof request, "GET /alone HTTP/1.1\r\nHost: %s\r\n\r\n", server.host);
        assert_int_equal(status_of(ask("GET /last HTTP/1.1\r\n@\r\n")), 200);
        int fd = dial();
        say(fd, request, (size_t)n);
        assert_int_equal(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 200), 0);
        stop();
        assert_int_equal(server.calls, 1);
        struct httpd_options o = {.fd = kept, .hosts = hosts, .body_most = BODY_MOST, .serve = serve};
        assert_ok(httpd_start(&server.httpd, &o, &err), &err);
        hear(fd, &b, 5000);
        assert_int_equal(status_of(buf_text(&b)), 200);
        close(fd);
        stop();
    }
}

void test_httpd_end__who_was_let_in_before_the_end_is_answered(void **state)
{
    (void)state;
    start_with(&(struct httpd_options){.threads = 4});
    AUTO_BUF struct buf b;
    char request[200];
    buf_init(&b, 10000);
    server.sleep_ms = 150;
    int n = snprintf(request, sizeof request, "GET /alone HTTP/1.1\r\nHost: %s\r\n\r\n", server.host);
    int fd = dial();
    say(fd, request, (size_t)n);
    usleep(50000); /* it is being answered */
    stop();
    hear(fd, &b, 5000);
    assert_int_equal(status_of(buf_text(&b)), 200);
    close(fd);
}

void test_httpd_end__stopping_frees_the_port_and_closes_all(void **state)
{
    (void)state;
    struct err err = {0};
    start();
    uint16_t port = server.port, again = port;
    int idle = dial(), fd = -1;
    assert_false(httpd_listen("127.0.0.1", &again, &fd, &err));
    assert_int_equal(err.code, E_BUSY);
    stop();
    char byte;
    assert_true(recv(idle, &byte, 1, 0) <= 0);
    close(idle);
    err_clear(&err);
    assert_ok(httpd_listen("127.0.0.1", &again, &fd, &err), &err);
    close(fd);
    assert_false(httpd_listen("nowhere", &again, &fd, &err));
    assert_int_equal(err.code, E_USAGE);
    httpd_stop(NULL);
}
