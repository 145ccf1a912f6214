/* The log as a room of the lab: the table of what it offers, and the two pages that serve it. What is served
 * is the same for everybody, so it may be kept by whatever stands between. */
#include "anon/log_room.h"

#include <stdio.h>

#include "anon/peer.h"
#include "anon/recover.h"
#include "anon/tlog.h"
#include "anon/witness.h"
#include "anon/witness_ask.h"
#include "ui/problem.h"

#include "base/banned.h"

#define FOR_EVER "public, max-age=31536000, immutable"
#define A_MINUTE "max-age=60"
#define TEXT "text/plain; charset=utf-8"

static void refuse(const struct request *request, struct reply *reply, const struct err *err)
{
    struct problem p = {.type = err->code == E_MISSING ? PROBLEM_NOT_FOUND : PROBLEM_BUSY};
    reply_problem(reply, request, &p, 0);
}

static void page_checkpoint(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct span note;
    if (!tlog_checkpoint(app->db, app->arena, &note, &err)) {
        refuse(request, reply, &err);
        return;
    }
    reply->type = TEXT;
    reply_header(reply, request->arena, "Cache-Control", A_MINUTE);
    buf_add(&reply->body, note);
}

static void page_tile(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {.code = E_MISSING};
    struct merkle_tile tile;
    struct span path = span_from(request->path, sizeof "/log/" - 1);
    if (merkle_tile_read(path, &tile))
        err_clear(&err);
    if (err.code || !tlog_tile(app->db, app->arena, &tile, &reply->body, &err)) {
        refuse(request, reply, &err);
        return;
    }
    reply->type = "application/octet-stream";
    reply_header(reply, request->arena, "Cache-Control", tile.width == MERKLE_TILE ? FOR_EVER : A_MINUTE);
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/log/checkpoint",
     .roles = LAB,
     .who = PUBLIC,
     .serve = page_checkpoint,
     .about = "The signed checkpoint of the log (C2SP tlog-checkpoint).",
     .gives = TEXT,
     .statuses = "200 404"},
    {.method = "GET",
     .path = "/log/tile/*",
     .roles = LAB,
     .who = PUBLIC,
     .serve = page_tile,
     .about = "A tile of the log, hashes or entries (C2SP tlog-tiles).",
     .part = "tile",
     .gives = "application/octet-stream",
     .statuses = "200 404"},
    {.method = "POST",
     .path = "/witness/add-checkpoint",
     .roles = LAB,
     .who = PUBLIC,
     .serve = page_witness_add,
     .about = "Cosign a checkpoint of a log that this lab witnesses (C2SP tlog-witness).",
     .takes = TEXT,
     .gives = TEXT,
     .statuses = "200 400 403 404 409 422"},
    {.method = "GET",
     .path = "/witness/*",
     .roles = LAB,
     .who = PUBLIC,
     .serve = page_witness_checkpoint,
     .about = "The last checkpoint that was cosigned of a log, by the hash of its origin.",
     .part = "origin hash/checkpoint",
     .gives = TEXT,
     .statuses = "200 404"},
    {0}};

static const struct command commands[] = {
    {.name = "lab recover",
     .example = N_("lab.recover.example", "respite lab recover log.txt"),
     .args = "FILE",
     .help = N_("lab.recover.help",
                "Bring back what the lab lost from the log that a member's computer exported."),
     .options = recover_options,
     .roles = LAB,
     .run = cmd_lab_recover},
    {.name = "lab witness",
     .example = N_("lab.witness.example", "respite lab witness lab.example/respite+93bfd9d0+AX3…"),
     .args = "[KEY…]",
     .help = N_("lab.witness.help",
                "Witness the logs of other labs, which then show that they have one history."),
     .options = witness_options,
     .roles = LAB,
     .run = cmd_lab_witness},
    {0}};

static const struct migration migrations[] = {
    {1, LAB,
     "create table log_head(id integer primary key, size integer not null, note blob not null);"
     "create table log_entry(idx integer primary key, entry blob not null);"
     "create table log_tile(id integer primary key, hashes blob not null);"
     "create table witnessed(origin text primary key, vkey text not null, size integer not null,"
     " root blob not null, note blob not null) without rowid"},
    {2, LAB,
     "create table witness_asked(url text primary key, size integer not null, at integer not null) without "
     "rowid"},
    {0}};

static const struct job jobs[] = {
    {.name = "lab peer", .when = "beat", .roles = LAB, .run = peer_beat},
    {.name = "lab witnesses", .when = "beat", .roles = LAB, .run = witness_ask_beat},
    {0}};

const struct room log_room = {
    .name = "log", .routes = routes, .commands = commands, .jobs = jobs, .migrations = migrations};
