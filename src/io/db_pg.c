/* io/db.h over PostgreSQL: the same texts, the same values, the same sentences. libpq is loaded when the
 * first database is opened (io/load.h). Values travel in binary with their types named, so that an int is 64
 * bits whatever column it meets; results come as text, which reads numeric sums and booleans too, and bytea
 * is decoded a row at a time. A prepared statement is kept under its literal's address and its values' kinds.
 * A query's rows are all here before the first is read, so a query may run inside itself. */
#include "io/db.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include <libpq-fe.h>

#include "base/buf.h"
#include "base/words.h"
#include "io/db_driver.h"
#include "io/load.h"

#include "base/banned.h"

/* clang-format off */
#define CALLS(X) \
    X(PQclear) X(PQcmdTuples) X(PQconnectdbParams) X(PQdb) X(PQerrorMessage) \
    X(PQenterPipelineMode) X(PQexec) X(PQexecPrepared) X(PQexitPipelineMode) X(PQfinish) \
    X(PQftype) X(PQgetResult) X(PQgetisnull) X(PQgetlength) X(PQgetvalue) X(PQhost) \
    X(PQnfields) X(PQntuples) X(PQpipelineSync) X(PQport) X(PQprepare) X(PQreset) \
    X(PQresultErrorField) X(PQresultStatus) X(PQsendQueryPrepared) X(PQsetNoticeProcessor) \
    X(PQstatus) X(PQtransactionStatus)
/* clang-format on */
static struct {
    CALLS(LOAD_POINTER)
} pq;
static const char *const names[] = {CALLS(LOAD_NAME) NULL};
static struct library libpq = LIBRARY("libpq.so.5", "libpq5", names, &pq);

enum {
    KEPT = 64,
    VALS_MOST = 64,
    COLUMNS_MOST = 64,
    SENT_MOST = 32,                /* statements on their way: what they answer fits the socket */
    BYTES_MOST = 64 * 1024 * 1024, /* decoded bytea of one row */
    ALONE_KEY = 7464,
};
/* Types by number, as in PostgreSQL's catalogue since ever. */
enum { BOOL_TYPE = 16, BYTEA_TYPE = 17, INT8_TYPE = 20, TEXT_TYPE = 25, FLOAT8_TYPE = 701 };

struct kept {
    const char *sql; /* the literal's address */
    enum val_kind kinds[VALS_MOST];
    size_t n;
    uint64_t used;
};

struct pg {
    struct db db;
    PGconn *conn;
    uint64_t clock;
    int64_t changed;
    unsigned sent; /* statements on their way whose results nobody has read (db_run_later) */
    bool read_only;
    struct kept kept[KEPT];
};

struct pg_stmt {
    struct stmt stmt;
    PGresult *result;
    int row; /* the one being read; -1 before the first */
    struct buf bytes;
    struct {
        size_t at, n;
    } blobs[COLUMNS_MOST]; /* of bytea columns: where in `bytes` */
};

static const struct db_driver pg_driver;

static struct pg *pg_of(struct db *db)
{
    return (struct pg *)(void *)db;
}

static struct pg_stmt *stmt_of(struct stmt *q)
{
    return (struct pg_stmt *)(void *)q;
}

/* ---- sentences ---- */

/* The first line of what libpq says, clean. */
static const char *first_line(const char *text, char out[static 200])
{
    size_t n = text ? strcspn(text, "\r\n") : 0;
    snprintf(out, 200, "%.*s", (int)(n > 199 ? 199 : n), text ? text : "");
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    return out;
}

static bool lost(struct pg *pg, struct err *err)
{
    return fail(err, E_SYSTEM,
                tr("err.io.pg_lost",
                   "The connection to the database %s was lost, so it is not known whether the last "
                   "change was kept. Look before you try again."),
                pg->db.path);
}

static bool is_one_of(const char *state, const char *const *list)
{
    for (; *list; list++)
        if (strncmp(state, *list, strlen(*list)) == 0)
            return true;
    return false;
}

/* Say what PostgreSQL's code means for a person. */
static bool pg_fail(struct pg *pg, const PGresult *r, struct err *err)
{
    static const char *const busy[] = {"55P03", "40P01", "40001", "57014", NULL};
    static const char *const readonly[] = {"25006", "42501", NULL};
    static const char *const full[] = {"53100", NULL};
    static const char *const row[] = {"23", NULL};
    const char *state = r ? pq.PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    char said[200];
    if (!state || pq.PQstatus(pg->conn) == CONNECTION_BAD)
        return lost(pg, err);
    if (is_one_of(state, full))
        return fail(err, E_FULL,
                    tr("err.io.db_full",
                       "The disk is full, so nothing more was written to %s. What was kept before is "
                       "all there. Make some room and try again."),
                    pg->db.path);
    if (is_one_of(state, busy))
        return fail(err, E_BUSY,
                    tr("err.io.db_busy",
                       "Another program is writing to %s and did not end within five seconds. "
                       "Try again in a moment."),
                    pg->db.path);
    first_line(pq.PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), said);
    if (is_one_of(state, readonly))
        return fail(err, E_SYSTEM,
                    tr("err.io.pg_readonly",
                       "The database %s can be read but not written (%s). Give its user "
                       "the right to write, or name another one with --db."),
                    pg->db.path, said);
    if (is_one_of(state, row))
        return fail(err, E_REFUSED, tr("err.io.db_row", "The database %s refused a row: %s."), pg->db.path,
                    said);
    return fail(err, E_SYSTEM, tr("err.io.db", "The database %s did not do what was asked of it: %s."),
                pg->db.path, said);
}

static bool is_done(const PGresult *r)
{
    ExecStatusType status = pq.PQresultStatus(r);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* What a request gave back, when nothing of it is wanted but whether it was done. */
static bool settle(struct pg *pg, PGresult *r, struct err *err)
{
    bool done = is_done(r) || pg_fail(pg, r, err);
    pq.PQclear(r);
    return done;
}

/* ---- opening ---- */

static void hush(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* What is acknowledged is on the disk, whatever the server's default says. A plan is kept with its statement
 * and may have been made while the table was empty, when reading all of it looks cheapest: a pass was then
 * looked for among all the spent ones until the statistics came, a minute later. So a whole table is read
 * where nothing else can be done, and such a plan is not compiled for its pretended cost. */
static bool set_up(struct pg *pg, struct err *err)
{
    const char *sql = pg->read_only
                          ? "set default_transaction_read_only = on; set lock_timeout = '5s'; set jit = off"
                          : "set synchronous_commit = on; set lock_timeout = '5s'; set bytea_output = 'hex'; "
                            "set standard_conforming_strings = on; set enable_seqscan = off; set jit = off";
    return settle(pg, pq.PQexec(pg->conn, sql), err);
}

/* host:port/name for sentences: a password in the address goes nowhere. */
static char *shown(PGconn *conn)
{
    char text[300];
    snprintf(text, sizeof text, "postgresql://%s:%s/%s", pq.PQhost(conn), pq.PQport(conn), pq.PQdb(conn));
    return mem_copy(text);
}

static void pg_close(struct db *db)
{
    struct pg *pg = pg_of(db);
    pq.PQfinish(pg->conn);
    mem_free(pg->db.path);
    mem_free(pg);
}

static bool connect_to(struct pg *pg, const char *url, struct err *err)
{
    static const char *const keys[] = {"connect_timeout", "application_name", "dbname", "client_encoding",
                                       NULL};
    const char *const values[] = {"10", "respite", url, "UTF8", NULL};
    char said[200];
    pg->conn = pq.PQconnectdbParams(keys, values, 1);
    if (!pg->conn)
        return fail_memory(err);
    if (pq.PQstatus(pg->conn) != CONNECTION_OK)
        return fail(
            err, E_SYSTEM,
            tr("err.io.pg_open",
               "The database named by --db cannot be reached: %s. Look that PostgreSQL runs there and "
               "lets this user in, then try again."),
            first_line(pq.PQerrorMessage(pg->conn), said));
    pq.PQsetNoticeProcessor(pg->conn, hush, NULL);
    pg->db.path = shown(pg->conn);
    if (!pg->db.path)
        return fail_memory(err);
    return set_up(pg, err);
}

bool db_open_pg(struct db **out, const char *url, bool read_only, struct err *err)
{
    if (!library_load(&libpq, err))
        return false;
    struct pg *pg = mem_get(sizeof *pg);
    if (!pg)
        return fail_memory(err);
    pg->db.driver = &pg_driver;
    pg->read_only = read_only;
    if (!connect_to(pg, url, err)) {
        pg_close(&pg->db);
        return false;
    }
    *out = &pg->db;
    return true;
}

/* A lost connection is made anew; what was prepared on it is gone. */
static bool revive(struct pg *pg, struct err *err)
{
    pq.PQreset(pg->conn);
    memset(pg->kept, 0, sizeof pg->kept);
    pg->sent = 0;
    return pq.PQstatus(pg->conn) == CONNECTION_OK ? set_up(pg, err) : lost(pg, err);
}

/* ---- statements ---- */

/* The same text with values of the same kinds; a NULL fits any. */
static bool is_kept(const struct kept *k, const char *sql, const struct val *vals, size_t n)
{
    if (k->sql != sql || k->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (vals[i].kind != VAL_NULL && vals[i].kind != k->kinds[i])
            return false;
    return true;
}

static size_t place_for(const struct pg *pg, const char *sql, const struct val *vals, size_t n)
{
    size_t oldest = 0;
    for (size_t i = 0; i < KEPT; i++) {
        if (is_kept(&pg->kept[i], sql, vals, n))
            return i;
        if (pg->kept[i].used < pg->kept[oldest].used)
            oldest = i;
    }
    return oldest;
}

/* The highest $n of a text. Each value must have its name: PostgreSQL itself takes more values than names. */
static bool names_all(const char *sql, size_t n, struct err *err)
{
    size_t highest = 0;
    for (const char *p = strchr(sql, '$'); p; p = strchr(p + 1, '$')) {
        size_t number = strtoul(p + 1, NULL, 10);
        if (number > highest)
            highest = number;
    }
    if (highest > n)
        return fail(err, E_SYSTEM, "A statement of Respite names a value that it is not given: %s", sql);
    if (highest < n)
        return fail(err, E_SYSTEM, "A statement of Respite is given more values than it names: %s", sql);
    return true;
}

static bool make_room(struct pg *pg, struct kept *k, const char *name, struct err *err)
{
    char gone[40];
    if (!k->sql)
        return true;
    snprintf(gone, sizeof gone, "deallocate %s", name);
    k->sql = NULL;
    return settle(pg, pq.PQexec(pg->conn, gone), err);
}

static bool prepare(struct pg *pg, struct kept *k, const char *name, const char *sql, const struct val *vals,
                    size_t n, struct err *err)
{
    static const Oid types[] = {
        [VAL_INT] = INT8_TYPE, [VAL_REAL] = FLOAT8_TYPE, [VAL_TEXT] = TEXT_TYPE, [VAL_BLOB] = BYTEA_TYPE};
    Oid wanted[VALS_MOST] = {0};
    if (!names_all(sql, n, err) || !make_room(pg, k, name, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        k->kinds[i] = vals[i].kind;
        wanted[i] = types[vals[i].kind];
    }
    if (!settle(pg, pq.PQprepare(pg->conn, name, sql, (int)n, wanted), err))
        return false;
    k->sql = sql;
    k->n = n;
    return true;
}

/* Values as libpq wants them; `at` points into `numbers` and into the values. */
struct packed {
    const char *at[VALS_MOST];
    uint64_t numbers[VALS_MOST];
    int lengths[VALS_MOST], binary[VALS_MOST];
};

static void pack(struct packed *out, const struct val *vals, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct val *v = &vals[i];
        bool number = v->kind == VAL_INT || v->kind == VAL_REAL;
        uint64_t bits = (uint64_t)v->i;
        if (v->kind == VAL_REAL)
            memcpy(&bits, &v->r, sizeof bits);
        out->numbers[i] = htobe64(bits);
        out->at[i] = number ? (const char *)&out->numbers[i] : v->s.p ? v->s.p : "";
        out->lengths[i] = number ? (int)sizeof bits : (int)v->s.n;
        out->binary[i] = 1;
        if (v->kind == VAL_NULL)
            out->at[i] = NULL;
    }
}

/* Put a statement, which is prepared, on its way. */
static bool send_one(struct pg *pg, size_t place, const struct val *vals, size_t n)
{
    struct packed packed;
    char name[24];
    snprintf(name, sizeof name, "k%zu", place);
    pack(&packed, vals, n);
    bool sent =
        pq.PQsendQueryPrepared(pg->conn, name, (int)n, packed.at, packed.lengths, packed.binary, 0) == 1;
    pg->sent += sent;
    return sent;
}

/* What the statements on their way gave, up to the mark behind them: the last result, or the first failure
 * (what came behind it was not run). NULL: the connection is gone. */
static PGresult *take_results(struct pg *pg)
{
    PGresult *out = NULL;
    bool marked = false, failed = false;
    for (unsigned gaps = 0; !marked && gaps <= pg->sent + 1;) {
        PGresult *r = pq.PQgetResult(pg->conn);
        gaps += r == NULL; /* one behind each statement */
        marked = r && pq.PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        if (!r || marked || failed) {
            pq.PQclear(r);
            continue;
        }
        pq.PQclear(out);
        out = r;
        failed = !is_done(r);
    }
    pg->sent = 0;
    return out;
}

/* Wait for all that is on its way; the last result, or NULL with the sentence of the first failure. */
static PGresult *arrive(struct pg *pg, struct err *err)
{
    PGresult *r = pq.PQpipelineSync(pg->conn) == 1 ? take_results(pg) : NULL;
    bool left = pq.PQexitPipelineMode(pg->conn) == 1;
    pg->sent = 0;
    if (left && r && is_done(r))
        return r;
    pg_fail(pg, r, err);
    pq.PQclear(r);
    return NULL;
}

static bool pg_settle(struct db *db, struct err *err)
{
    struct pg *pg = pg_of(db);
    if (pg->sent == 0)
        return true;
    PGresult *r = arrive(pg, err);
    pq.PQclear(r);
    return r != NULL;
}

/* The place of a statement, prepared and marked as used. */
static bool ready(struct pg *pg, size_t *place, const char *sql, const struct val *vals, size_t n,
                  struct err *err)
{
    char name[24];
    *place = place_for(pg, sql, vals, n);
    struct kept *k = &pg->kept[*place];
    snprintf(name, sizeof name, "k%zu", *place);
    if (!is_kept(k, sql, vals, n) && (!pg_settle(&pg->db, err) || !prepare(pg, k, name, sql, vals, n, err)))
        return false;
    k->used = ++pg->clock;
    return true;
}

/* One execution on the connection as it is, and what was on its way before; NULL with a sentence. */
static PGresult *exec_once(struct pg *pg, const char *sql, const struct val *vals, size_t n, struct err *err)
{
    struct packed packed;
    size_t place;
    char name[24];
    if (!ready(pg, &place, sql, vals, n, err))
        return NULL;
    if (pg->sent > 0) {
        bool sent = send_one(pg, place, vals, n);
        PGresult *last = arrive(pg, err);
        if (sent || !last)
            return last;
        pq.PQclear(last);
        lost(pg, err);
        return NULL;
    }
    snprintf(name, sizeof name, "k%zu", place);
    pack(&packed, vals, n);
    PGresult *r = pq.PQexecPrepared(pg->conn, name, (int)n, packed.at, packed.lengths, packed.binary, 0);
    if (is_done(r))
        return r;
    pg_fail(pg, r, err);
    pq.PQclear(r);
    return NULL;
}

/* Asked twice, this is as asked once: so a lost connection is nobody's trouble. */
static bool is_harmless(const char *sql)
{
    return strcmp(sql, "begin") == 0 || strncmp(sql, "select ", 7) == 0;
}

static bool few_enough(size_t n, struct err *err)
{
    return n <= VALS_MOST ||
           fail(err, E_SYSTEM, "A statement of Respite is given %zu values; %d is the most.", n, VALS_MOST);
}

static PGresult *exec(struct pg *pg, const char *sql, const struct val *vals, size_t n, struct err *err)
{
    if (!few_enough(n, err))
        return NULL;
    bool outside = pg->db.depth == 0;
    if (outside && pq.PQstatus(pg->conn) == CONNECTION_BAD && !revive(pg, err))
        return NULL;
    struct err first = {0};
    PGresult *r = exec_once(pg, sql, vals, n, &first);
    if (!r && outside && pq.PQstatus(pg->conn) == CONNECTION_BAD && is_harmless(sql)) {
        first = (struct err){0};
        r = revive(pg, &first) ? exec_once(pg, sql, vals, n, &first) : NULL;
    }
    if (!r)
        fail(err, first.code, "%s", first.text);
    else
        pg->changed = strtoll(pq.PQcmdTuples(r), NULL, 10);
    return r;
}

static bool pg_run(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    PGresult *r = exec(pg_of(db), sql, vals, n, err);
    if (r)
        pq.PQclear(r);
    return r != NULL;
}

/* The next statement that is waited for, the end of the work among them, takes this one's result with it. */
static bool pg_run_later(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    struct pg *pg = pg_of(db);
    size_t place;
    if (db->depth == 0)
        return pg_run(db, err, sql, vals, n);
    if (!few_enough(n, err) || (pg->sent >= SENT_MOST && !pg_settle(&pg->db, err)) ||
        !ready(pg, &place, sql, vals, n, err))
        return false;
    if (pg->sent == 0 && pq.PQenterPipelineMode(pg->conn) != 1)
        return lost(pg, err);
    return send_one(pg, place, vals, n) || lost(pg, err);
}

static void pg_close_stmt(struct stmt *base)
{
    struct pg_stmt *q = stmt_of(base);
    pq.PQclear(q->result);
    buf_clear(&q->bytes);
    mem_free(q);
}

static bool pg_query(struct db *db, struct stmt **out, struct err *err, const char *sql,
                     const struct val *vals, size_t n)
{
    struct pg_stmt *q = mem_get(sizeof *q);
    if (!q)
        return fail_memory(err);
    q->stmt.driver = &pg_driver;
    q->row = -1;
    buf_init(&q->bytes, BYTES_MOST);
    q->result = exec(pg_of(db), sql, vals, n, err);
    bool done = q->result != NULL;
    if (done && pq.PQnfields(q->result) > COLUMNS_MOST)
        done = fail(err, E_SYSTEM, "A statement of Respite asks for more than %d columns: %s", COLUMNS_MOST,
                    sql);
    if (!done) {
        pg_close_stmt(&q->stmt);
        return false;
    }
    *out = &q->stmt;
    return true;
}

/* ---- rows ---- */

static unsigned nibble(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* "\x68656c6c6f" */
static void add_bytes(struct buf *b, const char *hex, size_t n)
{
    for (size_t i = 2; i + 1 < n; i += 2)
        buf_add_byte(b, (char)(nibble(hex[i]) << 4 | nibble(hex[i + 1])));
}

static bool decode_row(struct pg_stmt *q, struct err *err)
{
    int columns = pq.PQnfields(q->result);
    buf_reset(&q->bytes);
    for (int i = 0; i < columns; i++) {
        if (pq.PQftype(q->result, i) != BYTEA_TYPE)
            continue;
        q->blobs[i].at = q->bytes.n;
        add_bytes(&q->bytes, pq.PQgetvalue(q->result, q->row, i),
                  (size_t)pq.PQgetlength(q->result, q->row, i));
        q->blobs[i].n = q->bytes.n - q->blobs[i].at;
    }
    return buf_ok(&q->bytes, err);
}

static bool pg_next(struct stmt *base, struct err *err)
{
    struct pg_stmt *q = stmt_of(base);
    int rows = pq.PQntuples(q->result);
    if (q->row < rows)
        q->row++;
    if (q->row >= rows)
        return false;
    if (decode_row(q, err))
        return true;
    q->row = rows;
    return false;
}

static bool pg_null(struct stmt *base, int column)
{
    struct pg_stmt *q = stmt_of(base);
    return pq.PQgetisnull(q->result, q->row, column) != 0;
}

static struct span pg_text(struct stmt *base, int column)
{
    struct pg_stmt *q = stmt_of(base);
    if (pg_null(base, column))
        return (struct span){NULL, 0};
    if (pq.PQftype(q->result, column) == BYTEA_TYPE)
        return (struct span){q->bytes.p ? q->bytes.p + q->blobs[column].at : "", q->blobs[column].n};
    return (struct span){pq.PQgetvalue(q->result, q->row, column),
                         (size_t)pq.PQgetlength(q->result, q->row, column)};
}

static int64_t pg_int(struct stmt *base, int column)
{
    struct pg_stmt *q = stmt_of(base);
    const char *text = pq.PQgetvalue(q->result, q->row, column);
    return pq.PQftype(q->result, column) == BOOL_TYPE ? *text == 't' : strtoll(text, NULL, 10);
}

static double pg_real(struct stmt *base, int column)
{
    struct pg_stmt *q = stmt_of(base);
    return strtod(pq.PQgetvalue(q->result, q->row, column), NULL);
}

/* ---- transactions ---- */

static bool pg_begin(struct db *db, struct err *err)
{
    return pg_run(db, err, "begin", NULL, 0);
}

/* A migration may take its time: the others wait a minute. */
static bool pg_alone(struct db *db, struct err *err)
{
    static const struct val key = {.kind = VAL_INT, .i = ALONE_KEY};
    return pg_run(db, err, "set local lock_timeout = '60s'", NULL, 0) &&
           pg_run(db, err, "select pg_advisory_xact_lock($1)", &key, 1);
}

static enum db_state pg_state(struct db *db)
{
    switch (pq.PQtransactionStatus(pg_of(db)->conn)) {
    case PQTRANS_INERROR:
        return DB_FAILED;
    case PQTRANS_INTRANS:
    case PQTRANS_ACTIVE:
        return DB_OPEN;
    default: /* idle, or the connection is gone and the transaction with it */
        return DB_IDLE;
    }
}

static int64_t pg_changed(struct db *db)
{
    return pg_of(db)->changed;
}

/* ---- the whole database ---- */

static bool pg_script(struct db *db, const char *sql, struct err *err)
{
    struct pg *pg = pg_of(db);
    AUTO_BUF struct buf text;
    buf_init(&text, 1024 * 1024);
    db_pg_words(&text, span_of(sql));
    if (!buf_ok(&text, err) || !pg_settle(&pg->db, err))
        return false;
    return settle(pg, pq.PQexec(pg->conn, buf_text(&text)), err);
}

static bool pg_backup(struct db *db, const char *path, struct err *err)
{
    (void)path;
    return fail(err, E_REFUSED,
                tr("err.io.pg_backup",
                   "A copy of the PostgreSQL database %s is made with pg_dump, which comes "
                   "with PostgreSQL."),
                db->path);
}

static bool pg_check(struct db *db, struct err *err)
{
    return pg_run(db, err, "select 1", NULL, 0);
}

static const struct db_driver pg_driver = {
    .pg = true,
    .close = pg_close,
    .run = pg_run,
    .run_later = pg_run_later,
    .settle = pg_settle,
    .query = pg_query,
    .next = pg_next,
    .get_int = pg_int,
    .get_real = pg_real,
    .get_text = pg_text,
    .get_null = pg_null,
    .close_stmt = pg_close_stmt,
    .begin = pg_begin,
    .alone = pg_alone,
    .state = pg_state,
    .changed = pg_changed,
    .script = pg_script,
    .backup = pg_backup,
    .check = pg_check,
};
