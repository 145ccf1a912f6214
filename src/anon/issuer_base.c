/* What the files of the issuer share. Its tables know weeks, never a time: who asked for passes first cannot
 * be read from them.
 *
 * member: who belongs to the lab. known_as: the name in the invitation, hashed with a key of the lab; since:
 * the first epoch whose roster and quota it has. gone: names that left, hashed so, until the epoch `since`
 * begins. invite: the hash of each code, and once it was used, of the body that used it. issuer_key: of each
 * key the sealed secret, until issuing ends, and the sealed crowd key; survey keys have epoch 0 and the index
 * of their group's roster. issuing: keys that may be signed with; who issues takes the row, who closes
 * deletes it, so that no pass is given out behind the sum. issued: late is 1 when spending had begun.
 * rotated: the batch slot at which the rosters were looked at last. roster_list: the lists behind the entries
 * `roster` and `open`, by log index; a split board has the copy it checked. */
#include "anon/issuer_base.h"

#include "anon/kinds.h"
#include "anon/lab.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

const struct migration issuer_migrations[] = {
    {1, ISSUER,
     "create table member(member text primary key, name text not null, joined text not null, tag blob not "
     "null unique, secret blob not null unique, witness text not null, known_as blob not null, since integer "
     "not null) without rowid;"
     "create table gone(name blob primary key, since integer not null) without rowid;"
     "create table invite(code blob primary key, name text not null, day integer not null, body blob, member "
     "text) without rowid;"
     "create table issuer_key(key_id blob primary key, epoch integer not null, roster integer, sealed blob, "
     "crowd blob) without rowid;"
     "create table issuing(key_id blob primary key) without rowid;"
     "create table issued(member text not null, key_id blob not null, request blob not null, late integer "
     "not null, primary key(member, key_id)) without rowid;"
     "create table cosigned(epoch integer not null, origin text not null, name text not null, line text not "
     "null, primary key(epoch, origin, name)) without rowid;"
     "create table rotated(id integer primary key, slot integer not null)"},
    {2, ISSUER,
     "create table roster_list(idx integer primary key, kind text not null, epoch integer not null, leaves "
     "blob not null)"},
    /* quota_from: the first epoch whose passes it has, when that is later than its roster; 0: it is not. */
    {3, ISSUER, "alter table member add column quota_from integer not null default 0"},
    /* Who left with passes of an epoch stands in its list all the same: issued <= members x quota has to hold
     * also when they came and went between two lists. */
    {4, ISSUER,
     "create table roster_left(epoch integer not null, tag blob not null, primary key(epoch, tag)) without "
     "rowid"},
    {0}};

bool issuer_body(const struct request *request, const char *const *keys, json_t **out, struct problem *p,
                 struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    bool read = json_read(request->body, ISSUER_BODY_MOST, "body", &o, &why) && json_is_object(o) &&
                canon_check(o, &why);
    if (read && canon_only(o, keys, &why)) {
        *out = json_incref(o);
        return true;
    }
    if (why.code == E_MEMORY)
        return fail_memory(err);
    return problem(p, read ? PROBLEM_BAD_FIELD : PROBLEM_BAD_JSON, NULL);
}

void issuer_json(struct app *app, const struct request *request, struct reply *reply, const json_t *o)
{
    struct err err = {0};
    (void)app;
    reply->type = "application/json";
    if (!o || !canon_write(o, &reply->body, &err))
        reply_problem(reply, request, &(struct problem){.type = PROBLEM_BUSY}, 0);
}

void issuer_refuse(struct app *app, enum who who, const struct request *request, const struct problem *p,
                   struct reply *reply)
{
    struct problem said = *p;
    if (said.type == PROBLEM_NONE)
        said.type = PROBLEM_BUSY;
    kind_refuse(app, &(struct route){.who = who}, request, &said, reply);
}

bool issuer_write(struct app *app, uint64_t order, db_work *work, void *arg, struct err *err)
{
    struct writer *writer = app->lab->writer;
    return writer ? writer_do_in(writer, order, work, arg, err) : db_write(app->db, work, arg, err);
}
