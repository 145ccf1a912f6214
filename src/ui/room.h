#ifndef UI_ROOM_H
#define UI_ROOM_H
/* What a room offers, as rows of one table (STYLE 9). The centre (app/) walks the tables and never calls a
 * room by name; a zeroed row ends each list. Removing a room from app/rooms.c leaves the rest working. */
#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/words.h"
#include "io/db.h"
#include "io/file.h"
#include "io/httpd.h"
#include "io/migrate.h"
#include "ui/cli.h"

enum role { NODE = 1, ISSUER = 2, BOARD = 4, LAB = ISSUER | BOARD };
/* DESIGN invariant 1: one of them, never two; 0 is refused at start. CROWD is public with the key that all
 * members share. */
enum who { LOCAL = 1, PUBLIC, CROWD, IDENTIFIED, ANONYMOUS };

struct room;
struct history;
struct lab; /* anon/lab.h: in the lab's roles */
/* What every entry point is handed. One per request, command or job: `arena` dies after it; `db` belongs to
 * its thread. */
struct app {
    const struct room *const *rooms; /* NULL-ended */
    enum role role;
    struct arena *arena;
    struct db *db;
    const struct paths *paths;
    const struct cli *cli; /* the command line; NULL in a request or job */
    int64_t now;           /* seconds since 1970, asked once for the whole piece of work */
    const char *theme;     /* "auto", "light", "dark": rendered as data-theme */
    bool keys; /* single-key shortcuts are on (the setting "keys", on unless "off"): rendered as data-keys */
    bool example;                   /* db holds example data; every page says so */
    bool trial;                     /* the lab this node is in is a trial lab; every page says so */
    const uint8_t *form_key;        /* 32 bytes, of this run */
    const char *const *here;        /* folders named on the command line, absolute, NULL-ended */
    struct lab *lab;                /* ISSUER and BOARD; NULL in a node */
    bool (*again)(struct app *app); /* ask for a fresh start of the serving process (a folder was added); NULL
                                       in commands */
    bool (*wake)(struct app *app);  /* an errand waits (anon/errand.h): tell the keeper; NULL in commands */
};

/* This week: a row appends headings and lines, no markup. */
struct week_line {
    const char *lead; /* "Lasting", "Faded", may be NULL: set before the text */
    const char *text;
    const char *path; /* a page that says more, or NULL */
};
struct week_part {
    int order;
    const char *heading;
    bool always; /* as in its row */
    struct week_line *at;
    size_t n, room;
};
struct week {
    day_t monday;
    struct week_part *part; /* the one being filled */
};
/* Append a line (texts copied into the arena). False when there is no memory. */
MUST bool week_line(struct app *app, struct week *week, const char *lead, const char *text, const char *path);

struct route {
    const char *method, *path; /* "GET" …; the path exactly, or ending in "*": all that begin so */
    unsigned roles;
    enum who who;
    void (*serve)(struct app *, const struct request *, struct reply *);
    struct words nav;  /* set: stands in the navigation under this name */
    const char *under; /* the path of the entry below which it stands in a second line; NULL: in the first */
    int order;         /* place in the navigation */
    char key;          /* the letter behind "g" that opens it; 0: the first of its path */
    bool always;       /* answered at once, on a database handle of its own, whatever a page is busy with */
    bool keyed; /* asked by programs that have no cookie: its path holds digits that `serve` compares, and it
                 * is served from the person's own database whatever is looked around in */
    bool bare;  /* shown also when the database cannot be read, as far as it can: app->db may be NULL */
    /* Routes of the lab, for /openapi.json: one English sentence; what the path's "*" stands for ("epoch");
     * the type of the body taken (NULL: none) and of the answer; the statuses, "200 401 404". */
    const char *about, *part, *takes, *gives, *statuses;
};
struct command {
    const char *name;     /* "hours", "rest quiet" */
    struct words example; /* "respite hours ~/src": first in the help */
    const char *args;     /* "[FOLDER…]" */
    struct words help;    /* one sentence */
    const struct cli_option *options;
    unsigned roles;
    int (*run)(struct app *app); /* app->cli is parsed; 0 done, 1 failed or differs, 2 usage */
    bool no_db;                  /* runs without opening the database (app->db is NULL) */
    bool aside;                  /* for few: the overall help gives its name alone */
};
struct job {
    const char *name,
        *when; /* when: io/sched.h; "beat": each time the lab looks, its own state says what is due */
    unsigned roles;
    bool noisy, asks;
    bool resident; /* runs in the resident page alone, never in `respite tick` */
    bool (*run)(struct app *, struct err *);
};
/* A kind of act that a room takes from the anonymous road (PROTOCOL section 4). `accept` runs on the board
 * inside the transaction of redeem(), after pass, signature, head and JSON form are good: it looks at what
 * stands in "act", keeps what the room needs, or refuses with a problem. A kind listed twice is refused at
 * start. */
struct item;
struct problem;
struct act {
    const char *kind;
    bool survey;        /* paid with a survey pass */
    const char *series; /* "board", "letters", "answers" */
    bool leaf_only;     /* counted, not published as an item */
    bool counted;       /* leaf only: the batch says how many there are for each act.target ("metoo") */
    bool takes_back;    /* act.target loses its content when this is published; `accept` looks whose it is */
    bool (*accept)(struct app *, struct db *, const struct item *, struct problem *, struct err *);
};
/* What the keeper does on the network for a page (anon/errand.h): outside the sandbox, in a process of its
 * own, in the language of who asked. Append what came of it to `answer`; on false the sentence of `err` is
 * shown. */
struct errand_row {
    const char *what; /* "lab look" */
    bool (*run)(struct app *app, const char *argument, struct buf *answer, struct err *err);
};
struct week_row {
    int order;
    struct words heading;
    bool (*fill)(struct app *, struct week *, struct err *);
    bool always; /* also in a quiet week: what somebody is waiting for (REST section 7.2) */
};
struct finding {
    const char *name; /* "git": stable, for --json */
    bool ok;
    const char *text; /* what was found and, when not ok, the repair */
};
struct findings {
    struct finding *at;
    size_t n, room;
};

/* Texts a person wrote before, one each: a commit message, a note. */
struct own_texts {
    struct span *at;
    size_t n, room;
};

/* What a room puts into the person's own calendar feed. A quiet week holds nothing of it back: what is booked
 * takes place. */
struct booking {
    const char *uid;     /* stable, of this computer, letters, digits and "-" */
    int64_t from, until; /* Unix seconds */
    bool days;           /* whole days, wherever the calendar is: then both are days since 1970, both in */
    bool open;           /* nobody is away for it: a deadline */
    const char *summary; /* never what it is about: "Away"; of a deadline, its name */
};
struct bookings {
    struct booking *at;
    size_t n, room;
};
struct feed_row {
    const char *what; /* "circles" */
    bool (*fill)(struct app *, struct bookings *, struct err *);
};

struct trees {
    const char **at;
    size_t n, room;
};

struct room {
    const char *name;
    const struct route *routes;
    const struct command *commands;
    const struct job *jobs;
    const struct migration *migrations;
    const struct week_row *week;
    const struct act *acts;
    const struct errand_row *errands;
    const struct feed_row *feed;
    /* The page a person is shown first, before This week has anything to say: its path, or NULL once that is
     * done. May be NULL. */
    const char *(*welcome)(struct app *);
    /* What the terminal says of this room when the page starts, behind "Read"; NULL: nothing. Reads nothing
     * for it. May be NULL. */
    const char *(*greeting)(struct app *);
    /* Before a page is drawn, whichever it is: set what every page shows of this room (app->trial). May be
     * NULL. */
    bool (*facts)(struct app *, struct err *);
    /* Look into app->here (folders named, NULL-ended; none: what was chosen before) before the room is asked
     * for its week. May be NULL. */
    bool (*look)(struct app *, struct err *);
    /* Append the folders and files that must be readable once the serving process is sandboxed; `app->here`
     * are looked into. May be NULL. */
    bool (*reads)(struct app *, struct trees *, struct err *);
    /* Fill an empty database with example data that looks like 24 weeks of somebody. May be NULL. */
    bool (*example)(struct app *, struct err *);
    /* Look at what this room depends on, for `respite doctor`. May be NULL. */
    bool (*doctor)(struct app *, struct findings *, struct err *);
    /* In the lab: whether this room's jobs connect to addresses of its own, asked before the serving process
     * is sandboxed. May be NULL. */
    bool (*connects)(struct app *, bool *out, struct err *);
    /* Hold what this room keeps of the lab against the record, for `respite verify`: append what does not
     * fit, a sentence each (ok is false). Sends nothing. May be NULL. */
    bool (*verify)(struct app *, struct findings *, struct err *);
    /* Asked before the page starts: false, with a sentence, when it may not. May be NULL. */
    bool (*start)(struct app *, struct err *);
    /* Whether a job of this room that asks may have something to do at all: then the open page gives such
     * jobs their turn each minute, outside the sandbox. May be NULL. */
    bool (*wants_out)(struct app *, bool *wants, struct err *);
    /* Within the database of a copy: take out what a backup may not hold; and, when it takes the place of the
     * data that is here (restore), what may not come back. May be NULL. */
    bool (*copied)(struct app *, struct db *copy, struct err *);
    bool (*restored)(struct app *, struct db *copy, struct err *);
    /* The same of a copy of a board's database, which may be of an older program: take out what is not
     * published. May be NULL. */
    bool (*lab_copied)(struct app *, struct db *copy, struct err *);
    /* On a board, within db_write: `lab recover` has taken record and batches back. Make anew what this room
     * keeps beside them and they tell; what is newer here stays. `own`: the board's log as the file has it.
     * May be NULL. */
    bool (*recovered)(struct app *, struct db *db, const struct history *own, struct err *);
    /* Within db_write: the lab is left; remove what this room keeps of it. May be NULL. */
    bool (*left)(struct app *, struct db *db, struct err *);
    /* What the person wrote that this room can read (own commit messages), for comparing a draft with it:
     * asked on a click, into app->arena, and nothing of it is kept or sent. What could not be read is left
     * out. May be NULL. */
    bool (*own_texts)(struct app *, struct own_texts *, struct err *);
    /* Write this room's plain files into the folder `dir`, for `respite export`. May be NULL. */
    bool (*export_to)(struct app *, const char *dir, struct err *);
};

/* The route that serves `method` (GET, POST) and `path` in the role of `app`: one of exactly that path before
 * one that ends in "*", and of those the longest. NULL when there is none; then `*other_method` says whether
 * another method has that path (405, not 404). */
const struct route *route_find(const struct app *app, struct span method, struct span path,
                               bool *other_method);

/* Whether a job that asks may have something to do, of whichever room. */
MUST bool room_wants_out(struct app *app, bool *wants, struct err *err);

/* The row of a kind of act, or NULL; and that no kind stands in two rows, each with its series: asked once,
 * at the start of a board. */
const struct act *act_find(const struct room *const *rooms, struct span kind);
MUST bool acts_check(const struct room *const *rooms, struct err *err);

/* Append the help of a command, under one screen of 80 columns: the example, the usage, the sentence, the
 * options. */
void cli_help(struct buf *out, const struct command *c);

/* The words of a command as folders: absolute, NULL-ended, in the arena; empty when there are none. Each must
 * be there: E_MISSING. */
MUST bool cmd_folders(struct app *app, const char *const **out, struct err *err);
/* Say the failure on standard error and give the exit status it stands for: 2 for E_USAGE, else 1. */
int cmd_failed(const struct err *err);
/* Write text to standard output, whole; false with a sentence when it could not be (a closed pipe is no
 * failure). */
MUST bool cmd_print(const struct buf *text, struct err *err);
#endif
