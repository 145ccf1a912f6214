/* `respite lab serve`: one process of a lab. What it may still do is given up before its first thread is
 * made; then requests are answered by threads of the library, written through one writer, and this thread
 * runs what is due. Processes of one lab are equal and remember nothing that matters: all of it is in the
 * database. */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "anon/rotate.h"
#include "anon/witness_ask.h"
#include "app/lab.h"
#include "app/lab_hall.h"
#include "app/lab_keep.h"
#include "app/lab_notify.h"
#include "base/note.h"
#include "io/clock.h"
#include "io/httpd.h"
#include "io/sandbox.h"

#include "base/banned.h"

enum {
    PORT = 7465,
    THREADS = 16,
    STACK = 512 * 1024,
    REQUEST_SECONDS = 10,
    SPARE_FILES = 128,       /* descriptors for databases and files, beside connections */
    CONNECTIONS = 16 * 1024, /* at most, where the system allows so many descriptors */
    BEAT_MS = 15 * 1000,
};

const struct cli_option lab_serve_options[] = {
    {"port", "N", N_("lab.serve.opt.port", "listen on this port; 7465 unless said otherwise, 0 for any")},
    {"address", "A",
     N_("lab.serve.opt.address", "listen at this address of the machine; 127.0.0.1 unless said otherwise")},
    {"db", "URL", N_("lab.serve.opt.db", "postgresql://…: a database that several processes share")},
    {"role", "ROLE", N_("lab.serve.opt.role", "serve the issuer's or the board's half alone: issuer, board")},
    {"batch", "SECONDS", N_("lab.serve.opt.batch", "seconds between batches, in a trial lab")},
    {0}};

static volatile sig_atomic_t stopping;

static void on_signal(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

/* ---- what was asked for ---- */

static bool db_option(struct app *app, const char **url, struct err *err)
{
    *url = cli_value(app->cli, "db");
    return !*url || span_starts(span_of(*url), SPAN("postgresql://")) ||
           span_starts(span_of(*url), SPAN("postgres://")) ||
           fail(err, E_USAGE,
                tr("err.lab.db", "--db takes postgresql://[user[:password]@]host[:port]/name. Without it the "
                                 "lab keeps a file of its own."));
}

static bool role_option(struct app *app, const struct lab *lab, enum role *out, struct err *err)
{
    const char *named = cli_value(app->cli, "role");
    enum role asked = !named                              ? lab->role
                      : span_is(span_of(named), "issuer") ? ISSUER
                      : span_is(span_of(named), "board")  ? BOARD
                                                          : (enum role)0;
    if (!asked)
        return fail(err, E_USAGE, tr("err.lab.role", "--role takes issuer or board."));
    *out = asked;
    return (asked & lab->role) == asked ||
           fail(err, E_USAGE,
                tr("err.lab.not_role", "This lab is the %s of two operators; it cannot serve as the other."),
                lab->role == ISSUER ? tr("lab.issuer", "issuer") : tr("lab.board", "board"));
}

static bool batch_option(struct app *app, struct lab *lab, struct err *err)
{
    long seconds;
    if (!cli_number(app->cli, "batch", 0, 1, 86400, &seconds, err))
        return false;
    lab->batch = seconds;
    return !seconds || lab->trial ||
           fail(err, E_USAGE,
                tr("err.lab.batch", "--batch is for trial labs: a real one publishes at the hours that its "
                                    "record names."));
}

static bool paired(const struct lab *lab, struct err *err)
{
    return (lab->role != ISSUER || lab->board_vkey) ||
           fail(err, E_REFUSED,
                tr("err.lab.unpaired", "The board's keys are not known here yet: type the `respite lab pair` "
                                       "line that its operator's `lab init` printed, then start again."));
}

/* ---- starting ---- */

struct serving {
    struct app app; /* of this thread: app.db is its handle */
    struct lab_hall hall;
    struct notify notify;
    struct httpd *httpd;
    int fd;
    uint16_t port;
    const char *address;
    unsigned connections;
};

/* All descriptors that may be had. The connections are what is left of them. */
static unsigned raise_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 256;
    files.rlim_cur = files.rlim_max;
    (void)!setrlimit(RLIMIT_NOFILE, &files);
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < 2 * SPARE_FILES)
        return 64;
    return files.rlim_cur - SPARE_FILES > CONNECTIONS ? CONNECTIONS : (unsigned)files.rlim_cur - SPARE_FILES;
}

static bool listen_here(struct serving *s, struct err *err)
{
    long port;
    const char *address = cli_value(s->app.cli, "address");
    if (!cli_number(s->app.cli, "port", PORT, 0, 65535, &port, err))
        return false;
    s->address = address ? address : "127.0.0.1";
    s->port = (uint16_t)port;
    return httpd_listen(s->address, &s->port, &s->fd, err);
}

static bool first_entries(struct db *db, void *arg, struct err *err)
{
    struct app *app = arg;
    uint64_t size;
    return db_alone(db, err) && tlog_size(db, &size, err) &&
           (size > 0 || (rotate_begin(app, db, err) && lab_begun(db, err)));
}

/* The log begins with the first start; its genesis holds the address for good. */
static bool begin_log(struct serving *s, struct err *err)
{
    struct lab *lab = s->app.lab;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", (unsigned)s->port);
    if (!lab_settle(lab, s->app.db, err) || (!lab->issuer[0] && !lab_at(lab, url, err)))
        return false;
    return lab_now(s->app.db, &s->app.now, err) && db_write(s->app.db, first_entries, &s->app, err) &&
           lab_settle(lab, s->app.db, err);
}

/* The database first: it is older than the head that is kept beside it, or of another lab, or newer than this
 * program, before anything is written into it. */
static bool open_database(struct serving *s, struct err *err)
{
    struct lab *lab = s->app.lab;
    const char *dir = file_join(s->app.arena, s->app.paths->data, "lab");
    if (!dir)
        return fail_memory(err);
    setenv("SQLITE_TMPDIR", dir, 1); /* VACUUM writes a copy: into the one folder that is ours */
    return file_make_dir(dir, true, err) && lab_keep_use(&s->app, err) &&
           db_open(&s->app.db, lab->db_url, err) && lab_migrate(&s->app, s->app.db, err) &&
           tlog_head_check(s->app.db, &lab->log, lab->head_file, err) && begin_log(s, err) &&
           tlog_head_keep(s->app.db, lab->head_file, err);
}

/* Landlock: DATA/lab to write, the system's files to read (libraries that are loaded when first needed,
 * names, certificates, zones). Connections: none at all with a database of its own and one operator. With
 * PostgreSQL a lost connection is made anew, and a lab of two operators fetches the other's log, one that has
 * witnesses shows them its own, one with models asks them, so connect() stays, to any address: which one is
 * decided by the key file, by `lab witness` and --db, not by what came over the wire. */
static bool rooms_connect(struct serving *s)
{
    bool any = false;
    struct err err = {0};
    for (const struct room *const *room = s->app.rooms; *room; room++) {
        bool one = false;
        if ((*room)->connects && !(*room)->connects(&s->app, &one, &err))
            note("%s", err.text);
        err_clear(&err);
        any |= one;
    }
    return any;
}

static void enter_sandbox(struct serving *s)
{
    static const char *const read[] = {"/usr",         "/lib",      "/lib64",       "/etc", "/proc",
                                       "/dev/urandom", "/dev/null", "/run/systemd", NULL};
    const struct lab *lab = s->app.lab;
    const char *const write[] = {file_join(s->app.arena, s->app.paths->data, "lab"), "/dev/null", NULL};
    struct sandbox_report report = {0};
    bool asks = false, connects = cli_value(s->app.cli, "db") || lab->role != LAB;
    struct err none = {0};
    if (!witness_ask_any(s->app.db, &asks, &none) || asks)
        connects = true;
    connects |= (lab->role & BOARD) && rooms_connect(s);
    sandbox_enter(&(struct sandbox_plan){.read = read, .write = write, .connects = connects}, &report);
    if (report.why[0])
        note("%s", report.why);
}

static bool start_threads(struct serving *s, struct err *err)
{
    struct db *own = NULL;
    if (!acts_check(s->app.rooms, err) || !db_open(&own, s->app.lab->db_url, err) ||
        !writer_start(&s->app.lab->writer, own, err))
        return false;
    lab_hall_open(&s->hall, &s->app);
    return httpd_start(&s->httpd,
                       &(struct httpd_options){.fd = s->fd,
                                               .body_most = LAB_BODY_MOST,
                                               .connections = s->connections,
                                               .seconds = REQUEST_SECONDS,
                                               .whole = REQUEST_SECONDS,
                                               .stack = STACK,
                                               .lab = true,
                                               .refused = lab_hall_refused,
                                               .serve = lab_hall_serve,
                                               .threads = THREADS,
                                               .arg = &s->hall},
                       err);
}

static bool greet(const struct serving *s, struct err *err)
{
    struct buf AUTO_BUF out;
    const struct lab *lab = s->app.lab;
    char port[8];
    buf_init(&out, 1 << 16);
    snprintf(port, sizeof port, "%u", (unsigned)s->port);
    words_say(&out,
              tr("lab.serve.on",
                 "The lab “{name}” is served at {address}, port {port}, as {url}. Ctrl-C ends "
                 "it."),
              {"name", lab->name}, {"address", s->address}, {"port", port},
              {"url", lab->role & ISSUER ? lab->issuer[0] : lab->board[0]});
    buf_add_byte(&out, '\n');
    if (lab->trial)
        buf_printf(&out, "%s\n", tr("lab.serve.trial", "It is a trial lab."));
    return cmd_print(&out, err) && (fflush(stdout) == 0 || true);
}

static bool start(struct serving *s, struct err *err)
{
    const char *url;
    if (!db_option(&s->app, &url, err) || !lab_load(s->app.arena, s->app.paths, url, &s->app.lab, err) ||
        !role_option(&s->app, s->app.lab, &s->app.role, err) || !batch_option(&s->app, s->app.lab, err) ||
        !paired(s->app.lab, err))
        return false;
    setenv("TZ", s->app.lab->zone, 1);
    tzset();
    mallopt(M_ARENA_MAX, 2);
    notify_open(&s->notify);
    s->connections = raise_files();
    if (!listen_here(s, err) || !open_database(s, err))
        return false;
    enter_sandbox(s);
    return start_threads(s, err);
}

/* ---- running ---- */

static void catch_signals(sigset_t *open)
{
    struct sigaction stop = {.sa_handler = on_signal};
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < 3; i++) {
        int number = (const int[]){SIGINT, SIGTERM, SIGHUP}[i];
        sigaction(number, &stop, NULL);
        sigaddset(&held, number);
    }
    pthread_sigmask(SIG_BLOCK, &held, open);
}

/* Each second: connections whose time is over. Each beat: what is due. */
static void run(struct serving *s, const sigset_t *open)
{
    int64_t beat = s->app.lab->batch ? 1000 : BEAT_MS, next = 0;
    while (!stopping) {
        int64_t now = clock_boot_ms();
        if (now >= next) {
            lab_hall_beat(&s->hall, &s->app);
            next = now + beat;
        }
        httpd_sweep(s->httpd);
        notify_alive(&s->notify);
        struct timespec second = {1, 0};
        ppoll(NULL, 0, &second, open);
    }
}

static void stop(struct serving *s)
{
    notify_say(&s->notify, "STOPPING=1");
    httpd_stop(s->httpd);
    if (!s->httpd && s->fd >= 0)
        close(s->fd);
    if (s->app.lab)
        writer_stop(s->app.lab->writer);
    lab_hall_close(&s->hall);
    db_close(s->app.db);
    lab_free(s->app.lab);
    notify_close(&s->notify);
}

int cmd_lab_serve(struct app *app)
{
    struct err err = {0};
    struct serving s = {.app = *app, .fd = -1, .notify = {.fd = -1}};
    sigset_t open;
    catch_signals(&open);
    bool up = start(&s, &err) && greet(&s, &err);
    if (up) {
        notify_say(&s.notify, "READY=1");
        run(&s, &open);
    }
    bool shut = s.httpd != NULL;
    int status = up ? 0 : cmd_failed(&err);
    stop(&s);
    fflush(NULL);
    if (shut)
        _exit(
            status); /* from inside the sandbox: what looks at a process at its end (leak checkers) may not */
    return status;
}
