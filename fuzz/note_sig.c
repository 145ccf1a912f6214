/* Signed notes, verifier keys and checkpoints: what is read is written again as the same bytes, spans lie
 * inside, and a claim is over the note's own text. */
#include "fuzz/fuzz.h"

#include "codec/b64.h"
#include "codec/note_sig.h"

#include "base/banned.h"

static void try_note(struct span bytes)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct note_sig note;
    if (!note_sig_read(bytes, arena, &note, &err)) {
        must(said(&err) && err.code != E_MEMORY);
        return;
    }
    must(inside(note.text, bytes) && note.lines >= 1 && note.lines <= NOTE_SIG_LINES);
    AUTO_BUF struct buf again, scratch;
    buf_init(&again, bytes.n + 1);
    note_sig_write(&again, note.text);
    must(span_starts(bytes, buf_span(&again)));
    struct span rest = span_from(bytes, again.n);
    buf_init(&scratch, bytes.n + 100);
    for (size_t i = 0; i < note.lines; i++) {
        struct note_sig_line line;
        must(note_sig_line_read(&rest, arena, &line, &err) && span_eq(line.name, note.line[i].name));
        must(inside(line.name, bytes) && line.sig.n >= 1);
        for (enum note_sig_kind kind = NOTE_SIG_PLAIN; kind <= NOTE_SIG_COSIGNS; kind += 3) {
            struct note_sig_key key = {.name = line.name, .kind = kind};
            struct note_sig_claim claim;
            memcpy(key.id, line.id, sizeof key.id);
            err_clear(&err);
            buf_reset(&scratch);
            if (note_sig_claim(&note, &key, &scratch, &claim, &err))
                must(span_ends(claim.message, note.text) &&
                     line.sig.n == (kind == NOTE_SIG_COSIGNS ? 72 : 64));
            else
                must(err.code == E_FORMAT && said(&err));
        }
        err_clear(&err);
    }
    must(rest.n == 0);
}

static void try_key(struct span bytes)
{
    struct err err = {0};
    struct note_sig_key key;
    if (!note_sig_key_read(bytes, &key, &err)) {
        must(said(&err));
        return;
    }
    AUTO_BUF struct buf again;
    buf_init(&again, bytes.n + 1);
    note_sig_key_write(&again, &key);
    must(span_eq(buf_span(&again), bytes) && inside(key.name, bytes));
}

static void try_checkpoint(struct span bytes)
{
    struct err err = {0};
    struct checkpoint c;
    if (!checkpoint_read(bytes, &c, &err)) {
        must(said(&err));
        return;
    }
    AUTO_BUF struct buf again;
    buf_init(&again, bytes.n + 1);
    checkpoint_write(&again, &c);
    must(span_eq(buf_span(&again), bytes) && inside(c.origin, bytes) && inside(c.more, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    try_note(bytes);
    try_key(bytes);
    try_checkpoint(bytes);
    return 0;
}
