/* Keys of people. The secret never leaves: the line holds what will stand in the record. */
#include "speak/moderate_key.h"

#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

/* Lines ------------------------------------------------------------------------------------------------- */
bool person_line_write(const struct entry *entry, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf bytes, bare;
    AUTO_JSON json_t *o = NULL;
    buf_init(&bytes, ENTRY_MOST);
    buf_init(&bare, ENTRY_MOST);
    if (!entry_write(entry, &bytes, err) || !canon_read(buf_span(&bytes), ENTRY_MOST, &o, err))
        return false;
    (void)json_object_del(o, "at");
    if (!canon_write(o, &bare, err))
        return false;
    b64_add(out, buf_span(&bare), B64_URL_BARE);
    return buf_ok(out, err);
}

static bool no_line(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.mod.line",
                   "This is not the line that `respite moderate --key` prints, or a part of it "
                   "is missing. Please copy it whole."));
}

bool person_line_read(struct span line, enum entry_kind kind, int64_t at, struct arena *arena,
                      struct entry *out, struct err *err)
{
    char bare[PERSON_LINE];
    size_t n;
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf bytes;
    struct err why = {0};
    buf_init(&bytes, ENTRY_MOST);
    line = span_trim(line);
    if (line.n > PERSON_LINE || !b64_read(line, B64_URL_BARE, bare, sizeof bare, &n) ||
        !canon_read((struct span){bare, n}, sizeof bare, &o, &why) ||
        json_object_set_new(o, "at", json_integer(at)) != 0 || !canon_write(o, &bytes, &why))
        return why.code == E_MEMORY ? fail_memory(err) : no_line(err);
    struct span copy = arena_span(arena, buf_span(&bytes));
    if (!copy.p)
        return fail_memory(err);
    if (!entry_read(copy, arena, out, &why))
        return why.code == E_MEMORY ? fail_memory(err) : no_line(err);
    return out->kind == kind || no_line(err);
}

/* Own key ----------------------------------------------------------------------------------------------- */
bool moderate_self_load(struct db *db, struct arena *arena, struct moderate_self *out, bool *there,
                        struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct moderate_self){0};
    if (!db_query(db, &q, err, "select seed, line from moderate_self where id = 1"))
        return false;
    *there = db_next(q, &inner) && db_text(q, 0).n == 32;
    if (!*there)
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    sign_key_init(&out->key, (const uint8_t *)db_text(q, 0).p);
    sign_public(&out->key, out->pk);
    out->line = arena_span(arena, db_text(q, 1));
    return out->line.p || fail_memory(err);
}

bool moderate_self_make(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                        struct moderate_self *out, struct err *err)
{
    uint8_t seed[32];
    bool there;
    struct entry e = {.kind = ENTRY_MODERATOR, .person = {.name = name, .from = from, .to = to}};
    struct sign_key key;
    AUTO_BUF struct buf line;
    buf_init(&line, PERSON_LINE);
    rand_bytes(seed, sizeof seed);
    sign_key_init(&key, seed);
    bool ok = entry_prove(&e, &key, err) && person_line_write(&e, &line, err) &&
              person_line_read(buf_span(&line), ENTRY_MODERATOR, 0, arena, &e, err) &&
              db_run(db, err,
                     "insert into moderate_self(id, seed, line) values (1, $1, $2) on conflict(id) do update "
                     "set seed = $1, line = $2",
                     V_BLOB(span_bytes(seed, sizeof seed)), V_TEXT(buf_span(&line)));
    secret_wipe(seed, sizeof seed);
    secret_wipe(&key, sizeof key);
    return ok && moderate_self_load(db, arena, out, &there, err);
}
