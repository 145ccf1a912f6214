/* Members of a lab, many at once, for bench/lab: bench_lab PORT[,PORT…] CONNECTIONS, with invitation links on
 * standard input, one a line. Each becomes a member that collects its 64 passes and spends them on threads of
 * the board. Blinding, finishing and signing happen before a clock starts, so that what is timed is the lab:
 *     ready        members joined, passes blinded; waits for a line on standard input
 *     issued N S   N passes signed in S seconds
 *     acts N       acts are ready to leave; waits for a line
 *     kept N S     N acts acknowledged in S seconds
 *     crowd KEY    the crowd key, for readers
 * Every request has a connection of its own, as nodes do it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "anon/history.h"
#include "anon/item.h"
#include "anon/token.h"
#include "codec/auth_header.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/brsa.h"
#include "crypt/hash.h"
#include "crypt/rand.h"

#include "base/banned.h"

enum { MEMBERS_MOST = 4096, ANSWER_MOST = 32 << 20, LINE = 1024 };

struct bytes {
    char *p;
    size_t n;
};
struct member {
    uint8_t secret[32];
    struct token token[PASSES];
    struct brsa_item item[PASSES];
    uint8_t input[PASSES][TOKEN_INPUT];
    struct bytes request, answer; /* what is sent when the clock runs, and what came */
};
struct act {
    struct bytes request;
    bool kept;
};

static uint16_t port[8]; /* processes of one lab; the first is its address */
static size_t ports;
static char host[32];
static struct member *members;
static struct act *acts;
static size_t members_n, acts_n;
static struct brsa_public *key;
static struct history *history;
static uint8_t key_id[32], digest[32], head[32];
static day_t epoch;

static void give_up(const char *what)
{
    fprintf(stderr, "bench_lab: %s\n", what);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct bytes keep(const struct buf *b)
{
    struct bytes out = {mem_get(b->n + 1), b->n};
    struct err err = {0};
    if (!buf_ok(b, &err) || !out.p)
        give_up("no memory");
    memcpy(out.p, b->p, b->n);
    return out;
}

/* One request on a connection of its own; the whole answer, header and all. */
static bool ask(size_t at_port, const struct bytes *request, struct buf *answer)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port[at_port % ports])};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool sent = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    for (size_t at = 0; sent && at < request->n;) {
        ssize_t n = send(fd, request->p + at, request->n - at, MSG_NOSIGNAL);
        sent = n > 0;
        at += sent ? (size_t)n : 0;
    }
    for (ssize_t n = 1; sent && n > 0;) {
        char *room = buf_space(answer, 32768);
        n = room ? read(fd, room, 32768) : -1;
        if (n > 0)
            buf_grew(answer, (size_t)n);
    }
    if (fd >= 0)
        close(fd);
    return sent && answer->n > 12;
}

static int status_of(const struct buf *answer)
{
    return (int)strtol(answer->p + 9, NULL, 10);
}

static struct span body_of(const struct buf *answer)
{
    ptrdiff_t at = span_find(buf_span(answer), SPAN("\r\n\r\n"));
    return at < 0 ? (struct span){0} : span_from(buf_span(answer), (size_t)at + 4);
}

static void write_request(struct buf *out, const char *method, const char *path, struct span authorization,
                          const char *type, struct span body)
{
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: respite\r\nAccept: */*\r\n", method, path,
               host);
    if (authorization.n) {
        buf_add_text(out, "Authorization: ");
        buf_add(out, authorization);
        buf_add_text(out, "\r\n");
    }
    if (type)
        buf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.n);
    buf_add_text(out, "Connection: close\r\n\r\n");
    buf_add(out, body);
}

/* Ask and expect `status`; the answer's body stays valid as long as `answer`. */
static struct span must(const char *method, const char *path, struct span authorization, const char *type,
                        struct span body, int status, struct buf *answer)
{
    AUTO_BUF struct buf request;
    buf_init(&request, 1 << 20);
    write_request(&request, method, path, authorization, type, body);
    struct bytes all = {request.p, request.n};
    if (!ask(0, &all, answer) || status_of(answer) != status) {
        fprintf(stderr, "%s %s: %.*s\n", method, path, SPAN_ARG(buf_span(answer)));
        give_up("the lab gave another answer than the bench needs");
    }
    return body_of(answer);
}

/* The log --------------------------------------------------------------------------------------------- */
static uint64_t log_size(void)
{
    AUTO_BUF struct buf answer;
    buf_init(&answer, ANSWER_MOST);
    struct span rest = must("GET", "/log/checkpoint", (struct span){0}, NULL, (struct span){0}, 200, &answer),
                line;
    span_cut(&rest, '\n', &line);
    return strtoull(rest.p, NULL, 10);
}

static void read_log(void)
{
    struct err err = {0};
    uint64_t size = log_size();
    if (!history_new(&history, &err))
        give_up(err.text);
    for (uint64_t at = 0; at < size; at += MERKLE_TILE) {
        uint64_t width = size - at < MERKLE_TILE ? size - at : MERKLE_TILE;
        struct merkle_tile tile = {MERKLE_ENTRIES, at / MERKLE_TILE, (unsigned)width};
        char path[MERKLE_PATH], whole[MERKLE_PATH + 8];
        AUTO_BUF struct buf answer;
        buf_init(&answer, ANSWER_MOST);
        merkle_tile_path(&tile, path);
        snprintf(whole, sizeof whole, "/log/%s", path);
        struct span rest = must("GET", whole, (struct span){0}, NULL, (struct span){0}, 200, &answer);
        while (rest.n >= 2) {
            size_t n = (size_t)(uint8_t)rest.p[0] << 8 | (uint8_t)rest.p[1];
            if (!history_add(history, span_first(span_from(rest, 2), n), &err))
                give_up(err.text);
            rest = span_from(rest, 2 + n);
        }
    }
}

static void find_key(void)
{
    struct err err = {0};
    read_log();
    epoch = epoch_of(time(NULL));
    const struct history_key *k = history_general(history, epoch);
    uint8_t n[SPKI_MODULUS];
    if (!k || !spki_read((struct span){(const char *)k->key.spki, SPKI_SIZE}, n))
        give_up("the lab has no key for this week");
    if (!brsa_public_new((struct span){(const char *)n, sizeof n}, BRSA_SALT, &key, &err))
        give_up(err.text);
    memcpy(key_id, k->key.key_id, 32);
    memcpy(digest, k->key.digest, 32);
}

/* Members ---------------------------------------------------------------------------------------------- */
static void bearer(const struct member *m, struct buf *out)
{
    auth_key_write(out, AUTH_BEARER, m->secret);
}

static void join(struct member *m, struct span code)
{
    uint8_t hash[32], tag[32];
    struct err err = {0};
    AUTO_BUF struct buf body, answer, witness;
    AUTO_JSON json_t *o = json_object();
    struct sign_key sign_with;
    uint8_t pk[33] = {NOTE_SIG_COSIGNS}, id[4], seed[32];
    char name[96];
    buf_init(&body, 1 << 16);
    buf_init(&answer, 1 << 16);
    buf_init(&witness, 1 << 12);
    rand_bytes(m->secret, 32);
    rand_bytes(tag, 32);
    rand_bytes(seed, 32);
    hash_sha256((struct span){(const char *)m->secret, 32}, hash);
    sign_key_init(&sign_with, seed);
    sign_public(&sign_with, pk + 1);
    snprintf(name, sizeof name, "%s/respite/m/%02x%02x%02x%02x", host, pk[1], pk[2], pk[3], pk[4]);
    sign_key_id(span_of(name), NOTE_SIG_COSIGNS, pk + 1, id);
    buf_printf(&witness, "%s+%02x%02x%02x%02x+", name, id[0], id[1], id[2], id[3]);
    b64_add(&witness, (struct span){(const char *)pk, 33}, B64);
    json_object_set_new(o, "v", json_integer(1));
    json_object_set_new(o, "code", json_stringn(code.p, code.n));
    json_object_set_new(o, "name", json_string("bench"));
    json_object_set_new(o, "witness", json_string(buf_text(&witness)));
    if (!canon_put_b64(o, "tag", tag, 32) || !canon_put_b64(o, "secret_sha256", hash, 32) ||
        !canon_write(o, &body, &err))
        give_up(err.text);
    (void)must("POST", "/v1/join", (struct span){0}, "application/json", buf_span(&body), 201, &answer);
}

static void blind(struct member *m)
{
    struct err err = {0};
    struct token_request each[PASSES];
    AUTO_BUF struct buf batch, authorization, request;
    buf_init(&batch, 1 << 16);
    buf_init(&authorization, LINE);
    buf_init(&request, 1 << 16);
    for (size_t i = 0; i < PASSES; i++) {
        rand_bytes(m->token[i].nonce, 32);
        memcpy(m->token[i].digest, digest, 32);
        memcpy(m->token[i].key_id, key_id, 32);
        token_input(&m->token[i], m->input[i]);
        m->item[i].msg = (struct span){(const char *)m->input[i], TOKEN_INPUT};
        if (!brsa_draw(key, &m->item[i], &err))
            give_up(err.text);
    }
    if (!brsa_blind(key, m->item, PASSES, &err))
        give_up(err.text);
    for (size_t i = 0; i < PASSES; i++)
        each[i] = (struct token_request){key_id[31], {(const char *)m->item[i].blinded, TOKEN_SIG}};
    batch_request_write(each, PASSES, &batch);
    bearer(m, &authorization);
    write_request(&request, "POST", "/token-request", buf_span(&authorization),
                  "application/private-token-generic-batch-request", buf_span(&batch));
    m->request = keep(&request);
}

static void finish(struct member *m)
{
    struct err err = {0};
    struct span sig[PASSES];
    struct buf answer = {m->answer.p, m->answer.n, m->answer.n, m->answer.n, false, false};
    if (!batch_response_read(body_of(&answer), PASSES, sig, &err))
        give_up(err.text);
    for (size_t i = 0; i < PASSES; i++)
        if (!brsa_finalize(key, m->item[i].msg, m->item[i].inv, sig[i], m->token[i].sig, &err))
            give_up(err.text);
}

/* Acts ------------------------------------------------------------------------------------------------- */
static void make_act(const struct token *token, struct act *out)
{
    struct err err = {0};
    struct item_draft draft = {.kind = SPAN("thread"), .lab = span_of(host)};
    uint8_t pass[32], seed[32], bytes[TOKEN_SIZE];
    struct sign_key sign_with;
    char text[96];
    AUTO_BUF struct buf body, authorization, request;
    AUTO_JSON json_t *act = json_object();
    buf_init(&body, 1 << 16);
    buf_init(&authorization, LINE);
    buf_init(&request, 1 << 16);
    rand_hex(text, 40);
    json_object_set_new(act, "room", json_string("board"));
    json_object_set_new(act, "text", json_string(text));
    json_object_set_new(act, "title", json_string(""));
    draft.act = act;
    rand_bytes(draft.salt, sizeof draft.salt);
    rand_bytes(seed, 32);
    sign_key_init(&sign_with, seed);
    token_hash(token, pass);
    if (!item_make(&draft, pass, head, &sign_with, &body, &err) || !item_pad(&body, 0, &err))
        give_up(err.text);
    token_write(token, bytes);
    auth_pass_write(&authorization, bytes);
    write_request(&request, "POST", "/v1/acts", buf_span(&authorization), "application/json",
                  buf_span(&body));
    out->request = keep(&request);
}

/* Many at once ------------------------------------------------------------------------------------------ */
static void each_join(size_t i)
{
    blind(&members[i]);
}
static void each_issue(size_t i)
{
    AUTO_BUF struct buf answer;
    buf_init(&answer, 1 << 16);
    bool asked = false; /* on a machine that is busy with other things it may come too late: asked again */
    for (int tries = 0; !asked && tries < 5; tries++) {
        buf_reset(&answer);
        asked = ask(i, &members[i].request, &answer);
    }
    if (!asked || status_of(&answer) != 200)
        give_up("passes were refused, or did not come in time");
    members[i].answer = keep(&answer);
}
static void each_finish(size_t i)
{
    finish(&members[i]);
    for (size_t k = 0; k < PASSES; k++)
        make_act(&members[i].token[k], &acts[i * PASSES + k]);
}
static void each_act(size_t i)
{
    AUTO_BUF struct buf answer;
    buf_init(&answer, 1 << 16);
    acts[i].kept = ask(i, &acts[i].request, &answer) && status_of(&answer) == 200;
}

struct crew {
    void (*work)(size_t);
    size_t n, next;
    pthread_mutex_t lock;
};
static void *one_of(void *arg)
{
    struct crew *crew = arg;
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        size_t i = crew->next++;
        pthread_mutex_unlock(&crew->lock);
        if (i >= crew->n)
            return NULL;
        crew->work(i);
    }
}
static double all(size_t threads, size_t n, void (*work)(size_t))
{
    struct crew crew = {work, n, 0, PTHREAD_MUTEX_INITIALIZER};
    pthread_t t[256];
    double began = now();
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&t[i], NULL, one_of, &crew) != 0)
            give_up("no thread");
    for (size_t i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    return now() - began;
}

static void wait_for_line(void)
{
    char line[LINE];
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        exit(0);
}

static void read_invites(void)
{
    char line[LINE];
    members = mem_get(MEMBERS_MOST * sizeof *members);
    if (!members)
        give_up("no memory");
    while (members_n < MEMBERS_MOST && fgets(line, sizeof line, stdin) && line[0] != '\n') {
        struct span rest = span_trim(span_of(line)), before, code;
        span_cut(&rest, '#', &before);
        span_cut(&rest, '.', &code);
        join(&members[members_n++], code);
    }
}

/* The crowd key of this week, as any member is given it. */
static void say_crowd(void)
{
    char path[64], name[16];
    struct err err = {0};
    AUTO_BUF struct buf authorization, answer;
    AUTO_JSON json_t *o = NULL;
    struct span crowd;
    buf_init(&authorization, LINE);
    buf_init(&answer, 1 << 16);
    bearer(&members[0], &authorization);
    snprintf(path, sizeof path, "/v1/epochs/%s", epoch_text(epoch, name));
    struct span body = must("GET", path, buf_span(&authorization), NULL, (struct span){0}, 200, &answer);
    if (!json_read(span_trim(body), 1 << 16, "crowd", &o, &err) ||
        !json_get_text(o, "crowd", 64, &crowd, &err))
        give_up(err.text);
    printf("crowd %.*s\n", SPAN_ARG(crowd));
}

int main(int argc, char **argv)
{
    if (argc != 3)
        give_up("usage: bench_lab PORT[,PORT...] CONNECTIONS");
    struct span rest = span_of(argv[1]), one;
    while (rest.n && ports < sizeof port / sizeof port[0]) {
        span_cut(&rest, ',', &one);
        port[ports++] = (uint16_t)strtoul(one.p, NULL, 10);
    }
    size_t connections = strtoul(argv[2], NULL, 10);
    if (connections < 1 || connections > 256)
        give_up("1 to 256 connections");
    snprintf(host, sizeof host, "127.0.0.1:%u", port[0]);
    rand_start();
    find_key();
    read_invites();
    (void)all(2, members_n, each_join);
    printf("ready\n");
    wait_for_line();
    printf("issued %zu %.3f\n", members_n * PASSES, all(connections, members_n, each_issue));
    history_free(history);
    read_log();
    if (!history_head(history, NULL, epoch, NULL, head))
        give_up("the epoch has no head yet");
    acts_n = members_n * PASSES;
    acts = mem_get(acts_n * sizeof *acts);
    if (!acts)
        give_up("no memory");
    (void)all(2, members_n, each_finish);
    printf("acts %zu\n", acts_n);
    wait_for_line();
    double took = all(connections, acts_n, each_act);
    size_t kept = 0;
    for (size_t i = 0; i < acts_n; i++)
        kept += acts[i].kept;
    printf("kept %zu %.3f\n", kept, took);
    say_crowd();
    return kept == acts_n ? 0 : 1;
}
