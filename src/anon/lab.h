#ifndef ANON_LAB_H
#define ANON_LAB_H
/* The lab as one process of it knows itself. What it is and its secrets stand in one file, DATA/lab/lab.key
 * (0600; or $CREDENTIALS_DIRECTORY/issuer.key), the same for every process of one lab: seeds of the log key
 * and of the promise key, the key that rows are sealed under, name, role, addresses, the other operator's
 * keys. All else is in the database DATA/lab/lab.db, or --db URL; the largest head ever signed is in
 * DATA/lab/head. */
#include <pthread.h>

#include "anon/history.h"
#include "anon/tlog.h"
#include "io/writer.h"
#include "ui/room.h"

enum { LAB_QUOTA = 64, LAB_FLOOR = 10, LAB_LIST = 8 };
struct lab {
    enum role role; /* ISSUER, BOARD or LAB (both) */
    const char *name, *by, *zone;
    bool trial;
    int64_t quota;                                          /* 64, smaller in test labs (trial) */
    int64_t batch;                                          /* trial: seconds between batches; 0: by slots */
    const char *issuer[LAB_LIST + 1], *board[LAB_LIST + 1]; /* base URLs without a final "/", NULL-ended */
    const char *issuer_name;              /* host[:port] of issuer[0]: issuer_name of challenges */
    const char *origin_info;              /* sorted hosts of all board addresses, comma between */
    const char *board_origin;             /* host[:port] of board[0]: "lab" of acts */
    struct tlog log;                      /* this process's own log and its key */
    const char *issuer_log, *issuer_vkey; /* origin and vkey of the issuer's log … */
    const char *board_log, *board_vkey;   /* … and of the board's: the same when both */
    struct sign_key promise;              /* of the board (role has BOARD) */
    const char *promise_vkey;
    uint8_t seal[32];
    const char *head_file, *db_url; /* db_url: what db_open takes */
    struct writer *writer;          /* for whatever a request writes */
    struct arena *arena;            /* all of the above lives in it */
    pthread_rwlock_t facts;         /* over the two below: lab_facts() */
    struct history *own, *peer;     /* own log; split board: the issuer's, as copied */
};
/* Read lab.key (E_MISSING: no lab here, run `respite lab init`) and, when the log has a genesis, the
 * addresses in it. `db_url`: NULL for the file. Opens nothing for writing. */
MUST bool lab_load(struct arena *arena, const struct paths *paths, const char *db_url, struct lab **out,
                   struct err *err);
/* Bring lab->own (and peer) up to the log in the database and hold them for reading: histories may be looked
 * at until lab_facts_done(). *issuer is the history that has keys, rosters, opens; *board the board's own
 * when the lab is split, else NULL. On false nothing is held. */
MUST bool lab_facts(struct lab *lab, struct db *db, const struct history **issuer,
                    const struct history **board, struct err *err);
void lab_facts_done(struct lab *lab);
/* The time that decides windows: the database's clock (PostgreSQL: measured against ours once a minute),
 * shifted by $RESPITE_CLOCK as ours is. */
MUST bool lab_now(struct db *db, int64_t *out, struct err *err);
#endif
