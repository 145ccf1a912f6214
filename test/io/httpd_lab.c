/* io/httpd.h as a lab uses it: any method and Host are its routes' to judge, refusals are in its own words,
 * and a connection has a time that bytes now and then do not prolong. */
#include "test/test.h"

#include "io/httpd.h"
#include "test/io/place.h"
#include "test/io/server.h"

static void in_own_words(void *arg, const struct request *request, int status, struct reply *reply)
{
    (void)arg;
    reply->type = "application/problem+json";
    buf_printf(&reply->body, "{\"status\":%d,\"path\":\"%.*s\"}", status, SPAN_ARG(request->path));
}

static void open_lab(unsigned whole)
{
    struct err err = {0};
    int fd = -1;
    memset(&server, 0, sizeof server);
    assert_ok(httpd_listen("127.0.0.1", &server.port, &fd, &err), &err);
    snprintf(server.host, sizeof server.host, "lab.example");
    assert_ok(httpd_start(&server.httpd,
                          &(struct httpd_options){.fd = fd,
                                                  .body_most = BODY_MOST,
                                                  .lab = true,
                                                  .refused = in_own_words,
                                                  .whole = whole,
                                                  .stack = 256 * 1024,
                                                  .threads = 2,
                                                  .serve = serve},
                          &err),
              &err);
}

void test_httpd_lab__methods_hosts_and_headers_are_handed_on(void **state)
{
    (void)state;
    open_lab(0);
    served("PATCH /m HTTP/1.1\r\n@Content-Length: 2\r\n\r\n{}", "PATCH /m q= cookie= body={}");
    served("DELETE /m HTTP/1.1\r\n@\r\n", "DELETE /m q= cookie= body=");
    served("PURGE /m HTTP/1.1\r\n@\r\n", "PURGE /m q= cookie= body=");
    served("HEAD /m HTTP/1.1\r\n@\r\n", "GET /m q= cookie= body=");
    served("GET /m HTTP/1.1\r\nHost: [::1]:7465\r\nConnection: close\r\nVia: a\r\nVia: b\r\n\r\n",
           "GET /m q= cookie= body=");
    stop();
}

static void refused_with(const char *request, int status, const char *body)
{
    int calls = server.calls;
    const char *answer = ask(request);
    assert_int_equal(status_of(answer), status);
    assert_int_equal(server.calls, calls);
    assert_non_null(strstr(answer, "Content-Type: application/problem+json\r\n"));
    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, body));
}

void test_httpd_lab__refusals_are_in_its_own_words(void **state)
{
    (void)state;
    open_lab(0);
    refused_with("GET /a?b HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "{\"status\":400,\"path\":\"/a\"}");
    refused_with("GET /a HTTP/1.1\r\n@Host: b\r\n\r\n", 400, "\"path\":\"/a\"");
    refused_with("GET /a HTTP/1.1\r\nHost: <x>\r\n\r\n", 400, "\"path\":\"/a\"");
    refused_with("GET /../a HTTP/1.1\r\n@\r\n", 400, "400");
    refused_with("POST /a HTTP/1.1\r\n@Content-Length: 1001\r\n\r\n", 413,
                 "{\"status\":413,\"path\":\"/a\"}");
    refused_with("POST /a HTTP/1.1\r\n@Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400, "400");
    server.fail = true;
    assert_int_equal(status_of(ask("GET /a HTTP/1.1\r\n@\r\n")), 500);
    assert_non_null(strstr(ask("GET /a HTTP/1.1\r\n@\r\n"), "{\"status\":500,\"path\":\"/a\"}"));
    stop();
}

static bool is_closed(int fd)
{
    char block[256];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, 0) == 1)
        if (recv(fd, block, sizeof block, 0) <= 0)
            return true;
    return false;
}

void test_httpd_lab__a_byte_now_and_then_does_not_keep_it_open(void **state)
{
    (void)state;
    open_lab(1);
    int slow = dial(), asks = dial();
    say(slow, "GET /slow HTTP/1.1\r\nX: ", 23);
    for (int i = 0; i < 30; i++) { /* 3 s */
        usleep(100 * 1000);
        say(slow, "x", 1);
        httpd_sweep(server.httpd);
        if (i % 7 == 6 && i < 28) { /* who asks on a kept connection has a second for each request */
            struct buf AUTO_BUF out;
            buf_init(&out, 100000);
            say(asks, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 28);
            struct pollfd p = {.fd = asks, .events = POLLIN};
            char block[4096];
            assert_int_equal(poll(&p, 1, 2000), 1);
            assert_true(recv(asks, block, sizeof block, 0) > 0);
        }
    }
    assert_true(is_closed(slow));
    close(slow);
    close(asks);
    stop();
}
