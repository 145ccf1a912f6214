#ifndef IO_HTTPC_H
#define IO_HTTPC_H
/* HTTP out, over libcurl, which is loaded at the first request (io/load.h). A door: src/LAYERS says who may
 * include this. Each request has a handle and a connection of its own, thrown away after it: no cookies, no
 * sessions, no redirects, no proxy or password from the environment, one fixed set of headers in one fixed
 * order. Before it connects, its row stands in the table `sent`, so `respite sent` is complete by
 * construction. Requests for public feeds say which program asks (User-Agent), take gzip, and may be
 * conditional; their row has the question behind "?" too, which is all that such a server learns. */
#include <stdint.h>

#include "base/buf.h"
#include "io/db.h"
#include "io/via.h"

/* Who is spoken to, and as what. A request carries the authorisation of its kind and no other. */
enum httpc_kind {
    HTTPC_IDENTIFIED, /* the lab, as this member: nothing or "Bearer …" */
    HTTPC_ANONYMOUS,  /* the lab, with a pass: "PrivateToken …" */
    HTTPC_PUBLIC,     /* the lab, as anybody: nothing or "Crowd …" */
    HTTPC_FEED,       /* a public feed: nothing */
    HTTPC_MODEL,      /* a model's endpoint (the lab asks): nothing or "Bearer …" */
};

struct httpc_options {
    enum httpc_kind kind;
    /* Of the calling thread; it holds `sent`. NULL with HTTPC_MODEL, and with it alone: what a lab asks its
     * models is written down nowhere, since a moment there would be the moment of a member's act. */
    struct db *db;
    const char *via;          /* "socks5h://host:port": names are looked up there, not here. NULL: straight */
    const char *trust;        /* a PEM file of certificates in place of the system's, or NULL */
    size_t answer_most;       /* bytes of an answer's body; 0: 1 MiB */
    unsigned seconds;         /* from the first byte to the last; 0: 10 */
    unsigned connect_seconds; /* 0: 10 */
    unsigned first_seconds;   /* until the first byte of the body comes; 0: as long as all may take */
    unsigned between_seconds; /* and from then on between two pieces */
    /* With a status of 2xx: handed each piece of the body, which is then not kept. True: that was all,
     * nothing more is read. NULL: the body is kept. */
    bool (*take)(void *arg, struct span piece);
    void *arg;
};
/* https; plain http to this machine (127.x.x.x, [::1], localhost) and to .onion names by `via`. At most 500
 * bytes of ASCII, without name and password. */
struct httpc_request {
    const char *url;
    const char *accept;        /* NULL: any */
    const char *authorization; /* NULL: none */
    const char *content_type;  /* of the body; NULL: there is none */
    const char *method;        /* "PATCH", "DELETE" …; NULL: GET without a body, POST with one */
    struct span body;
    /* Of a feed alone: what the last answer called itself (NULL: not known). An answer of 304 says that there
     * is nothing newer; a redirect it is not. */
    const char *since, *etag;
};
struct httpc_answer {
    int status; /* 200 … 299, 400 … 599; 304 when it was asked for */
    char type[100];
    char modified[64], etag[128]; /* Last-Modified, ETag; "": not said */
    int64_t retry_after;          /* seconds, or -1 */
    int64_t date;                 /* Date of the answer: the server's clock in Unix seconds, 0: not said */
    struct buf body;              /* the caller's to buf_clear */
};
/* Record and send one request. False in one sentence when it was refused here (E_REFUSED, nothing left and
 * nothing was recorded), when the row could not be kept (nothing left), when nobody answered or not in time
 * (E_SYSTEM), when the answer is a redirect (E_REFUSED), too long (E_LIMIT) or no HTTP (E_FORMAT). After any
 * failure but the first two the request may have arrived. Not within db_write. */
MUST bool httpc_send(const struct httpc_options *options, const struct httpc_request *request,
                     struct httpc_answer *answer, struct err *err);
#endif
