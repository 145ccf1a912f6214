/* `respite lab init` and `respite lab pair`: the key file of a lab, and the other operator's keys in it. */
#include <string.h>

#include "anon/lab_key.h"
#include "app/lab.h"
#include "codec/json.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "io/clock.h"
#include "ui/wrap.h"

#include "base/banned.h"

const struct cli_option lab_init_options[] = {
    {"name", "NAME", N_("lab.init.opt.name", "what the lab is called: members see it")},
    {"by", "NAME", N_("lab.init.opt.by", "who runs it: members see it")},
    {"url", "URL",
     N_("lab.init.opt.url", "where members reach it, https://…; without it: this machine alone")},
    {"trial", NULL,
     N_("lab.init.opt.trial", "a lab for trying out, without waiting; it can never become a real one")},
    {"zone", "ZONE", N_("lab.init.opt.zone", "its time zone, Europe/Berlin; this machine's unless said")},
    {"role", "ROLE", N_("lab.init.opt.role", "issuer or board, when two operators share the work")},
    {"board", "URL", N_("lab.init.opt.board", "the board's address (with --role issuer)")},
    {"issuer", "URL", N_("lab.init.opt.issuer", "the issuer's address (with --role board)")},
    {"issuer-key", "VKEY", N_("lab.init.opt.issuerkey", "the issuer's key, as its operator gives it")},
    {"quota", "N", N_("lab.init.opt.quota", "passes a week for each member (trial labs; 64 unless said)")},
    {0}};
const struct cli_option lab_pair_options[] = {{0}};

/* ---- options ---- */

static bool text_option(struct app *app, const char *name, size_t least, struct span *out, struct err *err)
{
    *out = span_trim(span_of(cli_value(app->cli, name)));
    bool odd = out->n < least || out->n > LAB_NAME_MOST;
    for (size_t i = 0; i < out->n; i++)
        odd |= (unsigned char)out->p[i] < 0x20 || out->p[i] == 0x7f;
    return !odd || fail(err, E_USAGE,
                        tr("err.lab.name", "Give the lab a name of one to %d letters: `respite lab init "
                                           "--name \"Systems Lab\"`."),
                        LAB_NAME_MOST);
}

static bool url_option(struct app *app, const char *name, struct span list[static LAB_LIST], size_t *n,
                       struct err *err)
{
    struct span origin;
    const char *text = cli_value(app->cli, name);
    if (!text)
        return true;
    *n = 1;
    return lab_url_read(span_of(text), &list[0], &origin, err);
}

static bool zone_there(struct app *app, struct span zone)
{
    const char *path = file_join(app->arena, "/usr/share/zoneinfo", arena_text(app->arena, zone));
    bool odd = zone.n == 0 || zone.p[0] == '/' || span_find(zone, SPAN("..")) >= 0;
    return path && !odd && file_exists(path) && !file_is_dir(path);
}

/* The zone of the lab: named, or this machine's by /etc/localtime, or UTC. */
static bool zone_option(struct app *app, struct span *out, struct err *err)
{
    static const struct span root = {"/usr/share/zoneinfo/", sizeof "/usr/share/zoneinfo/" - 1};
    const char *named = cli_value(app->cli, "zone");
    char *real;
    struct err none = {0};
    if (named) {
        *out = span_of(named);
        return zone_there(app, *out) ||
               fail(err, E_USAGE,
                    tr("err.lab.zone", "“%.60s” is not a time zone that this machine knows. Write it as "
                                       "Europe/Berlin or Asia/Shanghai."),
                    named);
    }
    *out = SPAN("UTC");
    if (file_real(app->arena, "/etc/localtime", &real, &none) && span_starts(span_of(real), root)) {
        struct span found = span_from(span_of(real), root.n);
        if (zone_there(app, found))
            *out = found;
    }
    return true;
}

static bool role_option(struct app *app, enum role *out, struct err *err)
{
    const char *named = cli_value(app->cli, "role");
    *out = !named                         ? LAB
           : strcmp(named, "issuer") == 0 ? ISSUER
           : strcmp(named, "board") == 0  ? BOARD
                                          : (enum role)0;
    return *out || fail(err, E_USAGE, tr("err.lab.role", "--role takes issuer or board."));
}

/* The other operator's key is that of the log at the other address. */
static bool vkey_good(struct span text, struct span url, const char *tail, struct err *err)
{
    struct note_sig_key v;
    uint8_t id[4];
    struct err odd = {0};
    struct span host = span_from(url, (size_t)span_find(url, SPAN("://")) + 3);
    if (note_sig_key_read(text, &v, &odd) && v.kind == NOTE_SIG_PLAIN) {
        sign_key_id(v.name, NOTE_SIG_PLAIN, v.pk, id);
        if (memcmp(id, v.id, sizeof id) == 0 && span_starts(v.name, host) &&
            span_is(span_from(v.name, host.n), tail))
            return true;
    }
    return fail(err, E_USAGE,
                tr("err.lab.vkey", "“%.*s” is not the key of the log at %.*s. Copy the whole line that the "
                                   "other operator's command printed, in quotation marks."),
                SPAN_ARG(span_first(text, 100)), SPAN_ARG(span_first(url, 200)));
}

static bool split_options(struct app *app, struct lab_key *k, struct err *err)
{
    const char *key = cli_value(app->cli, "issuer-key");
    if (k->role == LAB)
        return (!cli_has(app->cli, "board") && !cli_has(app->cli, "issuer") && !key) ||
               fail(err, E_USAGE,
                    tr("err.lab.both", "--board, --issuer and --issuer-key belong to a lab of two operators: "
                                       "say --role issuer or --role board as well."));
    if (k->role == ISSUER)
        return (k->issuers && k->boards) ||
               fail(err, E_USAGE,
                    tr("err.lab.issuer_urls",
                       "An issuer of its own needs both addresses: --url, its own, and "
                       "--board, that of the board."));
    if (!k->issuers || !k->boards || !key)
        return fail(err, E_USAGE,
                    tr("err.lab.board_urls",
                       "A board of its own needs --url, its own address, --issuer, that "
                       "of the issuer, and --issuer-key, as the issuer's `lab init` "
                       "printed them."));
    k->peer_log = span_of(key);
    return vkey_good(k->peer_log, k->issuer[0], "/respite-issuer", err);
}

static bool read_options(struct app *app, struct lab_key *k, struct err *err)
{
    long quota;
    k->trial = cli_has(app->cli, "trial");
    if (app->cli->words_n)
        return fail(err, E_USAGE,
                    tr("err.lab.words", "`lab init` takes options alone. A name of several words goes in "
                                        "quotation marks: --name \"Systems Lab\"."));
    if (!role_option(app, &k->role, err) || !text_option(app, "name", 1, &k->name, err) ||
        !text_option(app, "by", 0, &k->by, err) || !zone_option(app, &k->zone, err) ||
        !cli_number(app->cli, "quota", LAB_QUOTA, 1, LAB_QUOTA, &quota, err))
        return false;
    k->quota = quota;
    if (quota != LAB_QUOTA && !k->trial)
        return fail(err, E_USAGE,
                    tr("err.lab.quota", "--quota is for trial labs: a real one gives everybody 64 passes."));
    bool issuer = k->role != BOARD, board = k->role != ISSUER;
    if (!url_option(app, issuer ? "url" : "issuer", k->issuer, &k->issuers, err) ||
        !url_option(app, board ? "url" : "board", k->board, &k->boards, err))
        return false;
    return split_options(app, k, err);
}

/* ---- what is said ---- */

static void say(struct buf *out, const char *pattern, const struct arg *args)
{
    struct buf AUTO_BUF line;
    buf_init(&line, 1 << 16);
    words_fill(&line, pattern, args);
    wrap_text(out, buf_text(&line), 80, 0);
}
#define SAY(out, pattern, ...) say((out), (pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* A line to be copied: never wrapped. */
static void say_line(struct buf *out, const char *pattern, const struct arg *args)
{
    buf_add_text(out, "\n    ");
    words_fill(out, pattern, args);
    buf_add_text(out, "\n\n");
}
#define LINE(out, pattern, ...) \
    say_line((out), (pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}})

static void say_next(struct buf *out, const struct lab *lab)
{
    if (lab->role == ISSUER) {
        SAY(out, tr("lab.init.issuer", "Next: give this line to the operator of the board. What it prints "
                                       "there, a line with `lab pair`, is typed here; then both can serve."));
        LINE(out,
             "respite lab init --role board --name \"{name}\" --url {board} --issuer {issuer} --issuer-key "
             "\"{key}\"{trial}",
             {"name", lab->name}, {"board", lab->board[0]}, {"issuer", lab->issuer[0]},
             {"key", lab->issuer_vkey}, {"trial", lab->trial ? " --trial" : ""});
        return;
    }
    if (lab->role == BOARD) {
        SAY(out,
            tr("lab.init.board", "Next: give this line to the operator of the issuer, who types it there; "
                                 "then both can serve, the issuer first."));
        LINE(out, "respite lab pair \"{log}\" \"{promise}\"", {"log", lab->board_vkey},
             {"promise", lab->promise_vkey});
        return;
    }
    SAY(out,
        tr("lab.init.next", "Next: `respite lab serve --port 7465` starts it, and `respite lab invite NAME` "
                            "makes an invitation for a member."));
    if (lab->issuer[0] && span_starts(span_of(lab->issuer[0]), SPAN("https:")))
        SAY(out,
            tr("lab.init.proxy", "Members reach it through a proxy that does TLS and keeps no access log: "
                                 "examples are in the documentation (docs/lab.md)."));
    if (!lab->issuer[0])
        SAY(out, tr("lab.init.local", "Without --url its address is the port of its first start on this "
                                      "machine, and stays so."));
}

static bool say_made(struct app *app, const struct lab *lab, struct err *err)
{
    struct buf AUTO_BUF out;
    const char *path = lab_key_path(app->arena, app->paths);
    buf_init(&out, 1 << 20);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s,s:b,s:s?,s:s?,s:s?,s:s,s:s?}", "name", lab->name, "trial",
                                        lab->trial, "vkey", lab->log.vkey, "promise", lab->promise_vkey,
                                        "issuer", lab->issuer[0], "file", path, "board", lab->board[0]);
        return o ? json_write(o, &out, err) && cmd_print(&out, err) : fail_memory(err);
    }
    SAY(&out,
        tr("lab.init.made", "The lab “{name}” is made. Its keys are in {path}: keep a copy of this file in a "
                            "safe place, and let nobody else read it."),
        {"name", lab->name}, {"path", path_shown(app->arena, app->paths, path)});
    if (lab->trial)
        SAY(&out, tr("lab.init.trial", "It is for trying out: every page of it says so, and it can never "
                                       "become a real one."));
    say_next(&out, lab);
    return buf_ok(&out, err) && cmd_print(&out, err);
}

/* ---- commands ---- */

/* Made keys first, then the file; the lab is then read back, as `serve` will. */
static bool make(struct app *app, struct lab_key *k, struct err *err)
{
    const char *path = lab_key_path(app->arena, app->paths);
    struct lab *lab = NULL;
    if (!path)
        return fail_memory(err);
    if (!read_options(app, k, err))
        return false;
    if (file_exists(path))
        return fail(err, E_REFUSED,
                    tr("err.lab.there",
                       "There is a lab in this data already (%.300s). Nothing was changed. Name "
                       "another folder with --data for a second one."),
                    path_shown(app->arena, app->paths, path));
    rand_bytes(k->log, sizeof k->log);
    rand_bytes(k->promise, sizeof k->promise);
    rand_bytes(k->seal, sizeof k->seal);
    if (!lab_key_write(app->arena, app->paths, k, err) || !lab_load(app->arena, app->paths, NULL, &lab, err))
        return false;
    bool done = say_made(app, lab, err);
    lab_free(lab);
    return done;
}

int cmd_lab_init(struct app *app)
{
    struct err err = {0};
    struct lab_key key = {0};
    bool done = make(app, &key, &err);
    secret_wipe(&key, sizeof key);
    return done ? 0 : cmd_failed(&err);
}

static bool pair(struct app *app, struct lab_key *k, struct err *err)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 16);
    if (app->cli->words_n != 2)
        return fail(err, E_USAGE,
                    tr("err.lab.pair", "`lab pair` takes the two keys that the board's `lab init` printed."));
    if (!lab_key_read(app->arena, app->paths, k, err))
        return false;
    if (k->role != ISSUER)
        return fail(err, E_REFUSED,
                    tr("err.lab.pair_role",
                       "`lab pair` is for the issuer of a lab of two operators; this lab "
                       "is none."));
    struct span log = span_of(app->cli->words[0]), promise = span_of(app->cli->words[1]);
    if (!vkey_good(log, k->board[0], "/respite-board", err) ||
        !vkey_good(promise, k->board[0], "/respite-board/promise", err))
        return false;
    if (k->peer_log.n && !(span_eq(k->peer_log, log) && span_eq(k->peer_promise, promise)))
        return fail(err, E_REFUSED,
                    tr("err.lab.paired", "This issuer has a board already. Nothing was changed."));
    k->peer_log = log;
    k->peer_promise = promise;
    if (!lab_key_write(app->arena, app->paths, k, err))
        return false;
    SAY(&out, tr("lab.pair.done", "The board's keys are kept. `respite lab serve --port 7465` starts the "
                                  "issuer; the board comes after it."));
    return cmd_print(&out, err);
}

int cmd_lab_pair(struct app *app)
{
    struct err err = {0};
    struct lab_key key = {0};
    bool done = pair(app, &key, &err);
    secret_wipe(&key, sizeof key);
    return done ? 0 : cmd_failed(&err);
}
