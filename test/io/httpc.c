/* io/httpc.h against servers of the test: byte for byte what was promised goes out, its row stands before the
 * connection does, and a hostile answer ends in one sentence. */
#include "test/test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypt/rand.h"
#include "io/httpc.h"
#include "io/httpd.h"
#include "io/migrate.h"
#include "test/io/place.h"

/* A server that writes down what it hears and says what it is told. */
static struct {
    struct place place;
    const char *path; /* of the database, looked into as each connection arrives */
    struct db *db;
    int fd;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock; /* held while it talks to somebody */
    const char *answer;   /* NULL: none ever */
    bool endless, tls, socks;
    int connections, rows_at_accept; /* of the last */
    char heard[20000];
    size_t n;
    char logins[4][80];
} raw;

static int64_t rows(void)
{
    struct err err = {0};
    struct db *db = NULL;
    int64_t n = -1;
    if (db_open_read(&db, raw.path, &err) && !db_number(db, &n, -1, &err, "select count(*) from sent"))
        n = -1;
    db_close(db);
    return n;
}

static bool hear(int fd, size_t most)
{
    ssize_t got = recv(fd, raw.heard + raw.n,
                       most < sizeof raw.heard - 1 - raw.n ? most : sizeof raw.heard - 1 - raw.n, 0);
    if (got > 0)
        raw.n += (size_t)got;
    raw.heard[raw.n] = '\0';
    return got > 0;
}

/* Up to the end of the head, then as much body as it names. */
static void hear_request(int fd)
{
    const char *end;
    while (!(end = strstr(raw.heard, "\r\n\r\n")) && hear(fd, 5000))
        ;
    const char *length = strstr(raw.heard, "Content-Length: ");
    size_t body = length ? strtoul(length + 16, NULL, 10) : 0;
    while (end && raw.n < (size_t)(end + 4 - raw.heard) + body && hear(fd, 5000))
        ;
}

/* RFC 1928 and 1929: methods, name and password, the wish. Says no to all of it in the end. */
static void hear_socks(int fd)
{
    char name[256] = "", *login = raw.logins[raw.connections % 4];
    assert_true(hear(fd, 100));
    (void)!write(fd, "\5\2", 2);
    size_t from = raw.n;
    assert_true(hear(fd, 300));
    snprintf(login, sizeof raw.logins[0], "%.*s", (int)(raw.n - from > 79 ? 79 : raw.n - from),
             raw.heard + from + 2);
    (void)!write(fd, "\1\0", 2);
    from = raw.n;
    assert_true(hear(fd, 300));
    const unsigned char *wish = (const unsigned char *)raw.heard + from;
    snprintf(name, sizeof name, "type %d %.*s", wish[3], wish[4], (const char *)wish + 5);
    raw.n = (size_t)snprintf(raw.heard, sizeof raw.heard, "%s", name);
    (void)!write(fd, "\5\1\0\1\0\0\0\0\0\0", 10);
}

static void talk(int fd)
{
    raw.rows_at_accept = (int)rows();
    raw.n = 0;
    raw.heard[0] = '\0';
    if (raw.socks) {
        hear_socks(fd);
    } else if (raw.tls) {
        hear(fd, 5000);
    } else {
        hear_request(fd);
        if (raw.answer)
            (void)!write(fd, raw.answer, strlen(raw.answer));
        else
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 10000); /* until it has enough */
        while (raw.endless && send(fd, "0123456789abcdef", 16, MSG_NOSIGNAL) > 0)
            ;
    }
}

static void *serve_raw(void *arg)
{
    int fd;
    (void)arg;
    while ((fd = accept(raw.fd, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&raw.lock);
        talk(fd);
        raw.connections++;
        close(fd);
        pthread_mutex_unlock(&raw.lock);
    }
    return NULL;
}

/* Until the server has done with the last one; and what the test has set is the server's to see. */
static void settle(void)
{
    pthread_mutex_lock(&raw.lock);
    pthread_mutex_unlock(&raw.lock);
}

static void start(const char *answer)
{
    struct err err = {0};
    memset(&raw, 0, sizeof raw);
    pthread_mutex_init(&raw.lock, NULL);
    rand_start();
    place_make(&raw.place);
    raw.path = place_name(&raw.place, "x.db");
    raw.answer = answer;
    assert_ok(db_open(&raw.db, raw.path, &err), &err);
    assert_ok(migrate(raw.db, NULL, 0, 1, NULL, &err), &err);
    assert_ok(httpd_listen("127.0.0.1", &raw.port, &raw.fd, &err), &err);
    assert_int_equal(fcntl(raw.fd, F_SETFL, 0), 0); /* accept waits */
    assert_int_equal(pthread_create(&raw.thread, NULL, serve_raw, NULL), 0);
}

static void stop(void)
{
    shutdown(raw.fd, SHUT_RDWR);
    pthread_join(raw.thread, NULL);
    close(raw.fd);
    db_close(raw.db);
    place_clear(&raw.place);
}

static const char *url(const char *path)
{
    static char text[200];
    snprintf(text, sizeof text, "http://127.0.0.1:%u%s", raw.port, path);
    return text;
}

/* Send with the options, a GET of `url` as `kind`; its body in words, or the code of the failure. */
static enum err_code get(struct httpc_options o, const char *from, struct err *err)
{
    struct httpc_answer answer = {0};
    struct httpc_request r = {.url = from,
                              .authorization = o.kind == HTTPC_ANONYMOUS ? "PrivateToken t" : NULL};
    o.db = raw.db;
    err_clear(err);
    if (httpc_send(&o, &r, &answer, err))
        buf_clear(&answer.body);
    settle();
    return err->code;
}

void test_httpc__what_goes_out_is_exactly_this_and_its_row_was_there_before(void **state)
{
    (void)state;
    struct err err = {0};
    start("HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nRetry-After: 120\r\nSet-Cookie: a=b\r\n"
          "Date: Wed, 25 Nov 2026 04:22:09 GMT\r\n"
          "Content-Length: 5\r\n\r\nlater");
    struct httpc_options o = {.kind = HTTPC_ANONYMOUS, .db = raw.db};
    char expected[400], address[80];
    for (int round = 1; round <= 2; round++) { /* the second has no cookie of the first */
        struct httpc_answer answer = {0};
        struct httpc_request r = {.url = url("/v1/acts?q=1"),
                                  .accept = "application/json",
                                  .authorization = "PrivateToken token=\"abc\"",
                                  .content_type = "application/json",
                                  .body = SPAN("{}  ")};
        assert_ok(httpc_send(&o, &r, &answer, &err), &err);
        assert_int_equal(answer.status, 503);
        assert_int_equal(answer.retry_after, 120);
        assert_int_equal(answer.date, 1795580529);
        assert_string_equal(answer.type, "text/plain");
        assert_string_equal(buf_text(&answer.body), "later");
        buf_clear(&answer.body);
        settle();
        snprintf(expected, sizeof expected,
                 "POST /v1/acts?q=1 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: respite\r\n"
                 "Accept: application/json\r\nAuthorization: PrivateToken token=\"abc\"\r\n"
                 "Content-Type: application/json\r\nContent-Length: 4\r\nConnection: close\r\n\r\n{}  ",
                 raw.port);
        assert_string_equal(raw.heard, expected);
        assert_int_equal(raw.rows_at_accept, round);
    }
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(raw.db, &q, &err,
                       "select address, kind, bytes, day, at, method, status, answer from sent order by id"),
              &err);
    assert_true(db_next(q, &err));
    snprintf(address, sizeof address, "http://127.0.0.1:%u/v1/acts", raw.port);
    assert_span(db_text(q, 0), address);
    assert_span(db_text(q, 1), "anonymous");
    assert_int_equal(db_int(q, 2), strlen(expected));
    assert_true(db_int(q, 3) > 20000);
    assert_true(db_int(q, 4) / 86400 - db_int(q, 3) <= 1);
    assert_span(db_text(q, 5), "POST");
    assert_int_equal(db_int(q, 6), 503);
    assert_int_equal(db_int(q, 7), 5);
    db_close_stmt(q);
    q = NULL;
    stop();
    assert_int_equal(raw.connections, 2);
}

/* The same headers in the same places, whatever is done. */
void test_httpc__every_method_has_the_same_headers_in_the_same_order(void **state)
{
    (void)state;
    struct err err = {0};
    start("HTTP/1.1 204 No Content\r\nDate: Sunday, 06-Nov-94 08:49:37 GMT\r\n\r\n");
    static const struct {
        const char *method, *sent, *type, *authorization;
        enum httpc_kind kind;
        const char *body;
    } rows[] = {
        {NULL, "GET", NULL, NULL, HTTPC_PUBLIC, ""},
        {NULL, "GET", NULL, "Crowd x", HTTPC_PUBLIC, ""},
        {NULL, "POST", "application/json", NULL, HTTPC_PUBLIC, "{}"},
        {"GET", "GET", NULL, "Bearer x", HTTPC_IDENTIFIED, ""},
        {"POST", "POST", "text/plain", "Bearer x", HTTPC_IDENTIFIED, "12345"},
        {"PATCH", "PATCH", "application/json", "Bearer x", HTTPC_IDENTIFIED, "{}"},
        {"DELETE", "DELETE", NULL, "Bearer x", HTTPC_IDENTIFIED, ""},
        {"POST", "POST", "application/json", "PrivateToken token=\"x\"", HTTPC_ANONYMOUS, "{ }"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char expected[400], pair[100] = "", who[60] = "";
        struct httpc_answer answer = {0};
        struct httpc_options o = {.kind = rows[i].kind, .db = raw.db};
        struct httpc_request r = {.url = url("/x"),
                                  .method = rows[i].method,
                                  .accept = "application/json",
                                  .authorization = rows[i].authorization,
                                  .content_type = rows[i].type,
                                  .body = span_of(rows[i].body)};
        assert_ok(httpc_send(&o, &r, &answer, &err), &err);
        assert_int_equal(answer.status, 204);
        assert_int_equal(answer.date, 0);
        buf_clear(&answer.body);
        settle();
        if (rows[i].type)
            snprintf(pair, sizeof pair, "Content-Type: %s\r\nContent-Length: %zu\r\n", rows[i].type,
                     strlen(rows[i].body));
        if (rows[i].authorization)
            snprintf(who, sizeof who, "Authorization: %s\r\n", rows[i].authorization);
        snprintf(expected, sizeof expected,
                 "%s /x HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: respite\r\n"
                 "Accept: application/json\r\n%s%sConnection: close\r\n\r\n%s",
                 rows[i].sent, raw.port, who, pair, rows[i].body);
        assert_string_equal(raw.heard, expected);
        int64_t bytes = 0;
        assert_ok(db_number(raw.db, &bytes, 0, &err, "select bytes from sent order by id desc limit 1"),
                  &err);
        assert_int_equal(bytes, strlen(expected));
    }
    stop();
}

void test_httpc__a_get_of_the_bare_host_is_counted_to_the_byte(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t bytes = 0;
    start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED}, url(""), &err), E_NONE);
    assert_ok(db_number(raw.db, &bytes, 0, &err, "select bytes from sent"), &err);
    assert_true(bytes > 0 && (size_t)bytes == raw.n);
    assert_non_null(strstr(raw.heard, "GET / HTTP/1.1\r\n"));
    assert_null(strstr(raw.heard, "Authorization"));
    stop();
}

static void serve_some(void *arg, const struct request *r, struct reply *reply)
{
    (void)arg;
    for (int i = 0; i < 1000; i++)
        buf_add_text(&reply->body, span_is(r->path, "/1000") ? "x" : "0123456789");
}

void test_httpc__an_answer_may_be_as_long_as_its_ceiling_and_no_longer(void **state)
{
    (void)state;
    struct err err = {0};
    struct httpd *httpd = NULL;
    uint16_t port = 0;
    int fd;
    char host[40], from[60];
    start("HTTP/1.1 200 OK\r\n\r\n");
    assert_ok(httpd_listen("127.0.0.1", &port, &fd, &err), &err);
    snprintf(host, sizeof host, "127.0.0.1:%u", port);
    struct httpd_options served = {
        .fd = fd, .hosts = (const char *const[]){host, NULL}, .body_most = 10, .serve = serve_some};
    assert_ok(httpd_start(&httpd, &served, &err), &err);
    struct httpc_options o = {.kind = HTTPC_PUBLIC, .answer_most = 1000};
    snprintf(from, sizeof from, "http://%s/1000", host);
    assert_int_equal(get(o, from, &err), E_NONE);
    snprintf(from, sizeof from, "http://%s/10000", host);
    assert_int_equal(get(o, from, &err), E_LIMIT); /* its Content-Length says so */
    httpd_stop(httpd);
    raw.endless = true; /* without a length, for ever */
    settle();
    assert_int_equal(get(o, url("/"), &err), E_LIMIT);
    assert_non_null(strstr(err.text, "more than Respite takes"));
    stop();
    start("HTTP/1.1 200 OK\r\nX-Long: ");
    raw.endless = true; /* and a header that does not end */
    settle();
    assert_int_not_equal(get(o, url("/"), &err), E_NONE);
    stop();
}

void test_httpc__who_does_not_answer_is_not_waited_for(void **state)
{
    (void)state;
    struct err err = {0};
    struct timespec began, ended;
    start(NULL);
    clock_gettime(CLOCK_MONOTONIC, &began);
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED, .seconds = 1}, url("/"), &err), E_SYSTEM);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_non_null(strstr(err.text, "in time"));
    assert_in_range(ended.tv_sec - began.tv_sec, 0, 4);
    assert_int_equal(rows(), 1); /* it left all the same */
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED}, "http://127.0.0.1:1/", &err), E_SYSTEM);
    assert_non_null(strstr(err.text, "cannot be reached"));
    stop();
}

void test_httpc__a_redirect_is_said_and_not_followed(void **state)
{
    (void)state;
    struct err err = {0};
    start("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_IDENTIFIED}, url("/"), &err), E_REFUSED);
    assert_non_null(strstr(err.text, "another address"));
    assert_int_equal(rows(), 1);
    stop();
    assert_int_equal(raw.connections, 1);
}

void test_httpc__what_is_no_http_is_said(void **state)
{
    (void)state;
    struct err err = {0};
    start("220 smtp.example.org\r\n\r\n");
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED}, url("/"), &err), E_FORMAT);
    stop();
}

void test_httpc__the_proxy_sees_the_name_and_each_request_as_somebody_new(void **state)
{
    (void)state;
    struct err err = {0};
    char via[60];
    start(NULL);
    raw.socks = true;
    settle();
    snprintf(via, sizeof via, "socks5h://127.0.0.1:%u", raw.port);
    struct httpc_options o = {.kind = HTTPC_ANONYMOUS, .via = via};
    static const char *const from[] = {"http://labrespite.onion/v1/acts", "https://lab.example.org/v1/acts"};
    static const char *const seen[] = {"type 3 labrespite.onion", "type 3 lab.example.org"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(get(o, from[i], &err), E_SYSTEM);
        assert_non_null(strstr(err.text, "did not reach"));
        assert_string_equal(raw.heard, seen[i]);
        assert_int_equal(raw.rows_at_accept, i + 1);
    }
    stop();
    assert_int_equal(raw.connections, 2);
    assert_true(strlen(raw.logins[0]) > 60); /* 32 hex digits each */
    assert_string_not_equal(raw.logins[0], raw.logins[1]);
}

void test_httpc__what_is_refused_here_leaves_no_row(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://lab.example.org/",
        "http://127.0.0.1.example.org/",
        "ftp://127.0.0.1/",
        "https://me:word@127.0.0.1/",
        "http://me@127.0.0.1/",
        "https://",
        "https://lab.example.org/#x",
        "https://läb.example.org/",
        "https://lab.example.org/a b",
        "https://lab.example.org:0/",
        "https://lab.example.org:70000",
        "http://x.onion/",
        "http://1270.0.0.1/",
        "https://lab.example.org?x",
        "http://127.0.0.1/\r\nX: y",
        "http://[::1/",
        "127.0.0.1",
        "",
    };
    static const char *const vias[] = {"socks5://127.0.0.1:9050",
                                       "http://127.0.0.1:9050",
                                       "socks5h://",
                                       "socks5h://a:b@127.0.0.1:9050",
                                       "socks4a://127.0.0.1:9050",
                                       "socks5h://127.0.0.1:9050/x",
                                       ""};
    struct err err = {0};
    char text[700] = "https://lab.example.org/";
    start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED}, urls[i], &err), E_REFUSED);
    memset(text + strlen(text), 'a', 600);
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED}, text, &err), E_REFUSED);
    for (size_t i = 0; i < sizeof vias / sizeof vias[0]; i++)
        assert_int_equal(get((struct httpc_options){.kind = HTTPC_FEED, .via = vias[i]}, url("/"), &err),
                         E_REFUSED);
    err_clear(&err);
    assert_false(httpc_via_ok(vias[0], &err));
    assert_non_null(strstr(err.text, "socks5h://"));
    assert_int_equal(rows(), 0);
    stop();
    assert_int_equal(raw.connections, 0);
}

void test_httpc__a_request_carries_the_authorisation_of_its_kind(void **state)
{
    (void)state;
    static const struct {
        enum httpc_kind kind;
        const char *authorization;
        bool taken;
    } cases[] = {
        {HTTPC_IDENTIFIED, NULL, true},
        {HTTPC_IDENTIFIED, "Bearer x", true},
        {HTTPC_IDENTIFIED, "PrivateToken x", false},
        {HTTPC_ANONYMOUS, NULL, false},
        {HTTPC_ANONYMOUS, "Bearer x", false},
        {HTTPC_ANONYMOUS, "PrivateToken x", true},
        {HTTPC_PUBLIC, NULL, true},
        {HTTPC_PUBLIC, "Crowd x", true},
        {HTTPC_PUBLIC, "Bearer x", false},
        {HTTPC_FEED, "Bearer x", false},
        {HTTPC_MODEL, "Bearer x", true},
        {HTTPC_MODEL, "Bearer x\r\nY: z", false},
    };
    struct err err = {0};
    int taken = 0;
    start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct httpc_options o = {.kind = cases[i].kind, .db = raw.db};
        struct httpc_request r = {.url = url("/"), .authorization = cases[i].authorization};
        struct httpc_answer answer = {0};
        err_clear(&err);
        assert_int_equal(httpc_send(&o, &r, &answer, &err), cases[i].taken);
        buf_clear(&answer.body);
        taken += cases[i].taken;
    }
    assert_int_equal(rows(), taken);
    stop();
    assert_int_equal(raw.connections, taken);
}

static bool send_inside(struct db *db, void *arg, struct err *err)
{
    struct httpc_options o = {.kind = HTTPC_FEED, .db = db};
    struct httpc_request r = {.url = url("/")};
    (void)arg;
    struct httpc_answer answer = {0};
    return httpc_send(&o, &r, &answer, err);
}

void test_httpc__what_cannot_be_recorded_is_not_sent(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *reader = NULL;
    start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_ok(db_open_read(&reader, raw.path, &err), &err);
    assert_false(send_inside(reader, NULL, &err));
    assert_non_null(strstr(err.text, "read but not written"));
    err_clear(&err);
    assert_false(db_write(raw.db, send_inside, NULL, &err)); /* its row would not be durable yet */
    assert_int_equal(err.code, E_SYSTEM);
    db_close(reader);
    stop();
    assert_int_equal(raw.connections, 0);
}

void test_httpc__proxies_of_the_environment_mean_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "socks5h://127.0.0.1:1", 1);
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_PUBLIC}, url("/"), &err), E_NONE);
    unsetenv("http_proxy");
    char via[60];
    raw.socks = true;
    settle();
    snprintf(via, sizeof via, "socks5h://127.0.0.1:%u", raw.port);
    setenv("no_proxy", "*", 1);
    assert_int_equal(
        get((struct httpc_options){.kind = HTTPC_PUBLIC, .via = via}, "https://lab.example.org/", &err),
        E_SYSTEM);
    assert_string_equal(raw.heard, "type 3 lab.example.org");
    unsetenv("no_proxy");
    unsetenv("ALL_PROXY");
    stop();
}

/* ---- TLS ---- */

/* The extension `wanted` of a ClientHello (RFC 8446, 4.1.2), {NULL, 0} when it is not there. */
static struct span extension(unsigned wanted)
{
    const unsigned char *p = (const unsigned char *)raw.heard;
    size_t at = 5 + 4 + 2 + 32;
    at += 1 + p[at];                            /* session id */
    at += 2 + ((size_t)p[at] << 8 | p[at + 1]); /* cipher suites */
    at += 1 + p[at];                            /* compression */
    size_t end = at + 2 + ((size_t)p[at] << 8 | p[at + 1]);
    for (at += 2; at + 4 <= end && at + 4 <= raw.n;) {
        size_t n = (size_t)p[at + 2] << 8 | p[at + 3];
        if (((unsigned)p[at] << 8 | p[at + 1]) == wanted)
            return (struct span){raw.heard + at + 4, n};
        at += 4 + n;
    }
    return (struct span){NULL, 0};
}

void test_httpc__the_first_words_of_tls_are_the_same_from_every_build(void **state)
{
    (void)state;
    struct err err = {0};
    char from[60];
    start(NULL);
    raw.tls = true;
    settle();
    snprintf(from, sizeof from, "https://localhost:%u/", raw.port);
    for (enum httpc_kind kind = HTTPC_IDENTIFIED; kind <= HTTPC_ANONYMOUS; kind++) {
        assert_int_equal(get((struct httpc_options){.kind = kind}, from, &err), E_REFUSED);
        assert_true(raw.n > 100 && raw.heard[0] == 22);
        assert_true(span_eq(extension(43), SPAN("\2\3\4"))); /* TLS 1.3 and no other */
        assert_true(span_eq(extension(10), ((struct span){"\0\4\0\x1d\0\x17", 6}))); /* X25519, P-256 */
        assert_true(span_eq(extension(13), SPAN("\0\xc\4\3\x8\4\5\3\x8\5\x8\6\x8\7")));
        assert_null(extension(35).p); /* tickets */
        assert_null(extension(16).p); /* ALPN */
    }
    assert_int_equal(rows(), 2);
    stop();
}

static pid_t run(const char *const *argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++)
            dup2(null, fd);
        close(raw.fd);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

void test_httpc__a_certificate_is_looked_at(void **state)
{
    (void)state;
    struct err err = {0};
    uint16_t port = 0;
    int fd;
    char port_text[8], from[60], other[60];
    start(NULL);
    const char *cert = place_name(&raw.place, "cert.pem"), *key = place_name(&raw.place, "key.pem");
    const char *make[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:P-256",
                          "-nodes",
                          "-keyout",
                          key,
                          "-out",
                          cert,
                          "-days",
                          "2",
                          "-subj",
                          "/CN=lab",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1",
                          NULL};
    assert_int_equal(place_wait(run(make)), 0);
    assert_ok(httpd_listen("127.0.0.1", &port, &fd, &err), &err); /* for a free port */
    close(fd);
    snprintf(port_text, sizeof port_text, "%u", port);
    const char *serve[] = {"openssl", "s_server", "-accept", port_text, "-cert", cert,
                           "-key",    key,        "-www",    "-quiet",  NULL};
    pid_t pid = run(serve);
    snprintf(from, sizeof from, "https://127.0.0.1:%u/", port);
    snprintf(other, sizeof other, "https://localhost:%u/", port);
    struct httpc_options trusting = {.kind = HTTPC_PUBLIC, .trust = cert};
    enum err_code code = E_SYSTEM;
    for (int i = 0; i < 100 && code == E_SYSTEM; i++) { /* until it listens */
        usleep(50 * 1000);
        code = get(trusting, from, &err);
    }
    assert_ok(code == E_NONE, &err);
    assert_int_equal(get(trusting, other, &err), E_REFUSED); /* another name */
    assert_int_equal(get((struct httpc_options){.kind = HTTPC_PUBLIC}, from, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "who it says it is"));
    kill(pid, SIGTERM);
    place_wait(pid);
    stop();
}

void test_httpc__without_memory_there_is_one_sentence_and_no_leak(void **state)
{
    (void)state;
    struct err err = {0};
    start("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    for (size_t nth = 1; nth < 6; nth++) {
        mem_fail_at(nth, true);
        enum err_code code = get((struct httpc_options){.kind = HTTPC_FEED}, url("/"), &err);
        mem_fail_at(0, false);
        assert_true(code == E_NONE || code == E_MEMORY);
    }
    stop();
}
