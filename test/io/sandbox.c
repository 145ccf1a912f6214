/* io/sandbox.h: entered in a child each time, since there is no way back. */
#include "test/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/db.h"
#include "io/httpd.h"
#include "io/proc.h"
#include "io/sandbox.h"
#include "test/io/place.h"

static struct place place;
static char open_dir[100], shut_dir[100], secret[120], program[120];

/* dir/open may be written, dir/shut not even read. */
static void make_places(void)
{
    place_make(&place);
    snprintf(open_dir, sizeof open_dir, "%s/open", place.dir);
    snprintf(shut_dir, sizeof shut_dir, "%s/shut", place.dir);
    snprintf(secret, sizeof secret, "%s/shut/shadow", place.dir);
    snprintf(program, sizeof program, "%s/shut/program", place.dir);
    assert_int_equal(mkdir(open_dir, 0700), 0);
    assert_int_equal(mkdir(shut_dir, 0700), 0);
    place_put(secret, "root:x", 6);
    place_put(program, "#!/bin/sh\nexit 0\n", 17);
    assert_int_equal(chmod(program, 0700), 0);
}

/* `look` in a child inside the sandbox: its exit status. */
static int inside_with(int (*look)(const struct sandbox_report *), bool connects)
{
    make_places();
    pid_t pid = fork();
    if (pid == 0) {
        const char *read[] = {"/etc", "/proc", "/nonexistent", NULL}, *write[] = {open_dir, NULL};
        const char *run[] = {"/usr", "/bin", "/lib", "/lib64", NULL};
        struct sandbox_plan plan = {read, write, run, connects};
        struct sandbox_report report;
        sandbox_enter(&plan, &report);
        _exit(look(&report));
    }
    int status = place_wait(pid);
    place_clear(&place);
    if (status == 77)
        skip(); /* a kernel without this half */
    return status;
}

static int inside(int (*look)(const struct sandbox_report *))
{
    return inside_with(look, false);
}

static int what_is_on(const struct sandbox_report *r)
{
    struct sandbox_report probe;
    if (r->files && r->calls && r->why[0])
        return 1;
    if (!(r->files && r->calls) && !r->why[0])
        return 2;
    if (r->files != (r->landlock_abi > 0))
        return 3;
    sandbox_probe(&probe);
    return probe.files == r->files && probe.calls == r->calls && probe.landlock_abi == r->landlock_abi ? 0
                                                                                                       : 4;
}

void test_sandbox__reports_what_is_on_and_the_probe_foresees_it(void **state)
{
    (void)state;
    assert_int_equal(inside(what_is_on), 0);
}

static int files(const struct sandbox_report *r)
{
    struct err err = {0};
    struct buf b;
    char own[200], other[200];
    if (!r->files)
        return 77;
    buf_init(&b, 100000);
    snprintf(own, sizeof own, "%s/f", open_dir);
    snprintf(other, sizeof other, "%s/f", shut_dir);
    if (open(secret, O_RDONLY) >= 0 || errno != EACCES)
        return 1;
    if (open("/tmp/new-respite-file", O_WRONLY | O_CREAT, 0600) >= 0)
        return 2;
    if (open("/etc/hostname-of-nobody", O_WRONLY | O_CREAT, 0600) >= 0)
        return 3;
    if (!file_write(own, SPAN("x"), &err) || !file_write(own, SPAN("yy"), &err) || !file_read(own, &b, &err))
        return 4;
    if (rename(own, other) == 0 || link(own, other) == 0)
        return 5;
    if (!file_read("/etc/passwd", &b, &err) || open("/dev/null", O_RDWR) < 0)
        return 6;
    if (r->landlock_abi >= 3 && truncate(secret, 0) == 0)
        return 7;
    return unlink(secret) == 0 ? 8 : 0;
}

void test_sandbox__files_outside_the_plan_are_out_of_reach(void **state)
{
    (void)state;
    assert_int_equal(inside(files), 0);
}

static int calls(const struct sandbox_report *r)
{
    int two[2];
    if (!r->calls)
        return 77;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
        return 1;
    if (socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || socket(AF_NETLINK, SOCK_RAW, 0) >= 0 ||
        socket(AF_PACKET, SOCK_RAW, 0) >= 0)
        return 2;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, two) != 0)
        return 3;
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s < 0)
        return 4;
    if (connect(s, (struct sockaddr *)&at, sizeof at) == 0 || errno != EPERM)
        return 5;
    if (bind(s, (struct sockaddr *)&at, sizeof at) == 0 || errno != EPERM)
        return 6;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 || errno != EPERM)
        return 7;
    if (unshare(CLONE_NEWUSER) == 0 || errno != EPERM)
        return 8;
    if (mount("none", "/tmp", "tmpfs", 0, NULL) == 0 || chroot("/") == 0)
        return 9;
    if (syscall(SYS_bpf, 0, NULL, 0) >= 0 || errno != EPERM)
        return 10;
    if (syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno != EPERM)
        return 11;
    if (syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0 || errno != EPERM)
        return 12;
    if (syscall(SYS_keyctl, 0, 0) >= 0 || errno != EPERM)
        return 13;
    return syscall(SYS_userfaultfd, 0) >= 0 || errno != EPERM ? 14 : 0;
}

void test_sandbox__no_road_out_and_no_door_into_others(void **state)
{
    (void)state;
    assert_int_equal(inside(calls), 0);
}

/* A lab with PostgreSQL: it may call, nobody new may call it. */
static int calls_out(const struct sandbox_report *r)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (!r->calls)
        return 77;
    int four = socket(AF_INET, SOCK_STREAM, 0), six = socket(AF_INET6, SOCK_DGRAM, 0),
        here = socket(AF_UNIX, SOCK_STREAM, 0);
    if (four < 0 || six < 0 || here < 0)
        return 1;
    if (connect(four, (struct sockaddr *)&at, sizeof at) == 0 || errno != ECONNREFUSED)
        return 2;
    at.sin_port = 0;
    if (bind(four, (struct sockaddr *)&at, sizeof at) == 0 || errno != EPERM || listen(four, 1) == 0)
        return 3;
    for (int family = 0; family < 60; family++)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6 &&
            (socket(family, SOCK_RAW, 0) >= 0 || errno != EPERM))
            return 4;
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 || errno != EPERM ? 5 : 0;
}

void test_sandbox__who_may_connect_may_not_listen(void **state)
{
    (void)state;
    assert_int_equal(inside_with(calls_out, true), 0);
}

static int programs(const struct sandbox_report *r)
{
    struct err err = {0};
    struct proc_end end;
    struct buf out;
    const char *git[] = {"git", "--version", NULL}, *own[] = {program, NULL};
    const char *pipeline[] = {"sh", "-c", "echo a | cat >/dev/null && ! cat \"$0\"", secret, NULL};
    struct proc_spec listed = {.argv = git}, unlisted = {.argv = own}, shell = {.argv = pipeline};
    buf_init(&out, 10000);
    if (!proc_output(&listed, &out, &end, &err) || end.status != 0 ||
        !span_starts(buf_span(&out), SPAN("git version")))
        return 1;
    if (!proc_output(&shell, &out, &end, &err) || end.status != (r->files ? 0 : 1))
        return 2;
    if (!r->files)
        return 77;
    if (proc_output(&unlisted, &out, &end, &err) || err.code != E_MISSING)
        return 3;
    return 0;
}

void test_sandbox__children_run_from_the_list_and_are_bound_too(void **state)
{
    (void)state;
    assert_int_equal(inside(programs), 0);
}

static int killing(const struct sandbox_report *r)
{
    struct err err = {0};
    struct proc_end end;
    struct proc *p = NULL;
    const char *argv[] = {"sleep", "60", NULL};
    struct proc_spec spec = {.argv = argv};
    (void)r;
    return proc_start(&p, &spec, &err) && proc_finish(p, true, &end, &err) && end.status == 128 + 9 ? 0 : 1;
}

void test_sandbox__our_own_children_can_be_stopped(void **state)
{
    (void)state;
    assert_int_equal(inside(killing), 0);
}

static int database(const struct sandbox_report *r)
{
    (void)r;
    struct err err = {0};
    struct db *db = NULL;
    char path[200];
    snprintf(path, sizeof path, "%s/x.db", open_dir);
    if (!db_open(&db, path, &err) || !db_run(db, &err, "create table t(a)") ||
        !db_run(db, &err, "insert into t values ($1)", V_INT(1)) || !db_check(db, &err))
        return 1;
    db_close(db);
    return db_open(&db, path, &err) ? 0 : 2;
}

void test_sandbox__the_database_works_inside(void **state)
{
    (void)state;
    assert_int_equal(inside(database), 0);
}

static void serve(void *arg, const struct request *request, struct reply *reply)
{
    (void)arg;
    (void)request;
    buf_add_text(&reply->body, "inside");
}

/* The order app/ keeps: listen, enter, start the thread. */
static void be_a_server(int fd, const char *const *hosts, int ready)
{
    struct err err = {0};
    struct httpd *h = NULL;
    const char *none[] = {NULL};
    struct sandbox_plan plan = {none, none, none, false};
    struct sandbox_report report;
    struct httpd_options o = {.fd = fd, .hosts = hosts, .body_most = 10, .serve = serve};
    sandbox_enter(&plan, &report);
    if (!httpd_start(&h, &o, &err) || write(ready, "x", 1) != 1)
        _exit(1);
    pause();
    _exit(0);
}

void test_sandbox__pages_are_served_from_inside(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const hosts[] = {"here", NULL};
    static const char request[] = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
    uint16_t port = 0;
    int fd = -1, ends[2];
    char text[2000] = "";
    size_t n = 0;
    assert_int_equal(pipe(ends), 0);
    assert_ok(httpd_listen("127.0.0.1", &port, &fd, &err), &err);
    pid_t pid = fork();
    if (pid == 0)
        be_a_server(fd, hosts, ends[1]);
    close(ends[1]);
    close(fd);
    assert_int_equal(read(ends[0], text, 1), 1);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(s, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(s, request, sizeof request - 1, 0), sizeof request - 1);
    for (ssize_t got; n < sizeof text - 1 && (got = recv(s, text + n, sizeof text - 1 - n, 0)) > 0;)
        n += (size_t)got;
    text[n] = '\0';
    kill(pid, 9);
    assert_int_equal(place_wait(pid), 128 + 9);
    close(s);
    close(ends[0]);
    assert_non_null(strstr(text, "200 OK"));
    assert_non_null(strstr(text, "inside"));
}
