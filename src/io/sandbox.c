/* Giving up, for good, what the serving process does not need. Landlock (by raw system calls: glibc has no
 * wrappers) bars files outside the plan and, where the kernel can, TCP and signals to strangers; seccomp bars
 * new sockets, connections and the doors into other processes and the kernel. Children (git) inherit both.
 * Numbers and bits are written out, since Debian 12's headers know Landlock up to its second edition while
 * kernels go on to the seventh and beyond; what the running kernel does not know is not asked of it. */
#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/words.h"

#include "base/banned.h"

enum {
    ABI_REFER = 2,
    ABI_TRUNCATE = 3,
    ABI_TCP = 4,
    ABI_IOCTL_DEV = 5,
    ABI_SCOPE = 6,
    FAMILY_MOST = 45, /* the last family of sockets that Linux numbers, AF_MCTP */
};
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define NET_BIND 1ULL
#define NET_CONNECT 2ULL
#define SCOPE_ABSTRACT_UNIX_AND_SIGNAL 3ULL

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_RUN (FS_READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define FS_FIRST_EDITION ((1ULL << 13) - 1)
/* All but running it and making devices. */
#define FS_WRITE \
    ((FS_FIRST_EDITION & \
      ~(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK)) | \
     LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE | FS_IOCTL_DEV)
/* What a rule on something that is no folder may name. */
#define FS_OF_A_FILE \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | \
     FS_TRUNCATE | FS_IOCTL_DEV)

/* The kernel's struct landlock_ruleset_attr, as long as it is today; trailing zeroes are fine with older
 * kernels. */
struct ruleset {
    uint64_t fs, net, scope;
};

static int landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi > 0 ? (int)abi : 0;
}

static struct ruleset all_of(int abi, bool connects)
{
    struct ruleset r = {.fs = FS_FIRST_EDITION};
    if (abi >= ABI_REFER)
        r.fs |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= ABI_TRUNCATE)
        r.fs |= FS_TRUNCATE;
    if (abi >= ABI_IOCTL_DEV)
        r.fs |= FS_IOCTL_DEV;
    if (abi >= ABI_TCP)
        r.net = connects ? NET_BIND : NET_BIND | NET_CONNECT;
    if (abi >= ABI_SCOPE)
        r.scope = SCOPE_ABSTRACT_UNIX_AND_SIGNAL;
    return r;
}

/* Allow `rights` below `path`. A path that is not there is skipped. */
static bool allow(int rules, const char *path, uint64_t rights, uint64_t handled)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    struct landlock_path_beneath_attr rule = {
        .allowed_access = rights & handled & (folder ? ~0ULL : FS_OF_A_FILE),
        .parent_fd = fd,
    };
    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return done;
}

static bool allow_all(int rules, const char *const *paths, uint64_t rights, uint64_t handled)
{
    bool done = true;
    for (; done && paths && *paths; paths++)
        done = allow(rules, *paths, rights, handled);
    return done;
}

/* /dev/null is always there to be used: git opens it before it does anything. */
static bool enter_files(const struct sandbox_plan *plan, int abi)
{
    struct ruleset all = all_of(abi, plan->connects);
    size_t size = abi >= ABI_SCOPE ? sizeof all : abi >= ABI_TCP ? 2 * sizeof all.fs : sizeof all.fs;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (rules < 0)
        return false;
    bool done =
        allow(rules, "/dev/null", FS_WRITE, all.fs) && allow_all(rules, plan->read, FS_READ, all.fs) &&
        allow_all(rules, plan->write, FS_WRITE, all.fs) && allow_all(rules, plan->run, FS_RUN, all.fs) &&
        syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    int number = errno;
    close(rules);
    errno = number;
    return done;
}

/* Refused with EPERM whatever the arguments. A name this libseccomp or this processor does not have is
 * skipped. */
static const char *const refused[] = {
    /* the network: the listening socket is there already, accept4 on it goes on; connect: enter_calls */
    "bind",
    "listen",
    /* other processes */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "kcmp",
    /* the view of the file system */
    "mount",
    "umount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "pivot_root",
    "chroot",
    "open_by_handle_at",
    /* names spaces, the kernel itself */
    "setns",
    "unshare",
    "bpf",
    "perf_event_open",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "personality",
    "iopl",
    "ioperm",
    /* keys */
    "keyctl",
    "add_key",
    "request_key",
    /* the machine */
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "settimeofday",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "adjtimex",
    "stime",
    "sethostname",
    "setdomainname",
    "quotactl",
    "syslog",
    "vhangup",
};

static const uint64_t namespaces[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                      CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};

/* 0, or a negative number of the system. */
static int refuse_by_name(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        int call = seccomp_syscall_resolve_name(refused[i]);
        int number = call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
        if (number < 0 && number != -EDOM) /* EDOM: not of this processor */
            return number;
    }
    return 0;
}

/* Sockets of any family but AF_UNIX, and IP where connections may be made. One rule cannot name two families
 * that are fine, so those that are not are listed. */
static int refuse_families(scmp_filter_ctx filter, int maker, bool connects)
{
    int number = 0;
    if (!connects)
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), maker, 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
    for (scmp_datum_t family = 0; !number && family <= FAMILY_MOST; family++)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6)
            number =
                seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), maker, 1, SCMP_A0(SCMP_CMP_EQ, family, 0));
    return number ? number
                  : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), maker, 1,
                                     SCMP_A0(SCMP_CMP_GT, FAMILY_MOST, 0));
}

/* Sockets; connecting; new name spaces by clone. clone3 hides its flags behind a pointer, so it
 * is "not there" (ENOSYS): glibc then uses clone. */
static int refuse_by_argument(scmp_filter_ctx filter, bool connects)
{
    static const int makers[] = {SCMP_SYS(socket), SCMP_SYS(socketpair)};
    int number = 0;
    for (size_t i = 0; !number && i < sizeof makers / sizeof makers[0]; i++)
        number = refuse_families(filter, makers[i], connects);
    if (!number && !connects)
        number = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(connect), 0);
    for (size_t i = 0; !number && i < sizeof namespaces / sizeof namespaces[0]; i++)
        number = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
    return number ? number : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static bool enter_calls(bool connects)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return false;
    int number = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
    if (!number)
        number = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (!number)
        number = refuse_by_name(filter);
    if (!number)
        number = refuse_by_argument(filter, connects);
    if (!number)
        number = seccomp_load(filter);
    seccomp_release(filter);
    return number == 0;
}

static void say_why(struct sandbox_report *r)
{
    const char *why = "";
    if (!r->files && !r->calls)
        why = tr("io.sandbox_none",
                 "This kernel offers neither Landlock nor seccomp, so the serving process keeps all the "
                 "rights of your account.");
    else if (!r->files)
        why = tr("io.sandbox_files",
                 "This kernel offers no Landlock, so the serving process could read all files of your "
                 "account.");
    else if (!r->calls)
        why = tr("io.sandbox_calls",
                 "This kernel offers no seccomp, so the serving process could open connections.");
    snprintf(r->why, sizeof r->why, "%s", why);
}

void sandbox_enter(const struct sandbox_plan *plan, struct sandbox_report *report)
{
    *report = (struct sandbox_report){.landlock_abi = landlock_abi()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        report->files = report->landlock_abi > 0 && enter_files(plan, report->landlock_abi);
        report->calls = enter_calls(plan->connects);
    }
    say_why(report);
}

void sandbox_probe(struct sandbox_report *report)
{
    uint32_t action = SECCOMP_RET_ERRNO;
    *report = (struct sandbox_report){.landlock_abi = landlock_abi()};
    report->files = report->landlock_abi > 0;
    report->calls = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    say_why(report);
}
