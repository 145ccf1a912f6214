#ifndef SPEAK_COUNSEL_OWN_H
#define SPEAK_COUNSEL_OWN_H
/* Being a counsellor, on their own computer: a key, the times that are open, and who took one, with the words
 * they chose. No membership is needed: the lab's board is asked in public, with the counsellor's signature.
 * Who came is forgotten here when the time is over. */
#include "base/day.h"
#include "speak/own_key.h"
#include "ui/room.h"

/* Migration of the room "speak". counsel_at: one row: the lab, and how one stands in its record.
 * counsel_week: n: of the record signed last; shown: the board has it. counsel_own: times; shown: the board
 * has them. counsel_came: who took one: named: the made-up name, words: what they wrote, k and pk: for
 * letters. */
#define COUNSEL_OWN_TABLES \
    "create table counsel_at(one integer primary key check (one = 1), board text not null, origin text not " \
    "null, trial integer not null, name text not null, employer text not null, place text not null);" \
    "create table counsel_week(week integer primary key, n integer not null, shown integer not null);" \
    "create table counsel_own(slot blob primary key, week integer not null, begins integer not null, until " \
    "integer not null, how text not null, shown integer not null) without rowid;" \
    "create table counsel_came(slot blob primary key, named integer not null, words text not null, k blob, " \
    "pk blob not null, box_pk blob not null) without rowid"

enum { COUNSEL_MINUTES = 50 };
struct counsel_time {
    uint8_t slot[16];
    int64_t begins, until;
    struct span by;
    bool shown; /* the board has it */
    bool came;  /* somebody took it */
    uint8_t named;
    struct span words;
    int64_t conversation; /* with who took it (speak/counsel_mail.h); 0: none */
};
struct counsel_times {
    struct counsel_time *at;
    size_t n, room;
};
struct counsel_self {
    bool there, has_key, trial;
    uint8_t pk[32];
    const char *board, *origin, *name, *employer, *place, *line, *words; /* words: the key, six */
    struct counsel_times times;                                          /* by time */
};
MUST bool counsel_self_load(struct app *app, struct counsel_self *out, struct err *err);
/* False, in a sentence: there is no counsellor's key here. */
MUST bool counsel_no_key(struct err *err);

struct counsel_entry {
    struct span name, employer, place;
    day_t from, to;
    const char *board, *origin;
    bool trial;
};
/* Make the key (when there is none) and the line for whoever keeps the lab; remember the lab. */
MUST bool counsel_key(struct app *app, const struct counsel_entry *want, struct err *err);
/* Times to open or close; nothing leaves. E_USAGE: in the past, over another, not there. */
MUST bool counsel_open(struct app *app, int64_t begins, int64_t minutes, struct span by, struct err *err);
MUST bool counsel_close(struct app *app, int64_t begins, struct err *err);
/* Sign and send the records of the weeks whose times the board does not have as they are here. *weeks: how
 * many. */
MUST bool counsel_publish(struct app *app, int *weeks, struct err *err);
/* Fetch who took a time. */
MUST bool counsel_fetch(struct app *app, struct err *err);
/* Take over an answer of the board. */
MUST bool counsel_take(struct app *app, struct span answer, struct err *err);
/* Forget times that are over, who came to them, and keys whose days are over. */
MUST bool counsel_forget(struct app *app, struct err *err);
/* Within db_write, of a copy: who came is in none, and no letters of a time. */
MUST bool counsel_copied(struct db *copy, struct err *err);
#endif
