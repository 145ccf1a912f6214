/* The room's tables and all its SQL. A commit is its id, its author time and zone, its class; no text of it.
 */
#include "rest/rest_db.h"

#include <assert.h>
#include <stdlib.h>

#include "base/words.h"
#include "io/clock.h"

#include "base/banned.h"

const struct migration rest_migrations[] = {
    {1, 1 /* NODE */,
     "create table identity(id integer primary key autoincrement, mail text not null unique);"
     "create table repo(id integer primary key, common_dir blob not null unique, path blob not null, name "
     "text not null,"
     " chosen integer, since integer, cut integer, tips text not null default '', cut_hash integer not null "
     "default 0,"
     " problem text);"
     "create table sign(repo integer not null references repo(id) on delete cascade, oid blob not null, at "
     "integer not null,"
     " zone integer not null, zone_ok integer not null, class integer not null,"
     " who integer not null references identity(id) on delete cascade, primary key(repo, oid, at)) without "
     "rowid;"
     "create index sign_at on sign(at);"
     "create index sign_class on sign(class) where class = 2;"
     "create table presence(repo integer not null references repo(id) on delete cascade, at integer not null,"
     " zone integer not null, zone_ok integer not null, who integer not null references identity(id) on "
     "delete cascade,"
     " primary key(repo, at, zone)) without rowid;"
     "create table others(repo integer not null references repo(id) on delete cascade, week integer not null,"
     " n integer not null, primary key(repo, week)) without rowid;"
     "create table reflog(repo integer not null references repo(id) on delete cascade, path blob not null,"
     " inode integer not null, size integer not null, last integer not null, primary key(repo, path)) "
     "without rowid;"},
    /* The calendar feed (rest/feed.h). days: begins and until are days; gone: taken out, its sequence goes on
     * when it comes back. */
    {2, 1 /* NODE */,
     "create table feed(one integer primary key check (one = 1), token text not null, seed text not null, "
     "made integer not null, text text not null);"
     "create table feed_entry(uid text primary key, begins integer not null, until integer not null, days "
     "integer not null, open integer not null, summary text not null, sequence integer not null, modified "
     "integer not null, gone integer not null) without rowid;"},
    {0}};

bool identity_load(struct db *db, struct arena *arena, struct mails *mine, const int64_t **ids,
                   struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    struct {
        int64_t *at;
        size_t n, room;
    } found = {0};
    if (!db_query(db, &q, err, "select mail, id from identity order by mail"))
        return false;
    while (db_next(q, err)) {
        struct span copy = arena_span(arena, db_text(q, 0)), *at = copy.p ? VEC_PUSH(arena, mine) : NULL;
        int64_t *id = VEC_PUSH(arena, &found);
        if (!at || !id)
            return fail_memory(err);
        *at = copy;
        *id = db_int(q, 1);
    }
    *ids = found.at;
    return err->code == E_NONE;
}

bool identity_generation(struct db *db, int64_t *out, struct err *err)
{
    return db_number(db, out, 0, err,
                     "select cast(value as integer) from setting where name = 'rest.generation'");
}

/* Forget how far was read, so that the next look reads again with other eyes. Signs stay: ids seen are seen.
 * The generation tells a look that began before that its eyes are the old ones. */
static bool forget_reading(struct db *db, struct err *err)
{
    return db_run(
               db, err,
               "insert into setting(name, value) values ('rest.generation', '1') on conflict (name) do update"
               " set value = cast(cast(value as integer) + 1 as text)") &&
           db_run(db, err, "update repo set since = null, tips = '', cut_hash = 0") &&
           db_run(db, err, "delete from others") && db_run(db, err, "delete from reflog");
}

/* Add an address; *changed becomes true when it was not there. */
static bool add_mail(struct db *db, struct span mail, bool *changed, struct err *err)
{
    if (!db_run(db, err, "insert into identity(mail) values (lower($1)) on conflict do nothing",
                V_TEXT(mail)))
        return false;
    *changed = *changed || db_changed(db) > 0;
    return true;
}

static bool save_identities(struct db *db, void *arg, struct err *err)
{
    const struct mails *mine = arg;
    struct arena *AUTO_ARENA arena = arena_new();
    struct mails before = {0};
    const int64_t *ids;
    bool changed = false;
    if (!arena)
        return fail_memory(err);
    if (!identity_load(db, arena, &before, &ids, err))
        return false;
    for (size_t i = 0; i < before.n; i++)
        if (!mails_hold(mine, before.at[i])) {
            if (!db_run(db, err, "delete from identity where id = $1", V_INT(ids[i])))
                return false;
            changed = true;
        }
    for (size_t i = 0; i < mine->n; i++)
        if (!add_mail(db, mine->at[i], &changed, err))
            return false;
    return !changed || forget_reading(db, err);
}

bool identity_save(struct db *db, const struct mails *mine, struct err *err)
{
    return db_write(db, save_identities, (void *)mine, err);
}

struct joined {
    const struct mails *mine;
    int64_t generation;
};

static bool join_identities(struct db *db, void *arg, struct err *err)
{
    const struct joined *j = arg;
    int64_t now, said;
    bool changed = false;
    if (!identity_generation(db, &now, err) ||
        !db_number(db, &said, 0, err,
                   "select count(*) from setting where name = 'rest.mine_said' and value != ''"))
        return false;
    for (size_t i = 0; now == j->generation && !said && i < j->mine->n; i++)
        if (!add_mail(db, j->mine->at[i], &changed, err))
            return false;
    return !changed || forget_reading(db, err);
}

bool identity_join(struct db *db, const struct mails *mine, int64_t generation, struct err *err)
{
    struct joined j = {mine, generation};
    return db_write(db, join_identities, &j, err);
}

struct new_mail {
    struct span mail;
    bool changed;
};

static bool add_identity(struct db *db, void *arg, struct err *err)
{
    struct new_mail *m = arg;
    return add_mail(db, m->mail, &m->changed, err) && (!m->changed || forget_reading(db, err));
}

bool identity_add(struct db *db, struct span mail, bool *changed, struct err *err)
{
    struct new_mail m = {mail, false};
    if (!db_write(db, add_identity, &m, err))
        return false;
    *changed = m.changed;
    return true;
}

#define REPO_COLUMNS \
    "id, common_dir, path, name, chosen, since, cut, tips, cut_hash, problem," \
    " exists (select 1 from sign where sign.repo = repo.id)"

static bool row_of(struct stmt *q, struct arena *arena, struct repo_row *r)
{
    *r = (struct repo_row){
        .id = db_int(q, 0),
        .common_dir = arena_text(arena, db_text(q, 1)),
        .path = arena_text(arena, db_text(q, 2)),
        .name = arena_text(arena, db_text(q, 3)),
        .chosen = db_is_null(q, 4) ? CHOSEN_NOT_ASKED
                  : db_int(q, 4)   ? CHOSEN_YES
                                   : CHOSEN_NO,
        .read = !db_is_null(q, 5),
        .since = db_int(q, 5),
        .cut = db_is_null(q, 6) ? INT64_MIN : db_int(q, 6),
        .tips = arena_span(arena, db_text(q, 7)),
        .cut_hash = (uint64_t)db_int(q, 8),
        .problem = db_is_null(q, 9) ? NULL : arena_text(arena, db_text(q, 9)),
        .own = db_int(q, 10) != 0,
    };
    return r->common_dir && r->path && r->name && r->tips.p && (r->problem || db_is_null(q, 9));
}

bool repos_load(struct db *db, struct arena *arena, struct repo_rows *out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    if (!db_query(db, &q, err,
                  "select " REPO_COLUMNS " from repo "
                  "order by name, id"))
        return false;
    while (db_next(q, err)) {
        struct repo_row *r = VEC_PUSH(arena, out);
        if (!r || !row_of(q, arena, r))
            return fail_memory(err);
    }
    return err->code == E_NONE;
}

bool repo_keep(struct db *db, struct arena *arena, const struct repo *repo, struct repo_row *out,
               struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    if (!db_run(
            db, err,
            "insert into repo(common_dir, path, name) values ($1, $2, $3) on conflict (common_dir) do update"
            " set path = excluded.path, name = excluded.name where path != excluded.path",
            V_BLOB(span_of(repo->common_dir)), V_BLOB(span_of(repo->path)), V_STR(repo->name)) ||
        !db_query(db, &q, err,
                  "select " REPO_COLUMNS " from repo"
                  " where common_dir = $1",
                  V_BLOB(span_of(repo->common_dir))))
        return false;
    if (!db_next(q, err))
        return fail(err, E_SYSTEM,
                    tr("err.rest.row", "The database did not keep a repository. Please try again."));
    return row_of(q, arena, out) || fail_memory(err);
}

bool repo_by_path(struct db *db, struct arena *arena, const char *path, struct repo_row *out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    *out = (struct repo_row){0};
    if (!db_query(db, &q, err,
                  "select " REPO_COLUMNS " from repo"
                  " where path = $1 order by coalesce(chosen, 0) desc, id desc limit 1",
                  V_BLOB(span_of(path))))
        return false;
    if (db_next(q, err))
        return row_of(q, arena, out) || fail_memory(err);
    return err->code == E_NONE;
}

bool repo_problem(struct db *db, int64_t id, const char *problem, struct err *err)
{
    return db_run(db, err, "update repo set problem = $2 where id = $1", V_INT(id),
                  problem ? V_STR(problem) : V_NULL);
}

bool repo_choose(struct db *db, int64_t id, bool yes, struct err *err)
{
    return db_run(db, err, "update repo set chosen = $2 where id = $1", V_INT(id), V_INT(yes));
}

bool log_mark_load(struct db *db, int64_t repo, const char *path, struct log_mark *out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    *out = (struct log_mark){0};
    if (!db_query(db, &q, err, "select inode, size, last from reflog where repo = $1 and path = $2",
                  V_INT(repo), V_BLOB(span_of(path))))
        return false;
    if (db_next(q, err))
        *out = (struct log_mark){(uint64_t)db_int(q, 0), (uint64_t)db_int(q, 1), (uint64_t)db_int(q, 2)};
    return err->code == E_NONE;
}

/* 40 or 64 hex digits as bytes, into `out` of 32. */
static struct span id_bytes(struct span hex, char out[static 32])
{
    for (size_t i = 0; i + 1 < hex.n && i < 64; i += 2) {
        char a = hex.p[i], b = hex.p[i + 1];
        int high = a <= '9' ? a - '0' : a - 'a' + 10, low = b <= '9' ? b - '0' : b - 'a' + 10;
        out[i / 2] = (char)(high << 4 | low);
    }
    return (struct span){out, hex.n / 2};
}

static bool save_commit(struct db *db, int64_t repo, const struct own_commit *c, struct err *err)
{
    char bytes[32];
    struct span id = id_bytes(c->id, bytes);
    if (c->from_reflog) /* an amend is a sign at its own time; what a program or an agent made stays theirs */
        return db_run(db, err,
                      "insert into sign(repo, oid, at, zone, zone_ok, class, who) select $1, $2, $3, $4, $5,"
                      " coalesce((select class from sign where repo = $1 and oid = $2 and class in (1, 4) "
                      "limit 1), $6), $7"
                      " where true on conflict do nothing",
                      V_INT(repo), V_BLOB(id), V_INT(c->when.epoch), V_INT(c->when.zone), V_INT(c->zone_ok),
                      V_INT(c->class), V_INT(c->who));
    return db_run(
        db, err,
        "insert into sign(repo, oid, at, zone, zone_ok, class, who) values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (repo, oid, at) do update set zone = excluded.zone, zone_ok = excluded.zone_ok,"
        " class = excluded.class, who = excluded.who",
        V_INT(repo), V_BLOB(id), V_INT(c->when.epoch), V_INT(c->when.zone), V_INT(c->zone_ok),
        V_INT(c->class), V_INT(c->who));
}
static_assert(CLASS_BOTS == 1 && CLASS_AGENTS == 4, "save_commit names them by number");

static bool save_signs(struct db *db, const struct repo_news *n, struct err *err)
{
    for (size_t i = 0; i < n->batch->own.n; i++)
        if (!save_commit(db, n->repo, &n->batch->own.at[i], err))
            return false;
    for (size_t i = 0; i < n->batch->acts.n; i++) {
        const struct presence *p = &n->batch->acts.at[i];
        if (!db_run(db, err,
                    "insert into presence(repo, at, zone, zone_ok, who) values ($1, $2, $3, $4, $5) on "
                    "conflict do nothing",
                    V_INT(n->repo), V_INT(p->when.epoch), V_INT(p->when.zone), V_INT(p->zone_ok),
                    V_INT(p->who)))
            return false;
    }
    return true;
}

static bool save_others(struct db *db, const struct repo_news *n, struct err *err)
{
    if (n->whole_window && !db_run(db, err, "delete from others where repo = $1", V_INT(n->repo)))
        return false;
    for (size_t i = 0; i < n->batch->others.n; i++)
        if (!db_run(db, err,
                    "insert into others(repo, week, n) values ($1, $2, $3)"
                    " on conflict (repo, week) do update set n = others.n + excluded.n",
                    V_INT(n->repo), V_INT(n->batch->others.at[i].week), V_INT(n->batch->others.at[i].n)))
            return false;
    return true;
}

/* Whether the look that brought this began where things stand now: with the addresses there are, and, when it
 * read the log, behind the same tips. What another process kept in between was counted there. */
static bool is_current(struct db *db, const struct repo_news *n, bool *out, struct err *err)
{
    int64_t generation, same = 1;
    if (!identity_generation(db, &generation, err))
        return false;
    if (n->log_read &&
        !db_number(db, &same, 0, err,
                   "select count(*) from repo where id = $1 and tips = $2 and since is $3 and cut_hash = $4",
                   V_INT(n->repo), V_TEXT(n->basis->tips), n->basis->read ? V_INT(n->basis->since) : V_NULL,
                   V_INT((int64_t)n->basis->cut_hash)))
        return false;
    *out = same && generation == n->basis->generation;
    return true;
}

static bool save_news(struct db *db, void *arg, struct err *err)
{
    const struct repo_news *n = arg;
    bool current = true;
    if (n->basis && !is_current(db, n, &current, err))
        return false;
    if (!current)
        return true;
    if (!save_signs(db, n, err))
        return false;
    for (size_t i = 0; i < n->logs_n; i++)
        if (!db_run(db, err,
                    "insert into reflog(repo, path, inode, size, last) values ($1, $2, $3, $4, $5) on "
                    "conflict (repo, path)"
                    " do update set inode = excluded.inode, size = excluded.size, last = excluded.last",
                    V_INT(n->repo), V_BLOB(span_of(n->logs[i])), V_INT((int64_t)n->marks[i].inode),
                    V_INT((int64_t)n->marks[i].size), V_INT((int64_t)n->marks[i].last)))
            return false;
    if (!n->log_read)
        return true;
    return save_others(db, n, err) &&
           db_run(db, err, "update repo set since = $2, tips = $3, cut = $4, cut_hash = $5 where id = $1",
                  V_INT(n->repo), V_INT(n->since), V_TEXT(n->tips),
                  n->cut == INT64_MIN ? V_NULL : V_INT(n->cut), V_INT((int64_t)n->cut_hash));
}

bool commits_save(struct db *db, const struct repo_news *news, struct err *err)
{
    return db_write(db, save_news, (void *)news, err);
}

static bool in_set(struct repo_set repos, int64_t id)
{
    for (size_t i = 0; i < repos.n; i++)
        if (repos.at[i] == id)
            return true;
    return false;
}

static bool add_sign(struct arena *arena, struct stmt *q, bool presence, bool count_agents, struct signs *out)
{
    struct sign *s = VEC_PUSH(arena, out);
    if (!s)
        return false;
    enum sign_class class = presence ? CLASS_COUNTED : (enum sign_class)db_int(q, 4);
    if (class == CLASS_AGENTS && count_agents)
        class = CLASS_COUNTED;
    *s = (struct sign){.when = {db_int(q, 1), (int32_t)db_int(q, 2)}, .class = class, .presence = presence};
    if (!db_int(q, 3)) { /* a zone that cannot be: the clock hour of this machine stands in */
        s->when.zone = clock_zone(s->when.epoch);
        if (class == CLASS_COUNTED)
            s->class = CLASS_ZONE_UNKNOWN;
    }
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct sign *x = a, *y = b;
    if (x->when.epoch != y->when.epoch)
        return x->when.epoch < y->when.epoch ? -1 : 1;
    return x->presence - y->presence;
}

static bool utc_here(int64_t epoch)
{
    return clock_zone(epoch) == 0;
}

/* A commit's id and its time, as one run of bytes. */
static bool sign_key(struct arena *arena, struct stmt *q, struct span *out)
{
    struct span id = db_text(q, 5);
    int64_t at = db_int(q, 1);
    char *bytes = arena_get(arena, id.n + sizeof at);
    if (!bytes)
        return false;
    if (id.n)
        memcpy(bytes, id.p, id.n);
    memcpy(bytes + id.n, &at, sizeof at);
    *out = (struct span){bytes, id.n + sizeof at};
    return true;
}

static_assert(CLASS_CLOCK == 2, "the index and the query of signs_load name it by number");

bool signs_load(struct db *db, struct arena *arena, struct repo_set repos, int64_t from, int64_t to,
                bool count_agents, struct signs *out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL, *AUTO_STMT acts = NULL;
    struct map seen, ids;
    map_init(&seen, arena, SIZE_MAX);
    map_init(&ids, arena, SIZE_MAX);
    if (!db_query(
            db, &q, err,
            "select repo, at, zone, zone_ok, class, oid from sign where (at >= $1 and at < $2) or class = 2"
            " order by at",
            V_INT(from), V_INT(to)))
        return false;
    while (db_next(q, err)) {
        struct span key;
        if (!in_set(repos, db_int(q, 0)))
            continue;
        if (!sign_key(arena, q, &key))
            return fail_memory(err);
        if (map_find(&seen, key)) /* clones and forks hold the same commit: once */
            continue;
        int64_t *times = map_at(&ids, span_first(key, key.n - sizeof(int64_t)));
        if (!times || !map_at(&seen, key) || !add_sign(arena, q, false, count_agents, out))
            return fail_memory(err);
        out->at[out->n - 1].again = (*times)++ > 0;
    }
    if (err->code != E_NONE ||
        !db_query(db, &acts, err, "select repo, at, zone, zone_ok from presence where at >= $1 and at < $2",
                  V_INT(from), V_INT(to)))
        return false;
    while (db_next(acts, err))
        if (in_set(repos, db_int(acts, 0)) && !add_sign(arena, acts, true, count_agents, out))
            return fail_memory(err);
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_time);
    signs_doubt_zones(out, utc_here);
    return err->code == E_NONE;
}

bool others_load(struct db *db, struct repo_set repos, day_t first, int weeks, int64_t *out, struct err *err)
{
    struct stmt *AUTO_STMT q = NULL;
    int64_t sum = 0;
    if (!db_query(db, &q, err, "select repo, n from others where week >= $1 and week < $2", V_INT(first),
                  V_INT((int64_t)first + 7 * (int64_t)weeks)))
        return false;
    while (db_next(q, err))
        if (in_set(repos, db_int(q, 0)))
            sum += db_int(q, 1);
    *out = sum;
    return err->code == E_NONE;
}
