/* Inviting and joining. A code is good for one body, which gets the same answer each time it comes, so that a
 * lost answer costs nothing. The codes themselves are nowhere here. */
#include "anon/invite.h"

#include "anon/cosign.h"
#include "anon/head_words.h"
#include "anon/issuer_base.h"
#include "anon/member.h"
#include "base/vec.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { CODE = 16, DAY = 86400, INVITES_MOST = 1000 };

/* ---- inviting ---- */

struct invitation {
    struct span name;
    uint8_t hash[32];
    const char *url;
};
struct invitations {
    struct invitation *at;
    size_t n, room;
    int64_t day;
};

static const char *url_of(struct app *app, const uint8_t code[static CODE])
{
    struct buf AUTO_BUF url;
    uint8_t pin[32];
    lab_pin(app->lab->issuer_vkey, app->lab->board_vkey, pin);
    buf_init(&url, 1024);
    buf_printf(&url, "%s/join#", app->lab->issuer[0]);
    b64_add(&url, span_bytes(code, CODE), B64_URL_BARE);
    buf_add_byte(&url, '.');
    b64_add(&url, span_bytes(pin, sizeof pin), B64_URL_BARE);
    return url.failed ? NULL : arena_text(app->arena, buf_span(&url));
}

static bool may_invite(const struct lab *lab, struct err *err)
{
    if (!lab->issuer[0])
        return fail(err, E_REFUSED,
                    tr("err.invite.no_address",
                       "The lab has no address yet: it gets one when `respite lab serve` starts for the "
                       "first time. Start it, then invite."));
    return lab->board_vkey ||
           fail(err, E_REFUSED,
                tr("err.lab.unpaired", "The board's keys are not known here yet: type the `respite lab pair` "
                                       "line that its operator's `lab init` printed, then start again."));
}

static bool draw(struct app *app, struct invitations *all, struct err *err)
{
    for (size_t i = 0; i < app->cli->words_n; i++) {
        uint8_t code[CODE];
        struct span name = span_of(app->cli->words[i]);
        if (!member_name_good(name))
            return fail(err, E_USAGE,
                        tr("err.invite.name", "“%.80s” cannot stand as a name: one line of at most %d bytes, "
                                              "without hidden characters. Nobody was invited."),
                        app->cli->words[i], MEMBER_NAME_MOST);
        struct invitation *one = VEC_PUSH(app->arena, all);
        if (!one)
            return fail_memory(err);
        rand_bytes(code, sizeof code);
        one->name = name;
        hash_sha256(span_bytes(code, sizeof code), one->hash);
        one->url = url_of(app, code);
        secret_wipe(code, sizeof code);
        if (!one->url)
            return fail_memory(err);
    }
    return true;
}

static bool invite_work(struct db *db, void *arg, struct err *err)
{
    const struct invitations *all = arg;
    for (size_t i = 0; i < all->n; i++)
        if (!db_run(db, err, "insert into invite(code, name, day) values ($1, $2, $3)",
                    V_BLOB(span_bytes(all->at[i].hash, 32)), V_TEXT(all->at[i].name), V_INT(all->day)))
            return false;
    return true;
}

static bool print_json(const struct invitations *all, struct err *err)
{
    struct buf AUTO_BUF out;
    AUTO_JSON json_t *list = json_array();
    buf_init(&out, 1 << 22);
    for (size_t i = 0; list && i < all->n; i++)
        if (json_array_append_new(list, json_pack("{s:s%,s:s}", "name", all->at[i].name.p, all->at[i].name.n,
                                                  "url", all->at[i].url)))
            return fail_memory(err);
    AUTO_JSON json_t *o = json_pack("{s:O}", "invites", list);
    return o ? json_write(o, &out, err) && cmd_print(&out, err) : fail_memory(err);
}

static bool print(const struct invitations *all, struct err *err)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 22);
    for (size_t i = 0; i < all->n; i++)
        buf_printf(&out, "%.*s  %s\n", SPAN_ARG(all->at[i].name), all->at[i].url);
    wrap_text(&out,
              trn("lab.invite.next",
                  "Hand the line over yourself, on paper or in a private message. It is good for seven days "
                  "and for one computer, where `respite join` with the address in quotation marks takes it. "
                  "It is not shown again.",
                  "Hand each line over yourself, on paper or in a private message. It is good for seven days "
                  "and for one computer, where `respite join` with the address in quotation marks takes it. "
                  "They are not shown again.",
                  (unsigned long)all->n),
              80, 0);
    return buf_ok(&out, err) && cmd_print(&out, err);
}

static bool invite(struct app *app, struct err *err)
{
    struct invitations all = {.day = app->now / DAY};
    if (app->cli->words_n < 1 || app->cli->words_n > INVITES_MOST)
        return fail(err, E_USAGE,
                    tr("err.invite.usage", "`lab invite` takes names, each in quotation marks when it has "
                                           "several words; at most %d."),
                    INVITES_MOST);
    if (!may_invite(app->lab, err) || !draw(app, &all, err) || !issuer_write(app, 0, invite_work, &all, err))
        return false;
    return cli_has(app->cli, "json") ? print_json(&all, err) : print(&all, err);
}

int cmd_lab_invite(struct app *app)
{
    struct err err = {0};
    return invite(app, &err) ? 0 : cmd_failed(&err);
}

bool invite_forget(struct db *db, int64_t now, struct err *err)
{
    return db_run(db, err, "delete from invite where day < $1", V_INT(now / DAY - INVITE_DAYS));
}

/* ---- joining ---- */

struct join {
    const struct lab *lab;
    int64_t now;
    uint8_t code[32], body[32], tag[32], secret[32]; /* code, body, secret: hashes */
    struct span name, witness;
    char member[33];
    int64_t since, quota_from; /* the first epochs whose roster it stands in, and whose passes it has */
    bool again;
    struct problem p;
};

static bool read_fields(const json_t *o, struct arena *arena, struct join *j, struct problem *p,
                        struct err *err)
{
    struct err none = {0};
    int64_t v;
    uint8_t code[CODE];
    struct span text, name, witness;
    if (!json_get_int(o, "v", 1, 1, &v, &none))
        return problem(p, PROBLEM_BAD_FIELD, "v");
    if (!json_get_text(o, "code", 64, &text, &none) || !b64_exact(text, B64_URL_BARE, code, CODE))
        return problem(p, PROBLEM_BAD_FIELD, "code");
    hash_sha256(span_bytes(code, CODE), j->code);
    if (!json_get_text(o, "name", MEMBER_NAME_MOST, &name, &none) || (name.n > 0 && !member_name_good(name)))
        return problem(p, PROBLEM_BAD_FIELD, "name");
    if (!canon_b64(o, "tag", j->tag, 32, &none))
        return problem(p, PROBLEM_BAD_FIELD, "tag");
    if (!canon_b64(o, "secret_sha256", j->secret, 32, &none))
        return problem(p, PROBLEM_BAD_FIELD, "secret_sha256");
    if (!json_get_text(o, "witness", MEMBER_VKEY_MOST, &witness, &none) || !cosign_vkey_good(witness))
        return problem(p, PROBLEM_BAD_FIELD, "witness");
    j->name = arena_span(arena, name);
    j->witness = arena_span(arena, witness);
    return (j->name.p && j->witness.p) || fail_memory(err);
}

/* The body is known again by its canonical form. */
static bool read_body(const struct request *request, struct join *j, struct problem *p, struct err *err)
{
    static const char *const keys[] = {"code", "name", "secret_sha256", "tag", "v", "witness", NULL};
    AUTO_JSON json_t *o = NULL;
    struct buf AUTO_BUF text;
    buf_init(&text, 2 * ISSUER_BODY_MOST);
    if (!issuer_body(request, keys, &o, p, err) || !canon_write(o, &text, err))
        return false;
    hash_sha256(buf_span(&text), j->body);
    return read_fields(o, request->arena, j, p, err);
}

/* The row of the code, taken. */
struct code_row {
    struct span name, body, member;
    int64_t day;
    bool there, used;
};

static bool take_code(struct db *db, const struct join *j, struct arena *arena, struct code_row *out,
                      struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    struct span code = span_bytes(j->code, 32);
    *out = (struct code_row){0};
    if (!db_run(db, err, "update invite set day = day where code = $1", V_BLOB(code)) ||
        !db_query(db, &q, err, "select name, day, body, member from invite where code = $1", V_BLOB(code)))
        return false;
    out->there = db_next(q, &mine);
    if (!out->there)
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    out->name = arena_span(arena, db_text(q, 0));
    out->day = db_int(q, 1);
    out->used = !db_is_null(q, 2);
    out->body = arena_span(arena, db_text(q, 2));
    out->member = arena_span(arena, db_text(q, 3));
    return (out->name.p && out->body.p && out->member.p) || fail_memory(err);
}

/* The first epoch whose passes are for who comes under this name: the running one, or that after who left had
 * passes for. In a trial nobody waits for an epoch. */
static bool since_of(struct db *db, const struct join *j, struct span name, const uint8_t known[static 32],
                     int64_t *out, struct err *err)
{
    uint8_t own[32];
    int64_t since;
    member_known_as(j->lab, name, own);
    if (!db_number(db, &since, 0, err, "select max(since) from gone where name = $1 or name = $2",
                   V_BLOB(span_bytes(own, 32)), V_BLOB(span_bytes(known, 32))))
        return false;
    *out = !j->lab->trial && since > epoch_of(j->now) ? since : epoch_of(j->now);
    return true;
}

static bool add_member(struct db *db, struct join *j, const struct code_row *row, struct err *err)
{
    uint8_t known[32];
    char week[16];
    int64_t tags;
    struct span name = j->name.n > 0 ? j->name : row->name, tag = span_bytes(j->tag, 32);
    member_known_as(j->lab, row->name, known);
    rand_hex(j->member, 16);
    if (!since_of(db, j, name, known, &j->quota_from, err))
        return false;
    /* In the lists from the next epoch on at the latest: a node takes no lab's word for longer. */
    j->since = epoch_of(j->now) + (j->quota_from > epoch_of(j->now) ? EPOCH_NEXT : 0);
    if (!db_run(db, err,
                "insert into member(member, name, joined, tag, secret, witness, known_as, since, quota_from) "
                "values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
                V_STR(j->member), V_TEXT(name), V_STR(epoch_text(epoch_of(j->now), week)), V_BLOB(tag),
                V_BLOB(span_bytes(j->secret, 32)), V_TEXT(j->witness), V_BLOB(span_bytes(known, 32)),
                V_INT(j->since), V_INT(j->quota_from)))
        return false;
    if (db_changed(db) == 1)
        return db_run(db, err, "update invite set body = $1, member = $2 where code = $3",
                      V_BLOB(span_bytes(j->body, 32)), V_STR(j->member), V_BLOB(span_bytes(j->code, 32)));
    if (!db_number(db, &tags, 0, err, "select count(*) from member where tag = $1", V_BLOB(tag)))
        return false;
    j->p = (struct problem){PROBLEM_BAD_FIELD, tags ? "tag" : "secret_sha256"};
    return true;
}

static bool join_row(struct db *db, struct join *j, const struct code_row *row, struct err *err)
{
    j->p = (struct problem){0};
    j->again = false;
    if (!row->there || j->now / DAY > row->day + INVITE_DAYS)
        j->p.type = PROBLEM_BAD_CODE;
    else if (!row->used)
        return add_member(db, j, row, err);
    else if (!span_eq(row->body, span_bytes(j->body, 32)) || row->member.n != 32)
        j->p.type = PROBLEM_CODE_USED;
    else {
        j->again = true;
        memcpy(j->member, row->member.p, 32);
        j->member[32] = '\0';
        return db_number(db, &j->since, 0, err, "select since from member where member = $1",
                         V_STR(j->member)) &&
               db_number(db, &j->quota_from, 0, err, "select quota_from from member where member = $1",
                         V_STR(j->member));
    }
    return true;
}

static bool join_work(struct db *db, void *arg, struct err *err)
{
    struct join *j = arg;
    struct code_row row;
    uint64_t size;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    /* Before the row, the log: so who joins stands in each roster that is logged behind what is there now. */
    return tlog_hold(db, &size, err) && take_code(db, j, arena, &row, err) && join_row(db, j, &row, err);
}

static json_t *list_of(const char *const *url)
{
    json_t *list = json_array();
    for (; list && *url; url++)
        if (json_array_append_new(list, json_string(*url))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *logs_of(const struct lab *lab)
{
    return lab->role == LAB ? json_pack("[{s:s,s:s}]", "origin", lab->issuer_log, "vkey", lab->issuer_vkey)
                            : json_pack("[{s:s,s:s},{s:s,s:s}]", "origin", lab->issuer_log, "vkey",
                                        lab->issuer_vkey, "origin", lab->board_log, "vkey", lab->board_vkey);
}

static void answer(struct app *app, const struct request *request, struct reply *reply, const struct join *j)
{
    const struct lab *lab = app->lab;
    char since[16], passes[16];
    AUTO_JSON json_t *o =
        json_pack("{s:o,s:o,s:o,s:s,s:s,s:s}", "board", list_of(lab->board), "issuer", list_of(lab->issuer),
                  "logs", logs_of(lab), "member", j->member, "since", epoch_text((day_t)j->since, since),
                  "passes", epoch_text((day_t)j->quota_from, passes));
    reply->status = j->again ? 200 : 201;
    issuer_json(app, request, reply, o);
}

void api_join(struct app *app, const struct request *request, struct reply *reply)
{
    struct problem p = {0};
    struct err err = {0};
    struct join j = {.lab = app->lab, .now = app->now};
    if (read_body(request, &j, &p, &err) && may_invite(app->lab, &err) &&
        issuer_write(app, 0, join_work, &j, &err)) {
        if (j.p.type == PROBLEM_NONE) {
            answer(app, request, reply, &j);
            return;
        }
        p = j.p;
    }
    issuer_refuse(app, PUBLIC, request, &p, reply);
}
