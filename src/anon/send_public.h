#ifndef ANON_SEND_PUBLIC_H
#define ANON_SEND_PUBLIC_H
/* Requests as anybody: the log, the directory, rosters and batches (with the crowd key, the same for all
 * members). Also a board's own requests to its issuer, a lab's to its witnesses, and a node's to
 * them. */
#include "io/httpc.h"

/* GET base + path. `crowd`: 32 bytes, or NULL. `most`: bytes of the answer, 0 for 1 MiB. `via`: NULL is
 * straight. False in one sentence: nobody there, a redirect, too long, a status that is not 200 (E_MISSING
 * for 404 and 410, E_REFUSED else: the text names what was asked in words, not the bytes). The Date header of
 * the answer goes into *date (Unix seconds, 0 when there is none) when date is not NULL. */
MUST bool public_get(struct db *db, const char *via, const char *base, const char *path, const uint8_t *crowd,
                     size_t most, struct buf *body, int64_t *date, struct err *err);
/* POST without any credential (join). The status is the caller's to look at. */
MUST bool public_post(struct db *db, const char *via, const char *base, const char *path, const char *type,
                      struct span body, struct httpc_answer *answer, struct err *err);
/* The same where an answer can be long: at most `most` bytes. */
MUST bool public_post_for(struct db *db, const char *via, const char *base, const char *path,
                          const char *type, struct span body, size_t most, struct httpc_answer *answer,
                          struct err *err);
#endif
