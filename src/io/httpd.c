/* HTTP in. libmicrohttpd 0.9.75 parses leniently, so each request is looked at here before its body is read:
 * who asks, the method, the bytes of the path, Host, how long the body is and whether it says so once. What
 * is refused gets one sentence as plain text, and the connection ends, so that bytes behind a doubtful
 * request are never read as another.
 *
 * The library calls, in its one thread, for each request: note_uri (the path as it stood on the wire), handle
 * once with the headers, handle per piece of body, handle once more at the end, forget. Between those lives a
 * struct exchange. */
#include "io/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/form.h"
#include "io/guests.h"
#include "io/peer.h"

#include "base/banned.h"

enum {
    STEP_MS = 5,
    FINISH_MS = 250,
    SECONDS = 15, /* a connection that says nothing for so long is closed */
    CONNECTION_BYTES = 32 * 1024,
    HEADERS_MOST = 100,
    FIELD_MOST = 16 * 1024, /* of the query */
    REPLY_MOST = 4 * 1024 * 1024,
    LAB_REPLY_MOST = 16 * 1024 * 1024, /* a batch of the board, with its passes */
    SPILL_MOST =
        1024 * 1024, /* of a body in pieces that grew too large: read past, so that the answer is heard */
};

struct httpd {
    struct MHD_Daemon *_Atomic daemon; /* NULL until the library has started all its threads */
    struct httpd_options options;
    int peers; /* io/peer.h, -1 when every user is served */
    atomic_flag closed;
    atomic_int listening; /* the socket, ours again when no more connections are taken; else -1 */
    struct guests guests; /* open connections, when each has its time: options.whole */
};

struct exchange {
    char *uri;
    struct buf body;
    size_t spilt;
    bool begun;
    int refused; /* a status, decided before the end of the body */
};

static const char ours, strangers; /* what a connection is marked with: their addresses */

/* ---- refusals ---- */

static const char *sentence(int status)
{
    switch (status) {
    case 400:
        return tr("err.io.http_400", "This request is not well formed. Go back and try again.");
    case 403:
        return tr("err.io.http_403",
                  "This page is for the person who runs Respite here. Open the address that Respite "
                  "printed in your terminal.");
    case 405:
        return tr("err.io.http_405", "This page can be looked at (GET) or sent a form (POST), nothing else.");
    case 413:
        return tr("err.io.http_413",
                  "This is more than one form may hold. Make it shorter and send it again.");
    case 431:
        return tr("err.io.http_431",
                  "Your browser sent more lines about itself than are read here. Clear the cookies "
                  "of this address and try again.");
    case 503:
        return tr("err.io.http_503",
                  "The machine has no memory left for this page. Close something and load it again.");
    default:
        return tr("err.io.http_500",
                  "This page could not be made. Load it again; if that does not help, `respite "
                  "doctor` looks for the cause.");
    }
}

static enum MHD_Result send_and_drop(struct MHD_Connection *c, int status, struct MHD_Response *r)
{
    if (!r)
        return MHD_NO;
    enum MHD_Result done = MHD_queue_response(c, (unsigned)status, r);
    MHD_destroy_response(r);
    return done;
}

static enum MHD_Result refuse_in_words(struct MHD_Connection *c, int status)
{
    char text[300];
    int n = snprintf(text, sizeof text, "%s\n", sentence(status));
    size_t size = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    struct MHD_Response *r = MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Connection", "close");
    if (status == 405)
        MHD_add_response_header(r, "Allow", "GET, HEAD, POST");
    return send_and_drop(c, status, r);
}

static enum MHD_Result send_reply(struct MHD_Connection *c, struct reply *reply);

static enum MHD_Result refuse(struct httpd *h, struct MHD_Connection *c, int status, const char *uri)
{
    struct arena *AUTO_ARENA arena = h->options.refused ? arena_new() : NULL;
    struct reply reply = {.status = status, .type = "text/plain; charset=utf-8"};
    struct request request = {.arena = arena};
    struct span rest = span_of(uri);
    if (!arena)
        return refuse_in_words(c, status);
    span_cut(&rest, '?', &request.path);
    buf_init(&reply.body, REPLY_MOST);
    h->options.refused(h->options.arg, &request, status, &reply);
    reply_header(&reply, arena, "Connection", "close");
    enum MHD_Result done = reply.body.failed ? refuse_in_words(c, status) : send_reply(c, &reply);
    buf_clear(&reply.body);
    return done;
}

/* ---- looking at a request before its body ---- */

struct look {
    int headers, hosts, lengths, encodings;
    struct span host, length, encoding;
    bool odd;
};

/* A byte of a header's name (RFC 9110, 5.6.2): "Content-Length " with a blank behind it is none of them and
 * must not pass. */
static bool name_byte(unsigned char b)
{
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
           (b && strchr("!#$%&'*+-.^_`|~", b) != NULL);
}

static bool odd_header(struct span name, struct span value)
{
    bool odd = name.n == 0;
    for (size_t i = 0; i < name.n; i++)
        odd |= !name_byte((unsigned char)name.p[i]);
    for (size_t i = 0; i < value.n; i++)
        odd |= ((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t') || value.p[i] == 0x7f;
    return odd;
}

static enum MHD_Result look_at_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                      const char *value, size_t value_n)
{
    (void)kind;
    struct look *look = cls;
    struct span n = {name, name_n}, v = {value, value_n};
    look->headers++;
    look->odd |= odd_header(n, v);
    if (span_eq_nocase(n, SPAN("Host"))) {
        look->hosts++;
        look->host = v;
    } else if (span_eq_nocase(n, SPAN("Content-Length"))) {
        look->lengths++;
        look->length = v;
    } else if (span_eq_nocase(n, SPAN("Transfer-Encoding"))) {
        look->encodings++;
        look->encoding = v;
    }
    return MHD_YES;
}

/* A name or address and perhaps a port (RFC 9110, 7.2), as a proxy hands it on. */
static bool host_formed(struct span host)
{
    bool good = host.n > 0 && host.n <= 255;
    for (size_t i = 0; good && i < host.n; i++) {
        char b = host.p[i];
        good = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
               strchr("-._~:[]%", b);
    }
    return good;
}

static bool served_host(const struct httpd *h, struct span host)
{
    if (h->options.lab && !h->options.hosts)
        return host_formed(host);
    for (const char *const *name = h->options.hosts; name && *name; name++)
        if (span_is(host, *name))
            return true;
    return false;
}

static bool good_uri(const char *uri)
{
    if (uri[0] != '/')
        return false;
    for (const char *c = uri; *c; c++)
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c > 0x7e)
            return false;
    size_t path = strcspn(uri, "?");
    return span_find((struct span){uri, path}, SPAN("..")) < 0;
}

/* 0, or the status that says what is wrong with how long the body claims to be. */
static int look_at_length(const struct httpd *h, const struct look *look, bool one_one)
{
    if (look->lengths > 1 || look->encodings > 1 || (look->lengths && look->encodings))
        return 400;
    if (look->encodings && (!one_one || !span_eq_nocase(look->encoding, SPAN("chunked"))))
        return 400;
    size_t length = 0;
    for (size_t i = 0; i < look->length.n; i++) {
        if (look->length.p[i] < '0' || look->length.p[i] > '9')
            return 400;
        length = length * 10 + (size_t)(look->length.p[i] - '0');
        if (length > h->options.body_most)
            return 413;
    }
    return look->lengths && look->length.n == 0 ? 400 : 0;
}

/* In a lab the table of routes says which methods a path takes. */
static bool served_method(const struct httpd *h, const char *method)
{
    return h->options.lab || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "POST") == 0;
}

/* 0, or the status this request is refused with. */
static int look_at(const struct httpd *h, struct MHD_Connection *c, const struct exchange *x,
                   const char *method, const char *version)
{
    const union MHD_ConnectionInfo *mark = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (h->peers >= 0 && (!mark || mark->socket_context != (const void *)&ours))
        return 403;
    if (!served_method(h, method))
        return 405;
    bool one_one = strcmp(version, "HTTP/1.1") == 0;
    if ((!one_one && strcmp(version, "HTTP/1.0") != 0) || !good_uri(x->uri))
        return 400;
    struct look look = {0};
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, look_at_header, &look);
    if (look.headers > HEADERS_MOST)
        return 431;
    if (look.odd || look.hosts != 1)
        return 400;
    if (!served_host(h, look.host))
        return h->options.lab ? 400 : 403;
    return look_at_length(h, &look, one_one);
}

/* ---- the request as a room sees it, and its reply ---- */

struct gather {
    struct arena *arena;
    struct pairs *headers;
    bool lost;
};

static enum MHD_Result gather_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                     const char *value, size_t value_n)
{
    (void)kind;
    struct gather *g = cls;
    struct pair *p = VEC_PUSH(g->arena, g->headers);
    if (!p) {
        g->lost = true;
        return MHD_NO;
    }
    *p = (struct pair){{name, name_n}, {value, value_n}};
    return MHD_YES;
}

/* 0, or a status. Headers and body are borrowed from the library and the exchange: both outlive the arena. */
static int make_request(struct request *r, struct MHD_Connection *c, const struct exchange *x,
                        const char *method)
{
    struct span rest = span_of(x->uri);
    span_cut(&rest, '?', &r->path);
    r->method = strcmp(method, "HEAD") == 0 ? SPAN("GET") : span_of(method);
    r->body = buf_span(&x->body);
    struct gather g = {r->arena, &r->headers, false};
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, gather_header, &g);
    if (g.lost)
        return 503;
    struct err err = {0};
    for (struct form_field field; form_next(&rest, r->arena, FIELD_MOST, &field, &err);) {
        struct pair *p = VEC_PUSH(r->arena, &r->query);
        if (!p)
            return 503;
        *p = (struct pair){field.name, field.value};
    }
    return err.code == E_NONE ? 0 : err.code == E_MEMORY ? 503 : 400;
}

static bool has_header(const struct reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->headers.n; i++)
        if (span_eq_nocase(reply->headers.at[i].name, span_of(name)))
            return true;
    return false;
}

/* All that `reply` holds goes to the library; the body's bytes without a copy. */
static enum MHD_Result send_reply(struct MHD_Connection *c, struct reply *reply)
{
    struct buf *body = &reply->body;
    struct MHD_Response *r =
        body->n ? MHD_create_response_from_buffer_with_free_callback(body->n, body->p, mem_free)
                : MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    if (!r)
        return MHD_NO;
    bool had_body = body->n > 0;
    if (had_body)
        *body = (struct buf){.most = body->most};
    bool whole = true;
    for (size_t i = 0; i < reply->headers.n; i++)
        whole &=
            MHD_add_response_header(r, reply->headers.at[i].name.p, reply->headers.at[i].value.p) == MHD_YES;
    if (had_body)
        whole &= MHD_add_response_header(r, "Content-Type", reply->type) == MHD_YES;
    if (!has_header(reply, "Cache-Control"))
        whole &= MHD_add_response_header(r, "Cache-Control", "no-store") == MHD_YES;
    if (!has_header(reply, "X-Content-Type-Options"))
        whole &= MHD_add_response_header(r, "X-Content-Type-Options", "nosniff") == MHD_YES;
    if (whole)
        return send_and_drop(c, reply->status, r);
    MHD_destroy_response(r);
    return refuse_in_words(c, 503);
}

/* Take no more connections. By itself the library would shut the socket down, for every process that has it.
 */
static void close_door(struct httpd *h)
{
    struct MHD_Daemon *daemon = h->daemon;
    if (daemon && !atomic_flag_test_and_set(&h->closed))
        h->listening = MHD_quiesce_daemon(daemon);
}

static enum MHD_Result answer(struct httpd *h, struct MHD_Connection *c, const struct exchange *x,
                              const char *method)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct request request = {.arena = arena};
    int status = arena ? make_request(&request, c, x, method) : 503;
    if (status)
        return refuse(h, c, status, x->uri);
    struct reply reply = {.status = 200, .type = "text/html; charset=utf-8"};
    buf_init(&reply.body, h->options.lab ? LAB_REPLY_MOST : REPLY_MOST);
    h->options.serve(h->options.arg, &request, &reply);
    if (reply.last)
        close_door(h);
    enum MHD_Result done = reply.body.failed ? refuse(h, c, 500, x->uri) : send_reply(c, &reply);
    buf_clear(&reply.body);
    return done;
}

static void *note_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    (void)c;
    const struct httpd *h = cls;
    struct exchange *x = mem_get(sizeof *x);
    if (!x)
        return NULL;
    buf_init(&x->body, h->options.body_most);
    x->uri = mem_copy(uri);
    if (!x->uri) {
        mem_free(x);
        return NULL;
    }
    return x;
}

/* Its answer is begun, or made: its time to take that begins. */
static void guest_turn(struct httpd *h, struct MHD_Connection *c, bool busy)
{
    if (!h->options.whole)
        return;
    const union MHD_ConnectionInfo *mark = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    guests_turn(&h->guests, mark ? mark->socket_context : NULL, busy);
}

void httpd_sweep(struct httpd *h)
{
    if (h->options.whole)
        guests_sweep(&h->guests, h->options.whole);
}

/* ---- what the library calls ---- */

static void forget(void *cls, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    (void)why;
    struct httpd *h = cls;
    guest_turn(h, c, false);
    struct exchange *x = *state;
    *state = NULL;
    if (!x)
        return;
    mem_free(x->uri);
    buf_clear(&x->body);
    mem_free(x);
    if (h->options.answered)
        h->options.answered(h->options.arg);
}

/* A piece of body. One in chunks says its size as it comes: past the ceiling it is read and dropped for a
 * while. */
static bool take(struct exchange *x, const char *piece, size_t n)
{
    if (!x->refused && n > x->body.most - x->body.n)
        x->refused = 413;
    if (!x->refused) {
        buf_add(&x->body, (struct span){piece, n});
        if (x->body.failed)
            x->refused = 503;
        return true;
    }
    x->spilt += n;
    return x->spilt <= SPILL_MOST;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *piece, size_t *piece_n, void **state)
{
    (void)url;
    struct httpd *h = cls;
    struct exchange *x = *state;
    if (!x)
        return refuse(h, c, 503, "/");
    if (!x->begun) {
        x->begun = true;
        int status = look_at(h, c, x, method, version);
        return status ? refuse(h, c, status, x->uri) : MHD_YES;
    }
    if (*piece_n) {
        bool on = take(x, piece, *piece_n);
        *piece_n = 0;
        return on ? MHD_YES : MHD_NO;
    }
    if (x->refused)
        return refuse(h, c, x->refused, x->uri);
    guest_turn(h, c, true);
    enum MHD_Result done = answer(h, c, x, method);
    guest_turn(h, c, false);
    return done;
}

static void note_connection(void *cls, struct MHD_Connection *c, void **mark,
                            enum MHD_ConnectionNotificationCode what)
{
    struct httpd *h = cls;
    if (h->options.whole && what == MHD_CONNECTION_NOTIFY_CLOSED) {
        guests_out(&h->guests, *mark);
        *mark = NULL;
    }
    if (what != MHD_CONNECTION_NOTIFY_STARTED || (h->peers < 0 && !h->options.whole))
        return;
    const union MHD_ConnectionInfo *socket = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (h->options.whole) {
        if (socket)
            *mark = guests_in(&h->guests, socket->connect_fd);
        return;
    }
    uid_t uid;
    bool same = socket && peer_user(h->peers, socket->connect_fd, &uid) && uid == geteuid();
    *mark = (void *)(uintptr_t)(same ? &ours : &strangers);
}

/* ---- starting and stopping ---- */

static bool address_of(const char *address, uint16_t port, struct sockaddr_storage *out, socklen_t *n)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    *out = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        memcpy(out, &four, *n = sizeof four);
        return true;
    }
    if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1) {
        memcpy(out, &six, *n = sizeof six);
        return true;
    }
    return false;
}

static bool bound(int fd, const struct sockaddr_storage *at, socklen_t n)
{
    int on = 1;
    if (at->ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)
        return false;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(fd, (const struct sockaddr *)at, n) == 0 && listen(fd, SOMAXCONN) == 0;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage at = {0};
    struct sockaddr_in four;
    socklen_t n = sizeof at;
    getsockname(fd, (struct sockaddr *)&at, &n);
    memcpy(&four, &at, sizeof four); /* the port stands at one place in both families */
    return ntohs(four.sin_port);
}

bool httpd_listen(const char *address, uint16_t *port, int *fd, struct err *err)
{
    struct sockaddr_storage at;
    socklen_t n = 0;
    char words[128];
    if (!address_of(address, *port, &at, &n))
        return fail(err, E_USAGE,
                    tr("err.io.address", "“%s” is not an address of this machine. Write it as 127.0.0.1 or "
                                         "::1."),
                    address);
    int s = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s >= 0 && bound(s, &at, n)) {
        *port = port_of(s);
        *fd = s;
        return true;
    }
    int number = errno;
    if (s >= 0)
        close(s);
    if (number == EADDRINUSE)
        return fail(err, E_BUSY,
                    tr("err.io.port_taken", "Port %u is taken by another program. Choose another with "
                                            "--port, or 0 for any that is free."),
                    (unsigned)*port);
    return fail(err, E_SYSTEM,
                tr("err.io.listen", "The page cannot be offered at %s, port %u: %s. Choose another with "
                                    "--port."),
                address, (unsigned)*port, err_system(number, words, sizeof words));
}

/* Signals are for the main thread; the library's inherits this mask. Those of our own faults stay as they
 * are. */
static void hold_signals(sigset_t *before)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t all;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, before);
}

static struct MHD_Daemon *start_daemon(struct httpd *h)
{
    const struct httpd_options *o = &h->options;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, handle, h, MHD_OPTION_LISTEN_SOCKET,
        o->fd, MHD_OPTION_CONNECTION_LIMIT, o->connections, MHD_OPTION_CONNECTION_TIMEOUT, o->seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_URI_LOG_CALLBACK, note_uri,
        h, MHD_OPTION_NOTIFY_COMPLETED, forget, h, MHD_OPTION_NOTIFY_CONNECTION, note_connection, h,
        MHD_OPTION_THREAD_STACK_SIZE, o->stack, o->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
        o->threads, MHD_OPTION_END);
}

bool httpd_start(struct httpd **out, const struct httpd_options *options, struct err *err)
{
    struct httpd *h = mem_get(sizeof *h);
    if (!h)
        return fail_memory(err);
    h->options = *options;
    h->listening = -1;
    atomic_flag_clear(&h->closed);
    if (h->options.connections == 0)
        h->options.connections = 64;
    if (h->options.seconds == 0)
        h->options.seconds = SECONDS;
    guests_init(&h->guests);
    h->peers = options->same_user ? peer_table(options->fd) : -1;
    sigset_t before;
    hold_signals(&before);
    h->daemon = start_daemon(h);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (h->daemon) {
        *out = h;
        return true;
    }
    if (h->peers >= 0)
        close(h->peers);
    guests_clear(&h->guests);
    mem_free(h);
    return fail(err, E_SYSTEM,
                tr("err.io.httpd", "The page cannot be offered: the system has no thread or descriptor "
                                   "left. Close something and start Respite again."));
}

/* The connections that were let in get their answers; one that says nothing is not waited for long. */
static void finish_answers(struct MHD_Daemon *daemon)
{
    struct timespec step = {.tv_nsec = STEP_MS * 1000 * 1000};
    for (int waited = 0; waited < FINISH_MS; waited += STEP_MS) {
        const union MHD_DaemonInfo *open = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
        if (!open || open->num_connections == 0)
            return;
        nanosleep(&step, NULL);
    }
}

void httpd_stop(struct httpd *h)
{
    if (!h)
        return;
    close_door(h);
    finish_answers(h->daemon);
    MHD_stop_daemon(h->daemon);
    if (h->listening >= 0)
        close(h->listening);
    if (h->peers >= 0)
        close(h->peers);
    guests_clear(&h->guests);
    mem_free(h);
}
