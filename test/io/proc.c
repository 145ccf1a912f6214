/* io/proc.h: children that cannot deadlock us, inherit nothing and end when we say so. */
#include "test/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "io/proc.h"
#include "test/io/place.h"

static void run(const char *script, struct span input, struct buf *out, struct proc_end *end)
{
    struct err err = {0};
    const char *argv[] = {"sh", "-c", script, NULL};
    struct proc_spec spec = {.argv = argv, .input = input};
    assert_ok(proc_output(&spec, out, end, &err), &err);
}

void test_proc__gives_input_output_errors_and_status(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    struct proc_end end;
    unsigned long before = proc_count();
    run("cat; printf 'one\\ntwo\\033[31m' >&2; exit 3", SPAN("hello"), &out, &end);
    assert_span(buf_span(&out), "hello");
    assert_int_equal(end.status, 3);
    assert_string_equal(end.errors, "one\ntwo [31m");
    assert_int_equal(proc_count(), before + 1);
    run("kill -9 $$", SPAN(""), &out, &end);
    assert_int_equal(end.status, 128 + 9);
    assert_string_equal(end.errors, "");
}

void test_proc__much_on_all_three_streams_does_not_deadlock(void **state)
{
    (void)state;
    enum { MUCH = 3000000 };
    struct proc_end end;
    char *input = mem_get(MUCH);
    AUTO_BUF struct buf out;
    buf_init(&out, 2 * MUCH);
    memset(input, 'i', MUCH);
    run("head -c 2000000 /dev/zero | tr '\\0' e >&2; cat", (struct span){input, MUCH}, &out, &end);
    assert_int_equal(out.n, MUCH);
    assert_memory_equal(out.p, input, MUCH);
    assert_int_equal(strlen(end.errors), 4095);
    buf_reset(&out);
    run("true", (struct span){input, MUCH}, &out, &end); /* one that reads nothing */
    assert_int_equal(end.status, 0);
    mem_free(input);
}

void test_proc__a_missing_program_is_said(void **state)
{
    (void)state;
    struct err err = {0};
    struct proc *p = NULL;
    const char *argv[] = {"no-such-program-here", NULL};
    struct proc_spec spec = {.argv = argv};
    unsigned long before = proc_count();
    assert_false(proc_start(&p, &spec, &err));
    assert_int_equal(err.code, E_MISSING);
    assert_non_null(strstr(err.text, "no-such-program-here"));
    assert_int_equal(proc_count(), before);
    assert_true(proc_finish(NULL, true, NULL, &err));
}

void test_proc__inherits_only_the_three_descriptors(void **state)
{
    (void)state;
    int leak = open("/dev/null", O_RDONLY); /* as a careless library would */
    AUTO_BUF struct buf out;
    buf_init(&out, 10000);
    struct proc_end end;
    run("for f in /proc/self/fd/*; do [ -e $f ] && echo ${f##*/}; done; exit 0", SPAN(""), &out, &end);
    assert_span(buf_span(&out), "0\n1\n2\n");
    close(leak);
}

void test_proc__works_when_we_have_no_standard_descriptors(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        struct err err = {0};
        struct proc_end end;
        struct buf out;
        const char *argv[] = {"sh", "-c", "cat; echo bad >&2; exit 5", NULL};
        struct proc_spec spec = {.argv = argv, .input = SPAN("in")};
        close(0), close(1), close(2);
        buf_init(&out, 100);
        bool right = proc_output(&spec, &out, &end, &err) && span_is(buf_span(&out), "in") &&
                     end.status == 5 && strcmp(end.errors, "bad") == 0;
        buf_clear(&out);
        _exit(right ? 0 : 1);
    }
    assert_int_equal(place_wait(pid), 0);
}

void test_proc__drops_and_sets_the_environment(void **state)
{
    (void)state;
    struct err err = {0};
    struct proc_end end;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    setenv("GIT_DIR", "/elsewhere", 1);
    setenv("RESPITE_T", "old", 1);
    setenv("RESPITE_TT", "stays", 1);
    const char *argv[] = {"sh", "-c", "echo \"$GIT_DIR|$GIT_PAGER|$RESPITE_T|$RESPITE_TT\"", NULL};
    const char *set[] = {"GIT_PAGER=cat", "RESPITE_T=new", NULL};
    struct proc_spec spec = {.argv = argv, .drop_env = "GIT_", .set_env = set};
    assert_ok(proc_output(&spec, &out, &end, &err), &err);
    assert_span(buf_span(&out), "|cat|new|stays\n");
    unsetenv("GIT_DIR");
    unsetenv("RESPITE_T");
    unsetenv("RESPITE_TT");
}

void test_proc__starts_with_signals_as_a_shell_would(void **state)
{
    (void)state;
    struct err err = {0};
    const char *argv[] = {"sed", "-n", "/^Sig[BI]/s/.*\t//p", "/proc/self/status", NULL};
    struct proc_spec spec = {.argv = argv};
    struct proc_end end;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    sigset_t usr1, before;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);
    void (*pipe_was)(int) = signal(SIGPIPE, SIG_IGN);
    assert_ok(proc_output(&spec, &out, &end, &err),
              &err); /* no shell between: dash clears its mask by itself */
    signal(SIGPIPE, pipe_was);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    char *ignored;
    uint64_t ordinary = 0x7fffffff; /* 32 and 33 are the C library's own */
    assert_int_equal(strtoull(buf_text(&out), &ignored, 16) & ordinary, 0);
    assert_int_equal(strtoull(ignored, NULL, 16) & ordinary, 0);
    assert_int_equal(out.n, 34);
}

void test_proc__an_endless_one_is_cut_off_at_the_ceiling(void **state)
{
    (void)state;
    struct err err = {0};
    struct proc_end end;
    AUTO_BUF struct buf out;
    buf_init(&out, 100000);
    const char *argv[] = {"sh", "-c", "while :; do echo more; done", NULL};
    struct proc_spec spec = {.argv = argv};
    assert_false(proc_output(&spec, &out, &end, &err));
    assert_int_equal(err.code, E_LIMIT);
}

static int seconds_since(const struct timespec *t)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int)(now.tv_sec - t->tv_sec);
}

void test_proc__killing_takes_what_it_started_along(void **state)
{
    (void)state;
    struct err err = {0};
    struct proc_end end;
    struct proc *p = NULL;
    struct timespec begun;
    char byte;
    size_t got;
    const char *argv[] = {"sh", "-c", "sleep 60 & echo x; wait", NULL};
    struct proc_spec spec = {.argv = argv};
    clock_gettime(CLOCK_MONOTONIC, &begun);
    assert_ok(proc_start(&p, &spec, &err), &err);
    assert_ok(proc_read(p, &byte, 1, &got, &err), &err);
    assert_true(proc_finish(p, true, &end, &err));
    assert_int_equal(end.status, 128 + SIGKILL);
    assert_true(seconds_since(&begun) < 20);
}

static void on_alarm(int signal)
{
    (void)signal;
    proc_stop_all();
}

/* Stopped for good: in a process of its own. */
static int stop_in_the_middle(void)
{
    struct err err = {0};
    struct proc_end end;
    struct proc *more[5] = {0}, *late = NULL;
    struct buf out;
    const char *argv[] = {"sh", "-c", "echo begun; sleep 60", NULL};
    struct proc_spec spec = {.argv = argv};
    buf_init(&out, 1000);
    for (int i = 0; i < 5; i++)
        if (!proc_start(&more[i], &spec, &err))
            return 1;
    signal(SIGALRM, on_alarm);
    ualarm(100000, 0);
    if (proc_output(&spec, &out, &end, &err) || err.code != E_STOPPED || !proc_stopped())
        return 2;
    for (int i = 0; i < 5; i++) {
        err_clear(&err);
        if (proc_finish(more[i], false, &end, &err) || err.code != E_STOPPED)
            return 3;
    }
    err_clear(&err);
    if (proc_start(&late, &spec, &err) || err.code != E_STOPPED)
        return 4;
    buf_clear(&out);
    return 0;
}

void test_proc__stopping_all_from_a_signal_handler_ends_every_child(void **state)
{
    (void)state;
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    pid_t pid = fork();
    if (pid == 0)
        _exit(stop_in_the_middle());
    assert_int_equal(place_wait(pid), 0);
    assert_true(seconds_since(&begun) < 20);
}

void test_proc__without_memory_there_is_one_sentence_and_no_child(void **state)
{
    (void)state;
    struct proc_end end;
    const char *argv[] = {"true", NULL};
    struct proc_spec spec = {.argv = argv};
    bool done = false;
    for (size_t nth = 1; !done && nth < 20; nth++) {
        struct err err = {0};
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        mem_fail_at(nth, true);
        done = proc_output(&spec, &out, &end, &err);
        mem_fail_at(0, false);
        assert_true(done || err.code == E_MEMORY);
    }
    assert_true(done);
}

/* A program is launched, everything is stopped, and we end: all of it in a process of its own. */
static int launch_and_end(const char *script)
{
    struct err err = {0};
    const char *argv[] = {"sh", "-c", script, NULL};
    struct proc_spec spec = {.argv = argv};
    if (!proc_launch(&spec, &err))
        return 1;
    proc_stop_all();
    return proc_launch(&spec, &err) || err.code != E_STOPPED ? 2 : 0;
}

void test_proc__what_is_launched_goes_on_without_us(void **state)
{
    (void)state;
    struct place place;
    struct timespec begun, step = {.tv_nsec = 20 * 1000 * 1000};
    char script[400];
    AUTO_BUF struct buf said;
    struct err err = {0};
    place_make(&place);
    buf_init(&said, 100);
    const char *file = place_name(&place, "pid");
    snprintf(
        script, sizeof script,
        "head -c 8192 /dev/zero; ls -l /proc/$$/fd | grep -c /dev/null >%s.n; echo $$ >%s.new; mv %s.new "
        "%s; exec sleep 60",
        file, file, file, file);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    pid_t child = fork();
    if (child == 0)
        _exit(launch_and_end(script));
    assert_int_equal(place_wait(child), 0);
    assert_true(seconds_since(&begun) < 20);
    for (int tries = 0; tries < 500 && !file_exists(file); tries++)
        nanosleep(&step, NULL);
    assert_ok(file_read(file, &said, &err), &err);
    pid_t pid = (pid_t)strtol(buf_text(&said), NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, 0), 0);
    assert_int_equal(getsid(pid), pid); /* Ctrl-C in our terminal is not for it */
    kill(pid, SIGKILL);
    buf_reset(&said);
    assert_ok(file_read(place_name(&place, "pid.n"), &said, &err), &err);
    assert_span(buf_span(&said), "3\n");
    place_clear(&place);
}

void test_proc__a_missing_program_is_not_launched(void **state)
{
    (void)state;
    struct err err = {0};
    unsigned long before = proc_count();
    const char *argv[] = {"no-such-program-here", NULL};
    assert_false(proc_launch(&(struct proc_spec){.argv = argv}, &err));
    assert_int_equal(err.code, E_MISSING);
    assert_non_null(strstr(err.text, "no-such-program-here"));
    assert_int_equal(proc_count(), before);
}
