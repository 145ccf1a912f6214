#ifndef TEST_IO_PG_H
#define TEST_IO_PG_H
/* A PostgreSQL of the test program's own, in a folder that goes with it: started at the first call, stopped
 * when the program ends, however it ends. Where PostgreSQL is not installed a test that needs it is skipped
 * with a word; in CI ($CI is set) that is a failure. Run as root it is the user postgres who runs it. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/db.h"
#include "test/io/place.h"

#define PG_BIN "/usr/lib/postgresql/15/bin/"
#define PG_MADE "RESPITE_TEST_PG" /* tells the other files of this program where it is */

static struct {
    struct place place;
    pid_t pid, owner;
    uint16_t port;
    char url[120], port_text[8], data[80];
} pg;

/* In a child: become who may run PostgreSQL, end with the test, say nothing, run. */
static inline void pg_run_as(const char *const *argv)
{
    struct passwd *who = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (who && (setgroups(0, NULL) || setgid(who->pw_gid) || setuid(who->pw_uid)))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    setpgid(0, 0);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    for (int fd = 3; fd < 64; fd++)
        close(fd);
    if (chdir("/") == 0)
        execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static inline bool pg_answers(void)
{
    struct err err = {0};
    struct db *db = NULL;
    bool open = db_open(&db, pg.url, &err);
    db_close(db);
    return open;
}

/* Also after pg_kill, on the same folder. */
static inline void pg_serve(void)
{
    const char *argv[] = {
        PG_BIN "postgres", "-D", pg.data, "-p", pg.port_text, "-c", "listen_addresses=127.0.0.1", "-k",
        pg.place.dir,      NULL};
    pg.pid = fork();
    if (pg.pid == 0)
        pg_run_as(argv);
    for (int i = 0; i < 600; i++) {
        if (pg_answers())
            return;
        usleep(50 * 1000);
    }
    print_error("the test's PostgreSQL did not start\n");
    _fail(__FILE__, __LINE__);
}

static inline void pg_stop(void)
{
    struct err err = {0};
    if (getpid() != pg.owner)
        return; /* a child of the test */
    kill(pg.pid, SIGINT);
    waitpid(pg.pid, NULL, 0);
    if (!file_remove(pg.place.dir, &err))
        fprintf(stderr, "%s\n", err.text);
}

/* It falls: no checkpoint, no goodbye to anybody, recovery from its log at the next start. */
static inline void pg_kill(void)
{
    kill(pg.pid, SIGQUIT);
    waitpid(pg.pid, NULL, 0);
}

static inline void pg_make(void)
{
    const char *argv[] = {PG_BIN "initdb", "-D", pg.data, "-A",      "trust", "--no-locale", "-E",
                          "UTF8",          "-N", "-U",    "respite", NULL};
    struct passwd *who = geteuid() == 0 ? getpwnam("postgres") : NULL;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    place_make(&pg.place);
    pg.owner = getpid();
    pg.port = ntohs(at.sin_port);
    snprintf(pg.port_text, sizeof pg.port_text, "%u", pg.port);
    snprintf(pg.data, sizeof pg.data, "%s/data", pg.place.dir);
    snprintf(pg.url, sizeof pg.url, "postgresql://respite:secret@127.0.0.1:%u/postgres", pg.port);
    if (who)
        assert_int_equal(chown(pg.place.dir, who->pw_uid, who->pw_gid), 0);
    pid_t pid = fork();
    if (pid == 0)
        pg_run_as(argv);
    assert_int_equal(place_wait(pid), 0);
    atexit(pg_stop);
    pg_serve();
    setenv(PG_MADE, pg.url, 1);
}

/* The address of the database, or NULL where there is no PostgreSQL: then the test skips. */
static inline const char *pg_url(void)
{
    if (!file_is_dir(PG_BIN)) {
        if (getenv("CI")) {
            print_error("PostgreSQL 15 is not installed: tools/setup test\n");
            _fail(__FILE__, __LINE__);
        }
        print_message("PostgreSQL 15 is not installed, so it was not tried\n");
        return NULL;
    }
    const char *made = getenv(PG_MADE);
    if (!pg.url[0] && made)
        snprintf(pg.url, sizeof pg.url, "%s", made);
    if (!pg.url[0])
        pg_make();
    return pg.url;
}

/* Forget all tables. */
static inline void pg_empty(struct db *db)
{
    struct err err = {0};
    assert_ok(db_run_script(db, "drop schema public cascade; create schema public", &err), &err);
}
#endif
