#ifndef CODEC_NOTE_SIG_H
#define CODEC_NOTE_SIG_H
/* Signed notes, checkpoints and cosignatures as text (C2SP signed-note, tlog-checkpoint, tlog-cosignature):
 *     origin\n  70000\n  <base64 root>\n  \n  — <name> <base64 of key id and signature>\n
 * This file reads and writes bytes and says what a key has signed; crypt/sign.c signs and verifies it. A
 * reader of notes asks note_sig_claim() for each key it knows, and then sign_good():
 *     note_sig_read(bytes, arena, &note, err) && note_sig_claim(&note, &key, &scratch, &claim, err) &&
 *         sign_good(key.pk, claim.message, claim.sig)      else the whole note is refused. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

enum { NOTE_SIG_MOST = 128 * 1024, NOTE_SIG_LINES = 256, NOTE_SIG_NAME = 255 };
/* What a key signs: the byte that stands before it in a verifier key, and goes into its id. */
enum note_sig_kind { NOTE_SIG_PLAIN = 1, NOTE_SIG_COSIGNS = 4 };

struct note_sig_line {
    struct span name; /* borrowed from the note */
    uint8_t id[4];
    struct span sig; /* 1 byte or more, in the arena */
};

struct note_sig {
    struct span text; /* with its last line end: this is what is signed */
    struct note_sig_line *line;
    size_t lines; /* 1 or more */
};

/* A verifier key, `name+<8 hex>+<base64 of kind and key>`. Whether the id belongs to it, sign_key_id() says.
 */
struct note_sig_key {
    struct span name; /* borrowed */
    uint8_t id[4];
    enum note_sig_kind kind;
    uint8_t pk[32];
};

/* One signature and the bytes it is over. */
struct note_sig_claim {
    struct span message;
    uint8_t sig[64];
    uint64_t time; /* Unix seconds of a cosignature, else 0 */
};

/* Read a whole note. Lines by keys nobody knows are kept; a line that is no signature line refuses the note.
 */
MUST bool note_sig_read(struct span bytes, struct arena *arena, struct note_sig *out, struct err *err);
/* One signature line, with its line end, at the front of *in. */
MUST bool note_sig_line_read(struct span *in, struct arena *arena, struct note_sig_line *out,
                             struct err *err);
MUST bool note_sig_key_read(struct span text, struct note_sig_key *out, struct err *err);
/* What `key` has signed of `note`. E_MISSING when it has no line in it, E_FORMAT when it has two, or its line
 * is no signature of its kind. The message of a cosignature is appended to `scratch` and valid as long as
 * that stays as it is. */
MUST bool note_sig_claim(const struct note_sig *note, const struct note_sig_key *key, struct buf *scratch,
                         struct note_sig_claim *out, struct err *err);

/* Append the text and its blank line; then the lines. */
void note_sig_write(struct buf *out, struct span text);
void note_sig_line_write(struct buf *out, const struct note_sig_key *key, const uint8_t sig[static 64],
                         uint64_t time);
void note_sig_key_write(struct buf *out, const struct note_sig_key *key);
/* What a cosignature at `time` (Unix seconds) is over. */
void note_sig_cosigned(struct buf *out, uint64_t time, struct span text);

/* The text of a checkpoint. */
struct checkpoint {
    struct span origin;
    uint64_t size;
    uint8_t root[32];
    struct span more; /* lines after the third, "" in ours */
};
MUST bool checkpoint_read(struct span text, struct checkpoint *out, struct err *err);
/* Origin, size, root, each with its line end: also the epoch head of PROTOCOL.md. `more` comes after. */
void checkpoint_write(struct buf *out, const struct checkpoint *checkpoint);
#endif
