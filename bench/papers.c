/* The index of papers beside SQLite's FTS5, both from the same texts in memory: bench_papers FOLDER TSV
 * ours|fts|queries. Prints name, tab, figure; bench/papers draws the table. `queries` prints those that both
 * are asked, for others: kind, tab, words.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "bench/texts.h"
#include "io/file.h"
#include "num/rng.h"
#include "papers/papers_db.h"
#include "papers/search.h"
#include "papers/tokens.h"

#include "base/banned.h"

enum { QUERIES = 300, BEST = 10, DAY = 1000 };
enum kind { AND2, OR4, TITLE, KINDS };
static const char *const kind_names[] = {"and2", "or4", "title"};

static struct texts papers;
static struct err err;

static void end(const char *what)
{
    fprintf(stderr, "bench_papers: %s: %s\n", what, err.text);
    exit(1);
}

/* ---- queries, the same for both ---- */

/* Words of `paper` longer than two letters, drawn without repeats; all of its title's for TITLE. */
static struct span query(struct rng *rng, enum kind kind, struct buf *out)
{
    const struct text *p = &papers.at[rng_below(rng, papers.n)];
    struct span words[64];
    size_t n = 0, want = kind == AND2 ? 2 : kind == OR4 ? 4 : 12;
    struct tokens t;
    AUTO_BUF struct buf folded;
    static char held[64][TOKEN_MOST];
    buf_init(&folded, 1 << 20);
    tokens_begin(&t, kind == TITLE ? p->title : p->abstract, &folded);
    while (n < 64 && tokens_next(&t))
        if (!t.joined && (uint8_t)t.word.p[0] < 128 && (kind == TITLE || t.word.n > 2)) {
            memcpy(held[n], t.word.p, t.word.n);
            words[n] = span_bytes(held[n], t.word.n);
            n++;
        }
    buf_reset(out);
    for (size_t i = 0; i < want && n; i++) {
        size_t at = kind == TITLE ? 0 : rng_below(rng, n);
        buf_printf(out, "%s%.*s", i ? " " : "", SPAN_ARG(words[at]));
        memmove(words + at, words + at + 1, (--n - at) * sizeof *words);
    }
    return buf_span(out);
}

static void say_queries(void)
{
    AUTO_BUF struct buf words;
    buf_init(&words, 1 << 16);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct rng rng;
        rng_seed(&rng, 17 + kind);
        for (size_t i = 0; i < QUERIES; i++)
            printf("%s\t%.*s\n", kind_names[kind], SPAN_ARG(query(&rng, kind, &words)));
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void say_times(const char *who, enum kind kind, double *ms)
{
    qsort(ms, QUERIES, sizeof *ms, by_value);
    printf("%s_%s_p50\t%.4f\n%s_%s_p99\t%.4f\n", who, kind_names[kind], ms[QUERIES / 2], who,
           kind_names[kind], ms[QUERIES * 99 / 100]);
}

static double file_mb(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 ? (double)s.st_size / 1e6 : 0;
}

/* ---- ours ---- */

struct work {
    struct index_build *build;
    size_t from, to;
};

static bool build_work(struct db *db, void *arg, struct err *e)
{
    struct work *w = arg;
    for (size_t i = w->from; i < w->to; i++) {
        struct index_paper p = {(uint32_t)i + 1,       (int32_t)i, papers.at[i].title,
                                papers.at[i].abstract, {0},        {0}};
        if (!index_build_add(w->build, &p, e))
            return false;
        if (index_build_full(w->build) && !index_keep(db, w->build, NULL, 0, e))
            return false;
    }
    return index_keep(db, w->build, NULL, 0, e);
}

static void time_ours(struct db *db)
{
    AUTO_INDEX struct index index = {0};
    AUTO_BUF struct buf words;
    static struct search_hit hits[BEST];
    buf_init(&words, 1 << 16);
    double before = seconds_wall();
    if (!index_open(&index, db, &err))
        end("open");
    printf("ours_open_ms\t%.2f\n", (seconds_wall() - before) * 1e3);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        static double ms[QUERIES];
        for (int warm = 0; warm < 2; warm++) {
            struct rng rng;
            rng_seed(&rng, 17 + kind);
            for (size_t i = 0; i < QUERIES; i++) {
                struct search q;
                size_t n;
                struct span text = query(&rng, kind, &words);
                double start = seconds_wall();
                if (!text.n || !search_read(&q, &index, text, &err)) {
                    err_clear(&err);
                    continue;
                }
                if (kind == AND2)
                    search_all(&q);
                if (!search_run(&q, &index, BEST, hits, &n, &err))
                    end("search");
                ms[i] = (seconds_wall() - start) * 1e3;
            }
        }
        say_times("ours", kind, ms);
    }
}

static void ours(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/ours.db", folder);
    struct db *db = NULL;
    struct migration_set set = {"papers", papers_migrations};
    size_t day = papers.n > 20 * DAY ? DAY : 0;
    struct work w = {index_build_new(&err), 0, papers.n - day};
    if (!w.build || !db_open(&db, path, &err) || !migrate(db, &set, 1, 1, NULL, &err))
        end("open");
    double start = seconds_cpu();
    if (!db_write(db, build_work, &w, &err))
        end("build");
    double took = seconds_cpu() - start;
    index_build_free(w.build);
    printf("ours_build_s\t%.3f\nours_build_mb_s\t%.1f\nours_rss_mb\t%.0f\n", took,
           (double)texts_bytes(&papers, 0, w.to) / 1e6 / took, resident_mb());
    if (day) {
        w = (struct work){index_build_new(&err), papers.n - day, papers.n};
        start = seconds_cpu();
        if (!w.build || !db_write(db, build_work, &w, &err))
            end("a day");
        printf("ours_day_ms\t%.1f\n", (seconds_cpu() - start) * 1e3);
        index_build_free(w.build);
    }
    time_ours(db);
    db_close(db);
    printf("ours_file_mb\t%.1f\n", file_mb(path));
}

/* ---- FTS5 ---- */

static void sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_papers: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void build_fts(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    sql(db, "create virtual table f using fts5(title, abstract, content='', tokenize='porter unicode61')");
    sql(db, "begin");
    sqlite3_prepare_v2(db, "insert into f(rowid, title, abstract) values (?, ?, ?)", -1, &s, NULL);
    for (size_t i = 0; i < papers.n; i++) {
        sqlite3_bind_int64(s, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_text(s, 2, papers.at[i].title.p, (int)papers.at[i].title.n, SQLITE_STATIC);
        sqlite3_bind_text(s, 3, papers.at[i].abstract.p, (int)papers.at[i].abstract.n, SQLITE_STATIC);
        sqlite3_step(s);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    sql(db, "commit");
}

static void time_fts(sqlite3 *db)
{
    AUTO_BUF struct buf words, match;
    buf_init(&words, 1 << 16);
    buf_init(&match, 1 << 16);
    sqlite3_stmt *s = NULL;
    sqlite3_prepare_v2(db, "select rowid, rank from f where f match ? order by rank limit 10", -1, &s, NULL);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        static double ms[QUERIES];
        struct rng rng;
        rng_seed(&rng, 17 + kind);
        for (size_t i = 0; i < QUERIES; i++) {
            struct span rest = query(&rng, kind, &words), one;
            buf_reset(&match);
            while (rest.n) {
                span_cut(&rest, ' ', &one);
                buf_printf(&match, "%s\"%.*s\"", match.n ? (kind == AND2 ? " AND " : " OR ") : "",
                           SPAN_ARG(one));
            }
            double start = seconds_wall();
            sqlite3_bind_text(s, 1, buf_text(&match), (int)match.n, SQLITE_STATIC);
            while (sqlite3_step(s) == SQLITE_ROW)
                ;
            sqlite3_reset(s);
            ms[i] = (seconds_wall() - start) * 1e3;
        }
        say_times("fts", kind, ms);
    }
    sqlite3_finalize(s);
}

static void fts(const char *folder)
{
    char path[4096];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/fts.db", folder);
    sqlite3_open(path, &db);
    sql(db, "pragma journal_mode = wal; pragma cache_size = -65536");
    double start = seconds_cpu();
    build_fts(db);
    double took = seconds_cpu() - start;
    printf("fts_build_s\t%.3f\nfts_build_mb_s\t%.1f\nfts_rss_mb\t%.0f\n", took,
           (double)texts_bytes(&papers, 0, papers.n) / 1e6 / took, resident_mb());
    time_fts(db);
    sql(db, "pragma wal_checkpoint(truncate)");
    sqlite3_close(db);
    printf("fts_file_mb\t%.1f\n", file_mb(path));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_papers FOLDER TSV ours|fts|queries\n");
        return 2;
    }
    papers = texts_read(argv[2]);
    if (strcmp(argv[3], "queries") == 0) {
        say_queries();
        return 0;
    }
    printf("papers\t%zu\nmb\t%.1f\ntexts_rss_mb\t%.0f\n", papers.n,
           (double)texts_bytes(&papers, 0, papers.n) / 1e6, resident_mb());
    if (strcmp(argv[3], "fts") == 0)
        fts(argv[1]);
    else
        ours(argv[1]);
    return 0;
}
