#ifndef IO_SANDBOX_H
#define IO_SANDBOX_H
/* After start the serving process gives up what it does not need, for good, and its children inherit that:
 * Landlock (files) and seccomp (no new sockets, no connect, no bind, no ptrace, mount, bpf, keys, io_uring
 * and so on). Neither is ever a reason not to run: what is missing is reported, and `respite doctor` says it.
 *
 * Enter before the first thread is made (httpd_start): Landlock binds the calling thread and those it makes.
 * Open before it: the listening socket (httpd_listen). A child needs its program, its libraries and the
 * loader under `run` (/usr, /lib, /lib64), and under `read` what it reads at start (/etc, the home's
 * .gitconfig). /dev/null needs no mention. */
#include <stdbool.h>

#include "base/err.h"

struct sandbox_plan {
    const char *const *read;  /* trees that may be read, NULL-ended; missing ones are skipped */
    const char *const *write; /* trees that may be read and written */
    const char *const *run;   /* trees or files that may be read and executed */
    bool connects; /* connections may be made, by IP and to sockets of this machine; bind stays shut */
};
struct sandbox_report {
    int landlock_abi;  /* 0: the kernel has none */
    bool files, calls; /* Landlock on; seccomp on */
    char why[200];     /* what is missing, in words; "" when both are on */
};
/* Enter. Always fills `report`. */
void sandbox_enter(const struct sandbox_plan *plan, struct sandbox_report *report);
/* What this machine could do, without entering: asked by `respite doctor`. */
void sandbox_probe(struct sandbox_report *report);
#endif
