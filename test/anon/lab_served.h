#ifndef TEST_ANON_LAB_SERVED_H
#define TEST_ANON_LAB_SERVED_H
/* The lab of lab_of.h behind a socket of this machine, and nodes that are its members: what a node sends and
 * makes of the answers. A test may spoil an answer on its way. All static, as there. */
#include <stdio.h>

#include "anon/anon_db.h"
#include "anon/board_room.h"
#include "anon/fetch.h"
#include "anon/follow.h"
#include "anon/issuer_room.h"
#include "anon/known.h"
#include "anon/spend.h"
#include "anon/wallet.h"
#include "io/httpd.h"
#include "test/anon/lab_of.h"

struct served {
    struct lab_of l;
    struct httpd *httpd;
    char host[40], url[60];
    /* Called when an answer is ready; may change it. */
    void (*spoil)(struct served *s, const struct request *request, struct reply *reply);
    void *arg;
    unsigned requests;
};
static const struct room *const served_rooms[] = {&log_room, &issuer_room, &board_room, NULL};

/* "Wed, 25 Nov 2026 12:00:00 GMT" */
static inline const char *served_date(struct arena *arena, int64_t now)
{
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    day_t day = (day_t)(now / LAB_DAY);
    struct ymd d = day_ymd(day);
    char text[64];
    int n = snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                     days + 3 * day_weekday(day), d.day, months + 3 * (d.month - 1), d.year,
                     (int)(now % LAB_DAY / 3600), (int)(now % 3600 / 60), (int)(now % 60));
    return arena_text(arena, (struct span){text, (size_t)n});
}

static inline void served_answer(void *arg, const struct request *request, struct reply *reply)
{
    struct served *s = arg;
    struct app app = s->l.app;
    struct err err = {0};
    bool other;
    app.rooms = served_rooms;
    app.arena = request->arena;
    app.db = NULL;
    assert_ok(db_open(&app.db, s->l.path, &err), &err);
    const struct route *route = route_find(&app, request->method, request->path, &other);
    s->requests++;
    if (route)
        route->serve(&app, request, reply);
    else
        reply->status = 404;
    reply_header(reply, request->arena, "Date", served_date(request->arena, app.now));
    db_close(app.db);
    if (s->spoil)
        s->spoil(s, request, reply);
}

static inline void served_start(struct served *s, bool trial)
{
    struct err err = {0};
    static const char *hosts[2];
    uint16_t port = 0;
    int fd;
    *s = (struct served){0};
    lab_make(&s->l, trial, LAB_QUOTA, NULL);
    assert_ok(httpd_listen("127.0.0.1", &port, &fd, &err), &err);
    snprintf(s->host, sizeof s->host, "127.0.0.1:%u", port);
    snprintf(s->url, sizeof s->url, "http://%s", s->host);
    hosts[0] = s->host;
    struct httpd_options o = {.fd = fd,
                              .hosts = hosts,
                              .body_most = 64 << 10,
                              .threads = 2,
                              .lab = true,
                              .serve = served_answer,
                              .arg = s};
    assert_ok(httpd_start(&s->httpd, &o, &err), &err);
}

static inline void served_stop(struct served *s)
{
    httpd_stop(s->httpd);
    lab_clear(&s->l);
}

/* Half hours of the lab's clock. */
static inline void served_until(struct served *s, int64_t to)
{
    while (s->l.app.now < to) {
        s->l.app.now = s->l.app.now + 1800 < to ? s->l.app.now + 1800 : to;
        lab_beat(&s->l);
    }
}

/* A member with a database of its own. */
struct served_node {
    struct served *s;
    struct place place;
    const char *path;
    struct db *db;
    struct known known;
};

static inline void served_join(struct served_node *n, struct served *s, int number)
{
    struct err err = {0};
    struct migration_set set = {"anon", anon_migrations};
    struct lab_member m = lab_member(number);
    const struct lab *lab = s->l.lab;
    *n = (struct served_node){.s = s};
    place_make(&n->place);
    n->path = place_name(&n->place, "respite.db");
    assert_ok(db_open(&n->db, n->path, &err) && migrate(n->db, &set, 1, NODE, NULL, &err), &err);
    n->known = (struct known){.name = lab->name,
                              .by = lab->by,
                              .zone = "UTC",
                              .member = "member",
                              .own_name = "",
                              .issuer = {s->url},
                              .board = {s->url},
                              .issuer_log = lab->issuer_log,
                              .issuer_vkey = lab->issuer_vkey,
                              .board_log = lab->board_log,
                              .board_vkey = lab->board_vkey,
                              .promise_vkey = lab->promise_vkey,
                              .origin_info = lab->origin_info,
                              .board_origin = lab->board_origin,
                              .trial = lab->trial,
                              .joined_at = s->l.app.now};
    memcpy(n->known.secret, m.secret, 32);
    memcpy(n->known.tag, m.tag, 32);
    memcpy(n->known.witness, (const uint8_t[32]){4, (uint8_t)number, (uint8_t)(number >> 8)}, 32);
    assert_ok(known_save(n->db, &n->known, &err), &err);
    lab_join(&s->l, &m);
}

static inline void served_leave(struct served_node *n)
{
    db_close(n->db);
    place_clear(&n->place);
}

static inline int64_t served_number(struct served_node *n, const char *sql)
{
    struct err err = {0};
    int64_t out = -1;
    assert_ok(db_number_(n->db, &out, -1, &err, sql, NULL, 0), &err);
    return out;
}

static inline bool served_follow(struct served_node *n, struct err *err)
{
    int64_t date;
    return follow_logs(n->db, &n->known, n->s->l.app.now, &date, err);
}

static inline struct history *served_record(struct served_node *n)
{
    struct err err = {0};
    struct history *issuer = NULL, *board = NULL;
    assert_ok(follow_load(n->db, &n->known, &issuer, &board, &err), &err);
    return issuer;
}

/* Everything, as at a drawn moment. */
static inline bool served_fetch(struct served_node *n, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct app app = {.role = NODE, .arena = arena, .db = n->db, .now = n->s->l.app.now};
    return fetch_all(&app, &n->known, err);
}

/* Why it stopped, or NULL; lives in the lab's arena. */
static inline const char *served_stopped(struct served_node *n)
{
    struct err err = {0};
    const char *why;
    assert_ok(follow_stopped(n->db, n->s->l.arena, &why, &err), &err);
    return why;
}

static inline const struct history_key *served_key(const struct history *h, day_t epoch)
{
    const struct history_key *key = history_general(h, epoch);
    assert_non_null(key);
    return key;
}
#endif
