/* The serving process. libmicrohttpd's threads answer requests, pages one at a time on one database handle;
 * this thread runs what is due on another. */
#include "app/serve.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/home.h"
#include "app/node.h"
#include "base/note.h"
#include "base/vec.h"
#include "io/clock.h"
#include "io/httpd.h"
#include "io/proc.h"
#include "io/sandbox.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { BODY_MOST = 256 << 10, CONNECTIONS = 32, THREADS = 4, TICK_MS = 60 * 1000, FIRST_TICK_MS = 1500 };

struct node {
    struct app app; /* as it was at start: the job thread goes on changing its own */
    const struct serve_plan *plan;
    struct db *db; /* of the pages, one at a time: under one_page */
};
static pthread_mutex_t one_page = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t stopping;
static atomic_bool asked_again, asked_end; /* by a page, for when its answer has left */
static atomic_bool again, for_good;
static pthread_t main_thread;

static void on_signal(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    proc_stop_all();
}

/* What a page asks for happens when its answer has left. */
static bool ask_again(struct app *app)
{
    (void)app;
    asked_again = true;
    return true;
}

/* To the keeper: an errand waits. A full pipe has told it already. */
static int wake_fd = -1;
static bool wake_keeper(struct app *app)
{
    (void)app;
    return wake_fd >= 0 && (write(wake_fd, "e", 1) == 1 || errno == EAGAIN);
}

void node_stop(struct app *app)
{
    (void)app;
    asked_end = true;
}

/* An answer has left: the memory a large page took goes back, and what it asked of this process is done. */
static void answered(void *arg)
{
    (void)arg;
    mem_give_back();
    if (!asked_again && !asked_end)
        return;
    again = asked_again;
    for_good = asked_end;
    proc_stop_all(); /* a job may be waiting for git */
    pthread_kill(main_thread, SIGUSR1);
}

static void on_wake(int signal_number)
{
    (void)signal_number;
}

/* The language of a page: what the person set, else what the browser asks for, else that of the terminal. */
static void choose_language(struct app *app, const struct request *request, const char *setting)
{
    enum lang lang = lang_guess();
    struct span accepted = request_header(request, "Accept-Language");
    ptrdiff_t zh = span_find(accepted, SPAN("zh")), en = span_find(accepted, SPAN("en"));
    if (zh >= 0 || en >= 0)
        lang = zh >= 0 && (en < 0 || zh < en) ? LANG_ZH : LANG_EN;
    const char *option = cli_value(app->cli, "lang");
    if (!lang_read(setting, &lang) && option)
        (void)lang_read(option, &lang);
    words_set(lang);
}

static bool load_settings(struct app *app, const struct request *request, struct err *err)
{
    const char *lang, *keys;
    if (!setting_get(app->db, app->arena, "lang", "", &lang, err) ||
        !setting_get(app->db, app->arena, "theme", "auto", &app->theme, err) ||
        !setting_get(app->db, app->arena, "keys", "on", &keys, err))
        return false;
    app->keys = strcmp(keys, "off") != 0;
    choose_language(app, request, lang);
    return true;
}

static void no_such_page(struct app *app, const struct request *request, struct reply *reply,
                         bool other_method)
{
    struct err err = {0};
    fail(&err, E_MISSING, "%s",
         other_method ? tr("error.method", "This page takes another kind of request.")
                      : tr("error.nopage", "There is no page here. The links above lead to all there are."));
    reply_error(app, request, reply, other_method ? 405 : 404, &err);
}

/* The database a request is served from: the example's while one looks around. `*own` is to be closed after
 * it. */
static bool pick_database(struct app *app, struct db **own, struct err *err)
{
    const char *example;
    if (!setting_get(app->db, app->arena, "example", "", &example, err))
        return false;
    if (!example[0])
        return true;
    const char *path = example_path(app);
    if (!path || !file_exists(path))
        return true;
    if (!db_open(own, path, err))
        return false;
    app->db = *own;
    app->example = true;
    return true;
}

/* What every page shows of a room. */
static bool ask_rooms(struct app *app, struct err *err)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->facts && !(*room)->facts(app, err))
            return false;
    return true;
}

/* A page that somebody may need on exactly the day on which nothing can be read. */
static void serve_bare(struct app *app, const struct route *route, const struct request *request,
                       struct reply *reply)
{
    app->theme = "auto";
    choose_language(app, request, "");
    route->serve(app, request, reply);
}

/* One request, on the database handle `db`. */
static void serve_from(struct app *app, struct db *db, const struct route *route, bool other_method,
                       const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct db *example = NULL;
    app->db = db;
    bool read = ((route && route->keyed) || pick_database(app, &example, &err)) &&
                load_settings(app, request, &err) && ask_rooms(app, &err);
    if (!read && route && route->bare)
        serve_bare(app, route, request, reply);
    else if (!read)
        reply_error(app, request, reply, 500, &err);
    else if (!route)
        no_such_page(app, request, reply, other_method);
    else
        route->serve(app, request, reply);
    db_close(example);
}

/* A page that reads git may take a while; what is marked `always` (Help now, files of the page) does not wait
 * for it. */
static void serve_request(void *arg, const struct request *request, struct reply *reply)
{
    struct node *node = arg;
    struct app app = node->app;
    struct err err = {0};
    bool other_method = false;
    app.arena = request->arena;
    app.now = clock_now();
    app.theme = "auto";
    app.form_key = node->plan->door.form_key;
    app.again = ask_again;
    app.wake = wake_keeper;
    words_set(lang_guess());
    reply_header(reply, request->arena, "Connection",
                 "close"); /* each request its own: none waits on a thread that reads git */
    const struct route *route = route_find(&app, request->method, request->path, &other_method);
    if (!(route && route->keyed) && !door_let_in(&node->plan->door, app.paths->data, request, reply))
        return;
    if (route && route->always) {
        struct db *own = NULL;
        if (db_open(&own, app.paths->db, &err))
            serve_from(&app, own, route, false, request, reply);
        else if (route->bare)
            serve_bare(&app, route, request, reply);
        else
            reply_error(&app, request, reply, 500, &err);
        db_close(own);
        return;
    }
    pthread_mutex_lock(&one_page);
    serve_from(&app, node->db, route, other_method, request, reply);
    reply->last = asked_again || asked_end; /* who comes after this one waits for the next serving process */
    pthread_mutex_unlock(&one_page);
}

static const char *git_folder(struct app *app)
{
    struct buf AUTO_BUF out;
    struct proc_end end;
    struct err none = {0};
    buf_init(&out, 4096);
    if (!proc_output(&(struct proc_spec){.argv = (const char *const[]){"git", "--exec-path", NULL},
                                         .drop_env = "GIT_"},
                     &out, &end, &none) ||
        end.status != 0)
        return "/usr/lib/git-core";
    const char *path = arena_text(app->arena, span_trim(buf_span(&out)));
    return path ? path : "/usr/lib/git-core";
}

/* Where git itself is, by PATH. */
static const char *git_program(struct app *app)
{
    const char *path = getenv("PATH");
    struct span rest = span_of(path ? path : "/usr/local/bin:/usr/bin:/bin"), dir;
    struct err none = {0};
    while (rest.n) {
        span_cut(&rest, ':', &dir);
        const char *folder = arena_text(app->arena, dir),
                   *file = folder ? file_join(app->arena, folder, "git") : NULL;
        char *real;
        if (file && access(file, X_OK) == 0 && file_real(app->arena, file, &real, &none))
            return file;
    }
    return "/usr/bin/git";
}

static bool enter_sandbox(struct app *app, struct err *err)
{
    static const char *const fixed[] = {"/usr",
                                        "/lib",
                                        "/lib64",
                                        "/bin",
                                        "/etc/gitconfig",
                                        "/etc/localtime",
                                        "/etc/passwd",
                                        "/etc/nsswitch.conf",
                                        "/etc/ld.so.cache",
                                        "/proc",
                                        "/dev/null",
                                        "/dev/urandom"};
    const char *folder = git_folder(app), *program = git_program(app);
    const char *const write[] = {app->paths->data, "/dev/null", NULL};
    const char *const run[] = {
        "/usr/lib", "/lib",  "/lib64", "/usr/lib64", "/usr/bin", "/bin", "/usr/libexec/git-core",
        folder,     program, NULL};
    struct trees read = {0};
    struct sandbox_report report = {0};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        const char **at = VEC_PUSH(app->arena, &read);
        if (!at)
            return fail_memory(err);
        *at = fixed[i];
    }
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->reads && !(*room)->reads(app, &read, err))
            return false;
    const char **end = VEC_PUSH(app->arena, &read); /* the NULL at the end */
    if (!end)
        return fail_memory(err);
    sandbox_enter(&(struct sandbox_plan){.read = read.at, .write = write, .run = run}, &report);
    if (report.why[0])
        note("%s", report.why);
    return true;
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal}, wake = {.sa_handler = on_wake};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGUSR1, &wake, NULL);
}

/* Run what is due, each minute, until it is time to stop. Signals reach this thread alone, and only while it
 * waits or works here. */
static void run_jobs(struct app *app, const sigset_t *open)
{
    int wait_ms = FIRST_TICK_MS;
    while (!stopping && !again && !for_good) {
        struct timespec wait = {wait_ms / 1000, wait_ms % 1000 * 1000000};
        ppoll(NULL, 0, &wait, open);
        if (stopping || again || for_good)
            break;
        struct arena *AUTO_ARENA arena = arena_new();
        struct buf AUTO_BUF done;
        struct err err = {0};
        sigset_t before;
        buf_init(&done, 1 << 16);
        app->arena = arena;
        app->now = clock_now();
        pthread_sigmask(SIG_SETMASK, open, &before);
        if (arena && !tick(app, true, &done, &err) && err.code != E_STOPPED)
            complaint("%s", err.text);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        mem_give_back();
        wait_ms = TICK_MS;
    }
}

static bool start(struct app *app, const struct serve_plan *plan, struct node *node, struct httpd **httpd,
                  struct err *err)
{
    static char host[32];
    static const char *const hosts[] = {host, NULL};
    snprintf(host, sizeof host, "127.0.0.1:%u", (unsigned)plan->door.port);
    *node = (struct node){.plan = plan};
    if (!db_open(&app->db, app->paths->db, err) || !db_open(&node->db, app->paths->db, err) ||
        !folders_load(app, &app->here, err) || !enter_sandbox(app, err))
        return false;
    node->app = *app;
    return httpd_start(httpd,
                       &(struct httpd_options){.fd = plan->fd,
                                               .hosts = hosts,
                                               .body_most = BODY_MOST,
                                               .connections = CONNECTIONS,
                                               .threads = THREADS,
                                               .same_user = true,
                                               .serve = serve_request,
                                               .answered = answered,
                                               .arg = node},
                       err);
}

int serve(struct app *app, const struct serve_plan *plan)
{
    struct err err = {0};
    struct node node;
    struct httpd *httpd = NULL;
    sigset_t held, open;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    mallopt(M_ARENA_MAX, 1);
    main_thread = pthread_self();
    wake_fd = plan->wake;
    app->wake = wake_keeper; /* for jobs */
    catch_signals();
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &held, &open); /* the page thread inherits this */
    if (!start(app, plan, &node, &httpd, &err))
        return cmd_failed(&err);
    if (write(plan->ready, "r", 1) != 1)
        complaint("%s", tr("err.node.keeper", "The process that started this one is gone."));
    close(plan->ready);
    run_jobs(app, &open);
    httpd_stop(httpd);
    db_close(node.db);
    db_close(app->db);
    return for_good ? SERVE_FORGOTTEN : stopping ? 0 : SERVE_AGAIN;
}
