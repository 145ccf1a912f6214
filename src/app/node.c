/* The node: a keeper that holds the port and the keys, and a serving process in a sandbox (app/node.h). */
#include "app/node.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/door.h"
#include "app/errands.h"
#include "app/home.h"
#include "app/keep.h"
#include "app/serve.h"
#include "base/note.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "io/httpd.h"
#include "io/proc.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { PORT = 7464, GRACE_MS = 700 };

const struct cli_option node_options[] = {
    {"port", "N",
     N_("node.opt.port",
        "listen on this port of 127.0.0.1; 7464 unless said otherwise, 0 for any that is free")},
    {"no-browser", NULL, N_("node.opt.nobrowser", "do not open a browser")},
    {0}};

static volatile sig_atomic_t asked_to_stop;
static volatile pid_t serving;

static void on_signal(int signal_number)
{
    (void)signal_number;
    asked_to_stop = 1;
    if (serving > 0)
        kill(serving, SIGTERM);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* The folders named are noted for good. */
static bool note_folders(struct app *app, const char *const **named, struct err *err)
{
    if (!cmd_folders(app, named, err))
        return false;
    for (const char *const *each = *named; *each; each++)
        if (!folder_add(app, *each, err))
            return false;
    return true;
}

struct greeting {
    const char *url, *read; /* read: what rooms say, or NULL */
    bool home;              /* typed in the home folder, and no other was named before */
    bool sends;             /* some room has something to fetch or send by itself */
};

/* What the rooms say they have read, or would: the first that has something to say. */
static const char *reading(struct app *app, const char *const *all)
{
    struct app looking = *app;
    looking.here = all;
    for (const struct room *const *room = app->rooms; *room; room++) {
        const char *says = (*room)->greeting ? (*room)->greeting(&looking) : NULL;
        if (says)
            return says;
    }
    return NULL;
}

/* Where it was typed counts for this run alone, in app->here, when no folder was named and it is not the home
 * folder, which is never looked into unasked. */
static bool find_here(struct app *app, struct greeting *g, struct err *err)
{
    char here[4096];
    const char *const *all;
    const char **mine = arena_array(app->arena, 2, sizeof *mine);
    if (!mine)
        return fail_memory(err);
    if (app->cli->words_n == 0 && getcwd(here, sizeof here)) {
        g->home = strcmp(here, app->paths->home) == 0;
        if (!g->home && strcmp(here, "/") != 0 && !(mine[0] = arena_text(app->arena, span_of(here))))
            return fail_memory(err);
    }
    app->here = mine;
    if (!folders_load(app, &all, err))
        return false;
    g->home = g->home && all[0] == NULL;
    g->read = reading(app, all);
    return room_wants_out(app, &g->sends, err);
}

/* The file “port” of the data folder: where the running node listens, for a second `respite` on the same
 * data. */
static bool port_note(struct app *app, unsigned port, struct err *err)
{
    char text[16];
    const char *path = file_join(app->arena, app->paths->data, "port");
    snprintf(text, sizeof text, "%u\n", port);
    return path && file_write(path, span_of(text), err);
}

static unsigned port_noted(struct app *app)
{
    struct buf AUTO_BUF text;
    struct err none = {0};
    const char *path = file_join(app->arena, app->paths->data, "port");
    buf_init(&text, 64);
    return path && file_read(path, &text, &none) ? (unsigned)strtoul(buf_text(&text), NULL, 10) : 0;
}

unsigned node_port(struct app *app)
{
    unsigned port = port_noted(app);
    return port && port <= 65535 ? port : PORT;
}

static void say(const char *pattern, const struct arg *args)
{
    struct buf AUTO_BUF out;
    struct err none = {0};
    buf_init(&out, 1 << 16);
    words_fill(&out, pattern, args);
    buf_add_byte(&out, '\n');
    if (cmd_print(&out, &none))
        fflush(stdout);
}
#define SAY(pattern, ...) say((pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* Open the page without its key in any program's arguments: a file that only this user can read sends the
 * browser on. */
static void open_browser(struct app *app, const char *url)
{
    struct buf AUTO_BUF page = {0};
    struct err none = {0};
    const char *path = file_join(app->arena, app->paths->data, "open.html");
    if (!path)
        return;
    buf_init(&page, 4096);
    buf_printf(&page,
               "<!doctype html><meta charset=\"utf-8\"><title>Respite</title><meta http-equiv=\"refresh\" "
               "content=\"0;url=%s\">",
               url);
    if (!file_write(path, buf_span(&page), &none))
        return;
    const struct proc_spec browser = {.argv = (const char *const[]){"xdg-open", path, NULL},
                                      .drop_env = "LANGUAGE=", /* ours; the person's own goes along */
                                      .set_env = (const char *const[]){lang_environment(), NULL}};
    if (!proc_launch(&browser, &none))
        err_clear(&none); /* no such program: the address stands in the terminal */
}

/* True when a browser can be opened and is wanted. */
static bool wants_browser(const struct app *app)
{
    return !cli_has(app->cli, "no-browser") && (getenv("DISPLAY") || getenv("WAYLAND_DISPLAY"));
}

static void greet_json(struct app *app, const struct greeting *g)
{
    struct buf AUTO_BUF out;
    struct err none = {0};
    AUTO_JSON json_t *o =
        json_pack("{s:s,s:o}", "url", g->url, "data", json_shown(span_of(app->paths->data)));
    buf_init(&out, 1 << 16);
    if (o && json_write(o, &out, &none) && cmd_print(&out, &none))
        fflush(stdout);
}

static void greet(struct app *app, const struct greeting *g)
{
    if (cli_has(app->cli, "json")) {
        greet_json(app, g);
        return;
    }
    if (!cli_has(app->cli, "quiet"))
        SAY(tr("node.running", "Respite is running on this computer only."));
    SAY(wants_browser(app) ? tr("node.opened", "  Page   {url}  (opened; the key works once)")
                           : tr("node.page", "  Page   {url}  (the key works once)"),
        {"url", g->url});
    if (cli_has(app->cli, "quiet"))
        return;
    SAY(tr("node.data", "  Data   {path}  (mode 0700)"),
        {"path", path_shown(app->arena, app->paths, app->paths->data)});
    if (g->home)
        SAY(tr("node.home", "  Read   nothing yet: this is your home folder, which is not looked into "
                            "unasked. `respite FOLDER` reads one."));
    else if (g->read)
        SAY(tr("node.read", "  Read   {what}"), {"what", g->read});
    SAY(g->sends
            ? tr("node.foot.sends", "`respite sent` lists every request that leaves. Ctrl-C stops it. "
                                    "`respite --help` lists the rest.")
            : tr("node.foot", "Nothing is sent anywhere. Ctrl-C stops it. `respite --help` lists the rest."));
}

/* Another node holds the data: give this person a new link to it. Its sandbox does not hold the folders named
 * here, so they wait for its next start. */
static bool already_running(struct app *app, struct err *err)
{
    const char *url;
    unsigned port = port_noted(app);
    const char *const *named;
    if (!note_folders(app, &named, err))
        return false;
    if (port == 0 || port > 65535)
        return fail(err, E_BUSY,
                    tr("err.node.starting",
                       "Respite is being started or stopped on this data at this moment. Please try again."));
    if (!door_key(app->arena, app->paths->data, (uint16_t)port, &url, err))
        return false;
    SAY(tr("node.already", "Respite is already running on this data."));
    for (; *named; named++)
        SAY(tr("node.noted", "  Noted  {folder}: it is read once Respite is started again (Ctrl-C where it "
                             "runs, then `respite`)."),
            {"folder", path_shown(app->arena, app->paths, *named)});
    SAY(tr("node.page", "  Page   {url}  (the key works once)"), {"url", url});
    if (wants_browser(app))
        open_browser(app, url);
    return true;
}

/* While the serving process lives: start what runs errands, whenever it says that some wait. Its end of the
 * pipe closes with it. */
static void run_errands(const struct app *app, int errands)
{
    char bytes[64];
    while (!asked_to_stop) {
        ssize_t n = read(errands, bytes, sizeof bytes);
        if (n > 0)
            errands_start(app);
        else if (n == 0 || errno != EINTR)
            return;
    }
}

/* Wait for the serving process; when the person wants to stop and it does not, it is ended. */
static int wait_serving(const struct app *app, int errands)
{
    int status = 0;
    struct timespec step = {.tv_nsec = 20 * 1000 * 1000};
    run_errands(app, errands);
    for (int waited = 0;;) {
        pid_t pid = waitpid(serving, &status, asked_to_stop ? WNOHANG : 0);
        if (pid == serving)
            break;
        if (pid < 0 && errno != EINTR)
            return 1;
        if (!asked_to_stop)
            continue;
        nanosleep(&step, NULL);
        waited += 20;
        if (waited == GRACE_MS)
            kill(serving, SIGKILL);
    }
    serving = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* One serving process after another, until one ends for good. `greeting` once, when the first is ready. */
static int keep_serving(struct app *app, const struct serve_plan *first, const struct greeting *g)
{
    struct serve_plan plan = *first;
    bool greeted = false;
    int status = SERVE_AGAIN;
    while (status == SERVE_AGAIN && !asked_to_stop) {
        int ready[2], errands[2];
        char byte;
        if (pipe(ready) != 0 || pipe2(errands, O_CLOEXEC) != 0)
            return 1;
        serving = fork();
        if (serving == 0) {
            close(ready[0]);
            close(errands[0]);
            plan.ready = ready[1];
            plan.wake = errands[1];
            _exit(serve(app, &plan));
        }
        close(ready[1]);
        close(errands[1]);
        if (serving < 0)
            return 1;
        bool up = read(ready[0], &byte, 1) == 1;
        close(ready[0]);
        if (up && !greeted) {
            greet(app, g);
            if (wants_browser(app))
                open_browser(app, g->url);
            greeted = true;
        }
        status = wait_serving(app, errands[0]);
        close(errands[0]);
    }
    return asked_to_stop && status != SERVE_FORGOTTEN ? 0 : status;
}

/* A node that is just stopping holds the lock for an instant longer. */
static bool lock_patiently(const char *path, int *lock, struct err *err)
{
    struct timespec step = {.tv_nsec = 25 * 1000 * 1000};
    for (int tries = 0; tries < 12; tries++) {
        err_clear(err);
        if (file_lock(path, lock, err))
            return true;
        if (err->code != E_BUSY)
            return false;
        nanosleep(&step, NULL);
    }
    return false;
}

static bool prepare(struct app *app, int *lock, struct serve_plan *plan, struct greeting *g, bool *elsewhere,
                    struct err *err)
{
    long port;
    uint16_t listening;
    struct err busy = {0};
    const char *path = file_join(app->arena, app->paths->data, "lock");
    const char *const *named;
    *elsewhere = false;
    if (!path)
        return fail_memory(err);
    if (!cli_number(app->cli, "port", PORT, 0, 65535, &port, err))
        return false;
    if (!lock_patiently(path, lock, &busy)) {
        *elsewhere = busy.code == E_BUSY;
        return *elsewhere || fail(err, busy.code, "%s", busy.text);
    }
    listening = (uint16_t)port;
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->start && !(*room)->start(app, err))
            return false;
    if (!note_folders(app, &named, err) || !find_here(app, g, err) ||
        !httpd_listen("127.0.0.1", &listening, &plan->fd, err))
        return false;
    door_open(&plan->door, listening);
    return port_note(app, listening, err);
}

/* The exit status of the program, from that of the last serving process. Once the data was removed by the
 * page, what is left is ours: the folder, which the sandbox did not let it remove, and files of ours that
 * came in between. */
static int finish(struct app *app, int status)
{
    const char *port = file_join(app->arena, app->paths->data, "port");
    struct err none = {0};
    if (status == SERVE_FORGOTTEN) {
        (void)!(forget_files(app, &none) && forget_folder(app, &none));
        return 0;
    }
    if (port)
        (void)!file_remove(port, &none);
    if (status <= 2)
        return status;
    complaint("%s", tr("node.crashed", "Respite ended by a fault of its own: `respite doctor` looks for the "
                                       "cause, and `respite` starts it again."));
    return 1;
}

int cmd_node(struct app *app)
{
    struct err err = {0};
    struct serve_plan plan = {0};
    struct greeting greeting = {0};
    int lock = -1;
    bool elsewhere;
    if (!prepare(app, &lock, &plan, &greeting, &elsewhere, &err))
        return cmd_failed(&err);
    if (elsewhere)
        return already_running(app, &err) ? 0 : cmd_failed(&err);
    if (!door_key(app->arena, app->paths->data, plan.door.port, &greeting.url, &err))
        return cmd_failed(&err);
    db_close(app->db); /* each serving process opens its own */
    app->db = NULL;
    catch_signals();
    int status = keep_serving(app, &plan, &greeting);
    secret_wipe(&plan.door, sizeof plan.door);
    status = finish(app, status);
    close(lock);
    return status;
}
