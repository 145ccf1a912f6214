/* Members: a bearer is looked up by its hash, so that no comparison depends on what was sent. Who leaves goes
 * from the list at once; what was given to them is counted, without a name, until the sums are in the log. */
#include "anon/member.h"

#include "anon/issuer_base.h"
#include "base/vec.h"
#include "codec/auth_header.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

/* ---- one row ---- */

#define COLUMNS "member, name, joined, tag, witness, known_as, since, quota_from"

static bool take_row(struct stmt *q, struct arena *arena, struct member *out, struct err *err)
{
    struct span id = db_text(q, 0), tag = db_text(q, 3), known = db_text(q, 5);
    if (id.n != 32 || tag.n != 32 || known.n != 32)
        return fail(err, E_FORMAT,
                    tr("err.member.row", "The list of members in the database is damaged. Put back a backup "
                                         "of it."));
    *out = (struct member){.name = arena_text(arena, db_text(q, 1)),
                           .joined = arena_text(arena, db_text(q, 2)),
                           .witness = arena_text(arena, db_text(q, 4)),
                           .since = (day_t)db_int(q, 6),
                           .quota_from = (day_t)(db_int(q, 7) > db_int(q, 6) ? db_int(q, 7) : db_int(q, 6))};
    memcpy(out->id, id.p, 32);
    memcpy(out->tag, tag.p, 32);
    memcpy(out->known_as, known.p, 32);
    return (out->name && out->joined && out->witness) || fail_memory(err);
}

bool member_auth(struct app *app, const struct request *request, struct member *out, struct problem *p,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    struct span header = request_header(request, "Authorization"), value;
    uint8_t secret[AUTH_KEY], hash[32];
    if (!header.p || auth_scheme(header, &value) != AUTH_BEARER)
        return problem(p, PROBLEM_NO_BEARER, NULL);
    if (!auth_key_read(value, secret))
        return problem(p, PROBLEM_BAD_BEARER, NULL);
    hash_sha256(span_bytes(secret, sizeof secret), hash);
    secret_wipe(secret, sizeof secret);
    if (!db_query(app->db, &q, err, "select " COLUMNS " from member where secret = $1",
                  V_BLOB(span_bytes(hash, sizeof hash))))
        return false;
    if (db_next(q, &mine))
        return take_row(q, app->arena, out, err);
    return mine.code ? fail(err, mine.code, "%s", mine.text) : problem(p, PROBLEM_BAD_BEARER, NULL);
}

void member_known_as(const struct lab *lab, struct span name, uint8_t out[static 32])
{
    uint8_t key[32];
    hash_hkdf(lab->seal, SPAN("respite/known-as/v1"), key);
    hash_hmac(key, name, out);
    secret_wipe(key, sizeof key);
}

bool member_name_good(struct span name)
{
    struct err none = {0};
    return name.n > 0 && name.n <= MEMBER_NAME_MOST && plain_ok(name, false, &none) &&
           span_trim(name).n == name.n;
}

/* ---- leaving ---- */

/* The first epoch for which somebody of this name may have passes again. */
static bool free_from(struct db *db, const char *id, int64_t now, day_t *out, struct err *err)
{
    int64_t last;
    if (!db_number(db, &last, 0, err,
                   "select max(k.epoch) from issued i join issuer_key k on k.key_id = i.key_id where "
                   "i.member = $1",
                   V_STR(id)))
        return false;
    *out = (last > epoch_of(now) ? (day_t)last : epoch_of(now)) + EPOCH_NEXT;
    return true;
}

static bool keep_name(struct db *db, const uint8_t name[static 32], day_t since, struct err *err)
{
    return db_run(db, err,
                  "insert into gone(name, since) values ($1, $2) on conflict(name) do update set since = "
                  "case when gone.since < $2 then $2 else gone.since end",
                  V_BLOB(span_bytes(name, 32)), V_INT(since));
}

/* Each row goes under a name of its own, so that they are not one person's either. */
static bool unname_issued(struct db *db, const char *id, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct {
        struct span *at;
        size_t n, room;
    } keys = {0};
    {
        AUTO_STMT struct stmt *q = NULL;
        struct err mine = {0};
        if (!arena)
            return fail_memory(err);
        if (!db_query(db, &q, err, "select key_id from issued where member = $1", V_STR(id)))
            return false;
        while (db_next(q, &mine)) {
            struct span *key = VEC_PUSH(arena, &keys);
            if (!key || !(*key = arena_span(arena, db_text(q, 0))).p)
                return fail_memory(err);
        }
        if (mine.code)
            return fail(err, mine.code, "%s", mine.text);
    }
    for (size_t i = 0; i < keys.n; i++) {
        char other[33];
        rand_hex(other, 16);
        if (!db_run(db, err, "update issued set member = $1 where member = $2 and key_id = $3", V_STR(other),
                    V_STR(id), V_BLOB(keys.at[i])))
            return false;
    }
    return true;
}

/* The lists of epochs whose passes go with them have them all the same. */
static bool stay_in_lists(struct db *db, const struct member *member, struct err *err)
{
    return db_run(db, err,
                  "insert into roster_left(epoch, tag) select k.epoch, $2 from issued i join issuer_key k on "
                  "k.key_id = i.key_id where i.member = $1 and k.roster is null on conflict do nothing",
                  V_STR(member->id), V_BLOB(span_bytes(member->tag, 32)));
}

bool member_leave(struct db *db, const struct lab *lab, const struct member *member, int64_t now, bool *done,
                  struct err *err)
{
    uint8_t name[32];
    day_t since;
    if (!db_run(db, err, "update member set since = since where member = $1", V_STR(member->id)))
        return false;
    *done = db_changed(db) == 1;
    if (!*done)
        return true;
    member_known_as(lab, span_of(member->name), name);
    return free_from(db, member->id, now, &since, err) && keep_name(db, name, since, err) &&
           keep_name(db, member->known_as, since, err) && stay_in_lists(db, member, err) &&
           unname_issued(db, member->id, err) &&
           db_run(db, err, "delete from invite where member = $1", V_STR(member->id)) &&
           db_run(db, err, "delete from member where member = $1", V_STR(member->id));
}

struct leave {
    const struct lab *lab;
    const struct member *member;
    int64_t now;
    bool done;
};

static bool leave_work(struct db *db, void *arg, struct err *err)
{
    struct leave *l = arg;
    return member_leave(db, l->lab, l->member, l->now, &l->done, err);
}

/* ---- routes ---- */

static void say(struct app *app, const struct request *request, struct reply *reply, const struct member *m)
{
    char tag[45] = {0};
    b64_put(tag, span_bytes(m->tag, 32), B64);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s}", "joined_week", m->joined, "member", m->id, "name",
                                    m->name, "tag", tag);
    issuer_json(app, request, reply, o);
}

void api_member_get(struct app *app, const struct request *request, struct reply *reply)
{
    struct member m;
    struct problem p = {0};
    struct err err = {0};
    if (member_auth(app, request, &m, &p, &err))
        say(app, request, reply, &m);
    else
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
}

struct patch {
    const char *id;
    struct span name; /* else: */
    uint8_t secret[32];
    struct problem p;
};

static bool patch_work(struct db *db, void *arg, struct err *err)
{
    struct patch *c = arg;
    struct span secret = span_bytes(c->secret, 32);
    int64_t there = 0;
    c->p = (struct problem){0};
    if (!c->name.p &&
        !db_number(db, &there, 0, err, "select count(*) from member where secret = $1", V_BLOB(secret)))
        return false;
    if (there > 0) {
        c->p = (struct problem){PROBLEM_BAD_FIELD, "secret_sha256"};
        return true;
    }
    if (c->name.p
            ? !db_run(db, err, "update member set name = $1 where member = $2", V_TEXT(c->name), V_STR(c->id))
            : !db_run(db, err, "update member set secret = $1 where member = $2", V_BLOB(secret),
                      V_STR(c->id)))
        return false;
    if (db_changed(db) == 0)
        c->p = (struct problem){PROBLEM_BAD_BEARER, NULL}; /* left in between */
    return true;
}

static bool patch_read(const json_t *o, struct patch *out, struct problem *p)
{
    struct err none = {0};
    if (json_object_size(o) != 1)
        return problem(p, PROBLEM_BAD_FIELD, NULL);
    if (json_object_get(o, "name"))
        return (json_get_text(o, "name", MEMBER_NAME_MOST, &out->name, &none) &&
                member_name_good(out->name)) ||
               problem(p, PROBLEM_BAD_FIELD, "name");
    return canon_b64(o, "secret_sha256", out->secret, 32, &none) ||
           problem(p, PROBLEM_BAD_FIELD, "secret_sha256");
}

static bool patch(struct app *app, const struct request *request, struct member *m, struct problem *p,
                  struct err *err)
{
    static const char *const keys[] = {"name", "secret_sha256", NULL};
    AUTO_JSON json_t *o = NULL;
    struct patch c = {.id = m->id};
    if (!issuer_body(request, keys, &o, p, err) || !patch_read(o, &c, p) ||
        !issuer_write(app, 0, patch_work, &c, err))
        return false;
    if (c.p.type != PROBLEM_NONE)
        return problem(p, c.p.type, c.p.name);
    if (c.name.p)
        m->name = arena_text(app->arena, c.name);
    return m->name || fail_memory(err);
}

void api_member_patch(struct app *app, const struct request *request, struct reply *reply)
{
    struct member m;
    struct problem p = {0};
    struct err err = {0};
    if (member_auth(app, request, &m, &p, &err) && patch(app, request, &m, &p, &err))
        say(app, request, reply, &m);
    else
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
}

void api_member_delete(struct app *app, const struct request *request, struct reply *reply)
{
    struct member m;
    struct problem p = {0};
    struct err err = {0};
    struct leave leave = {.lab = app->lab, .member = &m, .now = app->now};
    if (member_auth(app, request, &m, &p, &err) && issuer_write(app, 0, leave_work, &leave, &err) &&
        (leave.done || problem(&p, PROBLEM_BAD_BEARER, NULL)))
        reply->status = 204;
    else
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
}

/* ---- the command ---- */

/* By name, or by the id that tells two of one name apart; the ids of all that were found stand in `ids`. */
static bool find(struct app *app, const char *named, struct member *out, struct buf *ids, size_t *n,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *n = 0;
    if (!db_query(app->db, &q, err,
                  "select " COLUMNS " from member where name = $1 or member = $1 order by member",
                  V_STR(named)))
        return false;
    for (; db_next(q, &mine); ++*n) {
        if (!take_row(q, app->arena, out, err))
            return false;
        buf_printf(ids, "%s%s (%s)", *n ? ", " : "", out->id, out->joined);
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

static bool find_one(struct app *app, const char *named, struct member *out, struct err *err)
{
    struct buf AUTO_BUF ids;
    size_t n;
    buf_init(&ids, 300); /* what a sentence has room for */
    if (!find(app, named, out, &ids, &n, err))
        return false;
    if (n > 1)
        return fail(err, E_USAGE,
                    tr("err.member.several",
                       "%zu members have the name “%.80s”. Say the id of the one that is meant, in place of "
                       "the name: %s."),
                    n, named, buf_text(&ids));
    return n == 1 ||
           fail(err, E_MISSING,
                tr("err.member.none", "There is no member called “%.80s”. Nothing was changed."), named);
}

static bool remove_one(struct app *app, struct err *err)
{
    struct member m;
    struct buf AUTO_BUF out;
    struct leave leave = {.lab = app->lab, .member = &m, .now = app->now};
    buf_init(&out, 1 << 16);
    if (app->cli->words_n != 1)
        return fail(err, E_USAGE,
                    tr("err.member.usage", "`lab remove` takes one name, in quotation marks when it has "
                                           "several words."));
    if (!find_one(app, app->cli->words[0], &m, err) || !issuer_write(app, 0, leave_work, &leave, err))
        return false;
    words_say(&out,
              tr("lab.remove.done", "{name} is no longer a member. Passes that were collected stay good to "
                                    "the end of their week; there are no new ones."),
              {"name", m.name});
    buf_add_byte(&out, '\n');
    return cmd_print(&out, err);
}

int cmd_lab_remove(struct app *app)
{
    struct err err = {0};
    return remove_one(app, &err) ? 0 : cmd_failed(&err);
}
