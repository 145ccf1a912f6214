/* Bringing a database to this program's shape: io's own tables first, then each room's, each migration once,
 * all in one transaction. What ran is a row of `migration`. The SQL is kept to what SQLite and PostgreSQL
 * both read. */
#include "io/migrate.h"

#include "base/words.h"
#include "io/file.h"

#include "base/banned.h"

/* io's own: settings, leases of jobs, quiet times, what they hold and how much arrived, the clock as the last
 * tick saw it, and what was sent. */
static const struct migration io_rows[] = {
    {1, ~0u,
     "create table setting(name text primary key, value text not null);"
     "create table job(name text primary key, period bigint not null, lease_until bigint not null, done "
     "integer not null);"
     "create table quiet(id integer primary key, source text not null default 'own', from_day integer not "
     "null,"
     " to_day integer not null, ended integer not null default 0);"
     "create table held(id integer primary key, source text not null, key blob not null, received_at bigint "
     "not null,"
     " release_at bigint not null, state integer not null check (state in (0, 1, 2)), unique(source, key));"
     "create index held_waiting on held(release_at) where state = 0;"
     "create table received(one integer primary key check (one = 1), n bigint not null);"
     "insert into received values (1, 0);"
     "create table clock_seen(one integer primary key check (one = 1), wall bigint not null, boot_ms bigint "
     "not null,"
     " doubt_ms bigint not null)"},
    /* What left this machine, a row before each connection (io/httpc.c): `respite sent`. */
    {2, ~0u,
     "create table sent(id integer primary key, day integer not null, address text not null, kind text not "
     "null, bytes integer not null)"},
    /* When, by which method; and what came back, once it has: bytes of its body. */
    {3, ~0u,
     "alter table sent add column at bigint not null default 0;"
     "alter table sent add column method text not null default '';"
     "alter table sent add column status integer not null default 0;"
     "alter table sent add column answer bigint not null default 0"},
    {0},
};
static const struct migration_set io_set = {"io", io_rows};

struct run {
    const struct migration_set *sets;
    size_t n;
    unsigned role;
    size_t waiting;
};

/* The set at place i, io's own being the first. */
static const struct migration_set *set_at(const struct run *r, size_t i)
{
    return i == 0 ? &io_set : &r->sets[i - 1];
}

static bool listed(const struct run *r, struct span room, int64_t number)
{
    for (size_t i = 0; i <= r->n; i++)
        if (span_is(room, set_at(r, i)->room))
            for (const struct migration *m = set_at(r, i)->rows; m && m->number; m++)
                if (m->number == number)
                    return true;
    return false;
}

static bool refuse_newer(struct db *db, const struct run *r, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select room, number from migration"))
        return false;
    struct err inner = {0};
    while (db_next(q, &inner))
        if (!listed(r, db_text(q, 0), db_int(q, 1)))
            return fail(err, E_NEWER,
                        tr("err.io.newer",
                           "This data was written by a newer Respite, so it was left as it is. "
                           "Install the newer one, or name another folder with --data."));
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

/* Walk what is for this role and has not run: count it, or run it when `act`. */
static bool walk(struct db *db, struct run *r, bool act, struct err *err)
{
    for (size_t i = 0; i <= r->n; i++) {
        const struct migration_set *set = set_at(r, i);
        for (const struct migration *m = set->rows; m && m->number; m++) {
            int64_t ran = 0;
            if (!(m->roles & r->role))
                continue;
            if (!db_number(db, &ran, 0, err, "select count(*) from migration where room = $1 and number = $2",
                           V_STR(set->room), V_INT(m->number)))
                return false;
            if (ran)
                continue;
            r->waiting++;
            if (act && (!db_run_script(db, m->sql, err) ||
                        !db_run(db, err, "insert into migration(room, number) values ($1, $2)",
                                V_STR(set->room), V_INT(m->number))))
                return false;
        }
    }
    return true;
}

/* Two processes that begin on one PostgreSQL at once may both find the table missing: then one of them is
 * refused, and finds it there when it looks again. */
static bool make_list(struct db *db, struct err *err)
{
    static const char sql[] =
        "create table if not exists migration(room text not null, number integer not null,"
        " primary key(room, number))";
    struct err first = {0};
    return db_run_script(db, sql, &first) || db_run_script(db, sql, err);
}

static bool run_all(struct db *db, void *arg, struct err *err)
{
    return db_alone(db, err) && walk(db, arg, true, err);
}

bool migrate(struct db *db, const struct migration_set *sets, size_t n, unsigned role, const char *backup,
             struct err *err)
{
    struct run r = {sets, n, role, 0};
    int64_t ran = 0;
    if (!make_list(db, err) || !refuse_newer(db, &r, err) || !migrate_count(db, &ran, err) ||
        !walk(db, &r, false, err))
        return false;
    if (r.waiting == 0)
        return true;
    if (ran > 0 && backup && (!file_remove(backup, err) || !db_backup(db, backup, err)))
        return false;
    return db_write(db, run_all, &r, err);
}

bool migrate_count(struct db *db, int64_t *out, struct err *err)
{
    return db_number(db, out, 0, err, "select count(*) from migration");
}

bool migrate_not_newer(struct db *db, const struct migration_set *sets, size_t n, struct err *err)
{
    struct run r = {sets, n, 0, 0};
    return refuse_newer(db, &r, err);
}

const struct migration_set *migrate_own(void)
{
    return &io_set;
}
