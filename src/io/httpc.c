/* Requests out. Nothing is shared between two of them: libcurl's handle, with its connections, names and
 * sessions, lives for one. What is sent is counted before it is sent, from the same pieces that libcurl puts
 * together. */
#include "io/httpc.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <openssl/ssl.h>

#include "base/words.h"
#include "codec/scan.h"
#include "crypt/rand.h"
#include "io/clock.h"
#include "io/load.h"
#include "io/proc.h"

#include "base/banned.h"

/* clang-format off */
#define CURL_CALLS(X) \
    X(curl_global_init) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_perform) X(curl_easy_getinfo) \
    X(curl_easy_cleanup) X(curl_easy_strerror) X(curl_slist_append) X(curl_slist_free_all)
#define SSL_CALLS(X) X(SSL_CTX_ctrl) X(SSL_CTX_set_options)
/* clang-format on */
static struct {
    CURL_CALLS(LOAD_POINTER)
} curl;
static struct {
    SSL_CALLS(LOAD_POINTER)
} ssl;
static const char *const curl_names[] = {CURL_CALLS(LOAD_NAME) NULL};
static const char *const ssl_names[] = {SSL_CALLS(LOAD_NAME) NULL};
static struct library libcurl = LIBRARY("libcurl.so.4", "libcurl4", curl_names, &curl);
static struct library libssl = LIBRARY("libssl.so.3", "libssl3", ssl_names, &ssl);

enum {
    URL_MOST = 500,
    HEADS_MOST = 64 * 1024,
    ANSWER_MOST = 1024 * 1024,
    SECONDS = 10,
    CONNECT_SECONDS = 10
};

static const struct {
    const char *name, *authorization;
    bool needed, lab, feed;
    const char *agent;
} kinds[] = {
    [HTTPC_IDENTIFIED] = {"identified", "Bearer ", false, true, false, "respite"},
    [HTTPC_ANONYMOUS] = {"anonymous", "PrivateToken ", true, true, false, "respite"},
    [HTTPC_PUBLIC] = {"public", "Crowd ", false, true, false, "respite"},
    [HTTPC_FEED] = {"feed", NULL, false, false, true,
                    "respite/" RESPITE_VERSION " (one reader's own computer)"},
    [HTTPC_MODEL] = {"model", "Bearer ", false, false, false, "respite"},
};

/* ---- what is refused here ---- */

struct address {
    bool https;
    struct span authority; /* host, and port when it is named */
    struct span host;      /* without the brackets of [::1] */
    struct span target;    /* from the first slash; "" stands for "/" */
};

/* Visible ASCII, so that nothing can end a header. */
static bool is_plain(const char *text, bool blanks)
{
    for (; *text; text++)
        if ((unsigned char)*text > 0x7e || (unsigned char)*text < (blanks ? 0x20 : 0x21))
            return false;
    return true;
}

static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != ':')
            return false;
    }
    return host.n > 0;
}

/* "host", "host:port", "[::1]:port" */
static bool read_authority(struct span in, struct span *host)
{
    uint64_t port = 1;
    bool six = scan_byte(&in, '[');
    if (six && !scan_until(&in, ']', host, 64))
        return false;
    if (!six) {
        struct span all = in;
        in = span_cut(&all, ':', host) ? (struct span){host->p + host->n, all.n + 1} : (struct span){NULL, 0};
    }
    if (scan_byte(&in, ':') && (!scan_u64(&in, &port, 65535) || port == 0))
        return false;
    return scan_end(&in) && is_host(*host);
}

static bool read_url(const char *url, struct address *out)
{
    struct span in = span_of(url);
    *out = (struct address){.https = scan_lit(&in, SPAN("https://"))};
    if (in.n > URL_MOST || !is_plain(url, false) || (!out->https && !scan_lit(&in, SPAN("http://"))) ||
        span_find(in, SPAN("#")) >= 0)
        return false;
    size_t n = 0;
    while (n < in.n && in.p[n] != '/' && in.p[n] != '?')
        n++;
    out->authority = span_first(in, n);
    out->target = span_from(in, n);
    return !span_starts(out->target, SPAN("?")) && read_authority(out->authority, &out->host);
}

/* By its name alone: nothing is looked up to find out. */
static bool is_this_machine(struct span host)
{
    if (span_eq_nocase(host, SPAN("localhost")) || span_is(host, "::1"))
        return true;
    bool digits = true;
    for (size_t i = 0; i < host.n; i++)
        digits = digits && ((host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.');
    return digits && span_starts(host, SPAN("127."));
}

static bool is_onion(struct span host)
{
    return host.n > 6 && span_eq_nocase(span_from(host, host.n - 6), SPAN(".onion"));
}

static bool url_ok(const struct httpc_options *o, const struct httpc_request *r, struct address *to,
                   struct err *err)
{
    if (!read_url(r->url, to))
        return fail(err, E_REFUSED,
                    tr("err.io.httpc_url", "“%.200s” is not an address that Respite sends to. It looks like "
                                           "https://lab.example.org/ and holds no name or password."),
                    r->url);
    bool onion = is_onion(to->host);
    if (onion && !o->via)
        return fail(err, E_REFUSED,
                    tr("err.io.httpc_onion",
                       "%.*s can be reached through Tor alone. Name its proxy with --via "
                       "socks5h://127.0.0.1:9050."),
                    SPAN_ARG(to->host));
    if (to->https || onion || is_this_machine(to->host))
        return true;
    return fail(err, E_REFUSED,
                tr("err.io.httpc_plain",
                   "Anybody on the way could read and change what goes to %.*s by http, so "
                   "nothing was sent. Use its https address."),
                SPAN_ARG(to->host));
}

bool httpc_via_ok(const char *via, struct err *err)
{
    struct span in = span_of(via), host;
    if (is_plain(via, false) && in.n < URL_MOST && scan_lit(&in, SPAN("socks5h://")) &&
        span_find(in, SPAN("/")) < 0 && span_find(in, SPAN(":")) > 0 && read_authority(in, &host))
        return true;
    if (span_starts(span_of(via), SPAN("socks5://")))
        return fail(err, E_REFUSED,
                    tr("err.io.httpc_socks5",
                       "With socks5:// this computer would look names up itself, and so "
                       "tell the network whom it talks to. Write socks5h:// instead."));
    return fail(err, E_REFUSED,
                tr("err.io.httpc_via", "“%.200s” is not a proxy that Respite uses. It looks like "
                                       "socks5h://127.0.0.1:9050."),
                via);
}

/* One kind of authorisation, its own. */
static bool carries_its_own(const struct httpc_options *o, const struct httpc_request *r, struct err *err)
{
    const char *wanted = kinds[o->kind].authorization;
    const char *text[] = {r->accept, r->authorization, r->content_type, r->since, r->etag};
    if ((r->since || r->etag) && !kinds[o->kind].feed)
        return fail(err, E_SYSTEM, "A request of Respite asks for what is newer where it may not.");
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        if (text[i] && !is_plain(text[i], true))
            return fail(err, E_SYSTEM, "A header of Respite holds a byte that it may not.");
    if (r->authorization ? wanted && span_starts(span_of(r->authorization), span_of(wanted))
                         : !kinds[o->kind].needed)
        return true;
    return fail(err, E_SYSTEM, "A request of Respite carries an authorisation of another kind than “%s”.",
                kinds[o->kind].name);
}

/* ---- what goes out ---- */

struct heads {
    struct curl_slist *list;
    size_t bytes; /* of their lines */
};

static bool add_head(struct heads *h, const char *name, const char *value)
{
    char line[2200];
    int n = snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer =
        n > 0 && (size_t)n < sizeof line ? curl.curl_slist_append(h->list, line) : NULL;
    if (!longer)
        return false;
    h->list = longer;
    h->bytes += (size_t)n + 2;
    return true;
}

/* In the order of PROTOCOL: Host, User-Agent (libcurl's own places for them), Accept, Authorization,
 * Content-Type, Content-Length, Connection. */
static bool make_heads(struct heads *h, const struct httpc_options *o, const struct httpc_request *r)
{
    char length[24];
    snprintf(length, sizeof length, "%zu", r->body.n);
    bool done = add_head(h, "Accept", r->accept ? r->accept : "*/*") &&
                (!kinds[o->kind].feed || add_head(h, "Accept-Encoding", "gzip")) &&
                (!r->since || add_head(h, "If-Modified-Since", r->since)) &&
                (!r->etag || add_head(h, "If-None-Match", r->etag)) &&
                (!r->authorization || add_head(h, "Authorization", r->authorization)) &&
                (!r->content_type ||
                 (add_head(h, "Content-Type", r->content_type) && add_head(h, "Content-Length", length))) &&
                add_head(h, "Connection", "close");
    struct curl_slist *none = done && r->content_type ? curl.curl_slist_append(h->list, "Expect:") : h->list;
    return done && none; /* "Expect:" keeps libcurl's own from being sent */
}

static const char *method_of(const struct httpc_request *r)
{
    return r->method ? r->method : r->content_type ? "POST" : "GET";
}

static size_t bytes_of(const struct httpc_options *o, const struct address *to, const struct heads *h,
                       const struct httpc_request *r)
{
    size_t line = strlen(method_of(r)) + 1 + (to->target.n ? to->target.n : 1) + strlen(" HTTP/1.1\r\n");
    return line + strlen("Host: \r\n") + to->authority.n + strlen("User-Agent: \r\n") +
           strlen(kinds[o->kind].agent) + h->bytes + 2 + (r->content_type ? r->body.n : 0);
}

/* Whom, as what, how much; of the address what follows a "?" for a feed alone. */
static bool record(const struct httpc_options *o, const struct httpc_request *r, const struct address *to,
                   size_t bytes, int64_t *row, struct err *err)
{
    int64_t now = clock_now();
    char address[URL_MOST + 20];
    struct span rest = to->target, path;
    span_cut(&rest, '?', &path);
    if (kinds[o->kind].feed)
        path = to->target;
    int n = snprintf(address, sizeof address, "%s://%.*s%.*s", to->https ? "https" : "http",
                     SPAN_ARG(to->authority), SPAN_ARG(path));
    if (!o->db)
        return o->kind == HTTPC_MODEL || fail(err, E_SYSTEM, "A request of Respite is not to be on record.");
    if (db_is_writing(o->db))
        return fail(err, E_SYSTEM, "Respite wanted to send something in the middle of a transaction.");
    return db_number(o->db, row, 0, err,
                     "insert into sent(day, at, method, address, kind, bytes) values ($1, $2, $3, $4, $5, $6)"
                     " returning id",
                     V_INT(moment_day(clock_local(now))), V_INT(now), V_STR(method_of(r)),
                     V_TEXT(((struct span){address, (size_t)n})), V_STR(kinds[o->kind].name),
                     V_INT((int64_t)bytes));
}

/* What came of it. The request itself is on record, so the answer is not lost for a row that is not kept. */
static void record_answer(const struct httpc_options *o, int64_t row, const struct httpc_answer *answer)
{
    struct err none = {0};
    (void)!db_run(o->db, &none, "update sent set status = $2, answer = $3 where id = $1", V_INT(row),
                  V_INT(answer->status), V_INT((int64_t)answer->body.n));
}

/* ---- what comes back ---- */

struct coming {
    struct httpc_answer answer;
    const struct httpc_options *options;
    CURL *h;
    int64_t heard_ms; /* when the request began, then when the last piece came */
    size_t heads;     /* bytes of header lines so far */
    int64_t retry_at; /* Retry-After as a date; 0: none */
    bool over, some, enough, silent;
};

static bool is_good(const struct coming *c)
{
    long status = 0;
    curl.curl_easy_getinfo(c->h, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
    struct coming *c = arg;
    c->heard_ms = clock_boot_ms();
    c->some = true;
    if (c->options->take && is_good(c)) {
        c->enough = c->options->take(c->options->arg, (struct span){p, size * n});
        return c->enough ? 0 : size * n;
    }
    buf_add(&c->answer.body, (struct span){p, size * n});
    c->over = c->over || c->answer.body.over;
    return c->answer.body.failed ? 0 : size * n;
}

static bool value_of(struct span line, const char *name, struct span *out)
{
    struct span head;
    if (!span_cut(&line, ':', &head) || !span_eq_nocase(head, span_of(name)))
        return false;
    *out = span_trim(line);
    return true;
}

static bool two_digits(struct span *in, int *out)
{
    if (in->n < 2 || in->p[0] < '0' || in->p[0] > '9' || in->p[1] < '0' || in->p[1] > '9')
        return false;
    *out = (in->p[0] - '0') * 10 + in->p[1] - '0';
    *in = span_from(*in, 2);
    return true;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7), the one form that is written; 0: another. */
static int64_t read_date(struct span in)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct ymd date = {0};
    int century, year, hour, minute, second;
    in = span_from(in, 5);
    if (!two_digits(&in, &date.day) || !scan_byte(&in, ' ') || in.n < 4)
        return 0;
    while (date.month < 12 && memcmp(months + (size_t)date.month * 3, in.p, 3) != 0)
        date.month++;
    date.month++;
    in = span_from(in, 3);
    if (date.month > 12 || !scan_byte(&in, ' ') || !two_digits(&in, &century) || !two_digits(&in, &year) ||
        !scan_byte(&in, ' ') || !two_digits(&in, &hour) || !scan_byte(&in, ':') ||
        !two_digits(&in, &minute) || !scan_byte(&in, ':') || !two_digits(&in, &second) ||
        !span_is(in, " GMT") || century < 19 || date.day < 1 || date.day > 31 || hour > 23 || minute > 59 ||
        second > 60)
        return 0;
    date.year = century * 100 + year;
    return (int64_t)day_of(date) * 86400 + hour * 3600 + minute * 60 + second;
}

static size_t take_head(char *p, size_t size, size_t n, void *arg)
{
    struct coming *c = arg;
    struct span line = {p, size * n}, value;
    uint64_t seconds;
    c->heads += line.n;
    if (c->heads > HEADS_MOST) {
        c->over = true;
        return 0;
    }
    if (value_of(line, "Content-Type", &value) && value.n < sizeof c->answer.type)
        snprintf(c->answer.type, sizeof c->answer.type, "%.*s", SPAN_ARG(value));
    if (value_of(line, "Date", &value))
        c->answer.date = read_date(value);
    if (value_of(line, "Last-Modified", &value) && value.n < sizeof c->answer.modified)
        snprintf(c->answer.modified, sizeof c->answer.modified, "%.*s", SPAN_ARG(value));
    if (value_of(line, "ETag", &value) && value.n < sizeof c->answer.etag)
        snprintf(c->answer.etag, sizeof c->answer.etag, "%.*s", SPAN_ARG(value));
    if (value_of(line, "Retry-After", &value)) {
        struct span whole = value;
        if (scan_u64(&value, &seconds, 366 * 86400) && !value.n)
            c->answer.retry_after = (int64_t)seconds;
        else
            c->retry_at = read_date(whole);
    }
    return line.n;
}

/* Asked for several times a second: Ctrl-C ends a request too, and so does a silence that lasts too long. */
static int go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct coming *coming = arg;
    const struct httpc_options *o = coming->options;
    unsigned seconds = coming->some ? o->between_seconds : o->first_seconds;
    (void)a, (void)b, (void)c, (void)d;
    coming->silent = seconds && clock_boot_ms() - coming->heard_ms > (int64_t)seconds * 1000;
    return coming->silent || proc_stopped();
}

/* ---- libcurl ---- */

/* The same ClientHello from every build: one version, fixed lists, no tickets. libcurl has no option for
 * these two. */
static CURLcode narrow_tls(CURL *h, void *ctx, void *arg)
{
    static char algorithms[] = "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256:ecdsa_secp384r1_sha384:"
                               "rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:ed25519";
    (void)h, (void)arg;
    ssl.SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    return ssl.SSL_CTX_ctrl(ctx, SSL_CTRL_SET_SIGALGS_LIST, 0, algorithms) == 1 ? CURLE_OK
                                                                                : CURLE_SSL_CONNECT_ERROR;
}

#define SET(option, value) (curl.curl_easy_setopt(h, CURLOPT_##option, (value)) == CURLE_OK)

static bool set_tls(CURL *h, const struct httpc_options *o)
{
    bool done = SET(SSL_VERIFYPEER, 1L) && SET(SSL_VERIFYHOST, 2L) && SET(SSL_SESSIONID_CACHE, 0L) &&
                SET(SSL_ENABLE_ALPN, 0L) && (!o->trust || (SET(CAINFO, o->trust) && SET(CAPATH, NULL)));
    if (!kinds[o->kind].lab)
        return done && SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    return done && SET(SSLVERSION, (long)(CURL_SSLVERSION_TLSv1_3 | CURL_SSLVERSION_MAX_TLSv1_3)) &&
           SET(TLS13_CIPHERS, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") &&
           SET(SSL_EC_CURVES, "X25519:P-256") && SET(SSL_CTX_FUNCTION, narrow_tls);
}

/* A user of its own for each request: Tor gives each its own circuit. */
static bool set_road(CURL *h, const struct httpc_options *o)
{
    char user[33], password[33];
    if (!SET(PROXY, o->via ? o->via : "") || !SET(NOPROXY, ""))
        return false;
    if (!o->via)
        return true;
    rand_hex(user, 16);
    rand_hex(password, 16);
    return SET(PROXYUSERNAME, user) && SET(PROXYPASSWORD, password) && SET(SOCKS5_AUTH, (long)CURLAUTH_BASIC);
}

static bool set_limits(CURL *h, const struct httpc_options *o)
{
    long seconds = o->seconds ? (long)o->seconds : SECONDS;
    long connect = o->connect_seconds ? (long)o->connect_seconds : CONNECT_SECONDS;
    return SET(TIMEOUT_MS, seconds * 1000) &&
           SET(CONNECTTIMEOUT_MS, (seconds < connect ? seconds : connect) * 1000) &&
           SET(MAXFILESIZE_LARGE, (curl_off_t)(o->answer_most ? o->answer_most : ANSWER_MOST)) &&
           SET(NOSIGNAL, 1L) && SET(NOPROGRESS, 0L) && SET(XFERINFOFUNCTION, go_on);
}

static bool set_all(CURL *h, const struct httpc_options *o, const struct httpc_request *r,
                    const struct heads *heads, struct coming *c)
{
    bool done = SET(URL, r->url) && SET(PROTOCOLS_STR, "http,https") && SET(DISALLOW_USERNAME_IN_URL, 1L) &&
                SET(PATH_AS_IS, 1L) && SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
                SET(FOLLOWLOCATION, 0L) && SET(FRESH_CONNECT, 1L) && SET(FORBID_REUSE, 1L) &&
                SET(NETRC, (long)CURL_NETRC_IGNORED) && SET(USERAGENT, kinds[o->kind].agent) &&
                (!kinds[o->kind].feed || SET(ACCEPT_ENCODING, "gzip")) && SET(HTTPHEADER, heads->list) &&
                SET(WRITEFUNCTION, take_body) && SET(WRITEDATA, c) && SET(HEADERFUNCTION, take_head) &&
                SET(HEADERDATA, c) && SET(XFERINFODATA, c);
    if (r->content_type)
        done = done && SET(POST, 1L) && SET(POSTFIELDS, r->body.p ? r->body.p : "") &&
               SET(POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
    else
        done = done && SET(HTTPGET, 1L);
    if (r->method)
        done = done && SET(CUSTOMREQUEST, r->method);
    return done && set_limits(h, o) && set_road(h, o) && set_tls(h, o);
}

/* Say what libcurl's code means for a person. */
static bool curl_fail(CURLcode code, const struct httpc_options *o, const struct address *to,
                      const struct coming *c, struct err *err)
{
    struct span who = to->authority;
    if (c->over || code == CURLE_FILESIZE_EXCEEDED)
        return fail(err, E_LIMIT,
                    tr("err.io.httpc_long",
                       "%.*s answered with more than Respite takes, so it was not read to "
                       "its end. Ask those who run it."),
                    SPAN_ARG(who));
    switch (code) {
    case CURLE_OUT_OF_MEMORY:
        return fail_memory(err);
    case CURLE_WRITE_ERROR:
        return fail_memory(err);
    case CURLE_ABORTED_BY_CALLBACK:
        if (c->silent)
            return curl_fail(CURLE_OPERATION_TIMEDOUT, o, to, c, err);
        return fail(err, E_STOPPED, tr("err.io.httpc_stopped", "Stopped."));
    case CURLE_OPERATION_TIMEDOUT:
        return fail(err, E_SYSTEM, tr("err.io.httpc_time", "%.*s did not answer in time. Try again later."),
                    SPAN_ARG(who));
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return fail(err, E_SYSTEM,
                    tr("err.io.httpc_proxy", "The proxy %s did not reach %.*s. Look that it runs, then try "
                                             "again."),
                    o->via ? o->via : "", SPAN_ARG(who));
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return fail(err, E_SYSTEM,
                    tr("err.io.httpc_reach", "%.*s cannot be reached from here. Look at the network, or try "
                                             "again later."),
                    SPAN_ARG(who));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
        return fail(err, E_REFUSED,
                    tr("err.io.httpc_tls",
                       "%.*s could not show that it is who it says it is (%s), so nothing "
                       "was sent."),
                    SPAN_ARG(who), curl.curl_easy_strerror(code));
    default:
        return fail(err, E_FORMAT, tr("err.io.httpc", "The answer of %.*s could not be read: %s."),
                    SPAN_ARG(who), curl.curl_easy_strerror(code));
    }
}

static void start_curl(void)
{
    curl.curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool load(struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return library_load(&libcurl, err) && library_load(&libssl, err) && pthread_once(&once, start_curl) == 0;
}

static bool perform(CURL *h, const struct httpc_options *o, const struct httpc_request *r,
                    const struct address *to, struct coming *c, struct err *err)
{
    long status = 0;
    CURLcode code = curl.curl_easy_perform(h);
    if (code != CURLE_OK && !c->enough)
        return curl_fail(code, o, to, c, err);
    curl.curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
    if (c->retry_at && c->answer.retry_after < 0) {
        int64_t from = c->answer.date ? c->answer.date : clock_now();
        c->answer.retry_after = c->retry_at > from ? c->retry_at - from : 0;
    }
    bool unchanged = status == 304 && (r->since || r->etag);
    if (status >= 300 && status < 400 && !unchanged)
        return fail(err, E_REFUSED,
                    tr("err.io.httpc_redirect",
                       "%.*s sends to another address, which Respite does not follow. "
                       "Ask those who run it for the right one."),
                    SPAN_ARG(to->authority));
    c->answer.status = (int)status;
    return buf_ok(&c->answer.body, err);
}

bool httpc_send(const struct httpc_options *o, const struct httpc_request *r, struct httpc_answer *answer,
                struct err *err)
{
    struct address to;
    struct heads heads = {0};
    struct coming coming = {.answer.retry_after = -1, .options = o, .heard_ms = clock_boot_ms()};
    int64_t row = 0;
    if (!carries_its_own(o, r, err) || (o->via && !httpc_via_ok(o->via, err)) || !url_ok(o, r, &to, err) ||
        !load(err))
        return false;
    buf_init(&coming.answer.body, o->answer_most ? o->answer_most : ANSWER_MOST);
    CURL *h = curl.curl_easy_init();
    coming.h = h;
    bool ready = h && make_heads(&heads, o, r) && set_all(h, o, r, &heads, &coming);
    bool done = ready ? record(o, r, &to, bytes_of(o, &to, &heads, r), &row, err) &&
                            perform(h, o, r, &to, &coming, err)
                      : fail(err, E_SYSTEM,
                             "libcurl does not know something that Respite needs, or there is "
                             "no memory.");
    curl.curl_easy_cleanup(h);
    curl.curl_slist_free_all(heads.list);
    if (row)
        record_answer(o, row, &coming.answer);
    if (done)
        *answer = coming.answer;
    else
        buf_clear(&coming.answer.body);
    return done;
}
