#ifndef ANON_WITNESS_H
#define ANON_WITNESS_H
/* This lab as a witness of other labs' logs (C2SP tlog-witness, PROTOCOL section 5): it signs that it has
 * seen a log grow and never fork. It knows the logs it was told of by name and key, and remembers of each the
 * largest head it signed; what it signs is on the disk before it is said. */
#include "codec/note_sig.h"
#include "crypt/sign.h"
#include "ui/room.h"

enum witness_answer {
    WITNESS_SIGNED,      /* 200 */
    WITNESS_MALFORMED,   /* 400 */
    WITNESS_NOT_ITS_KEY, /* 403 */
    WITNESS_UNKNOWN,     /* 404 */
    WITNESS_OTHER_SIZE,  /* 409, and the size that is known */
    WITNESS_NO_PROOF,    /* 422 */
};
/* A request to sign, as it came: old size, proof, checkpoint. */
struct witness_request {
    uint64_t old;
    uint8_t proof[63][32];
    size_t n;
    struct span note;
};
bool witness_request_read(struct span body, struct witness_request *out);
/* Answer one. `lines`: the cosignature, when it was signed; *size: what is known, when the size was another.
 * False when it could not be looked at or kept. Through app->lab->writer when there is one. */
MUST bool witness_add(struct app *app, struct span body, enum witness_answer *answer, uint64_t *size,
                      struct buf *lines, struct err *err);
/* The last checkpoint that was signed of the log whose origin has this hash (64 hex digits): E_MISSING. */
MUST bool witness_checkpoint(struct app *app, struct span hash, struct buf *out, struct err *err);
/* The key this lab witnesses with, "<origin>/witness": derived from the key of its log. The name lives in the
 * arena. */
MUST bool witness_key(struct app *app, struct sign_key *key, struct note_sig_key *public_key,
                      struct err *err);

/* Its routes and its command, for anon/log_room.c. */
void page_witness_add(struct app *app, const struct request *request, struct reply *reply);
void page_witness_checkpoint(struct app *app, const struct request *request, struct reply *reply);
extern const struct cli_option witness_options[];
int cmd_lab_witness(struct app *app);
#endif
