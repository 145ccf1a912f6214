/* What a board answers an act with: its promise, a signed note under a key of its own, and around it the
 * receipt, which has one size. */
#include "anon/item.h"

#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { RECEIPT = 1024, NOTE_MOST = 1000 };

/* "<origin>/promise": name of the key, and first line of the note. */
static void name_of(struct span origin, struct buf *out)
{
    buf_add(out, origin);
    buf_add_text(out, "/promise");
}

static void promise_text(struct span origin, const struct promise *promise, struct buf *out)
{
    char day[16];
    name_of(origin, out);
    buf_printf(out, "\npromise %s\n", day_text(promise->day, day));
    b64_add(out, (struct span){(const char *)promise->leaf, sizeof promise->leaf}, B64);
    buf_add_byte(out, '\n');
}

bool promise_write(struct span origin, const struct sign_key *key, const struct promise *promise,
                   struct buf *note, struct err *err)
{
    uint8_t sig[64];
    AUTO_BUF struct buf name, text;
    buf_init(&name, NOTE_MOST);
    buf_init(&text, NOTE_MOST);
    name_of(origin, &name);
    promise_text(origin, promise, &text);
    if (!buf_ok(&name, err) || !buf_ok(&text, err))
        return false;
    struct note_sig_key by = {.name = buf_span(&name), .kind = NOTE_SIG_PLAIN};
    sign_public(key, by.pk);
    sign_key_id(by.name, NOTE_SIG_PLAIN, by.pk, by.id);
    sign(key, buf_span(&text), sig);
    note_sig_write(note, buf_span(&text));
    note_sig_line_write(note, &by, sig, 0);
    return buf_ok(note, err);
}

static bool text_read(struct span in, struct span origin, struct promise *out)
{
    struct span day, leaf;
    struct err none = {0};
    return scan_lit(&in, origin) && scan_lit(&in, SPAN("/promise\npromise ")) &&
           scan_until(&in, '\n', &day, 10) && day.n == 10 && day_read(day, &out->day, &none) &&
           scan_until(&in, '\n', &leaf, 44) && scan_end(&in) &&
           b64_exact(leaf, B64, out->leaf, sizeof out->leaf);
}

/* The key of genesis, if it is the promise key of this log. */
static bool key_good(const struct note_sig_key *key, struct span origin)
{
    uint8_t id[4];
    sign_key_id(key->name, NOTE_SIG_PLAIN, key->pk, id);
    return key->kind == NOTE_SIG_PLAIN && memcmp(id, key->id, sizeof id) == 0 &&
           span_starts(key->name, origin) && span_is(span_from(key->name, origin.n), "/promise");
}

bool promise_read(struct span note, struct span origin, struct span vkey, struct promise *out,
                  struct err *err)
{
    struct note_sig_key key;
    struct note_sig read;
    struct note_sig_claim claim;
    struct promise promise;
    struct err why = {0};
    AUTO_BUF struct buf scratch;
    struct arena *AUTO_ARENA arena = arena_new();
    buf_init(&scratch, NOTE_MOST);
    if (!arena)
        return fail_memory(err);
    if (note_sig_key_read(vkey, &key, &why) && key_good(&key, origin) &&
        note_sig_read(note, arena, &read, &why) && note_sig_claim(&read, &key, &scratch, &claim, &why) &&
        sign_good(key.pk, claim.message, claim.sig) && text_read(read.text, origin, &promise)) {
        *out = promise;
        return true;
    }
    if (why.code == E_MEMORY)
        return fail_memory(err);
    return fail(err, E_REFUSED,
                tr("err.anon.promise", "The receipt was not signed with the key that this board has in its "
                                       "record, so it proves nothing."));
}

bool receipt_write(const uint8_t id[static 16], struct span note, struct buf *out, struct err *err)
{
    char hex[33];
    size_t before = out->n;
    item_hex(id, hex);
    AUTO_JSON json_t *o = json_pack("{s:s,s:o}", "id", hex, "promise", json_stringn(note.p, note.n));
    if (!o)
        return fail_memory(err);
    if (!canon_write(o, out, err))
        return false;
    if (out->n - before > RECEIPT)
        return fail(err, E_LIMIT, tr("err.anon.receipt_long", "A receipt is longer than %d bytes."), RECEIPT);
    size_t rest = RECEIPT - (out->n - before);
    char *room = buf_space(out, rest);
    if (!room)
        return buf_ok(out, err);
    memset(room, ' ', rest);
    buf_grew(out, rest);
    return true;
}

bool receipt_read(struct span body, struct arena *arena, uint8_t id[static 16], struct span *note,
                  struct err *err)
{
    static const char *const keys[] = {"id", "promise", NULL};
    AUTO_JSON json_t *o = NULL;
    struct span text;
    uint8_t read[16];
    if (body.n != RECEIPT)
        return fail(err, E_FORMAT,
                    tr("err.anon.receipt_size", "The board's receipt has another size than %d "
                                                "bytes."),
                    RECEIPT);
    while (body.n > 0 && body.p[body.n - 1] == ' ')
        body.n--;
    if (!canon_read(body, RECEIPT, &o, err) || !canon_only(o, keys, err) ||
        !canon_hex(o, "id", read, sizeof read, err) || !json_get_text(o, "promise", NOTE_MOST, &text, err))
        return false;
    char *copy = arena_text(arena, text);
    if (!copy)
        return fail_memory(err);
    memcpy(id, read, sizeof read);
    *note = (struct span){copy, text.n};
    return true;
}
