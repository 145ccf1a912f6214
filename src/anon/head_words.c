/* Words for heads, keys and receipts. */
#include "anon/head_words.h"

#include "base/words.h"
#include "codec/wire.h"
#include "crypt/hash.h"
#include "crypt/key_words.h"
#include "ui/word_list.h"

#include "base/banned.h"

static bool say(const uint16_t *index, size_t n, struct arena *arena, const char **out, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1024);
    if (!word_list_say(&text, words_lang(), index, n) || !buf_ok(&text, err))
        return err->code ? false : fail_memory(err);
    *out = arena_text(arena, buf_span(&text));
    return *out || fail_memory(err);
}

static bool kept(struct db *db, const uint8_t head[static 32], uint16_t out[static HEAD_WORDS], bool *there,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *there = false;
    if (!db_query(db, &q, err, "select words from head_words where head = $1",
                  V_BLOB(((struct span){(const char *)head, 32}))))
        return false;
    if (db_next(q, &inner)) {
        struct span in = db_text(q, 0);
        *there = in.n == 2 * (size_t)HEAD_WORDS;
        for (size_t i = 0; *there && i < HEAD_WORDS; i++)
            *there = wire_u16(&in, &out[i]) && out[i] < WORD_LIST;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool head_words(struct db *db, const uint8_t head[static 32], struct buf *out, struct err *err)
{
    uint16_t word[HEAD_WORDS];
    AUTO_BUF struct buf bytes;
    bool there;
    buf_init(&bytes, 64);
    if (!kept(db, head, word, &there, err))
        return false;
    if (!there) {
        if (!key_words_four(head, word, err))
            return false;
        for (size_t i = 0; i < HEAD_WORDS; i++)
            wire_put_u16(&bytes, word[i]);
        if (!db_run(
                db, err,
                "insert into head_words(head, words) values ($1, $2) on conflict(head) do update set words "
                "= $2",
                V_BLOB(((struct span){(const char *)head, 32})), V_BLOB(buf_span(&bytes))))
            return false;
    }
    return word_list_say(out, words_lang(), word, HEAD_WORDS) || buf_ok(out, err);
}

static bool six(const uint8_t hash[static 32], struct arena *arena, const char **out, struct err *err)
{
    uint16_t index[6];
    key_words_six(hash, index);
    return say(index, 6, arena, out, err);
}

bool key_words(struct span bytes, struct arena *arena, const char **out, struct err *err)
{
    uint8_t hash[32];
    hash_sha256(bytes, hash);
    return six(hash, arena, out, err);
}

void lab_pin(const char *issuer_vkey, const char *board_vkey, uint8_t out[static 32])
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, "%s\n%s", issuer_vkey, board_vkey);
    hash_sha256(buf_span(&text), out);
}

bool lab_words(const char *issuer_vkey, const char *board_vkey, struct arena *arena, const char **out,
               struct err *err)
{
    uint8_t pin[32];
    lab_pin(issuer_vkey, board_vkey, pin);
    return six(pin, arena, out, err);
}
