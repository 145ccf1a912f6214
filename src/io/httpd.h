#ifndef IO_HTTPD_H
#define IO_HTTPD_H
/* HTTP in, thin over libmicrohttpd, which parses more leniently than we want: this file refuses what it lets
 * through (a Host that is not on the list: 403; two Content-Lengths or one beside Transfer-Encoding: 400; a
 * method but GET, HEAD, POST: 405; a path with bytes below 0x21, above 0x7e, or "..": 400; a body over the
 * ceiling: 413; another user's connection: 403 when `same_user`) and hands one `struct request` to `serve`.
 * Every answer says Cache-Control: no-store unless `serve` sets another. A lab is served by the same code
 * with the options `lab`, `refused` and `whole`. One thread of its own, in which all signals but those of
 * faults are blocked. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

struct pair {
    struct span name, value;
};
struct pairs {
    struct pair *at;
    size_t n, room;
};
struct request {
    struct arena *arena; /* dies after the reply was made */
    struct span method;  /* GET or POST, a lab's also PATCH, DELETE (HEAD arrives as GET; no body goes out) */
    struct span path;    /* decoded no further than the wire: "/rest/hours" */
    struct pairs query;  /* percent-decoded */
    struct pairs headers;
    struct span body;
};
struct reply {
    int status;           /* 200 unless set */
    const char *type;     /* "text/html; charset=utf-8" unless set */
    struct buf body;      /* ceiling 4 MiB */
    struct pairs headers; /* extra ones, in request.arena */
    bool last;            /* no connection is taken after this answer has begun to leave: those that come wait
                           * in the socket for the process that has a copy of it */
};
/* A header's value by name, case does not matter; {NULL,0} when it is not there. */
struct span request_header(const struct request *r, const char *name);
/* The value of a query field; {NULL,0} when it is not there. */
struct span request_query(const struct request *r, const char *name);
/* One cookie's value. */
struct span request_cookie(const struct request *r, const char *name);
/* Add a header to a reply; values must outlive the reply (request arena). A value with a control byte is
 * dropped. */
void reply_header(struct reply *reply, struct arena *arena, const char *name, const char *value);

/* A listening TCP socket on `address` ("127.0.0.1") and `port` (0: any; `*port` says which). E_BUSY in one
 * sentence when taken. */
MUST bool httpd_listen(const char *address, uint16_t *port, int *fd, struct err *err);

struct httpd;
struct httpd_options {
    int fd; /* from httpd_listen; httpd_stop closes it, and leaves copies in other processes alone */
    const char *const *hosts; /* exact values of Host that are served, NULL-ended */
    size_t body_most;         /* bytes; 64 kB for the node */
    unsigned connections;     /* most at once; 0: 64 */
    bool same_user; /* refuse (403) peers whose socket belongs to another user of this machine (io/peer.h) */
    unsigned seconds; /* a connection that says nothing for so long is closed; 0: 15 */
    void (*serve)(void *arg, const struct request *request, struct reply *reply);
    unsigned threads;            /* that call `serve` at the same time; 0 means 1 */
    void (*answered)(void *arg); /* an answer has left, or its connection was lost; may be NULL */
    /* A lab: any method and any well-formed Host (a proxy stands in front) are handed to `serve`, and headers
     * as they came, also those that say a thing twice. `refused` makes the body of what this file refuses
     * (400, 413, 431, 500, 503) where it is set, in place of one sentence of plain text; the request has its
     * path and no more. */
    bool lab;
    void (*refused)(void *arg, const struct request *request, int status, struct reply *reply);
    unsigned whole; /* seconds a request may take from its connection, or the answer before, to its last byte:
                     * httpd_sweep ends those that take longer; 0: no end */
    size_t stack;   /* bytes for each thread; 0: the system's */
    void *arg;
};
MUST bool httpd_start(struct httpd **out, const struct httpd_options *options, struct err *err);
/* End the connections whose time is over; call it about once a second when `whole` is set. */
void httpd_sweep(struct httpd *httpd);
void httpd_stop(struct httpd *httpd); /* NULL is fine */
#endif
