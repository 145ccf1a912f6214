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
    struct history *own, *peer;     /* own log; split: the other operator's, as copied */
};
/* Read lab.key (E_MISSING: no lab here, run `respite lab init`) and, when the log has a genesis, the
 * addresses in it. `db_url`: NULL for the file. Opens nothing for writing. `arena` outlives the lab, which
 * lab_free() ends (NULL is fine): its histories are freed, its secrets wiped. Without an address, which the
 * first `serve` of a lab made without --url gives, issuer[0] is NULL and there is no origin yet; a split lab
 * that was not paired has no board_vkey and no promise_vkey. */
MUST bool lab_load(struct arena *arena, const struct paths *paths, const char *db_url, struct lab **out,
                   struct err *err);
void lab_free(struct lab *lab);
/* The address of a lab made without --url: that of its first `serve`. */
MUST bool lab_at(struct lab *lab, const char *url, struct err *err);
/* Take the addresses from the genesis in `db`, when there is one: of two processes that began at once, one
 * wrote it. */
MUST bool lab_settle(struct lab *lab, struct db *db, struct err *err);
/* Within db_write, behind the entries of the first checkpoint: keep its size, below which entries are exempt
 * from the waits of PROTOCOL section 3. */
MUST bool lab_begun(struct db *db, struct err *err);
/* Bring lab->own (and peer) up to the log in the database and hold them for reading: histories may be looked
 * at until lab_facts_done(). *issuer is the history that has keys, rosters, opens; *board the board's own
 * when this process is the board of a split lab, else NULL. (An issuer finds the board's in lab->peer.) On
 * false nothing is held. */
MUST bool lab_facts(struct lab *lab, struct db *db, const struct history **issuer,
                    const struct history **board, struct err *err);
void lab_facts_done(struct lab *lab);
/* The time that decides windows: the database's clock (PostgreSQL: measured against ours once a minute),
 * shifted by $RESPITE_CLOCK as ours is. */
MUST bool lab_now(struct db *db, int64_t *out, struct err *err);
#endif
