/* Children by posix_spawn. Standard input and standard error are files in memory (memfd), standard output is
 * a pipe: whatever the child does, neither side can wait for the other for ever. A child inherits descriptors
 * 0 to 2 and nothing else, no blocked signal, and is the head of a process group of its own, so that stopping
 * it stops what it started.
 *
 * Running children stand in a fixed table of atomic slots: proc_stop_all() only reads it and calls kill(2),
 * so a signal handler may. A slot holds 0 (free), RESERVED, a process id, or the id negated for the moment in
 * which proc_stop_all uses it: whoever reaps the child waits for that moment to pass, so that an id is never
 * signalled after it was given to somebody else. */
#include "io/proc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

enum { SLOTS = 64, RESERVED = INT_MAX, STDERR_MOST = 64 * 1024 };

static atomic_int slots[SLOTS];
static atomic_bool stopped;
static atomic_ulong count;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "slots are read in a signal handler");

struct proc {
    pid_t pid;
    int out, errs, slot;
};

static bool was_stopped(struct err *err)
{
    return fail(err, E_STOPPED, tr("err.io.stopped", "Stopped, as you asked."));
}

static bool no_start(const char *name, int number, struct err *err)
{
    char words[128];
    if (number == ENOENT || number == EACCES || number == ENOTDIR)
        return fail(err, E_MISSING,
                    tr("err.io.no_program", "There is no program “%s” that may be run here. Install it, or "
                                            "add its folder to PATH."),
                    name);
    if (number == ENOMEM)
        return fail_memory(err);
    return fail(err, E_SYSTEM,
                tr("err.io.no_start", "The program “%s” could not be started: %s. Try again in a moment."),
                name, err_system(number, words, sizeof words));
}

/* ---- the table of running children ---- */

static int slot_take(void)
{
    for (int i = 0; i < SLOTS; i++) {
        int none = 0;
        if (atomic_compare_exchange_strong(&slots[i], &none, RESERVED))
            return i;
    }
    return -1;
}

static void slot_free(int slot, int holds)
{
    int expected = holds;
    while (!atomic_compare_exchange_weak(&slots[slot], &expected, 0))
        expected = holds; /* negated for a moment by proc_stop_all */
}

void proc_stop_all(void)
{
    int kept_errno = errno;
    stopped = true;
    for (int i = 0; i < SLOTS; i++) {
        int pid = slots[i];
        if (pid > 0 && pid != RESERVED && atomic_compare_exchange_strong(&slots[i], &pid, -pid)) {
            kill(-pid, SIGKILL);
            slots[i] = pid;
        }
    }
    errno = kept_errno;
}

bool proc_stopped(void)
{
    return stopped;
}

unsigned long proc_count(void)
{
    return count;
}

/* ---- starting ---- */

static bool starts(const char *entry, const char *with)
{
    return strncmp(entry, with, strlen(with)) == 0;
}

static bool replaced(const char *entry, const char *const *set)
{
    for (; set && *set; set++) {
        const char *is = strchr(*set, '=');
        if (is && strncmp(entry, *set, (size_t)(is - *set) + 1) == 0)
            return true;
    }
    return false;
}

/* The child's environment: ours without what is dropped, with what is set. The array is for mem_free; its
 * strings are borrowed. */
static char **make_env(const struct proc_spec *spec)
{
    size_t n = 1, used = 0;
    for (char **e = environ; e && *e; e++)
        n++;
    for (const char *const *s = spec->set_env; s && *s; s++)
        n++;
    char **env = mem_get(n * sizeof *env);
    if (!env)
        return NULL;
    for (char **e = environ; e && *e; e++)
        if (!(spec->drop_env && starts(*e, spec->drop_env)) && !replaced(*e, spec->set_env))
            env[used++] = *e;
    for (const char *const *s = spec->set_env; s && *s; s++)
        env[used++] = (char *)(uintptr_t)*s;
    return env;
}

/* Out of the way of 0, 1, 2, which the child's own are copied onto (we may have been started with one of them
 * closed). */
static int above_standard(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int number = errno;
    close(fd);
    errno = number;
    return high;
}

static int memory_file(const char *name)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL | MFD_ALLOW_SEALING);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return above_standard(fd);
}

static int input_file(struct span input)
{
    int fd = memory_file("stdin");
    while (fd >= 0 && input.n) {
        ssize_t put = write(fd, input.p, input.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            int number = errno;
            close(fd);
            errno = number;
            return -1;
        }
        input = span_from(input, (size_t)put);
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Where complaints go: 64 kB of zeroes that cannot grow, so that a talkative child fills no memory. */
static int errors_file(void)
{
    int fd = memory_file("stderr");
    if (fd >= 0 &&
        (ftruncate(fd, STDERR_MOST) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0)) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

struct ends {
    int in, out_read, out_write, errs;
};

static void close_ends(struct ends *e)
{
    int *all[] = {&e->in, &e->out_read, &e->out_write, &e->errs};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (*all[i] >= 0)
            close(*all[i]);
        *all[i] = -1;
    }
}

/* 0, or the system's number. */
static int open_ends(struct ends *e, struct span input)
{
    int two[2];
    *e = (struct ends){-1, -1, -1, -1};
    if (pipe2(two, O_CLOEXEC) != 0)
        return errno;
    e->out_read = above_standard(two[0]);
    e->out_write = above_standard(two[1]);
    if (e->out_read >= 0 && e->out_write >= 0)
        e->in = input_file(input);
    if (e->in >= 0)
        e->errs = errors_file();
    return e->errs >= 0 ? 0 : errno;
}

static int spawn_with(pid_t *pid, const struct ends *e, const struct proc_spec *spec, char **env,
                      posix_spawn_file_actions_t *files, posix_spawnattr_t *attr)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int number = posix_spawn_file_actions_adddup2(files, e->in, 0);
    if (!number)
        number = posix_spawn_file_actions_adddup2(files, e->out_write, 1);
    if (!number)
        number = posix_spawn_file_actions_adddup2(files, e->errs, 2);
    if (!number)
        number = posix_spawn_file_actions_addclosefrom_np(files, 3);
    if (!number)
        number = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETPGROUP);
    if (number)
        return number;
    posix_spawnattr_setsigdefault(attr, &all);
    posix_spawnattr_setsigmask(attr, &none);
    posix_spawnattr_setpgroup(attr, 0);
    return posix_spawnp(pid, spec->argv[0], files, attr, (char *const *)(uintptr_t)spec->argv, env);
}

static int spawn(pid_t *pid, const struct ends *e, const struct proc_spec *spec, char **env)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    int number = posix_spawn_file_actions_init(&files);
    if (number)
        return number;
    number = posix_spawnattr_init(&attr);
    if (number == 0) {
        number = spawn_with(pid, e, spec, env, &files, &attr);
        posix_spawnattr_destroy(&attr);
    }
    posix_spawn_file_actions_destroy(&files);
    return number;
}

/* The child into `p`, whose slot is reserved. */
static bool start_in(struct proc *p, const struct proc_spec *spec, struct err *err)
{
    char **env = make_env(spec);
    if (!env)
        return fail_memory(err);
    struct ends e;
    int number = open_ends(&e, spec->input);
    if (number == 0)
        number = spawn(&p->pid, &e, spec, env);
    mem_free(env);
    if (number) {
        close_ends(&e);
        return no_start(spec->argv[0], number, err);
    }
    p->out = e.out_read;
    p->errs = e.errs;
    e.out_read = e.errs = -1;
    close_ends(&e);
    return true;
}

bool proc_start(struct proc **out, const struct proc_spec *spec, struct err *err)
{
    if (stopped)
        return was_stopped(err);
    struct proc *p = mem_get(sizeof *p);
    if (!p)
        return fail_memory(err);
    p->slot = slot_take();
    if (p->slot < 0) {
        mem_free(p);
        return fail(
            err, E_BUSY,
            tr("err.io.many_programs", "Too many programs are running at once. Try again in a moment."));
    }
    if (!start_in(p, spec, err)) {
        slot_free(p->slot, RESERVED);
        mem_free(p);
        return false;
    }
    slots[p->slot] = p->pid;
    count++;
    if (stopped) /* said between the question above and the slot: the handler saw no id yet */
        kill(-p->pid, SIGKILL);
    *out = p;
    return true;
}

/* ---- starting for good ---- */

/* In the child between us and the program. 0, or the system's number. */
static int launch_with(const struct proc_spec *spec, char **env, posix_spawn_file_actions_t *files,
                       posix_spawnattr_t *attr)
{
    sigset_t all, none;
    pid_t pid;
    int number = 0;
    sigfillset(&all);
    sigemptyset(&none);
    for (int fd = 0; fd <= 2 && !number; fd++)
        number = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
    if (!number)
        number = posix_spawn_file_actions_addclosefrom_np(files, 3);
    if (!number)
        number = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSID);
    if (number)
        return number;
    posix_spawnattr_setsigdefault(attr, &all);
    posix_spawnattr_setsigmask(attr, &none);
    return posix_spawnp(&pid, spec->argv[0], files, attr, (char *const *)(uintptr_t)spec->argv, env);
}

static int launch(const struct proc_spec *spec, char **env)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    int number = posix_spawn_file_actions_init(&files);
    if (number)
        return number;
    number = posix_spawnattr_init(&attr);
    if (number == 0) {
        number = launch_with(spec, env, &files, &attr);
        posix_spawnattr_destroy(&attr);
    }
    posix_spawn_file_actions_destroy(&files);
    return number;
}

/* By a child that ends at once, so that the program is nobody's to reap but the system's. The child's exit
 * status is the number of its failure, all of which are below 256. */
bool proc_launch(const struct proc_spec *spec, struct err *err)
{
    int status = 0;
    if (stopped)
        return was_stopped(err);
    char **env = make_env(spec);
    if (!env)
        return fail_memory(err);
    pid_t between = fork();
    if (between == 0)
        _exit(launch(spec, env));
    int number = between < 0 ? errno : 0;
    mem_free(env);
    while (between > 0 && waitpid(between, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!number)
        number = WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
    if (number)
        return no_start(spec->argv[0], number, err);
    count++;
    return true;
}

/* ---- reading and ending ---- */

bool proc_read(struct proc *p, char *to, size_t n, size_t *got, struct err *err)
{
    for (;;) {
        ssize_t r = read(p->out, to, n);
        if (r >= 0) {
            *got = (size_t)r;
            return true;
        }
        if (errno != EINTR) {
            char words[128];
            return fail(err, E_SYSTEM,
                        tr("err.io.proc_read", "What a program said could not be read: %s. Try again."),
                        err_system(errno, words, sizeof words));
        }
        if (stopped)
            return was_stopped(err);
    }
}

/* What stands in the file of complaints, without what a terminal would obey. */
static void read_errors(int fd, char out[static 4096])
{
    char raw[4096];
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4 * sizeof raw);
    ssize_t got = pread(fd, raw, sizeof raw - 1, 0);
    size_t n = got > 0 ? strnlen(raw, (size_t)got) : 0;
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)raw[i] < 0x20 && raw[i] != '\n') || raw[i] == 0x7f)
            raw[i] = ' ';
    for (struct span rest = span_trim((struct span){raw, n}), line; rest.n;) {
        bool more = span_cut(&rest, '\n', &line);
        utf8_clean(&clean, line);
        if (more)
            buf_add_byte(&clean, '\n');
    }
    struct span s = span_first(clean.failed ? (struct span){NULL, 0} : buf_span(&clean), 4095);
    while (s.n && s.n < clean.n && ((unsigned char)clean.p[s.n] & 0xc0) == 0x80)
        s.n--; /* not through the middle of a character */
    snprintf(out, 4096, "%.*s", (int)s.n, s.p ? s.p : "");
}

/* Wait without reaping, empty the slot, reap: between the last two the id is still ours. */
static int wait_for(struct proc *p)
{
    siginfo_t info;
    int status = 0;
    while (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        continue;
    slot_free(p->slot, p->pid);
    while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

bool proc_finish(struct proc *p, bool kill_it, struct proc_end *end, struct err *err)
{
    if (!p)
        return true;
    close(p->out); /* a child that writes on is told so by SIGPIPE */
    if (kill_it)
        kill(-p->pid, SIGKILL);
    int status = wait_for(p);
    if (end) {
        end->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        read_errors(p->errs, end->errors);
    }
    close(p->errs);
    mem_free(p);
    if (stopped && WIFSIGNALED(status) && !kill_it)
        return was_stopped(err);
    return true;
}

static bool read_all(struct proc *p, struct buf *out, struct err *err)
{
    char block[16 * 1024];
    for (size_t got = 1; got;) {
        if (!proc_read(p, block, sizeof block, &got, err))
            return false;
        buf_add(out, (struct span){block, got});
        if (out->failed)
            return buf_ok(out, err);
    }
    return true;
}

bool proc_output(const struct proc_spec *spec, struct buf *out, struct proc_end *end, struct err *err)
{
    struct proc *p = NULL;
    if (!proc_start(&p, spec, err))
        return false;
    bool whole = read_all(p, out, err);
    return proc_finish(p, !whole, end, err) && whole;
}
