/* Signed notes as text. The text may hold blank lines, so the last one parts it from its signatures. Names
 * may be of any letters but blanks and "+" (the grammar of C2SP signed-note); ours are addresses. */
#include "codec/note_sig.h"

#include <assert.h>
#include <utf8proc.h>

#include "base/words.h"
#include "codec/b64.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "codec/wire.h"

#include "base/banned.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a blank */
enum { SIG_MOST = 4096 };    /* of one line; an ML-DSA-44 signature has 2,420 bytes */

static bool fail_form(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.codec.note",
                   "The record's signed note is not in the form it should be in, so it was put aside."));
}

static bool is_space(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return (c >= '\t' && c <= '\r') || c == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

static bool good_name(struct span name)
{
    if (name.n == 0 || name.n > NOTE_SIG_NAME)
        return false;
    for (struct span rest = name; rest.n > 0;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)rest.p, (utf8proc_ssize_t)rest.n, &c);
        if (n <= 0 || c < 0x20 || c == '+' || is_space(c))
            return false;
        rest = span_from(rest, (size_t)n);
    }
    return true;
}

/* UTF-8 whose only control character is the line end, and which ends with one. */
static bool good_text(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 && text.p[i] != '\n')
            return false;
    return text.n > 0 && text.p[text.n - 1] == '\n' && utf8_valid(text);
}

bool note_sig_line_read(struct span *in, struct arena *arena, struct note_sig_line *out, struct err *err)
{
    struct span rest = *in, letters;
    struct note_sig_line line = {0};
    if (!scan_lit(&rest, SPAN(DASH)) || !scan_until(&rest, ' ', &line.name, NOTE_SIG_NAME) ||
        !good_name(line.name) || !scan_until(&rest, '\n', &letters, b64_size(B64, SIG_MOST)))
        return fail_form(err);
    size_t room = letters.n / 4 * 3, n = 0;
    char *bytes = arena_get(arena, room + 1);
    if (!bytes)
        return fail_memory(err);
    if (!b64_read(letters, B64, bytes, room, &n))
        return fail_form(err);
    line.sig = (struct span){bytes, n};
    if (!wire_copy(&line.sig, line.id, sizeof line.id) || line.sig.n == 0)
        return fail_form(err);
    *out = line;
    *in = rest;
    return true;
}

/* Where the signatures begin: after the last "\n\n"; 0 when there is none. */
static size_t lines_begin(struct span bytes)
{
    for (size_t i = bytes.n; i >= 2; i--)
        if (bytes.p[i - 1] == '\n' && bytes.p[i - 2] == '\n')
            return i;
    return 0;
}

static size_t count_lines(struct span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

bool note_sig_read(struct span bytes, struct arena *arena, struct note_sig *out, struct err *err)
{
    if (bytes.n > NOTE_SIG_MOST)
        return fail(
            err, E_LIMIT,
            tr("err.codec.note_long", "The record's signed note has more than the %d bytes that are taken."),
            NOTE_SIG_MOST);
    size_t from = lines_begin(bytes);
    struct span rest = span_from(bytes, from);
    struct note_sig note = {.text = span_first(bytes, from ? from - 1 : 0)};
    size_t many = count_lines(rest);
    if (!good_text(note.text) || many == 0 || many > NOTE_SIG_LINES)
        return fail_form(err);
    note.line = arena_array(arena, many, sizeof *note.line);
    if (!note.line)
        return fail_memory(err);
    while (!scan_end(&rest))
        if (note.lines == many || !note_sig_line_read(&rest, arena, &note.line[note.lines++], err))
            return fail_form(err);
    *out = note;
    return true;
}

bool note_sig_key_read(struct span text, struct note_sig_key *out, struct err *err)
{
    struct span rest = text, hex;
    struct note_sig_key key = {0};
    uint8_t kind_and_pk[33];
    if (!scan_until(&rest, '+', &key.name, NOTE_SIG_NAME) || !good_name(key.name) ||
        !scan_hex(&rest, &hex, 8, 8) || !scan_byte(&rest, '+') ||
        !b64_exact(rest, B64, kind_and_pk, sizeof kind_and_pk) ||
        (kind_and_pk[0] != NOTE_SIG_PLAIN && kind_and_pk[0] != NOTE_SIG_COSIGNS))
        return fail(err, E_FORMAT,
                    tr("err.codec.note_key",
                       "A key of the record is not in the form name+id+key, so it cannot be used."));
    for (size_t i = 0; i < hex.n; i++) {
        unsigned digit = (unsigned char)hex.p[i] <= '9' ? hex.p[i] - '0' : hex.p[i] - 'a' + 10;
        key.id[i / 2] = (uint8_t)(key.id[i / 2] << 4 | digit);
    }
    key.kind = kind_and_pk[0];
    memcpy(key.pk, kind_and_pk + 1, sizeof key.pk);
    *out = key;
    return true;
}

/* The one line by `key`; NULL with *twice set when there are more. */
static const struct note_sig_line *line_of(const struct note_sig *note, const struct note_sig_key *key,
                                           bool *twice)
{
    const struct note_sig_line *found = NULL;
    for (size_t i = 0; i < note->lines; i++) {
        const struct note_sig_line *line = &note->line[i];
        if (!span_eq(line->name, key->name) || memcmp(line->id, key->id, sizeof line->id) != 0)
            continue;
        *twice = found != NULL;
        if (*twice)
            return NULL;
        found = line;
    }
    return found;
}

bool note_sig_claim(const struct note_sig *note, const struct note_sig_key *key, struct buf *scratch,
                    struct note_sig_claim *out, struct err *err)
{
    bool twice = false;
    const struct note_sig_line *line = line_of(note, key, &twice);
    if (!line && !twice)
        return fail(err, E_MISSING,
                    tr("err.codec.note_unsigned", "The record's note is not signed by the key of %.*s."),
                    SPAN_ARG(key->name));
    struct note_sig_claim claim = {.message = note->text};
    struct span sig = line ? line->sig : (struct span){NULL, 0};
    if ((key->kind == NOTE_SIG_COSIGNS && !wire_u64(&sig, &claim.time)) ||
        !wire_copy(&sig, claim.sig, sizeof claim.sig) || !scan_end(&sig))
        return fail_form(err);
    if (key->kind == NOTE_SIG_COSIGNS) {
        size_t at = scratch->n;
        note_sig_cosigned(scratch, claim.time, note->text);
        if (!buf_ok(scratch, err))
            return false;
        claim.message = span_from(buf_span(scratch), at);
    }
    *out = claim;
    return true;
}

void note_sig_write(struct buf *out, struct span text)
{
    assert(good_text(text));
    buf_add(out, text);
    buf_add_byte(out, '\n');
}

void note_sig_line_write(struct buf *out, const struct note_sig_key *key, const uint8_t sig[static 64],
                         uint64_t time)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, 4 + 8 + 64);
    buf_add(&bytes, (struct span){(const char *)key->id, sizeof key->id});
    if (key->kind == NOTE_SIG_COSIGNS)
        wire_put_u64(&bytes, time);
    buf_add(&bytes, (struct span){(const char *)sig, 64});
    if (bytes.failed)
        out->failed = true;
    buf_add(out, SPAN(DASH));
    buf_add(out, key->name);
    buf_add_byte(out, ' ');
    b64_add(out, buf_span(&bytes), B64);
    buf_add_byte(out, '\n');
}

void note_sig_key_write(struct buf *out, const struct note_sig_key *key)
{
    uint8_t kind_and_pk[33];
    kind_and_pk[0] = (uint8_t)key->kind;
    memcpy(kind_and_pk + 1, key->pk, sizeof key->pk);
    buf_add(out, key->name);
    buf_printf(out, "+%02x%02x%02x%02x+", key->id[0], key->id[1], key->id[2], key->id[3]);
    b64_add(out, (struct span){(const char *)kind_and_pk, sizeof kind_and_pk}, B64);
}

void note_sig_cosigned(struct buf *out, uint64_t time, struct span text)
{
    buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buf_add(out, text);
}

bool checkpoint_read(struct span text, struct checkpoint *out, struct err *err)
{
    struct span rest = text, root;
    struct checkpoint read = {0};
    bool zero_first = false;
    if (good_text(text) && scan_until(&rest, '\n', &read.origin, NOTE_SIG_NAME) && read.origin.n > 0) {
        zero_first = rest.n > 1 && rest.p[0] == '0' && rest.p[1] != '\n';
        if (!zero_first && scan_u64(&rest, &read.size, INT64_MAX) && scan_byte(&rest, '\n') &&
            scan_until(&rest, '\n', &root, 44) && b64_exact(root, B64, read.root, sizeof read.root)) {
            read.more = rest;
            *out = read;
            return true;
        }
    }
    return fail(err, E_FORMAT,
                tr("err.codec.checkpoint",
                   "The record's checkpoint is not in the form it should be in, so it was put aside."));
}

void checkpoint_write(struct buf *out, const struct checkpoint *checkpoint)
{
    buf_add(out, checkpoint->origin);
    buf_printf(out, "\n%llu\n", (unsigned long long)checkpoint->size);
    b64_add(out, (struct span){(const char *)checkpoint->root, sizeof checkpoint->root}, B64);
    buf_add_byte(out, '\n');
    buf_add(out, checkpoint->more);
}
