#ifndef IO_PROC_H
#define IO_PROC_H
/* Other programs as children, by posix_spawn, never through a shell. Standard input is what is given,
 * standard output is read in blocks, standard error is kept (its first 4 kB). Every child is killed when
 * proc_stop_all() is called (Ctrl-C, SIGTERM). */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct proc;
struct proc_spec {
    const char *const *argv;    /* argv[0] is looked for in PATH; NULL-ended */
    struct span input;          /* all of standard input */
    const char *drop_env;       /* names beginning so are not handed on ("GIT_"), or NULL */
    const char *const *set_env; /* "NAME=value", NULL-ended, or NULL */
};
struct proc_end {
    int status;        /* exit status, or 128 + signal */
    char errors[4096]; /* what it said on standard error, NUL-ended, cleaned of control bytes but line ends */
};
/* Start. E_MISSING when there is no such program; `*out` is to be ended with proc_finish. */
MUST bool proc_start(struct proc **out, const struct proc_spec *spec, struct err *err);
/* Up to `n` bytes of its output into `to`; `*got` = 0 at its end. */
MUST bool proc_read(struct proc *p, char *to, size_t n, size_t *got, struct err *err);
/* Wait for its end (kill it first when `kill_it`). Frees p, NULL is fine. False when it was stopped by
 * proc_stop_all: E_STOPPED. */
bool proc_finish(struct proc *p, bool kill_it, struct proc_end *end, struct err *err);
/* The three together for small outputs. True when it ran to an end, whatever the status. */
MUST bool proc_output(const struct proc_spec *spec, struct buf *out, struct proc_end *end, struct err *err);
/* Start a program that goes on without us, say a browser: a session of its own, its three streams on
 * /dev/null, no descriptor of ours. Nothing is read from it or waited for, and proc_stop_all() leaves it
 * alone. `input` is not handed on. Where there is one thread. E_MISSING when there is no such program. */
MUST bool proc_launch(const struct proc_spec *spec, struct err *err);
/* From a signal handler or another thread: kill every child, and let each later proc_start fail with
 * E_STOPPED. */
void proc_stop_all(void);
bool proc_stopped(void);
/* How many children were started so far (tests: a second look starts no `git log`). */
unsigned long proc_count(void);
#endif
