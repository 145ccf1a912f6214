/* The lab as a whole: its commands, and the three answers that say what it is, that it lives, and what else
 * may be asked. */
#include "app/lab_room.h"

#include "app/lab.h"
#include "base/day.h"
#include "codec/json.h"
#include "ui/problem.h"

#include "base/banned.h"

static void busy(const struct request *request, struct reply *reply)
{
    struct problem p = {.type = PROBLEM_BUSY};
    reply_problem(reply, request, &p, 0);
}

static void api_health(struct app *app, const struct request *request, struct reply *reply)
{
    int64_t n;
    struct err err = {0};
    if (db_number(app->db, &n, 0, &err, "select count(*) from log_head"))
        reply->status = 204;
    else
        busy(request, reply);
}

static json_t *list(const char *const *url)
{
    json_t *o = json_array();
    for (; o && *url; url++)
        if (json_array_append_new(o, json_string(*url)) != 0) {
            json_decref(o);
            return NULL;
        }
    return o;
}

static const char *roles(enum role role)
{
    return role == LAB ? "both" : role == ISSUER ? "issuer" : "board";
}

static void api_lab(struct app *app, const struct request *request, struct reply *reply)
{
    const struct lab *lab = app->lab;
    struct err err = {0};
    char day[16];
    day_text((day_t)(app->now / 86400), day);
    AUTO_JSON json_t *o =
        json_pack("{s:i,s:s,s:b,s:s,s:s,s:o?,s:o?,s:s}", "protocol", 1, "roles", roles(lab->role), "trial",
                  lab->trial, "origin", lab->log.origin, "vkey", lab->log.vkey, "issuer", list(lab->issuer),
                  "board", list(lab->board), "now_day", day);
    if (!o || !json_write(o, &reply->body, &err))
        busy(request, reply);
}

static void api_openapi(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    if (!openapi_write(app, &reply->body, &err))
        busy(request, reply);
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/v1/lab",
     .roles = LAB,
     .who = PUBLIC,
     .serve = api_lab,
     .about = "What this lab is: its protocol, its roles, its log's key, its addresses.",
     .gives = "application/json",
     .statuses = "200"},
    {.method = "GET",
     .path = "/v1/health",
     .roles = LAB,
     .who = PUBLIC,
     .serve = api_health,
     .about = "Whether this process and its database answer.",
     .statuses = "204 503"},
    {.method = "GET",
     .path = "/openapi.json",
     .roles = LAB,
     .who = PUBLIC,
     .serve = api_openapi,
     .about = "This description.",
     .gives = "application/json",
     .statuses = "200"},
    {0}};

static const struct command commands[] = {
    {
        .name = "lab init",
        .example =
            N_("lab.init.example", "respite lab init --name \"Systems Lab\" --url https://lab.example"),
        .args = "--name NAME",
        .help = N_("lab.init.help", "Make a lab: its keys, its name, its address."),
        .options = lab_init_options,
        .roles = LAB,
        .run = cmd_lab_init,
        .no_db = true,
    },
    {
        .name = "lab pair",
        .example = N_("lab.pair.example", "respite lab pair KEY PROMISE-KEY"),
        .args = "KEY PROMISE-KEY",
        .help = N_("lab.pair.help", "Keep the keys of the board, in a lab of two operators."),
        .options = lab_pair_options,
        .roles = ISSUER,
        .run = cmd_lab_pair,
        .no_db = true,
    },
    {
        .name = "lab serve",
        .example = N_("lab.serve.example", "respite lab serve --port 7465"),
        .args = "",
        .help = N_("lab.serve.help", "Run the lab on this machine, until Ctrl-C."),
        .options = lab_serve_options,
        .roles = LAB,
        .run = cmd_lab_serve,
        .no_db = true,
    },
    {
        .name = "lab doctor",
        .example = N_("lab.doctor.example", "respite lab doctor --db postgresql:///respite"),
        .args = "",
        .help = N_("lab.doctor.help", "Look at what the lab stands on, and name each fault with its repair."),
        .options = lab_doctor_options,
        .roles = LAB,
        .run = cmd_lab_doctor,
    },
    {0}};

const struct room lab_room = {.name = "lab", .routes = routes, .commands = commands};
