/* The index when things go wrong, and against another maker's: FTS5 finds the same papers for "all of these
 * words"; a kill or a full disk in the middle of a merge leaves what was acknowledged, whole. */
#include "test/test.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "num/rng.h"
#include "papers/papers_db.h"
#include "papers/search.h"

#include "base/banned.h"

enum { A_DAY = 12, DAYS = 200, TOP = 1000 };

/* "w17 w3 w120 …": no ending that two stemmers see differently. */
static void draw(uint64_t paper, size_t n, struct buf *out)
{
    struct rng rng;
    rng_seed(&rng, 1000 + paper);
    for (size_t i = 0; i < n; i++) {
        double u = rng_unit(&rng);
        buf_printf(out, "%sw%u", i ? " " : "", (unsigned)(400 * u * u * u));
    }
}

static void add_paper(struct index_build *b, uint32_t id)
{
    struct err err = {0};
    AUTO_BUF struct buf title, abstract;
    buf_init(&title, 4096);
    buf_init(&abstract, 4096);
    draw(2 * id, 5, &title);
    draw(2 * id + 1, 20 + id % 60, &abstract);
    struct index_paper p = {.id = id, .day = 0, .title = buf_span(&title), .abstract = buf_span(&abstract)};
    assert_ok(index_build_add(b, &p, &err), &err);
}

struct a_day {
    uint32_t number;
};
static bool keep_day(struct db *db, void *arg, struct err *err)
{
    const struct a_day *d = arg;
    struct index_build *b = index_build_new(err);
    for (uint32_t i = 0; i < A_DAY; i++)
        add_paper(b, d->number * A_DAY + i + 1);
    bool done = index_keep(db, b, NULL, 0, err);
    index_build_free(b);
    return done;
}

static struct db *open_at(const char *path)
{
    struct db *db;
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    assert_ok(db_open(&db, path, &err), &err);
    assert_ok(migrate(db, &set, 1, 1, NULL, &err), &err);
    return db;
}

static void keep_days(struct db *db, uint32_t from, uint32_t to)
{
    struct err err = {0};
    for (struct a_day d = {from}; d.number < to; d.number++)
        assert_ok(db_write(db, keep_day, &d, &err), &err);
}

static size_t found(struct db *db, struct span words, bool all, struct search_hit *hits)
{
    struct search q;
    size_t n;
    struct err err = {0};
    AUTO_INDEX struct index index = {0};
    assert_ok(index_open(&index, db, &err), &err);
    assert_ok(search_read(&q, &index, words, &err), &err);
    if (all)
        search_all(&q);
    assert_ok(search_run(&q, &index, TOP, hits, &n, &err), &err);
    return n;
}

/* The same answers as an index of so many days that nothing happened to. */
static void is_as_good(struct db *db, uint32_t days)
{
    static struct search_hit got[TOP], want[TOP];
    struct db *whole = open_at(":memory:");
    keep_days(whole, 0, days);
    for (uint64_t round = 0; round < 12; round++) {
        AUTO_BUF struct buf words;
        buf_init(&words, 4096);
        draw(900000 + round, 1 + round % 5, &words);
        size_t n = found(db, buf_span(&words), round % 3 == 0, got);
        assert_int_equal(n, found(whole, buf_span(&words), round % 3 == 0, want));
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(got[i].paper, want[i].paper);
            assert_int_equal(got[i].score, want[i].score);
        }
    }
    db_close(whole);
}

static void temporary(char *folder, char *path, size_t n)
{
    assert_non_null(mkdtemp(folder));
    snprintf(path, n, "%s/papers.db", folder);
}

static void clear(const char *folder, const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[256];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
}

/* ---- FTS5 ---- */

static void fts_add(sqlite3 *fts, uint32_t id)
{
    sqlite3_stmt *s = NULL;
    AUTO_BUF struct buf title, abstract;
    buf_init(&title, 4096);
    buf_init(&abstract, 4096);
    draw(2 * id, 5, &title);
    draw(2 * id + 1, 20 + id % 60, &abstract);
    sqlite3_prepare_v2(fts, "insert into f(rowid, title, abstract) values (?, ?, ?)", -1, &s, NULL);
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_text(s, 2, buf_text(&title), (int)title.n, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, buf_text(&abstract), (int)abstract.n, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_DONE);
    sqlite3_finalize(s);
}

static int by_paper(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    return (x->paper > y->paper) - (x->paper < y->paper);
}

void test_index_hard__fts5_finds_the_same_papers_for_all_words(void **state)
{
    (void)state;
    static struct search_hit hits[TOP];
    enum { MANY = 40 };
    sqlite3 *fts = NULL;
    sqlite3_stmt *s = NULL;
    struct db *db = open_at(":memory:");
    keep_days(db, 0, MANY);
    sqlite3_open(":memory:", &fts);
    assert_int_equal(
        sqlite3_exec(fts, "create virtual table f using fts5(title, abstract, tokenize='porter unicode61')",
                     NULL, NULL, NULL),
        SQLITE_OK);
    for (uint32_t id = 1; id <= MANY * A_DAY; id++)
        fts_add(fts, id);
    sqlite3_prepare_v2(fts, "select rowid from f where f match ? order by rowid", -1, &s, NULL);
    size_t all = 0;
    for (uint64_t round = 0; round < 200; round++) {
        AUTO_BUF struct buf words;
        buf_init(&words, 4096);
        draw(700000 + round, 1 + round % 4, &words);
        size_t n = found(db, buf_span(&words), true, hits);
        if (n)
            qsort(hits, n, sizeof *hits, by_paper);
        sqlite3_bind_text(s, 1, buf_text(&words), (int)words.n, SQLITE_STATIC);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(sqlite3_step(s), SQLITE_ROW);
            assert_int_equal(sqlite3_column_int64(s, 0), hits[i].paper);
        }
        assert_int_equal(sqlite3_step(s), SQLITE_DONE);
        sqlite3_reset(s);
        all += n;
    }
    assert_true(all > 1000);
    sqlite3_finalize(s);
    sqlite3_close(fts);
    db_close(db);
}

/* ---- a kill ---- */

/* In a process of its own: day after day from what is there, a byte told for each that is kept. */
static void work_until_killed(const char *path, uint32_t from, int told)
{
    struct db *db = open_at(path);
    for (struct a_day d = {from}; d.number < DAYS; d.number++) {
        struct err err = {0};
        if (!db_write(db, keep_day, &d, &err) || write(told, "k", 1) != 1)
            _exit(1);
    }
    _exit(0);
}

static uint32_t days_in(const char *path)
{
    int64_t docs;
    struct err err = {0};
    struct db *db = open_at(path);
    assert_ok(db_number(db, &docs, 0, &err, "select sum(docs) from paper_seg"), &err);
    db_close(db);
    assert_int_equal(docs % A_DAY, 0);
    return (uint32_t)(docs / A_DAY);
}

void test_index_hard__a_kill_in_a_merge_loses_nothing_acknowledged(void **state)
{
    (void)state;
    char folder[] = "/tmp/respite-index-XXXXXX", path[256];
    struct rng rng;
    uint32_t have = 0;
    rng_seed(&rng, (uint64_t)getpid());
    temporary(folder, path, sizeof path);
    db_close(open_at(path));
    for (int kill_no = 0; kill_no < 12 && have < DAYS; kill_no++) {
        int told[2];
        char byte;
        assert_int_equal(pipe(told), 0);
        pid_t child = fork();
        if (child == 0)
            work_until_killed(path, have, told[1]);
        close(told[1]);
        struct timespec wait = {0, (long)(2 + rng_below(&rng, 250)) * 1000000};
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        uint32_t acknowledged = have;
        while (read(told[0], &byte, 1) == 1)
            acknowledged++;
        close(told[0]);
        have = days_in(path);
        assert_true(have == acknowledged || have == acknowledged + 1);
    }
    struct db *db = open_at(path);
    is_as_good(db, have);
    db_close(db);
    clear(folder, path);
}

/* ---- no space ---- */

static int64_t pages(struct db *db)
{
    int64_t n;
    struct err err = {0};
    assert_ok(db_number(db, &n, 0, &err, "pragma page_count"), &err);
    return n;
}

static void allow_pages(struct db *db, bool more)
{
    int64_t now = pages(db), set;
    struct err err = {0};
    if (more) {
        assert_ok(db_number(db, &set, 0, &err, "pragma max_page_count = 1000000"), &err);
        return;
    }
    /* SQLite takes no value here by $1: the smallest it grants is what the file has now. */
    assert_ok(db_number(db, &set, 0, &err, "pragma max_page_count = 1"), &err);
    assert_int_equal(set, now);
}

void test_index_hard__a_full_disk_in_a_merge_leaves_the_index_as_it_was(void **state)
{
    (void)state;
    char folder[] = "/tmp/respite-index-XXXXXX", path[256];
    int64_t segs;
    temporary(folder, path, sizeof path);
    struct db *db = open_at(path);
    keep_days(db, 0, INDEX_FAN - 1);
    struct a_day next = {INDEX_FAN - 1};
    allow_pages(db, false);
    struct err err = {0};
    assert_false(db_write(db, keep_day, &next, &err));
    assert_int_equal(err.code, E_FULL);
    assert_true(strlen(err.text) > 20);
    is_as_good(db, INDEX_FAN - 1);
    allow_pages(db, true);
    err_clear(&err);
    assert_ok(db_write(db, keep_day, &next, &err), &err);
    assert_ok(db_number(db, &segs, 0, &err, "select count(*) from paper_seg"), &err);
    assert_int_equal(segs, 1); /* merged */
    is_as_good(db, INDEX_FAN);
    db_close(db);
    clear(folder, path);
}
